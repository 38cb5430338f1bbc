"""One's own API tokens: made with fewer permissions than one has, shown once, revoked."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core import clock
from core.accounts import tokens
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from core.text import TextError
from web.plugins import WebPlugins

USUAL_DAYS = 90
SCOPE = "scope-"


def _clean_day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        raise TextError("not_a_day", N_("A day like 2026-11-23.")) from None


NAME = Field(name="name", label=N_("What it is for"), required=True)
EXPIRES = Field(
    name="expires_on",
    label=N_("Last day"),
    kind="date",
    clean=_clean_day,
    help=N_("Empty: until it is revoked."),
)


@get("/account/tokens", signed_in=True)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template:
    """List the tokens, with the form for a new one."""
    last = clock.local(now + timedelta(days=USUAL_DAYS), settings.zone).date()
    return await _page(actor, now, plugins, {"expires_on": last.isoformat()}, {})


@post("/account/tokens", signed_in=True)
async def create(
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template:
    """Make a token and show its secret, once."""
    typed = read((NAME, EXPIRES), data)
    scopes = [name.removeprefix(SCOPE) for name in data if name.startswith(SCOPE)]
    if typed.problems:
        return await _page(actor, now, plugins, data, typed.problems, status=422)
    try:
        _, secret = await tokens.create(
            actor=actor,
            at=now,
            name=typed.values["name"],
            scopes=scopes,
            expires_at=_end_of(typed.values["expires_on"], settings),
        )
    except InvalidInputError as error:
        return await _page(actor, now, plugins, data, error.problems, status=422)
    return await _page(actor, now, plugins, {}, {}, secret=secret)


@post("/account/tokens/{token_id:uuid}/revoke", signed_in=True)
async def revoke(
    token_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Callable[[str, Message], None]],
) -> Response[None]:
    """Revoke a token, at once."""
    await tokens.revoke(token_id, actor=actor, at=now)
    flash("success", N_("The token is revoked."))
    return Redirect("/account/tokens", status_code=303)


def _end_of(day: str, settings: Settings) -> datetime | None:
    if not day:
        return None
    midnight = datetime.combine(datetime.fromisoformat(day), time(), settings.zone)
    return midnight + timedelta(days=1)


async def _page(
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    values: Mapping[str, str],
    problems: Mapping[str, Message],
    *,
    secret: str = "",
    status: int = 200,
) -> Template:
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    held = [p for p in plugins.register_permissions() if actor.may(p.name)]
    return Template(
        "account/tokens.html",
        context={
            "tokens": await tokens.tokens_of(actor.id),
            "at": now,
            "permissions": held,
            "fields_": (NAME, EXPIRES),
            "values": values,
            "errors": problems,
            "secret": secret,
            "scope": SCOPE,
        },
        status_code=status,
    )


router = Router(path="", route_handlers=[show, create, revoke])
