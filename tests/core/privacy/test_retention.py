"""What is kept no longer than needed: found, erased each night, kept back where something stops it."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core import clock, db, hookimpl
from core.accounts.tables import Session, User
from core.appointments.tables import Appointment
from core.decisions import Deny
from core.gate.tables import ScanEvent
from core.i18n import N_
from core.log.tables import LogEntry
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.privacy import keys, retention, services
from core.privacy.crypto import Keyring
from core.privacy.facts import Expired, RetentionRule
from core.privacy.rulebook import RULEBOOK
from core.registrations import correcting
from core.registrations.services import register
from core.registrations.tables import Registration
from core.rulebooks import queries as rulebooks
from core.rulebooks import services as adopting
from core.visitors import services as visitors
from core.visitors import watch
from core.visitors.matching import Person
from core.visitors.tables import Visitor
from tests.core.registrations.reception import ADMIN, MONDAY, a_person, a_place, an_arrival, arrive

pytestmark = pytest.mark.anyio
YEAR = timedelta(days=366)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())
    rulebooks.forget()


async def came(place, name, at=MONDAY, number="", **given):
    """Register somebody who goes again at once; return the visit."""
    visit = await arrive(place, a_person(name=name, phone="", number=number), at=at, **given)
    await correcting.cancel(visit.id, reason="走了", actor=ADMIN, at=at, plugins=place.plugins)
    return visit


async def run(place, at):
    done = await retention.run(plugins=place.plugins, actor=SYSTEM, at=at)
    return {one.rule.kind: (one.erased, one.kept, one.failed) for one in done}


async def names():
    return sorted(row["name"] for row in await Visitor.select(Visitor.name))


async def due(place, at):
    """Return the names of visitors that are due, with why they stay."""
    listed = await retention.due_list(plugins=place.plugins, at=at)
    kind = next(one for one in listed if one.kept.rule.kind == "visitor")
    said = {one.expired.title: one.kept for one in kind.due}
    return {name: str(why) if why else "" for name, why in said.items()}, [
        one.expired.title for one in kind.coming
    ]


@pytest.mark.rule("CORE-21")
async def test_after_a_year_without_a_visit_a_person_is_erased_and_the_visit_still_counts(database):
    place = await a_place()
    old = await came(place, "旧客")
    await came(place, "新客", at=MONDAY + timedelta(days=200))
    assert (await run(place, MONDAY + timedelta(days=364)))["visitor"] == (0, 0, 0)
    assert (await run(place, MONDAY + YEAR))["visitor"] == (1, 0, 0)
    assert await names() == ["", "新客"]
    row = await Registration.objects().get(Registration.id == old.id)
    assert (row.number, row.purpose, row.state, row.reason) == (
        old.number, "core.visit", "cancelled", ""
    )  # fmt: skip
    assert (await run(place, MONDAY + YEAR))["visitor"] == (0, 0, 0)
    entry = await LogEntry.objects().get(LogEntry.act == "visitor.erase")
    assert "365" in entry.after


async def test_coming_again_also_as_a_companion_or_by_appointment_begins_the_time_anew(database):
    place = await a_place()
    later = MONDAY + timedelta(days=300)
    for name in ("再来", "陪同", "预约", "不来"):
        await came(place, name, number="" if name != "陪同" else "440524188001010014")
    await came(place, "别人", at=later, companions=(a_person("陪同", "", "440524188001010014"),))
    again = await Visitor.objects().get(Visitor.name == "再来")
    await came_again(place, again, later)
    expected = await Visitor.objects().get(Visitor.name == "预约")
    await Appointment.insert(
        Appointment(
            site=place.site_id, visitor=expected.id, purpose="core.visit", starts_at=later,
            ends_at=later, state="confirmed", proposed_by="staff", created_at=MONDAY,
        )
    )  # fmt: skip
    found, _ = await due(place, MONDAY + YEAR)
    assert found == {"不来": ""}


async def came_again(place, visitor, at):
    person = a_person(name=visitor.name, phone="", number="", visitor_id=visitor.id)
    visit = await register(an_arrival(place, person), actor=ADMIN, at=at, plugins=place.plugins)
    assert visit.visitor_id == visitor.id
    await correcting.cancel(visit.id, reason="走了", actor=ADMIN, at=at, plugins=place.plugins)


async def test_a_merged_record_keeps_the_one_it_went_into_alive(database):
    place = await a_place()
    first = await came(place, "甲")
    second = await came(place, "甲二", at=MONDAY + timedelta(days=300))
    await visitors.merge(
        first.visitor_id, second.visitor_id, actor=ADMIN, at=MONDAY + timedelta(days=301)
    )
    assert (await due(place, MONDAY + YEAR))[0] == {}
    assert (await run(place, MONDAY + timedelta(days=700)))["visitor"][0] == 1
    assert await names() == ["", ""]


async def test_a_hold_an_open_visit_and_the_watch_list_keep_a_person_and_say_so(database):
    place = await a_place()
    held = await came(place, "被留")
    await services.place_hold(
        "visitor", held.visitor_id, reason="警方调查", actor=SYSTEM, at=MONDAY
    )
    inside = await arrive(place, a_person(name="还在", phone="", number=""))
    barred = await came(place, "禁入")
    await watch.add(
        Person(name="禁入", visitor_id=barred.visitor_id),
        action="barred",
        reason="闹事",
        until=None,
        actor=ADMIN,
        at=MONDAY,
    )
    await came(place, "无事")
    found, _ = await due(place, MONDAY + YEAR)
    assert set(found) == {"被留", "还在", "禁入", "无事"}
    assert "legal hold" in found["被留"]
    assert "open visit" in found["还在"]
    assert "watch list" in found["禁入"]
    done = await run(place, MONDAY + YEAR)
    assert done["visitor"] == (1, 3, 0)
    assert done["registration"] == (1, 1, 0)  # an open one is not due, the held one stays
    row = await Registration.objects().get(Registration.id == held.id)
    assert row.reason == "谈合同"
    assert await names() == ["", "禁入", "被留", "还在"]
    assert inside.state == "waiting"


async def test_a_companion_still_inside_is_not_erased_on_request_either(database):
    place = await a_place()
    await arrive(place, companions=(a_person("随行", "", ""),))
    companion = await Visitor.objects().get(Visitor.name == "随行")
    with pytest.raises(services.WrongStateError, match="open visit"):
        await services.erase_visitor(
            companion.id, reason="本人要求", plugins=place.plugins, actor=ADMIN, at=MONDAY
        )


def a_keeper(*, fails=False):
    """A plugin that keeps people called 案 and has a kind of record of its own."""
    erased = []

    @hookimpl
    async def check_erasure(erasure):
        visitor = await Visitor.objects().get(Visitor.id == erasure.visitor_ids[0])
        return (
            Deny("case", N_("Their case is still open."), "X-1") if visitor.name == "案" else None
        )

    async def find(before, limit, offset):
        left = [n for n in range(7) if str(n) not in erased]
        return [Expired(record=str(n), ended_at=MONDAY) for n in left][offset : offset + limit]

    async def erase(records, erasing):
        if fails and "3" in records:
            raise RuntimeError("no")
        erased.extend(records)

    @hookimpl
    def register_retention():
        return [
            RetentionRule(
                kind="keeper.file", label=N_("Files"), days=10, find=find, erase=erase, batch=2
            ),
            RetentionRule(kind="keeper.own", label=N_("Own"), days=20),
        ]

    return SimpleNamespace(
        check_erasure=check_erasure, register_retention=register_retention
    ), erased


async def test_a_plugin_keeps_people_and_has_kinds_of_its_own(database):
    plugin, erased = a_keeper()
    place = await a_place(Plugins({"keeper": plugin}))
    await came(place, "案")
    await came(place, "客")
    assert (await due(place, MONDAY + YEAR))[0] == {"案": "Their case is still open.", "客": ""}
    done = await run(place, MONDAY + YEAR)
    assert done["visitor"] == (1, 1, 0)
    assert done["keeper.file"] == (7, 0, 0)
    assert "keeper.own" not in done
    assert erased == [str(n) for n in range(7)]


async def test_what_fails_is_counted_and_hinders_nothing_else(database):
    plugin, erased = a_keeper(fails=True)
    place = await a_place(Plugins({"keeper": plugin}))
    await came(place, "客")
    done = await run(place, MONDAY + YEAR)
    assert done["keeper.file"] == (5, 0, 2)
    assert done["visitor"] == (1, 0, 0)
    assert sorted(erased) == ["0", "1", "4", "5", "6"]
    assert '"failed": 2' in (await retention.last_run()).after


async def test_other_kinds_go_in_their_own_time_and_the_facts_of_scans_stay(database):
    place = await a_place()
    ms, later = clock.to_ms(MONDAY), MONDAY + timedelta(days=300)
    await Appointment.insert(
        Appointment(
            site=place.site_id, visitor=(await came(place, "约", at=later)).visitor_id, purpose="core.visit",
            reason="面谈", starts_at=MONDAY, ends_at=MONDAY, state="arrived", proposed_by="staff",
            created_at=MONDAY,
        )
    )  # fmt: skip
    for state in ("sent", "queued"):
        await Notice.insert(
            Notice(key=state, channel="email", subject="s", body="b", state=state, created_at=ms)
        )
    user = User(id=uuid4(), login="x", name="x", created_at=MONDAY)
    await User.insert(user)
    await Session.insert(
        Session(
            secret_hash="h",
            user=user.id,
            csrf="",
            created_at=MONDAY,
            seen_at=MONDAY,
            expires_at=MONDAY,
        )
    )
    await ScanEvent.insert(
        ScanEvent(
            device=uuid4(), seq=1, at=ms, received_at=ms, gate=place.gate_id, site=place.site_id,
            direction=0, verdict=0, operator=user.id,
        )
    )  # fmt: skip
    assert not any(
        sum(numbers) for numbers in (await run(place, MONDAY + timedelta(days=29))).values()
    )
    assert (await run(place, MONDAY + timedelta(days=31)))["session"] == (1, 0, 0)
    assert (await run(place, MONDAY + timedelta(days=91)))["notice"] == (1, 0, 0)
    done = await run(place, MONDAY + YEAR)
    assert done["appointment"] == done["scan_operator"] == (1, 0, 0)
    assert [row["key"] for row in await Notice.select(Notice.key)] == ["queued"]
    scans = await ScanEvent.select(ScanEvent.operator, ScanEvent.at, ScanEvent.verdict)
    assert scans == [{"operator": None, "at": ms, "verdict": 0}]
    appointment = await Appointment.objects().first()
    assert (appointment.reason, appointment.state) == ("", "arrived")


async def test_the_days_are_a_rulebook_and_a_shorter_time_takes_effect_when_adopted(database):
    place = await a_place()
    await came(place, "客")
    at = MONDAY + timedelta(days=40)
    found, coming = await due(place, at)
    assert (found, coming) == ({}, [])
    await adopting.adopt(
        RULEBOOK, {"visitor_days": 60}, effective_from=at, note="短些", actor=ADMIN, at=at
    )
    rulebooks.forget()
    assert await due(place, at) == ({}, ["客"])
    assert (await run(place, MONDAY + timedelta(days=61)))["visitor"] == (1, 0, 0)


async def test_it_runs_once_a_night_after_three(database):
    place = await a_place()
    await came(place, "客")
    night = (MONDAY + YEAR).astimezone(ZONE).replace(hour=2, minute=59)

    async def asked(at):
        return bool(await retention.nightly(plugins=place.plugins, at=at, zone=ZONE))

    assert not await asked(night)
    assert await asked(night + timedelta(minutes=1))
    assert not await asked(night + timedelta(hours=10))
    assert await asked(night + timedelta(days=1, minutes=5))
    assert await names() == [""]


async def test_many_are_erased_in_several_pages_even_behind_some_that_stay(database, monkeypatch):
    monkeypatch.setattr(retention, "_BATCH", 3)
    place = await a_place()
    for number in range(9):
        visit = await came(place, f"客{number}", at=MONDAY + timedelta(minutes=number))
        if number % 4 == 0:
            await services.place_hold(
                "visitor", visit.visitor_id, reason="留", actor=SYSTEM, at=MONDAY
            )
    assert (await run(place, MONDAY + YEAR))["visitor"] == (6, 3, 0)
    assert [name for name in await names() if name] == ["客0", "客4", "客8"]
    rows = await db.fetch("SELECT count(*) AS n FROM log_entry WHERE act = 'visitor.erase'")
    assert rows[0]["n"] == 6
