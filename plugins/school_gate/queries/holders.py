"""Who holds a badge, and the facts by which their scans are judged; once for a batch of scans."""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from core import clock, db, settings
from core.decisions import Decision, gravest
from core.gate.facts import OUT, HolderCard, PassFacts, ScanFacts
from core.gate.photos import photo_path
from core.i18n import N_, Message
from plugins.school_gate.facts import INTERN, PUPIL, STAFF, PupilScan
from plugins.school_gate.leave.scanning import slips_for, slips_in
from plugins.school_gate.policies import may_pass, may_pass_staff, not_again
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import places
from plugins.school_gate.states import school_is_over

BOARDER, DAY_PUPIL, INTERN_LABEL = N_("Boarder"), N_("Day pupil"), N_("Intern")
_PUPILS = (
    "SELECT p.id, p.name, p.kind, p.boards, p.active, p.photo, g.name AS grade, c.name AS class"
    " FROM school_gate_pupil p JOIN school_gate_class c ON c.id = p.school_class"
    " JOIN school_gate_grade g ON g.id = c.grade WHERE p.id IN ({places})"
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
    rows = await db.fetch(_PUPILS.format(places=places(wanted)), *wanted)
    slips = await slips_for(wanted, clock.now())
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
                "slips": slips.get(row["id"], ""),
            },
            group=("boarder" if row["boards"] else "day") if row["active"] else "inactive",
        )
        for row in rows
    }


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
        school_over=school_is_over(now.day, scan.at),
        slips=slips_in(details.get("slips", "")),
    )
    return gravest([may_pass(pupil, now.rules, now.version), again])
