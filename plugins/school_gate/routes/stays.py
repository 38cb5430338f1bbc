"""Long stays: announced by the lodge, registered, badged, extended and ended by the office (SCH-16)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, RefusedError, StaleError, WrongStateError
from core.forms import Cleaned, Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from core.text import TextError
from core.typed import number_in, uuid_in
from core.visitors import queries as visitors
from core.visitors.forms import (
    BY_EYE,
    DOCUMENT_KIND,
    DOCUMENT_NUMBER,
    NAME,
    PHONE,
    SAME_PERSON,
    person_of,
)
from plugins.school_gate.lodge_registered import NOTIFY_STAY, RELEASE_VALUABLES, WRITE_STAY
from plugins.school_gate.queries import stays, valuables
from plugins.school_gate.routes.inputs import Flash, Form, site_of
from plugins.school_gate.routes.lodge_pages import paper_answer, rules_at
from plugins.school_gate.services import stay_announcing
from plugins.school_gate.services import stays as service
from plugins.school_gate.stay_policies import KINDS, STATES

BASE = "/school-gate/stays"
MAY_LOOK = (WRITE_STAY, NOTIFY_STAY)


def _clean_day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise TextError("no_day", N_("Type a day such as 2026-11-23.")) from error
    if not 2000 <= day.year <= 2100:
        raise TextError("no_day", N_("Type a day such as 2026-11-23."))
    return day.isoformat()


def _day(values: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(values[name]) if values.get(name) else None


KIND = Field(
    name="kind", label=N_("Kind"), kind="select", required=True, options=tuple(KINDS.items())
)
HOST = Field(name="host", label=N_("Host, by name"), max_length=100)
PLACE = Field(name="place", label=N_("Where in the school"), max_length=100)
FIRST = Field(name="first_day", label=N_("From"), kind="date", clean=_clean_day)
LAST = Field(name="last_day", label=N_("Until"), kind="date", clean=_clean_day)
REMARK = Field(name="remark", label=N_("Remark"), max_length=200)
REASON = Field(name="reason", label=N_("Reason"), required=True, max_length=200)
PERSON = (NAME, PHONE, DOCUMENT_KIND, DOCUMENT_NUMBER, BY_EYE, SAME_PERSON)
STAY = (KIND, HOST, PLACE, FIRST, LAST, REMARK)
REGISTERED = (
    KIND,
    *(
        Field(
            name=f.name,
            label=f.label,
            kind=f.kind,
            required=True,
            max_length=f.max_length,
            clean=f.clean,
        )
        for f in (HOST, PLACE, FIRST, LAST)
    ),
)
Query = Request[Any, Any, Any]


@get("/stays", requires=MAY_LOOK)
async def show_all(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List who lives in, what is to be registered, what ends soon or is over."""
    query = {name: str(value) for name, value in request.query_params.items()}
    rules = await rules_at(now)
    page = number_in(query, "page")
    view = query.get("view", "")
    found, total = await stays.stays(
        actor,
        at=now,
        rules=rules,
        view=view if view in stays.VIEWS else "",
        text=query.get("q", "").strip()[:100],
        page=page,
    )
    return Template(
        "school_gate/stays.html",
        context={
            "stays": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // stays.PAGE)),
            "query": query,
            "views": [(name, label) for name, label in stays.VIEWS.items() if name],
            "counts": await stays.counts(actor, at=now, rules=rules),
            "kinds": KINDS,
            "state_names": STATES,
            "rules": rules,
        },
    )


@get("/stays/new", requires=MAY_LOOK)
async def new(request: Query, actor: NamedDependency[Actor]) -> Template:
    """Show the form: somebody who is inside, or a person typed in."""
    query = {name: str(value) for name, value in request.query_params.items()}
    return await _new(actor, query, Cleaned(query, {}))


async def _new(
    actor: Actor, query: Mapping[str, str], typed: Cleaned, status: int = 200
) -> Template:
    site, sites = await site_of(actor, query, *MAY_LOOK)
    if site is None:
        return Template("school_gate/no_site.html")
    return Template(
        "school_gate/stay_new.html",
        context={
            "site": site,
            "sites": sites,
            "visits": await stays.visits_inside([site.id]),
            "person_fields": PERSON,
            "stay_fields": STAY,
            "values": typed.values,
            "errors": typed.problems,
        },
        status_code=status,
    )


@post("/stays", requires=MAY_LOOK)
async def announce(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Note a long stay and tell the security office."""
    site, _ = await site_of(actor, data, *MAY_LOOK)
    if site is None:
        return Template("school_gate/no_site.html")
    registration = uuid_in(data, "registration")
    typed = read(STAY if registration else (*PERSON, *STAY), data)
    problems = dict(typed.problems)
    person = None
    if registration is None:
        today = clock.local(now, settings.zone).date()
        person = person_of(typed.values, problems, today=today)
    if problems:
        return await _new(actor, data, Cleaned({**data, **typed.values}, problems), 422)
    values = typed.values
    try:
        stay_id = await stay_announcing.announce(
            stay_announcing.Announced(
                site_id=site.id,
                kind=values["kind"],
                person=person,
                registration_id=registration,
                host=values["host"],
                place=values["place"],
                first_day=_day(values, "first_day"),
                last_day=_day(values, "last_day"),
                remark=values["remark"],
            ),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _new(actor, data, Cleaned({**data, **values}, error.problems), 422)
    flash("success", N_("Noted. The security office is told."))
    return Redirect(f"{BASE}/{stay_id}", status_code=303)


# -- one stay


@get("/stays/{stay_id:uuid}", requires=MAY_LOOK)
async def show(
    stay_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one stay and what may be done with it."""
    return await _page(stay_id, actor, now)


async def _page(
    stay_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    where: str = "",
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    refused: RefusedError | None = None,
) -> Template:
    rules = await rules_at(now)
    line = await stays.stay(stay_id, actor, at=now, rules=rules)
    sees_valuables = actor.may_at(RELEASE_VALUABLES, line.site_id)
    carried, _ = await valuables.valuables(actor, stay_id=stay_id) if sees_valuables else ([], 0)
    stored = {
        "kind": line.kind,
        "host": line.host,
        "place": line.place,
        "first_day": str(line.first_day or ""),
        "last_day": str(line.last_day or ""),
        "version": str(line.version),
    }
    return Template(
        "school_gate/stay.html",
        context={
            "stay": line,
            "card": await visitors.visitor(line.visitor_id),
            "carried": carried,
            "kinds": KINDS,
            "state_names": STATES,
            "fields_": REGISTERED,
            "last": REGISTERED[-1],
            "reason": REASON,
            "values": stored if values is None or where != "register" else {**stored, **values},
            "typed": values or {},
            "errors": problems or {},
            "where": where,
            "refused": refused.decision if refused else None,
            "may_write": actor.may_at(WRITE_STAY, line.site_id),
            "sees_valuables": sees_valuables,
            "rules": rules,
        },
        status_code=422 if problems or refused else 200,
    )


@post("/stays/{stay_id:uuid}/register", requires=WRITE_STAY)
async def register(
    stay_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Register a stay, or change what is registered."""
    typed = read(REGISTERED, data)
    first, last = (
        (None, None)
        if typed.problems
        else (
            _day(typed.values, "first_day"),
            _day(typed.values, "last_day"),
        )
    )
    if first is None or last is None:
        return await _page(
            stay_id, actor, now, where="register", values=typed.values, problems=typed.problems
        )
    try:
        await service.register(
            stay_id,
            kind=typed.values["kind"],
            host=typed.values["host"],
            place=typed.values["place"],
            first_day=first,
            last_day=last,
            version=number_in(data, "version"),
            actor=actor,
            at=now,
        )
    except RefusedError as error:
        return await _page(
            stay_id, actor, now, where="register", values=typed.values, refused=error
        )
    except (StaleError, WrongStateError) as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Registered."))
    return Redirect(f"{BASE}/{stay_id}", status_code=303)


@post("/stays/{stay_id:uuid}/extend", requires=WRITE_STAY)
async def extend(
    stay_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Let a stay go on until another day."""
    typed = read((REGISTERED[-1], REASON), data)
    last = None if typed.problems else _day(typed.values, "last_day")
    problems: Mapping[str, Message] = typed.problems
    if last is not None:
        try:
            await service.extend(stay_id, last, reason=typed.values["reason"], actor=actor, at=now)
        except InvalidInputError as error:
            problems = error.problems
        except WrongStateError as error:
            flash("warning", error.message)
        else:
            flash("success", N_("Extended. Print the new badge; the old one is refused."))
    if problems:
        return await _page(
            stay_id, actor, now, where="extend", values=typed.values, problems=problems
        )
    return Redirect(f"{BASE}/{stay_id}", status_code=303)


@post("/stays/{stay_id:uuid}/end", requires=WRITE_STAY)
async def end(
    stay_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """End a stay; its badge is refused at once."""
    typed = read((REASON,), data)
    if typed.problems:
        return await _page(
            stay_id, actor, now, where="end", values=typed.values, problems=typed.problems
        )
    try:
        await service.end(stay_id, reason=typed.values["reason"], actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Ended. The badge is refused from now on."))
    return Redirect(f"{BASE}/{stay_id}", status_code=303)


@post("/stays/{stay_id:uuid}/badge", requires=WRITE_STAY)
async def issue_badge(
    stay_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Issue a badge for the days of the stay."""
    try:
        await service.issue_badge(stay_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The badge is issued. Print it."))
    return Redirect(f"{BASE}/{stay_id}", status_code=303)


@post("/stays/{stay_id:uuid}/badge.pdf", requires=WRITE_STAY, status_code=200)
async def print_badge(
    stay_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """Print the badge on one card."""
    pdf = await service.badge_pdf(
        stay_id, settings=settings, locale=settings.locale, actor=actor, at=now
    )
    return paper_answer(pdf, f"badge-{stay_id}")


router = Router(
    path="/school-gate",
    route_handlers=[show_all, new, announce, show, register, extend, end, issue_badge, print_badge],
)
