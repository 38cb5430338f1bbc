"""Registrations: the list, and one visit's page. The acts on it are in visit_acts.py."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.forms import Field
from core.hosts import queries as hosts
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import (
    forms,
    history,
    judging,
    queries,
    slip_paper,
    states,
)
from core.registrations.rulebook import reception
from core.registrations.services import purpose_named
from core.settings import Settings
from web import drawing, timeline
from web import registrations_file as export
from web.plugins import WebPlugins

READ, WRITE, DECIDE = (
    "core:registration:read",
    "core:registration:write",
    "core:registration:decide",
)
PAGE = 50
MOST_IN_FILE = 10_000
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]

WHY = Field(name="reason", label=N_("Why"), kind="textarea", required=True, max_length=500)
BY = Field(name="by", label=N_("Who answered"), required=True, max_length=100)
MEANS = Field(
    name="means",
    label=N_("How"),
    kind="select",
    required=True,
    options=(("phone", N_("By phone")), ("in_person", N_("In person"))),
)
ANSWERED_AT = Field(
    name="answered_at",
    label=N_("At"),
    kind="time",
    max_length=10,
    clean=forms.clean_clock_time,
)


# -- the list


@get("/registrations", requires=READ)
async def show_all(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    plugins: NamedDependency[WebPlugins],
    locale: NamedDependency[str],
    status: FromQuery[str] = "",
    purpose: FromQuery[str] = "",
    day: FromQuery[str] = "",
    until: FromQuery[str] = "",
    q: FromQuery[str] = "",
    sort: FromQuery[str] = "-came",
    page: FromQuery[int] = 1,
    format: FromQuery[str] = "",
) -> Template | Redirect | Response[bytes]:
    """Show registrations, narrowed and sorted, or give them as a file; a number leads to its page."""
    today = judging.site_time(now).date()
    if q and (found := await queries.by_number(q, actor=actor, today=today)):
        return Redirect(f"/registrations/{found}", status_code=303)
    wanted = queries.Filter(
        state=status if status in states.STATES else "",
        purpose=purpose,
        since=_midnight(day, settings.zone),
        until=_after(_midnight(until or day, settings.zone)),
        number=q.strip(),
    )
    as_file = format in ("csv", "xlsx")
    cards, total = await queries.registrations(
        wanted,
        actor=actor,
        now=now,
        times=await reception(now),
        page=1 if as_file else min(max(page, 1), 10_000),
        size=MOST_IN_FILE if as_file else PAGE,
        sort=sort,
    )
    labels = {p.name: p.label for p in plugins.register_purposes()}
    if as_file:
        await export.note_export(len(cards), actor=actor, at=now)
        return await export.file_of(cards, labels, format, locale=locale, at=now)
    return Template(
        "registrations/list.html",
        context={
            "cards": cards,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "query": _query(
                status=status, purpose=purpose, day=day, until=until, q=q, sort=sort, page=page
            ),
            "state_options": [(name, drawing.state_look(name)[0]) for name in states.STATES],
            "purpose_options": list(labels.items()),
            "labels": labels,
        },
    )


def _query(**parameters: str | int) -> dict[str, str | int]:
    return {k: v for k, v in parameters.items() if v not in ("", 1, "-came")}


def _midnight(day: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=zone) if day else None
    except ValueError:
        return None


def _after(midnight: datetime | None) -> datetime | None:
    return midnight + timedelta(days=1) if midnight else None


# -- one visit


async def visit_page(
    registration_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    act: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
    status: int = 200,
) -> Template:
    """Return one visit's page; after a rejected form with what was typed and the errors beside it."""
    full = await history.registration(
        registration_id, actor=actor, now=now, times=await reception(now)
    )
    purpose = purpose_named(full.row.purpose, plugins)
    facts = await judging.facts_of(full.row, at=now)
    details, failed = await plugins.collect_registration_details(facts)
    by = full.row.consent_by or full.card.host_name
    return Template(
        "registrations/registration.html",
        context={
            "visit": full,
            "card": full.card,
            "row": full.row,
            "purpose": purpose,
            "host": hosts.card(full.host) if full.host is not None else None,
            "details": details,
            "failed": failed,
            "lines": [timeline.line(entry) for entry in full.timeline],
            "may_write": actor.may_at(WRITE, full.row.site),
            "may_decide": actor.may_at(DECIDE, full.row.site),
            "may_see_visitor": actor.may("core:visitor:read"),
            "may_see_rulebooks": actor.may("core:rulebook:read"),
            "acts": states.acts_in(full.row.state),
            "papers": await slip_paper.papers(registration_id),
            "slip_printed": await queries.slip_was_printed(registration_id),
            "act": act,
            "values": values or {"by": by, "means": "phone"},
            "errors": errors or {},
            "why": WHY,
            "answer": (BY, MEANS, ANSWERED_AT),
        },
        status_code=status,
    )


@get("/registrations/{registration_id:uuid}", requires=READ)
async def show(
    registration_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show one visit: what to do next, what is known, what happened."""
    return await visit_page(registration_id, actor=actor, now=now, plugins=plugins)


router = Router(path="", route_handlers=[show_all, show])
