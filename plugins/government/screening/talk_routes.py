"""Interviews: those that wait, the record of one; a notice handed over at the desk (GOV-12, 14)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.forms import read
from core.i18n import DEFAULT_LOCALE, N_
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.inputs import (
    Flash,
    Form,
    Query,
    number_in,
    typed,
    uuid_in,
    whole_in,
)
from plugins.government.matters import access, states
from plugins.government.matters import queries as matters
from plugins.government.matters.facts import MatterView
from plugins.government.people import services as people
from plugins.government.rights import HANDLE
from plugins.government.screening import forms, handing, queries, talks, waiting
from plugins.government.screening.facts import FOLLOW_UPS, INTERVIEW_WHY
from plugins.government.screening.queries import InterviewLine


async def _interview(interview_id: UUID, actor: Actor, now: datetime) -> InterviewLine:
    found = await queries.interview(interview_id)
    if found is None:
        raise NotFoundError
    await access.require(found.matter_id, actor, now)
    return found


async def _history(matter: MatterView, actor: Actor, now: datetime) -> str:
    """Return the petitioner's earlier items as the record begins with them: nothing is typed twice.

    Confidential items are left out: more people read the record than see those.
    """
    if matter.line.petitioner_id is None:
        return ""
    earlier = await matters.matters_of(matter.line.petitioner_id, actor, at=now)
    said = {stage: label.translate(DEFAULT_LOCALE) for stage, label in states.STAGES.items()}
    return "\n".join(
        f"{one.day.isoformat()} {one.number} {one.title} · {said[one.stage]}"
        for one in reversed(earlier)
        if one.id != matter.id and not one.secret
    )


async def _page(
    found: InterviewLine,
    actor: Actor,
    now: datetime,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, Any] | None = None,
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
        stored |= {
            "facts": matter.facts,
            "demands": matter.demand,
            "history": await _history(matter, actor, now),
            "why_came": sealing.unseal(
                matter.row["skip_reason"], "government_matter", "skip_reason", matter.id
            ),
            "identity": person.document_kind if person else "",
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
        },
        status_code=422 if errors else 200,
    )


@get("/interviews", requires=HANDLE)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the interviews to be held, or held, and the talks agreed on."""
    query = typed(request)
    held, page = query.get("state") == "held", number_in(query, "page")
    found, total = await waiting.interviews(actor, at=now, held=held, page=page)
    return Template(
        "government/screening/interviews.html",
        context={
            "lines": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // waiting.PAGE)),
            "held": held,
            "query": query,
            "talks": await waiting.talks(actor, at=now),
            "why": INTERVIEW_WHY,
            "follow_ups": FOLLOW_UPS,
        },
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
            version=whole_in(data, "version"),
            actor=actor,
            at=now,
        )
    except (InvalidInputError, StaleError) as error:
        problems = getattr(error, "problems", {"": error.message})
        return await _page(found, actor, now, values=values, errors=problems)
    flash("success", N_("The interview is recorded."))
    return Redirect(f"/government/matters/{found.matter_id}#screening", status_code=303)


@post("/told/{told_id:uuid}/handed", requires=HANDLE)
async def hand_over(
    told_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note how a notice was taken at the desk: signed for, or declined (GOV-12)."""
    matter_id = await queries.matter_of_told(told_id)
    await access.require(matter_id, actor, now)
    try:
        await handing.hand_over(told_id, data.get("receipt", ""), actor=actor, at=now)
        flash("success", N_("The handing over is recorded."))
    except InvalidInputError as error:
        flash("error", next(iter(error.problems.values())))
    except WrongStateError as error:
        flash("warning", error.message)
    if contact_id := uuid_in(data, "received"):
        return Redirect(f"/government/desk?received={contact_id}", status_code=303)
    return Redirect(f"/government/matters/{matter_id}#screening", status_code=303)


router = Router(path="/government", route_handlers=[show_all, show, keep, hand_over])
