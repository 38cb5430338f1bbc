"""Rulebooks: what is in force, what was, and adopting a version; the form is drawn from the struct."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.forms import clean_clock_time
from core.rulebooks import history, queries, services
from core.rulebooks.facts import Rulebook, Setting
from core.settings import Settings
from core.text import TextError, clean_block, clean_line, fold_width, parse_chinese_date
from web.plugins import WebPlugins

READ, WRITE = "core:rulebook:read", "core:rulebook:write"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
_KINDS = {
    "int": "number",
    "bool": "checkbox",
    "choice": "select",
    "lines": "textarea",
    "time": "time",
    "text": "text",
}
NOTE = Field(
    name="note",
    label=N_("Why, and who decided it"),
    kind="textarea",
    required=True,
    max_length=500,
)
DAY = Field(
    name="day",
    label=N_("In force from"),
    kind="date",
    max_length=20,
    help=N_("Empty means at once."),
)
CLOCK = Field(name="time", label=N_("Time"), kind="time", max_length=10, clean=clean_clock_time)
REASON = Field(name="reason", label=N_("Why"), required=True, max_length=300, kind="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One setting as the form draws it."""

    name: str
    label: Message
    kind: str
    required: bool
    options: tuple[tuple[str, Message], ...]
    min: int | None
    max: int | None
    unit: Message | None
    help: str
    rows: int = 5


def _box(name: str, about: Setting) -> Box:
    return Box(
        name=name,
        label=about.label,
        kind=_KINDS.get(about.kind, "text"),
        required=about.kind in ("int", "time", "choice"),
        options=about.choices,
        min=about.minimum,
        max=about.maximum,
        unit=about.unit,
        help=about.basis,
    )


def _boxes(rulebook: Rulebook) -> list[Box]:
    return [_box(item.name, about) for item, about in rulebook.settings()]


@get("/rulebooks", requires=READ)
async def show_all(
    now: NamedDependency[datetime], plugins: NamedDependency[WebPlugins]
) -> Template:
    """Show every rulebook with the version in force and what comes."""
    found = []
    for book in plugins.register_rulebooks():
        versions = await history.versions(book, now=now)
        found.append(
            {
                "book": book,
                "current": next(v for v in versions if v.state == "in_force"),
                "ahead": [v for v in versions if v.state == "ahead"],
                "count": sum(v.state != "withdrawn" for v in versions),
            }
        )
    return Template("rulebooks/list.html", context={"books": found})


@get("/rulebooks/{plugin:str}", requires=READ)
async def show(
    plugin: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show a rulebook: its settings in force and its history with differences."""
    return await _page(plugin, None, actor, now, plugins)


@get("/rulebooks/{plugin:str}/{number:int}", requires=READ)
async def show_version(
    plugin: FromPath[str],
    number: FromPath[int],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show one version, as a decision names it."""
    return await _page(plugin, number, actor, now, plugins)


async def _page(
    plugin: str,
    number: int | None,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    errors: Mapping[str, Message] | None = None,
) -> Template:
    book = history.rulebook_of(plugins, plugin)
    versions = await history.versions(book, now=now)
    wanted = (
        (v for v in versions if v.state == "in_force")
        if number is None
        else (v for v in versions if v.number == number)
    )
    version = next(wanted, None)
    if version is None:
        raise NotFoundError
    return Template(
        "rulebooks/rulebook.html",
        context={
            "book": book,
            "version": version,
            "is_current": version.state == "in_force",
            "lines": history.lines(book, version.values),
            "versions": versions,
            "may_write": actor.may(WRITE),
            "reason": REASON,
            "errors": errors or {},
        },
        status_code=422 if errors else 200,
    )


@get("/rulebooks/{plugin:str}/adopt", requires=WRITE)
async def edit(
    plugin: FromPath[str],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    preset: FromQuery[str] = "",
    number: FromQuery[str] = "",
) -> Template:
    """Show the form, filled in with what is in force, with a preset, or with an earlier version."""
    book = history.rulebook_of(plugins, plugin)
    values = (await queries.in_force(book, now)).values
    if number:
        versions = await history.versions(book, now=now)
        values = next((v.values for v in versions if str(v.number) == number), None)
        if values is None:
            raise NotFoundError
    if preset:
        values = book.struct(**history.preset(book, preset, values))
    return await _form(book, {**history.as_typed(book, values), "time": "00:00"}, {}, now)


async def _form(
    book: Rulebook,
    typed: Mapping[str, str],
    errors: Mapping[str, Message],
    now: datetime,
    changes: list[history.Change] | None = None,
) -> Template:
    latest = await queries.last_number(book.plugin)
    return Template(
        "rulebooks/adopt.html",
        context={
            "book": book,
            "boxes": _boxes(book),
            "values": typed,
            "errors": errors,
            "changes": changes,
            "based_on": latest,
            "note": NOTE,
            "when": (DAY, CLOCK),
            "in_force": await queries.in_force(book, now),
        },
        status_code=422 if errors else 200,
    )


@post("/rulebooks/{plugin:str}/adopt", requires=WRITE, status_code=200)
async def adopt(
    plugin: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Show first what would change; adopt it when that was seen and is still what stands there."""
    book = history.rulebook_of(plugins, plugin)
    try:
        values, problems = _values(book, data)
        struct = _checked(book, values, problems)
        note, moment = _when_and_why(data, problems, settings, now)
        if problems:
            raise InvalidInputError(problems)
        before = (await queries.in_force(book, moment)).values
        changes = history.differences(book, before, struct)
        seen = data.get("step") == "adopt" and data.get("based_on") == str(
            await queries.last_number(plugin)
        )
        if not changes:
            raise InvalidInputError({"": N_("Nothing differs from the version in force then.")})
        if not seen:
            return await _form(book, data, {}, now, changes)
        version = await services.adopt(
            book, values, effective_from=moment, note=note, actor=actor, at=now
        )
    except InvalidInputError as error:
        problems = dict(error.problems)
        if "effective_from" in problems:
            problems["day"] = problems.pop("effective_from")
        return await _form(book, data, problems, now)
    flash("success", N_("Version {name} is adopted.", name=f"{plugin}/{version.number}"))
    return Redirect(f"/rulebooks/{plugin}/{version.number}", status_code=303)


def _values(book: Rulebook, data: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Message]]:
    """Return what was typed for each setting, cleaned, and what cannot be taken."""
    values: dict[str, Any] = {}
    problems: dict[str, Message] = {}
    for item, about in book.settings():
        typed = data.get(item.name, "")
        try:
            if about.kind == "lines":
                values[item.name] = clean_block(typed, 5000)
            else:
                line = clean_line(typed, 500)
                values[item.name] = line if about.kind == "text" else fold_width(line)
        except TextError as error:
            problems[item.name] = error.message
    return values, problems


def _checked(book: Rulebook, values: Mapping[str, Any], problems: dict[str, Message]) -> Any:
    try:
        return services.checked(book, values)
    except InvalidInputError as error:
        for name, message in error.problems.items():
            problems.setdefault(name, message)
        return book.struct()


def _when_and_why(
    data: Mapping[str, str], problems: dict[str, Message], settings: Settings, now: datetime
) -> tuple[str, datetime]:
    typed = read((NOTE, DAY, CLOCK), data)
    problems |= typed.problems
    if not typed.values["day"] or "time" in problems or "day" in problems:
        return typed.values["note"], now
    try:
        today = now.astimezone(settings.zone).date()
        day = parse_chinese_date(typed.values["day"], today, ahead=True)
    except TextError as error:
        problems["day"] = error.message
        return typed.values["note"], now
    hour, _, minute = (typed.values["time"] or "00:00").partition(":")
    moment = datetime.combine(day, time(int(hour), int(minute)), settings.zone)
    return typed.values["note"], moment


@post("/rulebooks/{plugin:str}/{number:int}/withdraw", requires=WRITE)
async def withdraw(
    plugin: FromPath[str],
    number: FromPath[int],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Withdraw a version that is not in force yet."""
    typed = read([REASON], data)
    if typed.problems:
        return await _page(plugin, number, actor, now, plugins, typed.problems)
    versions = await history.versions(history.rulebook_of(plugins, plugin), now=now)
    if number not in {version.number for version in versions}:
        raise NotFoundError
    try:
        await services.withdraw(plugin, number, reason=typed.values["reason"], actor=actor, at=now)
        flash("success", N_("The version is withdrawn."))
    except WrongStateError as error:
        flash("warning", error.message)
    return Redirect(f"/rulebooks/{plugin}", status_code=303)


router = Router(path="", route_handlers=[show_all, show, show_version, edit, adopt, withdraw])
