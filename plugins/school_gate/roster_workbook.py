"""Looking an XLSX file through before it is opened: sizes, far-off cells, and where formulas stand.

A workbook is a ZIP of XML. A small file can unpack to gigabytes, or name one cell a million rows down,
for which a reader takes memory for all between. Both are refused here, as are document types in the
XML. Nothing is unpacked to disk.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

from core.errors import DomainError
from core.i18n import N_, Message

MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 500
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ROW = re.compile(r"[0-9]{1,7}", re.ASCII)
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class WorkbookError(DomainError):
    """A workbook that is not opened."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


def _damaged() -> WorkbookError:
    return WorkbookError(
        "broken", N_("The Excel file is damaged. Open it and save it again as .xlsx.")
    )


def looked_through(
    data: bytes, max_rows: int, max_columns: int
) -> dict[str, frozenset[tuple[int, int]]]:
    """Return, by sheet name, the cells with formulas, counted from 0; WorkbookError if unsafe."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise WorkbookError(
                    "unpacks_too_large",
                    N_(
                        "The Excel file unpacks to far more than a roster holds. Save only its rows."
                    ),
                )
            if any(part.flag_bits & 1 for part in parts):
                raise WorkbookError(
                    "protected", N_("The file has a password. Take it off and save it again.")
                )
            if len({part.filename.casefold() for part in parts}) < len(parts):
                raise _damaged()
            texts = {part.filename.lstrip("/"): _read(archive, part) for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _damaged() from error
    sheets = _sheets(texts)
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for sheet, path in sheets.items():
        if path in texts:
            look = _SheetLook(max_rows, max_columns)
            _parse(texts[path], look)
            found[sheet] = frozenset(look.formulas)
    if not found:
        raise _damaged()
    return found


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Unpack one part; a size that was stated falsely ends at what was stated."""
    with archive.open(part) as stream:
        text = stream.read(part.file_size + 1)
    if len(text) > part.file_size:
        raise _damaged()
    return text


def _sheets(texts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the path of each sheet by its name, in the workbook's order."""
    targets: dict[str, str] = {}
    names: list[tuple[str, str]] = []

    def link(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            # As the reader does it, literally: a path it would take otherwise is not found at all.
            path = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            targets[attributes.get("Id", "")] = path

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            key = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            names.append((attributes.get("name", ""), key))

    _parse(texts.get(_LINKS, b""), link)
    _parse(texts.get(_BOOK, b""), sheet)
    return {name: targets[key] for name, key in names if key in targets}


class _SheetLook:
    """Follows the cells of a worksheet; raises at the first one that lies too far off."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        self.formulas: set[tuple[int, int]] = set()
        self._limits = max_rows, max_columns
        self._row, self._column = -1, -1

    def __call__(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            number = _ROW.fullmatch(attributes.get("r", ""))
            self._row = int(number[0]) - 1 if number else self._row + 1
            self._column = -1
        elif tag == "c":
            place = _CELL.fullmatch(attributes.get("r", ""))
            if place:
                self._row, self._column = int(place[2]) - 1, _column(place[1])
            else:
                self._column += 1
        elif tag in {"v", "is", "f"}:
            if self._row > self._limits[0] or self._column >= self._limits[1]:
                raise WorkbookError(
                    "too_many_rows",
                    N_(
                        "The sheet holds cells beyond row {rows} or column {columns}."
                        " Keep only the roster on it.",
                        rows=self._limits[0],
                        columns=self._limits[1],
                    ),
                )
            if tag == "f":
                self.formulas.add((self._row, self._column))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _parse(text: bytes, start: Callable[[str, Mapping[str, str]], None]) -> None:
    """Tell `start` of every element by its local name; document types are refused."""
    if not text:
        return

    def element(tag: str, attributes: Mapping[str, str]) -> None:
        start(tag.rpartition(":")[2], attributes)

    def doctype(*_: object) -> None:
        raise _damaged()

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise _damaged() from error
