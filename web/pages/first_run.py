"""The page of the first start: it makes the first administrator, then it is gone."""

from collections.abc import Mapping
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts.first_run import set_up
from core.accounts.limits import Limit, key_of, take_or_refuse
from core.accounts.logins import clean_login
from core.accounts.policies import SHORTEST_PASSWORD
from core.accounts.queries import any_user
from core.accounts.sign_in import sign_in
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_, Message
from web import sessions
from web.current import Current
from web.first_run import is_setup_code
from web.sessions import Authentication

TRIES = Limit(tries=10, every_seconds=60)
FIELDS = (
    Field(
        name="code",
        label=N_("Code shown on the server's console"),
        required=True,
        max_length=40,
        help=N_("It proves that you are the one who started the server."),
    ),
    Field(name="organisation", label=N_("Name of the organisation"), required=True),
    Field(name="site", label=N_("First site"), required=True),
    Field(name="gate", label=N_("Its first gate or desk"), required=True),
    Field(name="name", label=N_("Your name"), required=True, autocomplete="name"),
    Field(
        name="login",
        label=N_("Login"),
        required=True,
        max_length=60,
        autocomplete="username",
        clean=clean_login,
    ),
    Field(
        name="password",
        label=N_("Password"),
        kind="password",
        required=True,
        max_length=200,
        autocomplete="new-password",
        help=N_(
            "At least {number} characters; a short sentence does well.", number=SHORTEST_PASSWORD
        ),
    ),
)


@get("/setup", public=True)
async def show() -> Template:
    """Show the form as long as there is no account."""
    if await any_user():
        raise NotFoundError
    return _form({}, {})


@post("/setup", public=True)
async def make(
    data: URLEncodedBody[dict[str, str]],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    authentication: NamedDependency[Authentication],
) -> Response[None] | Template:
    """Make organisation, site, gate and administrator, and sign them in."""
    if await any_user():
        raise NotFoundError
    typed = read(FIELDS, data)
    problems = dict(typed.problems)
    if "code" not in problems:
        await take_or_refuse(key_of("setup-code", current.address), TRIES, at=now)
        if not is_setup_code(typed.values["code"]):
            problems["code"] = N_("This is not the code.")
    # A password is what was typed, blanks and all.
    values = {**typed.values, "password": data.get("password", "")}
    if not problems:
        try:
            await set_up(
                at=now,
                organisation=values["organisation"],
                site=values["site"],
                gate=values["gate"],
                login=values["login"],
                name=values["name"],
                password=values["password"],
                known_roles=authentication.roles,
            )
        except InvalidInputError as error:
            problems.update(error.problems)
    if problems:
        return _form({**values, "password": ""}, problems, 422)
    session = await sign_in(
        login=values["login"],
        password=values["password"],
        at=now,
        lasts=authentication.lasts,
        address=current.address,
        user_agent=current.user_agent,
    )
    sessions.remember(current, session, lasts=authentication.lasts)
    return Redirect("/", status_code=303)


def _form(
    values: Mapping[str, str], problems: Mapping[str, Message], status: int = 200
) -> Template:
    context = {"fields_": FIELDS, "values": values, "errors": problems}
    return Template("first_run/setup.html", context=context, status_code=status)


router = Router(path="", route_handlers=[show, make])
