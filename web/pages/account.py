"""One's own account: password, PIN, where one is signed in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts import sessions as core_sessions
from core.accounts.own_account import (
    change_own_password,
    set_digest,
    set_own_pin,
    wants_digest,
)
from core.accounts.policies import SHORTEST_PASSWORD
from core.accounts.queries import account
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from web import sessions
from web.current import Current
from web.sessions import Authentication

OLD = Field(
    name="old",
    label=N_("Present password"),
    kind="password",
    required=True,
    max_length=200,
    autocomplete="current-password",
)
NEW = Field(
    name="new",
    label=N_("New password"),
    kind="password",
    required=True,
    max_length=200,
    autocomplete="new-password",
    help=N_("At least {number} characters; a short sentence does well.", number=SHORTEST_PASSWORD),
)
AGAIN = Field(
    name="again",
    label=N_("New password again"),
    kind="password",
    required=True,
    max_length=200,
    autocomplete="new-password",
)
PIN = Field(
    name="pin",
    label=N_("New PIN"),
    kind="password",
    required=True,
    max_length=8,
    inputmode="numeric",
    help=N_("A PIN has 4 to 8 digits."),
)
Flash = Callable[[str, Message], None]


@get("/account", signed_in=True)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    authentication: NamedDependency[Authentication],
) -> Template:
    """Show the account and where it is signed in."""
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    return Template(
        "account/account.html",
        context={
            "account": await account(actor.id),
            "roles": authentication.roles,
            "sessions": await core_sessions.open_of(actor.id, at=now, idle=authentication.idle),
            "here": current.session_id,
            "digest": await wants_digest(actor),
        },
    )


@get("/account/password", signed_in=True, without_password_change=True)
async def password_form(current: NamedDependency[Current]) -> Template:
    """Show the form to change the password."""
    return _password_form(current, {})


@post("/account/password", signed_in=True, without_password_change=True)
async def change_password(
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    authentication: NamedDependency[Authentication],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change the password; everywhere else one is signed out."""
    if current.session_id is None:
        raise NotFoundError
    new = data.get("new", "")
    if new != data.get("again", ""):
        return _password_form(current, {"again": N_("The two are not the same.")}, 422)
    try:
        session = await change_own_password(
            actor=actor, at=now, old=data.get("old", ""), new=new, session_id=current.session_id
        )
    except InvalidInputError as error:
        return _password_form(current, error.problems, 422)
    sessions.remember(current, session, lasts=authentication.lasts)
    flash("success", N_("Your password is changed. Elsewhere you are signed out."))
    # Whoever signs in for the first time goes on to their work.
    return Redirect("/" if current.must_change_password else "/account", status_code=303)


@get("/account/pin", signed_in=True)
async def pin_form() -> Template:
    """Show the form to set the PIN for gate devices."""
    return _pin_form({})


@post("/account/pin", signed_in=True)
async def set_pin(
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Set the PIN by which one takes over a gate device."""
    try:
        await set_own_pin(
            actor=actor, at=now, password=data.get("old", ""), pin=data.get("pin", "").strip()
        )
    except InvalidInputError as error:
        return _pin_form(error.problems, 422)
    flash("success", N_("Your PIN is set."))
    return Redirect("/account", status_code=303)


@post("/account/sessions/{session_id:uuid}/end", signed_in=True)
async def end_session(
    session_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Sign out one other browser, or this one."""
    await core_sessions.end(session_id, actor=actor, at=now)
    if session_id == current.session_id:
        sessions.forget(current)
        return Redirect("/sign-in", status_code=303)
    flash("success", N_("That browser is signed out."))
    return Redirect("/account", status_code=303)


@post("/account/sessions/end-others", signed_in=True)
async def end_other_sessions(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Sign out everywhere but here."""
    if current.session_id is None:
        raise NotFoundError
    ended = await core_sessions.end_others(actor=actor, keep=current.session_id, at=now)
    flash("success", N_("Browsers signed out: {number}", number=ended))
    return Redirect("/account", status_code=303)


def _password_form(
    current: Current, problems: Mapping[str, Message], status: int = 200
) -> Template:
    context = {
        "fields_": (OLD, NEW, AGAIN),
        "errors": problems,
        "required": current.must_change_password,
    }
    return Template("account/password.html", context=context, status_code=status)


def _pin_form(problems: Mapping[str, Message], status: int = 200) -> Template:
    context = {"fields_": (OLD, PIN), "errors": problems}
    return Template("account/pin.html", context=context, status_code=status)


@post("/account/digest", signed_in=True)
async def choose_digest(
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Choose whether one is written to each working morning."""
    wanted = data.get("wanted") == "yes"
    await set_digest(actor=actor, wanted=wanted)
    flash("success", N_("The morning letter comes.") if wanted else N_("No morning letter comes."))
    return Redirect("/account", status_code=303)


router = Router(
    path="",
    route_handlers=[
        show,
        choose_digest,
        password_form,
        change_password,
        pin_form,
        set_pin,
        end_session,
        end_other_sessions,
    ],
)
