"""The monthly tables as files: one sheet with all tables under one another."""

from collections.abc import Callable, Mapping

from core.i18n import N_, Message
from core.reports.export import Content as CellContent
from core.reports.export import Sheet
from core.reports.queries import change
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
                    line.grown[0],
                    line.year,
                    line.grown[1],
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
            f"{translate(N_('Against the period before'))} (%)",
            translate(N_("Times a year before")),
            f"{translate(N_('Against a year before'))} (%)",
        ],
        rows=rows,
        total=[
            translate(N_("Total")),
            "",
            *(total[NOW].get(field, 0) for field in facts.COUNTED),
            *_compared(total, monthly.BEFORE),
            *_compared(total, monthly.YEAR),
        ],
    )


def _compared(total: Mapping[str, monthly.Sums], which: str) -> list[CellContent]:
    """Return the times of another period, and by how many in a hundred they grew since."""
    now, then = (total[one].get(facts.TIMES, 0) for one in (NOW, which))
    return [then, change(now, then)]
