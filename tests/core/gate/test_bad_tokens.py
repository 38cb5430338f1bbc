"""What is no good pass: each its own code, sentence and row of the log; nothing opens, none slows."""

import time
from datetime import timedelta

import pytest

from core import clock
from core.passes import keys, services
from core.passes.token import normalise_scan, raw_hash
from core.permissions import SYSTEM
from tests.core.gate.scene import IN, OUT, a_badge, a_scene, a_site, events, log_rows

pytestmark = [pytest.mark.anyio, pytest.mark.rule("SCH-3", "SCH-19", "CORE-22")]


async def garbage(scene):
    return "what is this?"


async def truncated(scene):
    return (await scene.badge()).token[:-1]


async def nothing(scene):
    return ""


async def of_another_system(scene):
    return "XX9:" + (await scene.badge()).token[4:]


async def misread(scene):
    token = (await scene.badge()).token
    return token[:20] + "1" + token[21:]


async def forged(scene):
    token = (await scene.badge()).token
    return token[:40] + ("A" if token[40] != "A" else "B") + token[41:]


async def of_an_unknown_key(scene):
    badge = await scene.badge()
    await keys.withdraw_key(1, actor=SYSTEM, at=clock.now(), reason="lost")
    await scene.pass_a_second()
    return badge.token


async def expired(scene):
    at = clock.now() - timedelta(days=3)
    return (await scene.badge(at=at)).token


async def early(scene):
    at = clock.now()
    return (await scene.badge(not_before=at + timedelta(hours=1))).token


async def revoked(scene):
    badge = await scene.badge()
    await services.revoke(badge.pass_id, reason="lost", actor=SYSTEM, at=clock.now())
    return badge.token


async def of_a_wrong_zone(scene):
    return (await scene.badge(zones=0b10)).token


async def reissued(scene):
    badge = await scene.badge()
    await services.reissue(badge.pass_id, actor=SYSTEM, at=clock.now())
    return badge.token


async def of_a_foreign_organisation(scene):
    other = await a_site("S2", audience=9)
    return (await a_badge(other.id, at=clock.now())).token


async def of_another_site(scene):
    other = await a_site("S3")
    return (await a_badge(other.id, at=clock.now())).token


async def not_on_record(scene):
    from core import db

    badge = await scene.badge()
    await db.execute("DELETE FROM pass WHERE id = {}", badge.pass_id)
    return badge.token


async def used(scene):
    badge = await scene.badge(single_entry=True)
    await scene.scan(badge.token, IN)
    await scene.scan(badge.token, OUT)
    return badge.token


async def of_a_holder_nobody_knows(scene):
    return (await scene.badge(kind="nobody.knows")).token


async def repeated(scene):
    badge = await scene.badge()
    await scene.scan(badge.token, IN)
    return badge.token


BAD = [
    (garbage, "deny", "token_length"),
    (nothing, "deny", "token_length"),
    (truncated, "deny", "token_length"),
    (of_another_system, "deny", "token_prefix"),
    (misread, "deny", "token_alphabet"),
    (forged, "deny", "token_signature"),
    (of_an_unknown_key, "deny", "token_key_unknown"),
    (expired, "deny", "expired"),
    (early, "deny", "not_yet_valid"),
    (revoked, "deny", "revoked"),
    (of_a_wrong_zone, "deny", "wrong_zone"),
    (reissued, "deny", "reissued"),
    (of_a_foreign_organisation, "deny", "foreign_organisation"),
    (of_another_site, "deny", "wrong_site"),
    (not_on_record, "deny", "unknown_pass"),
    (used, "deny", "used"),
    (of_a_holder_nobody_knows, "hold", "holder_unknown"),
    (repeated, "hold", "passback"),
]


@pytest.mark.parametrize(("make", "verdict", "code"), BAD, ids=[b[0].__name__ for b in BAD])
async def test_a_bad_pass_opens_nothing_and_is_stored_and_logged(database, make, verdict, code):
    async with a_scene() as scene:
        token = await make(scene)
        before = len(await events())
        answer = await scene.scan(token, IN)
        good = await scene.scan((await scene.badge()).token, IN)
    assert (answer.verdict, answer.code) == (verdict, code)
    assert str(answer.reason)
    assert answer.rule
    assert good.verdict == "allow"
    stored = (await events())[before]
    assert (stored["code"], stored["verdict"]) == (code, {"hold": 1, "deny": 2}[verdict])
    assert stored["id"] == answer.event_id
    row = (await log_rows(f"scan.{verdict}"))[-1]
    assert f'"code":"{code}"' in row["after"]
    if stored["pass_id"] is None:
        assert stored["raw_hash"] == raw_hash(normalise_scan(token))
        assert row["record_id"] == stored["raw_hash"][:40]
    else:
        assert row["record_id"] == stored["pass_id"]


async def test_every_bad_pass_has_a_sentence_of_its_own(database):
    async with a_scene() as scene:
        said = {}
        for make, _, code in BAD:
            said[code] = (await scene.scan(await make(scene), IN)).reason
    sentences = [reason.msgid for reason in said.values()]
    assert len(set(sentences)) == len(sentences) == len({code for _, _, code in BAD})
    for reason in said.values():
        assert reason.translate("zh_Hans") != reason.translate("en")


async def test_bad_passes_do_not_slow_the_next_scan(database):
    async with a_scene() as scene:
        good = [await scene.badge() for _ in range(20)]
        await scene.scan("warm", IN)

        async def seconds(before):
            began = time.process_time()
            for number, badge in enumerate(before):
                if number % 2 == 0:
                    await scene.scan("A" * 4096, IN)
                await scene.scan(badge.token, IN)
            return time.process_time() - began

        alone = time.process_time()
        for badge in good[:10]:
            await scene.scan(badge.token, IN)
        alone = time.process_time() - alone
        mixed = await seconds(good[10:])
    assert mixed < max(5 * alone, 0.5)


async def test_no_print_of_a_good_pass_is_refused_while_keys_rotate(database):
    async with a_scene() as scene:
        badges = [await scene.badge()]
        for _ in range(3):
            await keys.rotate_keys(actor=SYSTEM, at=clock.now())
            badges.append(await scene.badge())
        verdicts = [(await scene.scan(badge.token, IN)).verdict for badge in badges]
    assert verdicts == ["allow"] * 4
    assert len(await keys.published()) >= 2
