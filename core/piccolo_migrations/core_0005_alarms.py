"""When a clock is looked at next stands in a narrow table of its own, in the SQL files beside this."""

from core import db
from core.schema import run_frozen, undo_frozen

ID = "core_0005_alarms"
VERSION = ""
DESCRIPTION = "Alarms of clocks in a table of their own."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await db.run_script("ALTER TABLE deadline ADD COLUMN fired TEXT NOT NULL DEFAULT '[]'")
    await db.run_script("ALTER TABLE deadline ADD COLUMN next_at BIGINT")
    await db.execute(
        "UPDATE deadline SET next_at = a.at, fired = a.fired FROM deadline_alarm a"
        " WHERE a.deadline = deadline.id"
    )
    await db.run_script("CREATE INDEX deadline_next ON deadline (next_at) WHERE state = 'running'")
    await undo_frozen(__file__)
