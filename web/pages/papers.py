"""Templates of papers: every kind, changing one with a live preview, its versions, going back."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.clock import local
from core.documents import drawing, register, templates
from core.documents.facts import DocumentKind, Value
from core.documents.kinds import kind_of
from core.documents.own_kinds import ADMIN
from core.documents.templates import FaultyTemplateError
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.rulebook import organisation_name
from core.settings import Settings, load
from web.plugins import WebPlugins

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
MOST_PAGES = 6
NOTE = Field(name="note", label=N_("What was changed, and why"), required=True, max_length=300)
PREFIX = Field(
    name="prefix",
    label=N_("Words before the year in its number"),
    max_length=templates.LONGEST_PREFIX,
    help=N_("“通知” gives 通知〔2026〕12号. Empty for the words as delivered."),
)
LAST = Field(
    name="last",
    label=N_("Last number given on paper this year"),
    kind="number",
    required=True,
    max_length=5,
    inputmode="numeric",
    help=N_("The first paper issued here bears the next number. Only before the first one."),
)


@get("/papers", requires=ADMIN)
async def show_all(
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template:
    """List every kind of paper with its template in force and the numbers given this year."""
    kinds = plugins.register_document_kinds()
    year = local(now, settings.zone).year
    numbers = await register.of_year([kind.name for kind in kinds], year)
    found = [
        {
            "kind": kind,
            "version": await templates.in_force(kind),
            "numbers": numbers[kind.name],
        }
        for kind in kinds
    ]
    return Template("papers/list.html", context={"papers": found})


@get("/papers/{name:str}", requires=ADMIN)
async def show(
    name: FromPath[str],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    version: FromQuery[int] = -1,
) -> Template:
    """Show a template to change, as it is in force or as an earlier version was."""
    kind = kind_of(plugins, name)
    current = await templates.in_force(kind)
    chosen = current if version < 0 else await templates.version(kind, version)
    office = await _office(now, settings)
    pages, problem, detail = await _tried(kind, chosen.source, chosen.prefix, office)
    values = {"source": chosen.source, "prefix": chosen.prefix, "note": ""}
    return await _page(kind, values, {}, current.number, pages, problem, detail, now)


@post("/papers/{name:str}/preview", requires=ADMIN)
async def preview(
    name: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
) -> Template:
    """Draw what the template, as it stands in the editor, makes of the samples."""
    kind = kind_of(plugins, name)
    office = await _office(now, settings)
    pages, problem, detail = await _tried(
        kind, data.get("source", ""), data.get("prefix", ""), office
    )
    if data.get("whole"):  # without JavaScript the button brings the whole page again
        current = (await templates.in_force(kind)).number
        based_on = _number(data.get("based_on", ""), current)
        return await _page(kind, data, {}, based_on, pages, problem, detail, now)
    return Template("papers/_pages.html", context=_shown(pages, problem, detail))


@post("/papers/{name:str}/adopt", requires=ADMIN)
async def adopt(
    name: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Put the changed template in force, once it has made a paper."""
    kind = kind_of(plugins, name)
    office = await _office(now, settings)
    typed = read([NOTE, PREFIX], data)
    based_on = _number(data.get("based_on", ""), 0)
    try:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        number = await templates.adopt(
            kind,
            data.get("source", ""),
            prefix=typed.values["prefix"],
            note=typed.values["note"],
            based_on=based_on,
            office=office,
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        detail = error.detail if isinstance(error, FaultyTemplateError) else ""
        problem = error.problems.get("source")
        return await _page(kind, data, error.problems, based_on, [], problem, detail, now)
    except StaleError as error:
        problems = {"": error.message}
        return await _page(kind, data, problems, based_on, [], None, "", now)
    flash("success", N_("Version {number} is in force for new papers.", number=number))
    return Redirect(f"/papers/{name}", status_code=303)


@post("/papers/{name:str}/go-back", requires=ADMIN)
async def go_back(
    name: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Put an earlier version, or the template as delivered, in force again."""
    kind = kind_of(plugins, name)
    try:
        number = await templates.go_back(
            kind,
            _number(data.get("number", ""), -1),
            based_on=_number(data.get("based_on", ""), -1),
            actor=actor,
            at=now,
        )
        flash("success", N_("Version {number} is in force for new papers.", number=number))
    except StaleError as error:
        flash("warning", error.message)
    return Redirect(f"/papers/{name}", status_code=303)


@post("/papers/{name:str}/go-on-after", requires=ADMIN)
async def go_on_after(
    name: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Let this year's numbers go on after the last one given on paper."""
    kind = kind_of(plugins, name)
    if kind.number is None:
        raise NotFoundError
    year = local(now, settings.zone).year
    last = _number(data.get("last", ""), -1)
    try:
        await register.go_on_after(name, year, last, actor=actor, at=now)
    except InvalidInputError as error:
        flash("warning", error.problems["last"])
    except (WrongStateError, StaleError) as error:
        flash("warning", error.message)
    else:
        flash(
            "success", N_("The next number is {number}.", number=kind.number.text(year, last + 1))
        )
    return Redirect(f"/papers/{name}", status_code=303)


async def _tried(
    kind: DocumentKind, source: str, prefix: str, office: str
) -> tuple[Sequence[bytes], Message | None, str]:
    try:
        return await templates.tried(kind, source, prefix, office=office), None, ""
    except FaultyTemplateError as error:
        return [], error.problems["source"], error.detail
    except InvalidInputError as error:
        return [], error.problems["source"], ""


async def _page(
    kind: DocumentKind,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    based_on: int,
    pages: Sequence[bytes],
    problem: Message | None,
    detail: str,
    now: datetime,
) -> Template:
    year = local(now, load().zone).year
    values = {"source": "", "prefix": "", **values}
    versions = await templates.history(kind)
    return Template(
        "papers/paper.html",
        context={
            "kind": kind,
            "values": values,
            "errors": errors,
            "based_on": based_on,
            "versions": versions,
            "is_shipped": values["source"].strip() == drawing.shipped(kind).strip(),
            "note": NOTE,
            "prefix": PREFIX,
            "last": LAST,
            "year": year,
            "numbers": (await register.of_year([kind.name], year))[kind.name],
            "samples": [(field, _said(field.sample)) for field in kind.fields],
            **_shown(pages, problem, detail),
        },
        status_code=422 if errors else 200,
    )


def _shown(pages: Sequence[bytes], problem: Message | None, detail: str) -> dict[str, object]:
    shown = [base64.b64encode(page).decode() for page in pages[:MOST_PAGES]]
    return {"pages": shown, "more": len(pages) - len(shown), "problem": problem, "detail": detail}


def _said(sample: Value) -> str:
    if isinstance(sample, str):
        return sample
    return "\n".join(part if isinstance(part, str) else " | ".join(part) for part in sample)


async def _office(now: datetime, settings: Settings) -> str:
    return await organisation_name(now) or settings.organisation_name or "云川市某单位"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else otherwise


router = Router(path="", route_handlers=[show_all, show, preview, adopt, go_back, go_on_after])
