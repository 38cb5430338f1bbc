"""Whom an item accuses, who steps back, a look through the glass, encrypted files: their pages."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from core.attachments.images import FileRefusedError
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.matters import access
from plugins.government.matters.routes import page
from plugins.government.rights import HANDLE, READ, REGISTER, SEE
from plugins.government.secrecy import files, forms, glass, queries, services
from plugins.government.secrecy.rights import LET_IN, NAME

# A service's field by the name it has in the form; one page bears several forms.
_NAMES = {
    "accused": {"name": "accused_name", "unit": "accused_unit", "user": "accused_user"},
    "name": {"user": "recused", "reason": "recused_why"},
    "step-back": {"reason": "interest"},
}
_LIST, _UNIT_LIST = "/government/matters", "/government/unit"


async def _after(matter_id: UUID, actor: Actor, now: datetime, anchor: str = "secrecy") -> Redirect:
    """Go back to the item, or to the list when whoever acted sees it no more."""
    if await access.visible(matter_id, actor, now):
        return Redirect(f"/government/matters/{matter_id}#{anchor}", status_code=303)
    return Redirect(_LIST if actor.may(READ) else _UNIT_LIST, status_code=303)


async def _act(
    matter_id: UUID, data: Form, form: str, act: Awaitable[UUID], said: Message, **given: Any
) -> Response[None] | Template:
    """Do one act of the panel; a rejected form comes back in the item's page."""
    actor, now, flash = given["actor"], given["now"], given["flash"]
    try:
        await act
    except InvalidInputError as error:
        names = _NAMES.get(form, {})
        problems = {names.get(k, k): text for k, text in error.problems.items()}
        return await page(
            matter_id, actor, now, status=422, errors=problems, values=data, rejected=form
        )
    except (WrongStateError, RefusedError) as error:
        flash("warning", error.message)
    else:
        flash("success", said)
    return await _after(matter_id, actor, now)


@post("/matters/{matter_id:uuid}/accused", requires=(HANDLE, REGISTER))
async def accuse(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Name whom the item accuses."""
    act = services.accuse(
        matter_id,
        name=data.get("accused_name", ""),
        unit_id=uuid_in(data, "accused_unit"),
        user_id=uuid_in(data, "accused_user"),
        actor=actor,
        at=now,
        plugins=plugins,
    )
    said = N_("From now on the item exists for none of them.")
    return await _act(matter_id, data, "accused", act, said, actor=actor, now=now, flash=flash)


@post("/matters/{matter_id:uuid}/accused/{accused_id:uuid}/withdraw", requires=NAME)
async def withdraw(
    matter_id: FromPath[UUID],
    accused_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take back that the item accuses somebody."""
    await access.require(matter_id, actor, now)
    act = services.withdraw(accused_id, reason=data.get("reason", ""), actor=actor, at=now)
    form, said = f"withdraw-{accused_id}", N_("It was taken back.")
    return await _act(matter_id, data, form, act, said, actor=actor, now=now, flash=flash)


@post("/matters/{matter_id:uuid}/step-back", requires=SEE)
async def step_back(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Declare a direct interest."""
    act = services.step_back(
        matter_id, reason=data.get("interest", ""), actor=actor, at=now, plugins=plugins
    )
    said = N_("You stepped back. The head of the room was told.")
    return await _act(matter_id, data, "step-back", act, said, actor=actor, now=now, flash=flash)


@post("/matters/{matter_id:uuid}/recusals", requires=NAME)
async def name(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Name somebody who must not deal with the item."""
    user_id = uuid_in(data, "recused")
    if user_id is None:
        missing = {"recused": N_("Please choose one of the options.")}
        return await page(
            matter_id, actor, now, status=422, errors=missing, values=data, rejected="name"
        )
    act = services.name(
        matter_id, user_id, reason=data.get("recused_why", ""), actor=actor, at=now, plugins=plugins
    )
    said = N_("They have nothing to do with it from now on.")
    return await _act(matter_id, data, "name", act, said, actor=actor, now=now, flash=flash)


@post("/matters/{matter_id:uuid}/recusals/{recusal_id:uuid}/lift", requires=NAME)
async def lift(
    matter_id: FromPath[UUID],
    recusal_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Let somebody deal with the item again."""
    await access.require(matter_id, actor, now)
    act = services.lift(recusal_id, reason=data.get("reason", ""), actor=actor, at=now)
    form, said = f"lift-{recusal_id}", N_("They may deal with it again.")
    return await _act(matter_id, data, form, act, said, actor=actor, now=now, flash=flash)


@get("/matters/{matter_id:uuid}/still", requires=SEE, status_code=204)
async def still(
    matter_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> None:
    """Say whether the open page may stay open; 404 once the item does not exist for the reader."""
    await access.require(matter_id, actor, now)


# -- files


@post(
    "/matters/{matter_id:uuid}/files",
    requires=SEE,
    request_max_body_size=files.MAX_FILE + 20_000,
)
async def add_file(
    matter_id: FromPath[UUID],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Add a file to the item."""
    await access.require(matter_id, actor, now)
    given = data.get("file")
    content = await given.read() if isinstance(given, UploadFile) else b""
    typed = {"file_kind": str(data.get("file_kind", ""))}
    problems: dict[str, Message] = dict(read([forms.FILE_KIND], typed).problems)
    if not content:
        problems["file"] = N_("Please choose a file.")
    try:
        if problems:
            raise InvalidInputError(problems)
        safe = await files.prepared(content)
        await files.attach(
            safe,
            kind=typed["file_kind"],
            name=getattr(given, "filename", "") or "",
            matter_id=matter_id,
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        problems = dict(error.problems)
    except FileRefusedError as error:
        problems = {"file": error.message}
    else:
        flash("success", N_("The file is kept, encrypted."))
        return await _after(matter_id, actor, now, "files")
    return await page(
        matter_id, actor, now, status=422, errors=problems, values=typed, rejected="files"
    )


@get("/files/{file_id:uuid}", requires=SEE)
async def open_file(
    file_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Send a file to whoever may see its item: a picture to look at, a PDF to keep."""
    line, data = await files.open_file(file_id, actor, now)
    way = "inline" if line.is_picture else "attachment"
    return Response(
        data,
        media_type=line.media_type,
        headers={
            "cache-control": "private, no-store",
            "content-disposition": f'{way}; filename="{line.download_name}"',
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
        },
    )


# -- the glass


@get("/secrecy/glass", requires=READ)
async def show_glass(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """Show what one asked to look at, and what others ask."""
    return await _glass_page(actor, now)


async def _glass_page(
    actor: Actor,
    now: datetime,
    values: Form | None = None,
    errors: dict[str, Message] | None = None,
) -> Template:
    return Template(
        "government/secrecy/glass.html",
        context={
            "fields_": forms.ASK,
            "values": values or {},
            "errors": errors or {},
            "own": await queries.own_wishes(actor, now),
            "waiting": await queries.waiting(actor, now) if actor.may(LET_IN) else [],
            "may_let_in": actor.may(LET_IN),
        },
        status_code=422 if errors else 200,
    )


@post("/secrecy/glass", requires=READ)
async def ask(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Ask to look at an item."""
    try:
        await glass.ask(data.get("number", ""), reason=data.get("reason", ""), actor=actor, at=now)
    except InvalidInputError as error:
        return await _glass_page(actor, now, data, dict(error.problems))
    flash("success", N_("A second person decides. You are told of it here."))
    return Redirect(glass.PAGE, status_code=303)


@post("/secrecy/glass/{wish_id:uuid}", requires=LET_IN)
async def decide(
    wish_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Let somebody in for an hour, or not."""
    try:
        if data.get("do") == "let_in":
            await glass.grant(wish_id, actor=actor, at=now)
            flash("success", N_("They are let in for 60 minutes; the log is sealed."))
        else:
            await glass.refuse(wish_id, actor=actor, at=now)
            flash("success", N_("They are not let in."))
    except (RefusedError, WrongStateError) as error:
        flash("warning", error.message)
    return Redirect(glass.PAGE, status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        accuse,
        withdraw,
        step_back,
        name,
        lift,
        still,
        add_file,
        open_file,
        show_glass,
        ask,
        decide,
    ],
)
