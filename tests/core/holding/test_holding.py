"""One unit answers for a record at any moment: whatever is done, in whatever order, on both engines."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import db
from core.errors import InvalidInputError, NotFoundError, RefusedError, StaleError, WrongStateError
from core.holding import queries, services
from core.holding.facts import Holder
from core.holding.tables import HoldingSpan
from core.log.tables import LogEntry
from core.permissions import Actor
from core.privacy import keys
from core.privacy.crypto import Keyring

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CLERK = Actor(kind="user", id=uuid4(), name="小李")
OFFICE, COUNTY, BUREAU = (
    Holder("office", "1", "市信访局"),
    Holder("county", "7", "东山县"),
    Holder("department", "3", "市住建局"),
)
UNITS = [OFFICE, COUNTY, BUREAU, Holder("county", "8", "西河县")]


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


class Record:
    """A record handed about, so many days after the other act."""

    def __init__(self):
        self.id, self.at = uuid4(), MONDAY

    def _of(self, days):
        self.at += timedelta(days=days)
        return {"actor": CLERK, "at": self.at}

    async def take(self, who=OFFICE, **given):
        await services.hold("matter", self.id, who, **self._of(0), **given)
        return self

    async def pass_on(self, to, days=0, reason="属地管理", **given):
        await services.pass_on("matter", self.id, to, reason=reason, **self._of(days), **given)

    async def give_back(self, days=0, reason="不属本单位职权", **given):
        return await services.give_back("matter", self.id, reason=reason, **self._of(days), **given)

    async def held(self):
        return await queries.current("matter", self.id)

    async def chain(self, days=0):
        return await queries.history("matter", self.id, at=self.at + timedelta(days=days))


@pytest.mark.rule("GOV-54")
async def test_the_days_of_every_unit_add_up_to_the_age_of_the_record(database):
    record = await Record().take()
    await record.pass_on(COUNTY, days=3)
    await record.give_back(days=10)
    await record.pass_on(BUREAU, days=1)
    chain = await record.chain(days=5)
    assert [(s.holder.label, s.days, s.how) for s in chain.spans] == [
        ("市信访局", 3, "take"),
        ("东山县", 10, "pass_on"),
        ("市信访局", 1, "return"),
        ("市住建局", 5, "pass_on"),
    ]
    assert (chain.age, chain.returns, chain.loops) == (19, 1, 0)
    days = await queries.days_by_holder("matter", record.id, at=record.at + timedelta(days=5))
    assert [(d.holder, d.days, d.times) for d in days] == [
        (OFFICE, 4, 2),
        (COUNTY, 10, 1),
        (BUREAU, 5, 1),
    ]


@pytest.mark.rule("GOV-54")
async def test_what_is_held_already_is_not_taken_again_nor_handed_to_its_holder(database):
    record = await Record().take()
    with pytest.raises(WrongStateError):
        await record.take(COUNTY)
    with pytest.raises(RefusedError):
        await record.pass_on(OFFICE)
    assert (await record.held()).holder == OFFICE
    with pytest.raises(NotFoundError):
        await Record().pass_on(COUNTY)


@pytest.mark.rule("GOV-54")
async def test_a_return_needs_a_reason_and_somebody_who_gave_it(database):
    record = await Record().take()
    with pytest.raises(RefusedError):
        await record.give_back()
    await record.pass_on(COUNTY)
    for empty in ("", "  "):
        with pytest.raises(InvalidInputError):
            await record.give_back(reason=empty)
        with pytest.raises(InvalidInputError):
            await record.pass_on(BUREAU, reason=empty)
    assert (await record.held()).holder == COUNTY


@pytest.mark.rule("GOV-54")
async def test_a_return_goes_back_the_way_it_came_and_never_to_who_just_returned_it(database):
    record = await Record().take()
    await record.pass_on(COUNTY)
    await record.pass_on(BUREAU)
    assert await record.give_back() == COUNTY
    assert await record.give_back() == OFFICE
    with pytest.raises(RefusedError):
        await record.give_back()
    assert (await record.chain()).returns == 2


@pytest.mark.rule("GOV-54")
async def test_a_record_that_is_pushed_from_door_to_door_is_found(database):
    calm, pushed = await Record().take(), await Record().take()
    await calm.pass_on(COUNTY)
    await pushed.pass_on(COUNTY)
    await pushed.pass_on(BUREAU)
    await pushed.pass_on(COUNTY)  # a circle, though nobody returned anything
    await pushed.give_back()
    held = await pushed.held()
    assert (held.holder, held.loops, held.returns) == (BUREAU, 1, 1)
    assert [s.loop for s in (await pushed.chain()).spans] == [False, False, False, True, False]
    assert [one.record for one in await queries.bounced("matter")] == [str(pushed.id)]
    assert await queries.bounced("other") == []


@pytest.mark.rule("GOV-54")
async def test_the_first_handler_stays_on_record_whoever_handles_it_later(database):
    one, other = uuid4(), uuid4()
    record = await Record().take()
    assert (await record.chain()).first.person is None
    await record.pass_on(COUNTY, person=one, person_name="王五")
    await services.put_in_charge(
        "matter", record.id, person=other, name="赵六", actor=CLERK, at=record.at
    )
    await services.put_in_charge(
        "matter", record.id, person=None, name="", actor=CLERK, at=record.at
    )
    await record.pass_on(BUREAU, person=other, person_name="赵六")
    first = (await record.chain()).first
    assert (first.holder, first.since) == (OFFICE, MONDAY)
    assert (first.person, first.person_name, first.person_label) == (one, "王五", "东山县")
    assert (await record.held()).person_name == "赵六"
    found = await queries.held_by("matter", "department", 3, person=other)
    assert [held.record for held in found] == [str(record.id)]
    assert await queries.held_by("matter", "department", 3, person=one) == []


@pytest.mark.rule("GOV-54")
async def test_the_age_stands_still_when_the_record_has_ended_and_goes_on_when_reopened(database):
    record = await Record().take()
    await record.pass_on(COUNTY, days=2)
    record.at += timedelta(days=4)
    await services.end("matter", record.id, actor=CLERK, at=record.at)
    chain = await record.chain(days=100)
    assert (chain.age, [s.days for s in chain.spans]) == (6, [2, 4])
    with pytest.raises(WrongStateError):
        await record.pass_on(BUREAU)
    assert await queries.held_by("matter", "county", 7) == []
    assert len(await queries.held_by("matter", "county", 7, ended=True)) == 1
    await services.reopen("matter", record.id, actor=CLERK, at=record.at)
    chain = await record.chain(days=100)
    assert (chain.age, [s.days for s in chain.spans]) == (106, [2, 104])
    with pytest.raises(WrongStateError):
        await services.reopen("matter", record.id, actor=CLERK, at=record.at)


async def test_a_list_is_told_its_holders_at_once_and_each_unit_its_number(database):
    records = [await Record().take() for _ in range(5)]
    await records[0].pass_on(COUNTY)
    await records[1].pass_on(COUNTY)
    found = await queries.current_of("matter", [*(r.id for r in records), uuid4()])
    assert [found[str(r.id)].holder for r in records] == [COUNTY] * 2 + [OFFICE] * 3
    assert len(found) == 5
    assert await queries.counts("matter") == {("county", "7"): 2, ("office", "1"): 3}


async def test_of_ten_who_hand_it_on_at_once_each_is_one_span_in_a_row(database):
    record = await Record().take()
    units = [Holder("county", str(100 + n), f"县{n}") for n in range(10)]
    await asyncio.gather(*(record.pass_on(unit) for unit in units))
    await whole(record, 11)


async def test_of_two_who_act_on_the_same_page_one_is_told_to_look_again(database):
    record = await Record().take()
    seen = (await record.held()).version
    ends = await asyncio.gather(
        record.pass_on(COUNTY, version=seen),
        record.pass_on(BUREAU, version=seen),
        return_exceptions=True,
    )
    assert sorted(type(end) for end in ends if end) == [StaleError]
    await whole(record, 2)


async def test_the_database_itself_refuses_a_second_holder(database):
    record = await Record().take()
    [row] = await HoldingSpan.objects().where(HoldingSpan.record == str(record.id))
    with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
        await db.execute(
            "INSERT INTO holding_span (id, holding, record_kind, record, position, unit_kind,"
            " unit_id, unit_label, since, how, loop, person_name, by_name)"
            " VALUES ({}, {}, {}, {}, 1, 'county', '7', 'x', {}, 'pass_on', {}, '', '')",
            uuid4(), row.holding, row.record_kind, row.record, row.since, False,
        )  # fmt: skip


async def test_why_is_stored_encrypted_not_logged_and_can_be_forgotten(database):
    record = await Record().take()
    await record.pass_on(COUNTY, reason="canary-why", person=uuid4(), person_name="canary-who")
    assert (await record.chain()).spans[1].reason == "canary-why"
    stored = str(await db.fetch("SELECT * FROM holding_span"))
    assert "canary-why" not in stored
    logged = await LogEntry.objects().where(LogEntry.act == "holding.pass_on")
    assert [one.record_id for one in logged] == [str(record.id)]
    assert "canary" not in logged[0].after
    await services.forget("matter", record.id)
    chain = await record.chain(days=9)
    assert (chain.spans[1].reason, chain.spans[1].person_name, chain.first.person_name) == (
        "", "", "",
    )  # fmt: skip
    assert (chain.age, len(chain.spans)) == (9, 2)
    await record.pass_on(BUREAU, person=uuid4(), person_name="later")
    assert (await record.chain()).first.person is None


async def whole(record, count=None):
    """Check in the rows themselves that one span is open and each begins where the last ended."""
    rows = (
        await HoldingSpan.objects()
        .where(HoldingSpan.record == str(record.id))
        .order_by(HoldingSpan.position)
    )
    assert [row.position for row in rows] == list(range(len(rows)))
    assert [row.until for row in rows[:-1]] == [row.since for row in rows[1:]]
    assert rows[-1].until is None
    assert all(row.until is None or row.since <= row.until for row in rows)
    assert count is None or len(rows) == count
    chain = await record.chain(days=40)
    assert sum(span.days for span in chain.spans) == chain.age
    return rows


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pass_on", "pass_on", "give_back", "put_in_charge", "end", "reopen"]),
        st.integers(0, len(UNITS) - 1),
        st.integers(-30, 200),  # hours to the next act: a slow clock may even tell them backwards
    ),
    max_size=10,
)


@pytest.mark.rule("GOV-54")
@given(acts=ACTS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_is_done_in_whatever_order_one_unit_holds_it_and_no_day_is_lost(
    database, acts
):
    record = await Record().take()
    way, came_from, ended, returns = [OFFICE], [None], False, 0  # the same, in the plainest way
    for act, unit, hours in acts:
        record.at += timedelta(hours=hours)
        try:
            if act == "pass_on":
                await record.pass_on(UNITS[unit])
                came_from.append(len(way) - 1)
                way.append(UNITS[unit])
            elif act == "give_back":
                await record.give_back()
                back = came_from[-1]
                way.append(way[back])
                came_from.append(came_from[back])
                returns += 1
            elif act == "put_in_charge":
                await services.put_in_charge(
                    "matter", record.id, person=uuid4(), name="某", actor=CLERK, at=record.at
                )
            else:
                await getattr(services, act)("matter", record.id, actor=CLERK, at=record.at)
                ended = act == "end"
        except RefusedError:
            same = act == "pass_on" and UNITS[unit] == way[-1]
            assert same or (act == "give_back" and came_from[-1] is None)
        except WrongStateError:
            assert ended == (act != "reopen")
    rows = await whole(record, len(way))
    assert [(row.unit_kind, row.unit_id) for row in rows] == [unit.key for unit in way]
    held = await record.held()
    assert (held.holder, held.returns) == (way[-1], returns)
