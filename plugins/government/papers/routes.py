"""Forms that are written from an item's page: filled in from what is stored, previewed, issued.

Notices, letters and opinions are issued by the acts that decide them; only what decides nothing can
be issued here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import db
from core.documents.facts import Data, DocumentField, DocumentKind, Value
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from plugins.government.inputs import Flash, Form
from plugins.government.matters import queries
from plugins.government.papers import services
from plugins.government.papers.kinds import WRITTEN, kind
from plugins.government.rights import HANDLE, REGISTER, UNIT

_MAY = (HANDLE, REGISTER, UNIT)
_GIVEN = frozenset(("qr",))  # made, never typed


def _direct(name: str, actor: Actor) -> DocumentKind:
    if name not in WRITTEN:
        raise NotFoundError
    found = kind(name)
    if not found.may(found.issue, actor):
        raise NotFoundError
    return found


def _field(field: DocumentField) -> Field:
    long = not isinstance(field.sample, str)
    return Field(
        name=field.name,
        label=field.label,
        kind="textarea" if long else "text",
        required=field.required,
        max_length=8000 if long else 500,
    )


def _fields(of: DocumentKind) -> list[Field]:
    return [_field(field) for field in of.fields if field.name not in _GIVEN]


@get("/matters/{matter_id:uuid}/papers/{name:str}", requires=_MAY)
async def show(
    matter_id: FromPath[UUID],
    name: FromPath[str],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show a paper's fields as the item fills them in."""
    _direct(name, actor)
    data = await services.filled(name, matter_id, actor=actor, at=now, address=_asking(settings))
    values = {key: _typed(value) for key, value in data.items()}
    return await _page(matter_id, name, values, {}, actor, now)


@post("/matters/{matter_id:uuid}/papers/{name:str}", requires=_MAY)
async def issue(
    matter_id: FromPath[UUID],
    name: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[Any] | Template:
    """Issue the paper with what stands in the form, or show it as a PDF first."""
    of = _direct(name, actor)
    cleaned = read(_fields(of), data)
    if cleaned.problems:
        return await _page(matter_id, name, data, cleaned.problems, actor, now)
    given: Data = {field.name: _value(field, cleaned.values) for field in of.fields}
    address = _asking(settings)
    about: dict[str, Any] = {"actor": actor, "at": now, "address": address}
    try:
        given = {key: value for key, value in given.items() if key not in _GIVEN}
        if data.get("act") == "preview":
            pdf = await services.preview(name, matter_id, given, **about)
            headers = {"content-disposition": "inline", "cache-control": "private, no-store"}
            return Response(pdf, media_type="application/pdf", headers=headers, status_code=200)
        async with db.writing():
            document = await services.take(name, matter_id, given, **about)
    except InvalidInputError as error:
        return await _page(matter_id, name, data, error.problems, actor, now)
    flash("success", N_("The paper is made and kept with the item."))
    return Redirect(f"/documents/{document.id}", status_code=303)


async def _page(
    matter_id: UUID,
    name: str,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
) -> Template:
    matter = await queries.matter(matter_id, actor, now)
    of = _direct(name, actor)
    return Template(
        "government/papers/write.html",
        context={
            "matter": matter,
            "kind": of,
            "name": name,
            "fields_": _fields(of),
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


def _asking(settings: Settings) -> str:
    return f"{settings.base_url.rstrip('/')}/government/ask" if settings.base_url else ""


def _typed(value: Value) -> str:
    """Return a value as a form shows it: a paragraph a line, the cells of a row with bars between."""
    if isinstance(value, str):
        return value
    return "\n".join(part if isinstance(part, str) else " | ".join(part) for part in value)


def _value(field: DocumentField, values: Mapping[str, str]) -> Value:
    typed = values.get(field.name, "")
    if isinstance(field.sample, str):
        return typed
    lines = tuple(line for line in typed.splitlines() if line.strip())
    cells = len(field.sample[0]) if field.sample and not isinstance(field.sample[0], str) else 0
    return tuple(_cells(line, cells) for line in lines) if cells else lines


def _cells(line: str, cells: int) -> tuple[str, ...]:
    found = [cell.strip() for cell in line.split("|", cells - 1)]
    return (*found, *[""] * (cells - len(found)))


router = Router(path="/government", route_handlers=[show, issue])
