"""That a change was meant by the reader: a token in the form or a header, and where it came from."""

import hmac
import secrets
from typing import Any

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException

from core.privacy.crypto import Purpose
from core.privacy.keys import keyring
from web.current import Current

FIELD = "_csrf_token"
HEADER = "x-csrftoken"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)


def cookie_name(*, secure: bool) -> str:
    """Return the name of the cookie that stands for a reader who is not signed in."""
    return "__Host-laifang-visitor" if secure else "laifang-visitor"


def token_for(now: Current) -> str:
    """Return the token for this reader's forms; without a session it is bound to a cookie."""
    if now.csrf:
        return now.csrf
    name = cookie_name(secure=now.secure)
    visitor = now.cookies.get(name, "")
    if len(visitor) != 43:
        visitor = secrets.token_urlsafe(32)
        now.set_cookie(name, visitor)
        now.cookies[name] = visitor
    now.csrf = keyring().mark(Purpose.SESSION, "csrf", visitor)
    return now.csrf


async def check(request: Request[Any, Any, Any], now: Current) -> None:
    """Raise PermissionDeniedException unless the request comes from a page of ours."""
    _check_origin(request, now)
    given = request.headers.get(HEADER)
    if given is None and not now.api and request.content_type[0] in _FORMS:
        # Reading the form obeys the handler's `request_max_body_size`.
        given = str((await request.form()).get(FIELD, ""))
    if not given or not _is_token(given, now):
        raise PermissionDeniedException("csrf")


def _check_origin(request: Request[Any, Any, Any], now: Current) -> None:
    # Old browsers send neither header; the token stands alone there.
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise PermissionDeniedException("csrf")
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2].lower() != now.host.lower():
        raise PermissionDeniedException("csrf")


def _is_token(given: str, now: Current) -> bool:
    if now.session_id is not None:
        return hmac.compare_digest(given.encode(), now.csrf.encode())
    visitor = now.cookies.get(cookie_name(secure=now.secure), "")
    return bool(visitor) and keyring().is_mark(given, Purpose.SESSION, "csrf", visitor)
