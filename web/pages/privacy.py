"""What a person may ask for: to be given what is stored, to be erased; legal holds; the notice."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.appointments.rulebook import visits_ahead
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.privacy import queries, services
from core.privacy.facts import PersonalData
from core.privacy.tables import LegalHold
from core.visitors import queries as visitors
from web.plugins import WebPlugins

ERASE = "core:visitor:erase"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
WHY_ERASE = Field(
    name="reason",
    label=N_("Why"),
    required=True,
    max_length=300,
    help=N_("For example: the person asked for it on 23 November, in writing."),
)
WHY_HOLD = Field(
    name="reason",
    label=N_("Why"),
    required=True,
    max_length=300,
    help=N_("For example: a dispute is open; the case number."),
)
SURE = Field(
    name="sure",
    label=N_("I know that this cannot be undone"),
    kind="checkbox",
    required=True,
)


def _everywhere(actor: Actor) -> None:
    # A person's visits may be at any site: whoever holds the right at one only has it not here.
    if actor.sites_with(ERASE) is not None:
        raise NotFoundError


@get("/visitors/{visitor_id:uuid}/data", requires=ERASE)
async def show(visitor_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show what can be done about a person's data."""
    _everywhere(actor)
    return await _page(visitor_id)


async def _page(
    visitor_id: UUID,
    *,
    act: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
) -> Template:
    visitor = await visitors.visitor(visitor_id)
    held = [
        hold
        for hold in await queries.holds()
        if hold.record_kind == "visitor" and hold.record == visitor_id
    ]
    return Template(
        "privacy/person.html",
        context={
            "visitor": visitor,
            "held": held,
            "why_erase": WHY_ERASE,
            "why_hold": WHY_HOLD,
            "sure": SURE,
            "act": act,
            "values": values or {},
            "errors": errors or {},
        },
        status_code=422 if errors else 200,
    )


@post("/visitors/{visitor_id:uuid}/data", requires=ERASE, status_code=200)
async def give(
    visitor_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show all that is stored about a person, for print; that it was given is logged."""
    _everywhere(actor)
    groups, failed = await services.export_person(visitor_id, plugins=plugins, actor=actor, at=now)
    return Template(
        "privacy/given.html",
        context={
            "visitor": await visitors.visitor(visitor_id),
            "groups": groups,
            "failed": failed,
            "contact": (await visits_ahead(now)).data_contact,
        },
    )


@post("/visitors/{visitor_id:uuid}/data.json", requires=ERASE, status_code=200)
async def give_as_file(
    visitor_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    locale: NamedDependency[str],
) -> Response[bytes]:
    """Give all that is stored about a person as a file that programs read."""
    _everywhere(actor)
    groups, failed = await services.export_person(visitor_id, plugins=plugins, actor=actor, at=now)
    body = {
        "person": str(visitor_id),
        "given_at": now.isoformat(),
        "parts": [_part(group, locale) for group in groups],
        "missing_parts": failed,
    }
    return Response(
        json.dumps(body, ensure_ascii=False, indent=1).encode(),
        media_type="application/json; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="person-{visitor_id}.json"'},
    )


def _part(group: PersonalData, locale: str) -> dict[str, object]:
    return {
        "title": group.title.translate(locale),
        "lines": [
            {"label": line.label.translate(locale), "value": line.value} for line in group.details
        ],
    }


@post("/visitors/{visitor_id:uuid}/erase", requires=ERASE)
async def erase(
    visitor_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Erase a person's data everywhere, unless a legal hold or an open visit stops it."""
    _everywhere(actor)
    typed = read([WHY_ERASE], data)
    problems = dict(typed.problems)
    if not data.get(SURE.name):
        problems[SURE.name] = N_("Say that you know it.")
    try:
        if problems:
            raise InvalidInputError(problems)
        await services.erase_visitor(
            visitor_id, reason=typed.values["reason"], plugins=plugins, actor=actor, at=now
        )
    except InvalidInputError as error:
        return await _page(visitor_id, act="erase", values=data, errors=error.problems)
    except (RefusedError, WrongStateError) as error:
        return await _page(visitor_id, act="erase", values=data, errors={"": error.message})
    flash("success", N_("The person's data is erased. Figures stay."))
    return Redirect(f"/visitors/{visitor_id}/data", status_code=303)


@post("/visitors/{visitor_id:uuid}/hold", requires=ERASE)
async def hold(
    visitor_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Stop the erasure of a person's data."""
    _everywhere(actor)
    visitor = await visitors.row(visitor_id)
    if visitor.erased_at is not None:
        raise NotFoundError
    typed = read([WHY_HOLD], data)
    if typed.problems:
        return await _page(visitor_id, act="hold", values=data, errors=typed.problems)
    await services.place_hold(
        "visitor", visitor_id, reason=typed.values["reason"], actor=actor, at=now
    )
    flash("success", N_("The data is kept until the hold is lifted."))
    return Redirect(f"/visitors/{visitor_id}/data", status_code=303)


@get("/privacy/holds", requires=ERASE)
async def holds(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """Show every legal hold in force."""
    _everywhere(actor)
    return Template(
        "privacy/holds.html", context={"holds": await queries.holds_known_to(actor, at=now)}
    )


@post("/privacy/holds/{hold_id:uuid}/lift", requires=ERASE)
async def lift(
    hold_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Lift a legal hold."""
    _everywhere(actor)
    row = await LegalHold.objects().where(LegalHold.id == hold_id).first()
    await services.lift_hold(hold_id, actor=actor, at=now)
    flash("success", N_("The hold is lifted."))
    back = f"/visitors/{row.record}/data" if row and row.record_kind == "visitor" else ""
    return Redirect(back or "/privacy/holds", status_code=303)


@get("/privacy-notice", public=True)
async def notice(now: NamedDependency[datetime], plugins: NamedDependency[WebPlugins]) -> Template:
    """Tell visitors what is kept about them, why, how long, and what they may ask for."""
    return Template(
        "privacy/notice.html",
        context={
            "contact": (await visits_ahead(now)).data_contact,
            "retention": plugins.register_retention(),
        },
    )


router = Router(
    path="", route_handlers=[show, give, give_as_file, erase, hold, holds, lift, notice]
)
