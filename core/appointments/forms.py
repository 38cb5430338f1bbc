"""The fields of an appointment, defined once for the public page, the desk, hosts and the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from core import clock
from core.appointments.policies import Window
from core.appointments.services import Proposal
from core.errors import InvalidInputError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import forms as visits
from core.registrations import judging
from core.registrations.facts import Purpose
from core.registrations.rulebook import reception
from core.text import TextError, parse_chinese_date
from core.visitors import forms as people
from core.visitors import matching
from core.visitors.matching import Person
from core.visitors.queries import row as visitor_row

DAY = Field(name="day", label=N_("Date"), kind="date", required=True, max_length=20)
BEGINS = Field(
    name="begins",
    label=N_("Starts at"),
    kind="time",
    required=True,
    max_length=10,
    clean=visits.clean_clock_time,
)
ENDS = Field(
    name="ends", label=N_("Ends at"), kind="time", max_length=10, clean=visits.clean_clock_time
)
REASON = replace(visits.REASON, required=True)
AGREED = Field(name="agreed", label=N_("The host has agreed"), kind="checkbox")
NOTE = Field(name="note", label=N_("Note for the visitor"), max_length=300)
# Where a problem of the act stands in the form.
_PLACES = {"starts_at": "day", "ends_at": "ends"}


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """The form for one kind of proposer: what is asked first, and the rest."""

    purposes: Sequence[Purpose]
    main: tuple[Field, ...]
    details: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field."""
        return (*visits.HIDDEN, *self.main, *self.details)


def form_for(offered: Sequence[Purpose], *, kind: str) -> ProposalForm:
    """Return the form for `visitor`, `host` or `staff`; one purpose alone is not asked for."""
    select = Field(
        name="purpose",
        label=N_("Purpose"),
        kind="select",
        required=True,
        options=tuple((p.name, p.label) for p in offered),
    )
    which = (select,) if len(offered) > 1 else ()
    when = (DAY, BEGINS, ENDS)
    rest = (people.ORGANISATION, visits.HEAD_COUNT, people.PLATE)
    if kind == "visitor":
        who = (people.NAME, replace(people.PHONE, required=True, autocomplete="tel"))
        whom = (replace(visits.HOST, required=True),)
        return ProposalForm(offered, (*who, *whom, *which, *when, REASON), rest)
    who = (people.NAME, people.PHONE)
    if kind == "host":
        return ProposalForm(offered, (*who, *which, *when, visits.REASON), rest)
    return ProposalForm(offered, (*who, visits.HOST, *which, *when, visits.REASON, AGREED), rest)


async def read_proposal(
    data: Mapping[str, str],
    form: ProposalForm,
    *,
    site_id: UUID,
    actor: Actor,
    at: datetime,
    kind: str,
) -> Proposal:
    """Return what a form proposes; InvalidInputError names every field to correct."""
    known = None
    if kind == "staff" and (visitor_id := people.typed_id(data.get("visitor_id", ""))):
        known = await matching.alive(await visitor_row(visitor_id))
    plain, keep_phone, _ = people.keep_masked(data, known)
    typed = read(form.fields, plain)
    values, problems = typed.values, dict(typed.problems)
    window = await window_of(values, problems, at=at)
    host_id, host_text = actor.host_id, ""
    if kind == "visitor":
        host_id, host_text = None, values["host"]
    elif kind == "staff" and "host" not in problems:
        host_id, host_text = await visits.host_meant(values, site_id, actor)
    if problems or window is None:
        raise InvalidInputError(problems)
    names = [purpose.name for purpose in form.purposes]
    return Proposal(
        site_id=site_id,
        person=Person(
            name=values["name"],
            phone=values["phone"],
            organisation=values["organisation"],
            plate=values["plate"],
            visitor_id=known.id if known is not None else None,
            keep_phone=keep_phone,
        ),
        window=window,
        purpose=values.get("purpose") or (names[0] if names else ""),
        reason=values["reason"],
        host_id=host_id,
        host_text=host_text,
        head_count=int(values["head_count"] or 1),
        plate=values["plate"],
    )


async def read_window(data: Mapping[str, str], *, at: datetime) -> Window:
    """Return the new time that a form asks for; InvalidInputError names every field to correct."""
    typed = read((DAY, BEGINS, ENDS), data)
    problems = dict(typed.problems)
    window = await window_of(typed.values, problems, at=at)
    if problems or window is None:
        raise InvalidInputError(problems)
    return window


async def window_of(
    values: Mapping[str, str], problems: dict[str, Message], *, at: datetime
) -> Window | None:
    """Return the span of time that a form means; without an end it lasts as long as visits do."""
    local = judging.site_time(at)
    day = _day(values, problems, local.date())
    if day is None or {"begins", "ends"} & set(problems):
        return None
    begins = _moment(day, values["begins"], local)
    if values["ends"]:
        ends = _moment(day, values["ends"], local)
    else:
        ends = begins + timedelta(minutes=(await reception(at)).stay_minutes)
    return Window(starts_at=begins, ends_at=ends)


def _day(values: Mapping[str, str], problems: dict[str, Message], today: date) -> date | None:
    if "day" in problems:
        return None
    try:
        return parse_chinese_date(values["day"], today, ahead=True)
    except TextError as error:
        problems["day"] = error.message
        return None


def _moment(day: date, clock_time: str, local: datetime) -> datetime:
    hour, minute = (int(part) for part in clock_time.split(":"))
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=local.tzinfo)
    return clock.from_ms(clock.to_ms(at))


def placed(problems: Mapping[str, Message]) -> dict[str, Message]:
    """Return an act's problems under the names of the form's fields."""
    return {_PLACES.get(name, name): message for name, message in problems.items()}


def prefilled_window(window: Window) -> dict[str, str]:
    """Return a span of time as it stands in a form."""
    begins, ends = judging.site_time(window.starts_at), judging.site_time(window.ends_at)
    return {
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }
