"""Pages for the public, without account: the office, one's own item by code, satisfaction, the box.

Bounded by address; a wrong code and a wrong document look the same.
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.accounts.limits import Limit, TooOftenError, key_of, take_or_refuse
from core.documents import issuing
from core.errors import InvalidInputError, NotFoundError, RefusedError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.asking import box, checking, forms, office, queries, ratings
from plugins.government.asking.facts import SCORES, TARGETS
from plugins.government.asking.replies import text_of
from plugins.government.asking.tables import Reply
from plugins.government.inputs import Flash, Form, Query, typed
from plugins.government.intake import online
from plugins.government.opinions import queries as opinions
from plugins.government.reception import queries as reception

SENT = Limit(20, 30)
_WRONG = N_("The code or the last four signs are wrong. Look at your receipt, or ask at the desk.")
_WAIT = N_("Too many attempts. Wait {seconds} seconds, or ask at the desk.")
_GONE = N_(
    "For your safety this page is open for half an hour only. Enter code and document again."
)
_NONE = N_("There is nothing here any more. See the page of the office for what goes on now.")


def waiting(error: TooOftenError) -> Message:
    """Return the sentence for whom tried too often."""
    return N_(_WAIT.msgid, seconds=error.retry_after)


async def _room(request: Query) -> tuple[Any, list[tuple[UUID, str, str]]]:
    """Return the reception room that an address asks for, and all of them."""
    rooms = await office.rooms()
    if not rooms:
        raise NotFoundError
    wanted = typed(request).get("site", "")
    return next((one for one in rooms if one[1] == wanted), rooms[0]), rooms


@get("/office", public=True)
async def show_office(
    request: Query, now: NamedDependency[datetime], plugins: NamedDependency[Plugins]
) -> Template:
    """Show where, how and when to come."""
    room, rooms = await _room(request)
    writing = {site.id for site in await online.open_sites(plugins, at=now)}
    return Template(
        "government/asking/office.html",
        context={
            "room": room,
            "rooms": rooms,
            "page": await office.page(room[0]),
            "units": [one for one in await office.unit_pages(room[0]) if one.known],
            "days": await reception.public_days(room[0], at=now),
            "may_write": room[0] in writing,
            "dialled": office.dialled,
            "today": site_time(now).date(),
        },
    )


@get("/ask", public=True)
async def ask_form() -> Template:
    """Show the form by which a petitioner asks after an item."""
    return _ask({}, {})


def _ask(values: dict[str, str], errors: dict[str, Any], status: int = 200) -> Template:
    return Template(
        "government/asking/ask.html",
        context={"fields_": forms.ASK, "values": values, "errors": errors},
        status_code=status,
    )


@post("/ask", public=True)
async def ask(
    data: Form, now: NamedDependency[datetime], current: NamedDependency[Any]
) -> Response[None] | Template:
    """Open one's item by code and document tail."""
    cleaned = read(forms.ASK, data)
    typed_code = {"code": data.get("code", "")[:20]}
    if cleaned.problems:
        return _ask(typed_code, dict(cleaned.problems), 422)
    try:
        secret = await checking.opened(
            cleaned.values["code"], cleaned.values["tail"], current.address, at=now
        )
    except TooOftenError as error:
        return _ask(typed_code, {"": waiting(error)}, 429)
    except NotFoundError:
        return _ask(typed_code, {"": _WRONG}, 422)
    return Redirect(f"/government/ask/{secret}", status_code=303)


@get("/ask/{secret:str}", public=True)
async def show(
    secret: FromPath[str], now: NamedDependency[datetime], current: NamedDependency[Any]
) -> Template:
    """Show a petitioner their item: where it stands, dates, rights, letters."""
    matter_id = await checking.behind(secret, current.address, at=now)
    return await _item(matter_id, secret, now, {}, {})


async def _item(
    matter_id: UUID, secret: str, now: datetime, values: dict[str, str], errors: dict[str, Any]
) -> Template:
    return Template(
        "government/asking/item.html",
        context={
            "shown": await queries.shown(matter_id, at=now),
            "secret": secret,
            "targets": TARGETS,
            "scores": SCORES,
            "rate": forms.RATE,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@get("/ask/{secret:str}/opinion/{opinion_id:uuid}", public=True)
async def letter(
    secret: FromPath[str],
    opinion_id: FromPath[UUID],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
) -> Template:
    """Show an opinion that was delivered, to read and print."""
    matter_id = await checking.behind(secret, current.address, at=now)
    found = await opinions.opinion(opinion_id)
    allowed = (await queries.shown(matter_id, at=now)).letters
    if found.matter_id != matter_id or opinion_id not in {one.id for one in allowed}:
        raise NotFoundError
    return Template(
        "government/asking/letter.html",
        context={
            "one": found,
            "reply": None,
            "text": "",
            "secret": secret,
            "days": (await clocks.in_force(now)).values.review_window_days,
        },
    )


@get("/ask/{secret:str}/paper/{document_id:uuid}", public=True)
async def paper(
    secret: FromPath[str],
    document_id: FromPath[UUID],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    plugins: NamedDependency[Plugins],
) -> Response[bytes]:
    """Give the petitioner a paper to them as it was issued."""
    matter_id = await checking.behind(secret, current.address, at=now)
    shown = await queries.shown(matter_id, at=now)
    own = {one.id for one in shown.letters}
    delivered = [one for one in await opinions.of_matter(matter_id) if one.id in own]
    if document_id not in own | {one.document for one in delivered if not one.came_on_paper}:
        raise NotFoundError
    document, pdf = await issuing.paper(document_id, actor=SYSTEM, at=now, plugins=plugins)
    name = quote(f"{document.label or shown.number}.pdf")
    headers = {"content-disposition": f"inline; filename*=UTF-8''{name}"}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/ask/{secret:str}/reply/{reply_id:uuid}", public=True)
async def reply(
    secret: FromPath[str],
    reply_id: FromPath[UUID],
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
) -> Template:
    """Show a reply letter that was sent, to read and print."""
    matter_id = await checking.behind(secret, current.address, at=now)
    row = await Reply.objects().get(
        (Reply.id == reply_id) & (Reply.matter == matter_id) & (Reply.state == "sent")
    )
    if row is None:
        raise NotFoundError
    return Template(
        "government/asking/letter.html",
        context={"one": None, "reply": row, "text": text_of(row), "secret": secret, "days": 0},
    )


@post("/ask/{secret:str}/rate", public=True)
async def rate(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take how satisfied the petitioner is with the office or the unit."""
    matter_id = await checking.behind(secret, current.address, at=now)
    cleaned = read(forms.RATE, data)
    if cleaned.problems:
        return await _item(matter_id, secret, now, data, dict(cleaned.problems))
    try:
        await ratings.give(
            matter_id,
            target=cleaned.values["target"],
            score=cleaned.values["score"],
            remark=cleaned.values["remark"],
            at=now,
        )
    except RefusedError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Thank you. The office reads what you said."))
    return Redirect(f"/government/ask/{secret}#rate", status_code=303)


@post("/ask/{secret:str}/close", public=True)
async def close(
    secret: FromPath[str], now: NamedDependency[datetime], flash: NamedDependency[Flash]
) -> Redirect:
    """Close the item's page at once, for whoever asked on a screen that others use."""
    await checking.close(secret, at=now)
    flash("success", N_("The page is closed. Nobody sees it without the code and the document."))
    return Redirect("/government/ask", status_code=303)


@get("/box", public=True)
async def box_form(request: Query) -> Template:
    """Show the opinions box."""
    room, rooms = await _room(request)
    return _box(room, rooms, {}, {})


def _box(
    room: Any, rooms: Any, values: dict[str, str], errors: dict[str, Any], status: int = 422
) -> Template:
    return Template(
        "government/asking/box.html",
        context={
            "room": room,
            "rooms": rooms,
            "fields_": forms.BOX,
            "values": values,
            "errors": errors,
        },
        status_code=status if errors else 200,
    )


@post("/box", public=True)
async def put_in_box(
    request: Query,
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Any],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take a note for the opinions box."""
    room, rooms = await _room(request)
    cleaned = read(forms.BOX, data)
    if cleaned.problems:
        return _box(room, rooms, data, dict(cleaned.problems))
    if not data.get("website"):  # a field that people do not see
        try:
            await take_or_refuse(key_of("government.box", current.address), SENT, at=now)
            await box.put_in(
                room[0], text=cleaned.values["text"], contact=cleaned.values["contact"], at=now
            )
        except InvalidInputError as error:
            return _box(room, rooms, data, error.problems)
        except TooOftenError as error:
            return _box(room, rooms, data, {"": waiting(error)}, 429)
    flash("success", N_("Thank you. Your note is in the box; the head of the room reads it."))
    return Redirect(f"/government/office?site={room[1]}", status_code=303)


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Say on one plain page that nothing is open here, or that it was tried too often."""
    engine = request.app.template_engine
    assert engine is not None  # noqa: S101 - the application has one
    too_often = isinstance(error, TooOftenError)
    page = "ask" if request.url.path.startswith("/government/ask/") else "office"
    sentence = (
        waiting(error) if isinstance(error, TooOftenError) else _GONE if page == "ask" else _NONE
    )
    body = engine.get_template("government/asking/gone.html").render(
        {"sentence": sentence, "page": page}
    )
    seconds = str(error.retry_after) if isinstance(error, TooOftenError) else ""
    return Response(
        body,
        status_code=429 if too_often else 404,
        media_type="text/html; charset=utf-8",
        headers={"retry-after": seconds} if seconds else {},
    )


HANDLERS: Any = {NotFoundError: _answer, TooOftenError: _answer}
router = Router(
    path="/government",
    route_handlers=[
        *(show_office, ask_form, ask, show, letter, paper, reply, rate, close),
        *(box_form, put_in_box),
    ],
    exception_handlers=HANDLERS,
)
