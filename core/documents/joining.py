"""Joining PDFs into one file, piece after piece: only the piece at hand is in memory."""

import io
from pathlib import Path
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

# A page may have these from its parent, whom it loses here.
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_CATALOG, _PAGES = 1, 2


class PdfJoiner:
    """Writes a PDF of the pages of others; `finish` gives it its place, until then it is unseen."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(path.name + ".part")
        self._file: BinaryIO = self._unfinished.open("wb")
        self._file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._places: list[int] = [0, 0]  # of each object; the catalogue and page list come last
        self._pages: list[int] = []

    def add(self, data: bytes) -> int:
        """Append the pages of one PDF and return how many they are."""
        reader = PdfReader(io.BytesIO(data))
        piece = _Piece(reader, self)
        for page in reader.pages:
            self._pages.append(piece.page(page))
        piece.write_all()
        return len(reader.pages)

    def finish(self) -> int:
        """Complete the file, put it in its place, and return how many pages it has."""
        kids = ArrayObject(IndirectObject(number, 0, None) for number in self._pages)
        pages = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Pages"),
                NameObject("/Kids"): kids,
                NameObject("/Count"): NumberObject(len(kids)),
            }
        )
        catalog = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Catalog"),
                NameObject("/Pages"): IndirectObject(_PAGES, 0, None),
            }
        )
        self.write(_CATALOG, catalog)
        self.write(_PAGES, pages)
        start = self._file.tell()
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._places) + 1))
        for place in self._places:
            self._file.write(b"%010d 00000 n \n" % place)
        self._file.write(
            b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._places) + 1, _CATALOG, start)
        )
        self._file.close()
        self._unfinished.replace(self._path)
        return len(self._pages)

    def abandon(self) -> None:
        """Remove what was written so far."""
        self._file.close()
        self._unfinished.unlink(missing_ok=True)

    def new_number(self) -> int:
        """Return the number of an object that will be written."""
        self._places.append(0)
        return len(self._places)

    def write(self, number: int, value: PdfObject) -> None:
        """Write one object under its number."""
        self._places[number - 1] = self._file.tell()
        self._file.write(b"%d 0 obj\n" % number)
        value.write_to_stream(self._file)
        self._file.write(b"\nendobj\n")


class _Piece:
    """One PDF on its way into the joined one: its objects get new numbers."""

    def __init__(self, reader: PdfReader, joined: PdfJoiner) -> None:
        self._reader = reader
        self._joined = joined
        self._numbers: dict[int, int] = {}
        self._waiting: list[tuple[int, int]] = []  # old number, new number

    def page(self, page: DictionaryObject) -> int:
        kept = DictionaryObject()
        for name in (*_INHERITED, *page):
            if name in page and name not in {"/Parent", "/StructParents", "/Annots", "/AA"}:
                kept[NameObject(name)] = self._renumbered(page.raw_get(name))
            elif name in _INHERITED and (value := _from_parents(page, name)) is not None:
                kept[NameObject(name)] = self._renumbered(value)
        kept[NameObject("/Parent")] = IndirectObject(_PAGES, 0, None)
        number = self._joined.new_number()
        self._joined.write(number, kept)
        return number

    def write_all(self) -> None:
        """Write what the pages refer to, and what that refers to in turn."""
        while self._waiting:
            old, new = self._waiting.pop()
            value = self._reader.get_object(old)
            self._joined.write(new, self._renumbered(value))

    def _renumbered(self, value: PdfObject | None) -> PdfObject:
        if isinstance(value, IndirectObject):
            old = value.idnum
            if old not in self._numbers:
                self._numbers[old] = self._joined.new_number()
                self._waiting.append((old, self._numbers[old]))
            return IndirectObject(self._numbers[old], 0, None)
        if isinstance(value, StreamObject):
            value.update({NameObject(k): self._renumbered(value.raw_get(k)) for k in value})
            return value
        if isinstance(value, DictionaryObject):
            return DictionaryObject(
                {NameObject(k): self._renumbered(value.raw_get(k)) for k in value}
            )
        if isinstance(value, ArrayObject):
            return ArrayObject(self._renumbered(item) for item in list.__iter__(value))
        if value is None:
            raise ValueError("the PDF refers to an object that it does not have")
        return value


def _from_parents(page: DictionaryObject, name: str) -> PdfObject | None:
    parent = page.get("/Parent")
    while parent is not None:
        holder = parent.get_object()
        if not isinstance(holder, DictionaryObject):
            return None
        if name in holder:
            value: PdfObject = holder.raw_get(name)
            return value
        parent = holder.get("/Parent")
    return None
