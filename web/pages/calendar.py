"""The table of holidays and make-up days, its import with preview, and a due date tried out (CORE-10)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.deadlines import clocks, holidays, pasting, policies, proofs, recomputing
from core.deadlines.facts import FORWARD, NO_ROLL, DeadlineRule
from core.deadlines.holidays import READ, WRITE
from core.deadlines.tables import CalendarImport
from core.errors import InvalidInputError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from web.plugins import WebPlugins

TEXT = Field(
    name="text",
    label=N_("Days of whole years"),
    kind="textarea",
    required=True,
    max_length=50_000,
    help=N_(
        "One line a day or span: 2027-02-05..2027-02-11, 休, 春节. A make-up day: 2027-02-14, 班."
    ),
)
SOURCE = Field(name="source", label=N_("Source"), required=True, max_length=300)
PROVISIONAL = Field(name="provisional", label=N_("Not announced yet"), kind="checkbox")
IMPORT = (TEXT, SOURCE, PROVISIONAL)
TRY = (
    Field(name="start", label=N_("Event on"), kind="date"),
    Field(name="days", label=N_("Days"), kind="number", max_length=4),
    Field(
        name="unit",
        label=N_("Counted in"),
        kind="select",
        options=[("working", N_("Working days")), ("calendar", N_("Calendar days"))],
    ),
    Field(name="roll", label=N_("Move to the next working day"), kind="checkbox"),
)
KINDS = {"off": N_("Off"), "work": N_("Worked (make-up day)")}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/calendar", requires=READ)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    year: FromQuery[int] = 0,
    start: FromQuery[str] = "",
    days: FromQuery[str] = "",
    unit: FromQuery[str] = "working",
    roll: FromQuery[str] = "",
) -> Template:
    """Show a year's days; with `start` and `days`, a due date and how it is reached."""
    values = {"start": start, "days": days, "unit": unit, "roll": roll}
    context = await _context(actor, now, year)
    return Template(
        "calendar/calendar.html",
        context={**context, "values": {}, "errors": {}, "tried": values, **await _try(values)},
    )


async def _context(actor: Actor, now: datetime, year: int = 0) -> dict[str, Any]:
    stored = await holidays.stored_days()
    years = sorted({one.day.year for one in stored})
    wanted = year or clocks.local_day(now).year
    _, calendar = await holidays.calendar()
    return {
        "year": wanted,
        "years": years,
        "days": [one for one in stored if one.day.year == wanted],
        "confirmed": calendar.confirmed,
        "kinds": KINDS,
        "imports": await CalendarImport.objects()
        .order_by(CalendarImport.at, ascending=False)
        .limit(10),
        "may_write": actor.may(WRITE),
        "fields_": IMPORT,
        "try_": TRY,
    }


async def _try(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the due date that was asked for, or what is wrong with the question."""
    nothing: dict[str, Any] = {"due": None, "proof": (), "problem": None}
    if not values["start"] and not values["days"]:
        return nothing
    try:
        roll = FORWARD if values["roll"] else NO_ROLL
        rule = DeadlineRule(name="try", length=int(values["days"]), unit=values["unit"], roll=roll)
        begun = date.fromisoformat(values["start"])
        _, calendar = await holidays.calendar()
        reckoned = policies.reckon(rule, begun, calendar)
    except (ValueError, OverflowError):
        return nothing | {"problem": N_("Give a date and a number of days from 1 to 3660.")}
    proof = [proofs.explain(step) for step in reckoned.proof]
    return nothing | {"due": reckoned.due, "proof": proof}


@post("/calendar/preview", requires=WRITE, status_code=200)
async def preview(
    data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show what an import would change; nothing is written."""
    pasted, problems = _read(data)
    if problems or pasted is None:
        return await _rejected(data, problems, actor, now)
    changes = await holidays.preview(pasted.days)
    context = {
        "changes": changes,
        "warnings": pasted.warnings,
        "values": data,
        "kinds": KINDS,
    }
    return Template("calendar/preview.html", context=context)


def _read(data: Mapping[str, str]) -> tuple[pasting.Pasted | None, dict[str, Message]]:
    cleaned = read(IMPORT, data)
    problems = dict(cleaned.problems)
    if problems:
        return None, problems
    pasted = pasting.read(
        cleaned.values["text"],
        source=cleaned.values["source"],
        provisional=bool(cleaned.values["provisional"]),
    )
    if pasted.problems:
        number, said = pasted.problems[0]
        problems["text"] = N_("Line {number}: {problem}", number=number, problem=said)
    elif not pasted.days:
        problems["text"] = N_("There is no day in this text.")
    return pasted, problems


async def _rejected(
    data: Mapping[str, str], problems: Mapping[str, Message], actor: Actor, now: datetime
) -> Template:
    nothing = {"start": "", "days": "", "unit": "working", "roll": ""}
    context = {
        **await _context(actor, now),
        "values": data,
        "errors": problems,
        "tried": nothing,
        **await _try(nothing),
    }
    return Template("calendar/calendar.html", context=context, status_code=422)


@post("/calendar/import", requires=WRITE)
async def take(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Make the pasted days the whole of their years, and reckon open deadlines anew."""
    pasted, problems = _read(data)
    if problems or pasted is None:
        return await _rejected(data, problems, actor, now)
    try:
        changes = await holidays.replace_years(pasted.days, actor=actor, at=now)
    except InvalidInputError as error:
        return await _rejected(data, error.problems, actor, now)
    moved = await recomputing.recompute(at=now, actor=actor, plugins=plugins)
    if not moved:
        flash("success", N_("The table is changed. No open deadline moved."))
        return Redirect(f"/calendar?year={changes.years[0]}", status_code=303)
    return Template("calendar/moved.html", context={"moved": moved, "changes": changes})


router = Router(path="", route_handlers=[show, preview, take])
