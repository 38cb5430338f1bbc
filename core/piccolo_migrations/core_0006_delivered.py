"""Papers say whether a note of their delivery stands, in the SQL files beside this."""

from core.schema import run_frozen, undo_frozen

ID = "core_0006_delivered"
VERSION = ""
DESCRIPTION = "Papers say whether they were delivered."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
