"""Numbers of items and of what hangs on them: gaps are left at random, so that a missing one says nothing.

Between 000123 and 000125 whoever may not see a confidential item would else find its place. Numbers of
papers and files bear no gaps: they are counted by core.documents.numbering itself.
"""

import secrets
from datetime import datetime

from core.documents import numbering
from plugins.government import clocks

ONE_IN = 3  # one number in so many is left out; 0: none


async def next_number(kind: str, year: int, *, at: datetime) -> int:
    """Take the next number of a kind in a year; call it inside the act's `db.writing()`."""
    number = await numbering.next_number(kind, year)
    if (await clocks.in_force(at)).values.gaps_in_numbers:
        while ONE_IN and secrets.randbelow(ONE_IN) == 0:
            number = await numbering.next_number(kind, year)
    return number
