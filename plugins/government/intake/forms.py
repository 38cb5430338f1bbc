"""The fields of a reception, defined once for desk, letters, calls, the public form and imports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from core.forms import Cleaned, Field, read
from core.i18n import N_, Message
from core.text import TextError, mask_phone, normalise_phone
from core.visitors import forms as visitors
from core.visitors.identity_documents import mask
from plugins.government import facts
from plugins.government.inputs import clean_day, uuid_in
from plugins.government.intake.facts import ENVELOPES, STAMPS
from plugins.government.matters.facts import NewMatter
from plugins.government.people.facts import Person

NAME = visitors.NAME
SEX = visitors.SEX
DOCUMENT_KIND = replace(visitors.DOCUMENT_KIND, required=False)
DOCUMENT = visitors.DOCUMENT_NUMBER
PHONE = visitors.PHONE
BELONGING = Field(
    name="belonging",
    label=N_("Where they belong"),
    kind="select",
    options=tuple(facts.BELONGINGS.items()),
)
ADDRESS = Field(name="address", label=N_("Address of the petitioner"), max_length=200)
EMAIL = Field(name="email", label=N_("E-mail of the petitioner"), kind="email", max_length=200)
PERSON_MORE = (
    Field(name="birth_year", label=N_("Year of birth"), kind="number", max_length=4),
    Field(name="occupation", label=N_("Occupation"), max_length=60),
    Field(name="politics", label=N_("Political affiliation"), max_length=40),
    Field(name="employer", label=N_("Employer"), max_length=100),
    EMAIL,
)
PERSON = (NAME, SEX, DOCUMENT_KIND, DOCUMENT, PHONE, BELONGING, ADDRESS)
CHECKS = (visitors.BY_EYE, visitors.SAME_PERSON)

HEADS = Field(name="heads", label=N_("Number of people"), kind="number", max_length=5)
REPRESENTATIVES = Field(
    name="representatives",
    label=N_("Representatives"),
    kind="textarea",
    max_length=600,
    help=N_("One a line: name, then phone"),
)
PURPOSE = Field(
    name="purpose",
    label=N_("Kind of petition"),
    kind="select",
    required=True,
    options=tuple(facts.PURPOSES.items()),
)
TITLE = Field(name="title", label=N_("Matter in a few words"), required=True, max_length=100)
DEMAND = Field(name="demand", label=N_("Concrete demand"), kind="textarea", max_length=2000)
FACTS = Field(name="facts", label=N_("Facts and reasons"), kind="textarea", max_length=8000)
PLACE_TEXT = Field(name="place_text", label=N_("Where exactly"), max_length=200)
FREQUENCY = Field(
    name="frequency",
    label=N_("First or repeated"),
    kind="radio",
    options=tuple(facts.FREQUENCIES.items()),
)
MATTER_MORE = (
    Field(name="earlier_opinion", label=N_("A handling opinion exists already"), kind="checkbox"),
    Field(
        name="raised_before",
        label=N_("Raised before through"),
        max_length=100,
        help=N_("Such as: letter to the county, the mayor's hotline"),
    ),
    Field(name="materials", label=N_("Materials handed in"), max_length=200),
    Field(name="skip_level", label=N_("Comes over the head of the lower body"), kind="checkbox"),
    Field(name="skip_reason", label=N_("Why they come to a higher level"), max_length=200),
)
ANONYMOUS = Field(name="anonymous", label=N_("No name is given"), kind="checkbox")
JOINT_LETTER = Field(name="joint_letter", label=N_("Signed by several"), kind="checkbox")
ENVELOPE = Field(
    name="envelope", label=N_("Envelope"), kind="select", options=tuple(ENVELOPES.items())
)
STAMP = Field(name="stamp", label=N_("Postage stamp"), kind="select", options=tuple(STAMPS.items()))
PAGES = Field(name="pages", label=N_("Pages of the letter"), kind="number", max_length=3)
POSTMARK = Field(name="postmark", label=N_("Postmark"), max_length=60)
LETTER = (ENVELOPE, STAMP, POSTMARK, PAGES)
CALLER = Field(
    name="caller",
    label=N_("Number of the caller"),
    kind="tel",
    max_length=40,
    clean=normalise_phone,
)
RINGS = Field(name="rings", label=N_("Rings until answered"), kind="number", max_length=2)
CALL = (CALLER, RINGS)
PLATFORM = Field(
    name="platform",
    label=N_("Platform"),
    required=True,
    max_length=60,
    help=N_("Such as: the province's website, the mayor's mailbox, the microblog"),
)
FOREIGN_NUMBER = Field(name="foreign_number", label=N_("Number there"), max_length=60)
SENT_ON = Field(name="sent_on", label=N_("Sent on"), kind="date", clean=clean_day)
BY_HAND = (PLATFORM, FOREIGN_NUMBER, SENT_ON)
SOURCE = Field(
    name="source",
    label=N_("Where it comes from"),
    kind="select",
    required=True,
    options=tuple((name, label) for name, label in facts.SOURCES.items() if name != facts.OWN),
)
ASSIGNED_BY = Field(name="assigned_by", label=N_("Body that assigned it"), max_length=100)
SOURCE_NUMBER = Field(
    name="source_number", label=N_("Number of its letter or item there"), max_length=60
)
RECEIVED_ON = Field(
    name="received_on",
    label=N_("Day on which it reached the office"),
    kind="date",
    required=True,
    clean=clean_day,
)
REPORT_BY = Field(name="report_by", label=N_("Report wanted by"), kind="date", clean=clean_day)
INSTRUCTION = Field(
    name="instruction",
    label=N_("Instruction that came with it"),
    kind="textarea",
    max_length=1000,
)
ASSIGNED = (SOURCE, ASSIGNED_BY, SOURCE_NUMBER, RECEIVED_ON, REPORT_BY, INSTRUCTION)


def subject_field(options: Sequence[tuple[str, str]], *, required: bool = False) -> Field:
    """Return the choice of a subject from the tree."""
    return Field(
        name="subject",
        label=N_("Subject of the petition"),
        kind="select",
        required=required and bool(options),
        options=options,
    )


def place_field(options: Sequence[tuple[str, str]]) -> Field:
    """Return the choice of the county or district where the problem is."""
    return Field(name="place", label=N_("Place of the problem"), kind="select", options=options)


def number(
    values: Mapping[str, str], name: str, problems: dict[str, Message], *, least: int, most: int
) -> int | None:
    """Return a typed number within bounds, None for none; a wrong one joins `problems`."""
    text = values.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        problems[name] = N_("Type a number from {least} to {most}.", least=least, most=most)
        return None
    return int(text)


def unmasked(data: Mapping[str, str], known: Person | None) -> dict[str, str]:
    """Return the form's data with the masks of a pre-filled form taken off again."""
    plain = dict(data)
    if known is not None:
        if known.phone and plain.get("phone", "").strip() == mask_phone(known.phone):
            plain["phone"] = known.phone
        if known.document and plain.get("document_number", "").strip() == mask(known.document):
            plain["document_number"] = known.document
            plain["document_kind"] = known.document_kind
            plain["document_by_eye"] = "1"  # it was taken once
    return plain


def prefilled(person: Person) -> dict[str, str]:
    """Return a form's values about a known person, the numbers masked."""
    return {
        "name": person.name,
        "sex": person.sex,
        "phone": mask_phone(person.phone) if person.phone else "",
        "document_kind": person.document_kind,
        "document_number": mask(person.document) if person.document else "",
        "belonging": person.belonging or facts.MAINLAND,
        "address": person.address,
        "email": person.email,
        "birth_year": str(person.birth_year or ""),
        "occupation": person.occupation,
        "politics": person.politics,
        "employer": person.employer,
    }


def person_of(
    values: Mapping[str, str],
    problems: dict[str, Message],
    *,
    today: date,
    visitor_id: UUID | None = None,
) -> Person:
    """Return the petitioner of cleaned values; what is doubtful joins `problems`."""
    checked = visitors.person_of(values, problems, today=today)
    born = number(values, "birth_year", problems, least=today.year - 120, most=today.year)
    if born is None and checked.document_kind == "resident_id" and checked.document_number:
        text = checked.document_number[6:10]
        born = int(text) if text.isdigit() else None
    return Person(
        name=checked.name,
        sex=checked.sex,
        birth_year=born,
        occupation=values.get("occupation", ""),
        politics=values.get("politics", ""),
        belonging=values.get("belonging", "") or facts.MAINLAND,
        employer=values.get("employer", ""),
        address=values.get("address", ""),
        email=values.get("email", ""),
        phone=checked.phone,
        document_kind=checked.document_kind,
        document=checked.document_number,
        visitor_id=visitor_id,
    )


_BETWEEN = str.maketrans(dict.fromkeys("，,、：:；;（()）\t", " "))


def representatives_of(text: str, problems: dict[str, Message]) -> tuple[Person, ...]:
    """Return who is named, one a line: a name, then perhaps a phone."""
    found: list[Person] = []
    for line in text.splitlines():
        parts = line.translate(_BETWEEN).split()
        if not parts:
            continue
        try:
            phone = normalise_phone(parts[-1]) if parts[-1][0].isdigit() else ""
            name = visitors.clean_name("".join(parts[:-1] if phone else parts))
        except TextError as error:
            problems["representatives"] = error.message
            continue
        found.append(Person(name=name, phone=phone))
    return tuple(found)


def matter_of(values: Mapping[str, str], *, channel: str, site_id: UUID, **more: Any) -> NewMatter:
    """Return the item of cleaned values."""
    return NewMatter(
        site_id=site_id,
        channel=channel,
        purpose=values["purpose"],
        title=values["title"],
        demand=values.get("demand", ""),
        facts=values.get("facts", ""),
        place_text=values.get("place_text", ""),
        subject_id=uuid_in(values, "subject"),
        place_id=uuid_in(values, "place"),
        frequency=values.get("frequency") or facts.FIRST,
        joint_letter=values.get("joint_letter") == "yes",
        skip_level=values.get("skip_level") == "yes",
        skip_reason=values.get("skip_reason", ""),
        earlier_opinion=values.get("earlier_opinion") == "yes",
        **more,
    )


def cleaned(fields: Sequence[Field], data: Mapping[str, str]) -> Cleaned:
    """Clean what was typed."""
    return read(fields, data)
