"""The JSON API under /api/v1: the same services as the pages, for programs."""

from litestar import Router

API_ROUTERS: list[Router] = []
