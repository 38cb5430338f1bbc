"""Tables as CSV and XLSX: the same sheet for both, safe to open in a spreadsheet."""

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import east_asian_width

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.text import guard_formula

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
Content = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table ready to be written, in the reader's language. `notes` stand above it."""

    title: str
    notes: Sequence[str] = ()
    columns: Sequence[str]
    rows: Sequence[Sequence[Content]]
    total: Sequence[Content] = field(default_factory=tuple)


async def made(sheet: Sheet, form: str, *, at: datetime) -> bytes:
    """Return a sheet as csv or xlsx; made on a thread, so that nobody waits for a long list."""
    if form == "csv":
        return await asyncio.to_thread(as_csv, sheet)
    return await asyncio.to_thread(as_xlsx, sheet, at=at)


def as_csv(sheet: Sheet) -> bytes:
    """Return CSV with the byte order mark that Excel needs for Chinese; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for note in (sheet.title, *sheet.notes):
        writer.writerow([guard_formula(note)])
    writer.writerow([])
    lines = [sheet.columns, *sheet.rows, *([sheet.total] if sheet.total else [])]
    for line in lines:
        writer.writerow([guard_formula(cell) if isinstance(cell, str) else cell for cell in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(sheet: Sheet, *, at: datetime) -> bytes:
    """Return a workbook; texts stay texts, however much they look like numbers, links or formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": sheet.title, "created": at.replace(tzinfo=None)})
    page = book.add_worksheet()
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    foot = book.add_format({"bold": True, "top": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, sheet.title, bold)
    for number, note in enumerate(sheet.notes, 1):
        page.write_string(number, 0, note)
    top = len(sheet.notes) + 2
    for column, name in enumerate(sheet.columns):
        page.write_string(top, column, name, head)
        page.set_column(column, column, _width([row[column] for row in sheet.rows], name))
    for number, row in enumerate(sheet.rows, top + 1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, None, text)
    if sheet.total:
        for column, cell in enumerate(sheet.total):
            _write(page, top + 1 + len(sheet.rows), column, cell, foot, foot)
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.hide_gridlines(0)  # lines between the cells on paper, too
    page.set_footer("&C&P / &N")
    book.close()
    return out.getvalue()


def _write(
    page: Worksheet,
    row: int,
    column: int,
    cell: Content,
    number: Format | None,
    text: Format,
) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, cell, text)
    elif cell is not None:
        page.write_number(row, column, cell, number)
    elif number is not None:
        page.write_blank(row, column, None, number)


def _width(cells: Sequence[Content], name: str) -> int:
    longest = max([_places(name), *(_places(str(cell)) for cell in cells if cell is not None)])
    return min(max(longest + 2, 8), 60)


def _places(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
