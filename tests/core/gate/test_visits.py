"""A visitor's slip at the gate: scanning it moves the visit itself, in the scan's own transaction."""

import asyncio

import pytest

from core import clock, db
from core.decisions import Deny, Hold
from core.gate.correcting import Act, override, undo
from core.i18n import N_
from core.passes import services as passes
from core.permissions import Actor
from core.registrations import holding, leaving, services, slips
from core.registrations.services import register
from core.rulebooks import queries as rulebooks
from core.visitors.matching import Person
from tests.core.gate.scene import IN, OUT, ZONE, a_lodge, a_scene, events, log_rows
from tests.core.registrations.reception import CHIEF, GUARD, a_judge, an_arrival
from tests.core.registrations.reception import Place as Reception

pytestmark = [pytest.mark.anyio, pytest.mark.rule("CORE-6", "SCH-8")]


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()


class Visit:
    """A visit with its slip."""

    def __init__(self, scene, registered, slip):
        self.scene, self.id, self.slip = scene, registered.id, slip

    async def stub(self):
        return await passes.stub_token_of(self.slip.pass_id)

    async def state(self):
        rows = await db.fetch("SELECT state FROM registration WHERE id = {}", self.id)
        return rows[0]["state"]

    async def row(self):
        return (await db.fetch("SELECT * FROM registration WHERE id = {}", self.id))[0]

    async def in_(self, **more):
        return await self.scene.scan(self.slip.token, IN, **more)

    async def out(self, **more):
        return await self.scene.scan(self.slip.token, OUT, **more)


async def a_visit(scene, name="王小明", purpose="core.delivery", **given):
    at = clock.now()
    place = Reception(scene.site.id, scene.gates[0].id, None, scene.plugins)
    registered = await register(
        an_arrival(place, Person(name=name), purpose=purpose, host_id=None, **given),
        actor=GUARD,
        at=at,
        plugins=scene.plugins,
    )
    slip = await slips.issue(registered.id, actor=GUARD, at=at, plugins=scene.plugins)
    return Visit(scene, registered, slip)


def judging(**decisions):
    plugins, _, given = a_judge(**decisions)
    return plugins, given


async def test_a_visitor_is_let_in_and_out_by_the_slip(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        came = await visit.in_()
        assert (came.verdict, came.inside, came.holder.name) == ("allow", True, "王小明")
        assert await visit.state() == "inside"
        row = await visit.row()
        assert row["entered_at"] is not None
        went = await visit.out()
    assert (went.verdict, went.inside) == ("allow", False)
    assert await visit.state() == "left"
    assert len(await events()) == 2
    assert [len(await log_rows(act)) for act in ("registration.admit", "registration.leave")] == [
        1,
        1,
    ]


async def test_a_missing_stub_is_said_and_keeps_nobody_in(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await visit.in_()
        went = await visit.out()
        assert (went.verdict, went.code) == ("allow", "stub_missing")
        assert "stub" in str(went.reason)
        back = await scene.scan(await visit.stub(), None)
    assert (back.verdict, back.code) == ("allow", "stub_returned")
    assert await visit.state() == "closed"


async def test_the_stub_scanned_on_leaving_closes_the_visit_at_once(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await visit.in_()
        went = await scene.scan(await visit.stub(), None)
    assert (went.verdict, went.code, went.direction) == ("allow", "", OUT)
    assert await visit.state() == "closed"


async def test_a_stub_lets_nobody_in(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        answer = await scene.scan(await visit.stub(), IN)
    assert (answer.verdict, answer.code) == ("deny", "stub_unexpected")
    assert await visit.state() == "waiting"


async def test_a_slip_after_the_visit_is_refused_by_what_became_of_it(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await visit.in_()
        await visit.out()
        again = await visit.in_()
    assert (again.verdict, again.code) == ("deny", "visit_left")


async def test_what_the_desk_recorded_counts_at_the_gate(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await services.admit(visit.id, actor=GUARD, at=clock.now(), plugins=scene.plugins)
        second = await visit.in_()
        assert (second.verdict, second.code) == ("hold", "already_inside")
        went = await visit.out()
    assert went.verdict == "allow"
    assert await visit.state() == "left"
    assert await db.fetch("SELECT id FROM scan_conflict") == []


async def test_who_left_at_the_desk_is_not_let_in_by_the_slip(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await visit.in_()
        await leaving.leave(visit.id, actor=GUARD, at=clock.now(), plugins=scene.plugins)
        assert (await visit.in_()).code == "visit_left"


async def test_what_stands_against_an_admission_holds_the_scan_and_the_visit(database):
    hold = Hold("watch", N_("On the watch list."), "CORE-15")
    plugins, _ = judging(admission=hold)
    async with a_scene(plugin=None) as scene:
        scene.use(plugins)
        visit = await a_visit(scene)
        answer = await visit.in_()
    assert (answer.verdict, answer.code, answer.rule) == ("hold", "watch", "CORE-15")
    assert await visit.state() == "held"
    assert (await events())[0]["code"] == "watch"


async def test_what_forbids_an_admission_refuses_the_scan_and_leaves_the_visit_waiting(database):
    plugins, decisions = judging(admission=Deny("no_consent", N_("Ask first."), "CORE-5"))
    async with a_scene() as scene:
        scene.use(plugins)
        visit = await a_visit(scene)
        answer = await visit.in_()
        assert (answer.verdict, answer.code) == ("deny", "no_consent")
        assert await visit.state() == "waiting"
        decisions.clear()
        assert (await visit.in_()).verdict == "allow"
    assert len(await log_rows("registration.admit_denied")) == 1


async def test_two_gates_at_once_let_a_visitor_in_once(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        answers = await asyncio.gather(*(visit.in_(gate=n % 2) for n in range(6)))
    assert sorted(a.verdict for a in answers).count("allow") == 1
    assert len(await log_rows("registration.admit")) == 1
    assert len(await events()) == 6


async def test_the_desk_and_the_gate_at_the_same_instant_let_a_visitor_out_once(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await visit.in_()
        desk = leaving.leave(visit.id, actor=GUARD, at=clock.now(), plugins=scene.plugins)
        at_gate, _ = await asyncio.gather(visit.out(), desk, return_exceptions=True)
    assert at_gate.verdict in ("allow", "hold")
    assert await visit.state() == "left"
    assert len(await log_rows("registration.leave")) == 1


async def test_a_turnstile_that_may_only_scan_lets_visitors_through(database):
    turnstile = Actor(kind="token", name="Turnstile", permissions=frozenset({"core:gate:scan"}))
    async with a_scene() as scene:
        visit = await a_visit(scene)
        scan = scene.a_scan(visit.slip.token, IN, actor=turnstile)
        assert (await scene.pipeline.submit(scan)).verdict == "allow"
    assert await visit.state() == "inside"


async def test_the_same_slip_scan_sent_again_moves_the_visit_once(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        first = await visit.in_(seq=9)
        again = await visit.in_(seq=9)
    assert again.replayed
    assert again.event_id == first.event_id
    assert len(await log_rows("registration.admit")) == 1


def an_act(scene, event_id, reason="", actor=None):
    station = scene.station() if actor is None else scene.station(actor=actor)
    return Act(station=station, event_id=event_id, seq=next(scene.numbers), reason=reason)


async def test_an_entry_taken_back_leaves_the_visitor_waiting_with_a_good_slip(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        came = await visit.in_()
        taken = await undo(
            an_act(scene, came.event_id), at=clock.now(), plugins=scene.plugins, zone=ZONE
        )
        assert (taken.code, taken.inside) == ("undo", False)
        assert await visit.state() == "waiting"
        assert (await visit.in_()).verdict == "allow"
    assert await visit.state() == "inside"


async def test_a_leaving_taken_back_makes_the_slip_good_again(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await visit.in_()
        went = await visit.out()
        await undo(an_act(scene, went.event_id), at=clock.now(), plugins=scene.plugins, zone=ZONE)
        assert await visit.state() == "inside"
        again = await visit.out()
    assert again.verdict == "allow"
    assert await visit.state() == "left"


async def test_a_held_visit_is_released_at_the_gate_by_who_may_decide_only(database):
    hold = Hold("watch", N_("On the watch list."), "CORE-15")
    plugins, decisions = judging(admission=hold)
    async with a_scene() as scene:
        scene.use(plugins)
        visit = await a_visit(scene)
        held = await visit.in_()
        decisions.clear()
        from core.errors import RefusedError

        with pytest.raises(RefusedError):
            await override(
                an_act(scene, held.event_id, "known"),
                at=clock.now(),
                plugins=scene.plugins,
                zone=ZONE,
            )
        assert await visit.state() == "held"
        released = await override(
            an_act(scene, held.event_id, "the head called", CHIEF),
            at=clock.now(),
            plugins=scene.plugins,
            zone=ZONE,
        )
    assert (released.verdict, released.code, released.inside) == ("allow", "override", True)
    assert await visit.state() == "inside"


async def test_a_visit_held_at_the_desk_is_amber_at_the_gate(database):
    async with a_scene() as scene:
        visit = await a_visit(scene)
        await db.execute("UPDATE registration SET state = 'held' WHERE id = {}", visit.id)
        assert (await visit.in_()).code == "visit_held"
        await holding.release(
            visit.id, reason="known", actor=CHIEF, at=clock.now(), plugins=scene.plugins
        )
        await db.execute("UPDATE pass SET last_direction = -1 WHERE id = {}", visit.slip.pass_id)
        assert (await visit.in_()).verdict == "allow"


async def test_a_plugin_that_knows_no_visitors_does_not_matter(database):
    async with a_scene(plugin=a_lodge()) as scene:
        visit = await a_visit(scene)
        answer = await visit.in_()
    assert answer.holder.name == "王小明"
