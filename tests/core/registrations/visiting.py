"""Visits on their way: the host has agreed, the visitor is inside."""

from datetime import timedelta

from core.decisions import Allow
from core.registrations import consent
from core.registrations.rulebook import Reception
from core.registrations.services import admit
from core.registrations.tables import Registration
from tests.core.registrations.reception import (
    GUARD,
    MONDAY,
    arrive,
)

TIMES = Reception()


HALF_PAST = MONDAY + timedelta(minutes=30)


NOON = MONDAY + timedelta(hours=2)


async def row_of(registered):
    return await Registration.objects().get(Registration.id == registered.id)


async def agreed(place, registered, *, given=True, at=MONDAY):
    await consent.note(
        registered.id,
        given=given,
        by="张明",
        means="phone",
        actor=GUARD,
        at=at,
        plugins=place.plugins,
    )


async def inside(place, person=None, **given):
    registered = await arrive(place, person, **given)
    await agreed(place, registered)
    decision = await admit(registered.id, actor=GUARD, at=HALF_PAST, plugins=place.plugins)
    assert isinstance(decision, Allow)
    return registered
