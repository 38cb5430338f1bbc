"""What the system finds, and urging: the lists, the clocks seen together, a unit urged and its answer."""

from datetime import datetime
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
from plugins.government.act_pages import ActForm, ActPage, Done, routes_of
from plugins.government.acts import Doer, Values
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
        return await sheets.answer(
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
            about=site_time(now).date().isoformat(),
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
            "may_urge": {
                one.matter_id
                for one in lines
                if actor.may_at(HANDLE, one.site_id) or actor.may_at(SUPERVISE, one.site_id)
            },
            "may_supervise": {
                one.matter_id for one in lines if actor.may_at(SUPERVISE, one.site_id)
            },
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


async def _urging(matter_id: UUID, doer: Doer) -> ActForm:
    """Return the form by which a unit is urged."""
    rules = (await clocks.in_force(doer.at)).values
    matter = await matters.matter(matter_id, doer.actor, doer.at)
    return ActForm(
        matter=matter,
        title=N_("Urge a unit"),
        action=f"/government/matters/{matter_id}/urge",
        fields=forms.urge(await units_of_item(matter_id)),
        button=N_("Write the urging down"),
        anchor="supervising",
        values={
            "unit": await first_unit(matter_id, matter.line.holder_id),
            "means": "phone",
            "answer_by": forms.later(site_time(doer.at).date(), rules.urge_answer_days),
        },
    )


async def _urge(matter_id: UUID, values: Values, doer: Doer) -> Done:
    await urging.urge(
        matter_id,
        unit_id=uuid_in(values, "unit"),
        means=values["means"],
        text=values["text"],
        spoke_with=values["spoke_with"],
        answer_by=day_in(values, "answer_by"),
        actor=doer.actor,
        at=doer.at,
    )
    return Done(N_("The urging is written down."))


URGE = ActPage(
    address="/matters/{matter_id:uuid}/urge",
    requires=(HANDLE, SUPERVISE),
    form=_urging,
    do=_urge,
)


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
    matter = await matters.matter(matter_id, actor, now)
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
        form = ActForm(
            matter=matter,
            title=N_("Answer an urging"),
            action=f"/government/matters/{matter_id}/urgings/{urging_id}",
            fields=forms.ANSWER,
            button=N_("Write the answer down"),
            anchor="supervising",
        )
        return form.drawn(cleaned.values, error.problems)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The answer is written down."))
    return Redirect(f"/government/matters/{matter_id}#supervising", status_code=303)


router = Router(
    path="/government", route_handlers=[show_found, show_clocks, *routes_of(URGE), answer_urging]
)
