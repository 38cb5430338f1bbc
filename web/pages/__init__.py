"""The core's own pages: one module for each subject, each with its `router`."""

from litestar import Router

from core.i18n import N_
from core.navigation import NavigationItem
from web.pages import (
    account,
    corrections,
    desk,
    first_run,
    gate,
    home,
    preferences,
    registrations,
    sign_in,
    tokens,
    users,
    visit_acts,
)

ROUTERS: list[Router] = [
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
        label=N_("Registrations"),
        path="/registrations",
        permission="core:registration:read",
        order=40,
        icon="table",
    ),
    NavigationItem(
        label=N_("Users"),
        path="/users",
        permission="core:account:admin",
        order=900,
        icon="people",
        group=N_("Administration"),
    ),
]
