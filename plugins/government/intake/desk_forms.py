"""The one form of the reception desk, read at once: person, party, matter, who receives, decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.errors import InvalidInputError
from core.forms import Field
from core.i18n import N_, Message
from plugins.government.facts import REPEAT, VISIT
from plugins.government.inputs import uuid_in
from plugins.government.intake import forms
from plugins.government.intake.desk import Screened
from plugins.government.intake.facts import Reception
from plugins.government.people.facts import Person
from plugins.government.screening.facts import (
    ANSWER,
    DECISIONS,
    GROUNDS,
    LATER,
    RECEIPTS,
    SUGGESTIONS,
    Decided,
)

DECISION = Field(
    name="decision",
    label=N_("What becomes of it"),
    kind="radio",
    options=(*DECISIONS.items(), (LATER, N_("Decide later, with a suggestion today"))),
)
SUGGESTION = Field(
    name="suggestion",
    label=N_("Suggestion of today"),
    kind="select",
    options=tuple(SUGGESTIONS.items()),
)
SUGGESTION_TEXT = Field(
    name="suggestion_text", label=N_("Grounds of the suggestion"), kind="textarea", max_length=2000
)
GROUND = Field(
    name="ground",
    label=N_("Ground"),
    kind="select",
    options=tuple((code, ground.label) for code, ground in GROUNDS.items()),
)
BODY = Field(name="body", label=N_("Competent body"), max_length=200)
TOLD_TEXT = Field(
    name="told_text", label=N_("What was said to them"), kind="textarea", max_length=4000
)
RECEIPT = Field(
    name="receipt", label=N_("Written notice"), kind="select", options=tuple(RECEIPTS.items())
)
SIMPLE = Field(name="simple", label=N_("Simple: answered within a few days"), kind="checkbox")
SHOULD = Field(
    name="should_be_solved",
    label=N_("Should have been solved by law and policy, and is not"),
    kind="checkbox",
)
INTERVIEW = Field(name="interview", label=N_("Arrange an interview"), kind="checkbox")
SEND_NEWS = Field(
    name="send_news", label=N_("Tell them by e-mail when there is news"), kind="checkbox"
)
DECIDING = (
    DECISION,
    SUGGESTION,
    SUGGESTION_TEXT,
    GROUND,
    BODY,
    TOLD_TEXT,
    RECEIPT,
    SIMPLE,
    SHOULD,
    INTERVIEW,
    SEND_NEWS,
)
RAISED = (forms.PURPOSE, forms.TITLE, forms.DEMAND, forms.FACTS, forms.PLACE_TEXT)


def receiver_field(staff: list[tuple[str, str]]) -> Field:
    """Return the choice of who else receives (GOV-7)."""
    return Field(name="receiver", label=N_("Received together with"), kind="select", options=staff)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the selects of a desk offer."""

    subjects: list[tuple[str, str]]
    places: list[tuple[str, str]]
    staff: list[tuple[str, str]]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field of the desk's form."""
        return (
            *forms.PERSON,
            *forms.PERSON_MORE,
            *forms.CHECKS,
            forms.HEADS,
            forms.REPRESENTATIVES,
            *RAISED,
            forms.subject_field(self.subjects),
            forms.place_field(self.places),
            *forms.MATTER_MORE,
            forms.FREQUENCY,
            receiver_field(self.staff),
            *DECIDING,
        )


def attachment(data: Mapping[str, str]) -> tuple[UUID | None, UUID | None]:
    """Return the item this belongs to, and the one it repeats, as chosen among the earlier ones."""
    kind, _, chosen = data.get("same", "").partition(":")
    found = uuid_in({"id": chosen}, "id")
    return (found if kind == "attach" else None), (found if kind == "again" else None)


def read_visit(
    data: Mapping[str, str],
    choices: Choices,
    *,
    site_id: UUID,
    known: Person | None,
    own_name: str,
    today: date,
    suggested: str,
) -> tuple[Reception, Screened]:
    """Return what the form says of a visit; InvalidInputError names every field to correct.

    `known` is the person whose masked numbers stand in the form; `suggested` first or repeat.
    """
    typed = forms.cleaned(choices.fields, forms.unmasked(data, known))
    values, problems = typed.values, dict(typed.problems)
    attach_to, again = attachment(data)
    if attach_to is not None:
        values = {**values, "title": values["title"] or "—"}
        for name in ("title", "purpose"):
            problems.pop(name, None)
        values["purpose"] = values["purpose"] or "other"
    person = forms.person_of(
        values, problems, today=today, visitor_id=known.visitor_id if known else None
    )
    heads = forms.number(values, "heads", problems, least=1, most=10_000) or 1
    representatives = forms.representatives_of(values["representatives"], problems)
    screened = read_screened(values, problems)
    if problems:
        raise InvalidInputError(problems)
    if again is not None:
        values = {**values, "frequency": REPEAT}
    values = {**values, "frequency": values["frequency"] or suggested}
    names = dict(choices.staff)
    reception = Reception(
        site_id=site_id,
        channel=VISIT,
        matter=forms.matter_of(values, channel=VISIT, site_id=site_id, same_as=again),
        person=person,
        petitioner_id=uuid_in(data, "petitioner"),
        attach_to=attach_to,
        arrival_id=uuid_in(data, "arrival"),
        beside=uuid_in(data, "beside"),
        heads=heads,
        frequency=values["frequency"],
        representatives=representatives,
        receivers=tuple(filter(None, (own_name, names.get(values["receiver"], "")))),
        summary="\n".join(filter(None, (values["demand"], values["facts"]))),
        details={name: values[name] for name in ("materials", "raised_before")},
        document_shown=bool(values["document_kind"] and person.document),
        document_by_eye=values["document_by_eye"] == "yes",
        same_person=values["same_person"] == "yes",
    )
    return reception, screened


def read_screened(values: Mapping[str, str], problems: dict[str, Message]) -> Screened:
    """Return what the cleaned values decide; a decision for later needs a suggestion of today."""
    act = values["decision"]
    later = act in ("", LATER)
    if act == LATER and not values["suggestion"]:
        problems["suggestion"] = N_("Enter a suggestion: what came today is moved on today.")
    if act == ANSWER and not values["told_text"]:
        problems["told_text"] = N_("Write down what was answered.")
    ground = GROUNDS.get(values["ground"])
    decided = None
    if not later:
        decided = Decided(
            act=act,
            ground=values["ground"] if ground is not None and ground.act == act else "",
            body=values["body"],
            text=values["told_text"],
            receipt=values["receipt"],
            simple=values["simple"] == "yes",
        )
    return Screened(
        decided=decided,
        suggestion=values["suggestion"] if later else "",
        suggestion_text=values["suggestion_text"] if later else "",
        should_be_solved=values["should_be_solved"] == "yes",
        interview=values["interview"] == "yes",
        email=values["send_news"] == "yes",
    )
