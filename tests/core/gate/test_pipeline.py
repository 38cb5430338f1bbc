"""The scan pipeline on both engines: what is stored, what is answered, once and in order."""

import asyncio

import pytest

from core import clock, db
from core.gate.scans import GateBusyError, NotStoredError
from core.gate.writing import is_guarded
from core.passes import services
from core.permissions import SYSTEM
from tests.core.gate.scene import IN, OUT, a_scene, events, log_rows

pytestmark = pytest.mark.anyio


async def test_a_good_pass_goes_in_and_out_and_both_are_stored(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        first = await scene.scan(badge.token, IN)
        second = await scene.scan(badge.token, OUT)
    assert (first.verdict, first.inside, first.holder.name) == ("allow", True, "Li")
    assert (second.verdict, second.inside) == ("allow", False)
    stored = await events()
    assert [(e["direction"], e["verdict"], e["pass_id"]) for e in stored] == [
        (0, 0, badge.pass_id),
        (1, 0, badge.pass_id),
    ]
    assert first.event_id == stored[0]["id"]
    logged = await log_rows("scan.allow")
    assert [row["record_id"] for row in logged] == [badge.pass_id] * 2
    assert logged[0]["place"] == "Gate 0"
    assert logged[0]["actor_name"] == "Guard"


async def test_what_a_device_says_of_itself_is_kept(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        wall = clock.now_ms() - 5000
        answer = await scene.pipeline.submit(
            scene.a_scan(badge.token, IN, wall=wall, mono=77, source="wedge", bundle=3)
        )
    (stored,) = await events()
    assert stored["boot"] == "b1"
    assert (stored["mono"], stored["source"], stored["bundle"], stored["mode"]) == (
        77,
        "wedge",
        3,
        0,
    )
    assert stored["at"] - stored["clock_offset"] == wall
    assert stored["device"] == scene.device
    assert stored["at"] == answer.at
    assert stored["operator"].int == 7


async def test_the_same_scan_sent_again_gets_its_first_verdict_and_no_second_event(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        first = await scene.scan(badge.token, IN, seq=5)
        again = await scene.scan(badge.token, IN, seq=5)
        other_way = await scene.scan(badge.token, OUT, seq=5)
    assert not first.replayed
    for answer in (again, other_way):
        assert answer.replayed
        assert (answer.event_id, answer.verdict, answer.direction) == (first.event_id, "allow", IN)
        assert answer.holder.name == "Li"
    assert len(await events()) == 1
    assert len(await log_rows("scan.allow")) == 1


async def test_a_refusal_sent_again_is_the_same_refusal(database):
    async with a_scene() as scene:
        first = await scene.scan("rubbish", IN, seq=1)
        again = await scene.scan("rubbish", IN, seq=1)
    assert again.replayed
    assert (again.event_id, again.code, again.reason) == (first.event_id, first.code, first.reason)


async def test_one_number_with_two_passes_stores_the_first_only(database):
    async with a_scene() as scene:
        one, other = await scene.badge(), await scene.badge()
        answers = await asyncio.gather(
            scene.scan(one.token, IN, seq=1), scene.scan(other.token, IN, seq=1)
        )
    assert [answer.event_id for answer in answers] == [answers[0].event_id] * 2
    assert len(await events()) == 1
    inside = await db.fetch("SELECT id FROM pass WHERE inside = 1")
    assert [row["id"] for row in inside] == [one.pass_id]


@pytest.mark.rule("SCH-19")
async def test_two_gates_at_the_same_instant_admit_one_on_a_single_entry_pass(database):
    async with a_scene() as scene:
        badge = await scene.badge(single_entry=True)
        answers = await asyncio.gather(
            *(scene.scan(badge.token, IN, gate=n % 2, seq=n + 1) for n in range(20))
        )
    assert sorted(answer.verdict for answer in answers) == ["allow"] + ["deny"] * 19
    assert {answer.code for answer in answers if answer.verdict == "deny"} == {"used"}
    assert len(await events()) == 20


async def test_many_passes_at_once_are_all_admitted_and_counted(database):
    async with a_scene() as scene:
        badges = [await scene.badge() for _ in range(150)]
        answers = await asyncio.gather(*(scene.scan(badge.token, IN) for badge in badges))
        assert scene.pipeline.batches < 75
    assert {answer.verdict for answer in answers} == {"allow"}
    rows = await db.fetch("SELECT sum(total) AS total, count(*) AS lines FROM scan_counter")
    assert int(rows[0]["total"]) == 150
    assert len(await log_rows("scan.allow")) == 150


async def test_a_pass_revoked_between_reading_and_storing_is_decided_anew(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        store = scene.pipeline._store
        apply, revoked = store.apply, []

        async def revoke_first(records):
            if not revoked:
                revoked.append(True)
                await services.revoke(badge.pass_id, reason="lost", actor=SYSTEM, at=clock.now())
            return await apply(records)

        store.apply = revoke_first
        answer = await scene.scan(badge.token, IN)
    assert (answer.verdict, answer.code) == ("deny", "revoked")
    assert len(await events()) == 1


async def test_a_scan_that_cannot_be_stored_has_no_verdict_and_can_be_sent_again(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        store = scene.pipeline._store
        apply = store.apply

        async def fail(records):
            raise OSError("disk full")

        store.apply = fail
        with pytest.raises(NotStoredError):
            await scene.scan(badge.token, IN, seq=1)
        assert await events() == []
        store.apply = apply
        assert (await scene.scan(badge.token, IN, seq=1)).verdict == "allow"


async def test_one_scan_that_cannot_be_stored_does_not_fail_its_neighbours(database):
    async with a_scene() as scene:
        badges = [await scene.badge() for _ in range(8)]
        poison = badges[3].pass_id
        store = scene.pipeline._store
        apply = store.apply

        async def choosy(records):
            if any(record.event.pass_id == poison for record in records):
                raise ValueError("cannot be stored")
            return await apply(records)

        store.apply = choosy
        answers = await asyncio.gather(
            *(scene.scan(badge.token, IN) for badge in badges), return_exceptions=True
        )
    assert [type(answer).__name__ for answer in answers] == (
        ["Verdict"] * 3 + ["NotStoredError"] + ["Verdict"] * 4
    )


async def test_more_scans_than_can_wait_are_told_so_at_once(database):
    async with a_scene(most_waiting=5) as scene:
        badges = [await scene.badge() for _ in range(12)]
        await scene.scan(badges[0].token, IN)
        answers = await asyncio.gather(
            *(scene.scan(badge.token, IN) for badge in badges), return_exceptions=True
        )
    assert sum(isinstance(answer, GateBusyError) for answer in answers) == 7
    assert len(await events()) == 6


async def test_without_a_direction_the_pass_goes_the_other_way(database):
    from core.gate.facts import GateRules

    async with a_scene(rules=GateRules(passback_seconds=0)) as scene:
        badge = await scene.badge()
        ways = [(await scene.scan(badge.token, None)).direction for _ in range(4)]
    assert ways == [IN, OUT, IN, OUT]


async def test_a_second_entry_hours_later_is_let_in_and_becomes_a_conflict(database):
    from core.gate.facts import GateRules

    async with a_scene(rules=GateRules(passback_seconds=0)) as scene:
        badge = await scene.badge()
        await scene.scan(badge.token, IN)
        second = await scene.scan(badge.token, IN)
    assert second.verdict == "allow"
    (conflict,) = await db.fetch("SELECT * FROM scan_conflict")
    assert conflict["kind"] == "double_entry"
    assert conflict["second_event"] == second.event_id


async def test_somebody_who_stops_waiting_leaves_no_trouble_behind(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        task = asyncio.create_task(scene.scan(badge.token, IN, seq=1))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        again = await scene.scan(badge.token, IN, seq=1)
    assert again.verdict == "allow"
    assert len(await events()) == 1


async def test_the_guard_cannot_be_switched_off_beside_real_data(database, monkeypatch, tmp_path):
    from core.gate.writing import UNGUARDED, UnguardedError

    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path))
    assert is_guarded()
    monkeypatch.setenv(UNGUARDED, "1")
    with pytest.raises(UnguardedError):
        is_guarded()
