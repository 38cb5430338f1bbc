"""Pages of the school gate: one module for each subject, each with its `router`."""

from litestar import Router

from plugins.school_gate.routes import (
    badges,
    deposits,
    figures,
    gates,
    offences,
    pupils,
    roster,
    slips,
    stays,
    timetable,
    valuables,
)

ROUTERS: list[Router] = [
    gates.router,
    timetable.router,
    pupils.router,
    offences.router,
    badges.router,
    roster.router,
    figures.router,
    deposits.router,
    stays.router,
    slips.router,
    valuables.router,
]
