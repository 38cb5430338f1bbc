"""Pupils without a badge at the gate, and the offences that come of it (SCH-3)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, WrongStateError
from core.forms import Field, read
from core.gate.photos import photo_path
from core.i18n import N_
from core.permissions import Actor
from core.typed import number_in, uuid_in
from plugins.school_gate.queries import offences, pupils, timetable
from plugins.school_gate.queries.pupils import PupilFilter
from plugins.school_gate.registered import (
    READ_OFFENCES,
    RECORD_OFFENCE,
    VOID_OFFENCES,
)
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.services import offences as service

FEW, PAGE, SHOWN = 8, 50, timedelta(days=366)
NOTE = Field(name="note", label=N_("Remark"), max_length=200)
SERIOUS = Field(name="serious", label=N_("Serious: report at once"), kind="checkbox")
AGREED = Field(name="note", label=N_("What was agreed"), required=True, max_length=200)
REASON = Field(name="reason", label=N_("Reason"), required=True, max_length=200)
Query = Request[Any, Any, Any]


@get("/no-badge", requires=RECORD_OFFENCE)
async def find(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Find the pupil who has no badge, by name, pinyin, class or number."""
    query = {name: str(value) for name, value in request.query_params.items()}
    text = query.get("q", "").strip()
    found, total = (
        await pupils.pupils(actor, PupilFilter(text=text), at_ms=clock.to_ms(now), size=FEW)
        if text
        else ([], 0)
    )
    return Template(
        "school_gate/no_badge.html",
        context={
            "query": query,
            "found": found,
            "total": total,
            "gates": await timetable.gates_of(actor, RECORD_OFFENCE),
            "fields_": (NOTE, SERIOUS),
            "photo_path": photo_path,
        },
    )


@post("/no-badge", requires=RECORD_OFFENCE)
async def record_no_badge(
    data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Record the pupil, and show the refusal with the count."""
    typed = read((NOTE, SERIOUS), data)
    pupil_id = uuid_in(data, "pupil")
    if pupil_id is None:
        raise InvalidInputError({"pupil": N_("Please choose one of the options.")})
    done = await service.record_no_badge(
        pupil_id,
        gate_id=uuid_in(data, "gate"),
        note="" if "note" in typed.problems else typed.values["note"],
        serious=typed.values["serious"] == "yes",
        actor=actor,
        at=now,
    )
    return Template(
        "school_gate/no_badge_recorded.html",
        context={
            "done": done,
            "photo": photo_path(done.pupil.photo),
            "gate": data.get("gate", ""),
        },
    )


@get("/offences", requires=READ_OFFENCES)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the offences of a year, the latest first."""
    await service.collect_refused(now)
    page = number_in(request.query_params, "page")
    found, total = await offences.offences(actor, since=now - SHOWN, page=page, size=PAGE)
    rulebook = await timetable.in_force(now)
    return Template(
        "school_gate/offences.html",
        context={
            "offences": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "query": {name: str(value) for name, value in request.query_params.items()},
            "rules": rulebook.values,
            "may_void": actor.may(VOID_OFFENCES),
            "reason": REASON,
        },
    )


@post("/offences/{offence_id:uuid}/void", requires=VOID_OFFENCES)
async def void(
    offence_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Void an offence recorded by mistake."""
    typed = read((REASON,), data)
    if typed.problems:
        flash("warning", typed.problems["reason"])
        return Redirect("/school-gate/offences", status_code=303)
    try:
        pupil_id = await service.void(
            offence_id, reason=typed.values["reason"], actor=actor, at=now
        )
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect("/school-gate/offences", status_code=303)
    flash("success", N_("The offence is void and counts no more."))
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


@post("/pupils/{pupil_id:uuid}/spoken", requires=VOID_OFFENCES)
async def spoken(
    pupil_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Record that the discipline office spoke with a pupil, and what was agreed."""
    typed = read((AGREED,), data)
    try:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await service.speak(pupil_id, note=typed.values["note"], actor=actor, at=now)
    except InvalidInputError:
        flash("warning", N_("Write down what was agreed."))
        return Redirect(f"/school-gate/pupils/{pupil_id}#speak", status_code=303)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)
    flash("success", N_("Written down: the pupil was spoken with."))
    return Redirect("/", status_code=303)


router = Router(path="/school-gate", route_handlers=[find, record_no_badge, show_all, void, spoken])
