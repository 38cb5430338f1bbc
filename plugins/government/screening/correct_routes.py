"""The page on which a registration is put right (CORE-8, GOV-14)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import db
from core.errors import InvalidInputError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.inputs import Flash, Form, Query, typed, uuid_in
from plugins.government.intake import forms
from plugins.government.matters import access
from plugins.government.matters import queries as matters
from plugins.government.matters import services as taking
from plugins.government.matters.facts import MatterView
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.rights import HANDLE
from plugins.government.screening import correcting
from plugins.government.subjects.queries import options as subjects
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units

_BOXES = tuple(field for field in forms.MATTER_MORE if field.name.startswith(("earlier", "skip")))
WHO = (*forms.PERSON, *forms.PERSON_MORE)


async def _what(site_id: UUID) -> tuple[Field, ...]:
    places = await units(unit_kinds.COUNTY, unit_kinds.DEPARTMENT, site_id=site_id)
    return (
        forms.TITLE,
        forms.PURPOSE,
        forms.FREQUENCY,
        forms.HEADS,
        forms.subject_field(await subjects()),
        forms.place_field([(str(unit.id), unit.name) for unit in places]),
        forms.PLACE_TEXT,
        forms.DEMAND,
        forms.FACTS,
        forms.JOINT_LETTER,
        *_BOXES,
    )


async def _person(matter: MatterView) -> Person | None:
    found = matter.line.petitioner_id
    return await people.petitioner(found) if found else None


async def _page(
    matter_id: UUID,
    actor: Actor,
    now: datetime,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
    interview: str = "",
) -> Template:
    matter = await matters.matter(matter_id, actor, now)
    row, person = matter.row, await _person(matter)
    stored = {
        **correcting.texts_of(row),
        **(forms.prefilled(person) if person is not None else {}),
        "purpose": row["purpose"],
        "frequency": row["frequency"],
        "heads": str(row["heads"]),
        "subject": str(row["subject"] or ""),
        "place": str(row["place"] or ""),
        "joint_letter": "yes" if row["joint_letter"] else "",
        "skip_level": "yes" if row["skip_level"] else "",
        "earlier_opinion": "yes" if row["earlier_opinion"] else "",
    }
    return Template(
        "government/screening/correct.html",
        context={
            "line": matter.line,
            "version": row["version"] if values is None else values.get("version", ""),
            "who": WHO,
            "by_eye": forms.CHECKS[0],
            "what": await _what(matter.line.site_id),
            "values": stored if values is None else values,
            "errors": errors or {},
            "interview": interview,
        },
        status_code=422 if errors else 200,
    )


@get("/matters/{matter_id:uuid}/correct", requires=HANDLE)
async def show(
    request: Query,
    matter_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show the registration with everything that may be put right."""
    interview = uuid_in(typed(request), "interview")
    return await _page(matter_id, actor, now, interview=str(interview or ""))


@post("/matters/{matter_id:uuid}/correct", requires=HANDLE)
async def correct(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Put the registration right; what was there before is kept."""
    matter = await matters.matter(matter_id, actor, now)
    known = await _person(matter)
    interview = uuid_in(data, "interview")
    plain = forms.unmasked(data, known)
    nobody = known is None and not plain.get("name", "").strip()
    if nobody:
        plain |= {"name": "—"}
    what = await _what(matter.line.site_id)
    cleaned = forms.cleaned((*WHO, *forms.CHECKS, *what), plain)
    values, problems = cleaned.values, dict(cleaned.problems)
    if nobody:
        problems.pop("name", None)
    heads = forms.number(values, "heads", problems, least=1, most=100_000) or 1
    today = site_time(now).date()
    visitor = known.visitor_id if known else None
    person = forms.person_of(values, problems, today=today, visitor_id=visitor)
    try:
        if problems:
            raise InvalidInputError(problems)
        changed = await _carry_out(
            matter, data, values, heads, None if nobody else person, actor, now
        )
    except InvalidInputError as error:
        back = str(interview or "")
        return await _page(matter_id, actor, now, data, error.problems, interview=back)
    if changed:
        flash("success", N_("The registration was corrected. What was there before is kept."))
    else:
        flash("info", N_("Nothing was different."))
    if not await access.visible(matter_id, actor, now):
        return Redirect("/government/day", status_code=303)  # it became confidential by this
    path = f"interviews/{interview}" if interview else f"matters/{matter_id}"
    return Redirect(f"/government/{path}", status_code=303)


async def _carry_out(
    matter: MatterView,
    data: Mapping[str, str],
    values: Mapping[str, Any],
    heads: int,
    person: Person | None,
    actor: Actor,
    now: datetime,
) -> list[str]:
    new = forms.matter_of(
        values, channel=matter.line.channel, site_id=matter.line.site_id, heads=heads
    )
    async with db.writing():
        row = await taking.take(matter.id, actor, now)
        if data.get("version", "") != str(row.version):
            raise InvalidInputError(
                {"": N_("Somebody else changed this item meanwhile. Look at it again.")}
            )
        return await correcting.correct(row, new, person, actor=actor, at=now)


router = Router(path="/government", route_handlers=[show, correct])
