"""The JSON API under /api/v1: the same services as the pages, for programs.

Each module has its `router` with whole paths (`/api/v1/...`), msgspec structs in and out; errors
are problem+json by themselves (web/errors.py).
"""

from litestar import Router

from web.api import openapi, registrations, session, visitors

API_ROUTERS: list[Router] = [
    openapi.router,
    registrations.router,
    session.router,
    visitors.router,
]
