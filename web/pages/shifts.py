"""Shifts: who is on duty where, handing over with what is open, the record to print (CORE-17)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts.limits import TooOftenError
from core.errors import DomainError, InvalidInputError, NotFoundError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from core.shifts import handovers, items, queries, services
from core.shifts.facts import OpenItem
from core.shifts.queries import READ, WRITE
from core.visitors.forms import typed_id
from web.plugins import WebPlugins

EQUIPMENT = Field(
    name="equipment",
    label=N_("Keys and equipment"),
    max_length=300,
    help=N_("What, how many, where."),
)
REMARKS = Field(name="remarks", label=N_("Remarks"), kind="textarea", max_length=2000)
REASON = Field(
    name="reason", label=N_("Why the other does not sign"), required=True, max_length=300
)
PIN = Field(name="pin", label=N_("PIN"), kind="password", required=True, max_length=8,
            inputmode="numeric")  # fmt: skip
MEANS = {"session": N_("signed in"), "pin": N_("by PIN"), "": N_("did not sign")}
ENDS = {
    "handed_over": N_("Handed over"),
    "relieved": N_("Relieved without signature"),
    "left": N_("Left, nobody followed"),
    "": N_("On duty"),
}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


def grouped(found: list[OpenItem] | tuple[OpenItem, ...]) -> list[tuple[Message, list[OpenItem]]]:
    """Return open items by kind, as page and record show them."""
    ordered = sorted(found, key=lambda item: item.kind)
    return [
        (here[0].label, here)
        for _, group in groupby(ordered, key=lambda item: item.kind)
        for here in [list(group)]
    ]


@get("/shifts", requires=(READ, WRITE))
async def show(actor: NamedDependency[Actor]) -> Template:
    """List the posts, one's own first."""
    posts = await queries.posts(actor)
    posts.sort(key=lambda post: post.holder != actor.id)
    return Template("shifts/list.html", context={"posts": posts, "me": actor.id})


@get("/shifts/{gate_id:uuid}", requires=(READ, WRITE))
async def one(
    gate_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show a post: who is on duty, what is open, what one may do."""
    return await _page(gate_id, actor, now, plugins, {}, {})


async def _figures(
    site_id: UUID,
    gate_id: UUID,
    since: datetime | None,
    until: datetime,
    plugins: WebPlugins,
) -> list[tuple[Message, str]]:
    """Return what was written down during a shift; nothing where nobody was on duty."""
    if since is None:
        return []
    found, failed = await plugins.collect_shift_figures(site_id, gate_id, since, until)
    marked = [(N_("Could not be asked: {name}", name=name), "—") for name in failed]
    return [(one.label, one.value) for one in found] + marked


async def _page(
    gate_id: UUID,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    where: str = "",
    status: int = 200,
) -> Template:
    post_ = await queries.post(gate_id, actor)
    found, failed = await items.open_items(post_.site_id, gate_id, at=now, plugins=plugins)
    offered = await queries.handover(post_.offered, actor) if post_.offered else None
    context: dict[str, Any] = {
        "post": post_,
        "groups": grouped(found),
        "failed": failed,
        "figures": await _figures(post_.site_id, gate_id, post_.since, now, plugins),
        "chain": await queries.chain(gate_id, actor),
        "offered": offered,
        "mine": post_.holder is not None and post_.holder == actor.id,
        "may_write": actor.may_at(WRITE, post_.site_id),
        "equipment": EQUIPMENT,
        "remarks": REMARKS,
        "reason": REASON,
        "pin": PIN,
        "incoming": await _incoming(post_, actor, plugins),
        "ends": ENDS,
        "values": values,
        "errors": errors,
        "where": where,
    }
    return Template("shifts/post.html", context=context, status_code=status)


async def _incoming(post_: queries.Post, actor: Actor, plugins: WebPlugins) -> Field:
    people = await queries.reliefs(post_.site_id, plugins.register_roles())
    options = [(str(one.id), one.name) for one in people if one.id != actor.id]
    return Field(
        name="incoming", label=N_("Who takes over"), kind="select", required=True, options=options
    )


async def _take(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    await services.take_over(gate_id, remarks=data.get("remarks", ""), **given)


async def _offer(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    await handovers.offer(
        gate_id, keys=data.get("equipment", ""), remarks=data.get("remarks", ""), **given
    )


async def _leave(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    await services.leave(
        gate_id, keys=data.get("equipment", ""), remarks=data.get("remarks", ""), **given
    )


async def _relieve(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    await services.relieve(gate_id, reason=data.get("reason", ""), **given)


async def _withdraw(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    await handovers.withdraw(_handover(data), actor=given["actor"], at=given["at"])


async def _accept(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    await handovers.accept(_handover(data), remarks=data.get("remarks", ""), **given)


async def _accept_by_pin(gate_id: UUID, data: Mapping[str, str], given: dict[str, Any]) -> None:
    incoming = typed_id(data.get("incoming", ""))
    if incoming is None:
        raise InvalidInputError({"incoming": N_("Please choose one of the options.")})
    pin = data.get("pin", "").strip()
    remarks = data.get("remarks", "")
    await handovers.accept_by_pin(_handover(data), incoming, pin, remarks=remarks, **given)


def _handover(data: Mapping[str, str]) -> UUID:
    found = typed_id(data.get("handover", ""))
    if found is None:
        raise NotFoundError
    return found


_ACTS = {
    "take": (_take, N_("You are on duty.")),
    "offer": (_offer, N_("Signed. Now the next one signs.")),
    "leave": (_leave, N_("Your shift is over.")),
    "relieve": (_relieve, N_("You are on duty. The record says that the other did not sign.")),
    "withdraw": (_withdraw, N_("Taken back: you stay on duty.")),
    "accept": (_accept, N_("Taken over: you are on duty.")),
    "accept-by-pin": (_accept_by_pin, N_("Handed over.")),
}


@post("/shifts/{gate_id:uuid}/{act:str}", requires=WRITE)
async def act_on(
    gate_id: FromPath[UUID],
    act: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take over, offer, accept, relieve, leave, take an offer back."""
    if act not in _ACTS:
        raise NotFoundError
    do, said = _ACTS[act]
    try:
        await do(gate_id, data, {"actor": actor, "at": now, "plugins": plugins})
    except InvalidInputError as error:
        return await _page(gate_id, actor, now, plugins, data, error.problems, act, 422)
    except TooOftenError as error:
        return await _page(gate_id, actor, now, plugins, data, {"pin": error.message}, act, 422)
    except DomainError as error:
        if error.code == "not_found":
            raise
        flash("warning", error.message)
    else:
        flash("success", said)
    return Redirect(f"/shifts/{gate_id}", status_code=303)


@get("/shifts/handovers/{handover_id:uuid}", requires=(READ, WRITE))
async def record(
    handover_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show the record of a handover, to read and to print."""
    found = await queries.handover(handover_id, actor)
    until = found.ended_at or now
    return Template(
        "shifts/record.html",
        context={
            "record": found,
            "groups": grouped(found.items),
            "came_up": found.came_up,
            "settled": found.settled,
            "means": MEANS,
            "figures": await _figures(found.site_id, found.gate_id, found.began_at, until, plugins),
        },
    )


router = Router(path="", route_handlers=[show, one, act_on, record])
