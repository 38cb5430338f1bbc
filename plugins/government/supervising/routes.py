"""What the system finds, and urging: the lists, the clocks seen together, a unit urged and its answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks, sheets
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed, uuid_in
from plugins.government.matters import queries as matters
from plugins.government.matters import states as stages
from plugins.government.rights import HANDLE, UNIT
from plugins.government.supervising import finding, forms, seen_together, urging
from plugins.government.supervising.facts import LATE, LISTS, REASON_OF
from plugins.government.supervising.rights import SEE, SUPERVISE
from plugins.government.supervising.writing import first_unit, units_of_item

COLUMNS = (
    N_("Number"),
    N_("Held by"),
    N_("Stage"),
    N_("What is late"),
    N_("Since"),
    N_("Days"),
    N_("Urged"),
    N_("Supervision"),
)


@get("/supervising", requires=SEE)
async def show_found(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
) -> Template | Response[bytes]:
    """Show what the system finds: late, unreturned, unanswered, idle, passed around; or as a file."""
    query = typed(request)
    chosen = query.get("list", LATE)
    if chosen not in LISTS:
        chosen = LATE
    holder = uuid_in(query, "holder")
    if form := sheets.wanted(query):
        lines = await finding.find(chosen, actor, at=now, holder_id=holder, limit=finding.ALL)
        return sheets.answer(
            LISTS[chosen],
            COLUMNS,
            [
                (
                    one.number,
                    one.holder,
                    stages.STAGES[one.stage],
                    one.why,
                    one.since,
                    one.days,
                    one.urged,
                    one.supervision_number,
                )
                for one in lines
            ],
            form=form,
            name=f"supervision-{chosen}-{site_time(now).date()}",
            locale=locale,
            at=now,
        )
    page = number_in(query, "page")
    counts = {name: await finding.count(name, actor, at=now, holder_id=holder) for name in LISTS}
    lines = await finding.find(
        chosen, actor, at=now, holder_id=holder, offset=(page - 1) * finding.PAGE
    )
    return Template(
        "government/supervising/found.html",
        context={
            "lists": LISTS,
            "chosen": chosen,
            "counts": counts,
            "lines": lines,
            "query": query,
            "holder": holder or "",
            "page": page,
            "pages": max(1, -(-counts[chosen] // finding.PAGE)),
            "units": await seen_together.holders(),
            "stages": stages.STAGES,
            "reason": REASON_OF[chosen],
            "may_urge": actor.may(HANDLE) or actor.may(SUPERVISE),
            "may_supervise": actor.may(SUPERVISE),
        },
    )


@get("/supervising/clocks", requires=SEE)
async def show_clocks(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the running clocks of all items one may see, with the first date and the present one."""
    query = typed(request)
    track = query.get("track", "")
    name = query.get("clock", "")
    page = number_in(query, "page")
    found, total = await seen_together.running(
        actor,
        at=now,
        name=name if name in clocks.CLOCKS else "",
        track=track if track in seen_together.TRACKS else "",
        holder_id=uuid_in(query, "holder"),
        page=page,
    )
    return Template(
        "government/supervising/clocks.html",
        context={
            "lines": found,
            "page": page,
            "pages": max(1, -(-total // seen_together.PAGE)),
            "total": total,
            "query": query,
            "names": [(key, one.label) for key, one in clocks.CLOCKS.items()],
            "tracks": list(seen_together.TRACKS.items()),
            "units": await seen_together.holders(),
        },
    )


@get("/matters/{matter_id:uuid}/urge", requires=(HANDLE, SUPERVISE))
async def urge_form(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form by which a unit is urged."""
    rules = (await clocks.in_force(now)).values
    held = (await matters.matter(matter_id, actor, now)).line.holder_id
    answer_by = forms.later(site_time(now).date(), rules.urge_answer_days)
    values = {"unit": await first_unit(matter_id, held), "means": "phone", "answer_by": answer_by}
    return await _urge_page(matter_id, actor, now, values, {})


async def _urge_page(
    matter_id: UUID,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    status: int = 200,
) -> Template:
    matter = await matters.matter(matter_id, actor, now)
    return Template(
        "government/supervising/form.html",
        context={
            "title": N_("Urge a unit"),
            "subtitle": matter.line.number,
            "back": f"/government/matters/{matter_id}",
            "action": f"/government/matters/{matter_id}/urge",
            "fields_": forms.urge(await units_of_item(matter_id)),
            "button": N_("Write the urging down"),
            "values": values,
            "errors": errors,
        },
        status_code=status,
    )


@post("/matters/{matter_id:uuid}/urge", requires=(HANDLE, SUPERVISE))
async def urge(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Write down that a unit was urged."""
    await matters.matter(matter_id, actor, now)
    cleaned = read(forms.urge(await units_of_item(matter_id)), data)
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        await urging.urge(
            matter_id,
            unit_id=uuid_in(cleaned.values, "unit"),
            means=cleaned.values["means"],
            text=cleaned.values["text"],
            spoke_with=cleaned.values["spoke_with"],
            answer_by=day_in(cleaned.values, "answer_by"),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _urge_page(matter_id, actor, now, cleaned.values, error.problems, 422)
    flash("success", N_("The urging is written down."))
    return Redirect(f"/government/matters/{matter_id}#supervising", status_code=303)


@post("/matters/{matter_id:uuid}/urgings/{urging_id:uuid}", requires=(HANDLE, SUPERVISE, UNIT))
async def answer_urging(
    matter_id: FromPath[UUID],
    urging_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Write down what the unit answered to an urging."""
    cleaned = read(forms.ANSWER, data)
    line = (await matters.matter(matter_id, actor, now)).line
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        if (
            await urging.answer_urging(
                urging_id, text=cleaned.values["answer"], actor=actor, at=now
            )
            != matter_id
        ):
            raise NotFoundError
    except InvalidInputError as error:
        return Template(
            "government/supervising/form.html",
            context={
                "title": N_("Answer an urging"),
                "subtitle": line.number,
                "back": f"/government/matters/{matter_id}",
                "action": f"/government/matters/{matter_id}/urgings/{urging_id}",
                "fields_": forms.ANSWER,
                "button": N_("Write the answer down"),
                "values": cleaned.values,
                "errors": error.problems,
            },
            status_code=422,
        )
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The answer is written down."))
    return Redirect(f"/government/matters/{matter_id}#supervising", status_code=303)


router = Router(
    path="/government", route_handlers=[show_found, show_clocks, urge_form, urge, answer_urging]
)
