"""Appointments as staff, hosts and visitors make, answer, move and call them off."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core.accounts.limits import TooOftenError
from core.appointments import on_link, passing, queries, services
from core.appointments.queries import Filter
from core.appointments.rulebook import RULEBOOK
from core.appointments.tables import Appointment
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.links.tables import Link
from core.log.tables import LogEntry
from core.notices import recipients
from core.notices.tables import Notice
from core.permissions import Actor
from core.plugins import Plugins
from core.rulebooks import services as rulebooks
from core.visitors import services as visitors
from core.visitors.tables import Visitor
from tests.core.appointments.agreeing import (
    TWO,
    a_host,
    a_proposal,
    a_window,
    acts,
    by_visitor,
    proposed,
    row,
    the_only,
)
from tests.core.registrations.reception import ADMIN, GUARD, MONDAY, a_person, a_site, actor

DAY = timedelta(days=1)


@pytest.mark.rule("CORE-4")
async def test_staff_propose_the_host_is_asked_and_confirms(place):
    host = await a_host(place)
    made = await proposed(place)
    assert (await row(made)).state == "proposed"
    told = {n.channel: n for n in await Notice.objects()}
    assert told["in_app"].user == host.id
    assert told["in_app"].url == f"/appointments/{made}"
    address, link = recipients.opened(told["email"])
    assert address == "zhang@school.test"
    assert link.startswith("/c/")
    for notice in told.values():
        assert "王小明" not in notice.subject + notice.body
    await services.confirm(made, actor=host, at=MONDAY, plugins=place.plugins, note="三楼会议室")
    confirmed = await row(made)
    assert (confirmed.state, confirmed.answer_note) == ("confirmed", "三楼会议室")
    assert [act for act, _, _ in await acts(made)] == ["appointment.propose", "appointment.confirm"]


async def test_staff_who_have_the_hosts_word_confirm_at_once_and_nobody_is_asked(place):
    made = await proposed(place, agreed=True)
    assert (await row(made)).state == "confirmed"
    assert not await Notice.count()


@pytest.mark.rule("CORE-4")
async def test_a_hosts_own_invitation_is_confirmed(place):
    host = await a_host(place)
    made = await proposed(place, by=host)
    stored = await row(made)
    assert (stored.state, stored.proposed_by) == ("confirmed", "host")


@pytest.mark.rule("CORE-14")
async def test_a_host_sees_and_answers_only_for_their_own_visitors(place):
    other_id = await hosts.add(HostEntry(name="李芳"), actor=ADMIN, at=MONDAY)
    host = await a_host(place)
    mine = await proposed(place)
    not_mine = await proposed(place, host_id=other_id)
    with pytest.raises(NotFoundError):
        await proposed(place, by=host, host_id=other_id)
    for act in (services.confirm, services.refuse, services.cancel, services.no_show):
        with pytest.raises(NotFoundError):
            await act(not_mine, actor=host, at=MONDAY, plugins=place.plugins)
    with pytest.raises(NotFoundError):
        await queries.appointment(not_mine, actor=host)
    wanted = Filter(since=MONDAY, until=MONDAY + DAY)
    assert [card.id for card in await queries.appointments(wanted, actor=host)] == [mine]
    assert await queries.unanswered(actor=host, now=MONDAY) == 1
    assert await queries.unanswered(actor=GUARD, now=MONDAY) == 2


@pytest.mark.rule("CORE-14")
async def test_staff_of_another_site_see_nothing_and_act_on_nothing(place):
    elsewhere, _ = await a_site("east", "东校区")
    made = await proposed(place, agreed=True)
    stranger = actor(site_ids=frozenset({elsewhere}))
    for act in (services.refuse, services.cancel, services.no_show):
        with pytest.raises(NotFoundError):
            await act(made, actor=stranger, at=TWO + DAY, plugins=place.plugins)
    assert (
        await queries.appointments(Filter(since=MONDAY, until=MONDAY + DAY), actor=stranger) == []
    )
    with pytest.raises(NotFoundError):
        await queries.appointment(made, actor=stranger)
    assert await queries.by_code((await queries.appointment(made, actor=GUARD)).code,
                                 actor=stranger) is None  # fmt: skip
    nobody = Actor(kind="user", id=uuid4())
    with pytest.raises(NotFoundError):
        await queries.appointments(Filter(since=MONDAY, until=MONDAY + DAY), actor=nobody)
    assert await queries.unanswered(actor=nobody, now=MONDAY) == 0


@pytest.mark.rule("CORE-4")
async def test_a_visitor_proposes_moves_and_calls_off_by_link(place):
    secret = await by_visitor(place)
    seen = await on_link.shown(secret, at=MONDAY)
    assert (seen.state, seen.host_name, seen.visitor_name) == ("proposed", "张明", "王小明")
    assert (await the_only()).host == place.host_id, "the typed name is known in the directory"
    later = a_window(TWO + DAY)
    await on_link.move(secret, later, version=1, at=MONDAY, plugins=place.plugins)
    with pytest.raises(StaleError):
        await on_link.call_off(secret, version=1, at=MONDAY, plugins=place.plugins)
    await on_link.call_off(secret, version=2, at=MONDAY, plugins=place.plugins)
    seen = await on_link.shown(secret, at=MONDAY)
    assert (seen.state, seen.window) == ("cancelled", later)
    assert await Notice.count().where(Notice.subject.like("%called off%")) == 1


async def test_a_confirmed_appointment_that_the_visitor_moves_waits_for_the_host_again(place):
    host = await a_host(place)
    secret = await by_visitor(place)
    made = (await the_only()).id
    await services.confirm(made, actor=host, at=MONDAY, plugins=place.plugins)
    await on_link.move(secret, a_window(TWO + DAY), version=2, at=MONDAY, plugins=place.plugins)
    assert (await row(made)).state == "proposed"
    assert await Notice.count().where(Notice.user == host.id) == 2


@pytest.mark.rule("CORE-4")
async def test_a_host_answers_by_the_link_of_the_letter_and_only_once(place):
    await by_visitor(place)
    _, path = recipients.opened(await Notice.objects().where(Notice.channel == "email").first())
    secret = path.removeprefix("/c/")
    asked = await on_link.asked(secret, at=MONDAY)
    assert asked.visitor_name == "王小明"
    await on_link.answer(
        secret, given=True, note="欢迎", version=asked.version, at=MONDAY, plugins=place.plugins
    )
    assert (await the_only()).state == "confirmed"
    assert (await acts(asked.id))[-1][:2] == ("appointment.confirm", "张明")
    with pytest.raises(StaleError):
        await on_link.answer(
            secret, given=False, note="", version=asked.version, at=MONDAY, plugins=place.plugins
        )
    assert (await on_link.asked(secret, at=MONDAY)).state == "confirmed"


async def test_links_open_what_they_are_for_and_nothing_else(place):
    secret = await by_visitor(place)
    _, path = recipients.opened(await Notice.objects().where(Notice.channel == "email").first())
    hosts_secret = path.removeprefix("/c/")
    for wrong in (hosts_secret, "x" * 32, "", "\x00", "\udcff", "王" * 500):
        with pytest.raises(NotFoundError):
            await on_link.shown(wrong, at=MONDAY)
        with pytest.raises(NotFoundError):
            await on_link.call_off(wrong, version=1, at=MONDAY, plugins=place.plugins)
    for wrong in (secret, "x" * 32):
        with pytest.raises(NotFoundError):
            await on_link.asked(wrong, at=MONDAY)
        with pytest.raises(NotFoundError):
            await on_link.answer(
                wrong, given=True, note="", version=1, at=MONDAY, plugins=place.plugins
            )
    assert (await the_only()).state == "proposed"
    assert secret not in str(await Link.select())


async def test_the_link_follows_an_appointment_that_is_moved_and_ends_after_the_visit(place):
    secret = await by_visitor(place)
    far = a_window(MONDAY + 60 * DAY)
    await on_link.move(secret, far, version=1, at=MONDAY, plugins=place.plugins)
    assert await on_link.shown(secret, at=far.ends_at + 13 * DAY)
    with pytest.raises(NotFoundError):
        await on_link.shown(secret, at=far.ends_at + 15 * DAY)


async def test_a_host_the_directory_does_not_know_is_kept_as_typed(place):
    await by_visitor(place, host="不存在的人")
    made = await the_only()
    assert (made.host, made.host_text) == (None, "不存在的人")
    assert not await Notice.count()


@pytest.mark.rule("CORE-2")
async def test_a_stranger_who_types_a_known_name_and_phone_changes_nothing_of_that_person(place):
    known = await visitors.add(
        a_person(organisation="明远公司", plate="粤B12345"), actor=GUARD, at=MONDAY
    )
    before = await Visitor.objects().get(Visitor.id == known)
    secret = await by_visitor(
        place, person=a_person(number="", organisation="冒名公司", plate="粤B99999")
    )
    after = await Visitor.objects().get(Visitor.id == known)
    assert after.to_dict() == before.to_dict()
    assert await Visitor.count() == 1
    assert (await the_only()).visitor == known
    assert (await on_link.shown(secret, at=MONDAY)).state == "proposed"


async def test_one_person_has_few_open_proposals(place):
    for hours in range(3):
        await by_visitor(place, window=a_window(TWO + timedelta(hours=hours)))
    with pytest.raises(InvalidInputError) as refused:
        await by_visitor(place, window=a_window(TWO + timedelta(hours=5)))
    assert "name" in refused.value.problems
    assert await Appointment.count() == 3


async def settle(at=MONDAY, **values):
    await rulebooks.adopt(RULEBOOK, values, effective_from=at, note="", actor=ADMIN, at=at)


async def test_an_hour_takes_only_so_many_proposals_whoever_sends_them(place):
    await settle(proposals_an_hour=2)
    for n in range(2):
        await by_visitor(place, person=a_person(name=f"访客{n}", phone=f"1380000000{n}", number=""))
    with pytest.raises(TooOftenError):
        await by_visitor(place, person=a_person(name="访客九", phone="13800000009", number=""))
    assert await Appointment.count() == 2
    assert await Visitor.count() == 2, "nothing is left of the refused one"
    await by_visitor(place, at=MONDAY + timedelta(minutes=31))


async def test_the_public_form_can_be_switched_off(place):
    assert [site.id for site in await on_link.public_sites(place.plugins, at=MONDAY)] == [
        place.site_id
    ]
    await settle(public_form=False)
    assert await on_link.public_sites(place.plugins, at=MONDAY) == []
    with pytest.raises(NotFoundError):
        await by_visitor(place)


async def test_only_public_purposes_are_taken_from_the_public(place):
    with pytest.raises(NotFoundError):
        await by_visitor(place, purpose="core.delivery")
    assert [p.name for p in on_link.public_purposes(place.plugins, place.site_id)] == ["core.visit"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"window": a_window(MONDAY - DAY)}, "starts_at"),
        ({"window": a_window(hours=0)}, "ends_at"),
        ({"purpose": "nobody.knows"}, "purpose"),
        ({"host_id": uuid4()}, "host"),
    ],
)
async def test_what_cannot_be_is_said_by_field_and_nothing_is_kept(place, given, field):
    with pytest.raises(InvalidInputError) as refused:
        await proposed(place, **given)
    assert set(refused.value.problems) == {field}
    assert not await Appointment.count()
    assert not await Visitor.count()


async def test_a_site_that_is_closed_or_unknown_takes_none(place):
    with pytest.raises(NotFoundError):
        await proposed(place, site_id=uuid4())


@pytest.mark.rule("CORE-4")
async def test_clashes_of_host_and_visitor_are_found_and_stop_nothing(place):
    other_host = await hosts.add(HostEntry(name="李芳"), actor=ADMIN, at=MONDAY)
    first = await proposed(place)
    visitor_id = (await row(first)).visitor
    half_past = a_window(TWO + timedelta(minutes=30))
    for host_id, who, hits in (
        (place.host_id, None, 1),
        (None, visitor_id, 1),
        (other_host, None, 0),
        (None, None, 0),
    ):
        found = await queries.clashes(half_past, host_id=host_id, visitor_id=who)
        assert len(found) == hits
    assert not await queries.clashes(a_window(TWO + timedelta(hours=1)), host_id=place.host_id)
    assert not await queries.clashes(half_past, host_id=place.host_id, but=first)
    second = await proposed(place, person=a_person("李雷", "13900000000", ""), window=half_past)
    assert (await row(second)).state == "proposed"
    await services.cancel(first, actor=GUARD, at=MONDAY, plugins=place.plugins)
    assert not await queries.clashes(half_past, host_id=place.host_id, but=second)


@pytest.mark.rule("CORE-4")
async def test_who_did_not_come_is_noted_by_hand_or_when_the_time_is_long_over(place):
    early = await proposed(place, agreed=True)
    with pytest.raises(WrongStateError):
        await services.no_show(
            early, actor=GUARD, at=TWO - timedelta(minutes=1), plugins=place.plugins
        )
    await services.no_show(early, actor=GUARD, at=TWO, plugins=place.plugins)
    late = await proposed(place, agreed=True, person=a_person("李雷", "13900000000", ""))
    unanswered = await proposed(place, person=a_person("韩梅", "13900000001", ""))
    end = TWO + timedelta(hours=1)
    for at, noted in ((end + timedelta(minutes=29), 0), (end + timedelta(minutes=31), 1)):
        assert await passing.note_absent(at=at, plugins=place.plugins) == noted
    assert (await row(late)).state == "no_show"
    assert (await acts(late))[-1][:2] == ("appointment.no_show", "system")
    assert await passing.expire_unanswered(at=end, plugins=place.plugins) == 0
    assert (
        await passing.expire_unanswered(at=end + timedelta(seconds=1), plugins=place.plugins) == 1
    )
    assert (await row(unanswered)).state == "cancelled"
    assert await passing.note_absent(at=end + DAY, plugins=place.plugins) == 0


async def test_the_log_holds_neither_name_nor_phone_of_the_visitor(place):
    secret = await by_visitor(place)
    await on_link.call_off(secret, version=1, at=MONDAY, plugins=place.plugins)
    everything = str(await LogEntry.select())
    assert "appointment.cancel" in everything
    assert "王小明" not in everything
    assert "13800001234" not in everything
    assert secret not in everything


async def test_a_stale_page_changes_nothing(place):
    made = await proposed(place, agreed=True)
    await services.reschedule(
        made, a_window(TWO + DAY), actor=GUARD, at=MONDAY, plugins=place.plugins, version=1,
        agreed=True,
    )  # fmt: skip
    with pytest.raises(StaleError):
        await services.cancel(made, actor=GUARD, at=MONDAY, plugins=place.plugins, version=1)
    assert (await row(made)).state == "confirmed"


async def test_lists_are_narrowed_by_site_state_text_and_code(place):
    east, _ = await a_site("east", "东校区")
    one = await proposed(place, agreed=True)
    two = await proposed(
        replace(place, site_id=east), host_id=None, host_text="后勤处",
        person=a_person("欧阳娜", "13900000000", "", organisation="Acme 公司"),
    )  # fmt: skip
    base = Filter(since=MONDAY, until=MONDAY + DAY)

    async def ids(**given):
        return [card.id for card in await queries.appointments(replace(base, **given), actor=ADMIN)]

    assert set(await ids()) == {one, two}
    assert await ids(site_id=east) == [two]
    assert await ids(state="confirmed") == [one]
    assert await ids(text="欧阳") == [two]
    assert await ids(text="acme") == [two]
    assert await ids(text="张明") == [one]
    assert await ids(text="后勤") == [two]
    assert await ids(text="%") == await ids()
    assert await ids(until=MONDAY + timedelta(hours=1)) == []
    card = await queries.appointment(two, actor=ADMIN)
    assert (await queries.by_code(card.code, actor=ADMIN)).id == two
    assert await queries.by_code("A-ZZZZZZ", actor=ADMIN) is None
    assert [c.id for c in await queries.expected(
        place.site_id, actor=GUARD, since=MONDAY, until=MONDAY + DAY)] == [one]  # fmt: skip


async def test_a_purpose_of_a_plugin_that_is_off_cannot_be_proposed(place):
    wanted = a_proposal(place, purpose="school_gate.parent")
    with pytest.raises(InvalidInputError):
        await services.propose(wanted, actor=GUARD, at=MONDAY, plugins=Plugins({}))
