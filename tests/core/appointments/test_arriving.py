"""An appointment becomes a visit at the desk: nothing is typed twice, and the rules still judge."""

import pytest

from core.appointments import queries, services
from core.appointments.arriving import AtTheDesk, arrive
from core.appointments.tables import Appointment
from core.decisions import Deny, Hold
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.i18n import N_
from core.permissions import SYSTEM
from core.privacy import services as privacy
from core.registrations.services import admit
from core.registrations.tables import Registration
from core.visitors import services as visitors
from core.visitors import watch
from core.visitors.tables import Visitor
from tests.core.appointments.agreeing import TWO, a_host, acts, by_visitor, proposed, row, the_only
from tests.core.registrations.reception import (
    ADMIN,
    CHIEF,
    GUARD,
    LI,
    MONDAY,
    WANG,
    a_judge,
    a_person,
    a_place,
)

SEEN = AtTheDesk(document_shown=True)


async def come(place, made, seen=SEEN, *, by=GUARD, at=TWO):
    """Let the visitor of an appointment stand at the desk."""
    return await arrive(made, seen, actor=by, at=at, plugins=place.plugins)


@pytest.mark.rule("CORE-4", "CORE-5", "CORE-1")
async def test_a_confirmed_visitor_is_registered_without_retyping_and_may_go_in(place):
    host = await a_host(place)
    await by_visitor(place)
    made = (await the_only()).id
    await services.confirm(made, actor=host, at=MONDAY, plugins=place.plugins)
    seen = AtTheDesk(
        gate_id=place.gate_id, document_shown=True, document_kind="resident_id",
        document_number=WANG, head_count=2, plate="粤B12345",
    )  # fmt: skip
    registered = await come(place, made, seen)
    assert registered.state == "waiting"
    visit = await Registration.objects().get(Registration.id == registered.id)
    assert (visit.appointment, visit.host, visit.reason, visit.purpose) == (
        made, place.host_id, "谈合同", "core.visit",
    )  # fmt: skip
    assert (visit.head_count, visit.plate, visit.gate) == (2, "粤B12345", place.gate_id)
    assert (visit.consent, visit.consent_means, visit.consent_by, visit.consent_at) == (
        "given", "appointment", "张明", MONDAY,
    )  # fmt: skip
    assert visit.expected_leave_at == (await row(made)).ends_at
    await admit(registered.id, actor=GUARD, at=TWO, plugins=place.plugins)
    assert (await row(made)).state == "arrived"
    assert (await acts(made))[-1] == (
        "appointment.arrive", "门卫老周",
        {"state": "arrived", "registration": str(registered.id)},
    )  # fmt: skip
    assert (await queries.appointment(made, actor=GUARD)).registration_id == registered.id
    assert await Visitor.count() == 1


@pytest.mark.rule("CORE-5")
async def test_who_comes_before_the_host_answered_still_needs_the_hosts_word(place):
    made = await proposed(place)
    registered = await come(place, made)
    visit = await Registration.objects().first()
    assert (registered.state, visit.consent) == ("waiting", "none")


async def test_who_was_noted_absent_and_comes_after_all_is_received(place):
    made = await proposed(place, agreed=True)
    await services.no_show(made, actor=GUARD, at=TWO, plugins=place.plugins)
    await come(place, made)
    assert (await row(made)).state == "arrived"


@pytest.mark.parametrize("act", [services.refuse, services.cancel])
async def test_who_was_refused_or_called_it_off_is_registered_as_any_other(place, act):
    made = await proposed(place)
    await act(made, actor=GUARD, at=MONDAY, plugins=place.plugins)
    with pytest.raises(WrongStateError):
        await come(place, made)
    assert not await Registration.count()


async def test_an_arrival_happens_once(place):
    made = await proposed(place, agreed=True)
    await come(place, made)
    with pytest.raises(WrongStateError):
        await come(place, made)
    assert await Registration.count() == 1


@pytest.mark.rule("CORE-15")
async def test_an_appointment_opens_no_gate_to_whoever_is_barred(place):
    made = await proposed(place, agreed=True)
    await watch.add(a_person(), action="barred", reason="闹事", until=None, actor=CHIEF, at=MONDAY)
    registered = await come(place, made)
    assert registered.state == "held"
    assert (await Registration.objects().first()).consent == "given"


async def test_a_plugin_that_refuses_leaves_the_visit_in_the_book_as_refused(database):
    refusal = Deny("trader", N_("Send them away."), "SCH-13")
    plugins, _, _ = a_judge(registration=refusal)
    place = await a_place(plugins)
    made = await proposed(place, agreed=True)
    registered = await come(place, made)
    assert registered.state == "refused"
    assert (await row(made)).state == "arrived"
    assert (await Registration.objects().first()).consent == "none"


async def test_a_plugin_that_holds_keeps_the_consent_given_ahead(database):
    plugins, _, _ = a_judge(registration=Hold("look", N_("Look again."), "SCH-15"))
    place = await a_place(plugins)
    registered = await come(place, await proposed(place, agreed=True))
    assert registered.state == "held"
    assert (await Registration.objects().first()).consent == "given"


async def test_a_failing_plugin_undoes_the_whole_arrival(database):
    plugins, _, _ = a_judge(failure=RuntimeError("broken"))
    place = await a_place(plugins)
    made = await proposed(place, agreed=True)
    with pytest.raises(RuntimeError):
        await come(place, made)
    assert (await row(made)).state == "confirmed"
    assert not await Registration.count()


async def test_a_host_may_invite_and_not_receive_at_the_desk(place):
    host = await a_host(place)
    made = await proposed(place, by=host)
    with pytest.raises(NotFoundError):
        await come(place, made, by=host)
    assert (await row(made)).state == "confirmed"


async def test_a_host_who_left_meanwhile_does_not_stop_the_arrival(place):
    made = await proposed(place, agreed=True)
    entry = HostEntry(name="张明", active=False)
    await hosts.change(place.host_id, entry, actor=ADMIN, at=MONDAY)
    await come(place, made)
    visit = await Registration.objects().first()
    assert (visit.host, visit.host_text, visit.consent_by) == (None, "张明", "张明")


@pytest.mark.rule("CORE-2")
async def test_a_visitor_merged_meanwhile_is_the_one_who_arrives(place):
    made = await proposed(place, agreed=True)
    kept = await visitors.add(a_person(number=LI, phone=""), actor=GUARD, at=MONDAY)
    await visitors.merge(kept, (await row(made)).visitor, actor=ADMIN, at=MONDAY)
    await come(place, made)
    assert (await Registration.objects().first()).visitor == kept


async def test_a_visitor_who_is_inside_already_is_not_registered_again(place):
    first = await proposed(place, agreed=True)
    second = await proposed(place, agreed=True)
    await come(place, first)
    with pytest.raises(InvalidInputError):
        await come(place, second)
    assert (await row(second)).state == "confirmed"


@pytest.mark.rule("CORE-21")
async def test_erasing_a_visitor_takes_appointments_links_and_given_texts_along(place):
    from core.appointments import on_link

    secret = await by_visitor(place, plate="粤B12345")
    made = await the_only()
    await privacy.erase_visitor(
        made.visitor, reason="本人要求", plugins=place.plugins, actor=ADMIN, at=MONDAY
    )
    left = await Appointment.objects().first()
    assert (left.reason, left.plate, left.host_text, left.answer_note) == ("", "", "", "")
    assert left.state == "cancelled", "nobody is expected any more"
    with pytest.raises(NotFoundError):
        await on_link.shown(secret, at=MONDAY)
    with pytest.raises(WrongStateError):
        await come(place, made.id)


@pytest.mark.rule("CORE-21")
async def test_a_person_is_given_their_appointments(place):
    await by_visitor(place, plate="粤B12345")
    made = await the_only()
    groups, _ = await privacy.export_person(
        made.visitor, plugins=place.plugins, actor=SYSTEM, at=MONDAY
    )
    given = " ".join(detail.value for group in groups for detail in group.details)
    for mark in ("谈合同", "粤B12345", "张明", "core.visit"):
        assert mark in given
