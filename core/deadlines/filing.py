"""A table of holidays as a file: written for a spreadsheet, and read back as the text that is pasted.

Each row of a file becomes one line, so that what is wrong is named by the row's own number.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from core.deadlines import announcement, pasting
from core.deadlines.calendar import WORK
from core.deadlines.facts import CalendarDay
from core.i18n import LOCALES, N_, Message
from core.reports.export import Sheet as ExportSheet
from core.sheets.files import Sheet, SheetFileError, read_file

MAX_BYTES = 1024 * 1024
DAY, KIND, NOTE = N_("Day"), N_("Kind"), N_("Note")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "day": ("日期", "时间", "date"),
    "kind": ("种类", "类别", "安排", "type"),
    "note": ("备注", "名称", "节日", "节假日", "holiday", "name"),
}
_LABELS = {"day": DAY, "kind": KIND, "note": NOTE}
_MARKS = re.compile(r'[,;，；\t"]+')
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets
_SERIALS = range(36_526, 73_051)  # 2000 to 2099


def sheet_of(days: Sequence[CalendarDay], year: int, locale: str) -> ExportSheet:
    """Return a year's days as a table that `text_of` reads back; one row a day."""
    english = locale == "en"
    kinds = ("work", "off") if english else ("班", "休")
    return ExportSheet(
        title=N_("Holidays {year}", year=str(year)).translate(locale),
        columns=[one.translate(locale) for one in (DAY, KIND, NOTE)],
        rows=[
            [
                one.day.isoformat(),
                kinds[0] if one.kind == WORK else kinds[1],
                one.note,
            ]
            for one in sorted(days, key=lambda one: one.day)
        ],
    )


def text_of(content: bytes) -> str:
    """Return what a file says as `pasting.read` takes it; SheetFileError for a file that is no table.

    A table as `sheet_of` writes it, one of date, kind, note without headings, or the notice as text.
    """
    if len(content) > MAX_BYTES:
        raise SheetFileError("too_large", _too_large())
    sheets = read_file(content)
    for sheet in sheets:
        if sheet.encoding != "xlsx":
            text = content.decode(_decoder(sheet.encoding))
            if announcement.is_one(text):
                return text.lstrip("\ufeff")
    texts = [_lines(sheet) for sheet in sheets]
    good = [text for text in texts if _reads(text)]
    return (good or texts)[0]


def _too_large() -> Message:
    return N_("The file is larger than {size} MB: a year of holidays is far smaller.", size=1)


def _decoder(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _reads(text: str) -> bool:
    found = pasting.read(text, source="", provisional=False)
    return bool(found.days) and not found.problems


def _lines(sheet: Sheet) -> str:
    above, places = _headings(sheet.rows)
    lines = []
    for number, row in enumerate(sheet.rows):
        cells = [row[place] if place < len(row) else "" for place in places]
        if number < above or not any(cells):
            lines.append("")
            continue
        if sheet.encoding == "xlsx":
            cells[0] = _dated(cells[0])
        lines.append(", ".join(_plain(cell) for cell in cells).rstrip(", "))
    return "\n".join(lines)


def _plain(cell: str) -> str:
    """Return a cell without what ends one in a pasted line."""
    return " ".join(_MARKS.sub("、", cell).split())


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, tuple[int, int, int]]:
    """Return how many rows stand above the days, and where day, kind and note are."""
    for number, row in enumerate(rows[:20]):
        found = {name: place for place, cell in enumerate(row) if (name := _named(cell))}
        if {"day", "kind"} <= found.keys():
            return number + 1, (found["day"], found["kind"], found.get("note", len(row)))
    return 0, (0, 1, 2)


def _named(cell: str) -> str:
    text = cell.strip().casefold()
    for name, others in _NAMES.items():
        own = {_LABELS[name].translate(locale).casefold() for locale in LOCALES}
        if text in own or text in others:
            return name
    return ""


def _dated(cell: str) -> str:
    """Return a day that a spreadsheet keeps as a number in words; anything else as it is."""
    whole = cell.removesuffix(".0")
    if whole.isascii() and whole.isdigit() and len(whole) == 5 and int(whole) in _SERIALS:
        return (_EPOCH + timedelta(days=int(whole))).isoformat()
    return cell
