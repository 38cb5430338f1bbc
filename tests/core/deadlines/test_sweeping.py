"""Sweeping many clocks: told once, many told as one, in the hours that the office works."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from core import db, hookimpl
from core.accounts.tables import User, UserRole
from core.deadlines import clocks, personal, queries, rulebook, services, sweeping
from core.deadlines.facts import DeadlineRule, NewDeadline, Rung
from core.deadlines.tables import DeadlineAlarm
from core.errors import InvalidInputError
from core.i18n import N_, Message
from core.log.proof import holds
from core.log.tables import LogEntry
from core.notices.tables import Notice
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.rulebooks import queries as rulebooks
from core.rulebooks import services as adopting

D = date.fromisoformat
NONE = Plugins({})


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())
    rulebooks.forget()


def at_hour(day, hour, minute=0):
    return datetime.combine(D(day), datetime.min.time(), UTC) + timedelta(
        hours=hour - 8, minutes=minute
    )


async def a_user(name, *roles, email=""):
    user = User(id=uuid4(), login=uuid4().hex[:8], name=name, email=email,
                created_at=at_hour("2026-01-05", 9))  # fmt: skip
    await User.insert(user)
    for role in roles:
        await UserRole.insert(UserRole(id=uuid4(), user=user.id, role=role))
    return user.id


async def started(number, **given):
    return [
        await services.start(
            NewDeadline(
                record_kind="matter", record=str(n), name="handle", label=N_("Visitors"),
                rule=DeadlineRule(name="handle", length=10), started_on=D("2026-06-01"), **given,
            ),
            actor=SYSTEM, at=at_hour("2026-06-01", 9),
        )
        for n in range(number)
    ]  # fmt: skip


@pytest.mark.rule("CORE-10")
async def test_many_clocks_of_one_person_are_told_as_one_and_few_by_themselves(database):
    busy, calm = await a_user("忙", email="busy@office.test"), await a_user("闲")
    await started(40, owner=busy)
    await started(3, owner=calm)
    assert await sweeping.sweep(at_hour("2026-06-30", 10), NONE) == 43
    told = await Notice.objects().where(Notice.channel == "in_app")
    [one] = [notice for notice in told if notice.user == busy]
    assert Message.load(one.body).translate("zh_Hans") == "有 40 项已经超期。"
    assert one.url == "/deadlines"
    assert len([notice for notice in told if notice.user == calm]) == 3
    assert len(await Notice.objects().where(Notice.channel == "email")) == 1
    assert await sweeping.sweep(at_hour("2026-06-30", 10), NONE) == 0
    assert await LogEntry.count().where(LogEntry.act == "deadline.warn") == 43


async def test_who_is_escalated_to_is_told_of_many_as_one_too(database):
    chief = await a_user("科长", "chief")
    await started(6, ladder=(Rung(after_hours=4, roles=("chief",)),))
    await sweeping.sweep(at_hour("2026-06-30", 17), NONE)
    [notice] = await Notice.objects().where(Notice.user == chief)
    assert "6" in Message.load(notice.body).translate("en")


async def test_two_servers_that_sweep_at_once_tell_each_clock_once(database):
    owner = await a_user("小李")
    await started(60, owner=owner)
    when = at_hour("2026-06-30", 10)
    done = await asyncio.gather(sweeping.sweep(when, NONE), sweeping.sweep(when, NONE))
    assert sum(done) == 60
    assert await LogEntry.count().where(LogEntry.act == "deadline.warn") == 60


async def test_more_clocks_than_one_batch_are_all_swept_told_as_one_and_their_log_is_whole(
    database, monkeypatch
):
    monkeypatch.setattr(sweeping, "BATCH", 7)
    monkeypatch.setattr(sweeping, "AT_ONCE", 20)
    owner, chief = await a_user("小李", email="li@office.test"), await a_user("科长", "chief")
    await started(50, owner=owner, ladder=(Rung(after_hours=4, roles=("chief",)),))
    assert await sweeping.sweep(at_hour("2026-06-30", 17), NONE) == 50
    for told in (owner, chief):
        [notice] = await Notice.objects().where(Notice.user == told)
        assert "50" in Message.load(notice.body).translate("en")
    assert await Notice.count().where(Notice.channel == "email") == 1
    assert await DeadlineAlarm.count().where(DeadlineAlarm.at.is_not_null()) == 0
    for row in await LogEntry.objects().where(LogEntry.act == "deadline.warn"):
        values = (
            row.at, row.actor_kind, row.actor_id, row.actor_name, row.place, row.act,
            row.record_kind, row.record_id, row.before, row.after,
        )  # fmt: skip
        assert holds(row.proof, values)


async def test_a_clock_that_ends_while_it_is_swept_is_left_alone(database):
    owner = await a_user("小李")
    [one] = await started(1, owner=owner)
    await services.finish(one, actor=SYSTEM, at=at_hour("2026-06-05", 9))
    assert await sweeping.sweep(at_hour("2026-06-30", 10), NONE) == 0
    assert await Notice.count() == 0


@pytest.mark.rule("CORE-10")
async def test_warnings_come_when_the_office_opens_by_its_own_hours(database):
    values = {
        "morning_opens": "08:30", "morning_closes": "11:30",
        "afternoon_opens": "13:30", "afternoon_closes": "17:00",
    }  # fmt: skip
    now = at_hour("2026-06-01", 8)
    await adopting.adopt(
        rulebook.RULEBOOK, values, effective_from=now, note="x", actor=SYSTEM, at=now
    )
    assert (await rulebook.office_hours(now)).periods[1][1].isoformat() == "17:00:00"
    owner = await a_user("小李")
    from core import clock

    clock.CLOCK.travel(at_hour("2026-06-01", 9), running=False)
    try:
        [one] = await started(1, owner=owner)
    finally:
        clock.CLOCK.reset()
    due = (await queries.clock(one, at=now)).due
    after = (due + timedelta(days=1)).isoformat()
    await sweeping.sweep(at_hour(after, 8, 29), NONE)
    assert not await Notice.count().where(Notice.key.like("%overdue%"))
    await sweeping.sweep(at_hour(after, 8, 30), NONE)
    assert await Notice.count().where(Notice.key.like("%overdue%")) == 1


@pytest.mark.parametrize("wrong", [{"morning_closes": "08:00"}, {"afternoon_opens": "11:00"}])
async def test_office_hours_that_do_not_follow_each_other_are_refused(database, wrong):
    now = at_hour("2026-06-01", 8)
    with pytest.raises(InvalidInputError) as refused:
        await adopting.adopt(
            rulebook.RULEBOOK, wrong, effective_from=now, note="x", actor=SYSTEM, at=now
        )
    assert set(refused.value.problems) == set(wrong)
    assert await rulebook.office_hours(now) == clocks.OfficeHours()


async def test_a_petitioner_reads_how_the_date_was_reached_in_sentences(database):
    one = await services.start(
        NewDeadline(
            record_kind="matter", record="17", name="handle", label=N_("Visitors"),
            event=N_("Visitors"), started_on=D("2026-09-24"),
            rule=DeadlineRule(name="handle", length=5, basis="《信访工作条例》第二十三条", unit="working"),
        ),
        actor=SYSTEM, at=at_hour("2026-09-24", 9),
    )  # fmt: skip
    await services.pause(one, reason="canary-reason", actor=SYSTEM, at=at_hour("2026-09-28", 9))
    await services.resume(one, actor=SYSTEM, at=at_hour("2026-09-30", 9))
    clock = await queries.clock(one, at=at_hour("2026-09-30", 10))
    said = [line.translate("zh_Hans") for line in clock.plain]
    assert said[0] == "期限自 2026-09-24 起算：来访者。" or said[0].startswith("期限自 2026-09-24")
    assert "期限为 5 个工作日，休息日和节假日不计入，调休上班的周末计入。" in said
    assert "依据：《信访工作条例》第二十三条。" in said
    assert "2026-09-28 至 2026-09-29 期限中止，共 2 天不计入。" in said
    assert any("国庆节" in line for line in said)
    assert said[-1] == f"因此，期限的最后一天是 {clock.due}。"
    assert not any("canary" in line for line in said)
    assert await db.fetch("SELECT 1 FROM deadline_pause WHERE reason = 'canary-reason'")


class Wall:
    """A plugin that lets one person know of one record, and may fail to say."""

    def __init__(self, record, user):
        self.record, self.user, self.fails = record, user, False

    @hookimpl
    async def resolve_readers(self, record_kind, records, users):
        if self.fails:
            raise ConnectionError("away")
        return {one: frozenset({self.user} & set(users)) for one in records if one == self.record}


async def test_nobody_is_told_of_a_record_they_may_not_know_of(database):
    may, other = await a_user("可以", "chief"), await a_user("不可以", "chief")
    await started(2, roles=("chief",), ladder=(Rung(after_hours=0, roles=("chief",)),))
    wall = Wall("1", may)
    plugins = Plugins({"wall": wall})
    wall.fails = True
    when = at_hour("2026-06-30", 10)
    assert await sweeping.sweep(when, plugins) == 0, "while nobody can say, nobody is told"
    assert await Notice.count() == 0
    wall.fails = False
    assert await sweeping.sweep(when, plugins) == 2
    told = await Notice.objects()
    assert {notice.user for notice in told} == {may}
    assert len(told) == 2  # overdue, and escalated
    reader = Actor(kind="user", id=may, roles=frozenset({"chief"}))
    barred = Actor(kind="user", id=other, roles=frozenset({"chief"}))
    assert [c.record for c in await personal.of_person(reader, at=when, plugins=plugins)] == ["1"]
    assert await personal.of_person(barred, at=when, plugins=plugins) == []


async def test_where_very_many_are_due_at_once_the_log_names_them_together(database, monkeypatch):
    monkeypatch.setattr(sweeping, "SINGLY", 5)
    owner = await a_user("小李")
    ids = await started(12, owner=owner)
    await sweeping.sweep(at_hour("2026-06-30", 10), NONE)
    [row] = await LogEntry.objects().where(LogEntry.act == "deadline.warn")
    said = json.loads(row.after)
    assert set(said["clocks"]) == {str(one) for one in ids}
    assert said["fired"] == ["amber", "red", "overdue"]
