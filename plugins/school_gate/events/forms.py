"""The form of a class event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from core.forms import Field, read
from core.i18n import N_, Message
from core.registrations.judging import site_time
from core.text import TextError
from plugins.school_gate.events.queries import EventLine
from plugins.school_gate.events.services import NewEvent
from plugins.school_gate.leave.forms import moment

REASON = Field(name="reason", label=N_("Reason"), required=True, max_length=200)
_TIMES = ("admits_from", "starts_at", "ends_at")
_LOCAL = "%Y-%m-%dT%H:%M"


def fields(
    classes: Sequence[tuple[str, str]], gates: Sequence[tuple[str, str]]
) -> tuple[Field, ...]:
    """Return the fields; `classes` are the teacher's own, `gates` those of the site."""
    return (
        Field(name="class", label=N_("Class"), kind="select", required=True, options=classes),
        Field(
            name="title",
            label=N_("Class event"),
            required=True,
            help=N_("For example: parents' meeting, New Year party"),
        ),
        Field(name="place", label=N_("Place"), required=True),
        Field(name="starts_at", label=N_("Begins at"), kind="datetime", required=True),
        Field(name="ends_at", label=N_("Ends at"), kind="datetime", required=True),
        Field(
            name="admits_from", label=N_("Parents are let in from"), kind="datetime", required=True
        ),
        Field(
            name="gate",
            label=N_("Entrance"),
            kind="select",
            options=gates,
            placeholder="",
            help=N_("Empty: every gate"),
        ),
        Field(name="note", label=N_("Remark for the offices"), kind="textarea", max_length=300),
    )


def values_of(line: EventLine) -> dict[str, str]:
    """Return an event as its form shows it."""
    return {
        "class": str(line.class_id),
        "title": line.title,
        "place": line.place,
        "note": line.note,
        "gate": str(line.gate_id or ""),
        **{name: getattr(line, name).strftime(_LOCAL) for name in _TIMES},
    }


def read_event(
    data: Mapping[str, str], fields_: Sequence[Field], at: datetime
) -> tuple[NewEvent | None, Mapping[str, str], dict[str, Message]]:
    """Read an event; None with the problems by field where something is wrong."""
    cleaned = read(fields_, data)
    problems = dict(cleaned.problems)
    times: dict[str, datetime] = {}
    for name in _TIMES:
        if name not in problems:
            try:
                times[name] = moment(cleaned.values[name].replace(" ", "T"), site_time(at))
            except TextError as error:
                problems[name] = error.message
    if problems:
        return None, cleaned.values, problems
    values = cleaned.values
    new = NewEvent(
        class_id=UUID(values["class"]),
        title=values["title"],
        place=values["place"],
        note=values["note"],
        gate_id=UUID(values["gate"]) if values["gate"] else None,
        **times,
    )
    return new, values, {}
