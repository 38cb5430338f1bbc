"""The visitor's slip with its return stub (SCH-8): A4 to tear in two, or 80 mm thermal paper.

Both parts bear the same number. The upper part goes with the visitor and carries the pass; the stub is
signed by the person visited, comes back to the guard and carries a code of its own. All words come
from the caller in the reader's language: `labels(locale)` has them, and a plugin may put others in
their place. The layout is `slip.typ`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from core.documents import qr
from core.documents.text import printable, shortened
from core.documents.typst import render, render_pages_png
from core.i18n import N_, Message

Paper = Literal["a4", "thermal"]

FOLDER = Path(__file__).parent
TEMPLATE = "slip.typ"
_LONGEST = 220  # half-width signs: what a cell holds at its smallest type
_LONGEST_BADGE_LINE = 40

LABELS: Mapping[str, Message] = {
    "title": N_("Visitor slip"),
    "slip_note": N_("The visitor keeps this part"),
    "stub_title": N_("Return stub"),
    "stub_note": N_("Hand back to the guard on leaving"),
    "number": N_("No."),
    "date": N_("Date"),
    "visitor": N_("Visitor's name"),
    "sex": N_("Sex"),
    "unit": N_("Organisation or address"),
    "document": N_("Kind of document"),
    "document_number": N_("Document number"),
    "phone": N_("Phone"),
    "party": N_("Number of people"),
    "plate": N_("Number plate"),
    "goods": N_("Things brought"),
    "reason": N_("Reason of the visit"),
    "office": N_("Office visited"),
    "host": N_("Person visited"),
    "consent": N_("Consent of the host"),
    "entered": N_("Entered at"),
    "leave_by": N_("To leave by"),
    "rules": N_("Rules for visitors"),
    "visitor_signature": N_("Visitor's signature"),
    "guard_signature": N_("Guard's signature"),
    "host_signature": N_("Host's signature"),
    "meeting_ended": N_("Meeting ended"),
    "left": N_("Left at"),
    "returned_to": N_("Taken back by"),
    "pass_hint": N_("Scan at the gate, in and out"),
    "stub_hint": N_("Scan when handed back"),
    "cut": N_("Tear here"),
}


def labels(locale: str) -> dict[str, str]:
    """Return the words on a slip in one language."""
    return {name: message.translate(locale) for name, message in LABELS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipDocument:
    """What stands on one slip, in the reader's language. What is empty is left blank to write on.

    `document_number` must be masked. `rules` are sentences for the visitor (SCH-9). `pass_token` and
    `stub_token` are what the two QR codes say; `badge_lines` stand below the first, at most two.
    """

    organisation: str
    number: str
    date: str
    visitor: str
    reason: str
    pass_token: str
    stub_token: str
    labels: Mapping[str, str]
    sex: str = ""
    unit: str = ""
    document: str = ""
    document_number: str = ""
    phone: str = ""
    party: str = ""
    plate: str = ""
    goods: str = ""
    office: str = ""
    host: str = ""
    consent: str = ""
    entered: str = ""
    leave_by: str = ""
    guard: str = ""
    rules: tuple[str, ...] = ()
    badge_lines: tuple[str, ...] = ()
    footer: str = ""
    locale: str = "zh_Hans"

    def __post_init__(self) -> None:
        shown = sum(char.isalnum() for char in self.document_number)
        if shown > 8:
            raise ValueError("a slip shows at most eight signs of a document number: mask it")
        if missing := LABELS.keys() - self.labels.keys():
            raise ValueError(f"labels are missing: {', '.join(sorted(missing))}")


def slip_pdf(slip: SlipDocument, paper: Paper = "a4", *, made_at: datetime | None = None) -> bytes:
    """Return the slip as a PDF of one A4 page, or of one strip 80 mm wide."""
    return render(TEMPLATE, _data(slip, paper), root=FOLDER, made_at=made_at)


def slip_png(slip: SlipDocument, paper: Paper = "a4", *, ppi: float = 110.0) -> bytes:
    """Return a picture of the slip, for a preview."""
    return render_pages_png(TEMPLATE, _data(slip, paper), root=FOLDER, ppi=ppi)[0]


# Each row of the A4 form: names of fields; one alone takes the whole width.
_FORM = (
    ("visitor", "sex"),
    ("unit",),
    ("document", "document_number"),
    ("phone", "party"),
    ("plate", "goods"),
    ("reason",),
    ("office", "host"),
    ("consent",),
    ("entered", "leave_by"),
)
_STRIP = (
    *("visitor", "unit", "document", "document_number", "party", "plate", "goods", "reason"),
    *("office", "host", "consent", "entered", "leave_by"),
)
_STUB = ("visitor", "host", "office", "entered")


def _data(slip: SlipDocument, paper: Paper) -> dict[str, Any]:
    words = {name: printable(text) for name, text in slip.labels.items()}

    def field(name: str) -> dict[str, str]:
        return {"label": words[name], "value": shortened(getattr(slip, name), _LONGEST)}

    strip = [entry for name in _STRIP if (entry := field(name))["value"]]
    language, _, script = slip.locale.partition("_")
    return {
        "paper": paper,
        "lang": language,
        "region": {"Hant": "tw", "Hans": "cn"}.get(script, "cn"),
        "labels": words,
        "organisation": printable(slip.organisation),
        "number": printable(slip.number),
        "date": printable(slip.date),
        "guard": printable(slip.guard),
        "form": [[field(name) for name in row] for row in _FORM],
        "strip": strip,
        "stub": [field(name) for name in _STUB],
        "rules": [printable(rule) for rule in slip.rules],
        "badge_lines": [shortened(line, _LONGEST_BADGE_LINE) for line in slip.badge_lines[:2]],
        "footer": printable(slip.footer),
        "pass_qr": qr.svg(slip.pass_token),
        "stub_qr": qr.svg(slip.stub_token),
    }
