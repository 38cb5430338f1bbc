"""The core's own pages: one module for each subject, each with its `router`."""

from litestar import Router

from core.i18n import N_
from core.navigation import NavigationItem
from web.pages import (
    account,
    board,
    corrections,
    desk,
    first_run,
    gate,
    home,
    hosts,
    preferences,
    registrations,
    roll_call,
    sign_in,
    sites,
    tokens,
    users,
    visit_acts,
    visitors,
    watch,
)

ROUTERS: list[Router] = [
    watch.router,
    visitors.router,
    sites.router,
    roll_call.router,
    hosts.router,
    board.router,
    visit_acts.router,
    registrations.router,
    desk.router,
    corrections.router,
    account.router,
    first_run.router,
    gate.router,
    home.router,
    preferences.router,
    sign_in.router,
    tokens.router,
    users.router,
]

NAVIGATION: list[NavigationItem] = [
    NavigationItem(label=N_("Today"), path="/", order=0, icon="calendar"),
    NavigationItem(
        label=N_("Desk"),
        path="/desk",
        permission="core:registration:write",
        order=10,
        icon="door",
    ),
    NavigationItem(
        label=N_("Board"),
        path="/board",
        permission="core:registration:read",
        order=20,
        icon="bell",
    ),
    NavigationItem(
        label=N_("Roll call"),
        path="/roll-call",
        permission="core:registration:read",
        order=30,
        icon="people",
    ),
    NavigationItem(
        label=N_("Registrations"),
        path="/registrations",
        permission="core:registration:read",
        order=40,
        icon="table",
    ),
    NavigationItem(
        label=N_("Visitors"),
        path="/visitors",
        permission="core:visitor:read",
        order=50,
        icon="person",
    ),
    NavigationItem(
        label=N_("Watch list"),
        path="/watch",
        permission="core:watch:read",
        order=60,
        icon="shield",
    ),
    NavigationItem(
        label=N_("Users"),
        path="/users",
        permission="core:account:admin",
        order=900,
        icon="people",
        group=N_("Administration"),
    ),
    NavigationItem(
        label=N_("Sites and gates"),
        path="/sites",
        permission="core:site:admin",
        order=910,
        icon="building",
        group=N_("Administration"),
    ),
    NavigationItem(
        label=N_("Hosts"),
        path="/hosts",
        permission="core:site:admin",
        order=920,
        icon="badge",
        group=N_("Administration"),
    ),
]
