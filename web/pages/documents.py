"""Issued papers: one with its delivery, the PDF as issued, an editable copy, the delivery receipt, voiding.

A paper belongs to a record. Who may see it is asked of its kind and its record by the queries; for
everybody else there is no such paper.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.documents import deliveries, issuing, queries, services
from core.documents.deliveries import METHODS
from core.documents.queries import DocumentLine
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from web.plugins import WebPlugins
from web.templating import translate

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REASON = Field(name="reason", label=N_("Why it is void"), required=True, max_length=300)
WRONG = Field(name="reason", label=N_("What was noted wrongly"), required=True, max_length=300)


@get("/documents/{document_id:uuid}", signed_in=True)
async def show(
    document_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show one paper: its number, its delivery, what may be done with it."""
    return await _page(document_id, actor, plugins)


async def _page(
    document_id: UUID,
    actor: Actor,
    plugins: WebPlugins,
    act: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
) -> Template:
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    _, record_id = await queries.record_of(document_id)
    return Template(
        "documents/document.html",
        context={
            "line": line,
            "back": line.kind.page.format(record=record_id) if line.kind.page else "",
            "noted": await deliveries.of_document(document_id),
            "methods": METHODS,
            "fields_": deliveries.FIELDS,
            "reason": REASON,
            "wrong": WRONG,
            "act": act,
            "values": values or {},
            "errors": errors or {},
        },
        status_code=422 if errors else 200,
    )


@get("/documents/{document_id:uuid}/paper", signed_in=True)
async def paper(
    document_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Response[bytes]:
    """Send the PDF as it was issued."""
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    _, pdf = await issuing.paper(document_id, actor=actor, at=now, plugins=plugins)
    return _file(pdf, "application/pdf", f"{_name(line)}.pdf", inline=True)


@get("/documents/{document_id:uuid}/copy", signed_in=True)
async def copy(
    document_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Response[bytes]:
    """Send an editable copy; who took one is logged."""
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    _, made = await issuing.copy(document_id, actor=actor, at=now, plugins=plugins)
    return _file(made, _WORD, f"{_name(line)}.docx", inline=False)


@get("/documents/{document_id:uuid}/receipt", signed_in=True)
async def receipt(
    document_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Response[bytes]:
    """Send the delivery receipt to print: blank to take along, or as delivery was noted."""
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    if not line.kind.receipt:
        raise NotFoundError
    pdf = await deliveries.receipt_pdf(document_id, at=now, plugins=plugins)
    return _file(pdf, "application/pdf", f"送达回证-{_name(line)}.pdf", inline=True)


@post("/documents/{document_id:uuid}/deliver", signed_in=True)
async def deliver(
    document_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Note how the paper was delivered."""
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    if not line.may_deliver:
        raise NotFoundError
    typed = read(deliveries.FIELDS, data)
    try:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        delivery = deliveries.typed(typed.values, data.get("signature", ""))
        await deliveries.note(document_id, delivery, actor=actor, at=now)
    except InvalidInputError as error:
        return await _page(document_id, actor, plugins, "deliver", data, error.problems)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The delivery is noted."))
    return Redirect(f"/documents/{document_id}", status_code=303)


@post("/documents/{document_id:uuid}/deliveries/{delivery_id:uuid}/void", signed_in=True)
async def void_delivery(
    document_id: FromPath[UUID],
    delivery_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Void a note of delivery that is wrong."""
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    noted = {one.id for one in await deliveries.of_document(document_id)}
    if not line.may_deliver or delivery_id not in noted:
        raise NotFoundError
    typed = read([WRONG], data)
    if typed.problems:
        act = f"void-{delivery_id}"
        return await _page(document_id, actor, plugins, act, data, typed.problems)
    try:
        await deliveries.void(delivery_id, typed.values["reason"], actor=actor, at=now)
        flash("success", N_("The note is void. Note the delivery anew."))
    except WrongStateError as error:
        flash("warning", error.message)
    return Redirect(f"/documents/{document_id}", status_code=303)


@post("/documents/{document_id:uuid}/void", signed_in=True)
async def void(
    document_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Declare a paper void; its number stays taken."""
    line = await queries.document(document_id, actor=actor, plugins=plugins)
    if line.looking or not line.kind.may(line.kind.void, actor):
        raise NotFoundError
    typed = read([REASON], data)
    if typed.problems:
        return await _page(document_id, actor, plugins, "void", data, typed.problems)
    try:
        await services.void(document_id, typed.values["reason"], actor=actor, at=now)
        flash("success", N_("The paper is void; its number stays taken."))
    except WrongStateError as error:
        flash("warning", error.message)
    return Redirect(f"/documents/{document_id}", status_code=303)


def _name(line: DocumentLine) -> str:
    return line.label or translate(line.title)


def _file(data: bytes, media_type: str, name: str, *, inline: bool) -> Response[bytes]:
    shown = "inline" if inline else "attachment"
    headers = {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(name)}",
        "cache-control": "private, no-store",
    }
    return Response(data, media_type=media_type, headers=headers)


router = Router(
    path="",
    route_handlers=[show, paper, copy, receipt, deliver, void_delivery, void],
)
