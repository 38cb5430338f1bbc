"""Signing in and out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts.limits import TooOftenError
from core.accounts.sign_in import WrongCredentialsError
from core.accounts.sign_in import sign_in as begin_session
from core.accounts.sign_in import sign_out as end_session
from core.forms import Field
from core.i18n import N_, Message
from core.navigation import PublicEntry
from core.permissions import Actor
from web import public_entries, sessions
from web.current import Current
from web.plugins import WebPlugins
from web.sessions import Authentication

Form = URLEncodedBody[dict[str, str]]
LOGIN = Field(
    name="login", label=N_("Login"), required=True, max_length=60, autocomplete="username"
)
PASSWORD = Field(
    name="password",
    label=N_("Password"),
    kind="password",
    required=True,
    max_length=200,
    autocomplete="current-password",
)


def own_path(text: str) -> str:
    """Return a path of this site to go on to; anything else becomes the first page."""
    good = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if good and "\\" not in text else "/"


@get("/sign-in", public=True)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    next: FromQuery[str] = "/",
) -> Template | Redirect:
    """Show what is for everybody, and the form; whoever is signed in already goes on."""
    if actor.kind == "user":
        return Redirect(own_path(next), status_code=303)
    return _form({}, {}, next, entries=await public_entries.entries(plugins, now))


@post("/sign-in", public=True)
async def sign_in(
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    authentication: NamedDependency[Authentication],
) -> Response[None] | Template:
    """Begin a session; what fails comes back with one answer for every reason."""
    login, onward = data.get("login", ""), data.get("next", "/")
    try:
        session = await begin_session(
            login=login,
            password=data.get("password", ""),
            at=now,
            lasts=authentication.lasts,
            address=current.address,
            user_agent=current.user_agent,
        )
    except (WrongCredentialsError, TooOftenError) as error:
        status = 429 if isinstance(error, TooOftenError) else 422
        return _form({"login": login}, {"": error.message}, onward, status)
    if current.session_id is not None:
        await end_session(current.session_id, actor=current.actor, at=now)
    sessions.remember(current, session, lasts=authentication.lasts)
    return Redirect(own_path(onward), status_code=303)


@post("/sign-out", signed_in=True, without_password_change=True)
async def sign_out(
    actor: NamedDependency[Actor], now: NamedDependency[datetime], current: NamedDependency[Current]
) -> Response[None]:
    """End this session."""
    if current.session_id is not None:
        await end_session(current.session_id, actor=actor, at=now)
    sessions.forget(current)
    return Redirect("/sign-in", status_code=303)


def _form(
    values: Mapping[str, str],
    problems: Mapping[str, Message],
    onward: str,
    status: int = 200,
    entries: Sequence[PublicEntry] = (),
) -> Template:
    return Template(
        "sign_in/sign_in.html",
        context={
            "login": LOGIN,
            "password": PASSWORD,
            "values": values,
            "errors": problems,
            "next": own_path(onward),
            "entries": entries,
        },
        status_code=status,
    )


router = Router(path="", route_handlers=[show, sign_in, sign_out])
