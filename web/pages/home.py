"""The first page: what is due from the reader now."""

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template

from core.permissions import Actor
from web.plugins import WebPlugins


@get("/", signed_in=True)
async def home(actor: NamedDependency[Actor], plugins: NamedDependency[WebPlugins]) -> Template:
    """Show what waits for this person, most urgent first."""
    cards, failed = await plugins.collect_home_cards(actor)
    return Template("home/home.html", context={"cards": cards, "failed": failed})


router = Router(path="", route_handlers=[home])
