"""Clocks on both engines: started, paused, extended, warned of, moved by a changed table of holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from core import default_plugin, minutely
from core.accounts.tables import User, UserRole
from core.approvals import queries as approval_queries
from core.approvals import services as approvals
from core.approvals.facts import StepPlan
from core.deadlines import (
    extending,
    holidays,
    pasting,
    policies,
    proofs,
    queries,
    recomputing,
    services,
    shipped,
    sweeping,
)
from core.deadlines.facts import DeadlineRule, NewDeadline, Rung
from core.deadlines.tables import CalendarDayRow, Deadline, DeadlineExtension
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.tables import LogEntry
from core.notices.tables import Notice
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring

D = date.fromisoformat
NONE = Plugins({})
CLERK = Actor(kind="user", id=uuid4(), name="小李")
KEEPER = Actor(kind="user", id=uuid4(), name="管理员", permissions=frozenset({holidays.WRITE}))


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


def nine(day):
    """Return half past nine in the morning in Shanghai."""
    return datetime.combine(D(day), datetime.min.time(), UTC) + timedelta(hours=1, minutes=30)


async def a_user(name, *roles, email=""):
    user = User(
        id=uuid4(), login=uuid4().hex[:8], name=name, email=email, created_at=nine("2026-01-05")
    )
    await User.insert(user)
    for role in roles:
        await UserRole.insert(UserRole(id=uuid4(), user=user.id, role=role))
    return Actor(kind="user", id=user.id, name=name)


async def started(day, length=15, unit="working", **given):
    plain = {
        "record_kind": "matter",
        "record": "17",
        "name": "handle",
        "label": N_("Visitors"),
        "rule": DeadlineRule(name="handle", length=length, unit=unit, basis="第三十三条"),
        "started_on": D(day),
    }
    return await services.start(NewDeadline(**(plain | given)), actor=CLERK, at=nine(day))


async def the(deadline_id, day):
    return await queries.clock(deadline_id, at=nine(day))


@pytest.mark.rule("CORE-10", "CORE-25")
async def test_two_clocks_on_one_record_each_show_their_date_and_its_proof(database):
    await started("2026-09-24", 5)
    await started("2026-09-24", 3, track="internal", name="draft")
    statutory, internal = await queries.of_record("matter", 17, at=nine("2026-09-28"))
    assert (statutory.due, internal.due) == (D("2026-10-09"), D("2026-09-30"))
    assert (statutory.track, internal.track) == ("statutory", "internal")
    assert (statutory.level, statutory.left, internal.level) == ("calm", 11, "red")
    said = [str(line) for line in statutory.proof]
    assert said[0] == ("Start: 2026-09-24; 5 working days. The day itself does not count.")
    assert "2026-10-01 to 2026-10-07: holiday, not counted (国庆节)" in said
    assert said[-1] == "Last day: 2026-10-09"
    assert statutory.basis == "第三十三条"


@pytest.mark.rule("CORE-10")
async def test_a_paused_clock_has_no_date_and_goes_on_where_it_stood(database):
    one = await started("2026-03-02", 30, "calendar")
    with pytest.raises(InvalidInputError):
        await services.pause(one, reason="", actor=CLERK, at=nine("2026-03-10"))
    await services.pause(one, reason="鉴定", actor=CLERK, at=nine("2026-03-10"))
    assert (await the(one, "2026-03-15")).due is None
    with pytest.raises(WrongStateError):
        await services.pause(one, reason="又", actor=CLERK, at=nine("2026-03-11"))
    with pytest.raises(InvalidInputError):
        await services.resume(one, actor=CLERK, at=nine("2026-03-20"), day=D("2026-03-01"))
    assert await services.resume(one, actor=CLERK, at=nine("2026-03-20")) == D("2026-04-11")
    shown = await the(one, "2026-03-21")
    assert "2026-03-10 to 2026-03-19: paused, not counted (鉴定)" in [str(s) for s in shown.proof]
    row = await Deadline.objects().get(Deadline.id == one)
    assert policies.replay(proofs.load(row.proof)) == row.due
    with pytest.raises(WrongStateError):
        await services.resume(one, actor=CLERK, at=nine("2026-03-20"))
    with pytest.raises(WrongStateError):  # a date that is over is not paused away
        await services.pause(one, reason="x", actor=CLERK, at=nine("2026-04-12"))


@pytest.mark.rule("CORE-10")
async def test_an_extension_names_its_reason_and_moves_the_date(database):
    one = await started("2026-08-02", 60, "calendar")
    for wrong in ({"reason": " "}, {"length": 0}, {"unit": "weeks"}):
        given = {"length": 30, "unit": "calendar", "reason": "情况复杂"} | wrong
        with pytest.raises(InvalidInputError):
            await services.extend(one, **given, actor=CLERK, at=nine("2026-09-28"))
    due = await services.extend(
        one, length=30, unit="calendar", reason="情况复杂", actor=CLERK, at=nine("2026-09-28")
    )
    assert due == D("2026-10-31")
    entry = await LogEntry.objects().where(LogEntry.act == "deadline.extend").first()
    assert ("2026-10-01" in entry.before, "2026-10-31" in entry.after) == (True, True)
    await services.finish(one, actor=CLERK, at=nine("2026-11-02"))
    assert (await the(one, "2026-11-03")).level == "late"
    with pytest.raises(WrongStateError):
        await services.cancel(one, reason="x", actor=CLERK, at=nine("2026-11-02"))
    with pytest.raises(NotFoundError):
        await services.finish(uuid4(), actor=CLERK, at=nine("2026-11-02"))


@pytest.mark.rule("CORE-9", "CORE-10")
async def test_more_time_is_granted_with_the_last_signature_and_asked_for_once(database):
    plugins = Plugins({})
    asks, chief, head = [await a_user(n) for n in ("小李", "科长", "局长")]
    one = await started("2026-08-02", 60, "calendar")
    steps = [StepPlan(label=N_("Signature"), users=(who.id,)) for who in (chief, head)]
    ask = {
        "length": 30, "unit": "calendar", "reason": "情况复杂", "steps": steps,
        "actor": asks, "at": nine("2026-09-20"), "plugins": plugins,
    }  # fmt: skip
    request = await extending.ask(one, **ask)
    with pytest.raises(WrongStateError):
        await extending.ask(one, **ask)
    vote = {"at": nine("2026-09-21"), "plugins": plugins}
    await approvals.vote(request, "approve", actor=chief, **vote)
    assert (await the(one, "2026-09-21")).due == D("2026-10-01")
    await approvals.vote(request, "approve", actor=head, **vote)
    assert (await the(one, "2026-09-21")).due == D("2026-10-31")
    [granted] = await DeadlineExtension.objects()
    assert (granted.approval, granted.by_name) == (request, "局长")
    again = await extending.ask(one, **ask)
    await approvals.vote(again, "reject", actor=chief, opinion="够了", **vote)
    assert (await the(one, "2026-09-21")).due == D("2026-10-31")
    assert (await the(one, "2026-09-21")).extension_asked is None
    assert hasattr(default_plugin, "do_approved")
    assert hasattr(default_plugin, "do_rejected")


@pytest.mark.rule("CORE-10")
async def test_more_time_asked_for_a_clock_that_was_stopped_waits_for_nobody(database):
    plugins = Plugins({})
    asks, chief = [await a_user(n) for n in ("小李", "科长")]
    one = await started("2026-08-02", 60, "calendar")
    steps = [StepPlan(label=N_("Signature"), users=(chief.id,))]
    await extending.ask(
        one, length=30, unit="calendar", reason="情况复杂", steps=steps, actor=asks,
        at=nine("2026-09-20"), plugins=plugins,
    )  # fmt: skip
    at = nine("2026-09-21")
    await minutely.do_what_is_due(at, plugins)
    assert len(await approval_queries.waiting_for(chief, at=at)) == 1
    await services.finish(one, actor=CLERK, at=at)
    await minutely.do_what_is_due(at, plugins)
    assert await approval_queries.waiting_for(chief, at=at) == []
    assert await extending.lapse(at=at, plugins=plugins) == 0


@pytest.mark.rule("CORE-10")
async def test_a_moved_date_is_told_to_the_roles_that_answer_for_it_and_many_as_one(database):
    clerk, other = await a_user("文员", "x.clerk"), await a_user("别人", "y.clerk")
    at = nine("2027-02-01")
    few = await started("2027-02-01", 5, roles=("x.clerk",))
    exact = [
        replace(day, provisional=False)
        for day in shipped.days_of(2027)
        if not (day.day.month == 2 and day.day.day == 8)
    ]
    await holidays.replace_years(exact, actor=KEEPER, at=at)
    assert [one.id for one in await recomputing.recompute(plugins=NONE, at=at)] == [few]
    [told] = await Notice.objects()
    assert told.user == clerk.id
    assert other.id != told.user
    for _ in range(5):
        await started("2027-02-01", 5, roles=("x.clerk",))
    back = [replace(day, provisional=False) for day in shipped.days_of(2027)]
    await holidays.replace_years(back, actor=KEEPER, at=at)
    assert len(await recomputing.recompute(plugins=NONE, at=at)) == 6
    again = await Notice.objects().where(Notice.id != told.id)
    assert [(one.user, one.url) for one in again] == [(clerk.id, "/deadlines")]


@pytest.mark.rule("CORE-10")
async def test_owners_are_warned_then_the_ladder_is_climbed_each_once(database):
    owner = await a_user("小李", email="li@office.test")
    chief = await a_user("科长", "chief")
    await a_user("旁人", "other")
    one = await started(
        "2026-06-01", 10, "calendar", owner=owner.id,
        ladder=(Rung(after_hours=4, roles=("chief",)), Rung(after_hours=100, roles=("chief",))),
    )  # fmt: skip
    # due on Thursday 06-11: amber on the last working day before Saturday 06-06
    expected = [
        ("2026-06-04", []),
        ("2026-06-05", [("amber", owner.id)]),
        ("2026-06-09", [("red", owner.id)]),
        ("2026-06-11", []),
        ("2026-06-12", [("overdue", owner.id)]),
        ("2026-06-13", [("rung0", chief.id)]),
    ]
    seen = set()
    for day, wanted in expected:
        for _ in range(2):
            await sweeping.sweep(nine(day), NONE)
        notices = await Notice.objects().where(Notice.channel == "in_app")
        fresh = {(n.key.split(":")[3], n.user) for n in notices} - seen
        seen |= fresh
        assert sorted(fresh) == sorted(wanted), day
    assert [c.id for c in await queries.overdue(at=nine("2026-06-13"))] == [one]
    letters = await Notice.objects().where(Notice.channel == "email")
    assert len(letters) == 3
    assert not any("Visitors" in letter.body for letter in letters)
    await services.finish(one, actor=CLERK, at=nine("2026-06-13"))
    assert await sweeping.sweep(nine("2026-12-31"), NONE) == 0


async def test_of_warnings_missed_only_the_gravest_is_sent(database):
    owner = await a_user("小李")
    await started("2026-06-01", 10, "calendar", owner=owner.id)
    await sweeping.sweep(nine("2026-07-01"), NONE)
    [notice] = await Notice.objects()
    assert ":overdue:" in notice.key


@pytest.mark.rule("CORE-10", "CORE-25")
async def test_a_changed_table_moves_open_dates_and_says_which(database):
    owner = await a_user("小李")
    moving = await started("2027-02-01", 5, owner=owner.id)
    staying = await started("2027-05-10", 5)
    done = await started("2027-02-01", 5)
    await services.finish(done, actor=CLERK, at=nine("2027-02-02"))
    paused = await started("2027-02-01", 5)
    await services.pause(paused, reason="鉴定", actor=CLERK, at=nine("2027-02-02"))
    before = await the(moving, "2027-02-01")
    assert before.provisional
    assert before.due == D("2027-02-10")
    text = "\n".join(
        [
            "日期,类别,说明",
            "2027-01-01..2027-01-03,休,元旦",
            "2027年2月5日至2027年2月11日,休,春节",
            "2027/2/14,班,春节调休",
            "2027-05-01,休,劳动节",
            "2027-05-02,休,劳动节",
            "20271001~20271007,休,国庆节",
        ]
    )
    pasted = pasting.read(text, source="测试通知", provisional=False)
    assert (pasted.problems, pasted.warnings) == ((), ())
    preview = await holidays.preview(pasted.days)
    assert not await CalendarDayRow.exists()
    with pytest.raises(NotFoundError):
        await holidays.replace_years(pasted.days, actor=CLERK, at=nine("2027-02-01"))
    done_changes = await holidays.replace_years(pasted.days, actor=KEEPER, at=nine("2027-02-01"))
    assert done_changes == preview
    assert D("2027-06-09") in [one.day for one in preview.removed]
    moved = await recomputing.recompute(plugins=NONE, at=nine("2027-02-01"), actor=KEEPER)
    assert [(m.id, m.before, m.after) for m in moved] == [
        (moving, D("2027-02-10"), D("2027-02-14"))
    ]
    after = await the(moving, "2027-02-01")
    assert not after.provisional
    # Whoever was told the former date is told that it moved, and why; the date is still proved.
    assert (after.moved_from, after.due) == (D("2027-02-10"), D("2027-02-14"))
    assert "2027-02-10" in after.plain[-1].translate("zh_Hans")
    assert policies.replay(after.steps) == D("2027-02-14")
    assert (await the(staying, "2027-05-11")).moved_from is None
    assert (await the(staying, "2027-05-11")).due == D("2027-05-17")
    assert not (await the(staying, "2027-05-11")).provisional
    assert (await the(paused, "2027-02-03")).due is None
    assert (await the(done, "2027-02-03")).due == D("2027-02-10")
    [told] = await Notice.objects()
    assert told.user == owner.id
    assert await recomputing.recompute(plugins=NONE, at=nine("2027-02-01")) == []
    again = await holidays.replace_years(pasted.days, actor=KEEPER, at=nine("2027-02-01"))
    assert not again.any
    assert await holidays.version() == 1


async def test_the_shipped_years_come_into_the_table_once_and_never_over_an_import(database):
    at = nine("2026-11-21")
    exact = [replace(d, source="已发布", provisional=False) for d in shipped.days_of(2027)]
    await holidays.replace_years(exact, actor=KEEPER, at=at)
    await minutely.do_what_is_due(at, NONE)
    await minutely.do_what_is_due(at, NONE)
    rows = await CalendarDayRow.objects()
    assert len(rows) == 28 + 5 + 33 + 6 + 13
    assert {r.source for r in rows if r.day.year == 2027} == {"已发布"}
    assert await holidays.version() == 2
    _, calendar = await holidays.calendar()
    assert calendar.confirmed == {2025, 2026, 2027}


async def test_a_provisional_year_gives_way_when_the_software_knows_better(database, monkeypatch):
    at = nine("2026-11-21")
    await holidays.bring_shipped(at=at)
    one = await started("2026-12-28", 8)
    assert (await the(one, "2026-12-29")).provisional
    monkeypatch.setattr(shipped, "PROVISIONAL", frozenset())
    assert await holidays.bring_shipped(at=at) == (2027,)
    await recomputing.recompute(plugins=NONE, at=at)
    assert not (await the(one, "2026-12-29")).provisional
    assert await holidays.bring_shipped(at=at) == ()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2026-13-01,休,x", 1),
        ("9999-12-31,休,x", 1),
        ("2026-02-30,休,x", 1),
        ("2026-10-01..2026-12-31,休,x", 1),
        ("2026-10-07..2026-10-01,休,x", 1),
        ("2026-10-01,也许,x", 1),
        ("2026-10-01", 1),
        ("2026-10-01,休,国庆\n2026-10-01,班,又", 2),
        ("2026-10-01,休,国庆\n=cmd(),休", 2),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, problem):
    pasted = pasting.read(line, source="x", provisional=False)
    assert [number for number, _ in pasted.problems] == [problem]


def test_what_is_unusual_in_a_pasted_year_is_pointed_out():
    pasted = pasting.read("2026-10-01 休 国庆节\n2026-03-04 班", source="", provisional=True)
    said = [str(one) for one in pasted.warnings]
    assert any("2026-03-04" in one for one in said)
    assert any("2026-05-01" in one and "2026-10-02" in one for one in said)
    assert all(one.provisional for one in pasted.days)
    table = pasting.read(
        "\ufeff日期\t类别\t说明\r\n2026.10.1\t休\t国庆节", source="", provisional=False
    )
    assert [one.day for one in table.days] == [D("2026-10-01")]


async def test_who_is_warned_changes_with_the_clocks_owner(database):
    old, new = await a_user("小李"), await a_user("小王")
    one = await started("2026-06-01", 10, "calendar", owner=old.id)
    await services.hand_on(one, owner=new.id, roles=(), actor=SYSTEM, at=nine("2026-06-02"))
    await sweeping.sweep(nine("2026-06-05"), NONE)
    [notice] = await Notice.objects()
    assert notice.user == new.id


def test_a_proof_is_read_in_chinese_too():
    step = policies.reckon(
        DeadlineRule(name="x", length=5, unit="working"),
        D("2026-09-24"),
        holidays.Calendar(d for y in shipped.years() for d in shipped.days_of(y)),
    ).proof
    said = [proofs.explain(one).translate("zh_Hans") for one in step]
    assert said[0] == "起算：2026-09-24；5 个工作日。当天不计入。"
    assert said[-1] == "最后一天：2026-10-09"
