"""The core's own pages: one module for each subject, each with its `router`."""

from litestar import Router

from core.i18n import N_
from core.navigation import NavigationItem
from web.pages import account, first_run, home, preferences, sign_in, tokens, users

ROUTERS: list[Router] = [
    account.router,
    first_run.router,
    home.router,
    preferences.router,
    sign_in.router,
    tokens.router,
    users.router,
]

NAVIGATION: list[NavigationItem] = [
    NavigationItem(label=N_("Today"), path="/", order=0, icon="calendar"),
    NavigationItem(
        label=N_("Users"),
        path="/users",
        permission="core:account:admin",
        order=900,
        icon="people",
        group=N_("Administration"),
    ),
]
