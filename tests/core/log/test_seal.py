"""The log finds every row that was changed, taken out or put in."""

import asyncio
import random
from contextlib import suppress

import pytest

from core import clock, db
from core.log import seal
from core.log.proof import prove
from core.log.services import entry, record
from core.log.verify import Finding, verify
from core.permissions import Actor
from core.privacy import keys
from core.privacy.crypto import Keyring
from tests.postgres import in_flight

pytestmark = pytest.mark.anyio
DESK = Actor(kind="user", name="desk", place="lodge")


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


async def write_acts(many: int) -> None:
    async with db.writing():
        for number in range(many):
            await record(
                DESK, "visitor.correct", "visitor", number, at=clock.now(),
                before={"name": "李雷"}, after={"name": f"韩梅梅{number}"},
            )  # fmt: skip


async def sealed(many: int, per_seal: int = 40) -> None:
    for _ in range(0, many, per_seal):
        await write_acts(per_seal)
        assert await seal.seal_all(within=60)


async def test_an_untouched_log_is_intact(database, tmp_path):
    await sealed(120)
    await write_acts(3)
    assert await seal.checkpoint(tmp_path / "points")
    report = await verify(tmp_path / "points")
    assert report.intact
    assert (report.entries, report.seals, report.unsealed, report.checkpoints) == (123, 3, 3, 1)


COLUMNS = (
    "at", "actor_kind", "actor_name", "place", "act", "record_kind", "record_id", "before", "after",
)  # fmt: skip


async def tamper(chance: random.Random, ids: list[int]) -> Finding:
    """Do one thing to the table that no act of the software does."""
    target = chance.choice(ids)
    what = chance.choice(("change", "delete", "insert", "copy", "actor"))
    if what == "change":
        column = chance.choice(COLUMNS)
        value = "at + 1" if column == "at" else f"{column} || 'x'"
        await db.execute(f"UPDATE log_entry SET {column} = {value} WHERE id = {{}}", target)
        return Finding("changed", target)
    if what == "actor":
        await db.execute(
            "UPDATE log_entry SET actor_id = {} WHERE id = {}",
            "00000000-0000-4000-8000-000000000001", target,
        )  # fmt: skip
        return Finding("changed", target)
    if what == "delete":
        await db.execute("DELETE FROM log_entry WHERE id = {}", target)
        return Finding("missing", target)
    new = 1_000_000 + target if chance.random() < 0.5 else -target
    proof = "'1.00'" if what == "insert" else "proof"
    xid = "" if db.is_sqlite() else ", xid"
    await db.execute(
        "INSERT INTO log_entry (id, at, actor_kind, actor_id, actor_name, place, act, record_kind,"
        f" record_id, before, after, proof{xid}) SELECT {{}}, at, actor_kind, actor_id, actor_name, place,"
        f" act, record_kind, record_id, before, after, {proof}{xid} FROM log_entry WHERE id = {{}}",
        new, target,
    )  # fmt: skip
    return Finding(
        "inserted" if what == "insert" else "copied", max(new, target) if what == "copy" else new
    )


class UndoneError(Exception):
    """Whatever was done to the table is rolled back."""


@pytest.mark.rule("CORE-7")
async def test_each_of_a_thousand_random_tamperings_is_found(database):
    await sealed(80)
    ids = [row["id"] for row in await db.fetch("SELECT id FROM log_entry ORDER BY id")]
    chance = random.Random(20261123)
    for _ in range(1000):
        with suppress(UndoneError):
            async with db.writing():
                finding = await tamper(chance, ids)
                assert finding in (await verify()).findings
                raise UndoneError
    assert (await verify()).intact


async def test_a_changed_seal_a_missing_seal_and_a_cut_off_end_are_found(database, tmp_path):
    await sealed(160)
    await seal.checkpoint(tmp_path / "points")
    await db.execute("UPDATE log_seal SET at = at + 1 WHERE number = 2")
    assert (await verify()).findings == [Finding("seal_changed", 2)]
    await db.execute("UPDATE log_seal SET at = at - 1 WHERE number = 2")
    await db.execute("DELETE FROM log_seal WHERE number = 3")
    assert Finding("seal_missing", 3) in (await verify()).findings
    await db.execute("DELETE FROM log_seal WHERE number >= 3")
    await db.execute("DELETE FROM log_entry WHERE id > 80")
    assert (await verify()).intact, "inside, nothing shows"
    assert Finding("cut_off", 4) in (await verify(tmp_path / "points")).findings


async def test_a_forger_without_the_keyring_cannot_make_a_seal(database):
    await sealed(40)
    keys.hold(Keyring.generate())
    await write_acts(1)
    assert await seal.seal_all(within=60)
    assert Finding("seal_changed", 1) in (await verify()).findings


async def test_an_entry_written_by_raw_sql_with_its_proof_is_genuine(database):
    values = entry(DESK, "gate.scan", "pass", "ab", clock.now_ms(), after='{"verdict":"allow"}')
    async with db.writing():
        await db.execute(
            "INSERT INTO log_entry (at, actor_kind, actor_id, actor_name, place, act, record_kind,"
            " record_id, before, after, proof) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
            *values, prove(values),
        )  # fmt: skip
    assert (await verify()).intact
    assert await seal.seal_all(within=60)
    report = await verify()
    assert report.intact
    assert report.unsealed == 0


async def test_all_is_sealed_as_soon_as_what_is_in_flight_has_ended(postgres_database):
    async with in_flight(postgres_database) as other:
        await write_acts(3)
        assert not await seal.seal_all(within=0.1)
        assert (await verify()).unsealed == 3
        sealing = asyncio.create_task(seal.seal_all(within=60))
        await asyncio.sleep(0.1)
        assert not sealing.done()
        await other.execute("COMMIT")
        await write_acts(1)
        assert await sealing
    report = await verify()
    assert report.intact
    assert report.unsealed <= 1
    assert await seal.seal_all(within=60)
    assert await db.fetch("SELECT sum(entry_count) AS n FROM log_seal") == [{"n": 4}]
