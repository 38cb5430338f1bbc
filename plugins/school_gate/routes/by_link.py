"""Pages that parents open by a link, without an account: their child's slip, their invitation.

Bounded by address; a wrong, expired or withdrawn link looks the same to its reader.
"""

from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from core.accounts.limits import Limit, TooOftenError, key_of, take, take_or_refuse, wait_for
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.passes.qr import qr_svg
from plugins.school_gate.events import inviting
from plugins.school_gate.leave import sharing
from plugins.school_gate.leave.facts import KINDS
from plugins.school_gate.routes.inputs import Flash

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


@get("/l/{secret:str}", public=True)
async def slip(
    secret: FromPath[str], now: NamedDependency[datetime], current: NamedDependency[Any]
) -> Template:
    """Show a parent their child's slip, and ask for the answer where it is waited for."""
    shown = await _opened(sharing.behind(secret, at=now), current.address, now)
    return Template(
        "school_gate/leave/parent.html",
        context={
            "line": shown.line,
            "slip": shown.line.slip,
            "row": shown.line.row,
            "parent": shown.parent,
            "may_confirm": shown.may_confirm,
            "kinds": KINDS,
            "secret": secret,
        },
    )


@post("/l/{secret:str}", public=True)
async def confirm(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take the parent's agreement."""
    await take_or_refuse(key_of("link.sent", current.address), SENT, at=now)
    try:
        await _opened(sharing.confirm(secret, at=now), current.address, now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Thank you. The class teacher knows."))
    return Redirect(f"/school-gate/l/{secret}", status_code=303)


@get("/e/{secret:str}", public=True)
async def invitation(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    locale: NamedDependency[str],
) -> Template:
    """Show a parent the invitation with its code."""
    shown = await _opened(inviting.behind(secret, at=now), current.address, now)
    label = N_("QR code of the invitation").translate(locale)
    return Template(
        "school_gate/events/parent.html",
        context={
            "line": shown.line,
            "guest": shown.guest,
            "cancelled": shown.cancelled,
            "qr": Markup(qr_svg(shown.token, label)) if shown.token else "",  # noqa: S704 - paths
        },
    )


_HANDLERS: Any = {NotFoundError: _answer, TooOftenError: _answer}
router = Router(
    path="/school-gate", route_handlers=[slip, confirm, invitation], exception_handlers=_HANDLERS
)
