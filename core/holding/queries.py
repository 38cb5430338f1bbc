"""Who holds what, and how it came there; reads only. The owner of a record says who may see it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core import db, settings
from core.errors import NotFoundError
from core.holding import policies, reasons
from core.holding.facts import Chain, First, Held, Holder, HolderDays, Span, SpanLine
from core.holding.tables import Holding, HoldingSpan

_HELD = """
SELECT s.record, s.unit_kind, s.unit_id, s.unit_label, s.since, s.person, s.person_name, s.position,
       h.returns, h.loops, h.taken_at, h.ended_at, h.version
FROM holding_span s JOIN holding h ON h.id = s.holding
WHERE s.until IS NULL AND s.record_kind = {}"""
_AT_ONCE = 500


def span_of(row: HoldingSpan) -> Span:
    """Return a span as the policies see it."""
    return Span(
        position=row.position,
        holder=Holder(row.unit_kind, row.unit_id, row.unit_label),
        since=row.since,
        until=row.until,
        how=row.how,
        given_by=row.given_by,
        loop=row.loop,
    )


def _held(row: db.Row) -> Held:
    return Held(
        record=row["record"],
        holder=Holder(row["unit_kind"], row["unit_id"], row["unit_label"]),
        since=row["since"],
        person=row["person"],
        person_name=row["person_name"],
        position=row["position"],
        returns=row["returns"],
        loops=row["loops"],
        taken_at=row["taken_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


async def current(record_kind: str, record: object) -> Held | None:
    """Return who holds a record; None when it was never taken."""
    return (await current_of(record_kind, [record])).get(str(record))


async def current_of(record_kind: str, records: Iterable[object]) -> dict[str, Held]:
    """Return who holds each of these records, by the record's id as text."""
    wanted = [str(one) for one in records]
    found: dict[str, Held] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        places = ", ".join("{}" for _ in some)
        rows = await db.fetch(f"{_HELD} AND s.record IN ({places})", record_kind, *some)
        found |= {row["record"]: _held(row) for row in rows}
    return found


async def held_by(
    record_kind: str,
    unit_kind: str,
    unit_id: object,
    *,
    person: UUID | None = None,
    ended: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[Held]:
    """Return what a unit holds, the longest held first; `ended` adds what counts no further."""
    sql = f"{_HELD} AND s.unit_kind = {{}} AND s.unit_id = {{}}"
    args: list[object] = [record_kind, unit_kind, str(unit_id)]
    if not ended:
        sql += " AND h.ended_at IS NULL"
    if person is not None:
        sql += " AND s.person = {}"
        args.append(person)
    rows = await db.fetch(
        f"{sql} ORDER BY s.since, s.record LIMIT {{}} OFFSET {{}}", *args, limit, offset
    )
    return [_held(row) for row in rows]


async def counts(record_kind: str) -> dict[tuple[str, str], int]:
    """Return how many records each unit holds whose age still counts, by kind and id of the unit."""
    rows = await db.fetch(
        "SELECT s.unit_kind, s.unit_id, count(*) AS n FROM holding_span s"
        " JOIN holding h ON h.id = s.holding WHERE s.until IS NULL AND s.record_kind = {}"
        " AND h.ended_at IS NULL GROUP BY s.unit_kind, s.unit_id",
        record_kind,
    )
    return {(row["unit_kind"], row["unit_id"]): int(row["n"]) for row in rows}


async def bounced(record_kind: str, *, least: int = 2, limit: int = 200) -> list[Held]:
    """Return open records returned, or passed around in a loop, at least so often; the most first."""
    rows = await db.fetch(
        f"{_HELD} AND h.ended_at IS NULL AND (h.returns > 0 OR h.loops > 0)"
        " AND h.returns + h.loops >= {} ORDER BY h.returns + h.loops DESC, s.since LIMIT {}",
        record_kind,
        least,
        limit,
    )
    return [_held(row) for row in rows]


async def history(record_kind: str, record: object, *, at: datetime) -> Chain:
    """Return a record's whole chain of holders, the first first; NotFoundError if never taken."""
    row = await Holding.objects().get(
        (Holding.record_kind == record_kind) & (Holding.record == str(record))
    )
    if row is None:
        raise NotFoundError
    rows = (
        await HoldingSpan.objects()
        .where(HoldingSpan.holding == row.id)
        .order_by(HoldingSpan.position)
    )
    spans = [span_of(one) for one in rows]
    zone = settings.load().zone
    days = policies.days_of(spans, at=at, ended_at=row.ended_at, zone=zone)
    lines = [
        SpanLine(
            holder=span.holder,
            since=span.since,
            until=span.until,
            how=span.how,
            loop=span.loop,
            days=count,
            person_name=one.person_name,
            reason=reasons.opened(row.domain, one.id, one.reason_cipher),
            by_name=one.by_name,
        )
        for span, one, count in zip(spans, rows, days, strict=True)
    ]
    return Chain(
        spans=tuple(lines),
        age=policies.age_of(row.taken_at, at=at, ended_at=row.ended_at, zone=zone),
        returns=row.returns,
        loops=row.loops,
        first=First(
            holder=Holder(row.first_kind, row.first_id, row.first_label),
            since=row.taken_at,
            person=row.first_person,
            person_name=row.first_person_name,
            person_label=row.first_person_label,
        ),
        ended_at=row.ended_at,
    )


async def days_by_holder(record_kind: str, record: object, *, at: datetime) -> list[HolderDays]:
    """Return how many days each unit held a record, in the order they first did."""
    found: dict[tuple[str, str], HolderDays] = {}
    for span in (await history(record_kind, record, at=at)).spans:
        before = found.get(span.holder.key)
        found[span.holder.key] = HolderDays(
            holder=span.holder,
            days=span.days + (before.days if before else 0),
            times=1 + (before.times if before else 0),
        )
    return list(found.values())
