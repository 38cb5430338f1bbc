"""Kinds of identity documents: one form of their numbers, what is doubtful in them, masking.

Only a resident identity card's own arithmetic blocks (GB 11643), and even that a guard may overrule
after looking at the card; everything else warns, since lists of foreign formats are never complete.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.i18n import N_, Message
from core.text import fold_width


class DocumentKind(StrEnum):
    """What a visitor may show; the values are stored and never change."""

    RESIDENT_ID = "resident_id"
    TEMPORARY_ID = "temporary_id"
    RESIDENCE_PERMIT_HMT = "residence_permit_hmt"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    PASSPORT = "passport"
    HK_MACAU_PERMIT = "hk_macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    DRIVING_LICENCE = "driving_licence"
    HOUSEHOLD_REGISTER = "household_register"
    MILITARY = "military"
    WORK_CARD = "work_card"
    STUDENT_CARD = "student_card"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """How a kind is called, and its code in GA/T 517 where that is known (else `990`, other)."""

    label: Message
    police_code: str = "990"


KINDS = {
    DocumentKind.RESIDENT_ID: KindFacts(N_("Resident identity card"), "111"),
    DocumentKind.TEMPORARY_ID: KindFacts(N_("Temporary identity card"), "112"),
    DocumentKind.RESIDENCE_PERMIT_HMT: KindFacts(
        N_("Residence permit for Hong Kong, Macau and Taiwan residents")
    ),
    DocumentKind.FOREIGN_PERMANENT_RESIDENT: KindFacts(
        N_("Foreigner's permanent residence card"), "553"
    ),
    DocumentKind.PASSPORT: KindFacts(N_("Passport"), "414"),
    DocumentKind.HK_MACAU_PERMIT: KindFacts(
        N_("Mainland travel permit for Hong Kong and Macau residents"), "516"
    ),
    DocumentKind.TAIWAN_PERMIT: KindFacts(N_("Mainland travel permit for Taiwan residents"), "511"),
    DocumentKind.DRIVING_LICENCE: KindFacts(N_("Driving licence"), "335"),
    DocumentKind.HOUSEHOLD_REGISTER: KindFacts(N_("Household register"), "113"),
    DocumentKind.MILITARY: KindFacts(N_("Military officer's card"), "114"),
    DocumentKind.WORK_CARD: KindFacts(N_("Work card")),
    DocumentKind.STUDENT_CARD: KindFacts(N_("Student card")),
    DocumentKind.OTHER: KindFacts(N_("Another document")),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something doubtful in a number; a blocking one is kept only after checking by eye."""

    code: str
    message: Message
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an 18-digit number tells of its holder; `sex` is `male`, `female` or empty."""

    born: date | None = None
    sex: str = ""


# The kinds whose numbers are, or in their present form may be, 18 digits by GB 11643.
_NATIONAL = frozenset(
    {
        DocumentKind.RESIDENT_ID,
        DocumentKind.TEMPORARY_ID,
        DocumentKind.RESIDENCE_PERMIT_HMT,
        DocumentKind.FOREIGN_PERMANENT_RESIDENT,
        DocumentKind.DRIVING_LICENCE,
        DocumentKind.HOUSEHOLD_REGISTER,
    }
)
_SHAPES = {
    DocumentKind.RESIDENT_ID: r"\d{17}[\dX]",
    DocumentKind.TEMPORARY_ID: r"\d{17}[\dX]",
    DocumentKind.RESIDENCE_PERMIT_HMT: r"8[123]0000\d{11}[\dX]",
    DocumentKind.FOREIGN_PERMANENT_RESIDENT: r"9\d{16}[\dX]|[A-Z]{3}\d{12}",
    DocumentKind.PASSPORT: r"[A-Z0-9]{5,20}",
    DocumentKind.HK_MACAU_PERMIT: r"[HM]\d{8}(?:\d{2})?",
    DocumentKind.TAIWAN_PERMIT: r"\d{8}|\d{10}[A-Z]?",
    DocumentKind.DRIVING_LICENCE: r"\d{17}[\dX]|\d{12}",
    DocumentKind.HOUSEHOLD_REGISTER: r"\d{17}[\dX]|\d{9}",
}
_PATTERNS = {kind: re.compile(shape, re.ASCII) for kind, shape in _SHAPES.items()}
_EIGHTEEN = re.compile(r"\d{17}[\dX]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_LETTERS = "10X98765432"
# GB/T 2260, first two digits; retired county codes stay valid, so only these are looked at.
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_OLDEST = 120
_FILLING = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_NATIONAL_FILLING = re.compile(r"[-.·•]+")
# What is typed for the last X where no X is at hand: a cross, a Greek or Cyrillic letter.
_CROSSES = str.maketrans(dict.fromkeys("×✕✖ΧХ", "X"))


def normalise(kind: DocumentKind, text: str) -> str:
    """Return one form of a number: capitals, no spaces, full-width digits as ASCII."""
    number = _FILLING.sub("", fold_width(text)).upper()
    if kind in _NATIONAL:
        number = _NATIONAL_FILLING.sub("", number).translate(_CROSSES)
    return number


def check(
    kind: DocumentKind, number: str, *, today: date, checked_by_eye: bool = False
) -> list[Problem]:
    """Return what is doubtful in a normalised number, the blocking first.

    `checked_by_eye` is the guard's word that the card does say so: then nothing blocks, and the
    same problems come back as warnings by which the record is marked.
    """
    pattern = _PATTERNS.get(kind)
    if not number:
        return [Problem("document_missing", N_("Type the document's number."), blocking=True)]
    if pattern and not pattern.fullmatch(number):
        found = [_shape_problem(kind, number)]
    elif kind in _NATIONAL and _EIGHTEEN.fullmatch(number):
        found = _arithmetic(kind, number, today)
    else:
        found = []
    if checked_by_eye:
        found = [Problem(one.code, one.message) for one in found]
    return sorted(found, key=lambda one: not one.blocking)


def _shape_problem(kind: DocumentKind, number: str) -> Problem:
    if kind is DocumentKind.RESIDENT_ID:
        return Problem(
            "document_shape",
            N_(
                "A resident identity card has 18 characters, this number has {count}. Look at the "
                "card again; keep it as typed only after checking by eye.",
                count=len(number),
            ),
            blocking=True,
        )
    return Problem(
        "document_shape",
        N_("Such a document usually has a number of another form. Look at it again."),
    )


def _arithmetic(kind: DocumentKind, number: str, today: date) -> list[Problem]:
    blocking = kind is DocumentKind.RESIDENT_ID
    found = []
    if check_letter(number) != number[-1]:
        found.append(
            Problem(
                "document_checksum",
                N_(
                    "The check digit does not fit. Look at the card again; keep it as typed only "
                    "after checking by eye."
                ),
                blocking,
            )
        )
    born = _born(number)
    if born is None:
        found.append(
            Problem(
                "document_birth_date",
                N_("The number holds a date of birth that no calendar has."),
                blocking,
            )
        )
    elif not 0 <= today.year - born.year <= _OLDEST or born > today:
        found.append(
            Problem(
                "document_age", N_("By this number the person is not born yet or over 120 years.")
            )
        )
    if kind is DocumentKind.RESIDENT_ID and number[:2] in {"81", "82", "83"}:
        found.append(
            Problem(
                "document_kind_doubtful",
                N_("This looks like a residence permit for Hong Kong, Macau or Taiwan residents."),
            )
        )
    elif kind is DocumentKind.RESIDENT_ID and number.startswith("9"):
        found.append(
            Problem(
                "document_kind_doubtful",
                N_("This looks like a foreigner's permanent residence card."),
            )
        )
    elif not number.startswith("9") and not _PROVINCES.match(number):
        found.append(Problem("document_division", N_("The number begins with no known province.")))
    return found


def check_letter(number: str) -> str:
    """Return the last character that the first 17 digits ask for (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK_LETTERS[total % 11]


def particulars(kind: DocumentKind, number: str) -> Particulars:
    """Return birth date and sex where a normalised number of 18 tells them rightly, else nothing."""
    if (
        kind not in _NATIONAL
        or not _EIGHTEEN.fullmatch(number)
        or check_letter(number) != number[-1]
    ):
        return Particulars()
    born = _born(number)
    if born is None:
        return Particulars()
    return Particulars(born, "male" if int(number[16]) % 2 else "female")


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def mask(number: str) -> str:
    """Show the last four of at least eight characters, two of at least five, else none."""
    shown = 4 if len(number) >= 8 else 2 if len(number) >= 5 else 0
    return "*" * (len(number) - shown) + number[len(number) - shown :]
