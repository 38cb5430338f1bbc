"""The first page: what is due from the reader now, as their role needs it or as cards."""

from collections.abc import Sequence
from datetime import datetime

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from core import db
from core.i18n import N_
from core.navigation import Home, HomeItem, HomeSection
from core.permissions import Actor
from core.sites import queries as sites
from web.plugins import WebPlugins

CARDS = "all"


@get("/", signed_in=True)
async def home(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    role: FromQuery[str] = "",
) -> Template:
    """Show what waits for this person, most urgent first; `role` is one of theirs, or `all`."""
    with db.asking_once():
        return await _home(actor, now, plugins, role)


async def _home(actor: Actor, now: datetime, plugins: WebPlugins, role: str) -> Template:
    cards, failed = await plugins.collect_home_cards(actor)
    here = [site.id for site in await sites.sites(actor)]
    steps, lame = await plugins.collect_first_steps(actor, here)
    failed += [name for name in lame if name not in failed]
    homes = [one for one in plugins.register_homes() if one.role in actor.roles]
    pages = {one.role: await plugins.home_of(one, actor, now) for one in homes}
    due = {name: page.due for name, page in pages.items() if page is not None}
    failed += [name for name in pages if name not in due]
    chosen = _chosen(homes, role)
    page = pages[chosen.role] if chosen else None
    roles = plugins.register_roles()
    program = bool(actor.roles) and all(roles[one].program for one in actor.roles if one in roles)
    context = {
        "program": program,
        "homes": homes,
        "due": due,
        "failed": failed,
        "steps": _first_steps(steps),
    }
    if chosen is None or page is None:
        return Template("home/home.html", context={**context, "cards": cards, "chosen": CARDS})
    covered = frozenset[str]().union(*(one.covers for one in pages.values() if one is not None))
    return Template(
        "home/role.html",
        context={
            **context,
            "home": chosen,
            "chosen": chosen.role,
            "page": page,
            "cards": [one for one in cards if one.path.partition("?")[0] not in covered],
        },
    )


def _first_steps(items: Sequence[HomeItem]) -> HomeSection:
    return HomeSection(
        name="first-steps",
        title=N_("To set up before the first visitor comes"),
        items=tuple(items),
        level="info",
    )


def _chosen(homes: Sequence[Home], role: str) -> Home | None:
    """Return the home of the wanted role, else the first; None for the cards of everything."""
    if not homes or role == CARDS:
        return None
    return next((one for one in homes if one.role == role), homes[0])


router = Router(path="", route_handlers=[home])
