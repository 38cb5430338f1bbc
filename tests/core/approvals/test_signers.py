"""Who signs requests for approval: those barred, substitutes, roles; who is told and reminded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.accounts.tables import User
from core.approvals import overview, queries, seating, services, substitutes
from core.approvals.facts import ALL
from core.approvals.tables import ApprovalRequest
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    WrongStateError,
)
from core.notices.tables import Notice
from tests.core.approvals.conftest import MONDAY, TODAY, a_request, a_user, opened, step


async def test_who_is_barred_is_no_signer_and_does_not_know_of_it(plugins, people):
    asks, a, b, *_ = people
    case = await opened(plugins, asks, step(a, b, rule=ALL), barred=(b.id,))
    with pytest.raises(NotFoundError):
        await queries.shown(case.id, actor=b, at=MONDAY)
    assert await case.vote(a) == "approved"


@pytest.mark.rule("CORE-9")
async def test_a_substitute_for_two_is_one_vote(plugins, people):
    asks, a, b, c, _ = people
    for principal in (a, b):
        await substitutes.appoint(
            principal.id, c.id, first_day=TODAY, last_day=TODAY, actor=principal, at=MONDAY
        )
    case = await opened(plugins, asks, step(a, b, rule=ALL))
    [line] = await queries.waiting_for(c, at=MONDAY)
    assert set(line.instead_of) == {"甲", "乙"}
    with pytest.raises(InvalidInputError) as unclear:
        await case.vote(c)
    assert "instead_of" in unclear.value.problems
    assert await case.vote(c, instead_of=a.id) == "open"
    with pytest.raises(WrongStateError):
        await case.vote(c, instead_of=b.id)
    assert await queries.waiting_for(c, at=MONDAY) == []
    with pytest.raises(WrongStateError):  # somebody signed for them already
        await case.vote(a)
    assert await case.vote(b) == "approved"
    shown = await queries.shown(case.id, actor=asks, at=case.at)
    assert [(s.holder_name, s.voter_name) for s in shown.steps[0].seats] == [
        ("乙", ""),
        ("甲", "丙"),
    ]


async def test_a_substitute_signs_only_on_the_days_named_and_only_that_kind(plugins, people):
    asks, a, b, c, _ = people
    tomorrow = TODAY + timedelta(days=1)
    await substitutes.appoint(a.id, b.id, first_day=tomorrow, last_day=tomorrow, actor=a, at=MONDAY)
    await substitutes.appoint(
        a.id, c.id, first_day=TODAY, last_day=tomorrow, actor=a, at=MONDAY, kind="other.thing"
    )
    case = await opened(plugins, asks, step(a))
    for who in (b, c):
        with pytest.raises(NotFoundError):
            await case.vote(who)
    # 16:30 UTC is half past midnight of the next day in Shanghai.
    night = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    assert len(await queries.waiting_for(b, at=night)) == 1
    state = await services.vote(case.id, "approve", actor=b, at=night, plugins=plugins)
    assert state == "approved"


async def test_an_ended_substitution_counts_no_more(plugins, people):
    asks, a, b, *_ = people
    one = await substitutes.appoint(a.id, b.id, first_day=TODAY, last_day=TODAY, actor=a, at=MONDAY)
    with pytest.raises(NotFoundError):  # only whose substitute it is
        await substitutes.end(one, actor=b, at=MONDAY)
    await substitutes.end(one, actor=a, at=MONDAY)
    case = await opened(plugins, asks, step(a))
    with pytest.raises(NotFoundError):
        await case.vote(b)
    assert await substitutes.of_principal(a.id, at=MONDAY) == []


async def test_nobody_appoints_substitutes_of_others_without_the_right(people):
    _, a, b, c, _ = people
    with pytest.raises(NotFoundError):
        await substitutes.appoint(a.id, c.id, first_day=TODAY, last_day=TODAY, actor=b, at=MONDAY)
    admin = replace(b, permissions=frozenset({"core:approval:admin"}))
    assert await substitutes.appoint(
        a.id, c.id, first_day=TODAY, last_day=TODAY, actor=admin, at=MONDAY
    )
    with pytest.raises(RefusedError):
        await substitutes.appoint(a.id, a.id, first_day=TODAY, last_day=TODAY, actor=a, at=MONDAY)


async def test_signers_are_told_and_reminded_once_for_each_span(plugins, people):
    asks, a, b, *_ = people
    mailed = await a_user("戊", email="wu@office.test")
    case = await opened(plugins, asks, step(a, b, mailed, rule=ALL), remind_hours=24)
    assert await Notice.count() == 4  # three in the app and one e-mail
    await case.vote(a)
    assert await seating.remind_due(MONDAY + timedelta(hours=23)) == 0
    day_later = MONDAY + timedelta(hours=24, minutes=1)
    assert await seating.remind_due(day_later) == 1
    assert await seating.remind_due(day_later) == 0
    reminders = await Notice.objects().where(Notice.key.like("%remind1%"))
    assert {n.user for n in reminders if n.channel == "in_app"} == {b.id, mailed.id}
    assert await seating.remind_due(day_later + timedelta(hours=25)) == 1
    letters = await Notice.objects().where(Notice.channel == "email")
    assert len(letters) == 3
    assert not any("Visitors" in n.body or "wu@" in n.body for n in letters)
    assert all(isinstance(n.id, UUID) for n in letters)


@pytest.mark.rule("CORE-9")
async def test_who_stands_in_is_told_at_once_and_not_only_when_it_waited_for_long(plugins, people):
    asks, a, b, c, _ = people
    for stand_in in (b, asks):
        await substitutes.appoint(
            a.id, stand_in.id, first_day=TODAY, last_day=TODAY, actor=a, at=MONDAY
        )
    named = await Notice.objects().where(Notice.key.like("substitute:%"))
    assert {one.user for one in named} == {b.id, asks.id}
    with pytest.raises(InvalidInputError):
        await substitutes.appoint(a.id, b.id, first_day=TODAY, last_day=TODAY, actor=a, at=MONDAY)
    await opened(plugins, asks, step(a, c, rule=ALL))
    told = await Notice.objects().where(Notice.key.like("approval:%:ask:%"))
    assert {one.user for one in told} == {a.id, b.id, c.id}  # not who asks, though named too


async def test_reminders_wait_for_the_office_to_open_unless_wanted_within_a_day(plugins, people):
    asks, a, *_ = people
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 17:00
    for hours in (24, 4):
        await services.open_request(
            a_request(step(a), remind_hours=hours), actor=asks, at=friday, plugins=plugins
        )
    rows = await ApprovalRequest.objects().order_by(ApprovalRequest.remind_at)
    assert [row.remind_at for row in rows] == [
        friday + timedelta(hours=4),
        datetime(2026, 11, 23, 1, 0, tzinfo=UTC),  # Monday 09:00
    ]


@pytest.mark.rule("CORE-9")
async def test_an_administrator_finds_what_goes_no_further_by_itself(plugins, people):
    asks, a, b, c, _ = people
    reader = replace(c, permissions=frozenset({"core:approval:read", "core:approval:admin"}))
    going = await opened(plugins, asks, step(b))
    stuck = await opened(plugins, asks, step(a, b, rule=ALL))
    await opened(plugins, asks, step(b), confidential=True)
    assert await overview.stuck_count(reader, at=MONDAY) == 0
    await User.update({User.active: False}).where(User.id == a.id)
    found = await overview.open_requests(reader, at=MONDAY)
    assert [(one.id, one.stuck) for one in found] == [(stuck.id, True), (going.id, False)]
    assert (found[0].waits_for, found[0].gone) == (("乙",), ("甲",))
    assert await overview.stuck_count(reader, at=MONDAY) == 1
    assert await overview.open_requests(b, at=MONDAY) == []
    await services.reseat(stuck.id, actor=reader, at=MONDAY, plugins=plugins)
    assert await overview.stuck_count(reader, at=MONDAY) == 0
