"""The core's own pages and menu, joined through the same hooks that a domain plugin uses."""

from collections.abc import Sequence

from litestar import Router

from core import hookimpl
from core.navigation import HomeCard, HomeItem, NavigationItem
from core.permissions import Actor
from web import due, first_steps, gate_api, health, live, metrics, static_files
from web.api import API_ROUTERS
from web.pages import NAVIGATION, ROUTERS


@hookimpl
def register_routes() -> Sequence[Router]:
    return [
        health.router,
        live.router,
        metrics.router,
        static_files.router,
        *gate_api.ROUTERS,
        *ROUTERS,
        *API_ROUTERS,
    ]


@hookimpl
def register_navigation() -> Sequence[NavigationItem]:
    return NAVIGATION


@hookimpl
async def collect_home_cards(actor: Actor) -> Sequence[HomeCard]:
    return await due.cards(actor)


@hookimpl
async def collect_first_steps(actor: Actor) -> Sequence[HomeItem]:
    return await first_steps.steps(actor)
