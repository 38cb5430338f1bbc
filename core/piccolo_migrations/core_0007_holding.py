"""Holdings say whose keys their reasons lie under, in the SQL files beside this."""

from core.schema import run_frozen, undo_frozen

ID = "core_0007_holding"
VERSION = ""
DESCRIPTION = "Reasons of holdings may lie under the keys of the part that owns the record."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
