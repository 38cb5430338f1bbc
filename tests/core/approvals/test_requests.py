"""Requests for approval on both engines: from the question to the last signature."""

from dataclasses import replace
from uuid import uuid4

import pytest

from core.accounts.tables import User, UserRole
from core.approvals import queries, remarks, saying, services, substitutes
from core.approvals.facts import ALL, NewRequest, StepPlan, at_least, fraction
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
from core.notices.tables import OutboxEvent
from core.permissions import Actor
from core.privacy.crypto import DecryptionError
from tests.core.approvals.conftest import MONDAY, TODAY, a_user, opened, step


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


async def test_the_owner_locks_what_a_request_is_about_before_each_act_on_it(
    plugins, locked, people
):
    asks, a, b, *_ = people
    case = await opened(plugins, asks, step(a, b, rule=ALL))
    assert locked == [], "who asks has it locked"
    await case.vote(a)
    assert locked == [("thing", "42")]
    await services.withdraw(case.id, actor=asks, at=MONDAY, plugins=plugins)
    assert locked == [("thing", "42")] * 2, "Plugins.do_lock for the withdrawal, too"
    stranger = await a_user("路人")
    with pytest.raises(NotFoundError):
        await services.vote(case.id, "approve", actor=stranger, at=MONDAY, plugins=plugins)
    assert len(locked) == 2, "who does not know of it locks nothing"


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
