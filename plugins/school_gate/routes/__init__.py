"""Pages of the school gate: one module for each subject, each with its `router`."""

from litestar import Router

from plugins.school_gate.routes import (
    badges,
    boarders,
    deposits,
    figures,
    gates,
    leave,
    leave_due,
    leave_gate,
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
    boarders.router,
    leave_due.router,
    leave_gate.router,
    leave.router,
]
