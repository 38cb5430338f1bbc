"""A host's own page: who waits for them, whom they expect, and what they are asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.appointments import moves, queries
from core.appointments.queries import Filter
from core.errors import InvalidInputError, StaleError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import consent, hosting
from core.registrations.rulebook import reception
from web.pages.public import REMARK
from web.plugins import WebPlugins

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
_AHEAD = timedelta(days=800)
_BACK = timedelta(hours=12)


@get("/my-visitors", requires=moves.OWN)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show who is here for the reader and whom they expect."""
    mine = []
    if actor.host_id is not None:
        wanted = Filter(since=now - _BACK, until=now + _AHEAD, host_id=actor.host_id)
        mine = [
            card
            for card in await queries.appointments(wanted, actor=actor)
            if card.state in ("proposed", "confirmed")
        ]
    return Template(
        "my_visitors/my_visitors.html",
        context={
            "is_host": actor.host_id is not None,
            "here": await hosting.own_visitors(actor, now=now, times=await reception(now)),
            "asked": [card for card in mine if card.state == "proposed"],
            "expected": [card for card in mine if card.state == "confirmed"],
            "labels": {p.name: p.label for p in plugins.register_purposes()},
            "note": REMARK,
        },
    )


@post("/my-visitors/{registration_id:uuid}/answer", requires=moves.OWN)
async def answer(
    registration_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take the reader's answer about a visitor who waits for them."""
    typed = read([REMARK], data)
    if typed.problems or data.get("given") not in ("yes", "no"):
        raise InvalidInputError(
            typed.problems or {"given": N_("Please choose one of the options.")}
        )
    try:
        await consent.answer_as_host(
            registration_id,
            given=data["given"] == "yes",
            remark=typed.values["note"],
            seen=data.get("seen", ""),
            actor=actor,
            at=now,
            plugins=plugins,
        )
        flash("success", N_("The desk knows."))
    except (StaleError, WrongStateError) as error:
        flash("warning", error.message)
    return Redirect("/my-visitors", status_code=303)


router = Router(path="", route_handlers=[show, answer])
