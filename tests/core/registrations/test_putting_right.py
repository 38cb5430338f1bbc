"""Visits put right: corrected, taken up again, taken back, cancelled, voided; seen at one site."""

from datetime import timedelta

import pytest

from core.decisions import Deny
from core.errors import (
    InvalidInputError,
    NotFoundError,
    StaleError,
    WrongStateError,
)
from core.i18n import N_
from core.registrations import correcting, holding, leaving
from core.registrations.history import registration, timeline
from core.registrations.services import admit
from core.registrations.tables import Registration
from core.visitors.tables import Visitor
from tests.core.registrations.reception import (
    CHIEF,
    GUARD,
    MONDAY,
    a_judge,
    a_place,
    a_site,
    actor,
    arrive,
)
from tests.core.registrations.visiting import NOON, TIMES, agreed, inside, row_of


@pytest.mark.rule("CORE-8")
async def test_a_correction_keeps_the_earlier_value_in_the_log(place):
    registered = await arrive(place)
    await agreed(place, registered)
    row = await row_of(registered)
    correction = correcting.Correction(
        reason="送材料",
        host_id=None,
        host_text="财务处",
        head_count=3,
        document_shown=True,
        plate="粤B12345",
        goods="",
        remark="",
        expected_leave_at=None,
    )
    with pytest.raises(StaleError):
        await correcting.correct(
            row.id, correction, version=1, actor=GUARD, at=MONDAY, plugins=place.plugins
        )
    await correcting.correct(
        row.id, correction, version=row.version, actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    entry = next(e for e in await timeline(row.id) if e.act == "correct")
    assert (entry.before["reason"], entry.after["reason"]) == ("谈合同", "送材料")
    assert (entry.before["head_count"], entry.after["head_count"]) == (1, 3)
    changed = await row_of(registered)
    assert (changed.host, changed.host_text, changed.consent) == (None, "财务处", "none")


async def test_who_was_refused_for_what_is_corrected_is_judged_again(database):
    plugins, _, decisions = a_judge(registration=Deny("paper", N_("Show a document."), "SCH-15"))
    place = await a_place(plugins)
    registered = await arrive(place, document_shown=False)
    assert registered.state == "refused"
    decisions["registration"] = None
    await correcting.judge_again(registered.id, actor=GUARD, at=MONDAY, plugins=plugins)
    assert (await row_of(registered)).state == "waiting"


async def test_what_a_person_refused_only_one_who_may_decide_takes_up_again(place):
    registered = await arrive(place)
    await holding.refuse(
        registered.id, reason="推销", actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    with pytest.raises(NotFoundError):
        await correcting.judge_again(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    await correcting.judge_again(registered.id, actor=CHIEF, at=MONDAY, plugins=place.plugins)
    assert (await row_of(registered)).state == "waiting"


async def test_mistaken_steps_are_taken_back_within_a_day(place):
    registered = await inside(place)
    visitor = await Visitor.objects().get(Visitor.id == registered.visitor_id)
    assert visitor.visits == 1
    await correcting.step_back(
        registered.id, reason="点错", actor=GUARD, at=NOON, plugins=place.plugins
    )
    assert (await row_of(registered)).state == "waiting"
    await visitor.refresh()
    assert visitor.visits == 0
    await admit(registered.id, actor=GUARD, at=NOON, plugins=place.plugins)
    await leaving.leave(registered.id, actor=GUARD, at=NOON, plugins=place.plugins)
    with pytest.raises(WrongStateError):
        await correcting.step_back(
            registered.id,
            reason="点错",
            actor=GUARD,
            at=NOON + timedelta(days=2),
            plugins=place.plugins,
        )
    await correcting.step_back(
        registered.id, reason="点错", actor=GUARD, at=NOON, plugins=place.plugins
    )
    row = await row_of(registered)
    assert (row.state, row.left_at) == ("inside", None)


async def test_cancelled_and_voided_visits_end_with_a_reason(place):
    registered = await arrive(place)
    await correcting.cancel(
        registered.id, reason="等不及走了", actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    with pytest.raises(WrongStateError):
        await admit(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    with pytest.raises(NotFoundError):
        await correcting.void(
            registered.id, reason="重复", actor=GUARD, at=MONDAY, plugins=place.plugins
        )
    await correcting.void(
        registered.id, reason="重复", actor=CHIEF, at=MONDAY, plugins=place.plugins
    )
    assert (await row_of(registered)).state == "voided"


async def test_nobody_is_in_the_book_twice_at_one_time(place):
    registered = await arrive(place)
    with pytest.raises(InvalidInputError) as problem:
        await arrive(place)
    assert registered.number in str(problem.value.problems["name"])
    assert await Registration.count() == 1
    await correcting.cancel(
        registered.id, reason="走了", actor=GUARD, at=MONDAY, plugins=place.plugins
    )
    assert (await arrive(place)).number == "20261123-0002"


@pytest.mark.rule("CORE-14")
async def test_who_works_at_another_site_does_not_even_see_that_the_visit_exists(place):
    other, _ = await a_site("east", "东校区")
    elsewhere = actor(site_ids=frozenset({other}))
    registered = await arrive(place)
    with pytest.raises(NotFoundError):
        await registration(registered.id, actor=elsewhere, now=MONDAY, times=TIMES)
    with pytest.raises(NotFoundError):
        await admit(registered.id, actor=elsewhere, at=MONDAY, plugins=place.plugins)
    with pytest.raises(NotFoundError):
        await arrive(place, by=elsewhere)
