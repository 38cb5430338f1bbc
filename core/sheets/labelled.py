"""Rows of a file whose headings are the labels of a form's fields, in any language that is shipped."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.forms import Field
from core.i18n import LOCALES, N_
from core.sheets.files import SheetFileError, read_file
from core.text import fold_width

# The form's field in which such a file is given.
FILE = Field(
    name="file",
    label=N_("File"),
    kind="file",
    required=True,
    help=N_("CSV (UTF-8 or GBK) or Excel .xlsx with the columns of the template"),
)
_HEADING_WITHIN = 20  # a title and notes may stand above the headings


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRow:
    """One row that holds anything: its line in the file, and its texts by field."""

    line: int
    values: Mapping[str, str]


def rows_under(data: bytes, fields: Sequence[Field], *, most: int) -> list[LabelledRow]:
    """Return the rows below the headings; SheetFileError when there are none, or too many."""
    wanted = {one.name for one in fields if one.required}
    for sheet in read_file(data):
        for top, cells in enumerate(sheet.rows[:_HEADING_WITHIN]):
            places = _places(cells, fields)
            if wanted <= set(places):
                return _below(sheet.rows[top + 1 :], top + 2, places, most)
    raise SheetFileError(
        "no_header",
        N_("No row with the headings of the template was found. Keep its first row as it is."),
    )


def template(fields: Sequence[Field], locale: str) -> bytes:
    """Return an empty CSV with the headings, which Excel reads in Chinese."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([one.label.translate(locale) for one in fields])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _below(
    rows: Sequence[Sequence[str]], line: int, places: Mapping[str, int], most: int
) -> list[LabelledRow]:
    found = [
        LabelledRow(
            line=line + number,
            values={name: row[at] if at < len(row) else "" for name, at in places.items()},
        )
        for number, row in enumerate(rows)
        if any(row)
    ]
    if not found:
        raise SheetFileError("no_rows", N_("There is no row below the headings."))
    if len(found) > most:
        raise SheetFileError(
            "too_many_rows", N_("More than {count} rows. Import it in parts.", count=most)
        )
    return found


def _places(cells: Sequence[str], fields: Sequence[Field]) -> dict[str, int]:
    known = {
        same_word(label): one.name
        for one in fields
        for label in (*(one.label.translate(locale) for locale in LOCALES), one.name)
    }
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = known.get(same_word(cell))
        if name is not None:
            places.setdefault(name, at)
    return places


def same_word(text: str) -> str:
    """Return one form of a word that people type in several ways."""
    return fold_width(text).replace(" ", "").replace("*", "").casefold()
