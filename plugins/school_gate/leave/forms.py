"""The forms about slips: what the teacher writes, the contact with the parent, what the guard records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from core.forms import Field, read
from core.i18n import N_, Message
from core.registrations.judging import site_time
from core.signatures import clean as clean_signature
from core.text import TextError
from core.typed import uuid_in
from core.visitors.identity_documents import KINDS as DOCUMENTS
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.leave.facts import BOARDER, ENTRY, LEAVE, MEANS
from plugins.school_gate.leave.releasing import Handed
from plugins.school_gate.leave.services import Contact, NewSlip
from plugins.school_gate.queries.pupils import GuardianLine

REASON = Field(name="reason", label=N_("Reason"), required=True, max_length=200)
NOTE = Field(name="note", label=N_("How it is known"), required=True, max_length=200)
CONTACT = (
    Field(name="contacted_at", label=N_("Spoken to at"), kind="datetime"),
    Field(
        name="contact_means",
        label=N_("Means of contact"),
        kind="select",
        options=tuple((key, label) for key, label in MEANS.items() if key != "link"),
    ),
    Field(
        name="contact_with",
        label=N_("Who answered the call"),
        max_length=100,
        help=N_("Name and relation, as they said it"),
    ),
)
DOCUMENT = Field(
    name="document",
    label=N_("Document looked at"),
    kind="select",
    options=tuple((kind.value, about.label) for kind, about in DOCUMENTS.items()),
)
PAPER = Field(
    name="paper_number",
    label=N_("Signed on paper: number of the paper"),
    max_length=40,
    help=N_("Only where nobody signs on the screen."),
)
_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, with the problems by field; `new` and `contact` where nothing is wrong."""

    values: Mapping[str, str]
    problems: Mapping[str, Message]
    new: NewSlip | None
    contact: Contact | None


def fields(kind: str, pupils: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """Return the fields of a slip of one kind; `pupils` are those of the teacher's own classes."""
    windows = {
        LEAVE: (N_("Leaves from"), N_("Leaves until")),
        BOARDER: (N_("Goes out from"), N_("Goes out until")),
        ENTRY: (N_("Comes in from"), N_("Until")),
    }[kind]
    found = [
        Field(name="pupil", label=N_("Pupil"), kind="select", required=True, options=pupils),
        REASON,
        Field(name="starts_at", label=windows[0], kind="datetime", required=True),
        Field(name="ends_at", label=windows[1], kind="datetime", required=True),
    ]
    if kind != ENTRY:
        found.append(
            Field(
                name="expected_back_at",
                label=N_("Expected back at"),
                kind="datetime",
                required=kind == BOARDER,
                help=None if kind == BOARDER else N_("Empty: does not come back that day"),
            )
        )
    if kind == LEAVE:
        found.append(
            Field(name="alone", label=N_("May go alone, nobody collects"), kind="checkbox")
        )
    return tuple(found)


def suggested(kind: str, at: datetime, rules: SchoolRules) -> dict[str, str]:
    """Return what a new form begins with."""
    now = site_time(at).replace(second=0, microsecond=0)
    if kind == BOARDER:
        # Exit slips count after school: suggest the evening as long as it is to come.
        evening = time.fromisoformat(rules.evening_dismissal)
        now = max(now, now.replace(hour=evening.hour, minute=evening.minute))
    ends = now + timedelta(hours=2 if kind != ENTRY else 3)
    values = {"starts_at": now.strftime(_LOCAL), "ends_at": ends.strftime(_LOCAL)}
    if kind == LEAVE:
        values["contacted_at"] = values["starts_at"]
    if kind == BOARDER:
        values["expected_back_at"] = ends.strftime(_LOCAL)
    return values


def moment(text: str, like: datetime) -> datetime:
    """Return a typed local moment; TextError for what is none."""
    try:
        found = datetime.strptime(text[:16], _LOCAL).replace(tzinfo=like.tzinfo)
    except ValueError:
        raise TextError("moment", N_("Write day and time like 2026-11-23 14:30.")) from None
    if not 2000 <= found.year <= 2100:
        raise TextError("moment", N_("Write day and time like 2026-11-23 14:30."))
    return found


def _moments(
    names: Sequence[str], values: Mapping[str, str], problems: dict[str, Message], at: datetime
) -> dict[str, datetime]:
    local, found = site_time(at), {}
    for name in names:
        if values.get(name) and name not in problems:
            try:
                found[name] = moment(values[name].replace(" ", "T"), local)
            except TextError as error:
                problems[name] = error.message
    return found


def read_slip(
    kind: str, data: Mapping[str, str], pupils: Sequence[tuple[str, str]], at: datetime
) -> Typed:
    """Read a slip with the contact that may have been made already."""
    cleaned = read((*fields(kind, pupils), *CONTACT), data)
    problems = dict(cleaned.problems)
    times = _moments(("starts_at", "ends_at", "expected_back_at"), cleaned.values, problems, at)
    values = cleaned.values
    contact, wrong = read_contact(data, at) if _has_contact(values) else (None, {})
    problems |= wrong
    if problems:
        return Typed(values, problems, None, None)
    new = NewSlip(
        pupil_id=UUID(values["pupil"]),
        kind=kind,
        reason=values["reason"],
        starts_at=times["starts_at"],
        ends_at=times["ends_at"],
        expected_back_at=times.get("expected_back_at"),
        alone=values.get("alone") == "yes",
    )
    return Typed(values, {}, new, contact)


def _has_contact(values: Mapping[str, str]) -> bool:
    # The time is filled in beforehand: alone it says nothing.
    return bool(values["contact_means"] or values["contact_with"])


def read_contact(
    data: Mapping[str, str], at: datetime
) -> tuple[Contact | None, dict[str, Message]]:
    """Read the contact with the parent, of which every part is needed."""
    cleaned = read(CONTACT, data)
    problems = dict(cleaned.problems)
    for field in CONTACT:
        if not cleaned.values[field.name]:
            problems.setdefault(field.name, N_("Please fill this in."))
    times = _moments(("contacted_at",), cleaned.values, problems, at)
    if problems:
        return None, problems
    contact = Contact(
        at=times["contacted_at"],
        means=cleaned.values["contact_means"],
        answered_by=cleaned.values["contact_with"],
        guardian_id=uuid_in(data, "guardian"),
    )
    return contact, {}


def collectors(guardians: Sequence[GuardianLine], *, alone: bool) -> Field:
    """Return the choice of who collects: the approved adults, or nobody where the slip says so."""
    options: list[tuple[str, Message | str]] = [
        (str(one.id), one.name) for one in guardians if one.may_collect
    ]
    if alone:
        options.append(("alone", N_("Goes alone")))
    return Field(
        name="collector", label=N_("Who collects"), kind="radio", required=True, options=options
    )


def read_release(
    data: Mapping[str, str], who: Field
) -> tuple[Handed | None, Mapping[str, str], dict[str, Message]]:
    """Read what the guard recorded; the signatures as paths."""
    cleaned = read((who, DOCUMENT, PAPER), data)
    problems = dict(cleaned.problems)
    signed: dict[str, str] = {}
    for name in ("pupil_signature", "collector_signature"):
        try:
            signed[name] = clean_signature(data.get(name, ""))
        except TextError as error:
            problems[name] = error.message
    if problems:
        return None, cleaned.values, problems
    alone = cleaned.values["collector"] == "alone"
    return (
        Handed(
            alone=alone,
            guardian_id=None if alone else UUID(cleaned.values["collector"]),
            document=cleaned.values["document"],
            pupil_signature=signed["pupil_signature"],
            collector_signature=signed["collector_signature"],
            paper_number=cleaned.values["paper_number"],
            gate_id=uuid_in(data, "gate"),
        ),
        cleaned.values,
        {},
    )
