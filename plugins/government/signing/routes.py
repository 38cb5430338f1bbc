"""What waits for my signature: items to sign and to instruct on, good on a phone (GOV-19, GOV-30)."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.approvals import queries as approvals
from core.approvals import remarks
from core.decisions import Deny, Hold
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import facts
from plugins.government.acts import routes_of
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.matters import access, states
from plugins.government.matters import queries as matters
from plugins.government.rights import HANDLE, READ, SIGN
from plugins.government.signing import (
    before,
    policies,
    queries,
    reading,
    rewording,
    services,
    wordings,
)
from plugins.government.signing.acts import ACTS
from plugins.government.signing.facts import ToRead

OPINION = Field(
    name="opinion",
    label=N_("Opinion or instruction"),
    kind="textarea",
    rows=2,  # who signs on a phone finds the button without scrolling
    max_length=2000,
    help=N_("Needed to reject or send back."),
)


@get("/signing", requires=SIGN)
async def show_all(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """List what waits for the reader's signature and instruction, the oldest first."""
    to_sign, others = await reading.to_sign(actor, now)
    return Template(
        "government/signing/list.html",
        context={
            "to_sign": to_sign,
            "to_instruct": await queries.to_instruct(actor, now),
            "others": others,
            "stages": states.STAGES,
            "sources": facts.SOURCES,
        },
    )


# Who holds a seat signs, also for somebody who is away; the request and the item say who that is.
@get("/signing/{request_id:uuid}", signed_in=True)
async def show(
    request_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one thing to sign with the item it is about."""
    return await _page(request_id, actor, now)


async def _opened(
    request_id: UUID, actor: Actor, now: datetime
) -> tuple[approvals.Shown, ToRead, bool]:
    """Return a request, what it asks to sign, and whether the reader sees the item, too.

    Whoever stands in for a signer reads what they sign, even of an item that is none of theirs.
    """
    await reading.look(request_id, actor, now)
    request = await approvals.shown(request_id, actor=actor, at=now)
    found = await reading.read(request_id)
    sees = await access.visible(found.matter_id, actor, now)
    if not sees and not await before.reads_for_another(request, found.matter_id, actor):
        raise NotFoundError
    return request, found, sees


def _onward(actor: Actor) -> str:
    return "/government/signing" if actor.may(SIGN) else "/approvals"


async def _page(
    request_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    refused: Deny | Hold | None = None,
) -> Template:
    request, found, sees = await _opened(request_id, actor, now)
    matter = await matters.matter(found.matter_id, actor, now) if sees else None
    inside = matter is not None and actor.may_at(READ, matter.line.site_id)
    stand_in = bool(request.open_seats) and request.open_seats[0][0] != actor.id
    return Template(
        "government/signing/sign.html",
        context={
            "read": found,
            "request_": request,
            "matter": matter,
            "line": matter.line if matter is not None else None,
            "back": _onward(actor),
            "mark": before.mark(request, found, actor),
            "votes": (await remarks.votes([request_id])).get(request_id, ()),
            "instructions": await queries.instructions(found.matter_id) if inside else (),
            "said_words": policies.SAID,
            "choices": policies.choices(returns=found.returns),
            "stages": states.STAGES,
            "sources": facts.SOURCES,
            "purposes": facts.PURPOSES,
            "earlier": await wordings.of_request(request_id),
            "again": await _again(request, found, actor, now),
            "opinion": OPINION,
            "instead": request.open_seats if stand_in else (),
            "values": typed or {},
            "errors": problems or {},
            "refused": refused,
        },
        status_code=422 if problems or refused else 200,
    )


async def _again(request: approvals.Shown, found: ToRead, actor: Actor, now: datetime) -> str:
    """Return where the reader puts right what was sent back; empty for who does not."""
    if request.state != rewording.RETURNED:
        return ""
    if request.kind in rewording.KINDS:
        mine = await rewording.may_reword(request.id, actor, now)
        return f"/government/signing/{request.id}/again" if mine else ""
    if request.requester_id != actor.id:
        return ""
    page = f"/government/matters/{found.matter_id}"
    is_round = await queries.by_request(request.id) is not None
    return (
        f"{page}/put-right"
        if is_round and await access.may_at(found.matter_id, HANDLE, actor)
        else f"{page}#opinions"
    )


@post("/signing/{request_id:uuid}", signed_in=True)
async def sign(
    request_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Sign, send back or reject."""
    choice, version = data.get("choice", ""), data.get("version", "")
    request, found, sees = await _opened(request_id, actor, now)
    opinion = read([OPINION], data)
    try:
        if opinion.problems:
            raise InvalidInputError(opinion.problems)
        before.require_read(data.get("mark", ""), request, found, actor)
        await services.sign(
            request_id,
            choice,
            opinion.values["opinion"],
            read=found,
            sees=sees,
            actor=actor,
            at=now,
            plugins=plugins,
            instead_of=uuid_in(data, "instead_of"),
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except InvalidInputError as error:
        return await _page(request_id, actor, now, typed=data, problems=error.problems)
    except RefusedError as error:
        return await _page(request_id, actor, now, typed=data, refused=error.decision)
    except (StaleError, WrongStateError) as error:
        flash("warning", error.message)
        return Redirect(_onward(actor), status_code=303)
    flash("success", N_("Your decision is entered: {decision}.", decision=policies.SAID[choice]))
    return Redirect(_onward(actor), status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        show_all,
        show,
        sign,
        *chain.from_iterable(routes_of(act) for act in ACTS),
    ],
)
