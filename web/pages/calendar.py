"""The table of holidays and make-up days, its import with preview, and a due date tried out (CORE-10)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.deadlines import (
    clocks,
    filing,
    holidays,
    pasting,
    policies,
    proofs,
    recomputing,
    shipped,
)
from core.deadlines.facts import (
    FORWARD,
    NEXT_DAY,
    NEXT_WORKING_DAY,
    NO_ROLL,
    SAME_DAY,
    DeadlineRule,
    Moved,
)
from core.deadlines.holidays import READ, WRITE
from core.deadlines.tables import CalendarImport
from core.errors import DomainError, InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from web import report_file
from web.plugins import WebPlugins

TEXT = Field(
    name="text",
    label=N_("Days of whole years"),
    kind="textarea",
    required=True,
    max_length=50_000,
    help=N_(
        "The notice of the State Council in its own words, or one line a day or span:"
        " 2027-02-05..2027-02-11, 休, 春节. A make-up day: 2027-02-14, 班."
    ),
)
SOURCE = Field(name="source", label=N_("Source"), required=True, max_length=300)
PROVISIONAL = Field(name="provisional", label=N_("Not announced yet"), kind="checkbox")
IMPORT = (TEXT, SOURCE, PROVISIONAL)
FILE = Field(
    name="file",
    label=N_("File"),
    kind="file",
    required=True,
    help=N_(
        "CSV or Excel .xlsx as this page gives it, with a row for each day; or the notice of the"
        " State Council as a plain text file."
    ),
)
FROM_FILE = (
    FILE,
    replace(SOURCE, name="file_source"),
    replace(PROVISIONAL, name="file_provisional"),
)
TRY = (
    Field(name="start", label=N_("Event on"), kind="date"),
    Field(name="days", label=N_("Days"), kind="number", max_length=4),
    Field(
        name="unit",
        label=N_("Counted in"),
        kind="select",
        options=[("working", N_("Working days")), ("calendar", N_("Calendar days"))],
    ),
    Field(
        name="first",
        label=N_("First day counted"),
        kind="select",
        options=[
            (NEXT_DAY, N_("The day after the event")),
            (SAME_DAY, N_("The day of the event")),
            (NEXT_WORKING_DAY, N_("The next working day")),
        ],
    ),
    Field(name="roll", label=N_("Move to the next working day"), kind="checkbox"),
)
KINDS = {"off": N_("Day off"), "work": N_("Worked (make-up day)")}
Form = URLEncodedBody[dict[str, str]]
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
Flash = Callable[[str, Message], None]


@get("/calendar", requires=READ)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    year: FromQuery[int] = 0,
    start: FromQuery[str] = "",
    days: FromQuery[str] = "",
    unit: FromQuery[str] = "working",
    first: FromQuery[str] = NEXT_DAY,
    roll: FromQuery[str] = "",
    change: FromQuery[str] = "",
) -> Template:
    """Show a year's days; with `start` and `days`, a due date and how it is reached.

    `change` fills the form with the year as it is (`now`) or as it was delivered (`delivered`).
    """
    values = {"start": start, "days": days, "unit": unit, "first": first, "roll": roll}
    context = await _context(actor, now, year)
    given = shipped.days_of(context["year"]) if change == "delivered" else context["days"]
    typed = {
        "text": pasting.write(given),
        "source": given[0].source if given else "",
        "provisional": "1" if any(one.provisional for one in given) else "",
    }
    return Template(
        "calendar/calendar.html",
        context={
            **context,
            "values": typed if change else {},
            "errors": {},
            "file_values": {},
            "file_errors": {},
            "tried": values,
            **await _try(values),
        },
    )


async def _context(actor: Actor, now: datetime, year: int = 0) -> dict[str, Any]:
    stored = await holidays.stored_days()
    years = sorted({one.day.year for one in stored})
    wanted = year or clocks.local_day(now).year
    days = [one for one in stored if one.day.year == wanted]
    _, calendar = await holidays.calendar()
    return {
        "year": wanted,
        "years": years,
        "days": days,
        "spans": pasting.spans(days),
        "sources": sorted({one.source for one in days if one.source}),
        "confirmed": calendar.confirmed,
        "is_delivered": wanted in shipped.years(),
        "kinds": KINDS,
        "imports": await CalendarImport.objects()
        .order_by(CalendarImport.at, ascending=False)
        .limit(10),
        "may_write": actor.may(WRITE),
        "fields_": IMPORT,
        "file_fields": FROM_FILE,
        "try_": TRY,
    }


async def _try(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the due date that was asked for, or what is wrong with the question."""
    nothing: dict[str, Any] = {"due": None, "proof": (), "problem": None}
    if not values["start"] and not values["days"]:
        return nothing
    try:
        roll = FORWARD if values["roll"] else NO_ROLL
        rule = DeadlineRule(
            name="try",
            length=int(values["days"]),
            unit=values["unit"],
            start=values["first"],
            roll=roll,
        )
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
    return await _previewed(pasted, data)


async def _previewed(pasted: pasting.Pasted, data: Mapping[str, str]) -> Template:
    context = {
        "changes": await holidays.preview(pasted.days),
        "spans": pasting.spans,
        "warnings": pasted.warnings,
        "values": data,
        "kinds": KINDS,
    }
    return Template("calendar/preview.html", context=context)


@post(
    "/calendar/preview-file",
    requires=WRITE,
    status_code=200,
    request_max_body_size=filing.MAX_BYTES + 100_000,
)
async def preview_file(
    data: Upload, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show what a file would change; nothing is written."""
    texts = {name: str(value) for name, value in data.items() if isinstance(value, str)}
    file = data.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    problems = dict(read(FROM_FILE[1:], texts).problems)
    text = ""
    if not content:
        problems["file"] = N_("Please choose a file.")
    else:
        try:
            text = filing.text_of(content)
        except DomainError as error:
            problems["file"] = error.message
    if not problems and not (problems := _rows_wrong(text)):
        texts["text"], texts["source"] = text, texts["file_source"]
        texts["provisional"] = texts.get("file_provisional", "")
        pasted, problems = _read(texts)
        if pasted is not None and not problems:
            return await _previewed(pasted, texts)
        if "text" in problems:
            problems["file"] = problems.pop("text")
    return await _rejected({}, {}, actor, now, file_values=texts, file_errors=problems)


def _rows_wrong(text: str) -> dict[str, Message]:
    """Return what is wrong with a file's first bad row, counted as the file counts it."""
    found = pasting.read(text, source="", provisional=False).problems
    if not found:
        return {}
    number, said = found[0]
    return {"file": N_("Line {number}: {problem}", number=number, problem=said)}


@get("/calendar/{year:int}/{form:str}", requires=READ)
async def export(
    year: FromPath[int],
    form: FromPath[str],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
) -> Response[bytes]:
    """Give a year's days as a file, to be changed in a spreadsheet and brought back."""
    days = [one for one in await holidays.stored_days() if one.day.year == year]
    if form not in ("csv", "xlsx") or not days:
        raise NotFoundError
    sheet = filing.sheet_of(days, year, locale)
    return await report_file.answer(sheet, form, f"holidays-{year}", now)


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
    data: Mapping[str, str],
    problems: Mapping[str, Message],
    actor: Actor,
    now: datetime,
    *,
    file_values: Mapping[str, str] | None = None,
    file_errors: Mapping[str, Message] | None = None,
) -> Template:
    nothing = {"start": "", "days": "", "unit": "working", "first": NEXT_DAY, "roll": ""}
    context = {
        **await _context(actor, now),
        "values": data,
        "errors": problems,
        "file_values": file_values or {},
        "file_errors": file_errors or {},
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
    known = await _known(moved, actor, plugins)
    context = {"moved": known, "others": len(moved) - len(known), "changes": changes}
    return Template("calendar/moved.html", context=context)


async def _known(moved: Sequence[Moved], actor: Actor, plugins: WebPlugins) -> list[Moved]:
    """Return those whose record the actor may know of."""
    if actor.id is None:
        return []
    records: dict[str, set[str]] = defaultdict(set)
    for one in moved:
        records[one.record_kind].add(one.record)
    known = {
        (kind, record)
        for kind, ids in records.items()
        for record, who in (await plugins.resolve_readers(kind, sorted(ids), [actor.id])).items()
        if actor.id in who
    }
    return [one for one in moved if (one.record_kind, one.record) in known]


router = Router(path="", route_handlers=[show, preview, preview_file, export, take])
