"""From a registration's rows to the facts that policies judge, and from a decision to a state."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from core import clock, settings
from core.decisions import Allow, Decision, Deny
from core.hosts.tables import Host
from core.log.tables import LogEntry
from core.registrations import states
from core.registrations.facts import RegistrationFacts, WatchMatch
from core.registrations.tables import Companion, Registration
from core.visitors import watch
from core.visitors.tables import Visitor


def site_time(moment: datetime) -> datetime:
    """Return the moment as the organisation's wall clock shows it."""
    return clock.local(moment, settings.load().zone)


async def party(row: Registration) -> list[Visitor]:
    """Return the visitor and the companions."""
    ids = [
        found["visitor"]
        for found in await Companion.select(Companion.visitor).where(
            Companion.registration == row.id
        )
    ]
    rows = await Visitor.objects().where(Visitor.id.is_in([row.visitor, *ids]))
    return sorted(rows, key=lambda visitor: visitor.id != row.visitor)


async def released(registration_id: UUID) -> frozenset[str]:
    """Return the codes of the holds that somebody lifted, as the log has them."""
    rows = await LogEntry.select(LogEntry.after).where(
        LogEntry.record_kind == "registration",
        LogEntry.record_id == str(registration_id),
        LogEntry.act == "registration.release",
    )
    return frozenset(json.loads(found["after"])["released"] for found in rows)


async def facts_of(
    row: Registration, *, at: datetime, answers: Mapping[str, str] | None = None
) -> RegistrationFacts:
    """Return what policies may know of a stored registration."""
    members = await party(row)
    return facts(
        row,
        members[0],
        host_name=await host_name(row),
        watched=await watch.matches([watch.watched(one) for one in members], at=at),
        at=at,
        answers=answers or {},
        lifted=await released(row.id),
    )


def facts(
    row: Registration,
    visitor: Visitor,
    *,
    host_name: str,
    watched: tuple[WatchMatch, ...],
    at: datetime,
    answers: Mapping[str, str],
    lifted: frozenset[str] = frozenset(),
) -> RegistrationFacts:
    """Return what policies may know of a registration, stored or about to be."""
    return RegistrationFacts(
        registration_id=row.id,
        number=row.number,
        site_id=row.site,
        gate_id=row.gate,
        visitor_id=row.visitor,
        visitor_name=visitor.name,
        head_count=row.head_count,
        purpose=row.purpose,
        reason=row.reason,
        host_id=row.host,
        host_name=host_name,
        state=row.state,
        consent=row.consent,
        document_kind=visitor.document_kind if row.document_shown else "",
        document_shown=row.document_shown,
        document_by_eye=visitor.document_by_eye,
        plate=row.plate,
        asked_at=site_time(at),
        entered_at=row.entered_at and site_time(row.entered_at),
        expected_leave_at=row.expected_leave_at and site_time(row.expected_leave_at),
        stub_returned=row.stub_returned_at is not None,
        watch=watched,
        answers=answers,
        released=lifted,
    )


async def host_name(row: Registration) -> str:
    """Return whom the visit is to, as it was said or as the directory has it."""
    if row.host is None:
        return row.host_text
    host = await Host.objects().where(Host.id == row.host).first()
    return host.name if host is not None else row.host_text


def state_after(decision: Decision) -> str:
    """Return the state in which an arrival so judged begins."""
    if isinstance(decision, Allow):
        return states.WAITING
    return states.REFUSED if isinstance(decision, Deny) else states.HELD
