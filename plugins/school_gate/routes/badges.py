"""Badges: one card, sheets by class, batches with progress; revoking and replacing (SCH-19)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Cleaned, Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from core.typed import uuid_in
from plugins.school_gate.queries import badges, pupils
from plugins.school_gate.queries.badges import Holder
from plugins.school_gate.queries.pupils import PupilFilter
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import ISSUE_BADGES
from plugins.school_gate.routes.inputs import Flash, Form, site_of
from plugins.school_gate.routes.pupils import page_of
from plugins.school_gate.services import badges as service

REASON = Field(name="reason", label=N_("Reason"), required=True, max_length=200)
ALL, MISSING, STAFF = "all", "missing", "staff"
PAPERS = (
    (service.SHEETS, N_("A4 sheets of ten, to cut")),
    (service.CARD, N_("One card a page, for a card printer")),
)
Query = Request[Any, Any, Any]


async def _fields(actor: Actor, now: datetime) -> tuple[Field, ...]:
    classes = await pupils.classes(actor, at_ms=clock.to_ms(now))
    scopes: list[tuple[str, Message | str]] = [
        (MISSING, N_("Pupils without a valid badge")),
        (ALL, N_("All pupils")),
        (STAFF, N_("All staff")),
        *((str(one.id), one.full_name) for one in classes),
    ]
    return (
        Field(name="scope", label=N_("For whom"), kind="select", required=True, options=scopes),
        Field(name="paper", label=N_("Paper"), kind="select", required=True, options=PAPERS),
    )


@get("/badges", requires=ISSUE_BADGES)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form to print badges, and the latest batches."""
    scope = str(request.query_params.get("scope", MISSING))
    return await _page(actor, now, Cleaned({"scope": scope, "paper": service.SHEETS}, {}))


async def _page(actor: Actor, now: datetime, typed: Cleaned, status: int = 200) -> Template:
    return Template(
        "school_gate/badges.html",
        context={
            "fields_": await _fields(actor, now),
            "values": typed.values,
            "errors": typed.problems,
            "batches": await badges.batches(actor),
        },
        status_code=status,
    )


@post("/badges", requires=ISSUE_BADGES)
async def begin(
    data: Form,
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[None] | Template:
    """Begin to print a batch."""
    fields = await _fields(actor, now)
    typed = read(fields, data)
    site, _ = await site_of(actor, request.query_params, ISSUE_BADGES)
    if typed.problems or site is None:
        return await _page(actor, now, typed, 422)
    scope = typed.values["scope"]
    title = dict(fields[0].options)[scope]
    try:
        batch_id = await service.begin(
            await _holders(scope, site.id, actor, now),
            title=title if isinstance(title, str) else title.translate(settings.locale),
            layout=typed.values["paper"],
            site_id=site.id,
            organisation=settings.organisation_name,
            locale=settings.locale,
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _page(actor, now, Cleaned(typed.values, error.problems), 422)
    return Redirect(f"/school-gate/badges/{batch_id}", status_code=303)


async def _holders(scope: str, site_id: UUID, actor: Actor, now: datetime) -> list[Holder]:
    at_ms = clock.to_ms(now)
    if scope == STAFF:
        found = await badges.staff(actor, at_ms=at_ms, site_id=site_id, limit=service.MAX_BATCH + 1)
        return await badges.holders_of_staff([one.id for one in found])
    wanted = PupilFilter(
        site_id=site_id,
        class_id=uuid_in({"id": scope}, "id"),
        badge="no" if scope == MISSING else "",
    )
    lines, _ = await pupils.pupils(actor, wanted, at_ms=at_ms, size=service.MAX_BATCH + 1)
    return await badges.holders_of_pupils([line.id for line in lines])


@get("/badges/{batch_id:uuid}", requires=ISSUE_BADGES)
async def show(batch_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show a batch, its progress while it is printed, its file when it is done."""
    batch = await badges.batch(batch_id, actor)
    return Template("school_gate/batch.html", context={"batch": batch})


@get("/badges/{batch_id:uuid}/progress", requires=ISSUE_BADGES)
async def progress(batch_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show the progress alone, as a page that is open asks for it."""
    batch = await badges.batch(batch_id, actor)
    return Template("school_gate/_batch.html", context={"batch": batch})


@get("/badges/{batch_id:uuid}/badges.pdf", requires=ISSUE_BADGES)
async def download(
    batch_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Give the printed file."""
    return _pdf(await service.printed(batch_id, actor=actor, at=now), f"badges-{batch_id}.pdf")


def _pdf(content: bytes, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="{name}"',
            "cache-control": "no-store",
        },
    )


# -- one badge


async def _holder_of_pupil(pupil_id: UUID, actor: Actor) -> Holder:
    pupil = await pupils.pupil(pupil_id, actor)
    permit(actor, pupil.site_id, ISSUE_BADGES)
    return (await badges.holders_of_pupils([pupil_id]))[0]


async def _holder_of_staff(staff_id: UUID, actor: Actor) -> Holder:
    found = await badges.holders_of_staff([staff_id])
    if not found:
        raise NotFoundError
    permit(actor, found[0].site_id, ISSUE_BADGES)
    return found[0]


@post("/pupils/{pupil_id:uuid}/badge", requires=ISSUE_BADGES)
async def issue(
    pupil_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Issue a pupil's badge."""
    pupil = await pupils.pupil(pupil_id, actor)
    if pupil.active:
        await service.issue_missing([await _holder_of_pupil(pupil_id, actor)], actor=actor, at=now)
        flash("success", N_("The badge is issued. Print it now."))
    else:
        flash("warning", N_("The pupil is not on the roster any more."))
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


@post("/pupils/{pupil_id:uuid}/badge.pdf", requires=ISSUE_BADGES, status_code=200)
async def print_card(
    pupil_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """Print a pupil's badge on one card."""
    holder = await _holder_of_pupil(pupil_id, actor)
    return await _card(holder, settings, actor, now)


@post("/staff/{staff_id:uuid}/badge.pdf", requires=ISSUE_BADGES, status_code=200)
async def print_staff_card(
    staff_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """Print the badge of a member of staff on one card."""
    return await _card(await _holder_of_staff(staff_id, actor), settings, actor, now)


async def _card(holder: Holder, settings: Settings, actor: Actor, now: datetime) -> Response[bytes]:
    content = await service.card(
        holder,
        organisation=settings.organisation_name,
        locale=settings.locale,
        actor=actor,
        at=now,
    )
    return _pdf(content, f"badge-{holder.id}.pdf")


@post("/pupils/{pupil_id:uuid}/badge/revoke", requires=ISSUE_BADGES)
async def revoke(
    pupil_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Make a pupil's badge worthless at once."""
    said = N_("The badge is revoked and refused from now on.")
    return await _with_reason(service.revoke, said, pupil_id, data, actor, now, flash)


@post("/pupils/{pupil_id:uuid}/badge/replace", requires=ISSUE_BADGES)
async def replace(
    pupil_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Replace a pupil's badge: older prints are refused."""
    said = N_("The badge is replaced; the old print is refused. Print the new one.")
    return await _with_reason(service.replace, said, pupil_id, data, actor, now, flash)


async def _with_reason(
    act: Callable[..., Awaitable[object]],
    said: Message,
    pupil_id: UUID,
    data: Form,
    actor: Actor,
    now: datetime,
    flash: Flash,
) -> Response[None] | Template:
    """Do something with a pupil's badge that needs a reason."""
    typed = read((REASON,), data)
    if typed.problems:
        return await page_of(pupil_id, actor, now, typed=typed, status=422)
    holder = await _holder_of_pupil(pupil_id, actor)
    try:
        await act(holder, reason=typed.values["reason"], actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", said)
    return Redirect(f"/school-gate/pupils/{pupil_id}", status_code=303)


router = Router(
    path="/school-gate",
    route_handlers=[
        show_all,
        begin,
        show,
        progress,
        download,
        issue,
        print_card,
        print_staff_card,
        revoke,
        replace,
    ],
)
