"""Offline gates delivering in any order: 100,000 events, none dropped, every double entry flagged.

`python -m tests.faults.deliveries --events 100000` makes histories of some 5,000 events each (see
tests/core/gate/deliveries.py), delivers each twice in different orders, compares what the database says
with what happened, prints a line of JSON, and ends with 1 at the first difference.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

import uvloop

from core import db
from core.privacy import keys as privacy_keys
from core.privacy.crypto import Keyring
from core.schema import migrate
from tests.core.gate.deliveries import World, a_world

EVENTS_EACH = 5000


async def a_template(path: Path) -> None:
    """Make a migrated file to copy."""
    await db.open(f"sqlite:///{path}")
    await migrate(["core.piccolo_app"])
    await db.close()


async def live(world: World, events: int) -> None:
    """Let a history of so many events happen, delivered in part as it goes."""
    chances = (
        (0.84, world.scan),
        (0.88, world.undo),
        (0.90, world.restart),
        (0.905, world.clone),
        (0.92, world.lose),
    )
    while len(world.happened) < events:
        dice = world.dice.random()
        act = next((act for below, act in chances if dice < below), None)
        if act is not None:
            act()
        elif dice < 0.925:
            await world.revoke()
        else:
            await world.deliver(forget=dice < 0.99)


async def a_history(path: Path, seed: int, events: int) -> dict[str, int]:
    """Live through one history and check it, delivered in two orders."""
    await db.open(f"sqlite:///{path}")
    try:
        world = await a_world(seed, badges=40, devices=6)
        await live(world, events)
        await world.finish()
        await world.check()
        delivered = sum(world.delivered.values())
        await world.start_over()
        await world.deliver_all()
        await world.check()
        _, conflicts = world.truth()
    finally:
        await db.close()
    return {
        "events": len(world.happened),
        "delivered": delivered + sum(world.delivered.values()),
        "lost_before_delivery": len(world.lost),
        "double_entries": sum(kind == "double_entry" for kind, *_ in conflicts),
        "conflicts": len(conflicts),
    }


def main() -> None:
    """Run histories until so many events were checked."""
    parser = argparse.ArgumentParser(description="Gates without network that deliver in any order.")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    total = dict.fromkeys(
        ("events", "delivered", "lost_before_delivery", "double_entries", "conflicts"), 0
    )
    seed, began, failed = given.seed, time.monotonic(), ""
    privacy_keys.hold(Keyring.generate())
    with tempfile.TemporaryDirectory(prefix="laifang-deliveries-") as folder:
        template = Path(folder) / "template.sqlite"
        uvloop.run(a_template(template))
        while total["events"] < given.events and not failed:
            path = Path(folder) / f"{seed}.sqlite"
            shutil.copyfile(template, path)
            size = min(EVENTS_EACH, given.events - total["events"])
            try:
                found = uvloop.run(a_history(path, seed, size))
            except AssertionError:
                failed = traceback.format_exc(limit=3)
            else:
                total = {key: value + found[key] for key, value in total.items()}
                seed += 1
            path.unlink()
    line = {
        "harness": "deliveries",
        "seconds": round(time.monotonic() - began, 1),
        "seeds": [given.seed, seed],
        **total,
        "dropped_or_otherwise_folded": int(bool(failed)),
    }
    sys.stdout.write(json.dumps(line) + "\n" + failed)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
