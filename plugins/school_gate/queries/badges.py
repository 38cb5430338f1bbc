"""Badges: whose they are, what stands on them, batches being printed, scans of one pupil."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import clock, db
from core.errors import NotFoundError
from core.i18n import Message
from core.passes.queries import StoredPass, good_passes_of_holders, passes_of_holder
from core.permissions import Actor
from plugins.school_gate.facts import INTERN, PUPIL, STAFF
from plugins.school_gate.queries import pupils
from plugins.school_gate.queries.holders import way_of_living
from plugins.school_gate.queries.rights import permit, places, sites_of, within
from plugins.school_gate.registered import ISSUE_BADGES, READ_PUPILS
from plugins.school_gate.tables import BadgeBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who gets a badge, with what stands on it. `living` is a message, `photo` a hash."""

    id: UUID
    kind: str
    site_id: UUID
    name: str
    number: str
    group: str
    living: Message
    photo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """A member of staff as lists show one."""

    id: UUID
    number: str
    name: str
    department: str
    room: str
    teaches: str
    active: bool
    badge: bool


async def holders_of_pupils(ids: Sequence[UUID]) -> list[Holder]:
    """Return pupils as holders of badges, in the order of classes."""
    lines = await pupils.pupils_of(ids)
    photos = await _photos([line.photo for line in lines if line.photo])
    return [
        Holder(
            id=line.id,
            kind=line.pass_kind,
            site_id=line.site_id,
            name=line.name,
            number=line.number,
            group=line.full_class,
            living=way_of_living(line.kind, line.boards),
            photo=photos.get(line.photo, "") if line.photo else "",
        )
        for line in lines
    ]


async def holders_of_staff(ids: Sequence[UUID]) -> list[Holder]:
    """Return members of staff as holders of badges, by department."""
    found: list[Holder] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = await db.fetch(
            "SELECT s.id, s.site, s.number, s.photo, h.name, h.department"  # noqa: S608 - here
            " FROM school_gate_staff s JOIN host h ON h.id = s.host"
            f" WHERE s.id IN ({places(part)}) ORDER BY h.department, h.name",
            *part,
        )
        photos = await _photos([row["photo"] for row in rows if row["photo"]])
        found += [
            Holder(
                id=row["id"],
                kind=STAFF,
                site_id=row["site"],
                name=row["name"],
                number=row["number"],
                group=row["department"],
                living=Message(""),
                photo=photos.get(row["photo"], ""),
            )
            for row in rows
        ]
    return found


async def _photos(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the content hash of each photo that was not erased."""
    found: dict[UUID, str] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = await db.fetch(
            "SELECT id, sha256 FROM attachment"  # noqa: S608 - written here
            f" WHERE erased_at IS NULL AND id IN ({places(part)})",
            *part,
        )
        found |= {row["id"]: row["sha256"] for row in rows}
    return found


async def good_badges(holders: Sequence[Holder], at_ms: int) -> dict[UUID, StoredPass]:
    """Return each holder's good pass, by holder; who has none is left out."""
    found: dict[UUID, StoredPass] = {}
    for kind in (PUPIL, INTERN, STAFF):
        ids = [holder.id for holder in holders if holder.kind == kind]
        if ids:
            found |= await good_passes_of_holders(ids, kind, at_ms=at_ms)
    return found


async def badges_of(holder_id: UUID, kind: str) -> list[StoredPass]:
    """Return all badges somebody has or had, the latest first."""
    return await passes_of_holder(holder_id, kind)


async def staff(
    actor: Actor, *, at_ms: int, text: str = "", site_id: UUID | None = None, limit: int = 500
) -> list[StaffLine]:
    """Return the members of staff of the sites where the actor works."""
    condition, args = within(actor, "s.site", READ_PUPILS, ISSUE_BADGES)
    conditions = ["s.active", condition]
    if site_id is not None:
        conditions.append("s.site = {}")
        args.append(site_id)
    if text:
        conditions.append("(h.name LIKE {} OR s.number = {} OR h.department LIKE {})")
        like = f"%{text.replace('%', '').replace('_', '')}%"
        args += [like, text, like]
    rows = await db.fetch(
        "SELECT s.id, s.number, s.active, h.name, h.department, h.room,"  # noqa: S608 - here
        " (SELECT min(g.name || c.name) FROM school_gate_class c"
        " JOIN school_gate_grade g ON g.id = c.grade WHERE c.teacher = h.id) AS teaches,"
        " EXISTS (SELECT 1 FROM pass b WHERE b.holder = s.id AND b.kind = 'school_gate.staff'"
        " AND b.revoked_at IS NULL AND b.expires > {}) AS badge"
        " FROM school_gate_staff s JOIN host h ON h.id = s.host"
        f" WHERE {' AND '.join(conditions)} ORDER BY h.department, h.name LIMIT {{}}",
        at_ms,
        *args,
        limit,
    )
    return [
        StaffLine(
            id=row["id"],
            number=row["number"],
            name=row["name"],
            department=row["department"],
            room=row["room"],
            teaches=row["teaches"] or "",
            active=bool(row["active"]),
            badge=bool(row["badge"]),
        )
        for row in rows
    ]


async def batches(actor: Actor, limit: int = 20) -> list[BadgeBatch]:
    """Return the latest batches, newest first."""
    query = BadgeBatch.objects().order_by(BadgeBatch.created_at, ascending=False).limit(limit)
    sites = sites_of(actor, ISSUE_BADGES)
    return await (query if sites is None else query.where(BadgeBatch.site.is_in(list(sites))))


async def batch(batch_id: UUID, actor: Actor) -> BadgeBatch:
    """Return one batch; NotFoundError at another site."""
    found = await BadgeBatch.objects().where(BadgeBatch.id == batch_id).first()
    if found is None:
        raise NotFoundError
    permit(actor, found.site, ISSUE_BADGES)
    return found


def holder_ids(stored: BadgeBatch) -> list[UUID]:
    """Return whose badges a batch prints, in its order."""
    return [UUID(text) for text in json.loads(stored.holders)]


def is_stale(stored: BadgeBatch, at_ms: int, after_ms: int) -> bool:
    """Say whether a batch was begun so long ago that whoever made it must be gone."""
    return (
        stored.state in {"queued", "running"} and clock.to_ms(stored.created_at) < at_ms - after_ms
    )
