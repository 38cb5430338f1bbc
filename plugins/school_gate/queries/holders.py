"""Who holds a badge, and the facts by which their scans are judged; once for a batch of scans."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from core import clock, db, settings
from core.decisions import Decision, gravest
from core.gate.facts import OUT, HolderCard, PassFacts, ScanFacts
from core.gate.photos import photo_path
from core.i18n import N_, Message
from core.registrations.judging import site_time
from plugins.school_gate.facts import INTERN, PUPIL, STAFF, Leave, PupilScan
from plugins.school_gate.policies import may_pass, may_pass_staff, not_again
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import places

BOARDER, DAY_PUPIL, INTERN_LABEL = N_("Boarder"), N_("Day pupil"), N_("Intern")
_PUPILS = (
    "SELECT p.id, p.name, p.kind, p.boards, p.active, p.photo, g.name AS grade, c.name AS class,"
    " l.starts_at, l.ends_at, l.contacted_at, l.stamped_at"
    " FROM school_gate_pupil p JOIN school_gate_class c ON c.id = p.school_class"
    " JOIN school_gate_grade g ON g.id = c.grade LEFT JOIN school_gate_leave l ON l.pupil = p.id"
    " AND l.voided_at IS NULL AND l.used_at IS NULL AND l.ends_at >= {{}}"
    " WHERE p.id IN ({places})"
)
_STAFF = (
    "SELECT s.id, s.active, s.photo, h.name, h.department FROM school_gate_staff s"
    " JOIN host h ON h.id = s.host WHERE s.id IN ({places})"
)


@cache
def site_locale() -> str:
    """Return the language of the organisation, read once: cards are made for every scan."""
    return settings.load().locale


def way_of_living(kind: str, boards: bool) -> Message:
    """Return what a card says of a pupil beside the class."""
    if kind == "intern":
        return INTERN_LABEL
    return BOARDER if boards else DAY_PUPIL


async def cards_of_passes(passes: Sequence[PassFacts], locale: str) -> dict[str, HolderCard]:
    """Return the cards of those passes that are the school's, by pass id."""
    ours = [one for one in passes if one.kind in {PUPIL, INTERN, STAFF}]
    for site_id in {one.site_id for one in ours}:
        await timetable.warm(site_id)
    pupils = await _pupils([p.holder_id for p in ours if p.kind in {PUPIL, INTERN}], locale)
    staff = await _staff([p.holder_id for p in ours if p.kind == STAFF])
    cards: dict[str, HolderCard] = {}
    for one in ours:
        card = (staff if one.kind == STAFF else pupils).get(one.holder_id)
        if card is not None:
            cards[one.pass_id] = card
    return cards


async def card_of(kind: str, holder_id: UUID, locale: str) -> HolderCard | None:
    """Return one holder's card, None when the kind is not the school's or nobody is known."""
    if kind in {PUPIL, INTERN}:
        return (await _pupils([holder_id], locale)).get(holder_id)
    if kind == STAFF:
        return (await _staff([holder_id])).get(holder_id)
    return None


async def _pupils(ids: Sequence[UUID], locale: str) -> Mapping[UUID, HolderCard]:
    if not ids:
        return {}
    wanted = list(dict.fromkeys(ids))
    rows = await db.fetch(_PUPILS.format(places=places(wanted)), clock.now(), *wanted)
    leaves: dict[UUID, list[str]] = {}
    for row in rows:  # one row for each slip of a pupil, or one without
        if row["starts_at"] is not None:
            leaves.setdefault(row["id"], []).append(_leave_text(row))
    return {
        row["id"]: HolderCard(
            name=row["name"],
            lines=(
                f"{row['grade']}{row['class']}",
                way_of_living(row["kind"], bool(row["boards"])).translate(locale),
            ),
            photo=photo_path(row["photo"]),
            details={
                "active": "yes" if row["active"] else "",
                "boards": "yes" if row["boards"] else "",
                "leave": ";".join(leaves.get(row["id"], ())),
            },
            group=("boarder" if row["boards"] else "day") if row["active"] else "inactive",
        )
        for row in rows
    }


def _leave_text(row: db.Row) -> str:
    """Return a slip that may still cover an exit, as `leave_of` reads it."""
    parts = (
        clock.to_ms(row["starts_at"]),
        clock.to_ms(row["ends_at"]),
        int(row["contacted_at"] is not None),
        int(row["stamped_at"] is not None),
    )
    return ",".join(map(str, parts))


def leave_of(text: str, at: datetime) -> Leave | None:
    """Return the slip that covers a moment, or any other one of the pupil's, or None."""
    slips = []
    for part in filter(None, text.split(";")):
        starts, ends, contacted, stamped = map(int, part.split(","))
        slips.append(
            Leave(
                site_time(clock.from_ms(starts)),
                site_time(clock.from_ms(ends)),
                bool(contacted),
                bool(stamped),
                False,
            )
        )
    return next((s for s in slips if s.starts <= at <= s.ends), slips[0] if slips else None)


async def _staff(ids: Sequence[UUID]) -> Mapping[UUID, HolderCard]:
    if not ids:
        return {}
    wanted = list(dict.fromkeys(ids))
    rows = await db.fetch(_STAFF.format(places=places(wanted)), *wanted)
    return {
        row["id"]: HolderCard(
            name=row["name"],
            lines=(row["department"],) if row["department"] else (),
            photo=photo_path(row["photo"]),
            details={"active": "yes" if row["active"] else ""},
            group="staff" if row["active"] else "inactive",
        )
        for row in rows
    }


async def judged_scan(scan: ScanFacts) -> Decision | None:
    """Return what the school says of a scan, None for passes that are not its own."""
    kind = scan.scanned.kind
    if kind not in {PUPIL, INTERN, STAFF}:
        return None
    now = await timetable.gate_now(scan.gate_id, scan.site_id, scan.at)
    details = scan.holder.details if scan.holder else {}
    again = not_again(
        same_way=scan.scanned.last_direction == scan.direction,
        seconds=(scan.at_ms - scan.scanned.last_at) // 1000,
        rules=now.rules,
        version=now.version,
    )
    if kind == STAFF:
        passes = may_pass_staff(scan.holder is not None, bool(details.get("active")), now.version)
        return gravest([passes, again])
    pupil = PupilScan(
        known=scan.holder is not None,
        active=bool(details.get("active")),
        boards=bool(details.get("boards")),
        leaving=scan.direction == OUT,
        at=scan.at,
        gate=now.state,
        has_school=now.day.has_school,
        last_school_day=now.last_school_day,
        leave=leave_of(details.get("leave", ""), scan.at),
    )
    return gravest([may_pass(pupil, now.rules, now.version), again])
