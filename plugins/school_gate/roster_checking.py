"""Checking a roster's rows: each becomes clean values, or a list of what is wrong in which column.

Knows no database: what the roster holds already is given. A bad row never touches its neighbours.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.i18n import N_, Message
from core.sheets.files import Sheet
from core.text import TextError, clean_line, fold_width, normalise_phone
from plugins.school_gate import roster_columns as columns
from plugins.school_gate.roster_columns import GUARDIANS, MAX_GUARDIANS, PUPILS, STAFF, Header

MAX_NAME, MAX_NUMBER, MAX_TEXT = 100, 40, 50
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-/.]*", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
_FORMULA = re.compile(r"[=@]|[+\-][^\d\s(]")

_YES = {
    "是",
    "住校",
    "住宿",
    "寄宿",
    "yes",
    "y",
    "true",
    "1",
    "√",
    "boarder",
    "boarding",
    "住校生",
    "内宿",
}
_NO = {
    "否",
    "走读",
    "走讀",
    "通校",
    "no",
    "n",
    "false",
    "0",
    "×",
    "day",
    "走读生",
    "外宿",
    "",
    "跑校",
}
_SEXES = {
    "男": "male",
    "女": "female",
    "male": "male",
    "female": "female",
    "m": "male",
    "f": "female",
}
_KINDS = {
    "": "pupil", "学生": "pupil", "學生": "pupil", "pupil": "pupil", "student": "pupil",
    "实习生": "intern", "實習生": "intern", "实习": "intern", "intern": "intern",
}  # fmt: skip
_RELATIONS = {
    "父亲": "father", "父親": "father", "父": "father", "爸爸": "father", "父子": "father",
    "父女": "father", "father": "father", "母亲": "mother", "母親": "mother", "母": "mother",
    "妈妈": "mother", "母子": "mother", "母女": "mother", "mother": "mother",
    "祖父": "grandparent", "祖母": "grandparent", "爷爷": "grandparent", "奶奶": "grandparent",
    "外公": "grandparent", "外婆": "grandparent", "姥爷": "grandparent", "姥姥": "grandparent",
    "外祖父": "grandparent", "外祖母": "grandparent", "grandparent": "grandparent",
    "grandfather": "grandparent", "grandmother": "grandparent",
}  # fmt: skip


@dataclass(slots=True)
class CheckedRow:
    """One row: its number in the file (from 1), clean values, problems by column, and what it needs.

    `guardians` are mappings of name, relation, phone, may_collect. `new_class` is (grade, class) that
    the roster does not have yet.
    """

    row: int
    values: dict[str, str]
    typed: list[str]
    guardians: list[dict[str, str]] = field(default_factory=list)
    problems: list[tuple[str, Message]] = field(default_factory=list)
    new_class: tuple[str, str] | None = None

    @property
    def good(self) -> bool:
        """Say whether nothing is wrong with the row itself."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Known:
    """What the roster holds: (grade, class) pairs, pupils' numbers, staff numbers."""

    classes: frozenset[tuple[str, str]]
    pupils: frozenset[str]
    staff: frozenset[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole roster: its header, what each known column is called, the rows, unknown columns."""

    kind: str
    encoding: str
    header: tuple[str, ...]
    titles: Mapping[str, str]
    unknown_columns: tuple[str, ...]
    rows: list[CheckedRow]

    @property
    def new_classes(self) -> list[tuple[str, str]]:
        """The classes that good rows name and the roster lacks, in the file's order."""
        return list(dict.fromkeys(r.new_class for r in self.rows if r.good and r.new_class))


class HeaderError(TextError):
    """The file has no header that fits the kind of roster."""


def check(kind: str, sheets: Sequence[Sheet], known: Known) -> Checked:
    """Return the checked rows of the sheet whose header fits; HeaderError where none does."""
    found = [(sheet, columns.find_header(kind, sheet.rows)) for sheet in sheets]
    sheet, header = min(found, key=lambda pair: (len(pair[1].missing), -len(pair[1].places)))
    if header.missing:
        _no_header(kind, sheet, header)
    rows: list[CheckedRow] = []
    first_rows: dict[str, int] = {}
    for index, typed in enumerate(sheet.rows):
        if index <= header.row or not any(typed):
            continue
        row = CheckedRow(index + 1, {}, typed)
        cell = _reader(row, header, sheet, index)
        _CHECKS[kind](row, cell, known)
        _note_duplicate(kind, row, first_rows)
        rows.append(row)
    if not rows:
        raise HeaderError("no_rows", N_("The file holds a header and no rows."))
    titles = {key: sheet.rows[header.row][place] for key, place in header.places.items()}
    top = tuple(sheet.rows[header.row])
    return Checked(kind, sheet.encoding, top, titles, header.unknown, rows)


def _no_header(kind: str, sheet: Sheet, header: Header) -> None:
    names = "、".join(columns.template_name(kind, key) for key in header.missing)
    if sheet.encoding in {"gb18030", "big5"} and len(header.places) < 3:
        raise HeaderError(
            "encoding",
            N_(
                "No column can be recognised; the file's encoding may be another than it seems."
                " In Excel choose Save as, CSV UTF-8, or save it as .xlsx."
            ),
        )
    raise HeaderError(
        "no_header",
        N_("These columns are missing: {names}. Compare the file with the template.", names=names),
    )


Cell = Callable[[str, int, bool], str]


def _reader(row: CheckedRow, header: Header, sheet: Sheet, index: int) -> Cell:
    """Return a function that reads a column of this row, notes its problems, gives clean text."""

    def cell(key: str, max_length: int, required: bool) -> str:
        place = header.places.get(key)
        typed = row.typed[place] if place is not None and place < len(row.typed) else ""
        if place is not None and (index, place) in sheet.formulas:
            row.problems.append((key, N_("This cell holds a formula. Paste its value instead.")))
            return ""
        try:
            text = clean_line(typed, max_length)
        except TextError as error:
            row.problems.append((key, error.message))
            return ""
        if _FORMULA.match(text):
            row.problems.append((key, N_("This begins like a formula. Type it as plain text.")))
            return ""
        if required and not text:
            row.problems.append((key, N_("This is missing.")))
        return text

    return cell


def _note_duplicate(kind: str, row: CheckedRow, first_rows: dict[str, int]) -> None:
    key = row.values.get("number", "")
    if kind == GUARDIANS and row.guardians:
        key = f"{key}/{row.guardians[0]['name']}"
    if not row.values.get("number"):
        return
    first = first_rows.setdefault(key, row.row)
    if first != row.row:
        row.problems.append(("number", N_("The same as in row {row}.", row=first)))


def _number(row: CheckedRow, cell: Cell) -> str:
    typed = fold_width(cell("number", MAX_NUMBER, True)).replace(" ", "")
    if not typed:
        return ""
    if _SCIENTIFIC.fullmatch(typed):
        row.problems.append(
            ("number", N_("Excel shortened this number. Format the column as text, type it anew."))
        )
    elif not _NUMBER.fullmatch(typed):
        row.problems.append(("number", N_("Only letters, digits and - _ / . may stand here.")))
    return typed


def _name(row: CheckedRow, cell: Cell, key: str = "name", required: bool = True) -> str:
    name = cell(key, MAX_NAME, required)
    if name and not re.search(r"[^\W\d_]", name):
        row.problems.append((key, N_("A name needs letters.")))
    return name


def _chosen(row: CheckedRow, cell: Cell, key: str, choices: Mapping[str, str]) -> str:
    typed = cell(key, MAX_TEXT, False).lower()
    if typed and typed not in choices:
        row.problems.append((key, N_("“{text}” is not understood here.", text=typed)))
    return choices.get(typed, "")


def _yes(row: CheckedRow, cell: Cell, key: str, empty: str) -> str:
    typed = cell(key, MAX_TEXT, False).lower()
    if not typed:
        return empty
    if typed not in _YES and typed not in _NO:
        row.problems.append((key, N_("“{text}” is not understood here.", text=typed)))
    return "yes" if typed in _YES else ""


def _phone(row: CheckedRow, cell: Cell, key: str) -> str:
    typed = cell(key, MAX_TEXT, False)
    if not typed:
        return ""
    try:
        return normalise_phone(typed)
    except TextError as error:
        row.problems.append((key, error.message))
        return ""


def _guardian(row: CheckedRow, cell: Cell, number: int, required: bool) -> None:
    tail = str(number) if number > 1 else ""
    name = _name(row, cell, f"guardian_name{tail}", required)
    relation = cell(f"relation{tail}", MAX_NUMBER, False)
    phone = _phone(row, cell, f"guardian_phone{tail}")
    collects = _yes(row, cell, f"may_collect{tail}", "yes")
    if name:
        row.guardians.append(
            {
                "name": name,
                "relation": _RELATIONS.get(relation.lower(), relation),
                "phone": phone,
                "may_collect": collects,
            }
        )
    elif phone or relation:
        row.problems.append((f"guardian_name{tail}", N_("A phone or relation without a name.")))


def _check_pupil(row: CheckedRow, cell: Cell, known: Known) -> None:
    grade, school_class = cell("grade", MAX_TEXT, True), cell("class", MAX_TEXT, True)
    row.values = {
        "grade": grade,
        "class": school_class,
        "name": _name(row, cell),
        "number": _number(row, cell),
        "sex": _chosen(row, cell, "sex", _SEXES),
        "boards": _yes(row, cell, "boards", ""),
        "kind": _chosen(row, cell, "kind", _KINDS) or "pupil",
    }
    for number in range(1, MAX_GUARDIANS + 1):
        _guardian(row, cell, number, required=False)
    if grade and school_class and (grade, school_class) not in known.classes:
        row.new_class = (grade, school_class)


def _check_guardian(row: CheckedRow, cell: Cell, known: Known) -> None:
    number = _number(row, cell)
    row.values = {"number": number, "name": cell("name", MAX_NAME, False)}
    if number and number not in known.pupils:
        row.problems.append(("number", N_("No pupil has this number. Import the pupils first.")))
    _guardian(row, cell, 1, required=True)


def _check_staff(row: CheckedRow, cell: Cell, known: Known) -> None:
    email = cell("email", 200, False)
    if email and not _EMAIL.fullmatch(email):
        row.problems.append(("email", N_("This is no e-mail address.")))
    taught = cell("class_taught", MAX_NUMBER, False)
    row.values = {
        "number": _number(row, cell),
        "name": _name(row, cell),
        "department": cell("department", MAX_NAME, False),
        "room": cell("room", MAX_TEXT, False),
        "phone": _phone(row, cell, "phone"),
        "email": email,
        "class_taught": taught,
    }
    if taught and taught not in {grade + name for grade, name in known.classes}:
        row.problems.append(
            ("class_taught", N_("There is no class of this name. Write grade and class together."))
        )


_CHECKS: Mapping[str, Callable[[CheckedRow, Cell, Known], None]] = {
    PUPILS: _check_pupil,
    GUARDIANS: _check_guardian,
    STAFF: _check_staff,
}
