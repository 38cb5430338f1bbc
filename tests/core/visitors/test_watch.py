"""The watch list: whom it finds, surely or perhaps, and that a match holds the visit."""

from datetime import timedelta

import pytest

from core.errors import InvalidInputError, NotFoundError
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.registrations.services import admit
from core.visitors import watch
from core.visitors.matching import Person
from core.visitors.tables import WatchEntry
from tests.core.registrations.reception import (
    CHIEF,
    GUARD,
    LI,
    MONDAY,
    WANG,
    a_person,
    a_place,
    arrive,
)


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


async def bar(person, action="barred", until=None, actor=CHIEF):
    return await watch.add(
        person, action=action, reason="曾闹事", until=until, actor=actor, at=MONDAY
    )


@pytest.mark.rule("CORE-15")
@pytest.mark.parametrize(
    ("entry", "comes", "code"),
    [
        (a_person(phone=""), a_person("王晓明", ""), "watch_barred"),
        (a_person(number=""), a_person("王晓明", number=LI), "watch_barred"),
        (Person(name="王小明"), a_person(), "watch_possible"),
        (a_person(), a_person(phone="", number=LI), ""),
        (a_person(), a_person("李雷", "13900002345", LI), ""),
    ],
    ids=["document", "phone", "bare name", "namesake with another document", "stranger"],
)
async def test_a_match_holds_the_visit_for_a_decision(database, entry, comes, code):
    place = await a_place()
    await bar(entry)
    registered = await arrive(place, comes)
    assert getattr(registered.decision, "code", "") == code
    assert registered.state == ("held" if code else "waiting")
    if code:
        assert registered.decision.rule == "CORE-15"
        assert "曾闹事" in str(registered.decision.reason)


async def test_an_entry_made_meanwhile_stops_the_admission(database):
    place = await a_place()
    registered = await arrive(place, purpose="core.delivery")
    await bar(a_person())
    held = await admit(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    assert held.code == "watch_barred"


async def test_a_companion_is_looked_up_as_well(database):
    place = await a_place()
    await bar(a_person("李雷", "13900002345", LI), "announce")
    registered = await arrive(place, companions=(a_person("李雷", "13900002345", ""),))
    assert registered.decision.code == "watch_announce"


async def test_an_entry_about_a_known_visitor_follows_the_visitor(database):
    place = await a_place()
    first = await arrive(place, a_person("李雷", "", ""), purpose="core.delivery")
    await bar(Person(name="", visitor_id=first.visitor_id))
    held = await admit(first.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    assert held.code == "watch_barred"


@pytest.mark.parametrize("ended", ["until", "void"])
async def test_an_entry_that_ended_holds_nobody_and_stays_readable(database, ended):
    place = await a_place()
    soon = MONDAY + timedelta(days=1)
    entry = await bar(a_person(), until=soon if ended == "until" else None)
    at = soon
    if ended == "void":
        with pytest.raises(InvalidInputError):
            await watch.void(entry, reason="", actor=CHIEF, at=MONDAY)
        await watch.void(entry, reason="误会", actor=CHIEF, at=MONDAY)
    registered = await arrive(place, at=at)
    assert registered.state == "waiting"
    assert await watch.entries(at=at) == []
    assert [e.id for e in await watch.entries(at=at, all_of_them=True)] == [entry]


async def test_entries_are_made_by_who_may_and_hold_no_number(database):
    with pytest.raises(NotFoundError):
        await bar(a_person(), actor=GUARD)
    await bar(a_person())
    stored = str(await WatchEntry.select())
    assert "13800001234" not in stored
    assert WANG not in stored
