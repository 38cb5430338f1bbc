"""The core's own pages: one module for each subject, each with its `router`."""

from litestar import Router

from core.i18n import N_
from core.navigation import NavigationItem
from web.pages import home, preferences, sign_in

ROUTERS: list[Router] = [
    home.router,
    preferences.router,
    sign_in.router,
]

NAVIGATION: list[NavigationItem] = [
    NavigationItem(label=N_("Today"), path="/", order=0, icon="calendar"),
]
