"""Rehearsing a draft of a rulebook: what a past period would have been under it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from core import clock
from core.errors import InvalidInputError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from core.reports.facts import Period, span
from core.rulebooks import history, queries, rehearsal
from core.rulebooks.facts import Rulebook, Setting, Span
from core.settings import Settings
from web.plugins import WebPlugins

READ = "core:rulebook:read"
ROWS = "core:registration:read"
LONGEST = 366  # days
_KINDS = {"int": "number", "bool": "checkbox", "choice": "select", "lines": "textarea"}
FIRST = Field(name="first", label=N_("From"), kind="date", required=True)
LAST = Field(name="last", label=N_("Until"), kind="date", required=True)


@get("/rehearsal/{plugin:str}", requires=READ)
async def show(
    plugin: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template:
    """Show the form, filled in with what is in force, for the last four weeks."""
    book = history.rulebook_of(plugins, plugin)
    values = (await queries.in_force(book, now)).values
    today = clock.local(now, settings.zone).date()
    typed = {
        **history.as_typed(book, values),
        "first": (today - timedelta(days=28)).isoformat(),
        "last": (today - timedelta(days=1)).isoformat(),
    }
    return await _page(book, typed, {}, None, now, actor, plugins)


@post("/rehearsal/{plugin:str}", requires=READ, status_code=200)
async def rehearse(
    plugin: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template:
    """Decide the period over again under what was typed. Takes the fields of the adopting form too."""
    book = history.rulebook_of(plugins, plugin)
    problems: dict[str, Message] = {}
    period = _period(data, settings, now, problems)
    try:
        if problems:
            raise InvalidInputError(problems)
        found = await rehearsal.rehearse(
            book,
            {item.name: data.get(item.name, "") for item, _ in book.settings()},
            Span(since=period.since, until=min(period.until, now), sites=actor.sites_with(ROWS)),
            plugins=plugins,
        )
    except InvalidInputError as error:
        return await _page(book, data, error.problems, None, now, actor, plugins)
    typed = {**data, "first": period.first.isoformat(), "last": period.last.isoformat()}
    return await _page(book, typed, {}, found, now, actor, plugins)


def _period(
    data: Mapping[str, str], settings: Settings, now: datetime, problems: dict[str, Message]
) -> Period:
    today = clock.local(now, settings.zone).date()
    last = _day(data, "last", today - timedelta(days=1), problems)
    first = _day(data, "first", last - timedelta(days=27), problems)
    period = span(first, last, settings.zone)
    if period.days > LONGEST:
        problems["first"] = N_("At most {days} days at once.", days=LONGEST)
    return period


def _day(data: Mapping[str, str], name: str, default: date, problems: dict[str, Message]) -> date:
    try:
        return date.fromisoformat(data[name]) if data.get(name) else default
    except ValueError:
        problems[name] = N_("This is no date.")
        return default


def _field(name: str, about: Setting) -> Field:
    return Field(
        name=name,
        label=about.label,
        kind=_KINDS.get(about.kind, about.kind),
        required=about.kind in ("int", "time", "choice"),
        options=about.choices,
        max_length=20_000,
    )


async def _page(
    book: Rulebook,
    typed: Mapping[str, str],
    errors: Mapping[str, Message],
    found: Any,
    now: datetime,
    actor: Actor,
    plugins: WebPlugins,
) -> Template:
    fields = [_field(item.name, about) for item, about in book.settings()]
    return Template(
        "rehearsal/rehearsal.html",
        context={
            "book": book,
            "period": (FIRST, LAST),
            "fields_of_book": fields,
            "values": typed,
            "errors": errors,
            "found": found,
            "hidden": [(one.name, typed.get(one.name, "")) for one in fields],
            "in_force": await queries.in_force(book, now),
            "possible": bool(rehearsal.rehearsals_of(book, plugins)),
            "may_write": actor.may("core:rulebook:write"),
            "most": rehearsal.MOST,
        },
        status_code=422 if errors else 200,
    )


router = Router(path="", route_handlers=[show, rehearse])
