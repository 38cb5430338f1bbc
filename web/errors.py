"""What a failed request is answered with: a page for people, problem+json for programs."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from jinja2 import Template as JinjaTemplate
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    NotAuthorizedException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.response import Redirect

from core import db
from core.accounts.limits import TooOftenError
from core.accounts.passwords import BusyError
from core.errors import (
    DomainError,
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_, Message
from core.privacy.crypto import DecryptionError, KeyringError
from web.current import CURRENT, Current
from web.guards import CHANGE_PASSWORD, PasswordChangeRequiredError
from web.inbound import SETUP, SetupRequiredError
from web.metrics import UNFORESEEN

logger = structlog.get_logger(__name__)

_STATUS: dict[type[DomainError], int] = {
    NotFoundError: 404,
    InvalidInputError: 422,
    RefusedError: 409,
    StaleError: 409,
    WrongStateError: 409,
    TooOftenError: 429,
    BusyError: 503,
    KeyringError: 500,
    DecryptionError: 500,
}
_CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "unavailable",
}
_CSRF = N_("The page was too old or came from elsewhere. Open it again, then repeat.")
_SETUP = N_("Nobody has an account yet. Open /setup first.")
_PASSWORD = N_("Choose a password of your own before you go on.")
_STOPPED = N_("The database cannot be reached just now.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One failed request, for whoever asked. `code` is stable.

    `words` names what the page says where that is not the status's own.
    """

    status: int
    code: str
    detail: Message | None = None
    retry_after: int | None = None
    extra: dict[str, Any] | None = None
    words: str = ""


# What has to be done before anything else.
_FIRST: dict[type[Exception], Problem] = {
    SetupRequiredError: Problem(503, "setup_required", _SETUP),
    PasswordChangeRequiredError: Problem(403, "password_change_required", _PASSWORD),
}


def problem_of(error: Exception) -> Problem:
    """Return what a failure looks like from outside."""
    if type(error) in _FIRST:
        return _FIRST[type(error)]
    if isinstance(error, (db.DatabaseBusyError, db.TransactionLostError)):  # nothing was saved
        return Problem(503, "unavailable", error.message, retry_after=1, words="busy")
    if isinstance(error, db.OutcomeUnknownError):  # not to be repeated unseen
        return Problem(503, "unavailable", error.message, words="unsure")
    if isinstance(error, db.DatabaseError):
        return Problem(503, "unavailable", _STOPPED, retry_after=5)
    if isinstance(error, DomainError):
        return _of_domain(error)
    if type(error).__name__ == "CharacterNotInRepertoireError":  # PostgreSQL: a NUL in a text
        return Problem(400, "bad_request")
    if isinstance(error, HTTPException):
        status = error.status_code
        if isinstance(error, PermissionDeniedException) and error.detail == "csrf":
            return Problem(403, "csrf", _CSRF)
        extra = None
        if isinstance(error, ValidationException) and isinstance(error.extra, list):
            extra = {"problems": [_plain_problem(item) for item in error.extra]}
        return Problem(status, _CODES.get(status, "error"), extra=extra)
    return Problem(500, "internal")


def _of_domain(error: DomainError) -> Problem:
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 400)
    extra: dict[str, Any] | None = None
    if isinstance(error, InvalidInputError):
        extra = {"problems": [{"field": k, "message": v} for k, v in error.problems.items()]}
    if isinstance(error, RefusedError) and error.decision.rule:
        extra = {"rule": error.decision.rule}
    retry_after = error.retry_after if isinstance(error, TooOftenError) else None
    return Problem(status, error.code, error.message, retry_after, extra)


def _plain_problem(item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        return {"field": "", "message": str(item)}
    return {"field": str(item.get("key", "")), "message": str(item.get("message", ""))}


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a failed request; what nobody foresaw is logged with its trace."""
    problem = problem_of(error)
    if problem.status >= 500 and not isinstance(error, SetupRequiredError):
        logger.error("request_failed", route=request.scope.get("path_template"), exc_info=error)
        UNFORESEEN.inc()
    now = CURRENT.get()
    headers: dict[str, str] = dict(getattr(error, "headers", None) or {})
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    if now is not None and isinstance(error, SetupRequiredError) and not now.api:
        return _elsewhere(now, SETUP)
    if now is not None and now.api:
        return _as_json(problem, now, headers)
    if now is not None:
        if isinstance(error, PasswordChangeRequiredError):
            return _elsewhere(now, CHANGE_PASSWORD)
        if isinstance(error, NotAuthorizedException) and now.method in ("GET", "HEAD"):
            return _elsewhere(now, f"/sign-in?next={quote(now.path, safe='')}")
    return _as_page(request, problem, now, headers)


def _elsewhere(now: Current, path: str) -> Response[Any]:
    if now.htmx:
        return Response(None, status_code=401, headers={"hx-redirect": path})
    return Redirect(path, status_code=303)


def _as_json(problem: Problem, now: Current, headers: dict[str, str]) -> Response[Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "reference": now.request_id,
        **(problem.extra or {}),
    }
    if problem.detail is not None:
        body["detail"] = problem.detail
    return Response(
        _translated(body, now.locale),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


def _translated(value: Any, locale: str) -> Any:
    if isinstance(value, Message):
        return value.translate(locale)
    if isinstance(value, dict):
        return {k: _translated(v, locale) for k, v in value.items()}
    if isinstance(value, list):
        return [_translated(item, locale) for item in value]
    return value


def _as_page(
    request: Request[Any, Any, Any],
    problem: Problem,
    now: Current | None,
    headers: dict[str, str],
) -> Response[Any]:
    reference = now.request_id if now else ""
    context = {
        "status": problem.status,
        "detail": problem.detail or "",
        "reference": reference,
        "retry_after": problem.retry_after,
        "words": problem.words,
    }
    engine = request.app.template_engine
    assert engine is not None  # noqa: S101 - create_app sets it
    try:
        body = engine.get_template("errors/error.html").render(context)
    except Exception as failed:
        logger.error("error_page_failed", exc_info=failed)
        plain = engine.get_template("errors/plain.html")
        body = JinjaTemplate.render(plain, reference=reference)  # without the request's variables
    return Response(
        body, status_code=problem.status, media_type="text/html; charset=utf-8", headers=headers
    )
