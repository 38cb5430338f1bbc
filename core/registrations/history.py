"""One registration with all that happened to it, and what one person's visits were; reads only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.errors import InvalidInputError, NotFoundError
from core.hosts.tables import Host
from core.i18n import N_
from core.log.services import record
from core.log.tables import LogEntry
from core.permissions import Actor
from core.registrations import states
from core.registrations.queries import COLUMNS, FROM, READ, Card, card_of, may_read
from core.registrations.rulebook import Reception
from core.registrations.tables import Companion, Registration
from core.sites.tables import Gate, Site
from core.visitors import queries as visitors
from core.visitors.queries import VisitorCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timeline, as the log has it. `values` are what the act changed or noted."""

    at: datetime
    act: str
    who: str
    place: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """One registration with all that its page shows."""

    card: Card
    row: Registration
    visitor: VisitorCard
    companions: list[VisitorCard]
    host: Host | None
    site: Site
    gate: Gate | None
    timeline: list[Entry]


async def registration(
    registration_id: UUID, *, actor: Actor, now: datetime, times: Reception
) -> Full:
    """Return one registration, or NotFoundError where the actor may not see it."""
    row = await Registration.objects().where(Registration.id == registration_id).first()
    if row is None:
        raise NotFoundError
    may_read(actor, row.site)
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM} WHERE r.id = {{}}",
        registration_id,
    )
    companions = await Companion.select(Companion.visitor).where(
        Companion.registration == registration_id
    )
    site = await Site.objects().where(Site.id == row.site).first()
    assert site is not None  # noqa: S101 - a foreign key
    gate = await Gate.objects().where(Gate.id == row.gate).first() if row.gate else None
    host = await Host.objects().where(Host.id == row.host).first() if row.host else None
    cards = await visitors.visitors([c["visitor"] for c in companions])
    return Full(
        card=card_of(rows[0], now, times),
        row=row,
        visitor=await visitors.visitor(row.visitor),
        companions=list(cards.values()),
        host=host,
        site=site,
        gate=gate,
        timeline=await timeline(registration_id),
    )


async def timeline(registration_id: UUID) -> list[Entry]:
    """Return every act on a registration, oldest first."""
    rows = (
        await LogEntry.objects()
        .where(LogEntry.record_kind == "registration", LogEntry.record_id == str(registration_id))
        .order_by(LogEntry.id)
    )
    return [
        Entry(
            at=clock.from_ms(row.at),
            act=row.act.removeprefix("registration."),
            who=row.actor_name,
            place=row.place,
            before=json.loads(row.before) if row.before else {},
            after=json.loads(row.after) if row.after else {},
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a returning visitor's form is pre-filled with beside the person."""

    purpose: str = ""
    reason: str = ""
    host_id: UUID | None = None
    host_name: str = ""


async def usual(visitor_id: UUID, site_id: UUID, *, hidden: Sequence[str] = ()) -> Usual:
    """Return purpose, reason and host of a person's latest visit to a site, but of no hidden purpose."""
    ids = await visitors.all_of(visitor_id)
    row = (
        await Registration.objects()
        .where(
            Registration.visitor.is_in(ids),
            Registration.site == site_id,
            Registration.state.not_in([states.VOIDED, states.REFUSED]),
            Registration.purpose.not_in(["", *hidden]),
        )
        .order_by(Registration.created_at, ascending=False)
        .first()
    )
    if row is None:
        return Usual()
    host = await Host.objects().where(Host.id == row.host).first() if row.host else None
    return Usual(
        purpose=row.purpose,
        reason=row.reason,
        host_id=host.id if host is not None and host.active else None,
        host_name=host.name if host is not None else row.host_text,
    )


async def party_names(registration_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return the companions' names by registration, for a roll call."""
    names: dict[UUID, list[str]] = {}
    if registration_ids:
        rows = await Companion.select(Companion.registration, Companion.visitor.name).where(
            Companion.registration.is_in(list(registration_ids))
        )
        for row in rows:
            names.setdefault(row["registration"], []).append(row["visitor.name"])
    return names


async def of_person(
    visitor_ids: Sequence[UUID],
    *,
    actor: Actor,
    now: datetime,
    times: Reception,
    hidden: Sequence[str] = (),
    limit: int = 50,
) -> list[Card]:
    """Return the visits of one person, as visitor or companion, at sites the actor may see; newest first.

    Visits of the `hidden` purposes are left out: they are behind a wall (walls.py).
    """
    if not actor.may(READ) or not visitor_ids:
        return []
    condition, args = _of_person(visitor_ids, actor)
    if hidden:
        condition += f" AND r.purpose NOT IN ({', '.join('{}' for _ in hidden)})"
        args += hidden
    rows = await db.fetch(
        f"SELECT {COLUMNS}{FROM} WHERE {condition} ORDER BY r.created_at DESC LIMIT {limit}",
        *args,
    )
    return [card_of(row, now, times) for row in rows]


async def beyond(
    visitor_ids: Sequence[UUID], *, actor: Actor, hidden: Sequence[str]
) -> dict[str, int]:
    """Return how many visits of one person lie behind the wall, by the domain's name."""
    if not actor.may(READ) or not visitor_ids or not hidden:
        return {}
    condition, args = _of_person(visitor_ids, actor)
    rows = await db.fetch(
        f"SELECT r.purpose, count(*) AS n FROM registration r WHERE {condition}"  # noqa: S608 - places only
        f" AND r.purpose IN ({', '.join('{}' for _ in hidden)}) GROUP BY r.purpose",
        *args,
        *hidden,
    )
    found: dict[str, int] = {}
    for row in rows:
        domain = row["purpose"].partition(".")[0]
        found[domain] = found.get(domain, 0) + row["n"]
    return found


async def look_beyond(
    visitor_id: UUID, *, reason: str, domains: Mapping[str, int], actor: Actor, at: datetime
) -> None:
    """Note a look over the wall, with its purpose, before it is granted (CORE-26)."""
    if not actor.may(READ):
        raise NotFoundError
    if not reason.strip():
        raise InvalidInputError({"purpose": N_("Say what you need the other visits for.")})
    async with db.writing():
        await record(
            actor,
            "visitor.cross_look",
            "visitor",
            visitor_id,
            at=at,
            after={"reason": reason.strip(), "domains": ", ".join(sorted(domains))},
        )


def _of_person(visitor_ids: Sequence[UUID], actor: Actor) -> tuple[str, list[Any]]:
    places = ", ".join("{}" for _ in visitor_ids)
    condition = (
        f"(r.visitor IN ({places})"  # noqa: S608 - places only
        f" OR r.id IN (SELECT registration FROM registration_companion WHERE visitor IN ({places})))"
    )
    args: list[Any] = [*visitor_ids, *visitor_ids]
    if actor.site_ids:
        condition += f" AND r.site IN ({', '.join('{}' for _ in actor.site_ids)})"
        args += actor.site_ids
    return condition, args
