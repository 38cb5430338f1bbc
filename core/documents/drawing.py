"""Drawing a paper of a registered kind: its template, the house library, and its data.

The data is given to Typst as data; no text ever becomes part of a template's source.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from core.documents import typst
from core.documents.facts import Data, DocumentKind, Value
from core.documents.text import printable
from core.errors import InvalidInputError
from core.i18n import N_, Message

FOLDER = Path(__file__).parent
HOUSE = "house.typ"
# What every template is given besides its kind's own fields.
GIVEN = ("office", "date", "number")
_PAPER = "paper.typ"
_COPY = "<copy>"
_LONGEST_TEXT = 20_000
_MOST_ROWS = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is drawn: a kind's template as it is in force, with clean data."""

    source: str
    data: Mapping[str, Any]


def shipped(kind: DocumentKind) -> str:
    """Return the source of the template that a kind ships with."""
    return _source(kind.package, kind.template)


@cache
def _source(package: str, template: str) -> str:
    folder = Path(str(importlib.import_module(package).__file__)).parent
    return (folder / template).read_text(encoding="utf-8")


def chinese_date(day: date) -> str:
    """Return a day as papers say it: 2026年11月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def checked(kind: DocumentKind, data: Data) -> dict[str, Value]:
    """Return the data clean and whole; InvalidInputError names what is missing or unknown."""
    known = {field.name: field for field in kind.fields}
    problems: dict[str, Message] = {
        name: N_("This paper has no place for it.")
        for name in data
        if name not in known and name not in GIVEN
    }
    clean: dict[str, Value] = {}
    for name, field in known.items():
        given = data.get(name) or field.default
        line = isinstance(field.sample, str)
        value = _clean(given.splitlines() if isinstance(given, str) and not line else given)
        empty: Value = "" if line else ()
        clean[name] = value if value else empty
        if field.required and not value:
            problems[name] = N_("Please fill this in.")
        elif value and line != isinstance(value, str):
            problems[name] = N_("This value is not possible here.")
    if problems:
        raise InvalidInputError(problems)
    for name in GIVEN:
        if data.get(name):
            clean[name] = _clean(data[name])
    return clean


def _clean(value: Value) -> Value:
    if isinstance(value, str):
        return printable(value)[:_LONGEST_TEXT]
    parts = tuple(value)[:_MOST_ROWS]
    if all(isinstance(part, str) for part in parts):
        return tuple(line for part in parts if (line := printable(str(part))))
    return tuple(tuple(printable(str(cell)) for cell in part) for part in parts)


def pdf(sheet: Sheet, *, made_at: datetime | None = None) -> bytes:
    """Return the paper as a PDF."""
    return typst.render(_PAPER, sheet.data, root=None, files=_files(sheet), made_at=made_at)


def pictures(sheet: Sheet, *, ppi: float = 72.0, trial: bool = False) -> list[bytes]:
    """Return a PNG of each page; `trial` for a template that is being changed."""
    seconds = typst.TRIAL_SECONDS if trial else typst.DEFAULT_SECONDS
    return typst.render_pages_png(
        _PAPER,
        sheet.data,
        root=None,
        files=_files(sheet),
        ppi=ppi,
        seconds=seconds,
        trial=trial,
    )


def parts(sheet: Sheet) -> list[dict[str, Any]]:
    """Return what the house library noted of the paper, from top to bottom, for an editable copy."""
    found: list[dict[str, Any]] = typst.query(
        _PAPER, sheet.data, _COPY, root=None, files=_files(sheet)
    )
    return found


def _files(sheet: Sheet) -> dict[str, bytes]:
    """Return the two files that are all a template sees."""
    return {HOUSE: _house(), _PAPER: sheet.source.encode("utf-8")}


@cache
def _house() -> bytes:
    return (FOLDER / HOUSE).read_bytes()
