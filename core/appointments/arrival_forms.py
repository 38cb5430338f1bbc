"""The form with which the desk receives the visitor of an appointment: only what is not known yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.appointments.arriving import AtTheDesk
from core.appointments.queries import Card
from core.errors import InvalidInputError
from core.forms import Field, read
from core.plugins import Plugins
from core.registrations import forms as visits
from core.registrations import judging
from core.visitors import forms as people
from core.visitors.matching import alive
from core.visitors.queries import row as visitor_row
from core.visitors.tables import Visitor

DETAILS = (visits.HEAD_COUNT, people.PLATE, visits.GOODS, visits.REMARK)


@dataclass(frozen=True, slots=True)
class ArrivalForm:
    """What is asked on arrival: the document, the purpose's own fields, and the rest."""

    document: tuple[Field, ...]
    own: tuple[Field, ...]
    details: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field."""
        return (*self.document, people.BY_EYE, people.SAME_PERSON, *self.own, *self.details)


def arrival_form(card: Card, plugins: Plugins) -> ArrivalForm:
    """Return the form for the visitor of an appointment."""
    own = plugins.collect_form_fields(card.purpose, card.site_id)
    return ArrivalForm((people.DOCUMENT_KIND, people.DOCUMENT_NUMBER), tuple(own), DETAILS)


async def known_visitor(card: Card) -> Visitor | None:
    """Return the visitor of an appointment, or the one they were merged into; None when erased."""
    return await alive(await visitor_row(card.visitor_id))


async def prefilled(card: Card) -> dict[str, str]:
    """Return the form's values as known: the document masked, the rest as agreed."""
    visitor = await known_visitor(card)
    known = people.prefilled(visitor) if visitor is not None else {}
    return {
        "document_kind": known.get("document_kind", ""),
        "document_number": known.get("document_number", ""),
        "head_count": str(card.head_count),
        "plate": card.plate or known.get("plate", ""),
    }


async def read_arrival(
    data: Mapping[str, str], card: Card, *, gate_id: UUID | None, at: datetime, plugins: Plugins
) -> AtTheDesk:
    """Return what the desk noted; InvalidInputError names every field to correct."""
    form = arrival_form(card, plugins)
    visitor = await known_visitor(card)
    plain, _, keep_document = people.keep_masked(data, visitor)
    typed = read(form.fields, plain)
    values, problems = typed.values, dict(typed.problems)
    person = people.person_of(
        {**values, "name": card.visitor_name},
        problems,
        today=judging.site_time(at).date(),
        known=visitor,
        keep_document=keep_document,
    )
    if problems:
        raise InvalidInputError(problems)
    return AtTheDesk(
        gate_id=gate_id,
        document_shown=bool(person.document_number) or keep_document,
        document_kind=person.document_kind if person.document_number else "",
        document_number=person.document_number,
        document_by_eye=person.document_by_eye,
        head_count=int(values["head_count"] or card.head_count),
        plate=values["plate"],
        goods=values["goods"],
        remark=values["remark"],
        answers={field.name: values[field.name] for field in form.own},
    )
