"""Visits, hosts and appointments for tests of pages: made by the services, as somebody at a desk does."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock
from core.accounts.tables import User
from core.appointments import services as appointments
from core.appointments.policies import Window
from core.appointments.services import Proposal
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.permissions import SYSTEM, Actor
from core.registrations import consent
from core.registrations.services import Arrival, admit, register
from core.visitors.matching import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLERK = Actor(
    kind="user",
    id=UUID(int=1),
    name="登记员",
    permissions=frozenset(
        {
            "core:registration:read",
            "core:registration:write",
            "core:registration:decide",
            "core:appointment:read",
            "core:appointment:write",
        }
    ),
)


async def a_host(name="张明", **given):
    """Enter a host; return their id."""
    plain = {"department": "教务处", "room": "302", "email": "zhang@school.test"}
    return await hosts.add(HostEntry(name=name, **(plain | given)), actor=SYSTEM, at=clock.now())


async def link_account(user_id, host_id):
    """Let an account stand for a host."""
    await User.update({User.host: host_id}).where(User.id == user_id)


def today_at(hour, minute=0, days=0):
    """Return a moment of today, or of a day ahead, by the site's clock."""
    day = clock.now().astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), SHANGHAI)


async def an_appointment(
    site, plugins, host_id=None, *, starts=None, hours=1, agreed=True, person=None, **given
):
    """Make an appointment; return its id."""
    starts = starts or clock.now() + timedelta(hours=1)
    proposal = Proposal(
        site_id=site.id,
        person=person or Person(name="王小明", phone="13800001234"),
        window=Window(starts_at=starts, ends_at=starts + timedelta(hours=hours)),
        purpose="core.visit",
        reason=given.pop("reason", "谈合同"),
        host_id=host_id,
        **given,
    )
    return await appointments.propose(
        proposal, actor=CLERK, at=clock.now(), plugins=plugins, agreed=agreed
    )


async def a_visit(site, plugins, host_id=None, *, person=None, inside=False):
    """Register a visit, and let the visitor in if wanted; return its id."""
    arrival = Arrival(
        site_id=site.id,
        person=person or Person(name="王小明", phone="13800001234"),
        purpose="core.visit",
        reason="谈合同",
        host_id=host_id,
        document_shown=True,
        host_text="" if host_id else "后勤处",
    )
    done = await register(arrival, actor=CLERK, at=clock.now(), plugins=plugins)
    if inside:
        await consent.note(
            done.id,
            given=True,
            by="张明",
            means="phone",
            actor=CLERK,
            at=clock.now(),
            plugins=plugins,
        )
        await admit(done.id, actor=CLERK, at=clock.now(), plugins=plugins)
    return done.id
