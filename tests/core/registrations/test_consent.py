"""The host's answer, by phone and by the link that only the host gets."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.i18n import Message
from core.links.tables import Link
from core.log.tables import LogEntry
from core.notices import recipients
from core.notices.tables import Notice
from core.permissions import Actor
from core.registrations import consent, correcting, hosting
from core.registrations.rulebook import Reception
from core.registrations.services import admit
from core.registrations.tables import Registration
from tests.core.registrations.reception import GUARD, MONDAY, arrive

LATER = MONDAY + timedelta(minutes=12)


async def ask(place, registered, at=MONDAY):
    path, sent = await consent.ask(registered.id, actor=GUARD, at=at, plugins=place.plugins)
    return path.removeprefix("/c/"), sent


@pytest.mark.rule("CORE-5", "CORE-11")
async def test_the_host_gets_a_letter_that_names_nobody_and_answers_by_its_link(place):
    registered = await arrive(place)
    secret, sent = await ask(place, registered)
    assert sent == ["email"]
    letter = await Notice.objects().first()
    text = Message.load(letter.body).translate("en") + Message.load(letter.subject).translate("en")
    assert "王小明" not in text
    assert secret not in str(await Notice.select()), "a letter's link is stored encrypted"
    assert recipients.opened(letter) == ("zhang@school.test", f"/c/{secret}")
    asked = await consent.question(secret, at=LATER)
    assert (asked.visitor_name, asked.host_name, asked.reason) == ("王小明", "张明", "谈合同")
    await consent.answer(secret, given=True, at=LATER, plugins=place.plugins)
    row = await Registration.objects().first()
    assert (row.consent, row.consent_means, row.consent_by) == ("given", "link", "张明")
    assert (row.consent_asked_at, row.consent_at) == (MONDAY, LATER)
    await admit(registered.id, actor=GUARD, at=LATER, plugins=place.plugins)


async def test_a_link_is_stored_only_as_its_hash_and_a_new_one_takes_the_old_one_back(place):
    registered = await arrive(place)
    first, _ = await ask(place, registered)
    second, _ = await ask(place, registered, LATER)
    stored = await Link.select()
    assert first not in str(stored)
    assert second not in str(stored)
    with pytest.raises(NotFoundError):
        await consent.question(first, at=LATER)
    assert (await consent.question(second, at=LATER)).open


async def test_a_link_opens_nothing_when_it_is_late_or_made_up(place):
    registered = await arrive(place)
    secret, _ = await ask(place, registered)
    for wrong, at in ((secret, MONDAY + timedelta(days=1)), ("x" * 32, MONDAY), ("\x00", MONDAY)):
        with pytest.raises(NotFoundError):
            await consent.question(wrong, at=at)
        with pytest.raises(NotFoundError):
            await consent.answer(wrong, given=True, at=at, plugins=place.plugins)
    assert (await Registration.objects().first()).consent == "asked"


async def test_an_answer_may_change_while_the_visitor_waits_and_not_after(place):
    registered = await arrive(place)
    secret, _ = await ask(place, registered)
    await consent.answer(secret, given=False, at=LATER, plugins=place.plugins)
    await consent.answer(secret, given=True, at=LATER, plugins=place.plugins)
    await admit(registered.id, actor=GUARD, at=LATER, plugins=place.plugins)
    with pytest.raises(WrongStateError):
        await consent.answer(secret, given=False, at=LATER, plugins=place.plugins)
    assert not (await consent.question(secret, at=LATER)).open


async def test_an_answer_on_the_phone_names_who_gave_it_and_when(place):
    registered = await arrive(place)
    with pytest.raises(InvalidInputError) as wrong:
        await consent.note(
            registered.id,
            given=True,
            by="",
            means="pigeon",
            answered_at=LATER + timedelta(hours=1),
            actor=GUARD,
            at=LATER,
            plugins=place.plugins,
        )
    assert set(wrong.value.problems) == {"by", "means", "answered_at"}
    await consent.note(
        registered.id,
        given=False,
        by="张明本人",
        means="phone",
        answered_at=MONDAY + timedelta(minutes=3),
        actor=GUARD,
        at=LATER,
        plugins=place.plugins,
    )
    row = await Registration.objects().first()
    assert (row.consent, row.consent_by) == ("refused", "张明本人")
    assert row.consent_at == MONDAY + timedelta(minutes=3)


async def test_nobody_is_asked_about_a_visit_that_is_over(place):
    registered = await arrive(place)
    await correcting.cancel(
        registered.id, reason="走了", actor=GUARD, at=LATER, plugins=place.plugins
    )
    with pytest.raises(WrongStateError):
        await ask(place, registered)


def a_signed_in_host(host_id):
    return Actor(
        kind="user", id=uuid4(), name="张明", host_id=host_id,
        permissions=frozenset({"core:appointment:own"}),
    )  # fmt: skip


@pytest.mark.rule("CORE-5")
async def test_a_host_with_an_account_answers_for_their_own_visitors_only(place):
    registered = await arrive(place)
    host, stranger = a_signed_in_host(place.host_id), a_signed_in_host(uuid4())
    for who in (stranger, GUARD):
        with pytest.raises(NotFoundError):
            await consent.answer_as_host(
                registered.id, given=True, actor=who, at=LATER, plugins=place.plugins
            )
        assert await hosting.own_visitors(who, now=LATER, times=Reception()) == []
    [card] = await hosting.own_visitors(host, now=LATER, times=Reception())
    assert (card.visitor_name, card.level) == ("王小明", "amber")
    await consent.answer_as_host(
        registered.id, given=True, remark="请到302室", actor=host, at=LATER, plugins=place.plugins
    )
    row = await Registration.objects().first()
    assert (row.consent, row.consent_means, row.consent_by) == ("given", "link", "张明")
    entry = await LogEntry.objects().order_by(LogEntry.id, ascending=False).first()
    assert "请到302室" in entry.after


async def test_an_answer_given_meanwhile_by_phone_is_not_overwritten_unseen(place):
    registered = await arrive(place)
    secret, _ = await ask(place, registered)
    await consent.note(
        registered.id, given=False, by="张明", means="phone", actor=GUARD, at=LATER,
        plugins=place.plugins,
    )  # fmt: skip
    with pytest.raises(StaleError):
        await consent.answer(secret, given=True, at=LATER, plugins=place.plugins, seen="asked")
    asked = await consent.question(secret, at=LATER)
    assert (asked.consent, asked.answered_by, asked.answered_at) == ("refused", "张明", LATER)
    await consent.answer(secret, given=True, at=LATER, plugins=place.plugins, seen="refused")
    assert (await Registration.objects().first()).consent == "given"
