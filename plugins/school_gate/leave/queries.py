"""Slips in lists, on their page, at the gate; reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock, db
from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.school_gate.leave.facts import ENTRY, LEAVE, OPEN, Passed, Slip
from plugins.school_gate.leave.policies import standing
from plugins.school_gate.leave.rights import of_own_grade, seen_by, teaches
from plugins.school_gate.queries.rights import places

PAGE = 50
# A scan may follow what the guard recorded by hand by so much and still be the same exit.
SAME_EXIT = timedelta(minutes=15)
RECENT = timedelta(days=21)
_OWN = (
    "id", "number", "pupil", "kind", "reason", "starts_at", "ends_at", "expected_back_at",
    "alone", "asked_at", "asked_by_name", "contacted_at", "contact_means", "contact_with",
    "contact_guardian", "link_guardian", "issued_at", "issued_by_name", "stamped_at",
    "stamped_by_name", "refused_at", "refused_by_name", "refuse_reason", "released_at",
    "released_by_name", "release_gate", "collected_by", "collector_name", "collector_document",
    "paper_number", "pupil_signature", "collector_signature", "used_at", "exit_event",
    "returned_at", "return_event", "return_note", "missed_at", "voided_at", "voided_by_name",
    "void_reason",
)  # fmt: skip
_COLUMNS = ", ".join(f"l.{name}" for name in _OWN)
_FROM = (
    " FROM school_gate_leave l JOIN school_gate_pupil p ON p.id = l.pupil"
    " JOIN school_gate_class c ON c.id = p.school_class JOIN school_gate_grade g ON g.id = c.grade"
)
_SELECT = (
    f"SELECT {_COLUMNS}, p.name AS pupil_name, p.number AS pupil_number, p.photo, p.boards, p.site,"
    " p.active AS pupil_active, c.id AS class_id, c.name AS class, c.teacher, g.name AS grade,"
    f" g.office{_FROM}"
)
_STILL_COUNTS = (
    "l.voided_at IS NULL AND l.returned_at IS NULL AND (l.ends_at >= {} OR"
    " (l.used_at IS NOT NULL AND l.expected_back_at >= {}))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """A slip as lists and its page show it; `row` has the columns of the table by name."""

    id: UUID
    site_id: UUID
    number: str
    slip: Slip
    standing: str
    pupil_id: UUID
    pupil_name: str
    pupil_number: str
    class_id: UUID
    class_name: str
    teacher_id: UUID | None
    office_id: UUID | None
    photo: UUID | None
    boards: bool
    pupil_active: bool
    row: Mapping[str, Any]

    @property
    def back_late(self) -> bool:
        """Whether the pupil came back after the time."""
        back, by = self.row["returned_at"], self.row["expected_back_at"]
        return bool(back and by and back > by)


def slip_of(row: Mapping[str, Any], at: datetime) -> Slip:
    """Return a row as policies see it, its times on the site's clock."""
    used = row["exit_event"] is not None or (
        row["used_at"] is not None and at > row["used_at"] + SAME_EXIT
    )
    return Slip(
        kind=row["kind"],
        starts=site_time(row["starts_at"]),
        ends=site_time(row["ends_at"]),
        back_by=site_time(row["expected_back_at"]) if row["expected_back_at"] else None,
        issued=row["issued_at"] is not None,
        contacted=row["contacted_at"] is not None,
        stamped=row["stamped_at"] is not None,
        refused=row["refused_at"] is not None,
        void=row["voided_at"] is not None,
        used=used,
        returned=row["returned_at"] is not None,
        released=row["released_at"] is not None,
        alone=bool(row["alone"]),
        reason=row["reason"],
        collector=row["collector_name"],
    )


def _line(row: db.Row, at: datetime) -> SlipLine:
    slip = slip_of(row, at)
    shown = slip
    if row["used_at"] is not None and not slip.used:  # recorded by hand just now, not scanned yet
        shown = slip_of({**row, "exit_event": 0}, at)
    return SlipLine(
        id=row["id"],
        site_id=row["site"],
        number=row["number"],
        slip=slip,
        standing=standing(shown, at),
        pupil_id=row["pupil"],
        pupil_name=row["pupil_name"],
        pupil_number=row["pupil_number"],
        class_id=row["class_id"],
        class_name=f"{row['grade']}{row['class']}",
        teacher_id=row["teacher"],
        office_id=row["office"],
        photo=row["photo"],
        boards=bool(row["boards"]),
        pupil_active=bool(row["pupil_active"]),
        row=row,
    )


async def _lines(condition: str, args: Sequence[Any], at: datetime, tail: str) -> list[SlipLine]:
    # Conditions are written in this room; what comes from outside are the arguments.
    rows = await db.fetch(f"{_SELECT} WHERE {condition}{tail}", *args)
    return [_line(row, at) for row in rows]


async def slip(slip_id: UUID, actor: Actor, *, at: datetime) -> SlipLine:
    """Return one slip; NotFoundError when the actor may not see it."""
    condition, args = seen_by(actor)
    found = await _lines(f"l.id = {{}} AND {condition}", [slip_id, *args], at, "")
    if not found:
        raise NotFoundError
    return found[0]


async def slip_by_id(slip_id: UUID, *, at: datetime) -> SlipLine | None:
    """Return one slip without regard to rights: for links and notices."""
    found = await _lines("l.id = {}", [slip_id], at, "")
    return found[0] if found else None


async def slips(
    actor: Actor, *, at: datetime, pupil_id: UUID | None = None, kind: str = "", page: int = 1
) -> tuple[list[SlipLine], int]:
    """Return one page of the slips that the actor may see, the latest first, and how many in all."""
    condition, args = seen_by(actor)
    if pupil_id is not None:
        condition, args = f"{condition} AND l.pupil = {{}}", [*args, pupil_id]
    if kind:
        condition, args = f"{condition} AND l.kind = {{}}", [*args, kind]
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {condition}", *args)
    found = await _lines(
        condition,
        [*args, PAGE, (page - 1) * PAGE],
        at,
        " ORDER BY l.starts_at DESC, l.id LIMIT {} OFFSET {}",
    )
    return found, count[0]["n"]


async def open_slips(actor: Actor, *, at: datetime) -> list[SlipLine]:
    """Return the slips that still count for something and that the actor may see, by beginning."""
    condition, args = seen_by(actor)
    return await _lines(
        f"{condition} AND {_STILL_COUNTS}",
        [*args, at, at - RECENT],
        at,
        " ORDER BY l.starts_at, p.name, l.id LIMIT 500",
    )


async def to_stamp(actor: Actor, *, at: datetime) -> list[SlipLine]:
    """Return what waits for the stamp of the actor's office, the most urgent first."""
    condition, args = of_own_grade(actor)
    return await _lines(
        f"{condition} AND l.kind = {{}} AND l.issued_at IS NOT NULL AND l.stamped_at IS NULL"
        " AND l.refused_at IS NULL AND l.voided_at IS NULL AND l.ends_at >= {}",
        [*args, LEAVE, at],
        at,
        " ORDER BY l.starts_at, l.issued_at, l.id LIMIT 200",
    )


async def of_own_class(actor: Actor, *, at: datetime) -> list[SlipLine]:
    """Return the open slips of a class teacher's own classes, and those refused since yesterday."""
    if not teaches(actor):
        return []
    return await _lines(
        f"c.teacher = {{}} AND {_STILL_COUNTS}",
        [actor.host_id, at, at - RECENT],
        at,
        " ORDER BY l.starts_at, p.name, l.id LIMIT 200",
    )


async def open_of_pupils(pupil_ids: Sequence[UUID], *, at: datetime) -> list[SlipLine]:
    """Return pupils' slips that still run, without regard to rights: for their parents' links."""
    if not pupil_ids:
        return []
    found = await _lines(
        f"l.pupil IN ({places(pupil_ids)}) AND {_STILL_COUNTS}",
        [*pupil_ids, at, at - RECENT],
        at,
        " ORDER BY l.starts_at, l.id LIMIT 50",
    )
    return [line for line in found if line.standing in OPEN]


def standing_in(lines: Iterable[SlipLine], *standings: str) -> list[SlipLine]:
    """Return those lines that stand so."""
    return [line for line in lines if line.standing in standings]


async def unsettled(at: datetime) -> list[SlipLine]:
    """Return the slips whose exit or return may be found in the scans by now."""
    return await _lines(
        "l.voided_at IS NULL AND l.refused_at IS NULL AND l.issued_at IS NOT NULL AND l.kind <> {}"
        " AND l.starts_at <= {} AND l.ends_at >= {} AND (l.returned_at IS NULL OR l.returned_at >= {})",
        [ENTRY, at, at - RECENT, at - timedelta(hours=12)],
        at,
        " ORDER BY l.id LIMIT 1000",
    )


async def passed(pupil_ids: Iterable[UUID], since: datetime) -> dict[UUID, list[Passed]]:
    """Return the scans that let pupils through since a moment, by pupil, in order of time."""
    wanted = list(dict.fromkeys(pupil_ids))
    found: dict[UUID, list[Passed]] = {}
    for start in range(0, len(wanted), 200):
        part = wanted[start : start + 200]
        rows = await db.fetch(
            "SELECT b.holder, e.id, e.at, e.direction FROM pass b"  # noqa: S608 - places only
            " JOIN scan_event e ON e.pass_id = b.id"
            f" WHERE b.holder IN ({places(part)}) AND b.kind IN ('school_gate.pupil',"
            " 'school_gate.intern') AND e.at >= {} AND e.verdict = 0"
            " AND e.code NOT IN ('undo', 'stub_returned')"
            " AND NOT EXISTS (SELECT 1 FROM scan_event u WHERE u.pass_id = e.pass_id"
            " AND u.corrects = e.id) ORDER BY e.at, e.id",
            *part,
            clock.to_ms(since),
        )
        for row in rows:
            found.setdefault(row["holder"], []).append(
                Passed(row["id"], row["at"], bool(row["direction"]))
            )
    return found


async def of_pupils(pupil_ids: Sequence[UUID], at: datetime) -> dict[UUID, list[db.Row]]:
    """Return the rows of slips that may matter to a scan now, by pupil; one query for a batch."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM school_gate_leave l WHERE l.pupil IN ({places(pupil_ids)})"  # noqa: S608
        f" AND {_STILL_COUNTS}",
        *pupil_ids,
        at,
        at - RECENT,
    )
    found: dict[UUID, list[db.Row]] = {}
    for row in rows:
        found.setdefault(row["pupil"], []).append(row)
    return found
