"""A plain visit, from arrival to the returned stub, with no plugin at all and with one that judges."""

import asyncio
import json

import pytest

from core import db
from core.decisions import Allow, Deny, Hold
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
)
from core.i18n import N_
from core.log.tables import LogEntry
from core.passes.tables import Pass
from core.registrations import holding, leaving, slips
from core.registrations.history import registration, timeline
from core.registrations.queries import open_at
from core.registrations.services import admit, register
from core.registrations.tables import Registration
from core.visitors.tables import Visitor
from tests.core.registrations.reception import (
    CHIEF,
    GUARD,
    LI,
    MONDAY,
    a_judge,
    a_person,
    a_place,
    an_arrival,
    arrive,
)
from tests.core.registrations.visiting import HALF_PAST, NOON, TIMES, agreed, inside, row_of


async def who_is(place, state):
    found = await open_at(place.site_id, actor=GUARD, now=HALF_PAST, times=TIMES)
    return [card.visitor_name for card in found[state]]


@pytest.mark.rule("CORE-1", "CORE-5", "CORE-6")
async def test_a_visit_from_arrival_to_the_returned_stub(place):
    registered = await arrive(place)
    assert (registered.number, registered.state) == ("20261123-0001", "waiting")
    assert await who_is(place, "waiting") == ["王小明"]

    with pytest.raises(RefusedError) as refused:
        await admit(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    assert refused.value.code == "consent_missing"
    assert (await row_of(registered)).state == "waiting"

    await agreed(place, registered)
    slip = await slips.issue(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    again = await slips.issue(registered.id, actor=GUARD, at=HALF_PAST, plugins=place.plugins)
    assert slip.token.startswith("LF1:")
    assert again.token == slip.token
    await admit(registered.id, actor=GUARD, at=HALF_PAST, plugins=place.plugins)
    assert await who_is(place, "waiting") == []
    assert await who_is(place, "inside") == ["王小明"]

    left = await leaving.leave(registered.id, actor=GUARD, at=NOON, plugins=place.plugins)
    assert left.code == "stub_missing"
    assert await who_is(place, "inside") == []
    assert await who_is(place, "left") == ["王小明"]
    assert (await Pass.objects().first()).revoked_at is not None

    closed = await leaving.return_stub(
        registered.id, actor=GUARD, at=NOON, plugins=place.plugins, signed=True
    )
    assert closed == Allow()
    row = await row_of(registered)
    assert (row.state, row.entered_at, row.left_at) == ("closed", HALF_PAST, NOON)
    assert row.stub_returned_at == row.host_signed_at == NOON
    assert (row.consent, row.consent_by, row.consent_means) == ("given", "张明", "phone")
    acts = [entry.act for entry in await timeline(registered.id)]
    assert acts == [
        "register",
        "admit_denied",
        "note_consent",
        "slip",
        "slip",
        "admit",
        "leave",
        "close",
    ]


async def test_a_visit_without_a_slip_closes_when_the_visitor_leaves(place):
    registered = await inside(place)
    assert (
        await leaving.leave(registered.id, actor=GUARD, at=NOON, plugins=place.plugins) == Allow()
    )
    assert (await row_of(registered)).state == "closed"


async def test_the_stub_may_come_back_in_the_same_act(place):
    registered = await inside(place)
    await slips.issue(registered.id, actor=GUARD, at=HALF_PAST, plugins=place.plugins)
    await leaving.leave(
        registered.id, actor=GUARD, at=NOON, plugins=place.plugins, stub_returned=True
    )
    assert (await row_of(registered)).state == "closed"


async def test_a_missing_stub_stays_flagged_until_it_is_explained(place):
    registered = await inside(place)
    await slips.issue(registered.id, actor=GUARD, at=HALF_PAST, plugins=place.plugins)
    await leaving.leave(registered.id, actor=GUARD, at=NOON, plugins=place.plugins)
    with pytest.raises(InvalidInputError):
        await leaving.explain_stub(
            registered.id, reason="", actor=GUARD, at=NOON, plugins=place.plugins
        )
    await leaving.explain_stub(
        registered.id, reason="淋湿丢弃", actor=GUARD, at=NOON, plugins=place.plugins
    )
    row = await row_of(registered)
    assert (row.state, row.stub_explained) == ("closed", "淋湿丢弃")


@pytest.mark.rule("CORE-1", "CORE-22")
@pytest.mark.parametrize(("kind", "state"), [(Deny, "refused"), (Hold, "held")])
async def test_whatever_is_decided_the_arrival_is_in_the_book_with_rule_and_reason(
    database, kind, state
):
    plugins, asked, _ = a_judge(
        registration=kind("trader", N_("Traders are not received."), "SCH-13", "school_gate/3")
    )
    place = await a_place(plugins)
    registered = await arrive(place)
    assert registered.state == state
    row = await row_of(registered)
    assert (row.decision_code, row.decision_rule, row.decision_version) == (
        "trader",
        "SCH-13",
        "school_gate/3",
    )
    entry = (await timeline(registered.id))[0]
    assert entry.after["rule"] == "SCH-13"
    assert entry.after["number"] == registered.number
    assert [hook for hook, _ in asked] == ["registration", "register"]
    stored = asked[1][1]
    assert stored.registration_id == registered.id
    assert stored.state == state


async def test_a_plugin_that_cannot_store_its_side_leaves_nothing_behind(database):
    plugins, _, _ = a_judge(failure=RuntimeError("disk"))
    place = await a_place(plugins)
    with pytest.raises(RuntimeError):
        await arrive(place)
    assert await Registration.count() == 0
    assert await Visitor.count() == 0
    plugins_without, _, _ = a_judge()
    place.plugins = plugins_without
    assert (await arrive(place)).number == "20261123-0001"


async def test_a_hold_at_admission_is_released_by_name_and_does_not_come_back(database):
    plugins, _, _ = a_judge(admission=Hold("late", N_("School is over."), "SCH-1"))
    place = await a_place(plugins)
    registered = await arrive(place)
    await agreed(place, registered)
    held = await admit(registered.id, actor=GUARD, at=MONDAY, plugins=plugins)
    assert held.code == "late"
    assert (await row_of(registered)).state == "held"

    with pytest.raises(NotFoundError):
        await holding.release(
            registered.id, reason="校长同意", actor=GUARD, at=MONDAY, plugins=plugins
        )
    with pytest.raises(InvalidInputError):
        await holding.release(registered.id, reason="", actor=CHIEF, at=MONDAY, plugins=plugins)
    await holding.release(registered.id, reason="校长同意", actor=CHIEF, at=MONDAY, plugins=plugins)
    assert isinstance(await admit(registered.id, actor=GUARD, at=HALF_PAST, plugins=plugins), Allow)
    released = next(e for e in await timeline(registered.id) if e.act == "release")
    assert (released.who, released.after["reason"]) == (CHIEF.name, "校长同意")


async def test_after_one_hold_is_released_the_next_one_shows(database):
    plugins, _, _ = a_judge(admission=Hold("late", N_("School is over."), "SCH-1"))
    place = await a_place(plugins)
    registered = await arrive(place, document_shown=False)
    await agreed(place, registered)
    for code in ("document_missing", "late"):
        held = await admit(registered.id, actor=GUARD, at=MONDAY, plugins=plugins)
        assert held.code == code
        await holding.release(registered.id, reason="认识", actor=CHIEF, at=MONDAY, plugins=plugins)
    assert isinstance(await admit(registered.id, actor=GUARD, at=MONDAY, plugins=plugins), Allow)


async def test_who_waits_is_turned_away_by_the_gatekeeper_who_is_held_by_the_chief_only(place):
    waiting = await arrive(place)
    await holding.refuse(waiting.id, reason="推销", actor=GUARD, at=MONDAY, plugins=place.plugins)
    assert (await row_of(waiting)).decision_code == "refused_by_person"
    plugins, _, _ = a_judge(registration=Hold("doubt", N_("Doubtful."), "SCH-13"))
    held = await register(
        an_arrival(place, a_person("李雷", "", LI)), actor=GUARD, at=MONDAY, plugins=plugins
    )
    with pytest.raises(NotFoundError):
        await holding.refuse(held.id, reason="不明", actor=GUARD, at=MONDAY, plugins=plugins)
    await holding.refuse(held.id, reason="不明", actor=CHIEF, at=MONDAY, plugins=plugins)
    assert (await row_of(held)).state == "refused"


async def test_a_failing_check_never_keeps_anybody_inside(database):
    plugins, _, decisions = a_judge()
    place = await a_place(plugins)
    registered = await inside(place)
    decisions["departure"] = "not a decision"
    decision = await leaving.leave(registered.id, actor=GUARD, at=NOON, plugins=plugins)
    assert decision.code == "plugin_error"
    assert (await row_of(registered)).state == "left"
    assert await who_is(place, "inside") == []


async def test_fifty_arrivals_at_once_get_fifty_numbers_without_a_gap(place):
    people = [a_person(f"来客{n}", f"138000{n:05d}", "") for n in range(50)]
    done = await asyncio.gather(*(arrive(place, person) for person in people))
    assert sorted(r.number for r in done) == [f"20261123-{n:04d}" for n in range(1, 51)]


async def test_the_same_arrival_sent_twice_at_once_is_entered_once(place):
    results = await asyncio.gather(*(arrive(place) for _ in range(5)), return_exceptions=True)
    assert sum(not isinstance(r, Exception) for r in results) == 1
    assert await Registration.count() == 1
    assert await Visitor.count() == 1


async def test_two_who_admit_at_once_let_in_once(place):
    registered = await arrive(place)
    await agreed(place, registered)
    results = await asyncio.gather(
        *(admit(registered.id, actor=GUARD, at=HALF_PAST, plugins=place.plugins) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Allow) for r in results) == 1
    assert (await Visitor.objects().get(Visitor.id == registered.visitor_id)).visits == 1


async def test_days_are_those_of_the_site_not_of_greenwich(place):
    early = MONDAY.replace(hour=16)  # midnight in Shanghai, Tuesday
    assert (await arrive(place, at=early)).number == "20261124-0001"


@pytest.mark.rule("CORE-1")
async def test_companions_come_and_go_with_the_party(place):
    registered = await inside(
        place, companions=(a_person("李雷", "13900002345", LI), a_person("韩梅梅", "", ""))
    )
    full = await registration(registered.id, actor=GUARD, now=HALF_PAST, times=TIMES)
    assert full.card.head_count == 3
    assert {c.name for c in full.companions} == {"李雷", "韩梅梅"}
    assert {c.visits for c in full.companions} == {1}


async def test_a_purpose_of_a_plugin_that_is_off_here_cannot_be_chosen(place):
    with pytest.raises(InvalidInputError) as problem:
        await arrive(place, purpose="school_gate.parent")
    assert "purpose" in problem.value.problems


@pytest.mark.rule("CORE-3")
async def test_no_row_and_no_log_entry_holds_a_clear_number(place):
    registered = await inside(place)
    await leaving.leave(registered.id, actor=GUARD, at=NOON, plugins=place.plugins)
    texts = [json.dumps(row, default=str) for row in await LogEntry.select()]
    for table in ("visitor", "registration", "visitor_search_row", "outbox_event", "notice"):
        texts += [json.dumps(row, default=str) for row in await db.fetch(f"SELECT * FROM {table}")]
    assert len(texts) > 5
    for text in texts:
        assert "13800001234" not in text
        assert "11010519491231002" not in text
