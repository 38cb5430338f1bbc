"""What government has more than before; `core.schema next` wrote the SQL files beside this.

Who was asked to sign a bulletin is led to where it is read, too.
"""

from core import db
from core.schema import run_frozen, undo_frozen

ID = "government_0004_more"
VERSION = ""
DESCRIPTION = "More tables, columns and indexes; the page on which bulletins are signed."
RELEASED = False  # once True, the files never change again: write another migration


async def forwards() -> None:
    await run_frozen(__file__)
    for row in await db.fetch(
        "SELECT id FROM approval_request WHERE kind = {} AND page = {}", "government.bulletin", ""
    ):
        await db.execute(
            "UPDATE approval_request SET page = {} WHERE id = {}",
            f"/government/sign-bulletins/{row['id']}",
            row["id"],
        )


async def backwards() -> None:
    await undo_frozen(__file__)
