"""Things taken in at the lodge: the pupil found, the form filled in (SCH-10)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core import clock
from core.errors import (
    InvalidInputError,
    RefusedError,
)
from core.forms import Cleaned, Field, read
from core.gate.photos import photo_path
from core.i18n import N_
from core.permissions import Actor
from core.text import TextError, normalise_phone
from core.typed import uuid_in
from plugins.school_gate import forms
from plugins.school_gate.deposit_policies import (
    KINDS,
    said_hours,
)
from plugins.school_gate.lodge_registered import KEEP_DEPOSITS
from plugins.school_gate.queries import deposits, pupils, timetable
from plugins.school_gate.queries.pupils import PupilFilter
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.routes.lodge_pages import rules_at
from plugins.school_gate.services import deposits as service

BASE = "/school-gate/deposits"
FEW = 8
Query = Request[Any, Any, Any]


def _clean_pieces(text: str) -> str:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= service.MOST_PIECES:
        raise TextError("pieces", N_("From 1 to {count}.", count=service.MOST_PIECES))
    return str(int(text))


FIELDS = (
    Field(name="kind", label=N_("Kind"), kind="select", required=True, options=tuple(KINDS.items())),
    Field(name="what", label=N_("What exactly"), required=True, max_length=200),
    Field(name="pieces", label=N_("Pieces"), kind="number", required=True, max_length=2,
          inputmode="numeric", clean=_clean_pieces),
    Field(name="shelf", label=N_("Shelf"), max_length=40),
    Field(name="giver_name", label=N_("Left by"), required=True, max_length=100),
    Field(name="giver_relation", label=N_("Relation to the pupil"), kind="select",
          options=tuple(forms.RELATIONS.items())),
    Field(name="giver_phone", label=N_("Phone"), kind="tel", max_length=40, inputmode="tel",
          clean=normalise_phone),
    Field(name="remark", label=N_("Remark"), max_length=200),
)  # fmt: skip


@get("/deposits/new", requires=KEEP_DEPOSITS)
async def new(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Find the pupil, then show the form."""
    query = {name: str(value) for name, value in request.query_params.items()}
    pupil_id = uuid_in(query, "pupil")
    if pupil_id is not None:
        return await _form(pupil_id, actor, now, Cleaned({"pieces": "1"}, {}), query)
    text = query.get("q", "").strip()
    found, total = (
        await pupils.pupils(actor, PupilFilter(text=text), at_ms=clock.to_ms(now), size=FEW)
        if text
        else ([], 0)
    )
    return Template(
        "school_gate/deposit_find.html",
        context={"query": query, "found": found, "total": total, "photo_path": photo_path},
    )


async def _form(
    pupil_id: UUID,
    actor: Actor,
    now: datetime,
    typed: Cleaned,
    query: Mapping[str, str],
    *,
    refused: RefusedError | None = None,
    status: int = 200,
) -> Template:
    pupil = await pupils.pupil(pupil_id, actor)
    rules = await rules_at(now)
    return Template(
        "school_gate/deposit_new.html",
        context={
            "pupil": pupil,
            "photo": photo_path(pupil.photo),
            "guardians": await pupils.guardians_of(pupil_id),
            "relation_label": forms.relation_label,
            "kept": await deposits.of_pupil(pupil_id, actor, at=now, rules=rules),
            "gates": await timetable.gates_of(actor, KEEP_DEPOSITS),
            "gate": query.get("gate", ""),
            "kinds": KINDS,
            "hours": said_hours(rules),
            "fields_": FIELDS,
            "values": typed.values,
            "errors": typed.problems,
            "refused": refused.decision if refused else None,
        },
        status_code=status,
    )


@post("/deposits", requires=KEEP_DEPOSITS)
async def take_in(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep a thing for a pupil."""
    pupil_id = uuid_in(data, "pupil")
    if pupil_id is None:
        raise InvalidInputError({"pupil": N_("Please choose one of the options.")})
    typed = read(FIELDS, data)
    if typed.problems:
        return await _form(pupil_id, actor, now, typed, data, status=422)
    values = typed.values
    try:
        deposit_id = await service.take_in(
            service.NewDeposit(
                pupil_id=pupil_id,
                kind=values["kind"],
                what=values["what"],
                pieces=int(values["pieces"]),
                shelf=values["shelf"],
                remark=values["remark"],
                giver_name=values["giver_name"],
                giver_relation=values["giver_relation"],
                giver_phone=values["giver_phone"],
                gate_id=uuid_in(data, "gate"),
            ),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _form(pupil_id, actor, now, Cleaned(values, error.problems), data, status=422)
    except RefusedError as error:
        return await _form(pupil_id, actor, now, typed, data, refused=error, status=422)
    flash("success", N_("Taken in. Print the slip and put it with the thing."))
    return Redirect(f"{BASE}/{deposit_id}", status_code=303)
