"""A paper in parts that are torn from each other, each with rows and lines to sign; `lodge.typ`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.documents.text import printable, shortened
from core.documents.typst import render
from core.i18n import N_

FOLDER = Path(__file__).parent
TEMPLATE = "lodge.typ"
PAPERS = ("a4", "thermal")
_LONGEST = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: title, a word on whose it is, (label, value) rows, sentences, names of lines to sign."""

    title: str
    note: str = ""
    rows: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()
    sign: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The whole paper, in the reader's language. All parts bear the same number."""

    organisation: str
    number: str
    date: str
    parts: Sequence[Part]
    locale: str


def pdf(paper: Paper, size: str, made_at: datetime) -> bytes:
    """Return the paper as a PDF: A4, or a strip 80 mm wide."""
    return render(TEMPLATE, _data(paper, size), root=FOLDER, made_at=made_at)


def _data(paper: Paper, size: str) -> dict[str, Any]:
    language, _, script = paper.locale.partition("_")
    return {
        "paper": size,
        "lang": language,
        "region": {"Hant": "tw", "Hans": "cn"}.get(script, "cn"),
        "words": {
            "number": N_("No.").translate(paper.locale),
            "cut": N_("Tear here").translate(paper.locale),
        },
        "organisation": printable(paper.organisation),
        "number": printable(paper.number),
        "date": printable(paper.date),
        "parts": [
            {
                "title": printable(part.title),
                "note": printable(part.note),
                "rows": [
                    {"label": printable(label), "value": shortened(value, _LONGEST)}
                    for label, value in part.rows
                ],
                "lines": [printable(line) for line in part.lines],
                "sign": [printable(line) for line in part.sign],
            }
            for part in paper.parts
        ],
    }
