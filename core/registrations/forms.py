"""The form of an arrival, defined once for page, API and import."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.errors import InvalidInputError
from core.forms import Field, read
from core.hosts import queries as hosts
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging
from core.registrations.facts import Purpose
from core.registrations.services import Arrival, purposes
from core.text import TextError, clean_line, fold_width, normalise_phone
from core.visitors import forms as people
from core.visitors import matching
from core.visitors.matching import Person
from core.visitors.queries import row as visitor_row
from core.visitors.tables import Visitor

MOST_PEOPLE = 500
MOST_COMPANIONS = 20


def clean_count(text: str) -> str:
    """Return a head count as plain digits."""
    folded = fold_width(text).strip()
    if not re.fullmatch(r"\d{1,3}", folded, re.ASCII) or not 1 <= int(folded) <= MOST_PEOPLE:
        raise TextError("count", N_("A whole number from 1 to {most}.", most=MOST_PEOPLE))
    return str(int(folded))


def clean_clock_time(text: str) -> str:
    """Return a time of day as 16:30."""
    folded = fold_width(text).strip().replace(".", ":")
    match = re.fullmatch(r"(\d{1,2}):?(\d{2})", folded, re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise TextError("clock_time", N_("This is no time of day. Example: 16:30."))
    return f"{int(match[1]):02d}:{match[2]}"


HOST = Field(name="host", label=N_("Whom they visit"), max_length=200)
REASON = Field(name="reason", label=N_("Reason"), max_length=500)
HEAD_COUNT = Field(
    name="head_count",
    label=N_("Number of people"),
    kind="number",
    inputmode="numeric",
    clean=clean_count,
)
COMPANIONS = Field(
    name="companions",
    label=N_("Companions"),
    kind="textarea",
    max_length=2000,
    help=N_("One on each line: the name, and the phone behind it if you like."),
)
GOODS = Field(name="goods", label=N_("Things brought"), max_length=500)
REMARK = Field(name="remark", label=N_("Remark"), kind="textarea", max_length=1000)
LEAVE_AT = Field(
    name="leave_at",
    label=N_("To leave by"),
    kind="time",
    max_length=10,
    clean=clean_clock_time,
)
HIDDEN = (
    Field(name="visitor_id", label=N_("Visitor"), kind="hidden", max_length=36),
    Field(name="host_id", label=N_("Host"), kind="hidden", max_length=36),
)
DETAILS = (
    people.ORGANISATION,
    people.PLATE,
    HEAD_COUNT,
    LEAVE_AT,
    people.SEX,
    GOODS,
    COMPANIONS,
    REMARK,
)


@dataclass(frozen=True, slots=True)
class ArrivalForm:
    """The form for one site and purpose: what is asked first, the purpose's own, and the rest."""

    purposes: Sequence[Purpose]
    purpose: Purpose | None
    main: tuple[Field, ...]
    own: tuple[Field, ...]
    details: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field."""
        extra = (people.BY_EYE, people.SAME_PERSON)
        return (*HIDDEN, *self.main, *extra, *self.own, *self.details)


def arrival_form(plugins: Plugins, site_id: UUID, purpose: str = "") -> ArrivalForm:
    """Return the form of an arrival; without a purpose, that of the first."""
    offered = purposes(plugins, site_id)
    chosen = next((p for p in offered if p.name == purpose), offered[0] if offered else None)
    select = Field(
        name="purpose",
        label=N_("Purpose"),
        kind="select",
        required=True,
        options=tuple((p.name, p.label) for p in offered),
    )
    needs_host = chosen is not None and chosen.needs_host
    main = (
        people.NAME,
        people.PHONE,
        people.DOCUMENT_KIND,
        people.DOCUMENT_NUMBER,
        select,
        _required(HOST, needs_host),
        _required(REASON, chosen is None or chosen.needs_consent),
    )
    own = plugins.collect_form_fields(chosen.name, site_id) if chosen is not None else []
    return ArrivalForm(offered, chosen, main, tuple(own), DETAILS)


def _required(field: Field, required: bool) -> Field:
    return Field(
        name=field.name,
        label=field.label,
        kind=field.kind,
        max_length=field.max_length,
        required=required,
    )


async def read_arrival(
    data: Mapping[str, str],
    *,
    site_id: UUID,
    gate_id: UUID | None,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Arrival:
    """Return the arrival that a form describes; InvalidInputError names every field to correct."""
    form = arrival_form(plugins, site_id, data.get("purpose", ""))
    known = await _known(data)
    plain, keep_phone, keep_document = people.keep_masked(data, known)
    typed = read(form.fields, plain)
    values, problems = typed.values, dict(typed.problems)
    local = judging.site_time(at)
    person = people.person_of(
        values,
        problems,
        today=local.date(),
        known=known,
        keep_phone=keep_phone,
        keep_document=keep_document,
    )
    host_id, host_text = None, ""
    if "host" not in problems:
        host_id, host_text = await host_meant(values, site_id, actor)
    arrival = Arrival(
        site_id=site_id,
        gate_id=gate_id,
        person=person,
        purpose=values["purpose"],
        reason=values["reason"],
        host_id=host_id,
        host_text=host_text,
        head_count=int(values["head_count"] or 1) if "head_count" not in problems else 1,
        companions=_companions(values["companions"], problems),
        document_shown=bool(person.document_number) or keep_document,
        goods=values["goods"],
        remark=values["remark"],
        expected_leave_at=moment_of(values["leave_at"], problems, local),
        answers={field.name: values[field.name] for field in form.own},
    )
    if problems:
        raise InvalidInputError(problems)
    return arrival


async def _known(data: Mapping[str, str]) -> Visitor | None:
    visitor_id = people.typed_id(data.get("visitor_id", ""))
    return await matching.alive(await visitor_row(visitor_id)) if visitor_id else None


async def host_meant(
    values: Mapping[str, str], site_id: UUID, actor: Actor
) -> tuple[UUID | None, str]:
    """Return the host meant: the one picked, as long as the text still says so, or one so named."""
    text = values["host"]
    picked = people.typed_id(values.get("host_id", ""))
    if picked is not None:
        host = hosts.card(await hosts.host(picked, actor))
        if text in (host.name, host.label):
            return host.id, ""
    name = text.partition(" · ")[0]
    found = await hosts.by_name(name, site_id) if name else None
    return (found.id, "") if found is not None else (None, text)


def _companions(text: str, problems: dict[str, Message]) -> tuple[Person, ...]:
    """Return the companions, one of each line; a phone stands behind the name."""
    people_found: list[Person] = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        match = re.fullmatch(r"(.*?)[\s,，;；:：]*([+\d０-９][\d０-９ \-()（）]{2,})?", line)
        name, phone = (match[1], match[2] or "") if match else (line, "")
        try:
            cleaned = people.clean_name(clean_line(name, 50))
            phone = normalise_phone(phone) if phone else ""
        except TextError as error:
            problems["companions"] = N_("{line}: {problem}", line=line[:40], problem=error.message)
            continue
        people_found.append(Person(name=cleaned, phone=phone))
    if len(people_found) > MOST_COMPANIONS:
        problems["companions"] = N_(
            "At most {most} companions by name; of larger groups note the number.",
            most=MOST_COMPANIONS,
        )
    return tuple(people_found)


def moment_of(text: str, problems: Mapping[str, Message], local: datetime) -> datetime | None:
    """Return the moment meant by a time of day: the next one from now."""
    if not text or "leave_at" in problems:
        return None
    hour, minute = (int(part) for part in text.split(":"))
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return moment if moment > local else moment + timedelta(days=1)
