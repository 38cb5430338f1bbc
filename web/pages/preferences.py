"""The reader's language and display."""

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from core.accounts.own_account import set_locale
from core.errors import NotFoundError
from core.i18n import LOCALES
from core.permissions import Actor
from web.current import Current
from web.inbound import THEMES
from web.pages.sign_in import own_path

Form = URLEncodedBody[dict[str, str]]
YEAR = 365 * 24 * 3600


@post("/language/{code:str}", public=True)
async def language(
    code: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    current: NamedDependency[Current],
) -> Response[None]:
    """Keep the chosen language, in a cookie and with the account."""
    if code not in LOCALES:
        raise NotFoundError
    await set_locale(actor=actor, locale=code)
    _keep(current, "language", code)
    return Redirect(own_path(data.get("next", "/")), status_code=303)


@post("/theme/{choice:str}", public=True)
async def theme(
    choice: FromPath[str], data: Form, current: NamedDependency[Current]
) -> Response[None]:
    """Keep whether pages are light or dark."""
    if choice not in THEMES:
        raise NotFoundError
    _keep(current, "theme", choice)
    return Redirect(own_path(data.get("next", "/")), status_code=303)


def _keep(current: Current, name: str, value: str) -> None:
    # Scripts read and write `theme`, so it is not HttpOnly; neither says who the reader is.
    current.set_cookie(name, value, max_age=YEAR, for_scripts=True)


router = Router(path="", route_handlers=[language, theme])
