"""A plugin that fails makes its own scan amber, stored and logged; its neighbours pass, the core lives."""

import asyncio
import time

import pytest

from core import db
from core.decisions import Allow, Deny, Hold
from core.gate.facts import HolderCard
from core.i18n import N_
from tests.core.gate.scene import IN, OUT, a_lodge, a_scene, events, log_rows

pytestmark = [pytest.mark.anyio, pytest.mark.rule("CORE-22", "CORE-23")]

kept = []


async def raises(scan):
    raise RuntimeError("the plugin is broken")


async def hangs(scan):
    await asyncio.sleep(3600)


async def answers_nonsense(scan):
    return "yes"


async def leaves_a_transaction_open(scan):
    writing = db.writing()
    await writing.__aenter__()
    kept.append(writing)
    await db.execute("UPDATE site SET name = 'changed by the plugin'")
    return Allow()


async def fails_in_a_transaction(scan):
    async with db.writing():
        await db.execute("UPDATE site SET name = 'changed by the plugin'")
        raise RuntimeError("the plugin is broken")


FAULTS = [raises, hangs, answers_nonsense, leaves_a_transaction_open, fails_in_a_transaction]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("direction", [IN, OUT])
async def test_a_failing_check_makes_only_its_own_scan_amber(database, fault, direction):
    names = {}

    async def check(scan):
        if scan.scanned.pass_id == names["bad"]:
            return await fault(scan)
        return None

    async with a_scene(plugin=a_lodge(check)) as scene:
        badges = [await scene.badge() for _ in range(6)]
        names["bad"] = badges[2].pass_id
        answers = await asyncio.gather(*(scene.scan(b.token, direction) for b in badges))
        later = await scene.scan((await scene.badge()).token, direction)
    assert [answer.verdict for answer in answers] == ["allow"] * 2 + ["hold"] + ["allow"] * 3
    assert (answers[2].code, answers[2].rule) == ("plugin_error", "CORE-22")
    assert later.verdict == "allow"
    stored = {event["pass_id"]: event for event in await events()}
    assert stored[names["bad"]]["code"] == "plugin_error"
    assert len(await log_rows("scan.hold")) == 1
    rows = await db.fetch("SELECT name FROM site")
    assert rows[0]["name"] == "Site S1"
    for writing in kept:
        with pytest.raises(Exception):  # noqa: B017 - whatever: it must not commit
            await writing.__aexit__(None, None, None)
    kept.clear()


async def test_the_block_left_open_can_be_left_later_and_takes_nobodys_turn(sqlite_database):
    async with a_scene(plugin=a_lodge(leaves_a_transaction_open)) as scene:
        badge = await scene.badge()
        await scene.scan(badge.token, IN)
        async with db.writing():
            await db.execute("UPDATE site SET name = 'ours'")
            with pytest.raises(db.TransactionLostError):
                await kept.pop().__aexit__(None, None, None)
        rows = await db.fetch("SELECT name FROM site")
    assert rows[0]["name"] == "ours"


async def test_a_hanging_check_delays_the_others_by_its_own_limit_only(database):
    async with a_scene(plugin=a_lodge(hangs)) as scene:
        badges = [await scene.badge() for _ in range(30)]
        await scene.pipeline.submit(scene.a_scan("warm"))
        began = time.perf_counter()
        answers = await asyncio.gather(*(scene.scan(b.token, IN) for b in badges))
        took = time.perf_counter() - began
    assert {answer.code for answer in answers} == {"plugin_error"}
    assert took < 3


async def holders_raise(facts):
    raise RuntimeError("no holders today")


async def holders_hang(facts):
    await asyncio.sleep(3600)


async def holders_are_nonsense(facts):
    return {one.pass_id: "Li" for one in facts}


async def holders_are_none(facts):
    return None


async def holders_leave_a_transaction_open(facts):
    writing = db.writing()
    await writing.__aenter__()
    kept.append(writing)
    return {one.pass_id: HolderCard(name="Li") for one in facts}


@pytest.mark.parametrize(
    ("holders", "code"),
    [
        (holders_raise, "holder_unknown"),
        (holders_hang, "holder_unknown"),
        (holders_are_nonsense, "holder_unknown"),
        (holders_are_none, "holder_unknown"),
        (holders_leave_a_transaction_open, ""),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_unknown_holders_are_held_and_nothing_else_breaks(database, holders, code):
    async with a_scene(plugin=a_lodge(holders=holders)) as scene:
        badge = await scene.badge()
        answer = await scene.scan(badge.token, IN)
        rubbish = await scene.scan("rubbish", IN)
    assert answer.code == code
    assert rubbish.code == "token_length"
    assert len(await events()) == 2
    kept.clear()


@pytest.mark.parametrize(
    ("theirs", "verdict", "code"),
    [
        (None, "allow", ""),
        (Allow(), "allow", ""),
        (Hold("late", N_("Late."), "SCH-6", "v3"), "hold", "late"),
        (Deny("closed", N_("Closed."), "SCH-1", "v3"), "deny", "closed"),
    ],
)
async def test_a_plugin_can_only_tighten_and_its_rule_and_version_are_kept(
    database, theirs, verdict, code
):
    async def check(scan):
        return theirs

    async with a_scene(plugin=a_lodge(check)) as scene:
        answer = await scene.scan((await scene.badge()).token, IN)
        revoked = await scene.badge(single_entry=True)
        await db.execute("UPDATE pass SET entries = 1 WHERE id = {}", revoked.pass_id)
        assert (await scene.scan(revoked.token, IN)).code == "used"
    assert (answer.verdict, answer.code) == (verdict, code)
    if code:
        assert answer.version == "v3"
        assert (await events())[0]["rule_version"] == "v3"


async def test_a_note_of_a_plugin_is_shown_beside_green(database):
    async def check(scan):
        return Allow(N_("Has a leave slip."))

    async with a_scene(plugin=a_lodge(check)) as scene:
        answer = await scene.scan((await scene.badge()).token, IN)
    assert answer.verdict == "allow"
    assert str(answer.reason) == "Has a leave slip."
