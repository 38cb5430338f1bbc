"""One incident: its steps, notes and pictures, and what is done with it (CORE-16)."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.attachments import services as attachments
from core.errors import DomainError, InvalidInputError, NotFoundError
from core.forms import Field
from core.i18n import N_, Message
from core.incidents import amending, queries, services, steps
from core.incidents.queries import READ, WRITE
from core.incidents.taking import LONGEST_TEXT
from core.permissions import Actor
from core.settings import Settings
from core.visitors.forms import typed_id
from web.plugins import WebPlugins

MAX_PHOTO = 20_000_000
SEEN = Field(
    name="seen",
    label=N_("What was seen"),
    kind="textarea",
    required=True,
    max_length=LONGEST_TEXT,
    help=N_("Behaviour and words, no diagnosis: “lies on the floor, does not answer”."),
)
CALLED = Field(name="called", label=N_("Who was called"), max_length=200)
CALLED_AT = Field(name="called_at", label=N_("When"), kind="time")
TEXT = Field(name="text", label=N_("Note"), kind="textarea", required=True, max_length=4000)
RESULT = Field(
    name="result", label=N_("How it ended"), kind="textarea", required=True, max_length=4000
)
REASON = Field(name="reason", label=N_("Why"), required=True, max_length=300)
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


def kind_field(plugins: WebPlugins, site_id: UUID) -> Field:
    """Return the field by which a kind is chosen."""
    options = [(kind.name, kind.label) for kind in steps.kinds(plugins, site_id)]
    return Field(name="kind", label=N_("What"), kind="radio", required=True, options=options)


def labels(plugins: WebPlugins) -> dict[str, Message]:
    """Return what the kinds are called."""
    return {kind.name: kind.label for kind in plugins.register_incident_kinds()}


def clock_time(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the latest moment that shows this time of day; None for no time."""
    try:
        typed = time.fromisoformat(text.strip())
    except ValueError:
        return None
    local = now.astimezone(zone)
    moment = datetime.combine(local.date(), typed.replace(tzinfo=None), zone)
    return moment if moment <= now + timedelta(minutes=5) else moment - timedelta(days=1)


@get("/incidents/{incident_id:uuid}", requires=(READ, WRITE))
async def one(
    incident_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show an incident with its steps, notes and pictures."""
    return await _page(incident_id, actor, plugins, {}, {})


async def _page(
    incident_id: UUID,
    actor: Actor,
    plugins: WebPlugins,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    where: str = "",
    status: int = 200,
) -> Template:
    shown = await queries.shown(incident_id, actor=actor)
    return Template(
        "incidents/incident.html",
        context={
            "incident": shown,
            "labels": labels(plugins),
            "kind_field": kind_field(plugins, shown.site_id),
            "called": CALLED,
            "called_at": CALLED_AT,
            "text": TEXT,
            "result": RESULT,
            "reason": REASON,
            "seen": SEEN,
            "values": values,
            "errors": errors,
            "where": where,
            "may_write": actor.may_at(WRITE, shown.site_id),
            "may_void": actor.may_at(WRITE, shown.site_id) and actor.may_at(READ, shown.site_id),
        },
        status_code=status,
    )


@post("/incidents/{incident_id:uuid}/{act:str}", requires=WRITE)
async def act_on(
    incident_id: FromPath[UUID],
    act: FromPath[str],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Do a step or leave it out, note, close, reopen, correct, void."""
    if act not in _ACTS:
        raise NotFoundError
    try:
        await _ACTS[act](incident_id, data, actor, now, plugins, settings.zone)
    except InvalidInputError as error:
        where = f"{act}:{data.get('step', '')}"
        return await _page(incident_id, actor, plugins, data, error.problems, where, 422)
    except DomainError as error:
        if error.code == "not_found":
            raise
        flash("warning", error.message)
    else:
        flash("success", N_("Saved."))
    return Redirect(f"/incidents/{incident_id}", status_code=303)


Given = Mapping[str, str]


async def _done(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, _: WebPlugins, zone: ZoneInfo
) -> None:
    await steps.do_step(
        incident_id,
        _step(data),
        actor=actor,
        at=at,
        called=data.get("called", ""),
        called_at=clock_time(data.get("called_at", ""), at, zone),
    )


def _step(data: Given) -> UUID:
    step = typed_id(data.get("step", ""))
    if step is None:
        raise NotFoundError
    return step


async def _leave_out(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, _: WebPlugins, __: ZoneInfo
) -> None:
    reason = data.get("reason", "")
    await steps.leave_out_step(incident_id, _step(data), reason=reason, actor=actor, at=at)


async def _note(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, _: WebPlugins, __: ZoneInfo
) -> None:
    await amending.add_note(incident_id, data.get("text", ""), actor=actor, at=at)


async def _close(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, plugins: WebPlugins, _: ZoneInfo
) -> None:
    result = data.get("result", "")
    await services.close(incident_id, result=result, actor=actor, at=at, plugins=plugins)


async def _reopen(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, _: WebPlugins, __: ZoneInfo
) -> None:
    await services.reopen(incident_id, reason=data.get("reason", ""), actor=actor, at=at)


async def _correct(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, plugins: WebPlugins, _: ZoneInfo
) -> None:
    await amending.correct(
        incident_id,
        seen=data.get("seen"),
        kind=data.get("kind"),
        reason=data.get("reason", ""),
        actor=actor,
        at=at,
        plugins=plugins,
    )


async def _void(
    incident_id: UUID, data: Given, actor: Actor, at: datetime, _: WebPlugins, __: ZoneInfo
) -> None:
    await services.void(incident_id, reason=data.get("reason", ""), actor=actor, at=at)


_ACTS = {
    "done": _done,
    "leave-out": _leave_out,
    "note": _note,
    "close": _close,
    "reopen": _reopen,
    "correct": _correct,
    "void": _void,
}


@post(
    "/incidents/{incident_id:uuid}/photos",
    requires=WRITE,
    request_max_body_size=MAX_PHOTO + 10_000,
)
async def add_photo(
    incident_id: FromPath[UUID],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Add a picture."""
    file = data.get("photo")
    content = await file.read() if isinstance(file, UploadFile) else b""
    problem = N_("Please choose a file.")
    try:
        if content:
            await amending.attach_photo(incident_id, content, actor=actor, at=now)
            flash("success", N_("The picture is kept."))
            return Redirect(f"/incidents/{incident_id}", status_code=303)
    except DomainError as error:
        if error.code == "not_found":
            raise
        problem = error.message
    return await _page(incident_id, actor, plugins, {}, {"photo": problem}, "photos:", 422)


@get("/incidents/{incident_id:uuid}/photos/{photo_id:uuid}", requires=(READ, WRITE))
async def photo(
    incident_id: FromPath[UUID], photo_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Send a picture to whoever may see its incident."""
    found = await queries.photo_of(incident_id, photo_id, actor=actor)
    row, data = await attachments.open_attachment(found)
    headers = {"cache-control": "private, no-store", "content-disposition": "inline"}
    return Response(data, media_type=row.media_type, headers=headers)


router = Router(path="", route_handlers=[one, add_photo, photo, act_on])
