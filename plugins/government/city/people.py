"""The demonstration's petitioners, encrypted and findable like any other."""

from collections.abc import Sequence

from plugins.government.city.plans import DemoPerson
from plugins.government.city.rows import insert
from plugins.government.people import searching, services


async def write(known: Sequence[DemoPerson]) -> None:
    """Write petitioners with the marks by which they are found."""
    rows, marks = [], []
    for one in known:
        rows.append(
            {
                "id": one.id,
                "created_at": one.since,
                "updated_at": one.since,
                **services.columns(one.id, one.person),
            }
        )
        marks += [{"petitioner": one.id, "token": mark} for mark in searching.all_marks(one.person)]
    await insert("government_petitioner", rows)
    await insert("government_search", marks)
