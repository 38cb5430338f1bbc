"""Tables as CSV and XLSX: the same sheet for both, safe to open in a spreadsheet."""

import asyncio
import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from unicodedata import east_asian_width

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core import clock, settings
from core.i18n import N_
from core.text import as_typed_text, guard_formula

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# A datetime is one of the site's own clock.
Content = str | int | float | date | None

_NOT_IN_TAB = re.compile(r"[\[\]:*?/\\']+")
_LONGEST_TAB = 31
_UPRIGHT = 90  # characters that A4 upright holds in a size one still reads
_LOOKS: Mapping[str, Mapping[str, object]] = {
    "text": {"num_format": "@", "text_wrap": True},
    "number": {},
    "share": {"num_format": "0.0##"},
    "day": {"num_format": "yyyy-mm-dd", "align": "center"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table ready to be written, in the reader's language.

    `notes` stand above it, `foot` below: who filled it in and who checked it.
    """

    title: str
    notes: Sequence[str] = ()
    columns: Sequence[str]
    rows: Sequence[Sequence[Content]]
    total: Sequence[Content] = field(default_factory=tuple)
    foot: Sequence[str] = ()


def made_by(unit: str, locale: str, at: datetime) -> str:
    """Return the line that says which unit made a table, and when."""
    moment = f"{clock.local(at, settings.load().zone):%Y-%m-%d %H:%M}"
    if unit:
        return N_("Made by {unit} on {moment}", unit=unit, moment=moment).translate(locale)
    return N_("Made on {moment}", moment=moment).translate(locale)


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
        writer.writerow([_plain(cell) for cell in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(cell: Content) -> str | int | float | None:
    """Return a cell of CSV: a text that Excel would take for a number or a day stays a text."""
    if isinstance(cell, str):
        return as_typed_text(guard_formula(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else cell


def as_xlsx(sheet: Sheet, *, at: datetime) -> bytes:
    """Return a workbook; texts stay texts, however much they look like numbers, links or formulas."""
    out = io.BytesIO()
    font = {"font_name": "宋体", "font_size": 11} if _is_wide(sheet.title) else {}
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
            "default_format_properties": font,
        },
    )
    book.set_properties({"title": sheet.title, "created": at.replace(tzinfo=None)})
    _Page(book, sheet, font).write()
    book.close()
    return out.getvalue()


class _Page:
    """The one worksheet of a workbook, from its title to who signs it."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Sheet, font: Mapping[str, object]) -> None:
        self.page = book.add_worksheet(_tab(sheet.title))
        self.sheet = sheet
        self.title = book.add_format(
            {**font, "bold": True, "font_size": 16, "align": "center_across", "valign": "vcenter"}
        )
        framed = {**font, "border": 1, "valign": "vcenter"}
        head = {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#EFEFEF"}
        self.head = book.add_format({**framed, **head})
        self.body, self.total = (
            {name: book.add_format({**one, **look}) for name, look in _LOOKS.items()}
            for one in (framed, {**framed, "bold": True})
        )

    def write(self) -> None:
        """Write everything and say how it is printed."""
        sheet, page = self.sheet, self.page
        last = len(sheet.columns) - 1
        page.write_string(0, 0, sheet.title, self.title)
        for column in range(1, last + 1):
            page.write_blank(0, column, None, self.title)
        page.set_row(0, 28)
        for number, note in enumerate(sheet.notes, 1):
            page.write_string(number, 0, note)
        top = len(sheet.notes) + 2
        widths = [
            _width([row[column] for row in sheet.rows], name)
            for column, name in enumerate(sheet.columns)
        ]
        for column, name in enumerate(sheet.columns):
            page.write_string(top, column, name, self.head)
            page.set_column(column, column, widths[column])
        end = top + len(sheet.rows)
        for number, row in enumerate(sheet.rows, top + 1):
            for column, cell in enumerate(row):
                _write(page, number, column, cell, self.body)
        if sheet.rows:
            page.autofilter(top, 0, end, last)
        if sheet.total:
            end += 1
            for column, cell in enumerate(sheet.total):
                _write(page, end, column, cell, self.total)
        for number, line in enumerate(sheet.foot, end + 2):
            page.write_string(number, 0, line)
        page.freeze_panes(top + 1, 1)
        self._print(top, sum(widths))

    def _print(self, top: int, width: int) -> None:
        self.page.repeat_rows(top)
        self.page.set_paper(9)  # A4
        if width > _UPRIGHT:
            self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.center_horizontally()
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.page.set_footer("&C&P / &N")


def _write(
    page: Worksheet, row: int, column: int, cell: Content, looks: Mapping[str, Format]
) -> None:
    if cell is None:
        page.write_blank(row, column, None, looks["text"])
    elif isinstance(cell, str):
        page.write_string(row, column, cell, looks["text"])
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell, looks["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time()), looks["day"])
    else:
        looked = looks["share" if isinstance(cell, float) else "number"]
        page.write_number(row, column, cell, looked)


def _tab(title: str) -> str:
    """Return what the tab of a sheet may be called: short, without the signs Excel refuses."""
    name = _NOT_IN_TAB.sub(" ", title).strip()[:_LONGEST_TAB].strip()
    return name if name and name.casefold() != "history" else f"{name}_"


def _width(cells: Sequence[Content], name: str) -> int:
    """Return a column's width; a long heading may take two lines."""
    longest = max([0, *(_places(_shown(cell)) for cell in cells)])
    heading = _places(name)
    return min(max(longest + 2, min(heading + 4, 12), -(-heading // 2) + 4, 8), 40)


def _shown(cell: Content) -> str:
    plain = _plain(cell) if not isinstance(cell, str) else cell
    return "" if plain is None else max(str(plain).split("\n"), key=_places)


def _is_wide(text: str) -> bool:
    return any(east_asian_width(char) in "WF" for char in text)


def _places(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
