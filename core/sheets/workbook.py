"""Reading an XLSX file cell by cell, within bounds: no part of it decides how much memory is taken.

A workbook is a ZIP of XML. A small file can unpack to gigabytes, or name one cell a billion rows down,
for which the usual readers take memory for all between and end the whole process. So it is read here:
sizes are bounded before anything is unpacked, far-off cells and document types are refused, nothing
is unpacked to disk. Formulas are not computed; where they stand is told.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from core.errors import DomainError
from core.i18n import N_, Message

MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 500
MAX_TEXT = 1001  # one more than any cell of a table may have
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ROW = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BOOK, _LINKS, _STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"


class WorkbookError(DomainError):
    """A workbook that is not read."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class WorkSheet:
    """A sheet's rows as text, and (row, column) of cells that hold a formula, counted from 0."""

    rows: list[list[str]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def _damaged() -> WorkbookError:
    return WorkbookError(
        "broken", N_("The Excel file is damaged. Open it and save it again as .xlsx.")
    )


def read_workbook(data: bytes, max_rows: int, max_columns: int) -> list[WorkSheet]:
    """Return the sheets in the workbook's order; WorkbookError says what to do about a bad file."""
    parts = _unpacked(data)
    strings = _Strings()
    _parse(parts.get(_STRINGS, b""), strings.start, strings.end, strings.text)
    sheets: list[WorkSheet] = []
    for path in _paths(parts):
        if path in parts:
            reader = _Cells(strings.found, max_rows, max_columns)
            _parse(parts[path], reader.start, reader.end, reader.text)
            sheets.append(reader.sheet)
    if not sheets:
        raise _damaged()
    return sheets


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of the ZIP by name, all within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise WorkbookError(
                    "unpacks_too_large",
                    N_(
                        "The Excel file unpacks to far more than a table of rows holds."
                        " Copy the rows into a new file and save that."
                    ),
                )
            if any(part.flag_bits & 1 for part in parts):
                raise WorkbookError(
                    "protected", N_("The file has a password. Take it off and save it again.")
                )
            return {part.filename.lstrip("/"): _read(archive, part) for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _damaged() from error
    except Exception as error:
        if isinstance(error, WorkbookError):
            raise
        raise _damaged() from error  # zlib.error and what else a broken stream raises


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Unpack one part, at most to the size it states."""
    with archive.open(part) as stream:
        text = stream.read(part.file_size + 1)
    if len(text) > part.file_size:
        raise _damaged()
    return text


def _paths(parts: Mapping[str, bytes]) -> list[str]:
    """Return the path of each sheet, in the workbook's order."""
    targets: dict[str, str] = {}
    keys: list[str] = []

    def link(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            targets[attributes.get("Id", "")] = path

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            keys.extend(v for k, v in attributes.items() if k.rpartition(":")[2] == "id")

    _parse(parts.get(_LINKS, b""), link)
    _parse(parts.get(_BOOK, b""), sheet)
    return [targets[key] for key in keys if key in targets]


class _Strings:
    """Collects the shared strings; how a text is to be spoken (`rPh`) is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._reading = self._spoken = False

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._spoken = True
        self._reading = tag == "t" and not self._spoken

    def text(self, piece: str) -> None:
        if self._reading:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        self._reading = False
        if tag == "rPh":
            self._spoken = False
        elif tag == "si":
            self.found.append("".join(self._pieces)[:MAX_TEXT])


class _Cells:
    """Follows the cells of a worksheet; raises at the first one with content that lies too far off."""

    def __init__(self, strings: list[str], max_rows: int, max_columns: int) -> None:
        self.sheet = WorkSheet()
        self._strings = strings
        self._limits = max_rows, max_columns
        self._row, self._column = -1, -1
        self._kind = ""
        self._pieces: list[str] = []
        self._reading = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._reading = tag in {"v", "t"}
        if tag == "row":
            self._row = _counted(_ROW, attributes, self._row)
            self._column = -1
        elif tag == "c":
            self._begin(attributes)
        elif tag == "f":
            self._check_place()
            self.sheet.formulas.add((self._row, self._column))

    def _begin(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        self._kind, self._pieces = attributes.get("t", "n"), []
        if place is None:
            self._column += 1
            return
        found = _CELL.fullmatch(place)
        if found is None:
            raise _damaged()
        self._row, self._column = int(found[2]) - 1, _column(found[1])

    def text(self, piece: str) -> None:
        if self._reading:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        self._reading = False
        if tag != "c" or not self._pieces:
            return
        self._check_place()
        rows = self.sheet.rows
        while len(rows) <= self._row:
            rows.append([])
        row = rows[self._row]
        row.extend([""] * (self._column + 1 - len(row)))
        row[self._column] = self._shown("".join(self._pieces))

    def _check_place(self) -> None:
        if not (0 <= self._row <= self._limits[0] and 0 <= self._column < self._limits[1]):
            raise WorkbookError(
                "too_many_rows",
                N_(
                    "The sheet holds cells beyond row {rows} or column {columns}."
                    " Keep only the table on it.",
                    rows=self._limits[0],
                    columns=self._limits[1],
                ),
            )

    def _shown(self, stored: str) -> str:
        """Return a cell as a person sees it: whole numbers without a point."""
        if self._kind == "s":
            if not stored.isascii() or not stored.isdigit() or len(stored) > 9:
                raise _damaged()
            index = int(stored)
            return self._strings[index] if index < len(self._strings) else ""
        if self._kind == "b":
            return "是" if stored == "1" else "否"
        if self._kind == "n" and _NUMBER.fullmatch(stored):
            number = float(stored)
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else stored
        return stored


def _counted(form: re.Pattern[str], attributes: Mapping[str, str], before: int) -> int:
    number = attributes.get("r")
    if number is None:
        return before + 1
    if form.fullmatch(number) is None:
        raise _damaged()
    return int(number) - 1


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _parse(
    text: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """Tell of every element by its local name; a document type is refused."""
    if not text:
        return

    def element(tag: str, attributes: Mapping[str, str]) -> None:
        start(tag.rpartition(":")[2], attributes)

    def doctype(*_: object) -> None:
        raise _damaged()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if data is not None:
        parser.CharacterDataHandler = data
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _damaged() from error
