"""Pages of an interview's record and of a written notice (GOV-12, 14)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, StaleError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from core.text import mask_phone
from plugins.government import facts
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.intake import forms as intake
from plugins.government.matters import access
from plugins.government.matters import queries as matters
from plugins.government.people import services as people
from plugins.government.rights import HANDLE
from plugins.government.screening import forms, queries, services, talks
from plugins.government.screening.facts import (
    DECISIONS,
    INTERVIEW_WHY,
    RECEIPTS,
    STANDINGS,
)
from plugins.government.screening.queries import InterviewLine
from plugins.government.subjects.queries import options as subjects
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units


async def _interview(interview_id: UUID, actor: Actor, now: datetime) -> InterviewLine:
    found = await queries.interview(interview_id)
    if found is None:
        raise NotFoundError
    await access.require(found.matter_id, actor, now)
    return found


async def _correction_fields(site_id: UUID) -> tuple[Field, ...]:
    places = await units(unit_kinds.COUNTY, unit_kinds.DEPARTMENT, site_id=site_id)
    return (
        *forms.CORRECTION_TEXTS,
        intake.subject_field(await subjects()),
        intake.place_field([(str(unit.id), unit.name) for unit in places]),
    )


async def _page(
    found: InterviewLine,
    actor: Actor,
    now: datetime,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, Any] | None = None,
    right: dict[str, str] | None = None,
) -> Template:
    matter = await matters.matter(found.matter_id, actor, now)
    line = matter.line
    person = await people.petitioner(line.petitioner_id) if line.petitioner_id else None
    stored = {
        **{name: text for name, text in found.texts.items() if name != "why"},
        "why_came": found.texts["why"],
        "room": found.room,
        "interviewers": found.interviewers or actor.name,
        "identity": found.identity,
        "identity_checked": "yes" if found.identity_checked else "",
    }
    if found.held_at is None:
        stored |= {"facts": matter.facts, "demands": matter.demand}
    registered = {
        "name": person.name if person else "",
        "phone": mask_phone(person.phone) if person and person.phone else "",
        "address": person.address if person else "",
        "heads": str(line.heads),
        "purpose": line.purpose,
        "title": line.title,
        "demand": matter.demand,
        "facts": matter.facts,
        "place_text": matter.place_text,
        "subject": str(matter.row["subject"] or ""),
        "place": str(matter.row["place"] or ""),
    }
    return Template(
        "government/screening/interview.html",
        context={
            "interview": found,
            "line": line,
            "why": INTERVIEW_WHY,
            "fields_": forms.INTERVIEW,
            "values": values or stored,
            "errors": errors or {},
            "correcting": await _correction_fields(line.site_id),
            "right": right or registered,
            "right_open": right is not None,
            "purposes": facts.PURPOSES,
        },
        status_code=422 if errors else 200,
    )


@get("/interviews/{interview_id:uuid}", requires=HANDLE)
async def show(
    interview_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show an interview with its record, and the registration to be put right."""
    return await _page(await _interview(interview_id, actor, now), actor, now)


@post("/interviews/{interview_id:uuid}", requires=HANDLE)
async def keep(
    interview_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Write down an interview as it was held (GOV-14)."""
    found = await _interview(interview_id, actor, now)
    typed = read(forms.INTERVIEW, data)
    values = dict(typed.values)
    if typed.problems:
        return await _page(found, actor, now, values=values, errors=dict(typed.problems))
    texts = {name: values[name] for name in queries.INTERVIEW_TEXTS if name != "why"}
    try:
        await talks.record_interview(
            interview_id,
            talks.Held(
                room=values["room"],
                interviewers=values["interviewers"],
                identity=values["identity"],
                identity_checked=values["identity_checked"] == "yes",
                texts={**texts, "why": values["why_came"]},
            ),
            version=int(data["version"]) if data.get("version", "").isdigit() else 0,
            actor=actor,
            at=now,
        )
    except (InvalidInputError, StaleError) as error:
        problems = getattr(error, "problems", {"": error.message})
        return await _page(found, actor, now, values=values, errors=problems)
    flash("success", N_("The interview is recorded."))
    return Redirect(f"/government/matters/{found.matter_id}#screening", status_code=303)


@post("/interviews/{interview_id:uuid}/correct", requires=HANDLE)
async def correct(
    interview_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Put the registration right; earlier values stay (CORE-8)."""
    found = await _interview(interview_id, actor, now)
    matter = await matters.matter(found.matter_id, actor, now)
    petitioner = matter.line.petitioner_id
    person = await people.petitioner(petitioner) if petitioner else None
    plain = intake.unmasked(data, person)
    if person is None:
        plain |= {"name": "—"}
    typed = read(await _correction_fields(matter.line.site_id), plain)
    values, problems = typed.values, dict(typed.problems)
    heads = intake.number(values, "heads", problems, least=1, most=10_000) or 1
    if problems:
        return await _page(found, actor, now, right=dict(data), errors=problems)
    changed = await talks.correct(
        found.matter_id,
        talks.Correction(
            purpose=values["purpose"],
            title=values["title"],
            demand=values["demand"],
            facts=values["facts"],
            place_text=values["place_text"],
            subject_id=uuid_in(values, "subject"),
            place_id=uuid_in(values, "place"),
            heads=heads,
            name=values["name"],
            phone=values["phone"],
            address=values["address"],
        ),
        actor=actor,
        at=now,
    )
    if changed:
        flash("success", N_("The registration was corrected. What was there before is kept."))
    else:
        flash("info", N_("Nothing was different."))
    return Redirect(f"/government/interviews/{interview_id}", status_code=303)


@get("/told/{told_id:uuid}", requires=HANDLE)
async def notice(
    told_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show a written notice as it is printed, and how it was handed over (GOV-12)."""
    matter_id, line = await _told(told_id, actor, now)
    matter = await matters.matter(matter_id, actor, now)
    return Template(
        "government/screening/notice.html",
        context={
            "told": line,
            "matter": matter,
            "line": matter.line,
            "decisions": DECISIONS,
            "standings": STANDINGS,
            "receipts": RECEIPTS,
            "handed": forms.HANDED,
            "errors": {},
        },
    )


async def _told(told_id: UUID, actor: Actor, now: datetime) -> tuple[UUID, Any]:
    found = await queries.told_once(told_id)
    if found is None:
        raise NotFoundError
    await access.require(found[0], actor, now)
    return found


@post("/told/{told_id:uuid}/handed", requires=HANDLE)
async def hand_over(
    told_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note how a written notice was handed over: signed for, declined, mailed."""
    await _told(told_id, actor, now)
    typed = read((forms.HANDED,), data)
    if typed.problems:
        flash("error", typed.problems["receipt"])
    else:
        await services.hand_over(told_id, typed.values["receipt"], actor=actor, at=now)
        flash("success", N_("The handing over is recorded."))
    return Redirect(f"/government/told/{told_id}", status_code=303)


router = Router(path="/government", route_handlers=[show, keep, correct, notice, hand_over])
