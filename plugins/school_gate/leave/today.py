"""What slips ask for now: at the gate, at a handover, on a reader's first page."""

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.gate.facts import GateLine
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from core.shifts.facts import OpenItem
from plugins.school_gate.leave import queries
from plugins.school_gate.leave.facts import ASKED, OVERDUE
from plugins.school_gate.leave.rights import READ_LEAVE, STAMP_LEAVE, teaches

_VALID = (
    "SELECT count(*) AS n FROM school_gate_leave l JOIN school_gate_pupil p ON p.id = l.pupil"
    " WHERE p.site = {} AND l.kind = 'leave' AND l.voided_at IS NULL AND l.stamped_at IS NOT NULL"
    " AND l.released_at IS NULL AND l.starts_at <= {} AND l.ends_at >= {}"
)
_AWAY = (
    "SELECT l.id, l.number, l.expected_back_at, p.name FROM school_gate_leave l"
    " JOIN school_gate_pupil p ON p.id = l.pupil WHERE p.site = {} AND l.voided_at IS NULL"
    " AND l.used_at IS NOT NULL AND l.returned_at IS NULL AND l.expected_back_at IS NOT NULL"
    " AND l.expected_back_at >= {} AND l.kind <> 'entry' ORDER BY l.expected_back_at, l.id LIMIT 200"
)


async def gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> list[GateLine]:
    """Return what the gate's page shows of slips: how many are valid now, who is not back in time."""
    lines: list[GateLine] = []
    valid = (await db.fetch(_VALID, site_id, at, at))[0]["n"]
    if valid:
        lines.append(
            GateLine(
                text=N_("Leave slips valid now: {count}.", count=valid),
                tone="info",
                path=f"/school-gate/leave/gate?gate={gate_id}",
                action=N_("Who collects, and sign"),
            )
        )
    away = await db.fetch(_AWAY, site_id, at - queries.RECENT)
    late = sum(row["expected_back_at"] < at for row in away)
    if late:
        lines.append(
            GateLine(
                text=N_("Not back in time: {count}.", count=late),
                tone="hold",
                path="/school-gate/boarders",
                action=N_("Who is missing"),
            )
        )
    return lines


async def open_items(site_id: UUID, at: datetime) -> list[OpenItem]:
    """Return who is out with a slip and expected back, for the next shift."""
    return [
        OpenItem(
            kind="school_gate.leave",
            label=N_("Pupils out with a slip, expected back"),
            reference=str(row["id"]),
            text=f"{row['number']} {row['name']}",
            since=row["expected_back_at"],
            url=f"/school-gate/leave/{row['id']}",
        )
        for row in await db.fetch(_AWAY, site_id, at - queries.RECENT)
    ]


async def home_cards(actor: Actor) -> list[HomeCard]:
    """Return what waits for this reader: slips to issue, to stamp, pupils who are not back."""
    now = clock.now()
    cards: list[HomeCard] = []
    if teaches(actor):
        own = await queries.of_own_class(actor, at=now)
        cards.append(
            HomeCard(
                title=N_("Leave slips to issue"),
                count=len(queries.standing_in(own, ASKED)),
                path="/?role=class_teacher",
                level="warning",
                order=12,
                icon="document",
            )
        )
        cards.append(_missing(len(queries.standing_in(own, OVERDUE)), "/?role=class_teacher"))
    if actor.may(STAMP_LEAVE):
        cards.append(
            HomeCard(
                title=N_("Leave slips to stamp"),
                count=len(await queries.to_stamp(actor, at=now)),
                path="/school-gate/leave",
                level="warning",
                order=11,
                icon="document",
            )
        )
    if actor.may(READ_LEAVE):
        lines = await queries.open_slips(actor, at=now)
        cards.append(_missing(len(queries.standing_in(lines, OVERDUE)), "/school-gate/boarders"))
    return cards


def _missing(count: int, path: str) -> HomeCard:
    return HomeCard(
        title=N_("Pupils who are not back in time"),
        count=count,
        path=path,
        level="danger",
        order=3,
        icon="overdue",
    )
