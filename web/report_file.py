"""Reports, and the rows behind a figure, as files: CSV and XLSX."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Response

from core import clock
from core.i18n import N_, Message
from core.reports import export
from core.reports.export import Content, Sheet
from core.reports.facts import Report, Rows
from core.reports.figures import Hidden, Value
from core.reports.queries import Choice, Made
from web.current import locale
from web.report_cells import compares_lines, head_of, period_text, row_label, text_of
from web.templating import translate


async def answer(sheet: Sheet, form: str, name: str, now: datetime) -> Response[bytes]:
    """Return a sheet as a file to keep; `form` is csv or xlsx."""
    sheet = replace(sheet, notes=[*sheet.notes, export.made_by("", locale(), now)])
    return Response(
        await export.made(sheet, form, at=now),
        media_type=export.CSV if form == "csv" else export.XLSX,
        headers={
            "content-disposition": f'attachment; filename="{name}.{form}"',
            "cache-control": "no-store",
        },
    )


def sheet_of_figures(made: Made) -> Sheet:
    """Return the table of a report."""
    below = made.report.suppress_below

    def content(value: Value) -> Content:
        return text_of(value, below) if isinstance(value, Hidden) else value

    compared = compares_lines(made)
    more = [N_("Period before"), N_("A year before")] if compared else []

    def others(key: str | None) -> list[Content]:
        if not compared:
            return []
        found: list[Content] = []
        for table in (made.before, made.year_before):
            values = table.total if key is None else (r.values if (r := table.row(key)) else (0,))
            found.append(content(values[0]))
        return found

    return Sheet(
        title=translate(made.report.title),
        notes=[translate(period_text(made.choice.period))],
        columns=[
            translate(made.table.dimension.label),
            *(translate(head_of(made, column)) for column in made.table.columns),
            *(
                f"{translate(head_of(made, made.table.columns[0]))} · {translate(one)}"
                for one in more
            ),
        ],
        rows=[
            [
                row.key if made.table.dimension.time else translate(row_label(made, row)),
                *(content(value) for value in row.values),
                *others(row.key),
            ]
            for row in made.table.rows
        ],
        total=[
            translate(N_("Total")),
            *(content(value) for value in made.table.total),
            *others(None),
        ],
    )


def sheet_of_rows(
    report: Report,
    rows: Rows,
    choice: Choice,
    chosen: Sequence[tuple[Message | str, Message | str]],
    zone: ZoneInfo,
) -> Sheet:
    """Return the rows behind a figure, with what narrows them."""

    def content(cell: object) -> Content:
        if isinstance(cell, datetime):
            return clock.local(cell, zone)
        return cell if isinstance(cell, int) else translate(cell)

    notes = [translate(period_text(choice.period))]
    notes += [f"{translate(label)}: {translate(value)}" for label, value in chosen]
    return Sheet(
        title=translate(report.title),
        notes=notes,
        columns=[translate(column) for column in rows.columns],
        rows=[[content(cell) for cell in line.cells] for line in rows.lines],
    )
