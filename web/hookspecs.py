"""Points at which a plugin may add to the pages; those of the domain are in core/hookspecs/."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

from litestar import Router

from core import hookspec
from core.navigation import Home, HomeCard, HomeItem, NavigationItem, PublicEntry
from core.permissions import Actor


@hookspec
def register_routes() -> Sequence[Router]:
    """Add pages.

    Asked: once, when the application is made.
    Return: routers whose every handler says who may call it (web/guards.py).
    Several answers: all are mounted; two handlers of one path and method stop the start.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_navigation() -> Sequence[NavigationItem]:
    """Add entries to the menu.

    Asked: once, when the application is made.
    Return: entries; each reader sees those whose permission they hold.
    Several answers: chained and sorted by `order`, duplicate paths refused.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def register_homes() -> Sequence[Home]:
    """Give those who hold a role a first page of their own: what is due from them, and the act.

    Asked: once, when the application is made.
    Return: homes; who holds none of these roles has the cards of `collect_home_cards` there.
    Several answers: chained; two homes of one role stop the start.
    An exception: stops the start with a plain message.
    """
    raise NotImplementedError


@hookspec
def collect_home_cards(actor: Actor) -> Awaitable[Sequence[HomeCard]]:
    """Say what is due from this person now, for their first page.

    Asked: whenever the first page is drawn.
    Return: cards; one with count 0 is left out.
    Several answers: chained, the most urgent first.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_first_steps(actor: Actor) -> Awaitable[Sequence[HomeItem]]:
    """Name what a new installation still lacks and this person may set up, each with its act.

    Asked: whenever the first page is drawn, unless the plugin is switched off at every site.
    Return: items, the first to do first; none for what is there.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_public_entries(at: datetime) -> Awaitable[Sequence[PublicEntry]]:
    """Name the pages that are for people without an account, for whoever comes to the bare address.

    Asked: whenever the page of signing in is drawn, unless the plugin is switched off at every site.
    Return: entries that lead somewhere now; none for what is closed or not set up.
    Several answers: chained, by `order`.
    An exception: that part is left out, and logged.
    """
    raise NotImplementedError
