"""The first tables of government, as the SQL files that `core.schema freeze` wrote beside this."""

from core.schema import run_frozen, undo_frozen

ID = "government_0001_initial"
VERSION = ""
DESCRIPTION = "The first tables."
RELEASED = True  # the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
