"""Reading the gate: its last scans, the day's counts, who is inside, conflicts, devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.gate import reading
from core.gate.facts import HolderCard
from core.gate.scans import VERDICTS
from core.gate.tables import Device
from core.i18n import Message
from core.passes.queries import places
from core.plugins import Plugins


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanLine:
    """One stored scan as lists show it. `corrected`: a later event took it back or released it."""

    id: int
    at: int
    gate_id: UUID
    pass_id: str | None
    kind: str
    direction: int
    verdict: str
    code: str
    reason: Message | None
    rule: str
    rule_version: str
    mode: int
    source: str
    operator: UUID | None
    corrects: int | None
    corrected: bool
    holder: HolderCard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLine:
    """How many scans of one sort there were on a day at a gate; `direction` 0 in, 1 out."""

    day: str
    gate_id: UUID
    kind: str
    direction: int
    verdict: str
    code: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictLine:
    """A conflict that a person explains."""

    id: UUID
    kind: str
    pass_id: str | None
    first_event: int | None
    second_event: int | None
    site_id: UUID
    opened_at: int
    closed_at: int | None
    note: str
    key: str = ""
    holder: HolderCard | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """A gate device as the list of them shows it.

    `waiting` is how many scans it held when it was last in contact, `bundle_at` how old what it knows
    was then (epoch ms).
    """

    id: UUID
    name: str
    gate_id: UUID
    gate_name: str
    site_id: UUID
    enrolled_at: datetime | None
    revoked_at: datetime | None
    last_contact: int
    operator_name: str
    waiting: int = 0
    bundle_at: int = 0


_SCANS = (
    "SELECT e.id, e.at, e.gate, e.pass_id, p.kind, e.direction, e.verdict, e.code, e.reason, e.rule,"
    " e.rule_version, e.mode, e.source, e.operator, e.corrects,"
    " EXISTS (SELECT 1 FROM scan_event c WHERE c.pass_id = e.pass_id AND c.corrects = e.id)"
    " AS corrected FROM scan_event e LEFT JOIN pass p ON p.id = e.pass_id"
)


async def _scans(condition: str, *args: Any) -> list[ScanLine]:
    rows = await db.fetch(f"{_SCANS} WHERE {condition}", *args)
    return [
        ScanLine(
            id=row["id"],
            at=row["at"],
            gate_id=row["gate"],
            pass_id=row["pass_id"],
            kind=row["kind"] or "",
            direction=row["direction"],
            verdict=VERDICTS[row["verdict"]],
            code=row["code"],
            reason=Message.load(row["reason"]) if row["reason"] else None,
            rule=row["rule"],
            rule_version=row["rule_version"],
            mode=row["mode"],
            source=row["source"],
            operator=row["operator"],
            corrects=row["corrects"],
            corrected=bool(row["corrected"]),
        )
        for row in rows
    ]


async def recent_scans(gate_id: UUID, *, since: int, limit: int = 20) -> list[ScanLine]:
    """Return a gate's last scans since a moment (epoch ms), the latest first."""
    return await _scans(
        "e.gate = {} AND e.at >= {} ORDER BY e.at DESC, e.id DESC LIMIT {}", gate_id, since, limit
    )


async def scans_of_pass(pass_id: str, *, limit: int = 200) -> list[ScanLine]:
    """Return the scans of a pass, the latest first."""
    return await _scans("e.pass_id = {} ORDER BY e.at DESC, e.id DESC LIMIT {}", pass_id, limit)


async def scans(event_ids: Sequence[int]) -> dict[int, ScanLine]:
    """Return scans by id."""
    if not event_ids:
        return {}
    found = await _scans(f"e.id IN ({places(event_ids)})", *event_ids)
    return {line.id: line for line in found}


async def holders(pass_ids: Sequence[str], plugins: Plugins) -> dict[str, HolderCard]:
    """Return who holds these passes: visitors by the core, the rest by their plugins."""
    wanted = list(dict.fromkeys(pass_ids))
    passes = [facts for facts, _ in (await reading.read_passes(wanted)).values()]
    visits = await reading.read_visits(
        list(dict.fromkeys(p.registration_id for p in passes if p.registration_id is not None))
    )
    cards = {
        p.pass_id: visits[p.registration_id].card
        for p in passes
        if p.registration_id is not None and p.registration_id in visits
    }
    others = [p for p in passes if p.registration_id is None]
    return cards | (await plugins.collect_holders(others) if others else {})


async def counted(
    first_day: str, last_day: str, *, gate_ids: Sequence[UUID] | None = None
) -> list[CounterLine]:
    """Return the counts of the days between (ISO dates, both included), without reading the events."""
    condition, args = "", []
    if gate_ids is not None:
        if not gate_ids:
            return []
        condition, args = f" AND gate IN ({places(gate_ids)})", list(gate_ids)
    rows = await db.fetch(
        "SELECT day, gate, kind, direction, verdict, code, CAST(sum(total) AS bigint) AS total"  # noqa: S608 - places only
        f" FROM scan_counter WHERE day BETWEEN {{}} AND {{}}{condition}"
        " GROUP BY day, gate, kind, direction, verdict, code"
        " ORDER BY day, gate, kind, direction, verdict, code",
        first_day,
        last_day,
        *args,
    )
    return [
        CounterLine(
            day=row["day"],
            gate_id=row["gate"],
            kind=row["kind"],
            direction=row["direction"],
            verdict=VERDICTS[row["verdict"]],
            code=row["code"],
            total=row["total"],
        )
        for row in rows
    ]


async def inside_by_kind(site_id: UUID) -> Mapping[str, int]:
    """Return how many passes of each kind are inside a site; visits are counted by their own state."""
    rows = await db.fetch(
        "SELECT kind, count(*) AS total FROM pass WHERE site = {} AND inside = 1"
        " AND registration IS NULL GROUP BY kind",
        site_id,
    )
    visits = await db.fetch(
        "SELECT coalesce(sum(head_count), 0) AS total FROM registration"
        " WHERE site = {} AND state = 'inside'",
        site_id,
    )
    found = {str(row["kind"]): int(row["total"]) for row in rows}
    if visits[0]["total"]:
        found["visit"] = int(visits[0]["total"])
    return found


async def passes_inside(site_id: UUID, *, kind: str | None = None) -> list[str]:
    """Return the passes inside a site, for the roll call; visits are listed by their own state."""
    condition, args = ("", []) if kind is None else (" AND kind = {}", [kind])
    rows = await db.fetch(
        "SELECT id FROM pass WHERE site = {} AND inside = 1 AND registration IS NULL"  # noqa: S608 - places only
        f"{condition} ORDER BY last_at",
        site_id,
        *args,
    )
    return [row["id"] for row in rows]


async def last_seq(device_id: UUID) -> int:
    """Return the highest number that a device has sent; it goes on from there."""
    rows = await db.fetch("SELECT max(seq) AS seq FROM scan_event WHERE device = {}", device_id)
    return int(rows[0]["seq"] or 0)


async def open_conflicts(site_ids: Sequence[UUID], *, limit: int = 200) -> list[ConflictLine]:
    """Return what nobody has explained yet, the latest first."""
    if not site_ids:
        return []
    rows = await db.fetch(
        "SELECT id, kind, key, pass_id, first_event, second_event, site, opened_at, closed_at, note"  # noqa: S608 - places only
        f" FROM scan_conflict WHERE closed_at IS NULL AND site IN ({places(site_ids)})"
        " ORDER BY opened_at DESC, key LIMIT {}",
        *site_ids,
        limit,
    )
    return [
        ConflictLine(
            id=row["id"],
            kind=row["kind"],
            pass_id=row["pass_id"],
            first_event=row["first_event"],
            second_event=row["second_event"],
            site_id=row["site"],
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            note=row["note"],
            key=row["key"],
        )
        for row in rows
    ]


async def any_device() -> bool:
    """Say whether a device may scan anywhere."""
    return await Device.exists().where(Device.revoked_at.is_null())


async def devices(site_ids: Sequence[UUID] | None = None) -> list[DeviceLine]:
    """Return gate devices with who is signed in on them, by gate and name; None means every site."""
    condition, args = "", []
    if site_ids is not None:
        if not site_ids:
            return []
        condition, args = f"WHERE g.site IN ({places(site_ids)})", list(site_ids)
    rows = await db.fetch(
        "SELECT d.id, d.name, d.gate, g.name AS gate_name, g.site,"  # noqa: S608 - places only
        " d.enrolled_at, d.revoked_at,"
        " d.last_contact, d.waiting, d.bundle_at, f.operator_name"
        " FROM gate_device d JOIN gate g ON g.id = d.gate"
        " LEFT JOIN gate_device_shift f ON f.device = d.id AND f.ended_at IS NULL"
        f" {condition} ORDER BY g.name, d.name",
        *args,
    )
    return [
        DeviceLine(
            id=row["id"],
            name=row["name"],
            gate_id=row["gate"],
            gate_name=row["gate_name"],
            site_id=row["site"],
            enrolled_at=row["enrolled_at"],
            revoked_at=row["revoked_at"],
            last_contact=row["last_contact"],
            operator_name=row["operator_name"] or "",
            waiting=row["waiting"],
            bundle_at=row["bundle_at"],
        )
        for row in rows
    ]
