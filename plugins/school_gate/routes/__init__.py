"""Pages of the school gate: one module for each subject, each with its `router`."""

from litestar import Router

ROUTERS: list[Router] = []
