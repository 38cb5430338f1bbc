"""Pages that parents open by a link, without an account: all that waits for them, a slip, an invitation.

Bounded by address; a wrong, expired or withdrawn link looks the same to its reader.
"""

from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from core.accounts.limits import Limit, TooOftenError, key_of, take, take_or_refuse, wait_for
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.passes.qr import qr_svg
from core.typed import uuid_in
from plugins.school_gate.events import inviting
from plugins.school_gate.events.services import LINK as EVENT_LINK
from plugins.school_gate.homes import parent
from plugins.school_gate.homes.parent import Waits
from plugins.school_gate.leave import sharing
from plugins.school_gate.leave.facts import KINDS, STANDINGS
from plugins.school_gate.leave.services import LINK as SLIP_LINK
from plugins.school_gate.routes.inputs import Flash, Form

T = TypeVar("T")
MISSES = Limit(20, 30)
SENT = Limit(30, 20)
_GONE = N_("This link does not work, or works no more. Ask the class teacher.")
_WAIT = N_("Too many attempts from here. Wait a moment, then open the link again.")


async def _opened(work: Coroutine[Any, Any, T], address: str, now: datetime) -> T:
    """Return what a link opens; a wrong one counts against whoever asks for it."""
    key = key_of("link.miss", address)
    if wait := await wait_for(key, MISSES, at=now):
        work.close()
        raise TooOftenError(wait)
    try:
        return await work
    except NotFoundError:
        await take(key, MISSES, at=now)
        raise


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Say on one plain page that a link does not work, or that it was tried too often."""
    engine = request.app.template_engine
    assert engine is not None  # noqa: S101 - the application has one
    too_often = isinstance(error, TooOftenError)
    body = engine.get_template("school_gate/gone.html").render(
        {"sentence": _WAIT if too_often else _GONE}
    )
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooOftenError) else {}
    return Response(
        body,
        status_code=429 if too_often else 404,
        media_type="text/html; charset=utf-8",
        headers=headers,
    )


async def _waits(secret: str, purpose: str, besides: UUID | None, now: datetime) -> Waits | None:
    """Return what else waits for whoever this link was made for; None when they are not known."""
    try:
        guardian_id = await parent.behind(secret, purpose, at=now)
        if guardian_id is None:
            return None
        return await parent.waiting(guardian_id, at=now, besides=besides)
    except NotFoundError:
        return None


def _frame(waits: Waits | None, path: str, locale: str) -> dict[str, Any]:
    """Return what the parts of a parent's page need; codes are drawn here."""
    label = N_("QR code of the invitation").translate(locale)
    invitations = waits.invitations if waits else ()
    codes = {one.guest.id: qr_svg(one.token, label) for one in invitations if one.token}
    return {
        "waits": waits,
        "codes": {key: Markup(svg) for key, svg in codes.items()},  # noqa: S704 - paths
        "kinds": KINDS,
        "standings": STANDINGS,
        "path_": f"/school-gate{path}",
    }


@get("/p/{secret:str}", public=True)
async def own_page(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    locale: NamedDependency[str],
) -> Template:
    """Show a parent all that waits for them."""

    async def found() -> Waits:
        guardian_id = await parent.behind(secret, parent.LINK, at=now)
        assert guardian_id is not None  # noqa: S101 - a link of this purpose names one
        return await parent.waiting(guardian_id, at=now)

    waits = await _opened(found(), current.address, now)
    return Template("school_gate/parent/home.html", context=_frame(waits, f"/p/{secret}", locale))


@get("/l/{secret:str}", public=True)
async def slip(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    locale: NamedDependency[str],
) -> Template:
    """Show a parent their child's slip, ask for the answer, and show what else waits for them."""
    shown = await _opened(sharing.behind(secret, at=now), current.address, now)
    waits = await _waits(secret, SLIP_LINK, shown.line.id, now)
    return Template(
        "school_gate/leave/parent.html",
        context={
            **_frame(waits, f"/l/{secret}", locale),
            "line": shown.line,
            "slip": shown.line.slip,
            "row": shown.line.row,
            "parent": shown.parent,
            "may_confirm": shown.may_confirm,
            "secret": secret,
        },
    )


@get("/e/{secret:str}", public=True)
async def invitation(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    locale: NamedDependency[str],
) -> Template:
    """Show a parent the invitation with its code, and what else waits for them."""
    shown = await _opened(inviting.behind(secret, at=now), current.address, now)
    waits = await _waits(secret, EVENT_LINK, shown.guest.id, now)
    label = N_("QR code of the invitation").translate(locale)
    return Template(
        "school_gate/events/parent.html",
        context={
            **_frame(waits, f"/e/{secret}", locale),
            "line": shown.line,
            "guest": shown.guest,
            "cancelled": shown.cancelled,
            "qr": Markup(qr_svg(shown.token, label)) if shown.token else "",  # noqa: S704 - paths
        },
    )


async def _agreed(
    work: Coroutine[Any, Any, None], path: str, address: str, now: datetime, flash: Flash
) -> Response[None]:
    """Take a parent's agreement, and show the page again."""
    await take_or_refuse(key_of("link.sent", address), SENT, at=now)
    try:
        await _opened(work, address, now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Thank you. The class teacher knows."))
    return Redirect(f"/school-gate{path}", status_code=303)


def _agree(secret: str, purpose: str, data: Form, now: datetime) -> Coroutine[Any, Any, None]:
    """Agree to the slip that the form names; a link to a slip needs no name for its own."""
    slip_id = uuid_in(data, "slip")
    if slip_id is None:
        return sharing.confirm(secret, at=now)
    return parent.agree(secret, purpose, slip_id, at=now)


@post("/p/{secret:str}", public=True)
async def agree_on_page(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take the parent's agreement to a slip on their page."""
    work = _agree(secret, parent.LINK, data, now)
    return await _agreed(work, f"/p/{secret}", current.address, now, flash)


@post("/l/{secret:str}", public=True)
async def confirm(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take the parent's agreement to this slip, or to another that waits for them."""
    work = _agree(secret, SLIP_LINK, data, now)
    return await _agreed(work, f"/l/{secret}", current.address, now, flash)


@post("/e/{secret:str}", public=True)
async def agree_on_invitation(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take the parent's agreement to a slip below their invitation."""
    work = _agree(secret, EVENT_LINK, data, now)
    return await _agreed(work, f"/e/{secret}", current.address, now, flash)


_HANDLERS: Any = {NotFoundError: _answer, TooOftenError: _answer}
router = Router(
    path="/school-gate",
    route_handlers=[
        own_page,
        slip,
        invitation,
        agree_on_page,
        confirm,
        agree_on_invitation,
    ],
    exception_handlers=_HANDLERS,
)
