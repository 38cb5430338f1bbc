"""Pages of the school gate: one module for each subject, each with its `router`."""

from litestar import Router

from plugins.school_gate.routes import (
    badges,
    boarders,
    by_link,
    deposits,
    events,
    events_gate,
    figures,
    gates,
    guardians,
    leave,
    leave_due,
    leave_gate,
    leave_share,
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
    guardians.router,
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
    leave_share.router,
    leave.router,
    events_gate.router,
    events.router,
    by_link.router,
]
