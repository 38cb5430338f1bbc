"""Pages for people without an account: bounded by address, one plain sentence for a dead link.

An expired, used up, revoked or made-up link looks the same to its reader. A good link costs no write;
only wrong ones are counted.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar import Request, Response

from core.accounts.limits import Limit, TooOftenError, key_of, take, take_or_refuse, wait_for
from core.errors import NotFoundError
from core.i18n import N_
from web.current import Current, current

T = TypeVar("T")

MISSES = Limit(20, 30)
SENT = Limit(30, 20)
_GONE = N_(
    "This link does not work, or works no more. Ask whoever gave it to you, or the reception desk."
)
_WAIT = N_("Too many attempts from here. Wait a moment, then open the link again.")


async def opened(work: Coroutine[Any, Any, T], now: Current) -> T:
    """Return what a link opens; a wrong one counts against whoever asks for it."""
    key = key_of("link.miss", now.address)
    if wait := await wait_for(key, MISSES, at=now.now):
        work.close()
        raise TooOftenError(wait)
    try:
        return await work
    except NotFoundError:
        await take(key, MISSES, at=now.now)
        raise


async def sending(now: Current) -> None:
    """Count a form that somebody without an account sends; TooOftenError when there are too many."""
    await take_or_refuse(key_of("link.sent", now.address), SENT, at=now.now)


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Say on one plain page that a link does not work, or that it was tried too often."""
    engine = request.app.template_engine
    assert engine is not None  # noqa: S101 - create_app sets it
    too_often = isinstance(error, TooOftenError)
    body = engine.get_template("public/gone.html").render(
        {"sentence": _WAIT if too_often else _GONE, "reference": current().request_id}
    )
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooOftenError) else {}
    return Response(
        body,
        status_code=429 if too_often else 404,
        media_type="text/html; charset=utf-8",
        headers=headers,
    )


HANDLERS: Any = {NotFoundError: answer, TooOftenError: answer}
