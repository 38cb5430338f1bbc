"""What a visitor says afterwards: once, by link, and followed up where they were unhappy."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.links import services as links
from core.log.tables import LogEntry
from core.notices.tables import OutboxEvent
from core.permissions import Actor
from core.registrations import consent, correcting, feedback, leaving, phone_slip
from core.registrations import feedback_queries as queries
from core.registrations.feedback_queries import Filter
from core.registrations.services import admit
from core.registrations.tables import Feedback
from tests.core.registrations.reception import (
    CHIEF,
    GUARD,
    MONDAY,
    a_person,
    a_site,
    actor,
    arrive,
)

LATER = MONDAY + timedelta(hours=2)


async def been_inside(place, person=None):
    """Let somebody in; return the visit's id and a link that asks how it was."""
    done = await arrive(place, person)
    await consent.note(
        done.id, given=True, by="张明", means="phone", actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    await admit(done.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    return done.id, await a_link(done.id)


async def a_link(registration_id, purpose="feedback"):
    return await links.create(
        purpose, registration_id, expires=LATER + timedelta(days=1), at=MONDAY
    )


async def say(place, secret, rating=5, remark="", at=LATER):
    await feedback.give(secret, rating=rating, remark=remark, at=at, plugins=place.plugins)


@pytest.mark.rule("CORE-19")
async def test_a_visitor_rates_once_and_it_stands(place):
    visit, secret = await been_inside(place)
    assert (await feedback.asked(secret, at=LATER)).rating is None
    await say(place, secret, 4, "接待很周到")
    with pytest.raises(WrongStateError):
        await say(place, secret, 1, "改主意了")
    with pytest.raises(WrongStateError):
        await say(place, await a_link(visit), 1)
    given = await Feedback.objects().first()
    assert (given.rating, given.remark, given.at) == (4, "接待很周到", LATER)
    assert await Feedback.count() == 1
    assert (await feedback.asked(secret, at=LATER)).rating == 4


async def test_the_link_of_the_slip_asks_as_well_and_that_of_the_host_does_not(place):
    visit, _ = await been_inside(place)
    await say(place, await a_link(visit, phone_slip.PURPOSE))
    assert await Feedback.count() == 1
    for wrong in (await a_link(visit, consent.PURPOSE), "x" * 32, "\x00"):
        with pytest.raises(NotFoundError):
            await feedback.asked(wrong, at=LATER)
        with pytest.raises(NotFoundError):
            await say(place, wrong)


@pytest.mark.parametrize("rating", [0, 6, -1, 100])
async def test_a_rating_that_is_none_of_the_five_is_not_taken(place, rating):
    _, secret = await been_inside(place)
    with pytest.raises(InvalidInputError):
        await say(place, secret, rating)
    assert not await Feedback.count()


async def test_who_still_waits_cannot_rate_yet_and_who_was_sent_away_can(place):
    done = await arrive(place)
    secret = await a_link(done.id)
    assert not (await feedback.asked(secret, at=LATER)).open
    with pytest.raises(WrongStateError):
        await say(place, secret)
    from core.registrations import holding

    await holding.refuse(done.id, reason="没有预约", actor=CHIEF, at=LATER, plugins=place.plugins)
    await say(place, secret, 1)
    assert await Feedback.count() == 1


async def test_the_log_has_the_rating_and_not_the_remark(place):
    _, secret = await been_inside(place)
    await say(place, secret, 1, "门卫态度恶劣")
    entry = await LogEntry.objects().where(LogEntry.act == "feedback.give").first()
    assert entry.after == '{"rating": 1}'
    assert "恶劣" not in str(await LogEntry.select()) + str(await OutboxEvent.select())


@pytest.mark.rule("CORE-19")
async def test_the_unhappy_stay_on_the_list_until_somebody_followed_up(place):
    for n, rating in enumerate((1, 2, 3, 5)):
        person = a_person(name="访客" + "一二三四"[n], phone=f"1380000000{n}", number="")
        _, secret = await been_inside(place, person)
        await say(place, secret, rating, at=LATER + timedelta(minutes=n))
    found, total = await queries.said(Filter(only_open=True), actor=CHIEF)
    assert [(one.rating, one.open) for one in found] == [(2, True), (1, True)]
    assert (total, await queries.open_count(actor=CHIEF)) == (2, 2)
    with pytest.raises(InvalidInputError):
        await feedback.follow_up(found[0].id, note="", actor=CHIEF, at=LATER)
    await feedback.follow_up(found[0].id, note="已电话致歉", actor=CHIEF, at=LATER)
    assert await queries.open_count(actor=CHIEF) == 1
    everything, _ = await queries.said(Filter(), actor=CHIEF)
    done = next(one for one in everything if one.id == found[0].id)
    assert (done.follow_up, done.followed_up_by, done.open) == ("已电话致歉", "值班长孙", False)
    figures = await queries.figures(Filter(), actor=CHIEF)
    assert dict(figures.by_rating) == {1: 1, 2: 1, 3: 1, 4: 0, 5: 1}
    assert (figures.count, figures.average, figures.open) == (4, 2.75, 1)


async def test_a_second_note_replaces_the_first_and_the_log_keeps_both(place):
    _, secret = await been_inside(place)
    await say(place, secret, 1)
    [one], _ = await queries.said(Filter(), actor=CHIEF)
    for note in ("已致电", "已当面致歉"):
        await feedback.follow_up(one.id, note=note, actor=CHIEF, at=LATER)
    entry = await LogEntry.objects().order_by(LogEntry.id, ascending=False).first()
    assert ("已致电" in entry.before, "已当面致歉" in entry.after) == (True, True)


@pytest.mark.rule("CORE-14")
async def test_feedback_of_another_site_is_not_there(place):
    _, secret = await been_inside(place)
    await say(place, secret, 1)
    east, _ = await a_site("east", "东校区")
    stranger = actor("duty_officer", site_ids=frozenset({east}))
    assert (await queries.said(Filter(), actor=stranger))[1] == 0
    assert await queries.open_count(actor=stranger) == 0
    [one], _ = await queries.said(Filter(site_id=place.site_id), actor=CHIEF)
    with pytest.raises(NotFoundError):
        await queries.said(Filter(site_id=place.site_id), actor=stranger)
    for who in (stranger, GUARD, Actor(kind="user", id=uuid4())):
        with pytest.raises(NotFoundError):
            await feedback.follow_up(one.id, note="看看", actor=who, at=LATER)
    with pytest.raises(NotFoundError):
        await queries.said(Filter(), actor=GUARD)
    assert await queries.open_count(actor=GUARD) == 0


@pytest.mark.rule("CORE-19", "CORE-12")
async def test_the_slip_on_the_phone_has_the_pass_while_it_is_good_and_ends_after_some_days(place):
    done = await arrive(place)
    secret = await phone_slip.share(done.id, actor=GUARD, at=MONDAY)
    slip = await phone_slip.behind(secret, at=MONDAY, plugins=place.plugins)
    assert slip.token.startswith("LF1:")
    assert (slip.visitor_name, slip.host_name, slip.office, slip.state) == (
        "王小明", "张明", "教务处", "waiting",
    )  # fmt: skip
    assert "13800001234" not in str(slip)
    await consent.note(
        done.id, given=True, by="张明", means="phone", actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    await admit(done.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    inside = await phone_slip.behind(secret, at=LATER, plugins=place.plugins)
    assert (inside.token, inside.may_rate, inside.is_over) == (slip.token, True, False)
    decision = await leaving.leave(done.id, actor=GUARD, at=LATER, plugins=place.plugins)
    over = await phone_slip.behind(secret, at=LATER, plugins=place.plugins)
    assert (over.state, over.token, over.is_over) == ("closed", "", True), decision
    ends = over.expected_leave_at + timedelta(days=14)
    with pytest.raises(NotFoundError):
        await phone_slip.behind(secret, at=ends, plugins=place.plugins)


async def test_the_slip_of_a_voided_visit_is_gone(place):
    done = await arrive(place)
    secret = await phone_slip.share(done.id, actor=GUARD, at=MONDAY)
    await correcting.void(done.id, reason="登错", actor=CHIEF, at=MONDAY, plugins=place.plugins)
    with pytest.raises(NotFoundError):
        await phone_slip.behind(secret, at=MONDAY, plugins=place.plugins)


async def test_only_who_registers_at_the_site_shares_a_slip(place):
    done = await arrive(place)
    east, _ = await a_site("east", "东校区")
    for who in (actor(site_ids=frozenset({east})), actor("host"), actor("auditor")):
        with pytest.raises(NotFoundError):
            await phone_slip.share(done.id, actor=who, at=MONDAY)
