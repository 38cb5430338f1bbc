"""The page on which bulletins are read and signed: all that one request asks for, a batch together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.approvals import queries as approvals
from core.approvals import remarks
from core.approvals.facts import CHOICES
from core.approvals.services import vote
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from plugins.government.bulletins import filling, queries, services
from plugins.government.bulletins.facts import KINDS, parts_of
from plugins.government.bulletins.rights import READ_BULLETINS, WRITE_BULLETINS
from plugins.government.bulletins.tables import Bulletin
from plugins.government.figures.facts import COUNTED
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.rights import SIGN
from plugins.government.signing import before
from plugins.government.signing.policies import SAID

OPINION = Field(
    name="opinion",
    label=N_("Opinion or instruction"),
    kind="textarea",
    rows=2,
    max_length=2000,
    help=N_("Needed to reject or send back."),
)


async def _read(
    request_id: UUID, actor: Actor, now: datetime
) -> tuple[approvals.Shown, list[Bulletin]]:
    """Return a request with its bulletins; NotFoundError for who neither signs nor reads them."""
    rows = await queries.asked_in(request_id, actor, now)
    request = await approvals.shown(request_id, actor=actor, at=now)
    if not rows and request.open_seats:
        every = await queries.asked_in(request_id, SYSTEM, now)
        about = {row.matter for row in every if row.matter is not None}
        lent = [await before.reads_for_another(request, one, actor) for one in about]
        rows = every if lent and all(lent) else []
    if not rows:
        raise NotFoundError
    if not (request.open_seats or actor.may_at(READ_BULLETINS, rows[0].site)):
        raise NotFoundError
    return request, rows


def _text(rows: Sequence[Bulletin]) -> object:
    """Return all that is read on the page, as the mark of a form holds it fast."""
    return [(str(row.id), sorted(services.texts(row).items()), row.figures) for row in rows]


def _onward(actor: Actor) -> str:
    return "/government/signing" if actor.may(SIGN) else "/approvals"


async def _page(
    request_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
) -> Template:
    request, rows = await _read(request_id, actor, now)
    stand_in = bool(request.open_seats) and request.open_seats[0][0] != actor.id
    return Template(
        "government/bulletins/sign.html",
        context={
            "request_": request,
            "bulletins": [
                {
                    "row": row,
                    "kind": KINDS[row.kind],
                    "texts": services.texts(row),
                    "parts": parts_of(row.kind),
                    "found": filling.load(row.figures),
                }
                for row in rows
            ],
            "counted": COUNTED,
            "back": _onward(actor),
            "votes": (await remarks.votes([request_id])).get(request_id, ()),
            "said_words": SAID,
            "choices": CHOICES,
            "opinion": OPINION,
            "instead": request.open_seats if stand_in else (),
            "again": f"/government/bulletins/{rows[0].id}"
            if request.state == "sent_back" and actor.may_at(WRITE_BULLETINS, rows[0].site)
            else "",
            "sign_path": f"/government/sign-bulletins/{request_id}",
            "mark": before.mark(request, _text(rows), actor),
            "values": typed or {},
            "errors": problems or {},
        },
        status_code=422 if problems else 200,
    )


# Who holds a seat signs, also for somebody who is away; the request says who that is.
@get("/sign-bulletins/{request_id:uuid}", signed_in=True)
async def show(
    request_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show what is to be signed, whole."""
    return await _page(request_id, actor, now)


@post("/sign-bulletins/{request_id:uuid}", signed_in=True)
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
    request, rows = await _read(request_id, actor, now)
    opinion = read([OPINION], data)
    try:
        if opinion.problems:
            raise InvalidInputError(opinion.problems)
        before.require_read(data.get("mark", ""), request, _text(rows), actor)
        await vote(
            request_id,
            choice,
            actor=actor,
            at=now,
            plugins=plugins,
            opinion=opinion.values["opinion"],
            instead_of=uuid_in(data, "instead_of"),
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except InvalidInputError as error:
        return await _page(request_id, actor, now, typed=data, problems=error.problems)
    except (StaleError, WrongStateError, RefusedError) as error:
        flash("warning", error.message)
        return Redirect(_onward(actor), status_code=303)
    flash("success", N_("Your decision is entered: {decision}.", decision=SAID[choice]))
    return Redirect(_onward(actor), status_code=303)


router = Router(path="/government", route_handlers=[show, sign])
