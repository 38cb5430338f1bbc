"""What lists of a million items are found by, in the SQL files beside this."""

from core import db
from core.schema import run_frozen, undo_frozen

ID = "government_0005_scale"
VERSION = ""
DESCRIPTION = "Indexes for what waits, with very many items."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)


async def backwards() -> None:
    await undo_frozen(__file__)
    await db.run_script(
        "CREATE INDEX government_opinion_undelivered ON government_opinion (state, delivered_on);\n"
        "CREATE INDEX government_petitioner_visitor ON government_petitioner (visitor);"
    )
