"""Two processes on one PostgreSQL: whatever they scan at the same instant, each pass stays true."""

import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import clock, db
from core.gate import presence
from core.privacy import keys
from tests import hours
from tests.stand.data import Stand, fill

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[3]

GATE = """
import asyncio, json, random, sys, time
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo
from core import db
from core.gate.facts import GateRules
from core.gate.pipeline import Pipeline
from core.gate.scans import Scan, Station
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import keys
from core.sites.tables import Gate
from tests.stand import lodge
from tests.stand.data import Stand

async def main(url, folder, number, start, plan):
    keys.open(Path(folder) / "keys" / "keyring.json")
    await db.open(url)
    stand = Stand.load(Path(folder) / "stand.json")
    gate = (await Gate.objects())[0]
    device = stand.devices[number]
    station = Station(
        device_id=UUID(device.id), gate_id=gate.id, gate_name=gate.name, site_id=gate.site,
        zone=0, audience=1, actor=Actor(kind="user", name="Guard"),
    )
    pipeline = Pipeline(
        Plugins({"lodge": lodge}), zone=ZoneInfo("Asia/Shanghai"),
        rules=GateRules(passback_seconds=0),
    )
    await pipeline.submit(Scan(station=station, text="warm", direction=0, seq=10**9))
    tokens = stand.single + stand.tokens
    await asyncio.sleep(max(0, start - time.time()))
    async def one(seq, token, direction):
        verdict = await pipeline.submit(
            Scan(station=station, text=tokens[token], direction=direction, seq=seq)
        )
        return [token, direction, verdict.verdict, verdict.code, verdict.event_id]
    answers = await asyncio.gather(*(one(n + 1, t, d) for n, (t, d) in enumerate(plan)))
    print(json.dumps(answers))
    await db.close()

url, folder, number, start, plan = sys.argv[1:]
asyncio.run(main(url, folder, int(number), float(start), json.loads(plan)))
"""


def both(url, folder, plans):
    """Run a gate in each of two processes, all scans at one instant; return the answers."""
    start = str(time.time() + 4)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", GATE, url, str(folder), str(number), start, json.dumps(plan)],
            cwd=ROOT,
            env=hours.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number, plan in enumerate(plans)
    ]
    answers = []
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err[-3000:]
        answers.append(json.loads(out.strip().splitlines()[-1]))
    return answers


@pytest.fixture
async def stand(postgres_database, tmp_path):
    """Forty single-entry passes and twenty others; both processes know them."""
    keys.open(tmp_path / "keys" / "keyring.json")
    made: Stand = await fill(20, 40, 2)
    made.save(tmp_path / "stand.json")
    return made


@pytest.mark.rule("SCH-19")
async def test_two_processes_admit_one_on_each_single_entry_pass(
    stand, postgres_database, tmp_path
):
    plan = [(token, 0) for token in range(40)] * 3
    answers = await asyncio.to_thread(both, postgres_database, tmp_path, [plan, plan])
    admitted = [token for part in answers for token, _, verdict, _, _ in part if verdict == "allow"]
    assert sorted(admitted) == list(range(40))
    rows = await db.fetch("SELECT count(*) AS n FROM scan_event WHERE code = 'used'")
    assert rows[0]["n"] == 6 * 40 - 40


async def test_what_two_processes_did_is_what_the_fold_finds(stand, postgres_database, tmp_path):
    dice = random.Random(1)
    plans = [[(40 + dice.randrange(20), dice.randrange(2)) for _ in range(400)] for _ in range(2)]
    answers = await asyncio.to_thread(both, postgres_database, tmp_path, plans)
    assert {verdict for part in answers for _, _, verdict, _, _ in part} == {"allow"}
    columns = "id, inside, entries, last_at, last_direction, last_event"
    stored = await db.fetch(f"SELECT {columns} FROM pass ORDER BY id")
    conflicts = await db.fetch("SELECT key FROM scan_conflict WHERE closed_at IS NULL ORDER BY key")
    async with db.writing():
        for row in stored:
            await presence.refold(row["id"], at=clock.now())
    assert await db.fetch(f"SELECT {columns} FROM pass ORDER BY id") == stored
    again = await db.fetch("SELECT key FROM scan_conflict WHERE closed_at IS NULL ORDER BY key")
    assert again == conflicts
    counted = await db.fetch("SELECT count(*) AS n FROM scan_event WHERE seq < 1000000000")
    logged = await db.fetch("SELECT count(*) AS n FROM log_entry WHERE act = 'scan.allow'")
    assert counted[0]["n"] == logged[0]["n"] == 800
