"""Pupils at the gate without a badge or with an invalid one: counts, lists, who is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock, db
from core.accounts.queries import accounts
from core.permissions import Actor
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.queries.rights import places, within
from plugins.school_gate.registered import READ_OFFENCES

NO_BADGE, INVALID_BADGE = "no_badge", "invalid_badge"
# What the gate refuses because of the badge itself; not the hour, not a second scan.
INVALID_CODES = ("revoked", "reissued", "expired", "not_yet_valid", "badge_not_valid")
OFFICE = "discipline_office"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenceLine:
    """An offence as lists show it."""

    id: UUID
    pupil_id: UUID
    name: str
    number: str
    class_name: str
    kind: str
    at: datetime
    gate: str
    note: str
    serious: bool
    recorded_by: str
    reported_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    spoken_at: datetime | None
    spoken_by: str
    spoken_note: str


_LINES = (
    "SELECT o.id, o.pupil, o.kind, o.at, o.note, o.serious, o.recorded_by_name, o.reported_at,"
    " o.voided_at, o.void_reason, o.spoken_at, o.spoken_by_name, o.spoken_note, p.name, p.number,"
    " gr.name AS grade, c.name AS class,"
    " g.name AS gate FROM school_gate_offence o JOIN school_gate_pupil p ON p.id = o.pupil"
    " JOIN school_gate_class c ON c.id = p.school_class JOIN school_gate_grade gr ON gr.id = c.grade"
    " LEFT JOIN gate g ON g.id = o.gate"
)


def _line(row: db.Row) -> OffenceLine:
    return OffenceLine(
        id=row["id"],
        pupil_id=row["pupil"],
        name=row["name"],
        number=row["number"],
        class_name=f"{row['grade']}{row['class']}",
        kind=row["kind"],
        at=row["at"],
        gate=row["gate"] or "",
        note=row["note"],
        serious=bool(row["serious"]),
        recorded_by=row["recorded_by_name"],
        reported_at=row["reported_at"],
        voided_at=row["voided_at"],
        void_reason=row["void_reason"],
        spoken_at=row["spoken_at"],
        spoken_by=row["spoken_by_name"],
        spoken_note=row["spoken_note"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A pupil whom the discipline office was told of and has not spoken with yet."""

    pupil_id: UUID
    name: str
    class_name: str
    photo: UUID | None
    count: int
    last_at: datetime
    serious: bool


async def reported(actor: Actor, *, since: datetime) -> list[Reported]:
    """Return the pupils that wait to be spoken with, the latest reported first.

    `count` is of the offences since a moment that are not void, whether reported or not.
    """
    condition, sites = within(actor, "p.site", READ_OFFENCES)
    rows = await db.fetch(
        "SELECT o.pupil, o.at, o.serious, o.reported_at, o.spoken_at, p.name, p.photo,"  # noqa: S608 - written above
        " gr.name AS grade, c.name AS class FROM school_gate_offence o"
        " JOIN school_gate_pupil p ON p.id = o.pupil"
        " JOIN school_gate_class c ON c.id = p.school_class"
        " JOIN school_gate_grade gr ON gr.id = c.grade WHERE o.voided_at IS NULL AND p.active"
        " AND EXISTS (SELECT 1 FROM school_gate_offence w WHERE w.pupil = o.pupil"
        " AND w.reported_at IS NOT NULL AND w.spoken_at IS NULL AND w.voided_at IS NULL)"
        f" AND {condition} ORDER BY o.at DESC LIMIT 2000",
        *sites,
    )
    of_pupil: dict[UUID, list[db.Row]] = {}
    for row in rows:
        of_pupil.setdefault(row["pupil"], []).append(row)
    return [
        Reported(
            pupil_id=pupil_id,
            name=own[0]["name"],
            class_name=f"{own[0]['grade']}{own[0]['class']}",
            photo=own[0]["photo"],
            count=sum(row["at"] >= since for row in own),
            last_at=own[0]["at"],
            serious=any(row["serious"] and row["spoken_at"] is None for row in own),
        )
        for pupil_id, own in of_pupil.items()
    ]


async def offences(
    actor: Actor, *, since: datetime, page: int = 1, size: int = 50
) -> tuple[list[OffenceLine], int]:
    """Return one page of the offences since a moment, the latest first, and how many there are."""
    condition, sites = within(actor, "p.site", READ_OFFENCES)
    where, args = f"o.at >= {{}} AND {condition}", [since, *sites]
    count = await db.fetch(
        "SELECT count(*) AS n FROM school_gate_offence o"  # noqa: S608 - written above
        f" JOIN school_gate_pupil p ON p.id = o.pupil WHERE {where}",
        *args,
    )
    rows = await db.fetch(
        f"{_LINES} WHERE {where} ORDER BY o.at DESC LIMIT {{}} OFFSET {{}}",
        *args,
        size,
        max(page - 1, 0) * size,
    )
    return [_line(row) for row in rows], count[0]["n"]


async def offences_of(pupil_id: UUID, limit: int = 50) -> list[OffenceLine]:
    """Return a pupil's offences, the latest first."""
    rows = await db.fetch(
        f"{_LINES} WHERE o.pupil = {{}} ORDER BY o.at DESC LIMIT {{}}", pupil_id, limit
    )
    return [_line(row) for row in rows]


async def counted(pupil_id: UUID, at: datetime, rules: SchoolRules) -> int:
    """Return how many offences count at a moment."""
    rows = await db.fetch(
        "SELECT count(*) AS n FROM school_gate_offence"
        " WHERE pupil = {} AND voided_at IS NULL AND at >= {} AND at <= {}",
        pupil_id,
        at - timedelta(days=rules.offence_days),
        at,
    )
    return int(rows[0]["n"])


async def unreported(pupil_id: UUID) -> list[datetime]:
    """Return when the offences were that the discipline office was not told of yet."""
    rows = await db.fetch(
        "SELECT at FROM school_gate_offence"
        " WHERE pupil = {} AND voided_at IS NULL AND reported_at IS NULL ORDER BY at",
        pupil_id,
    )
    return [row["at"] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedBadge:
    """A scan that the gate refused because the pupil's badge is not valid."""

    event_id: int
    pupil_id: UUID
    gate_id: UUID
    at: datetime
    code: str
    operator: UUID | None


async def refused_badges(since: datetime, limit: int = 500) -> list[RefusedBadge]:
    """Return refused scans of pupils' badges since a moment that no offence was made of yet."""
    rows = await db.fetch(
        "SELECT e.id, e.gate, e.at, e.code, e.operator, b.holder FROM scan_event e"  # noqa: S608 - written here
        " JOIN pass b ON b.id = e.pass_id JOIN school_gate_pupil p ON p.id = b.holder"
        f" WHERE e.at >= {{}} AND e.verdict = 2 AND e.code IN ({places(INVALID_CODES)})"
        " AND b.kind IN ('school_gate.pupil', 'school_gate.intern')"
        " AND NOT EXISTS (SELECT 1 FROM school_gate_offence o WHERE o.event = e.id)"
        " ORDER BY e.id LIMIT {}",
        clock.to_ms(since),
        *INVALID_CODES,
        limit,
    )
    return [
        RefusedBadge(
            event_id=row["id"],
            pupil_id=row["holder"],
            gate_id=row["gate"],
            at=clock.from_ms(row["at"]),
            code=row["code"],
            operator=row["operator"],
        )
        for row in rows
    ]


async def office_users(site_id: UUID) -> Sequence[UUID]:
    """Return the users of the discipline office for a site."""
    return [
        account.id
        for account in await accounts()
        if account.active
        and any(g.role == OFFICE and g.site_id in (None, site_id) for g in account.roles)
    ]
