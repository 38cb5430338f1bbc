"""Visitors: finding them, their visits, corrections, doubles, and the logged look at full numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import history, judging
from core.registrations.rulebook import reception
from core.registrations.walls import hidden_purposes
from core.visitors import forms as people
from core.visitors import matching, queries, services
from core.visitors.search import search
from web.plugins import WebPlugins

READ, WRITE = "core:visitor:read", "core:visitor:write"
UNMASK, MERGE = "core:visitor:unmask", "core:visitor:merge"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
VISITS = "core:registration:read"
PURPOSE = Field(name="purpose", label=N_("What you need them for"), required=True, max_length=200)
WHY = Field(name="reason", label=N_("Why"), required=True, max_length=200)
REMARK = Field(name="remark", label=N_("Remark"), kind="textarea", max_length=1000)


def _document_kind() -> Field:
    """Return the field of the document's kind where there may be none."""
    return replace(people.DOCUMENT_KIND, label=N_("Document"), required=False)


FIELDS = (
    people.NAME,
    people.PHONE,
    _document_kind(),
    people.DOCUMENT_NUMBER,
    people.BY_EYE,
    people.ORGANISATION,
    people.PLATE,
    people.SEX,
    REMARK,
)


@get("/visitors", requires=READ)
async def show_search() -> Template:
    """Show the search."""
    return Template("visitors/search.html", context={"q": "", "found": None})


@post("/visitors", requires=READ, status_code=200)
async def find(data: Form) -> Template:
    """Show who is meant. By POST: a phone or document number belongs in no address."""
    q = data.get("q", "")
    found = await search(q, limit=50)
    return Template("visitors/search.html", context={"q": q, "found": found})


async def _page(
    visitor_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    unmasked: services.Unmasked | None = None,
    beyond: bool = False,
    errors: Mapping[str, Message] | None = None,
    values: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template | Redirect:
    card = await queries.visitor(visitor_id)
    if card.merged_into is not None:
        return Redirect(f"/visitors/{card.merged_into}", status_code=303)
    ids = await queries.all_of(visitor_id)
    times = await reception(now)
    purposes = plugins.register_purposes()
    hidden = hidden_purposes(actor, purposes, plugins.register_permissions())
    walled = await history.beyond(ids, actor=actor, hidden=hidden)
    doubles = await queries.duplicates(visitor_id) if actor.may(MERGE) else []
    return Template(
        "visitors/visitor.html",
        context={
            "visitor": card,
            "merged": len(ids) - 1,
            "visits": await history.of_person(
                ids, actor=actor, now=now, times=times, hidden=() if beyond else hidden
            ),
            "walled": {} if beyond else walled,
            "domains": {book.plugin: book.title for book in plugins.register_rulebooks()},
            "purpose": PURPOSE,
            "beyond": beyond,
            "labels": {p.name: p.label for p in purposes},
            "doubles": doubles,
            "may_write": actor.may(WRITE),
            "may_unmask": actor.may(UNMASK),
            "may_merge": actor.may(MERGE),
            "may_register": actor.may("core:registration:write"),
            "may_watch": actor.may("core:watch:write"),
            "unmasked": unmasked,
            "why": WHY,
            "errors": errors or {},
            "values": values or {},
        },
        status_code=status,
        headers={"cache-control": "no-store"} if unmasked or beyond else None,
    )


@get("/visitors/{visitor_id:uuid}", requires=READ)
async def show(
    visitor_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template | Redirect:
    """Show one visitor with all visits."""
    return await _page(visitor_id, actor=actor, now=now, plugins=plugins)


@post("/visitors/{visitor_id:uuid}/beyond", requires=VISITS, status_code=200)
async def look_beyond(
    visitor_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template | Redirect:
    """Show the person's visits in other domains once, for a purpose that is logged (CORE-26)."""
    typed = read((PURPOSE,), data)
    if typed.problems:
        return await _page(
            visitor_id,
            actor=actor,
            now=now,
            plugins=plugins,
            errors=typed.problems,
            values=typed.values,
            status=422,
        )
    hidden = hidden_purposes(actor, plugins.register_purposes(), plugins.register_permissions())
    ids = await queries.all_of(visitor_id)
    walled = await history.beyond(ids, actor=actor, hidden=hidden)
    await history.look_beyond(
        visitor_id, reason=typed.values["purpose"], domains=walled, actor=actor, at=now
    )
    return await _page(visitor_id, actor=actor, now=now, plugins=plugins, beyond=True)


@post("/visitors/{visitor_id:uuid}/unmask", requires=UNMASK, status_code=200)
async def unmask(
    visitor_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template | Redirect:
    """Show the full numbers once, for a reason that is logged."""
    typed = read((WHY,), data)
    if typed.problems:
        return await _page(
            visitor_id,
            actor=actor,
            now=now,
            plugins=plugins,
            errors=typed.problems,
            values=typed.values,
            status=422,
        )
    shown = await services.unmask(visitor_id, reason=typed.values["reason"], actor=actor, at=now)
    return await _page(visitor_id, actor=actor, now=now, plugins=plugins, unmasked=shown)


def _form(
    card: queries.VisitorCard,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    by_eye = values.get("document_by_eye") or "document_number" in errors
    fields = [field for field in FIELDS if field.name != "document_by_eye" or by_eye]
    context = {"visitor": card, "fields_": fields, "values": values, "errors": errors}
    return Template("visitors/correct.html", context=context, status_code=status)


@get("/visitors/{visitor_id:uuid}/correct", requires=WRITE)
async def show_correction(visitor_id: FromPath[UUID]) -> Template:
    """Show the form of a correction."""
    row = await queries.row(visitor_id)
    values: dict[str, Any] = people.prefilled(row)
    if row.document_by_eye:
        values["document_by_eye"] = "yes"
    return _form(queries.card(row), values, {})


@post("/visitors/{visitor_id:uuid}/correct", requires=WRITE)
async def correct(
    visitor_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Correct a visitor."""
    row = await queries.row(visitor_id)
    plain, keep_phone, keep_document = people.keep_masked(data, row)
    typed = read(FIELDS, plain)
    problems = dict(typed.problems)
    person = people.person_of(
        typed.values,
        problems,
        today=judging.site_time(now).date(),
        known=row,
        keep_phone=keep_phone,
        keep_document=keep_document,
    )
    if problems:
        return _form(queries.card(row), data, problems, 422)
    version = data.get("version", "")
    try:
        await services.correct(
            visitor_id,
            person,
            remark=typed.values["remark"],
            version=int(version) if version.isascii() and version.isdigit() else 0,
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return _form(queries.card(row), data, error.problems, 422)
    except (StaleError, WrongStateError) as error:
        flash("error", error.message)
    else:
        flash("success", N_("Corrected; the earlier values are kept in the log."))
    return Redirect(f"/visitors/{visitor_id}", status_code=303)


@get("/visitors/{visitor_id:uuid}/merge", requires=MERGE)
async def compare(visitor_id: FromPath[UUID], other: FromQuery[UUID]) -> Template:
    """Show two records side by side before they become one."""
    one, two = await queries.row(visitor_id), await queries.row(other)
    contradiction = matching.contradicts(queries.person_of(one), two)
    context = {"one": queries.card(one), "two": queries.card(two), "contradiction": contradiction}
    return Template("visitors/merge.html", context=context)


@post("/visitors/{visitor_id:uuid}/merge", requires=MERGE)
async def merge(
    visitor_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Make two records one."""
    other = people.typed_id(data.get("other", ""))
    if other is None:
        raise NotFoundError
    try:
        await services.merge(visitor_id, other, actor=actor, at=now)
    except InvalidInputError as error:
        flash("error", next(iter(error.problems.values())))
    except WrongStateError as error:
        flash("error", error.message)
    else:
        flash("success", N_("One person now; both histories are kept."))
    return Redirect(f"/visitors/{visitor_id}", status_code=303)


router = Router(
    path="",
    route_handlers=[
        show_search,
        find,
        show,
        look_beyond,
        unmask,
        show_correction,
        correct,
        compare,
        merge,
    ],
)
