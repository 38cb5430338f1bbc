"""The records behind a figure: what was received or registered, each leading to its item."""

from typing import Any

from core import db
from core.i18n import N_
from core.reports.facts import Asked, Line, Picked, Rows
from plugins.government import sealing
from plugins.government.facts import CHANNELS
from plugins.government.figures import counting, facts
from plugins.government.figures.facts import ITEMS

_COLUMNS = (
    N_("Number"),
    N_("Day"),
    N_("Channel"),
    N_("Title"),
    N_("Petitioner"),
    N_("Number of people"),
)
_CONTACTS = (
    " FROM government_contact c LEFT JOIN government_matter m ON m.id = c.matter"
    " LEFT JOIN government_petitioner p ON p.id = coalesce(c.petitioner, m.petitioner)"
)
_ITEMS = " FROM government_matter m LEFT JOIN government_petitioner p ON p.id = m.petitioner"


async def rows(asked: Asked, picked: Picked) -> Rows:
    """Return a page of what a figure counts, as far as the reader may see it."""
    items = picked.counted == ITEMS
    alias, source = ("m", _ITEMS) if items else ("c", _CONTACTS)
    sight = await counting.sight_of(asked.reader)
    seen, seen_args = sight.items if items else sight.contacts
    sites = await counting.sites_of(asked)
    where, args = counting.within(alias, sites, asked.period.first, asked.period.last)
    narrowed, more = await counting.narrowed(picked.keys, alias)
    condition = "1 = 1" if items else _counted(picked.counted)
    tail = f"{source} WHERE {where} AND {narrowed} AND {condition} AND {seen}"
    values = [*args, *more, *seen_args]
    count = await db.fetch(f"SELECT count(*) AS n{tail}", *values)
    found = await db.fetch(
        "SELECT m.id, m.number, m.title_cipher, p.id AS person, p.name_cipher,"
        f" {alias}.day, {alias}.channel, {alias}.heads{tail}"
        f" ORDER BY {alias}.day, {alias}.number LIMIT {{}} OFFSET {{}}",
        *values,
        picked.limit,
        picked.offset,
    )
    people = picked.counted in facts.heads()
    return Rows(
        columns=_COLUMNS,
        lines=[_line(row, people=people) for row in found],
        total=count[0]["n"],
    )


def _counted(name: str) -> str:
    return facts.conditions().get(name) or facts.heads()[name]


def _line(row: dict[str, Any], *, people: bool) -> Line:
    title = name = ""
    if row["id"] is not None:
        title = sealing.unseal(row["title_cipher"], "government_matter", "title_cipher", row["id"])
    if row["person"] is not None:
        name = sealing.unseal(
            row["name_cipher"], "government_petitioner", "name_cipher", row["person"]
        )
    return Line(
        cells=(
            row["number"] or "—",
            row["day"].isoformat(),
            CHANNELS[row["channel"]],
            title,
            name or N_("anonymous"),
            row["heads"],
        ),
        path=f"/government/matters/{row['id']}" if row["id"] else "",
        amount=row["heads"] if people else 1,
    )
