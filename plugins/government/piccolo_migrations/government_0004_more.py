"""What government has more than before; `core.schema next` wrote the SQL files beside this."""

from core.schema import run_frozen, undo_frozen

ID = "government_0004_more"
VERSION = ""
DESCRIPTION = "More tables, columns and indexes."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
