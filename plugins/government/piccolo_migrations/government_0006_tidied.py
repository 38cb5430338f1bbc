"""Reasons lie under the petition office's keys; what the first version kept and nobody reads goes."""

import re
from pathlib import Path

from core import db
from core.schema import run_frozen, undo_frozen
from plugins.government import tidying

ID = "government_0006_tidied"
VERSION = ""
DESCRIPTION = "Reasons under the petition office's keys; columns of the first version dropped."
RELEASED = False  # once True, the files never change again: write another migration

_FIRST = Path(__file__).with_name("government_0001_initial")
_GONE = {
    "government_opinion": (
        *("delivered_on", "delivery_method", "delivery_refused", "delivery_signed"),
        *("delivery_cipher", "delivered_by_name"),
    ),
    "government_told": ("receipt", "handed_at"),
}
_TABLE = "government_signer_opinion"
_REASON = ("government_commendation", "reason")


async def forwards() -> None:
    await run_frozen(__file__)
    await tidying.move_receipts()
    await tidying.seal_commendations()
    await tidying.seal_holdings()
    for table, columns in _GONE.items():
        for column in columns:
            await db.run_script(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    await db.run_script(f'ALTER TABLE "{_REASON[0]}" DROP COLUMN "{_REASON[1]}"')
    await db.run_script(f'DROP TABLE "{_TABLE}"')


async def backwards() -> None:
    """Make again what was dropped, empty but for the reasons."""
    first = _FIRST.with_suffix(".sqlite.sql" if db.is_sqlite() else ".postgresql.sql").read_text(
        encoding="utf-8"
    )
    for statement in re.findall(rf'^CREATE [^;]*\b"?{_TABLE}"?[ \n][^;]*;', first, re.MULTILINE):
        await db.run_script(statement)
    for table, columns in _GONE.items():
        for column in columns:
            await db.run_script(f'ALTER TABLE "{table}" ADD COLUMN {_line(first, table, column)}')
    await db.run_script(f'ALTER TABLE "{_REASON[0]}" ADD COLUMN {_line(first, *_REASON)}')
    await tidying.open_commendations()
    await tidying.open_holdings()
    await undo_frozen(__file__)


def _line(first: str, table: str, column: str) -> str:
    """Return a column as the first migration made it."""
    made = first.partition(f'CREATE TABLE "{table}" (')[2].partition("\n);")[0]
    found = re.search(rf'^ *("{column}" .*?),?$', made, re.MULTILINE)
    if found is None:
        raise ValueError(f"{table} had no column {column}")
    return found[1]
