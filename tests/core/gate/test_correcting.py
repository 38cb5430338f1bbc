"""Scans taken back and held ones released: new events, never an edit; the pass is folded anew."""

import asyncio

import pytest

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.gate import correcting, presence
from core.gate.correcting import Act
from core.gate.facts import GateRules
from core.passes import services as passes
from core.permissions import SYSTEM, Actor
from tests.core.gate.scene import GUARD, IN, OUT, ZONE, a_scene, a_site, events, log_rows

pytestmark = [pytest.mark.anyio, pytest.mark.rule("CORE-7")]

ONLY_SCANS = Actor(kind="user", name="New guard", permissions=frozenset({"core:gate:scan"}))
OFFICER = Actor(kind="user", name="Officer", permissions=frozenset({"core:gate:conflict"}))


async def undo(scene, event_id, **more):
    return await do(correcting.undo, scene, event_id, **more)


async def override(scene, event_id, reason="I know her", **more):
    return await do(correcting.override, scene, event_id, reason=reason, **more)


async def do(what, scene, event_id, *, reason="", actor=GUARD, seq=None):
    act = Act(
        station=scene.station(actor=actor),
        event_id=event_id,
        seq=next(scene.numbers) if seq is None else seq,
        reason=reason,
    )
    return await what(act, at=clock.now(), plugins=scene.plugins, zone=ZONE)


async def state_of(badge):
    rows = await db.fetch("SELECT inside, entries FROM pass WHERE id = {}", badge.pass_id)
    return rows[0]["inside"], rows[0]["entries"]


async def test_a_mistaken_scan_is_taken_back_by_a_new_event(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        mistaken = await scene.scan(badge.token, OUT)
        before = (await events())[0]
        taken = await undo(scene, mistaken.event_id, reason="wrong way")
        assert (taken.code, taken.inside, taken.holder.name) == ("undo", False, "Li")
        right = await scene.scan(badge.token, IN)
    assert right.verdict == "allow"
    stored = await events()
    assert stored[0] == before
    assert stored[1]["corrects"] == mistaken.event_id
    assert await state_of(badge) == (1, 1)
    (row,) = await log_rows("gate.undo")
    assert '"why":"wrong way"' in row["after"]
    assert row["actor_name"] == "Guard"


async def test_after_an_undo_the_same_direction_is_not_held(database):
    async with a_scene() as scene:
        badge = await scene.badge(single_entry=True)
        first = await scene.scan(badge.token, IN)
        await undo(scene, first.event_id)
        assert (await scene.scan(badge.token, IN)).verdict == "allow"


async def test_an_undo_is_answered_once_however_often_it_is_sent(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        first = await scene.scan(badge.token, IN)
        taken = await undo(scene, first.event_id, seq=50)
        again = await undo(scene, first.event_id, seq=50)
    assert again.replayed
    assert again.event_id == taken.event_id
    assert len(await events()) == 2


async def test_only_the_latest_scan_of_a_pass_is_taken_back_and_only_once(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        first = await scene.scan(badge.token, IN)
        second = await scene.scan(badge.token, OUT)
        with pytest.raises(WrongStateError):
            await undo(scene, first.event_id)
        taken = await undo(scene, second.event_id)
        for event_id in (second.event_id, taken.event_id):
            with pytest.raises(WrongStateError):
                await undo(scene, event_id)
        await undo(scene, first.event_id)
    assert await state_of(badge) == (0, 0)


async def test_what_let_nobody_through_cannot_be_taken_back(database):
    async with a_scene() as scene:
        refused = await scene.scan("rubbish", IN)
        with pytest.raises(WrongStateError):
            await undo(scene, refused.event_id)
        with pytest.raises(NotFoundError):
            await undo(scene, refused.event_id + 1000)


async def test_scans_of_another_site_are_not_there(database):
    async with a_scene() as scene:
        scan = await scene.scan((await scene.badge()).token, IN)
        scene.site = await a_site("S9")
        with pytest.raises(NotFoundError):
            await undo(scene, scan.event_id)


async def test_a_held_scan_is_released_by_name_with_a_reason(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        await scene.scan(badge.token, IN)
        await scene.scan(badge.token, OUT)
        held = await scene.scan(badge.token, OUT)
        assert held.code == "passback"
        released = await override(scene, held.event_id)
    assert (released.verdict, released.code, released.direction) == ("allow", "override", OUT)
    (row,) = await log_rows("gate.override")
    assert '"was":"passback"' in row["after"]
    assert '"why":"I know her"' in row["after"]
    assert (await events())[-1]["corrects"] == held.event_id


async def test_a_release_needs_the_right_a_reason_and_something_held(database):
    async with a_scene() as scene:
        badge = await scene.badge(kind="nobody.knows")
        held = await scene.scan(badge.token, IN)
        refused = await scene.scan("rubbish", IN)
        with pytest.raises(RefusedError):
            await override(scene, held.event_id, actor=ONLY_SCANS)
        with pytest.raises(InvalidInputError):
            await override(scene, held.event_id, reason="  ")
        with pytest.raises(WrongStateError):
            await override(scene, refused.event_id)
        await override(scene, held.event_id)
        with pytest.raises(WrongStateError):
            await override(scene, held.event_id)
    assert await state_of(badge) == (1, 1)


async def test_a_pass_revoked_meanwhile_is_not_released(database):
    async with a_scene() as scene:
        badge = await scene.badge(kind="nobody.knows")
        held = await scene.scan(badge.token, IN)
        await passes.revoke(badge.pass_id, reason="lost", actor=SYSTEM, at=clock.now())
        with pytest.raises(WrongStateError):
            await override(scene, held.event_id)
    assert await state_of(badge) == (0, 0)


async def test_two_operators_at_once_release_a_scan_once(database):
    async with a_scene() as scene:
        badge = await scene.badge(kind="nobody.knows")
        held = await scene.scan(badge.token, IN)
        answers = await asyncio.gather(
            *(override(scene, held.event_id) for _ in range(4)), return_exceptions=True
        )
    assert sum(isinstance(answer, WrongStateError) for answer in answers) == 3
    assert await state_of(badge) == (1, 1)


async def test_a_correction_closes_the_conflict_that_it_explains(database):
    async with a_scene(rules=GateRules(passback_seconds=0)) as scene:
        badge = await scene.badge()
        await scene.scan(badge.token, IN)
        second = await scene.scan(badge.token, IN)
        (conflict,) = await db.fetch("SELECT * FROM scan_conflict WHERE closed_at IS NULL")
        assert conflict["second_event"] == second.event_id
        await undo(scene, second.event_id)
    (conflict,) = await db.fetch("SELECT * FROM scan_conflict")
    assert conflict["note"] == "corrected"


async def test_folding_anew_changes_nothing_that_the_pipeline_did(database):
    async with a_scene(rules=GateRules(passback_seconds=0)) as scene:
        badge = await scene.badge()
        for direction in (IN, IN, OUT, OUT, IN):
            await scene.scan(badge.token, direction)
        columns = "inside, entries, last_at, last_direction, last_event"
        kept = await db.fetch(f"SELECT {columns} FROM pass WHERE id = {{}}", badge.pass_id)
        found = await db.fetch("SELECT kind, key, first_event, second_event FROM scan_conflict")
        async with db.writing():
            await presence.refold(badge.pass_id, at=clock.now())
        assert await db.fetch(f"SELECT {columns} FROM pass WHERE id = {{}}", badge.pass_id) == kept
        again = await db.fetch("SELECT kind, key, first_event, second_event FROM scan_conflict")
    assert sorted(map(str, again)) == sorted(map(str, found))
    assert len(found) == 2


async def test_a_conflict_is_closed_with_its_explanation_by_who_may(database):
    async with a_scene(rules=GateRules(passback_seconds=0)) as scene:
        badge = await scene.badge()
        await scene.scan(badge.token, OUT)
        (conflict,) = await db.fetch("SELECT id FROM scan_conflict")
        at = clock.now()
        with pytest.raises(NotFoundError):
            await presence.close_conflict(conflict["id"], note="x", actor=GUARD, at=at)
        with pytest.raises(InvalidInputError):
            await presence.close_conflict(conflict["id"], note=" ", actor=OFFICER, at=at)
        await presence.close_conflict(conflict["id"], note="came by bus", actor=OFFICER, at=at)
        with pytest.raises(WrongStateError):
            await presence.close_conflict(conflict["id"], note="again", actor=OFFICER, at=at)
    assert len(await log_rows("gate.close_conflict")) == 1
