"""How long one sweep over 100,000 open clocks takes (CORE-10), on both engines. Aim: 5 s.

The worst morning: after a long holiday every one of them is overdue, each with a warning for its
owner and a rung of the ladder for a chief. `calm`: the minute after, when nothing is due. The floor,
in the same run: writing as many rows of the log and changing as many clocks, reckoning nothing.

python -m bench.deadlines [--count 100000] [--owners 200] [--engine sqlite|postgresql]
"""

import os
import random
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bench.engines import measure_each, parser_of
from core import clock, db
from core.accounts.tables import User, UserRole
from core.deadlines import alarms, clocks, holidays, proofs, rulebook, sweeping
from core.deadlines.facts import DeadlineRule, Rung
from core.deadlines.policies import reckon
from core.i18n import N_
from core.log.services import entry, record_many
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.privacy import keys
from core.schema import migrate

AIM_SECONDS = 5.0
SEED = 20261123
BATCH = 2500
COLUMNS = (
    "id", "record_kind", "record", "name", "track", "label", "event", "url", "rule", "started_on",
    "state", "due", "provisional", "proof", "owner", "roles", "ladder", "calendar", "created_at", "version",
)  # fmt: skip


async def people(count: int) -> list[UUID]:
    """Store so many owners, and one chief."""
    now = clock.now()
    users = [
        User(id=uuid4(), login=f"u{n}", name=f"员{n}", email=f"u{n}@bench.test", created_at=now)
        for n in range(count + 1)
    ]
    for first in range(0, len(users), 100):
        await User.insert(*users[first : first + 100])
    await UserRole.insert(UserRole(id=uuid4(), user=users[-1].id, role="chief"))
    return [one.id for one in users[:-1]]


async def fill(count: int, owners: list[UUID]) -> float:
    """Store so many running clocks that began over the last three months; return the seconds."""
    began = time.perf_counter()
    version, calendar = await holidays.calendar()
    hours = await rulebook.office_hours(clock.now())
    rng = random.Random(SEED)
    ladder = clocks.dump_ladder([Rung(after_hours=4, roles=("chief",))])
    made: dict[tuple[date, int], tuple[Any, str, int | None, str]] = {}
    rows: list[tuple[Any, ...]] = []
    ringing: list[tuple[Any, ...]] = []
    for number in range(count):
        start = date(2026, 7, 1) + timedelta(days=rng.randrange(60))
        length = rng.choice((15, 30))
        if (start, length) not in made:
            rule = DeadlineRule(name="handle", length=length, basis="第三十四条")
            found = reckon(rule, start, calendar)
            row = clocks.Deadline(
                due=found.due, state="running", rule=clocks.dump_rule(rule), ladder=ladder
            )
            moment = clocks.next_moment(row, "[]", calendar, hours)
            made[start, length] = (found.due, proofs.dump(found.proof), moment, row.rule)
        due, proof, moment, rule_text = made[start, length]
        rows.append(
            (uuid4(), "bench", str(number), "handle", "statutory", N_("Visitors").dump(), "",
             f"/x/{number}", rule_text, start, "running", due, False, proof, rng.choice(owners),
             "[]", ladder, version, clock.now(), 1)
        )  # fmt: skip
        ringing.append((rows[-1][0], moment, "[]"))
    places = ", ".join("{}" for _ in COLUMNS)
    for first in range(0, len(rows), 5000):
        async with db.writing():
            await db.execute_many(
                f"INSERT INTO deadline ({', '.join(COLUMNS)}) VALUES ({places})",
                rows[first : first + 5000],
            )
            await db.execute_many(
                "INSERT INTO deadline_alarm (deadline, at, fired) VALUES ({}, {}, {})",
                ringing[first : first + 5000],
            )
    await db.run_script("ANALYZE")
    return time.perf_counter() - began


async def floor(ids: list[UUID]) -> float:
    """Write one row of the log and change one clock for each, in batches; return the seconds."""
    began = time.perf_counter()
    at = clock.now_ms()
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        async with db.writing():
            await record_many(
                [entry(SYSTEM, "bench.floor", "bench", one, at, "", '{"due": "x"}') for one in some]
            )
            await alarms.move([("[]", at, one) for one in some])
    return time.perf_counter() - began


async def measure(engine: str, url: str, count: int, owners: int) -> dict[str, Any]:
    """Fill a database, measure the floor, the worst sweep and a calm one."""
    await db.open(url)
    try:
        await migrate()
        filled = await fill(count, await people(owners))
        ids = [row["id"] for row in await db.fetch("SELECT id FROM deadline")]
        at = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        plugins = Plugins({})
        began = time.perf_counter()
        done = await sweeping.sweep(at, plugins)
        worst = time.perf_counter() - began
        began = time.perf_counter()
        again = await sweeping.sweep(at + timedelta(minutes=1), plugins)
        calm = time.perf_counter() - began
        lowest = await floor(ids)  # last: it leaves dead rows behind
        return {
            "bench": "deadlines",
            "engine": engine,
            "clocks": count,
            "owners": owners,
            "fill_seconds": round(filled, 1),
            "floor_seconds": round(lowest, 2),
            "worst_seconds": round(worst, 2),
            "ratio": round(worst / lowest, 1),
            "calm_ms": round(calm * 1000, 1),
            "swept": [done, again],
            "notices": await Notice.count(),
            "load": round(os.getloadavg()[0], 1),
            "aim_seconds": AIM_SECONDS,
            "met": worst <= AIM_SECONDS and (done, again) == (count, 0),
        }
    finally:
        await db.close()


def main() -> None:
    """Measure and print one line of JSON for each engine."""
    chosen = parser_of(__doc__, count=100_000, owners=200).parse_args()
    clock.CLOCK.travel(datetime(2026, 11, 22, tzinfo=UTC))

    async def one(engine: str, url: str, folder: Path) -> dict[str, Any]:
        keys.open(folder / "keyring.json")
        return await measure(engine, url, chosen.count, chosen.owners)

    measure_each(chosen.engine, one)


if __name__ == "__main__":
    main()
