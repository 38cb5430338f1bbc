"""Requests for approval on both engines: from the question to the last signature."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from core import hookimpl
from core.accounts.tables import User, UserRole
from core.approvals import overview, queries, remarks, saying, seating, services, substitutes
from core.approvals.facts import ALL, ANY, NewRequest, StepPlan, at_least, fraction
from core.approvals.tables import ApprovalRequest, ApprovalSeat
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_
from core.log.tables import LogEntry
from core.notices.tables import Notice, OutboxEvent
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import DecryptionError, Keyring

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


@pytest.fixture
def heard():
    return []


@pytest.fixture
def plugins(heard):
    @hookimpl
    async def do_approved(request):
        heard.append(("approved", request))
        if request.payload.get("fails"):
            raise RuntimeError("the owner cannot do it")

    @hookimpl
    async def do_rejected(request):
        heard.append(("rejected", request))

    @hookimpl
    async def on_event(event):
        raise AssertionError("events go through the outbox")

    owner = SimpleNamespace(do_approved=do_approved, do_rejected=do_rejected, on_event=on_event)
    return Plugins({"owner": owner})


async def a_user(name, *roles, email=""):
    user = User(id=uuid4(), login=uuid4().hex[:8], name=name, created_at=MONDAY, email=email)
    await User.insert(user)
    for role in roles:
        await UserRole.insert(UserRole(id=uuid4(), user=user.id, role=role))
    return Actor(kind="user", id=user.id, name=name, roles=frozenset(roles))


def step(*people, rule=ANY, roles=(), must=()):
    return StepPlan(
        label=N_("Signature"),
        rule=rule,
        roles=roles,
        users=tuple(p.id for p in people),
        must=tuple(p.id for p in must),
    )


def a_request(*steps, **given):
    plain = {
        "kind": "owner.thing",
        "record_kind": "thing",
        "record": "42",
        "title": N_("Visitors"),
        "steps": steps,
        "payload": {"days": "3"},
    }
    return NewRequest(**(plain | given))


class Case:
    """A request being voted on, an hour after the other."""

    def __init__(self, plugins, request_id):
        self.plugins, self.id, self.at = plugins, request_id, MONDAY

    async def vote(self, who, choice="approve", opinion="理由", **given):
        self.at += timedelta(hours=1)
        return await services.vote(
            self.id, choice, actor=who, at=self.at, plugins=self.plugins, opinion=opinion, **given
        )


@pytest.fixture
async def people(database):
    names = ("申请人", "甲", "乙", "丙", "丁")
    return [await a_user(name) for name in names]


async def opened(plugins, by, *steps, **given):
    request_id = await services.open_request(
        a_request(*steps, **given), actor=by, at=MONDAY, plugins=plugins
    )
    return Case(plugins, request_id)


@pytest.mark.rule("CORE-9")
async def test_steps_are_signed_in_order_and_the_owner_acts_with_the_last_signature(
    plugins, heard, people
):
    asks, a, b, c, _ = people
    case = await opened(plugins, asks, step(a), step(b, c, rule=ALL))
    with pytest.raises(NotFoundError):  # the second step does not exist for its signers yet
        await case.vote(b)
    assert await case.vote(a) == "open"
    assert await case.vote(b) == "open"
    assert heard == []
    assert await case.vote(c, opinion="同意") == "approved"
    [(outcome, told)] = heard
    assert outcome == "approved"
    assert (told.record, told.payload, told.opinion) == ("42", {"days": "3"}, "同意")
    assert told.decided_by == "丙"
    votes = await LogEntry.count().where(LogEntry.act == "approval.vote")
    assert votes == 3
    events = [
        row["name"]
        for row in await OutboxEvent.select(OutboxEvent.name)
        .where(OutboxEvent.plugin == "core")
        .order_by(OutboxEvent.id)
    ]
    assert events == ["approval.opened", "approval.approved"]


async def test_when_the_owner_cannot_act_the_last_signature_is_not_given_either(plugins, people):
    asks, a, *_ = people
    case = await opened(plugins, asks, step(a), payload={"fails": "yes"})
    with pytest.raises(RuntimeError):
        await case.vote(a)
    row = await ApprovalRequest.objects().first()
    assert row.state == "open"
    assert not await ApprovalSeat.exists().where(ApprovalSeat.choice != "")
    assert not await LogEntry.exists().where(LogEntry.act == "approval.vote")


@pytest.mark.rule("CORE-9")
async def test_a_step_fails_early_once_too_many_rejected(plugins, heard, people):
    asks, a, b, c, d = people
    case = await opened(plugins, asks, step(a, b, c, d, rule=fraction(2, 3)))
    assert await case.vote(a, "reject") == "open"
    assert await case.vote(b, "reject") == "rejected"
    assert [outcome for outcome, _ in heard] == ["rejected"]
    with pytest.raises(WrongStateError):
        await case.vote(c)


async def test_a_step_passes_early_and_later_votes_are_not_taken(plugins, people):
    asks, a, b, c, _ = people
    case = await opened(plugins, asks, step(a, b, c, rule=at_least(2)))
    await case.vote(c)
    assert await case.vote(a) == "approved"
    with pytest.raises(WrongStateError):
        await case.vote(b)


@pytest.mark.rule("CORE-9")
async def test_without_the_signer_who_must_sign_nothing_passes(plugins, people):
    asks, a, b, c, _ = people
    case = await opened(plugins, asks, step(a, b, c, rule=at_least(1), must=(a,)))
    assert await case.vote(b) == "open"
    assert await case.vote(c) == "open"
    assert await case.vote(a) == "approved"


@pytest.mark.rule("CORE-9")
async def test_nobody_approves_their_own_request_not_even_as_a_substitute(plugins, people):
    asks, a, *_ = people
    with pytest.raises(RefusedError) as refused:
        await opened(plugins, asks, step(asks))
    assert refused.value.code == "no_signer"
    await substitutes.appoint(a.id, asks.id, first_day=TODAY, last_day=TODAY, actor=a, at=MONDAY)
    case = await opened(plugins, asks, step(a))
    with pytest.raises(RefusedError) as refused:
        await case.vote(asks)
    assert refused.value.code == "own_request"
    assert await queries.waiting_for(asks, at=MONDAY) == []


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


@pytest.mark.rule("CORE-9")
async def test_what_is_sent_back_is_put_right_and_goes_through_every_step_again(
    plugins, heard, people
):
    asks, a, b, *_ = people
    case = await opened(plugins, asks, step(a), step(b))
    await case.vote(a)
    with pytest.raises(InvalidInputError):  # not without a reason
        await case.vote(b, "send_back", opinion=" ")
    assert await case.vote(b, "send_back", opinion="日期不对") == "sent_back"
    assert heard == []
    with pytest.raises(NotFoundError):
        await services.resubmit(case.id, actor=a, at=case.at, plugins=plugins)
    await services.resubmit(case.id, actor=asks, at=case.at, plugins=plugins, payload={"days": "2"})
    assert await case.vote(a) == "open"
    assert await case.vote(b) == "approved"
    assert heard[0][1].payload == {"days": "2"}
    assert heard[0][1].round == 2
    shown = await queries.shown(case.id, actor=asks, at=case.at)
    assert [(s.round, s.state) for s in shown.steps] == [
        (1, "passed"),
        (1, "sent_back"),
        (2, "passed"),
        (2, "passed"),
    ]


async def test_a_requester_withdraws_and_nobody_signs_any_more(plugins, heard, people):
    asks, a, *_ = people
    case = await opened(plugins, asks, step(a))
    with pytest.raises(NotFoundError):
        await services.withdraw(case.id, actor=a, at=MONDAY, plugins=plugins)
    await services.withdraw(case.id, actor=asks, at=MONDAY, plugins=plugins)
    assert heard[0][1].state == "withdrawn"
    with pytest.raises(WrongStateError):
        await case.vote(a)
    assert await queries.waiting_for(a, at=MONDAY) == []


async def test_a_role_is_whoever_holds_it_when_the_step_begins(plugins, people):
    asks = people[0]
    chief = await a_user("队长", "chief")
    late = await a_user("副队长")
    case = await opened(plugins, asks, step(rule=ALL, roles=("chief",)))
    await UserRole.insert(UserRole(id=uuid4(), user=late.id, role="chief"))
    with pytest.raises(NotFoundError):
        await case.vote(late)
    assert await case.vote(chief) == "approved"


async def test_an_administrator_names_the_signers_anew(plugins, people):
    asks, a, b, *_ = people
    chief = await a_user("队长", "chief")
    other = await a_user("副队长", "chief")
    case = await opened(plugins, asks, step(a, rule=ALL, roles=("chief",)))
    await case.vote(a)
    await case.vote(chief)
    await User.update({User.active: False}).where(User.id == other.id)
    admin = replace(b, permissions=frozenset({"core:approval:admin", "core:approval:read"}))
    with pytest.raises(NotFoundError):
        await services.reseat(case.id, actor=b, at=MONDAY, plugins=plugins)
    assert await services.reseat(case.id, actor=admin, at=case.at, plugins=plugins) == "approved"


async def test_a_confidential_request_exists_for_its_people_only(plugins, people):
    asks, a, b, *_ = people
    reader = replace(b, permissions=frozenset({"core:approval:read", "core:approval:admin"}))
    plain = await opened(plugins, asks, step(a))
    secret = await opened(plugins, asks, step(a), confidential=True)
    assert (await queries.shown(plain.id, actor=reader, at=MONDAY)).state == "open"
    for who in (reader, b, Actor(kind="anonymous")):
        with pytest.raises(NotFoundError):
            await queries.shown(secret.id, actor=who, at=MONDAY)
    for who in (asks, a):
        assert await queries.shown(secret.id, actor=who, at=MONDAY)
    with pytest.raises(NotFoundError):
        await queries.shown(uuid4(), actor=reader, at=MONDAY)


async def test_an_old_page_does_not_sign_what_changed_since(plugins, people):
    asks, a, b, *_ = people
    case = await opened(plugins, asks, step(a, b, rule=ALL))
    seen = await queries.shown(case.id, actor=b, at=MONDAY)
    await case.vote(a)
    with pytest.raises(StaleError):
        await case.vote(b, version=seen.version)


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


@pytest.mark.rule("CORE-9", "CORE-14")
async def test_what_signers_say_is_encrypted_for_their_vote_and_forgotten_with_the_record(
    database, plugins
):
    asker, signer = await a_user("老师"), await a_user("校长")
    step = StepPlan(label=N_("Signature"), users=(signer.id,))
    request = NewRequest(
        kind="x.visit",
        record_kind="x",
        record="7",
        title=N_("Signature"),
        steps=(step,),
        page="/x/sign/{request}",
    )
    made = await services.open_request(request, actor=asker, at=MONDAY, plugins=plugins)
    shown = await queries.shown(made, actor=signer, at=MONDAY)
    assert shown.page == f"/x/sign/{made}"
    [line] = await queries.waiting_for(signer, at=MONDAY)
    assert line.page == shown.page
    await services.vote(
        made, "approve", actor=signer, at=MONDAY, plugins=plugins, opinion="canary-said"
    )
    seat = await ApprovalSeat.objects().first()
    assert "canary" not in seat.opinion
    row = await ApprovalRequest.objects().first()
    with pytest.raises(DecryptionError):
        saying.opened(row, uuid4(), seat.opinion)
    [vote] = (await remarks.votes([made]))[made]
    assert (vote.name, vote.choice, vote.opinion) == ("校长", "approve", "canary-said")
    shown = await queries.shown(made, actor=asker, at=MONDAY)
    assert shown.steps[0].seats[0].opinion == "canary-said"
    await remarks.forget("x", "8")
    assert (await remarks.votes([made]))[made][0].opinion == "canary-said"
    await remarks.forget("x", "7")
    assert (await remarks.votes([made]))[made][0].opinion == ""


async def test_what_earlier_versions_kept_in_clear_is_sealed_once(database, plugins):
    asker, signer = await a_user("老师"), await a_user("校长")
    step = StepPlan(label=N_("Signature"), users=(signer.id,))
    request = NewRequest(
        kind="x.visit", record_kind="x", record="7", title=N_("Signature"), steps=(step,)
    )
    made = await services.open_request(request, actor=asker, at=MONDAY, plugins=plugins)
    await services.vote(made, "approve", actor=signer, at=MONDAY, plugins=plugins)
    await ApprovalSeat.update({ApprovalSeat.opinion: "canary-clear"}, force=True)
    row = await ApprovalRequest.objects().first()
    for _ in range(2):
        await remarks.seal_what_is_clear()
        seat = await ApprovalSeat.objects().first()
        assert "canary" not in seat.opinion
        assert saying.opened(row, seat.id, seat.opinion) == "canary-clear"
