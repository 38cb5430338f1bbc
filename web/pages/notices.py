"""Notices: the reader's own, and for administrators all of them with their fate."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core import typed
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.notices import queries, services
from core.notices.queries import Filter
from core.permissions import Actor
from core.settings import Settings
from web import drawing

ADMIN = "core:notice:admin"
PAGE = 50
Flash = Callable[[str, Message], None]
CHANNELS = {"in_app": N_("In the app"), "email": N_("E-mail"), "webhook": N_("Webhook")}


@get("/notices", signed_in=True)
async def inbox(actor: NamedDependency[Actor], page: FromQuery[int] = 1) -> Template:
    """Show the reader's own notices, newest first."""
    page = min(max(page, 1), 10_000)
    lines, total = await queries.inbox(actor, page=page, size=PAGE)
    return Template(
        "notices/inbox.html",
        context={
            "lines": lines,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "query": {},
            "is_admin": actor.may(ADMIN),
        },
    )


@post("/notices/{notice_id:uuid}/open", signed_in=True)
async def open_one(
    notice_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None]:
    """Mark a notice as read and lead to what it is about."""
    line = await queries.notice(notice_id, actor)
    if line is None:
        raise NotFoundError
    await services.mark_read(notice_id, actor=actor, at=now)
    return Redirect(line.href if line.href.startswith("/") else "/notices", status_code=303)


@post("/notices/read", signed_in=True)
async def read_all(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Response[None]:
    """Mark all of the reader's notices as read."""
    await services.mark_all_read(actor=actor, at=now)
    return Redirect("/notices", status_code=303)


@get("/notices/all", requires=ADMIN)
async def everything(
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    status: FromQuery[str] = "",
    channel: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Template:
    """Show all notices with their state, and the events that plugins failed at."""
    page = min(max(page, 1), 10_000)
    wanted = Filter(
        state=status if status in queries.STATES else "", channel=typed.line(channel, 20)
    )
    posted, total = await queries.posted(wanted, actor=actor, page=page, size=PAGE)
    given = {"status": status, "channel": channel, "page": str(page) if page > 1 else ""}
    return Template(
        "notices/all.html",
        context={
            "posted": posted,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "query": {name: value for name, value in given.items() if value},
            "counts": await queries.counts(),
            "events": await queries.dead_events(actor=actor),
            "state_options": [(name, drawing.state_look(name)[0]) for name in queries.STATES],
            "channel_options": [
                (name, CHANNELS.get(name, Message(name))) for name in await queries.channels()
            ],
            "channels": CHANNELS,
            "has_mail": bool(settings.smtp_host),
            "webhooks": [urlsplit(one).hostname or one for one in settings.webhooks],
        },
    )


@post("/notices/test", requires=ADMIN)
async def test(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Send the administrator a notice by every way that is set up, to see whether it arrives."""
    said = await services.send_test(actor=actor, at=now)
    if said or not settings.smtp_host:
        flash("success", N_("A test is on its way. Its state is in the list."))
    else:
        flash("warning", N_("Your account has no e-mail address: no letter is sent."))
    return Redirect("/notices/all", status_code=303)


@post("/notices/{notice_id:uuid}/send-again", requires=ADMIN)
async def send_again(
    notice_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Queue a notice that was given up."""
    await services.revive(notice_id, actor=actor, at=now)
    flash("success", N_("It is sent again."))
    return Redirect("/notices/all?status=dead", status_code=303)


@post("/notices/events/{event_id:int}/send-again", requires=ADMIN)
async def tell_again(
    event_id: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Queue an event that a plugin failed at."""
    if event_id not in {event.id for event in await queries.dead_events(actor=actor)}:
        raise NotFoundError
    await services.revive_event(event_id, actor=actor, at=now)
    flash("success", N_("It is sent again."))
    return Redirect("/notices/all", status_code=303)


router = Router(
    path="", route_handlers=[inbox, open_one, read_all, everything, test, send_again, tell_again]
)
