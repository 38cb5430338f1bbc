"""Numbers of registrations, as 20261121-0042: one row of counters a day, so that none is given twice."""

from datetime import date

from core import db

_NEXT = (
    "INSERT INTO document_number (id, last) VALUES ({}, 1)"
    " ON CONFLICT (id) DO UPDATE SET last = document_number.last + 1 RETURNING last"
)


async def next_number(day: date) -> str:
    """Return the next number of a day; call it first inside the act's `db.writing()`.

    The counter's row stays locked until the act commits, and an act that fails gives its number
    back: numbers have no gaps, and two arrivals registered at once see each other.
    """
    rows = await db.fetch(_NEXT, f"registration/{day:%Y%m%d}")
    return f"{day:%Y%m%d}-{rows[0]['last']:04d}"
