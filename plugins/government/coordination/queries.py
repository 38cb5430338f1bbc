"""Coordinations and joint receptions as pages show them; reads only, after `access.require`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.coordination.facts import (
    DONE,
    OFF,
    REFUSED,
    Called,
    Coordinating,
    Follow,
    Joint,
)
from plugins.government.handling import queries as handling
from plugins.government.matters import access
from plugins.government.matters.facts import MatterLine

_TABLE, _FOLLOW = "government_coordination", "government_measure"
_JOINT = "government_joint_reception"


async def coordinations(matter_id: UUID) -> list[Coordinating]:
    """Return an item's coordinations, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_coordination WHERE matter = {} ORDER BY asked_at DESC", matter_id
    )
    return [await _coordination(row) for row in rows]


async def _coordination(row: db.Row) -> Coordinating:
    def text(column: str) -> str:
        return sealing.unseal(row[column], _TABLE, column, row["id"])

    asked = await db.fetch(
        "SELECT c.unit, c.came, u.name FROM government_coordination_unit c JOIN government_unit u"
        ' ON u.id = c.unit WHERE c.coordination = {} ORDER BY u."order", u.code',
        row["id"],
    )
    follows = await db.fetch(
        "SELECT f.*, u.name AS unit_name FROM government_measure f JOIN government_unit u"
        " ON u.id = f.unit WHERE f.coordination = {} ORDER BY f.due_on, f.id",
        row["id"],
    )
    return Coordinating(
        id=row["id"],
        matter_id=row["matter"],
        number=row["number"],
        state=row["state"],
        why=row["why"],
        plan=text("plan_cipher"),
        place=row["place"],
        meets_at=row["meets_at"],
        held_at=row["held_at"],
        minutes=text("minutes_cipher"),
        decision=text("decision_cipher"),
        decided_by=row["decided_by_name"],
        asked_by=row["asked_by_name"],
        units=tuple(
            (one["unit"], one["name"], None if one["came"] is None else bool(one["came"]))
            for one in asked
        ),
        follow_ups=tuple(
            Follow(
                id=one["id"],
                unit_id=one["unit"],
                unit=one["unit_name"],
                text=sealing.unseal(one["text_cipher"], _FOLLOW, "text_cipher", one["id"]),
                due_on=one["due_on"],
                done_at=one["done_at"],
                done=sealing.unseal(one["done_cipher"], _FOLLOW, "done_cipher", one["id"]),
                done_by=one["done_by_name"],
            )
            for one in follows
        ),
    )


async def current(matter_id: UUID) -> Coordinating | None:
    """Return the coordination of an item that goes on."""
    return next(
        (one for one in await coordinations(matter_id) if one.state not in (REFUSED, DONE, OFF)),
        None,
    )


async def joints(matter_id: UUID) -> list[Joint]:
    """Return an item's joint receptions, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM government_joint_reception WHERE matter = {} ORDER BY asked_at DESC",
        matter_id,
    )
    return [await _joint(row) for row in rows]


async def _joint(row: db.Row) -> Joint:
    asked = await db.fetch(
        "SELECT j.*, u.name AS unit_name FROM government_joint_unit j JOIN government_unit u"
        ' ON u.id = j.unit WHERE j.joint = {} ORDER BY u."order", u.code',
        row["id"],
    )
    calls = await handling.calls(row["matter"], row["id"])
    return Joint(
        id=row["id"],
        matter_id=row["matter"],
        number=row["number"],
        why=row["why"],
        place=row["place"],
        arrive_by=row["arrive_by"],
        asked_by=row["asked_by_name"],
        units=tuple(
            Called(
                id=one["id"],
                unit_id=one["unit"],
                unit=one["unit_name"],
                calls=tuple(found[1:5] for found in calls if found[0] == one["unit"]),
                arrived_at=one["arrived_at"],
                people=one["people"],
                late=one["arrived_at"] is not None and one["arrived_at"] > row["arrive_by"],
            )
            for one in asked
        ),
        outcome=row["outcome"],
        note=sealing.unseal(row["note_cipher"], _JOINT, "note_cipher", row["id"]),
        ended_at=row["ended_at"],
    )


async def current_joint(matter_id: UUID) -> Joint | None:
    """Return the joint reception of an item that goes on."""
    return next((one for one in await joints(matter_id) if one.ended_at is None), None)


async def going_on(
    actor: Actor, at: datetime
) -> tuple[list[tuple[Joint, MatterLine]], list[tuple[Coordinating, MatterLine]]]:
    """Return the joint receptions and coordinations that go on, of items the reader may see."""
    together = await _open("government_joint_reception", "ended_at IS NULL", "arrive_by", actor, at)
    planned = await _open("government_coordination", "ended_at IS NULL", "meets_at", actor, at)
    return (
        [(await _joint(row), line) for row, line in together],
        [(await _coordination(row), line) for row, line in planned],
    )


async def _open(
    table: str, where: str, order: str, actor: Actor, at: datetime
) -> Sequence[tuple[db.Row, MatterLine]]:
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        f"SELECT t.* FROM {table} t JOIN government_matter m ON m.id = t.matter"
        f" WHERE t.{where} AND {seen} ORDER BY t.{order} LIMIT 200",
        *args,
    )
    lines = await handling.lines_of([row["matter"] for row in rows], actor, at)
    return [(row, lines[row["matter"]]) for row in rows if row["matter"] in lines]
