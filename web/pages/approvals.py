"""What waits for my signature, what I asked for, who signs instead of me (CORE-9); for the phone too."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts import naming
from core.approvals import queries, services, substitutes
from core.errors import (
    DomainError,
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.visitors.forms import typed_id
from web.plugins import WebPlugins

OPINION = Field(
    name="opinion",
    label=N_("Opinion"),
    kind="textarea",
    max_length=services.LONGEST_OPINION,
    help=N_("Needed to reject or send back."),
)
SUBSTITUTE = (
    Field(name="login", label=N_("Name or login of the substitute"), required=True, max_length=60),
    Field(name="first_day", label=N_("First day"), kind="date", required=True),
    Field(name="last_day", label=N_("Last day"), kind="date", required=True),
    Field(name="reason", label=N_("Why"), max_length=300),
)
SAID = {
    "approve": N_("Approved."),
    "reject": N_("Rejected."),
    "send_back": N_("Sent back."),
}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/approvals", signed_in=True)
async def show(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """Show what waits for one's signature and how one's own requests stand."""
    return await _list(actor, now, {}, {})


async def _list(
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    return Template(
        "approvals/list.html",
        context={
            "waiting": await queries.waiting_for(actor, at=now),
            "own": await queries.own_requests(actor, at=now),
            "substitutes": await substitutes.of_principal(actor.id, at=now),
            "standing_in": await substitutes.of_substitute(actor.id, at=now),
            "may_see_all": actor.may(queries.READ),
            "may_appoint": actor.may(queries.ADMIN),
            "fields_": SUBSTITUTE,
            "values": values,
            "errors": errors,
        },
        status_code=status,
    )


@get("/approvals/{request_id:uuid}", signed_in=True)
async def one(
    request_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None] | Template:
    """Show a request with its votes, and what one may do with it; to be signed on its owner's page."""
    shown = await queries.shown(request_id, actor=actor, at=now)
    if shown.page and shown.open_seats:
        return Redirect(shown.page, status_code=303)
    return await _page(request_id, actor, now, {}, {})


async def _page(
    request_id: UUID,
    actor: Actor,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    shown = await queries.shown(request_id, actor=actor, at=now)
    stand_in = bool(shown.open_seats) and shown.open_seats[0][0] != actor.id
    instead = Field(
        name="instead_of",
        label=N_("You sign for"),
        kind="radio",
        required=True,
        options=[(str(holder), name) for holder, name in shown.open_seats],
    )
    return Template(
        "approvals/request.html",
        context={
            "request_": shown,
            "instead": instead if stand_in else None,
            "opinion": OPINION,
            "values": values,
            "errors": errors,
            "is_own": shown.requester_id is not None and shown.requester_id == actor.id,
            "may_reseat": actor.may(queries.ADMIN),
        },
        status_code=status,
    )


@post("/approvals/{request_id:uuid}/vote", signed_in=True)
async def vote(
    request_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Approve, reject or send back; what has a page of its own is signed where its text is read."""
    shown = await queries.shown(request_id, actor=actor, at=now)
    if shown.page:
        flash("warning", N_("This is signed on its own page, where its text is read."))
        page = shown.page if shown.open_seats else f"/approvals/{request_id}"
        return Redirect(page, status_code=303)
    version = data.get("version", "")
    choice = data.get("choice", "")
    opinion = read([OPINION], data)
    try:
        if opinion.problems:
            raise InvalidInputError(opinion.problems)
        await services.vote(
            request_id,
            choice,
            actor=actor,
            at=now,
            plugins=plugins,
            opinion=opinion.values["opinion"],
            instead_of=typed_id(data.get("instead_of", "")),
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except InvalidInputError as error:
        return await _page(request_id, actor, now, data, error.problems, 422)
    except (StaleError, WrongStateError, RefusedError) as error:
        flash("warning", error.message)
        return Redirect(f"/approvals/{request_id}", status_code=303)
    flash("success", SAID[choice])
    return Redirect("/approvals", status_code=303)


@post("/approvals/{request_id:uuid}/withdraw", signed_in=True)
async def withdraw(
    request_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Take back one's own request."""
    try:
        await services.withdraw(request_id, actor=actor, at=now, plugins=plugins)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Your request is withdrawn."))
    return Redirect(f"/approvals/{request_id}", status_code=303)


@post("/approvals/{request_id:uuid}/resubmit", signed_in=True)
async def resubmit(
    request_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Submit again what was sent back; what has a page of its owner is put right and submitted there."""
    shown = await queries.shown(request_id, actor=actor, at=now)
    if shown.page:
        return Redirect(shown.url or shown.page, status_code=303)
    try:
        await services.resubmit(request_id, actor=actor, at=now, plugins=plugins)
    except (WrongStateError, RefusedError) as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Submitted again: every step signs anew."))
    return Redirect(f"/approvals/{request_id}", status_code=303)


@post("/approvals/{request_id:uuid}/reseat", requires=queries.ADMIN)
async def reseat(
    request_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Name the signers of the present step anew."""
    try:
        await services.reseat(request_id, actor=actor, at=now, plugins=plugins)
    except (WrongStateError, RefusedError) as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The signers are named anew."))
    return Redirect(f"/approvals/{request_id}", status_code=303)


@post("/approvals/substitutes", signed_in=True)
async def appoint(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Let somebody sign instead of oneself."""
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    cleaned, days, problems = dated(SUBSTITUTE, data)
    known, unknown = await naming.meant(cleaned["login"])
    if unknown is not None:
        problems.setdefault("login", unknown)
    if problems or known is None:
        return await _list(actor, now, data, problems, 422)
    try:
        await substitutes.appoint(
            actor.id,
            known.id,
            first_day=days["first_day"],
            last_day=days["last_day"],
            reason=cleaned["reason"],
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _list(actor, now, data, error.problems, 422)
    except DomainError as error:
        return await _list(actor, now, data, {"login": error.message}, 422)
    flash("success", N_("{name} signs instead of you on these days.", name=known.name))
    return Redirect("/approvals", status_code=303)


def dated(
    fields: Sequence[Field], data: Mapping[str, str]
) -> tuple[Mapping[str, str], dict[str, date], dict[str, Message]]:
    """Return what a form of a substitution holds: texts, first and last day, problems."""
    cleaned = read(fields, data)
    problems = dict(cleaned.problems)
    days: dict[str, date] = {}
    for name in ("first_day", "last_day"):
        try:
            days[name] = date.fromisoformat(cleaned.values[name])
        except ValueError:
            problems.setdefault(name, N_("Write the date like 2026-11-23."))
    return cleaned.values, days, problems


@post("/approvals/substitutes/{appointment_id:uuid}/end", signed_in=True)
async def end_substitute(
    appointment_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """End a substitution."""
    ended = await substitutes.end(appointment_id, actor=actor, at=now)
    if ended.principal != actor.id:
        flash("success", N_("{name} signs alone again.", name=ended.principal_name))
        return Redirect("/approvals/substitutes/all", status_code=303)
    flash("success", N_("You sign for yourself again."))
    return Redirect("/approvals", status_code=303)


router = Router(
    path="",
    route_handlers=[
        show, one, vote, withdraw, resubmit, reseat, appoint, end_substitute,
    ],
)  # fmt: skip
