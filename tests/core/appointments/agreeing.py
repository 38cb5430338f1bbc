"""Appointments to test with: proposals, hosts with accounts, and what was logged of one."""

import json
from datetime import timedelta
from uuid import uuid4

from core.accounts.tables import User
from core.appointments import on_link, services
from core.appointments.policies import Window
from core.appointments.services import Proposal
from core.appointments.tables import Appointment
from core.log.tables import LogEntry
from core.permissions import Actor
from tests.core.registrations.reception import GUARD, MONDAY, a_person

TWO = MONDAY + timedelta(hours=4)  # two in the afternoon in Shanghai


def a_window(starts=TWO, hours=1):
    """Return a span of time of so many hours."""
    return Window(starts_at=starts, ends_at=starts + timedelta(hours=hours))


def a_proposal(place, person=None, **given):
    """Return a plain visit to the host of a place, two in the afternoon."""
    plain = {
        "site_id": place.site_id,
        "person": person or a_person(number=""),
        "window": a_window(),
        "purpose": "core.visit",
        "reason": "谈合同",
        "host_id": place.host_id,
    }
    return Proposal(**(plain | given))


async def proposed(place, *, by=GUARD, at=MONDAY, agreed=False, person=None, **given):
    """Let staff or a host enter an appointment; return its id."""
    return await services.propose(
        a_proposal(place, person, **given),
        actor=by,
        at=at,
        plugins=place.plugins,
        agreed=agreed,
    )


async def by_visitor(place, *, at=MONDAY, person=None, host="张明", **given):
    """Let a visitor propose on the public page; return the secret of their link."""
    wanted = a_proposal(place, person, host_id=None, host_text=host, **given)
    return await on_link.propose(wanted, at=at, plugins=place.plugins)


async def a_host(place, host_id=None):
    """Give the host of a place an account; return them as actor."""
    user = User(id=uuid4(), login=uuid4().hex[:8], name="张明", host=host_id or place.host_id,
                created_at=MONDAY)  # fmt: skip
    await User.insert(user)
    return Actor(
        kind="user",
        id=user.id,
        name="张明",
        permissions=frozenset({"core:appointment:own"}),
        host_id=host_id or place.host_id,
    )


async def row(appointment_id):
    """Return one appointment's row."""
    return await Appointment.objects().get(Appointment.id == appointment_id)


async def the_only():
    """Return the only appointment there is."""
    [one] = await Appointment.objects()
    return one


async def acts(appointment_id):
    """Return what was logged of an appointment: act, who, after."""
    entries = await LogEntry.objects().where(
        LogEntry.record_kind == "appointment", LogEntry.record_id == str(appointment_id)
    ).order_by(LogEntry.id)  # fmt: skip
    return [(e.act, e.actor_name, json.loads(e.after or "{}")) for e in entries]
