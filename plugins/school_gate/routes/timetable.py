"""The gates' own timetables and the school calendar."""

from datetime import date, datetime, timedelta
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError
from core.forms import Cleaned, Field, read
from core.i18n import N_
from core.permissions import Actor
from core.settings import Settings
from core.text import TextError
from plugins.school_gate.facts import DAY_KINDS, DISMISSAL, OPEN, STATES
from plugins.school_gate.queries import timetable
from plugins.school_gate.registered import RECORD_GATE, WRITE_TIMETABLE
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.services import calendar
from plugins.school_gate.states import default_windows

MAY_LOOK = (WRITE_TIMETABLE, RECORD_GATE)
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def _clock_time(text: str) -> str:
    try:
        return datetime.strptime(text, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a time of day
    except ValueError:
        raise TextError("time", N_("A time of day like 06:30.")) from None


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise TextError("date", N_("A date like 2026-11-23.")) from None


WINDOW = (
    Field(
        name="kind",
        label=N_("What happens"),
        kind="select",
        required=True,
        options=((OPEN, STATES[OPEN]), (DISMISSAL, STATES[DISMISSAL])),
    ),
    Field(name="starts", label=N_("From"), kind="time", required=True, clean=_clock_time),
    Field(name="ends", label=N_("Until"), kind="time", required=True, clean=_clock_time),
    Field(
        name="day_kind",
        label=N_("On days of this kind"),
        kind="select",
        required=True,
        options=tuple(DAY_KINDS.items()),
    ),
    *(
        Field(name=f"weekday_{number}", label=label, kind="checkbox")
        for number, label in enumerate(WEEKDAYS)
    ),
    Field(name="first_day", label=N_("First day"), kind="date", clean=_day),
    Field(name="last_day", label=N_("Last day"), kind="date", clean=_day),
)
DAYS = (
    Field(
        name="kind",
        label=N_("Kind of day"),
        kind="select",
        options=(("", N_("As its weekday says")), *DAY_KINDS.items()),
    ),
    Field(name="first_day", label=N_("First day"), kind="date", required=True, clean=_day),
    Field(name="last_day", label=N_("Last day"), kind="date", required=True, clean=_day),
    Field(name="note", label=N_("Remark"), max_length=100),
)


@get("/timetable/{gate_id:uuid}", requires=MAY_LOOK)
async def show(
    gate_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show a gate's timetable for the coming days, its own lines, and the calendar."""
    return await _page(gate_id, actor, clock.local(now, settings.zone))


async def _page(
    gate_id: UUID,
    actor: Actor,
    at: datetime,
    *,
    window: Cleaned | None = None,
    days: Cleaned | None = None,
) -> Template:
    gate = await timetable.gate_of(gate_id, actor, *MAY_LOOK)
    rulebook = await timetable.in_force(at)
    weekdays = {f"weekday_{number}": "yes" for number in range(5)}
    return Template(
        "school_gate/timetable.html",
        context={
            "gate": gate,
            "gates": await timetable.gates_of(actor, *MAY_LOOK),
            "plans": await timetable.plans(gate.id, gate.site, at.date(), rulebook.values),
            "windows": await timetable.windows_of(gate.id),
            "defaults": default_windows(rulebook.values),
            "version": rulebook.name,
            "calendar": await timetable.calendar_days(
                gate.site, at.date() - timedelta(days=7), at.date() + timedelta(days=400)
            ),
            "weekdays": WEEKDAYS,
            "states": STATES,
            "day_kinds": DAY_KINDS,
            "window_fields": WINDOW,
            "window_values": window.values if window else {"day_kind": "school", **weekdays},
            "window_errors": window.problems if window else {},
            "day_fields": DAYS,
            "day_values": days.values if days else {},
            "day_errors": days.problems if days else {},
            "may_write": actor.may_at(WRITE_TIMETABLE, gate.site),
        },
        status_code=422 if window or days else 200,
    )


@post("/timetable/{gate_id:uuid}/windows", requires=WRITE_TIMETABLE)
async def add_window(
    gate_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Add a line to a gate's own timetable."""
    typed = read(WINDOW, data)
    values = typed.values
    if not typed.problems:
        try:
            await calendar.add_window(
                gate_id,
                kind=values["kind"],
                day_kind=values["day_kind"],
                weekdays=sum(1 << n for n in range(7) if values[f"weekday_{n}"]),
                starts=values["starts"],
                ends=values["ends"],
                first_day=date.fromisoformat(values["first_day"]) if values["first_day"] else None,
                last_day=date.fromisoformat(values["last_day"]) if values["last_day"] else None,
                actor=actor,
                at=now,
            )
        except InvalidInputError as error:
            typed = Cleaned(values, error.problems)
    if typed.problems:
        return await _page(gate_id, actor, clock.local(now, settings.zone), window=typed)
    flash("success", N_("The line is added to the timetable."))
    return Redirect(f"/school-gate/timetable/{gate_id}", status_code=303)


@post("/timetable/{gate_id:uuid}/windows/{window_id:uuid}/void", requires=WRITE_TIMETABLE)
async def void_window(
    gate_id: FromPath[UUID],
    window_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take a line out of a gate's own timetable."""
    await calendar.void_window(window_id, actor=actor, at=now)
    flash("success", N_("The line is taken out of the timetable."))
    return Redirect(f"/school-gate/timetable/{gate_id}", status_code=303)


@post("/timetable/{gate_id:uuid}/days", requires=WRITE_TIMETABLE)
async def set_days(
    gate_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Say what the days of a range are in the school's calendar."""
    gate = await timetable.gate_of(gate_id, actor, WRITE_TIMETABLE)
    typed = read(DAYS, data)
    if not typed.problems:
        try:
            count = await calendar.set_days(
                gate.site,
                date.fromisoformat(typed.values["first_day"]),
                date.fromisoformat(typed.values["last_day"]),
                typed.values["kind"],
                note=typed.values["note"],
                actor=actor,
                at=now,
            )
        except InvalidInputError as error:
            typed = Cleaned(typed.values, error.problems)
        else:
            flash("success", N_("Days changed in the calendar: {count}", count=count))
    if typed.problems:
        return await _page(gate_id, actor, clock.local(now, settings.zone), days=typed)
    return Redirect(f"/school-gate/timetable/{gate_id}", status_code=303)


router = Router(path="/school-gate", route_handlers=[show, add_window, void_window, set_days])
