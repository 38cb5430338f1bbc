"""The fields about a person, defined once for page, API and import."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from core.forms import Field
from core.i18n import N_, Message
from core.text import TextError, normalise_phone, normalise_plate
from core.visitors import identity_documents, protected
from core.visitors.identity_documents import KINDS, DocumentKind
from core.visitors.matching import Person
from core.visitors.tables import Visitor

NONE_SHOWN = "none"
SEXES = (("male", N_("Male")), ("female", N_("Female")))
_HAN_SPACE = re.compile("(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_NAME_SIGNS = frozenset(" ·•・.'’-()（）,，&/")


def clean_name(text: str) -> str:
    """Return a person's name, Chinese ones without spaces; TextError for what is no name."""
    name = _HAN_SPACE.sub("", text)
    letters = [sign for sign in name if unicodedata.category(sign)[0] in "LM"]
    strange = [
        sign
        for sign in name
        if unicodedata.category(sign)[0] not in "LMN" and sign not in _NAME_SIGNS
    ]
    if not letters or strange:
        raise TextError("name", N_("A name holds letters only. Type it as on the document."))
    return name


NAME = Field(name="name", label=N_("Name"), required=True, max_length=50, clean=clean_name)
PHONE = Field(
    name="phone",
    label=N_("Phone"),
    kind="tel",
    max_length=40,
    inputmode="tel",
    clean=normalise_phone,
)
DOCUMENT_KIND = Field(
    name="document_kind",
    label=N_("Document shown"),
    kind="select",
    required=True,
    options=(
        *((kind.value, facts.label) for kind, facts in KINDS.items()),
        (NONE_SHOWN, N_("None shown")),
    ),
)
DOCUMENT_NUMBER = Field(name="document_number", label=N_("Document number"), max_length=40)
BY_EYE = Field(
    name="document_by_eye",
    label=N_("Checked by eye: the card says so"),
    kind="checkbox",
)
SAME_PERSON = Field(
    name="same_person", label=N_("It is the same person under another name"), kind="checkbox"
)
ORGANISATION = Field(name="organisation", label=N_("Organisation or address"), max_length=200)
SEX = Field(name="sex", label=N_("Sex"), kind="select", options=SEXES)
PLATE = Field(name="plate", label=N_("Number plate"), max_length=20, clean=normalise_plate)


def keep_masked(
    data: Mapping[str, str], known: Visitor | None
) -> tuple[dict[str, str], bool, bool]:
    """Return the form's data without the masks of a pre-filled form, and what is to be kept.

    A known visitor's phone and document number stand in the form masked. Left as they are, the stored
    ones stay; the two truths say so for phone and document.
    """
    plain = dict(data)
    if known is None:
        return plain, False, False
    phone, document = protected.masked_phone(known), protected.masked_document(known)
    keep_phone = bool(phone) and plain.get("phone", "").strip() == phone
    keep_document = (
        bool(document)
        and plain.get("document_number", "").strip() == document
        and plain.get("document_kind") == known.document_kind
    )
    if keep_phone:
        plain["phone"] = ""
    if keep_document:
        plain["document_number"] = ""
    return plain, keep_phone, keep_document


def person_of(
    values: Mapping[str, str],
    problems: dict[str, Message],
    *,
    today: date,
    known: Visitor | None = None,
    keep_phone: bool = False,
    keep_document: bool = False,
) -> Person:
    """Return the person of cleaned values; what is doubtful in the document joins `problems`."""
    kind, number = values.get("document_kind", ""), ""
    by_eye = bool(values.get("document_by_eye"))
    if kind in ("", NONE_SHOWN):
        kind = ""
        if values.get("document_number") and "document_number" not in problems:
            problems.setdefault("document_kind", N_("Choose what was shown."))
    elif not keep_document and "document_kind" not in problems:
        number = _number(kind, values.get("document_number", ""), problems, today, by_eye=by_eye)
    return Person(
        name=values.get("name", ""),
        phone=values.get("phone", ""),
        document_kind=kind,
        document_number=number,
        document_by_eye=by_eye and bool(number) and not _is_sound(kind, number, today),
        sex=values.get("sex", ""),
        organisation=values.get("organisation", ""),
        plate=values.get("plate", ""),
        visitor_id=known.id if known is not None else None,
        same_person=bool(values.get("same_person")),
        keep_phone=keep_phone,
        keep_document=keep_document,
    )


def _number(
    kind: str, typed: str, problems: dict[str, Message], today: date, *, by_eye: bool
) -> str:
    if "document_number" in problems:
        return ""
    number = identity_documents.normalise(DocumentKind(kind), typed)
    if number and not re.search(r"\w", number):
        problems["document_number"] = N_("This is no document number.")
        return ""
    found = identity_documents.check(
        DocumentKind(kind), number, today=today, checked_by_eye=by_eye and bool(number)
    )
    blocking = [problem for problem in found if problem.blocking]
    if blocking:
        problems["document_number"] = blocking[0].message
    return number


def _is_sound(kind: str, number: str, today: date) -> bool:
    found = identity_documents.check(DocumentKind(kind), number, today=today)
    return not any(problem.blocking for problem in found)


def typed_id(text: str) -> UUID | None:
    """Return the id that stands in a form; None for none and for what is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def prefilled(visitor: Visitor) -> dict[str, str]:
    """Return the values of a form about a known visitor, the numbers masked."""
    return {
        "visitor_id": str(visitor.id),
        "name": visitor.name,
        "phone": protected.masked_phone(visitor),
        "document_kind": visitor.document_kind,
        "document_number": protected.masked_document(visitor),
        "organisation": visitor.organisation,
        "sex": visitor.sex,
        "plate": visitor.plate,
        "remark": visitor.remark,
    }
