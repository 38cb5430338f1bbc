"""Supervisions: the list, one with what was done in it, its acts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.act_pages import ActForm
from plugins.government.acts import require_here
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed, uuid_in
from plugins.government.matters import access
from plugins.government.matters import queries as matters
from plugins.government.matters.facts import MatterView
from plugins.government.rights import UNIT
from plugins.government.signing import rewording
from plugins.government.supervising import (
    forms,
    queries,
    seen_together,
    services,
    states,
)
from plugins.government.supervising.facts import REASONS, STEPS, SupervisionLine
from plugins.government.supervising.rights import SEE, SUPERVISE
from plugins.government.supervising.writing import first_unit, may_answer, units_of_item


@get("/matters/{matter_id:uuid}/supervise", requires=SUPERVISE)
async def open_form(
    matter_id: FromPath[UUID],
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show the form by which a supervision is opened."""
    rules = (await clocks.in_force(now)).values
    matter = await matters.matter(matter_id, actor, now)
    require_here(SUPERVISE, matter, actor)
    reason = typed(request).get("reason", "")
    values = {
        "unit": await first_unit(matter_id, matter.line.holder_id),
        "reason": reason if reason in REASONS else "",
        "means": "letter",
        "due_on": forms.later(site_time(now).date(), rules.supervise_days),
    }
    return (await _opening(matter, values)).drawn()


async def _opening(matter: MatterView, values: Mapping[str, str]) -> ActForm:
    return ActForm(
        matter=matter,
        title=N_("Supervise a unit"),
        action=f"/government/matters/{matter.id}/supervise",
        fields=forms.supervise(await units_of_item(matter.id)),
        button=N_("Open the supervision"),
        anchor="supervising",
        values=values,
    )


@post("/matters/{matter_id:uuid}/supervise", requires=SUPERVISE)
async def open_one(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Open the supervision of a unit on an item."""
    matter = await matters.matter(matter_id, actor, now)
    require_here(SUPERVISE, matter, actor)
    form = await _opening(matter, {})
    cleaned = read(form.fields, data)
    values = cleaned.values
    opening = services.Opening(
        unit_id=uuid_in(values, "unit"),
        reason=values["reason"],
        requirement=values["requirement"],
        due_on=day_in(values, "due_on"),
        unurged=values["unurged"],
        means=values["means"],
        with_whom=values["with_whom"],
    )
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        made = await services.supervise(matter_id, opening, actor=actor, at=now)
    except InvalidInputError as error:
        return form.drawn(values, error.problems)
    except RefusedError as error:
        field = "unurged" if error.code == "not_urged" else "unit"
        return form.drawn(values, {field: error.message})
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"/government/matters/{matter_id}#supervising", status_code=303)
    flash("success", N_("The supervision is open."))
    return Redirect(f"/government/supervising/{made}", status_code=303)


@get("/supervising/all", requires=(SEE, UNIT))
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the supervisions one may see; those that go on, or of one state."""
    query = typed(request)
    state = query.get("state", "")
    page = number_in(query, "page")
    wanted = queries.Wanted(
        state=state if state in states.STATES else "", unit_id=uuid_in(query, "unit")
    )
    total = await queries.count(actor, wanted, at=now)
    found = await queries.supervisions(actor, wanted, at=now, offset=(page - 1) * queries.PAGE)
    return Template(
        "government/supervising/all.html",
        context={
            "lines": found,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "total": total,
            "units": await seen_together.holders() if actor.may(SEE) else [],
            "query": query,
            "states": states.STATES,
            "reasons": REASONS,
            "today": site_time(now).date(),
        },
    )


@get("/supervising/{supervision_id:uuid}", requires=(SEE, UNIT))
async def show(
    supervision_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show a supervision with what was done in it, and what the reader may do."""
    return await _page(supervision_id, actor, now)


async def _acts(
    one: SupervisionLine, actor: Actor, now: datetime, days: int
) -> list[dict[str, Any]]:
    """Return the forms that the reader may fill in, with what they begin with."""
    if not await may_answer(one.matter_id, one.unit_id, actor, now):
        return []
    supervises = await access.may_at(one.matter_id, SUPERVISE, actor)
    today = site_time(now).date()
    later = {"due_on": forms.later(today, days)}
    offered: list[tuple[str, Message, Sequence[Field], Mapping[str, str], bool]] = [
        ("answer", N_("Write the answer down"), forms.ANSWER, {}, True),
        ("step", N_("Write down a step"), forms.STEP, {"means": "phone"}, False),
        ("insist", N_("Not enough: ask again"), forms.INSIST, later, False),
        ("ask_over", N_("Hand over to the supervision office"), forms.HAND_OVER, {}, False),
        ("close", N_("End the supervision"), forms.CLOSE, {}, False),
    ]
    return [
        {"name": name, "title": title, "fields": fields_, "values": dict(values)}
        for name, title, fields_, values, by_unit in offered
        if states.may(name, one.state) and (supervises or by_unit)
    ]


async def _page(
    supervision_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    failed: str = "",
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Template:
    one = await queries.supervision(supervision_id, actor, now)
    rules = (await clocks.in_force(now)).values
    acts = await _acts(one, actor, now, rules.supervise_days)
    for act in acts:
        act["errors"] = errors if act["name"] == failed else {}
        if act["name"] == failed:
            act["values"] = values
    return Template(
        "government/supervising/one.html",
        context={
            "one": one,
            "steps": await queries.steps(supervision_id),
            "acts": acts,
            "again": f"/government/signing/{one.approval}/again"
            if one.approval is not None and await rewording.may_reword(one.approval, actor, now)
            else "",
            "states": states.STATES,
            "reasons": REASONS,
            "means": STEPS,
            "today": site_time(now).date(),
        },
        status_code=status,
    )


Did = Callable[[UUID, Mapping[str, str], Actor, datetime, Plugins], Awaitable[None]]


async def _answer(one: UUID, v: Mapping[str, str], who: Actor, at: datetime, _: Plugins) -> None:
    await services.answer(one, text=v["answer"], actor=who, at=at)


async def _step(one: UUID, v: Mapping[str, str], who: Actor, at: datetime, _: Plugins) -> None:
    await services.add_step(
        one, means=v["means"], with_whom=v["with_whom"], text=v["text"], actor=who, at=at
    )


async def _insist(one: UUID, v: Mapping[str, str], who: Actor, at: datetime, _: Plugins) -> None:
    await services.insist(one, text=v["text"], due_on=day_in(v, "due_on"), actor=who, at=at)


async def _close(one: UUID, v: Mapping[str, str], who: Actor, at: datetime, _: Plugins) -> None:
    await services.close(one, outcome=v["outcome"], actor=who, at=at)


async def _ask(one: UUID, v: Mapping[str, str], who: Actor, at: datetime, all_: Plugins) -> None:
    await services.ask_over(one, reason=v["reason"], actor=who, at=at, plugins=all_)


ACTS: dict[str, tuple[Sequence[Field], Did, Message]] = {
    "answer": (forms.ANSWER, _answer, N_("The answer is written down.")),
    "step": (forms.STEP, _step, N_("The step is written down.")),
    "insist": (forms.INSIST, _insist, N_("The unit is asked again.")),
    "close": (forms.CLOSE, _close, N_("The supervision has ended.")),
    "ask_over": (forms.HAND_OVER, _ask, N_("The director is asked to hand it over.")),
}


@post("/supervising/{supervision_id:uuid}/{act:str}", requires=(SUPERVISE, UNIT))
async def do(
    supervision_id: FromPath[UUID],
    act: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Do one act of a supervision: answer, step, insist, close, ask for handing over."""
    await queries.supervision(supervision_id, actor, now)
    if act not in ACTS or not (actor.may(SUPERVISE) or act == "answer"):
        raise NotFoundError
    fields_, did, said = ACTS[act]
    cleaned = read(fields_, data)
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        await did(supervision_id, cleaned.values, actor, now, plugins)
    except InvalidInputError as error:
        return await _page(
            supervision_id, actor, now, failed=act, values=cleaned.values, errors=error.problems,
            status=422,
        )  # fmt: skip
    except (WrongStateError, RefusedError) as error:
        flash("warning", error.message)
    else:
        flash("success", said)
    return Redirect(f"/government/supervising/{supervision_id}", status_code=303)


router = Router(
    path="/government",
    route_handlers=[open_form, open_one, show_all, show, do],
)
