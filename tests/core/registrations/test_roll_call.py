"""Who is inside is right at each moment, whatever is done in whichever order (CORE-6)."""

import random
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core import hookimpl
from core.decisions import Allow
from core.errors import DomainError, NotFoundError
from core.gate.facts import HolderCard, PassKind
from core.i18n import N_
from core.passes import services as passes
from core.passes.tables import Pass
from core.plugins import Plugins
from core.registrations import consent, correcting, holding, leaving, slips
from core.registrations.facts import Present
from core.registrations.roll_call import roll_call
from core.registrations.rulebook import Reception
from core.registrations.services import admit
from core.registrations.tables import Registration
from tests.core.registrations.reception import (
    CHIEF,
    GUARD,
    MONDAY,
    a_person,
    a_place,
    a_site,
    actor,
    arrive,
)

TIMES = Reception()


def a_school():
    """Return plugins in which one knows the holders of pupils' passes but one."""

    @hookimpl
    def register_pass_kinds():
        return [PassKind(name="school.pupil", label=N_("Pupil"), plugin="school")]

    @hookimpl
    async def collect_holders(passes):
        known = [p for p in passes if p.kind == "school.pupil"][1:]
        return {
            p.pass_id: HolderCard(name=f"学生{n}", lines=("高一(1)班" if n % 2 else "高一(2)班",))
            for n, p in enumerate(known)
        }

    school = SimpleNamespace(
        register_pass_kinds=register_pass_kinds, collect_holders=collect_holders
    )
    return Plugins({"school": school})


async def called(place, by=GUARD, now=MONDAY):
    return await roll_call(place.site_id, actor=by, now=now, times=TIMES, plugins=place.plugins)


@pytest.mark.rule("CORE-6")
async def test_the_roll_call_counts_visitors_companions_and_holders_of_passes(database):
    place = await a_place(a_school())
    registered = await arrive(
        place, purpose="core.delivery", companions=(a_person("李雷", "", ""),), head_count=4
    )
    await admit(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    for _ in range(5):
        issued = await passes.issue(
            "school.pupil",
            uuid4(),
            place.site_id,
            not_before=MONDAY,
            expires=MONDAY + timedelta(days=300),
            actor=GUARD,
            at=MONDAY,
        )
        await Pass.update({Pass.inside: 1}).where(Pass.id == issued.pass_id)
    roll = await called(place)
    assert (roll.total, roll.visitors) == (9, 4)
    party = roll.parties[0]
    assert (party.card.visitor_name, list(party.companions), party.unnamed) == (
        "王小明",
        ["李雷"],
        2,
    )
    pupils = roll.kinds[0]
    assert (str(pupils.label), pupils.count) == ("Pupil", 5)
    assert {group.name: len(group.names) for group in pupils.groups} == {
        "高一(1)班": 2,
        "高一(2)班": 2,
        "?": 1,
    }


@pytest.mark.rule("CORE-14")
async def test_the_roll_call_of_another_site_is_not_given(place):
    other, _ = await a_site("east", "东校区")
    with pytest.raises(NotFoundError):
        await called(place, by=actor(site_ids=frozenset({other})))


async def test_a_slip_does_not_count_its_visitor_twice(place):
    registered = await arrive(place, purpose="core.delivery")
    await slips.issue(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    await admit(registered.id, actor=GUARD, at=MONDAY, plugins=place.plugins)
    await Pass.update({Pass.inside: 1}).where(Pass.registration == registered.id)
    assert (await called(place)).total == 1


async def agree(visit, common):
    await consent.note(visit, given=True, by="张明", means="phone", **common)


ACTS = {
    "agree": agree,
    "admit": lambda visit, common: admit(visit, **common),
    "leave": lambda visit, common: leaving.leave(visit, **common),
    "slip": lambda visit, common: slips.issue(visit, **common),
    "stub": lambda visit, common: leaving.return_stub(visit, **common),
    "explain": lambda visit, common: leaving.explain_stub(visit, reason="丢失", **common),
    "refuse": lambda visit, common: holding.refuse(visit, reason="推销", **common),
    "release": lambda visit, common: holding.release(visit, reason="认识", **common),
    "judge": lambda visit, common: correcting.judge_again(visit, **common),
    "cancel": lambda visit, common: correcting.cancel(visit, reason="走了", **common),
    "void": lambda visit, common: correcting.void(visit, reason="重复", **common),
    "back": lambda visit, common: correcting.step_back(visit, reason="点错", **common),
}


OFTEN = ["agree", "admit", "leave", "back", "stub", "release"]


@pytest.mark.rule("CORE-6")
@pytest.mark.parametrize("seed", range(4))
async def test_after_any_run_of_acts_inside_is_who_entered_and_did_not_leave(place, seed):
    rng = random.Random(seed)
    visits = []
    for n in range(8):
        shown = rng.random() < 0.6
        person = a_person(f"来客{n}", f"1380000{n:04d}", "")
        visit = (await arrive(place, person, document_shown=shown)).id
        visits.append(visit)
        common = {"actor": CHIEF, "at": MONDAY, "plugins": place.plugins}
        await agree(visit, common)
        if n % 2:
            await admit(visit, **common)
    present = {party.card.id for party in (await called(place)).parties}
    done = 0
    for step in range(90):
        visit, name = rng.choice(visits), rng.choice([*ACTS, *OFTEN * 4])
        at = MONDAY + timedelta(minutes=step)
        common = {"actor": CHIEF, "at": at, "plugins": place.plugins}
        try:
            answer = await ACTS[name](visit, common)
        except DomainError:
            continue
        done += 1
        if name == "admit" and isinstance(answer, Allow):
            present.add(visit)
        elif name in ("leave", "void"):
            present.discard(visit)
        elif name == "back":
            present ^= {visit}
        roll = await called(place, now=at)
        assert {party.card.id for party in roll.parties} == present, (step, name)
    assert done > 20
    for row in await Registration.objects():
        assert (row.entered_at is not None and row.left_at is None) >= (row.id in present)


async def test_who_is_on_a_list_is_called_and_a_part_that_fails_is_named(database):
    @hookimpl
    async def collect_present(site_id, at):
        return [Present(kind="school.pupil", group="高一(3)班", name="在册者")]

    @hookimpl
    async def storm(site_id, at):
        raise RuntimeError("no list today")

    site_id, _ = await a_site()
    listed = SimpleNamespace(collect_present=collect_present)
    broken = SimpleNamespace(collect_present=storm)
    plugins = Plugins({"listed": listed, "broken": broken})
    roll = await roll_call(site_id, actor=GUARD, now=MONDAY, times=TIMES, plugins=plugins)
    assert [(kind.name, kind.count) for kind in roll.kinds] == [("school.pupil", 1)]
    assert roll.kinds[0].groups[0].names == ["在册者"]
    assert roll.total == 1
    assert list(roll.failed) == ["broken"]
