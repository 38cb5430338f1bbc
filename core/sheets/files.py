"""Reading a table, CSV or XLSX, into rows of text, within bounds that no file can burst."""

import csv
import io
from dataclasses import dataclass

from core.errors import DomainError
from core.i18n import N_, Message
from core.sheets.workbook import read_workbook

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 60
MAX_CELL = 1000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_LEGACY = ("gb18030", "big5")


class SheetFileError(DomainError):
    """A file that cannot be read as a table; the message says what to do about it."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows as text. `formulas` are (row, column) of cells that hold one, counted from 0."""

    rows: list[list[str]]
    encoding: str
    formulas: frozenset[tuple[int, int]] = frozenset()


def read_file(data: bytes) -> list[Sheet]:
    """Return what may be the table: a workbook's sheets in order, or a text read in each way it can be.

    The kind of file is told by its content, never by its name.
    """
    if not data.strip():
        raise SheetFileError("empty", N_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise SheetFileError(
            "too_large",
            N_("The file is larger than {size} MB. Import it in parts.", size=5),
        )
    if data.startswith(b"PK"):
        return _not_too_much(_workbook(data))
    if data.startswith(_OLD_EXCEL):
        raise SheetFileError(
            "old_excel",
            N_(
                "This is an old or protected Excel file."
                " Open it, take off the password, and save it as .xlsx or CSV UTF-8."
            ),
        )
    return [_table(text, encoding) for text, encoding in _texts(data)]


def _texts(data: bytes) -> list[tuple[str, str]]:
    """Return the text in each encoding it can be read in, the likeliest first."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            found = _decoded(data, encoding)
            return [(found, encoding.removesuffix("-sig"))] if found else [_no_text()]
    found = _decoded(data, "utf-8")
    if found is not None:
        return [(found, "utf-8")]
    texts = [
        (text, encoding) for encoding in _LEGACY if (text := _decoded(data, encoding)) is not None
    ]
    return texts or [_no_text()]


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _no_text() -> tuple[str, str]:
    raise SheetFileError(
        "encoding",
        N_(
            "The file is neither UTF-8 nor GBK (GB18030) text."
            " In Excel choose Save as, CSV UTF-8, or save it as .xlsx."
        ),
    )


def _table(text: str, encoding: str) -> Sheet:
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            _check_size(len(rows), len(row))
            rows.append([_bounded(cell) for cell in row])
    except csv.Error as error:
        raise SheetFileError(
            "broken",
            N_(
                "Line {line} cannot be read as CSV. Look for a stray quotation mark.",
                line=len(rows) + 1,
            ),
        ) from error
    return Sheet(rows, encoding)


def _check_size(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise SheetFileError(
            "too_many_rows",
            N_("More than {count} rows. Import it in parts.", count=MAX_ROWS),
        )
    if columns > MAX_COLUMNS:
        raise SheetFileError(
            "too_many_columns",
            N_("More than {count} columns. Keep only those of the template.", count=MAX_COLUMNS),
        )


def _bounded(cell: str) -> str:
    """Return a cell's text; what is far too long stays long enough to be refused as such."""
    return cell.strip()[:MAX_CELL]


def _not_too_much(sheets: list[Sheet]) -> list[Sheet]:
    """Return the sheets; a packed file may repeat one long text in every cell."""
    if sum(len(cell) for sheet in sheets for row in sheet.rows for cell in row) > MAX_BYTES:
        raise SheetFileError(
            "too_large",
            N_("The file is larger than {size} MB. Import it in parts.", size=5),
        )
    return sheets


def _workbook(data: bytes) -> list[Sheet]:
    return [
        Sheet(
            [[_bounded(cell) for cell in row] for row in sheet.rows],
            "xlsx",
            frozenset(sheet.formulas),
        )
        for sheet in read_workbook(data, MAX_ROWS, MAX_COLUMNS)
    ]
