"""Numbers of documents: one row for each kind and year, counted up without gaps (CORE-12)."""

from core import db


async def next_number(kind: str, year: int) -> int:
    """Take the next number of a kind in a year, from 1; call it inside the act's `db.writing()`.

    Until that transaction ends others wait for theirs; rolled back, the number is given again.
    """
    if not db.in_transaction():
        raise RuntimeError("a number is taken inside the transaction that uses it")
    rows = await db.fetch(
        "INSERT INTO document_number (id, last) VALUES ({}, 1)"
        " ON CONFLICT (id) DO UPDATE SET last = document_number.last + 1 RETURNING last",
        f"{kind}/{year}",
    )
    return int(rows[0]["last"])


def number_label(year: int, number: int) -> str:
    """Return a number as it stands on slips and in lists: `2026-000123`."""
    return f"{year}-{number:06}"
