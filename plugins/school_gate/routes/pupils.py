"""Pupils, classes and staff: lists with search, one pupil's page, changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import DomainError, StaleError
from core.forms import Cleaned, Field, read
from core.gate.photos import photo_path
from core.gate.queries import ScanLine, scans_of_pass
from core.i18n import N_
from core.permissions import Actor
from core.typed import number_in, uuid_in
from plugins.school_gate import forms
from plugins.school_gate.queries import badges, offences, offices, pupils, timetable
from plugins.school_gate.queries.adults import keeps_adults
from plugins.school_gate.queries.pupils import PupilFilter, PupilLine
from plugins.school_gate.registered import (
    ISSUE_BADGES,
    OWN_CLASS,
    READ_OFFENCES,
    READ_PUPILS,
    RECORD_OFFENCE,
    VOID_OFFENCES,
    WRITE_PUPILS,
)
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.services import pupils as service

MAY_LOOK = (READ_PUPILS, OWN_CLASS)
MAX_PHOTO = 12 * 1024 * 1024
SCANS = 12
Query = Request[Any, Any, Any]


@get(["/pupils", "/my-class"], requires=MAY_LOOK)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List pupils, narrowed by class, boarding, badge, or a typed text."""
    query = {name: str(value) for name, value in request.query_params.items()}
    at_ms = clock.to_ms(now)
    wanted = PupilFilter(
        text=query.get("q", "").strip(),
        class_id=uuid_in(query, "class"),
        grade_id=uuid_in(query, "grade"),
        boards=query.get("boards", "") if query.get("boards") in ("yes", "no") else "",
        badge=query.get("badge", "") if query.get("badge") in ("yes", "no") else "",
        active=query.get("left") != "yes",
    )
    page = number_in(query, "page")
    found, total = await pupils.pupils(
        actor, wanted, at_ms=at_ms, sort=query.get("sort", "class"), page=page
    )
    return Template(
        "school_gate/pupils.html",
        context={
            "pupils": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // pupils.PAGE)),
            "query": query,
            "classes": [(str(c.id), c.full_name) for c in await pupils.classes(actor, at_ms=at_ms)],
            "photo_path": photo_path,
        },
    )


@get("/classes", requires=MAY_LOOK)
async def show_classes(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """List classes with their teachers and numbers."""
    found = await pupils.classes(actor, at_ms=clock.to_ms(now))
    return Template(
        "school_gate/classes.html",
        context={
            "classes": found,
            "may_print": actor.may(ISSUE_BADGES),
            "grades": await offices.grades(actor),
            "offices": await offices.choices(),
            "may_write": actor.may(WRITE_PUPILS),
        },
    )


@get("/staff", requires=(READ_PUPILS, ISSUE_BADGES))
async def show_staff(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List members of staff with their badges."""
    query = {name: str(value) for name, value in request.query_params.items()}
    found = await badges.staff(actor, at_ms=clock.to_ms(now), text=query.get("q", "").strip())
    return Template(
        "school_gate/staff.html",
        context={"staff": found, "query": query, "may_print": actor.may(ISSUE_BADGES)},
    )


@get("/pupils/{pupil_id:uuid}", requires=MAY_LOOK)
async def show(
    pupil_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one pupil: badge, scans, offences, guardians."""
    return await page_of(pupil_id, actor, now)


async def page_of(
    pupil_id: UUID, actor: Actor, now: datetime, *, typed: Cleaned | None = None, status: int = 200
) -> Template:
    """Return a pupil's page, after a rejected form with what was typed."""
    at_ms = clock.to_ms(now)
    pupil = await pupils.pupil(pupil_id, actor, at_ms=at_ms)
    held = await badges.badges_of(pupil_id, pupil.pass_kind)
    scans: list[ScanLine] = []
    for one in held[:3]:
        scans += await scans_of_pass(one.pass_id, limit=SCANS)
    rulebook = await timetable.in_force(now)
    may_see_offences = actor.may_at(READ_OFFENCES, pupil.site_id) or actor.may_at(
        RECORD_OFFENCE, pupil.site_id
    )
    reported = await offences.offences_of(pupil_id) if may_see_offences else []
    return Template(
        "school_gate/pupil.html",
        context={
            "pupil": pupil,
            "photo": photo_path(pupil.photo),
            "photo_path": photo_path,
            "badges": held,
            "good": next((one for one in held if one.is_good(at_ms)), None),
            "at_ms": at_ms,
            "scans": sorted(scans, key=lambda scan: -scan.at)[:SCANS],
            "offences": reported,
            "to_speak": any(
                one.reported_at and not one.voided_at and not one.spoken_at for one in reported
            )
            and actor.may_at(VOID_OFFENCES, pupil.site_id),
            "counted": await offences.counted(pupil_id, now, rulebook.values),
            "rules": rulebook.values,
            "guardians": await pupils.guardians_of(pupil_id),
            "relation_label": forms.relation_label,
            "may_see_offences": may_see_offences,
            "keeps_adults": await keeps_adults(actor, pupil),
            "may_write": actor.may_at(WRITE_PUPILS, pupil.site_id),
            "may_print": actor.may_at(ISSUE_BADGES, pupil.site_id),
            "fields_": await _fields(actor, at_ms),
            "values": {**_values(pupil), **(typed.values if typed else {})},
            "errors": typed.problems if typed else {},
            "gates": {gate.id: gate.name for gate in await timetable.gates_of(actor, *MAY_LOOK)},
        },
        status_code=status,
    )


def _values(pupil: PupilLine) -> Mapping[str, str]:
    return {
        "name": pupil.name,
        "class": str(pupil.class_id),
        "kind": pupil.kind,
        "sex": pupil.sex,
        "boards": "yes" if pupil.boards else "",
        "version": str(pupil.version),
    }


async def _fields(actor: Actor, at_ms: int) -> tuple[Field, ...]:
    classes = await pupils.classes(actor, at_ms=at_ms)
    return (
        Field(name="name", label=N_("Name"), required=True),
        Field(
            name="class",
            label=N_("Class"),
            kind="select",
            required=True,
            options=[(str(one.id), one.full_name) for one in classes],
        ),
        Field(
            name="kind",
            label=N_("Kind"),
            kind="select",
            required=True,
            options=(("pupil", N_("Pupil")), ("intern", N_("Intern"))),
        ),
        Field(
            name="sex",
            label=N_("Sex"),
            kind="select",
            options=(("male", N_("Male")), ("female", N_("Female"))),
        ),
        Field(name="boards", label=N_("Boarder"), kind="checkbox"),
        Field(name="version", label=N_("Version"), kind="hidden"),
    )


@post("/pupils/{pupil_id:uuid}", requires=WRITE_PUPILS)
async def change(
    pupil_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change what the roster says of a pupil."""
    typed = read(await _fields(actor, clock.to_ms(now)), data)
    if typed.problems:
        return await page_of(pupil_id, actor, now, typed=typed, status=422)
    values = typed.values
    try:
        await service.change(
            pupil_id,
            name=values["name"],
            class_id=UUID(values["class"]),
            kind=values["kind"],
            sex=values["sex"],
            boards=values["boards"] == "yes",
            version=number_in(values, "version"),
            actor=actor,
            at=now,
        )
    except StaleError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Saved."))
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


@post(
    "/pupils/{pupil_id:uuid}/photo", requires=WRITE_PUPILS, request_max_body_size=MAX_PHOTO + 10_000
)
async def set_photo(
    pupil_id: FromPath[UUID],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep a photo for badge and gate."""
    file = data.get("photo")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        problem = Cleaned({}, {"photo": N_("Please choose a file.")})
        return await page_of(pupil_id, actor, now, typed=problem, status=422)
    try:
        await service.set_photo(pupil_id, content, actor=actor, at=now)
    except DomainError as error:
        if error.code == "not_found":
            raise
        problem = Cleaned({}, {"photo": error.message})
        return await page_of(pupil_id, actor, now, typed=problem, status=422)
    flash("success", N_("The photo is kept. Print the badge anew to have it there."))
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


@post("/pupils/{pupil_id:uuid}/leave", requires=WRITE_PUPILS)
async def leave(
    pupil_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take a pupil off the roster; the badge is refused from now on."""
    await service.set_active(pupil_id, False, actor=actor, at=now)
    flash("success", N_("The pupil is off the roster; the badge is refused from now on."))
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


@post("/pupils/{pupil_id:uuid}/back", requires=WRITE_PUPILS)
async def come_back(
    pupil_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Put a pupil back onto the roster; a badge is issued anew."""
    await service.set_active(pupil_id, True, actor=actor, at=now)
    flash("success", N_("The pupil is on the roster again. Issue a new badge."))
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


router = Router(
    path="/school-gate",
    route_handlers=[
        show_all,
        show_classes,
        show_staff,
        show,
        change,
        set_photo,
        leave,
        come_back,
    ],
)
