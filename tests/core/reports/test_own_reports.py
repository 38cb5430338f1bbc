"""The core's own reports, counted from what really happened, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core import db
from core.errors import NotFoundError
from core.gate.tables import ScanCounter, ScanEvent
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.registrations import correcting, holding, leaving
from core.registrations.services import admit
from core.registrations.tables import Feedback
from core.reports import moments, queries
from core.reports.facts import Asked, Picked, period, span
from core.reports.of_feedback import FEEDBACK
from core.reports.of_scans import SCANS
from core.reports.of_visits import VISITS, WAITS
from core.reports.queries import Choice, made, rows_behind
from core.sites.tables import Gate
from tests.core.registrations.reception import (
    ADMIN,
    CHIEF,
    GUARD,
    MONDAY,
    a_person,
    a_place,
    a_site,
    arrive,
)
from tests.core.registrations.visiting import agreed

pytestmark = pytest.mark.anyio
ZONE = ZoneInfo("Asia/Shanghai")
DAY = period("day", date(2026, 11, 23), ZONE)
WEEK = period("week", date(2026, 11, 23), ZONE)
REPORTS = (VISITS, WAITS, SCANS, FEEDBACK)


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


async def come(place, name, at, *, waited=None, **given):
    """Register somebody; after `waited` minutes they are admitted."""
    person = a_person(name=name, phone="", number="")
    visit = await arrive(place, person, at=at, **given)
    if waited is not None:
        then = at + timedelta(minutes=waited)
        await agreed(place, visit, at=then)
        await admit(visit.id, actor=GUARD, at=then, plugins=place.plugins)
    return visit


async def a_busy_week():
    """Eight arrivals of every outcome on Monday, one on Tuesday just after midnight, one a year ago."""
    place = await a_place()
    at = MONDAY
    acting = {"actor": CHIEF, "plugins": place.plugins}
    for number, waited in enumerate((1, 4, 12, 30)):
        visit = await come(place, f"客人{number}", at + timedelta(minutes=number), waited=waited)
        if number < 2:
            await leaving.leave(visit.id, at=at + timedelta(hours=1), **acting)
    await come(place, "三人行", at, head_count=3)
    refused = await come(place, "被拒", at)
    await holding.refuse(refused.id, reason="不见", at=at, **acting)
    gone = await come(place, "走了", at)
    await correcting.cancel(gone.id, reason="等不及", at=at, **acting)
    void = await come(place, "写错", at)
    await correcting.void(void.id, reason="写错", at=at, actor=ADMIN, plugins=place.plugins)
    await come(place, "送货", datetime(2026, 11, 23, 16, 5, tzinfo=UTC), purpose="core.delivery")
    await come(place, "去年", at - timedelta(days=365))
    return place


async def table(report, by, *, when=WEEK, split="", measure="", actor=ADMIN, site_id=None):
    choice = Choice(period=when, by=by, split=split, measure=measure, site_id=site_id)
    return (await made(report, choice, actor=actor, plugins=Plugins({}))).table


def line(report, found, key):
    names = [column.measure.name for column in found.columns]
    values = found.total if key is None else found.row(key).values
    return dict(zip(names, values, strict=True))


@pytest.mark.rule("CORE-13")
async def test_visits_are_counted_by_what_became_of_them(database):
    await a_busy_week()
    found = await table(VISITS, "day")
    monday = line(VISITS, found, "2026-11-23")
    assert monday == {
        "came": 7, "people": 9, "admitted": 4, "refused": 1, "held": 0, "waiting": 1, "gone": 1,
        "inside": 2, "refused_share": 14.3,
    }  # fmt: skip
    assert line(VISITS, found, "2026-11-24")["came"] == 1
    assert line(VISITS, found, None)["came"] == 8
    assert not found.faults
    hours = await table(VISITS, "hour")
    assert [row.values[0] for row in hours.rows] == [1, *[0] * 9, 7]
    assert [row.key for row in hours.rows][::10] == ["00", "10"]
    purposes = await table(VISITS, "purpose")
    assert {row.key: row.values[0] for row in purposes.rows} == {
        "core.visit": 7, "core.delivery": 1
    }  # fmt: skip


async def test_waiting_times_tell_median_and_ninetieth_hundredth(database):
    await a_busy_week()
    total = line(WAITS, await table(WAITS, "day"), None)
    assert total == {"admitted": 4, "median": 4, "p90": 30, "mean": 11.8}


async def test_the_period_before_and_the_same_of_last_year_stand_beside_it(database):
    await a_busy_week()
    choice = Choice(period=replace(DAY.following, kind="day"), by="purpose")
    tuesday = await made(VISITS, choice, actor=ADMIN, plugins=Plugins({}))
    assert [t.total[0] for t in (tuesday.table, tuesday.before, tuesday.year_before)] == [1, 7, 0]
    monday = await made(VISITS, Choice(period=DAY), actor=ADMIN, plugins=Plugins({}))
    assert [t.total[0] for t in (monday.table, monday.before, monday.year_before)] == [7, 0, 1]
    assert queries.change(7, 1) == 600.0
    assert queries.change(7, 0) is None


async def a_scan(gate, at, direction, verdict, number, device):
    moment = round(at.timestamp() * 1000)
    await ScanEvent.insert(
        ScanEvent(
            device=device, seq=number, at=moment, received_at=moment, gate=gate.id, site=gate.site,
            direction=direction, verdict=verdict, code="x" if verdict else "",
        )
    )  # fmt: skip
    day = (at + timedelta(hours=8)).date().isoformat()
    key = f"{day}/{gate.id}/{direction}/{verdict}"
    await db.execute(
        "INSERT INTO scan_counter (id, day, gate, kind, direction, verdict, code, total)"
        " VALUES ({}, {}, {}, 'visit', {}, {}, '', 1)"
        " ON CONFLICT (id) DO UPDATE SET total = scan_counter.total + 1",
        key, day, gate.id, direction, verdict,
    )  # fmt: skip


async def a_busy_gate():
    site_id, gate_id = await a_site("east", "东校区")
    gate = Gate(id=gate_id, site=site_id)
    device = uuid4()
    moments_ = [MONDAY + timedelta(hours=h) for h in (0, 0, 1, 9, 15)]  # 15 h on: Tuesday's 01:00
    for number, (at, way, verdict) in enumerate(product(moments_, (0, 1), (0, 1, 2))):
        await a_scan(gate, at, way, verdict, number, device)
    return site_id


async def test_scans_are_the_same_by_counter_and_by_event(database):
    await a_busy_gate()
    assert await ScanCounter.exists()
    totals = {by: (await table(SCANS, by)).total for by in ("day", "hour", "gate", "verdict")}
    assert set(totals.values()) == {(30, 10, 10, 10)}
    by_hour = await table(SCANS, "hour", split="verdict")
    assert {row.key: row.values for row in by_hour.rows}["10"] == (4, 4, 4, 12)
    assert [row.values[0] for row in (await table(SCANS, "day")).rows][:2] == [24, 6]


async def a_rated_week():
    place = await a_busy_week()
    rows = await db.fetch("SELECT id FROM registration ORDER BY number")
    for rating, row in zip((5, 4, 2, 1), rows, strict=False):
        followed = MONDAY if rating == 1 else None
        await Feedback.insert(
            Feedback(
                id=uuid4(),
                registration=row["id"],
                rating=rating,
                at=MONDAY,
                followed_up_at=followed,
            )
        )
    return place


async def test_feedback_is_counted_with_what_followed(database):
    await a_rated_week()
    total = line(FEEDBACK, await table(FEEDBACK, "day"), None)
    assert total == {"said": 4, "average": 3.0, "unhappy": 2, "followed_up": 1, "open": 1}


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
async def test_every_figure_leads_to_as_many_rows_as_it_counts(database, report):
    await a_rated_week()
    await a_busy_gate()
    compared = 0
    sums = [measure for measure in report.measures if measure.how == "sum"]
    for dimension in report.dimensions:
        found = await table(report, dimension.name)
        for place, column in enumerate(found.columns):
            if column.measure not in sums:
                continue
            for row in found.rows:
                rows = await rows_behind(
                    report, Choice(period=WEEK), field=column.measure.source,
                    keys={dimension.name: row.key}, limit=500, offset=0, actor=ADMIN,
                )  # fmt: skip
                assert sum(one.amount for one in rows.lines) == row.values[place]
                assert rows.total == len(rows.lines)
                compared += 1
    assert compared > 10


async def test_rows_come_page_by_page_without_repeats(database):
    await a_busy_week()
    asked = {"field": "came", "keys": {}, "actor": ADMIN}
    whole = await rows_behind(VISITS, Choice(period=WEEK), limit=100, offset=0, **asked)
    pages = [
        line.path
        for offset in range(0, 9, 3)
        for line in (
            await rows_behind(VISITS, Choice(period=WEEK), limit=3, offset=offset, **asked)
        ).lines
    ]
    assert pages == [line.path for line in whole.lines]
    assert len(set(pages)) == whole.total == 8


async def test_nobody_sees_figures_or_rows_of_sites_that_are_not_theirs(database):
    place = await a_busy_week()
    other, _ = await a_site("west", "西校区")
    held = frozenset({"core:report:read", "core:registration:read"})
    here = Actor(kind="user", permissions=held, grants={place.site_id: held})
    there = Actor(kind="user", permissions=held, grants={other: held})
    assert (await table(VISITS, "day", actor=here)).total[0] == 8
    assert (await table(VISITS, "day", actor=there)).total[0] == 0
    with pytest.raises(NotFoundError):
        await table(VISITS, "day", actor=there, site_id=place.site_id)
    figures_only = Actor(kind="user", permissions=frozenset({"core:report:read"}))
    assert (await table(VISITS, "day", actor=figures_only)).total[0] == 8
    with pytest.raises(NotFoundError):
        await rows_behind(
            VISITS,
            Choice(period=WEEK),
            field="came",
            keys={},
            limit=9,
            offset=0,
            actor=figures_only,
        )


async def test_small_counts_are_hidden_from_those_without_the_permission(database):
    await a_busy_week()
    shy = replace(VISITS, suppress_below=5, in_full="core:log:read")
    outsider = Actor(
        kind="user", permissions=frozenset({"core:report:read", "core:registration:read"})
    )
    assert str((await table(shy, "purpose", actor=outsider)).total[0]) == "Hidden.SMALL"
    assert (await table(shy, "purpose")).total[0] == 8
    with pytest.raises(NotFoundError):
        await rows_behind(
            shy, Choice(period=WEEK), field="came", keys={}, limit=9, offset=0, actor=outsider
        )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
async def test_days_and_hours_are_the_sites_own_also_when_clocks_change(database, zone):
    place = await a_place()
    where = ZoneInfo(zone)
    year = span(date(2026, 1, 1), date(2026, 12, 31), where)
    # Around both changes of 2026 in Europe and America, every half hour.
    starts = [
        datetime(2026, *day, 0, 30, tzinfo=UTC) for day in ((3, 8), (3, 29), (10, 25), (11, 1))
    ]
    at = [start + timedelta(minutes=30 * n) for start in starts for n in range(12)]
    for moment in at:
        await db.execute(
            "INSERT INTO registration (id, number, site, visitor, purpose, state, created_at)"
            " SELECT {}, {}, {}, v.id, 'core.visit', 'waiting', {} FROM visitor v LIMIT 1",
            uuid4(), uuid4().hex[:20], place.site_id, moment,
        ) if await db.fetch("SELECT 1 AS one FROM visitor") else await come(place, "初", moment)  # fmt: skip
    rows = await db.fetch(
        f"SELECT created_at, {moments.day_of('created_at', year)} AS day,"
        f" {moments.hour_of('created_at', year)} AS hour FROM registration"
    )
    assert len(rows) == len(at)
    for row in rows:
        local = row["created_at"].astimezone(where)
        assert (row["day"], row["hour"]) == (local.date().isoformat(), f"{local.hour:02}")


async def test_a_query_groups_by_what_is_asked_and_nothing_else(database):
    await a_busy_week()
    whole = await VISITS.query(Asked(period=WEEK))
    assert [dict(cell.keys) for cell in whole] == [{}]
    assert whole[0].sums["came"] == 8
    rows = await VISITS.rows(Asked(period=WEEK, sites=frozenset()), Picked(counted="came"))
    assert rows.total == 0
