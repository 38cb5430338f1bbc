"""Accounts, for administrators: made, given roles, switched off, helped when locked out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts import pins, queries
from core.accounts import services as accounts
from core.accounts.actors import refuse_local
from core.accounts.logins import clean_login
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import Field, read
from core.hosts import queries as host_queries
from core.i18n import N_, Message
from core.permissions import Actor
from core.sites import queries as site_queries
from web.sessions import Authentication

ADMIN = accounts.ADMIN
EVERYWHERE = ""
LOGIN = Field(name="login", label=N_("Login"), required=True, max_length=60, clean=clean_login)
NAME = Field(name="name", label=N_("Name"), required=True)
EMAIL = Field(name="email", label=N_("E-mail"), kind="email", max_length=200)
PIN = Field(name="pin", label=N_("New PIN"), required=True, max_length=8, inputmode="numeric")
Flash = Callable[[str, Message], None]


@get("/users", requires=ADMIN)
async def show_all(
    actor: NamedDependency[Actor], authentication: NamedDependency[Authentication]
) -> Template:
    """List every account."""
    refuse_local(actor)
    return Template(
        "users/users.html",
        context={"accounts": await queries.accounts(), "roles": authentication.roles},
    )


@get("/users/new", requires=ADMIN)
async def new(
    actor: NamedDependency[Actor], authentication: NamedDependency[Authentication]
) -> Template:
    """Show the form of a new account."""
    refuse_local(actor)
    return await _new_form(actor, authentication, {}, {})


@post("/users", requires=ADMIN)
async def create(
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    authentication: NamedDependency[Authentication],
) -> Template:
    """Make an account and show its first password, once."""
    refuse_local(actor)
    fields = [LOGIN, NAME, EMAIL, *await _placing(actor, authentication), await _host()]
    typed = read(fields, data)
    if typed.problems:
        return await _new_form(actor, authentication, typed.values, typed.problems, 422)
    values = typed.values
    site_id = UUID(values["site"]) if values["site"] else None
    try:
        user_id, password = await accounts.create_user(
            actor=actor,
            at=now,
            login=values["login"],
            name=values["name"],
            email=values["email"],
            host_id=UUID(values["host"]) if values["host"] else None,
            roles=[(values["role"], site_id)] if values["role"] else [],
            known_roles=authentication.roles,
        )
    except InvalidInputError as error:
        return await _new_form(actor, authentication, values, error.problems, 422)
    return await _page(user_id, actor, authentication, password=password)


@get("/users/{user_id:uuid}", requires=ADMIN)
async def show(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    authentication: NamedDependency[Authentication],
) -> Template:
    """Show one account."""
    refuse_local(actor)
    return await _page(user_id, actor, authentication)


@post("/users/{user_id:uuid}", requires=ADMIN)
async def update(
    user_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    authentication: NamedDependency[Authentication],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Change name, e-mail and host."""
    refuse_local(actor)
    typed = read([NAME, EMAIL, await _host()], data)
    if typed.problems:
        return await _page(
            user_id, actor, authentication, values=typed.values, problems=typed.problems
        )
    host = typed.values["host"]
    await accounts.update_user(
        user_id,
        actor=actor,
        at=now,
        name=typed.values["name"],
        email=typed.values["email"],
        host_id=UUID(host) if host else None,
    )
    flash("success", N_("Saved."))
    return _back(user_id)


@post("/users/{user_id:uuid}/roles", requires=ADMIN)
async def give_role(
    user_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    authentication: NamedDependency[Authentication],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Give a role, everywhere or at one site."""
    refuse_local(actor)
    typed = read(await _placing(actor, authentication, required=True), data)
    if typed.problems:
        return await _page(
            user_id, actor, authentication, values=typed.values, problems=typed.problems
        )
    site = typed.values["site"]
    try:
        await accounts.give_role(
            user_id,
            actor=actor,
            at=now,
            role=typed.values["role"],
            site_id=UUID(site) if site else None,
            known_roles=authentication.roles,
        )
    except RefusedError as error:
        flash("error", error.message)
        return _back(user_id)
    flash("success", N_("The role is given. The user signs in again."))
    return _back(user_id)


@post("/users/{user_id:uuid}/roles/{grant_id:uuid}/take", requires=ADMIN)
async def take_role(
    user_id: FromPath[UUID],
    grant_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take a role back."""
    try:
        await accounts.take_role(user_id, grant_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("error", error.message)
    else:
        flash("success", N_("The role is taken back."))
    return _back(user_id)


@post("/users/{user_id:uuid}/deactivate", requires=ADMIN)
async def deactivate(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Switch an account off; it is signed out everywhere at once."""
    try:
        await accounts.deactivate(user_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("error", error.message)
    else:
        flash("success", N_("The account is switched off."))
    return _back(user_id)


@post("/users/{user_id:uuid}/reactivate", requires=ADMIN)
async def reactivate(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Switch an account on again."""
    await accounts.reactivate(user_id, actor=actor, at=now)
    flash("success", N_("The account is switched on."))
    return _back(user_id)


@post("/users/{user_id:uuid}/reset-password", requires=ADMIN)
async def reset_password(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    authentication: NamedDependency[Authentication],
) -> Template:
    """Give an account a new first password and show it, once."""
    password = await accounts.reset_password(
        user_id, actor=actor, at=now, known_roles=authentication.roles
    )
    return await _page(user_id, actor, authentication, password=password)


@post("/users/{user_id:uuid}/end-sessions", requires=ADMIN)
async def end_sessions(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Sign an account out everywhere."""
    ended = await accounts.end_sessions(user_id, actor=actor, at=now)
    flash("success", N_("Browsers signed out: {number}", number=ended))
    return _back(user_id)


@post("/users/{user_id:uuid}/pin", requires=ADMIN)
async def set_pin(
    user_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    authentication: NamedDependency[Authentication],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Set an operator's PIN."""
    refuse_local(actor)
    try:
        await pins.set_pin(user_id, data.get("pin", "").strip(), actor=actor, at=now)
    except InvalidInputError as error:
        return await _page(user_id, actor, authentication, problems=error.problems)
    flash("success", N_("The PIN is set."))
    return _back(user_id)


def _back(user_id: UUID) -> Response[None]:
    return Redirect(f"/users/{user_id}", status_code=303)


async def _placing(
    actor: Actor, authentication: Authentication, *, required: bool = False
) -> list[Field]:
    """Return the fields of a role and where it holds."""
    sites = [(str(site.id), site.name) for site in await site_queries.sites(actor)]
    roles = [(name, role.label) for name, role in sorted(authentication.roles.items())]
    return [
        Field(name="role", label=N_("Role"), kind="select", required=required, options=roles),
        Field(
            name="site",
            label=N_("Where"),
            kind="select",
            options=[(EVERYWHERE, N_("At every site")), *sites],
        ),
    ]


async def _host() -> Field:
    hosts = [
        (str(host.id), f"{host.name} · {host.department}" if host.department else host.name)
        for host in await host_queries.hosts(with_inactive=True, limit=5000)
    ]
    return Field(
        name="host",
        label=N_("Is this host"),
        kind="select",
        options=hosts,
        help=N_("So that this person answers for their own visitors."),
    )


async def _new_form(
    actor: Actor,
    authentication: Authentication,
    values: Mapping[str, str],
    problems: Mapping[str, Message],
    status: int = 200,
) -> Template:
    fields = [LOGIN, NAME, *await _placing(actor, authentication), EMAIL, await _host()]
    context = {"fields_": fields, "values": values, "errors": problems}
    return Template("users/new.html", context=context, status_code=status)


async def _page(
    user_id: UUID,
    actor: Actor,
    authentication: Authentication,
    *,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    password: str = "",
) -> Template:
    account = await queries.account(user_id)
    stored = {"name": account.name, "email": account.email, "host": str(account.host_id or "")}
    return Template(
        "users/user.html",
        context={
            "account": account,
            "roles": authentication.roles,
            "programs": [one.name for one in authentication.roles.values() if one.program],
            "fields_": [NAME, EMAIL, await _host()],
            "placing": await _placing(actor, authentication, required=True),
            "pin": PIN,
            "values": {**stored, **(values or {})},
            "errors": problems or {},
            "password": password,
        },
        status_code=422 if problems else 200,
    )


router = Router(
    path="",
    route_handlers=[
        show_all,
        new,
        create,
        show,
        update,
        give_role,
        take_role,
        deactivate,
        reactivate,
        reset_password,
        end_sessions,
        set_pin,
    ],
)
