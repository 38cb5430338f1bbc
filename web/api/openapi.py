"""The description of the JSON API: /api/v1/openapi.json, and a page that lists it."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.response import Template
from litestar.routes import HTTPRoute
from litestar.types import Empty

VERSION = "1"
PREFIX = "/api/v1/"
PROBLEM_JSON: Any = "application/problem+json"
DESCRIPTION = (
    "Send an API token as `Authorization: Bearer lft_...`. In a browser the session cookie works too;"
    " changes then need the page's CSRF token in the header `x-csrftoken`."
    " Errors are `application/problem+json` with a stable `code`."
)


class FieldProblem(msgspec.Struct):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(msgspec.Struct):
    """A failed request (RFC 9457). `code` is stable, `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    reference: str
    detail: str = ""
    problems: list[FieldProblem] = []
    rule: str = ""


_MEANINGS = {
    400: "The request cannot be read.",
    401: "No session or token that holds.",
    403: "The caller may not do this.",
    404: "There is no such record, or the caller may not see it.",
    409: "A rule or the record's state stands against it; `rule` says which.",
    413: "The body is too large.",
    422: "Values that cannot be taken; `problems` names them.",
    429: "Too many requests; `Retry-After` says how long to wait.",
    503: "The database or the server is busy or not set up.",
}
PROBLEMS = {
    status: ResponseSpec(
        data_container=Problem,
        generate_examples=False,
        description=meaning,
        media_type=PROBLEM_JSON,
    )
    for status, meaning in _MEANINGS.items()
}


def config() -> OpenAPIConfig:
    """Return what Litestar needs to describe the API, and nothing but the API."""
    return OpenAPIConfig(
        title="Laifang",
        version=VERSION,
        description=DESCRIPTION,
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer"),
                "session": SecurityScheme(
                    type="apiKey", name="__Host-laifang", security_scheme_in="cookie"
                ),
            }
        ),
        security=[{"token": []}, {"session": []}],
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        openapi_router=Router(
            path="/api/v1", route_handlers=[], include_in_schema=False, opt={"signed_in": True}
        ),
    )


@get("/api/v1/docs", signed_in=True, include_in_schema=False)
async def docs(request: Request[Any, Any, Any]) -> Template:
    """List the API's addresses for people."""
    return Template("account/api.html", context={"operations": operations(request.app)})


def described(routers: Sequence[Router]) -> Sequence[Router]:
    """Have every address below /api/v1 described, whichever part brings it."""
    for router in routers:
        for route in router.routes:
            if route.path.startswith(PREFIX) and isinstance(route, HTTPRoute):
                for handler in route.route_handlers:
                    if handler.include_in_schema is Empty and "OPTIONS" not in handler.http_methods:
                        handler.include_in_schema = True
    return routers


def describe_problems(app: Litestar) -> None:
    """Add to every operation of the API what it answers when it fails."""
    for _, handler in _handlers(app):
        handler.responses = {**PROBLEMS, **(handler.responses or {})}


def operations(app: Litestar) -> list[dict[str, str]]:
    """Return each address of the API with its method, what it does and whom it lets in."""
    listed: list[dict[str, str]] = []
    for path, handler in _handlers(app):
        requires = handler.opt.get("requires", ())
        listed.append(
            {
                "method": " ".join(sorted(handler.http_methods)),
                "path": path,
                "summary": (handler.fn.__doc__ or "").partition("\n")[0],
                "requires": requires if isinstance(requires, str) else " | ".join(requires),
            }
        )
    return sorted(listed, key=lambda one: (one["path"], one["method"]))


def _handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler) and handler.resolve_include_in_schema():
                yield route.path_format, handler


router = Router(path="", route_handlers=[docs])
