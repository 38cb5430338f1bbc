"""The monthly tables as files: one sheet with all tables under one another."""

from collections.abc import Callable

from core.i18n import N_, Message
from core.reports.export import Content as CellContent
from core.reports.export import Sheet
from plugins.government.figures import facts, monthly
from plugins.government.figures.monthly import NOW, Content


def sheet(
    content: Content, title: str, notes: list[str], translate: Callable[[Message | str], str]
) -> Sheet:
    """Return every table of a month, the table's name in the first column."""
    rows: list[list[CellContent]] = []
    for table, name in facts.TABLES.items():
        for line in monthly.lines(content, table):
            rows.append(
                [
                    translate(name),
                    translate(line.label),
                    *(line.sums.get(field, 0) for field in facts.COUNTED),
                    line.before,
                    line.year,
                ]
            )
    total = content.totals
    return Sheet(
        title=title,
        notes=notes,
        columns=[
            translate(N_("Table")),
            translate(N_("Line")),
            *(translate(label) for label in facts.COUNTED.values()),
            translate(N_("Times in the month before")),
            translate(N_("Times a year before")),
        ],
        rows=rows,
        total=[
            translate(N_("Total")),
            "",
            *(total[NOW].get(field, 0) for field in facts.COUNTED),
            total[monthly.BEFORE].get(facts.TIMES, 0),
            total[monthly.YEAR].get(facts.TIMES, 0),
        ],
    )
