"""Boarders: who is in, who went out with a slip, who went home, who is expected and missing (SCH-6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core import clock, db
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.registrations.judging import site_time
from plugins.school_gate.facts import HOLIDAY, SchoolRules
from plugins.school_gate.leave import queries, telling
from plugins.school_gate.leave.facts import OUT, OVERDUE
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.rights import READ_LEAVE, RELEASE_LEAVE, teaches
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import within
from plugins.school_gate.states import kind_of_day, time_of

HERE, AWAY, LATE, HOME, MISSING, UNKNOWN = "here", "away", "late", "home", "missing", "unknown"
PLACES = {
    MISSING: (N_("Not back in time"), "bad", "overdue"),
    LATE: (N_("Not back in time"), "bad", "overdue"),
    AWAY: (N_("Out with a slip"), "busy", "leave"),
    HOME: (N_("Went home"), "neutral", "home"),
    HERE: (N_("In the school"), "good", "check"),
    UNKNOWN: (N_("Never scanned"), "neutral", "info"),
}
_LOOKED_AHEAD = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Boarder:
    """Where a boarder is. `since` is the last scan; `back_by` when one who is out is expected."""

    pupil_id: UUID
    name: str
    number: str
    class_name: str
    site_id: UUID
    teacher_id: UUID | None
    photo: UUID | None
    place: str
    since: datetime | None
    back_by: datetime | None
    slip: SlipLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """The evening by which boarders who went home are back: the one before school begins again."""

    back_by: datetime
    school_begins: date


def evening_before_school(
    day: date, calendar: Mapping[date, str], rules: SchoolRules, like: datetime
) -> Evening | None:
    """Return the evening of the return after the days without school around a day; None in school time.

    It is asked for on a day whose next day has no school, and on days without school.
    """
    tomorrow = day + timedelta(days=1)
    free = [_is_free(one, calendar) for one in (day, tomorrow)]
    if not any(free):
        return None
    first = day if free[0] else tomorrow
    for ahead in range(1, _LOOKED_AHEAD):
        begins = first + timedelta(days=ahead)
        if not _is_free(begins, calendar):
            eve = begins - timedelta(days=1)
            back_by = datetime.combine(eve, time_of(rules.boarders_back_by), like.tzinfo)
            return Evening(back_by=back_by, school_begins=begins)
    return None


def _is_free(day: date, calendar: Mapping[date, str]) -> bool:
    return kind_of_day(day, calendar.get(day)) == HOLIDAY


async def evening(site_id: UUID, at: datetime) -> Evening | None:
    """Return the evening of the return that concerns a site at a moment."""
    local = site_time(at)
    rules: SchoolRules = (await timetable.in_force(at)).values
    first = local.date() - timedelta(days=1)
    calendar = await timetable.calendar(site_id, first, first + timedelta(days=_LOOKED_AHEAD + 2))
    return evening_before_school(local.date(), calendar, rules, local)


async def boarders(actor: Actor, *, at: datetime) -> list[Boarder]:
    """Return the boarders whom the actor may see, those who are missing first."""
    condition, args = within(actor, "p.site", READ_LEAVE, RELEASE_LEAVE)
    if condition != "1 = 1" and teaches(actor):
        condition, args = f"({condition} OR c.teacher = {{}})", [*args, actor.host_id]
    rows = await db.fetch(
        "SELECT p.id, p.name, p.number, p.site, p.photo, g.name AS grade, c.name AS class, c.teacher,"  # noqa: S608
        " max(b.inside) AS inside, max(b.last_at) AS last_at FROM school_gate_pupil p"
        " JOIN school_gate_class c ON c.id = p.school_class"
        " JOIN school_gate_grade g ON g.id = c.grade LEFT JOIN pass b ON b.holder = p.id"
        " AND b.kind IN ('school_gate.pupil', 'school_gate.intern')"
        f" WHERE p.active AND p.boards AND {condition}"
        " GROUP BY p.id, p.name, p.number, p.site, p.photo, g.name, g.position, c.name, c.position,"
        " c.teacher ORDER BY g.position, g.name, c.position, c.name, p.number",
        *args,
    )
    slips = {
        line.pupil_id: line
        for line in await queries.open_slips(actor, at=at)
        if line.standing in {OUT, OVERDUE}
    }
    evenings = {site: await evening(site, at) for site in {row["site"] for row in rows}}
    found = [_boarder(row, slips.get(row["id"]), evenings[row["site"]], at) for row in rows]
    order = list(PLACES)
    return sorted(found, key=lambda one: order.index(one.place))


def _boarder(row: db.Row, slip: SlipLine | None, evening_: Evening | None, at: datetime) -> Boarder:
    last = int(row["last_at"] or 0)
    back_by: datetime | None = None
    if slip is not None:
        place = LATE if slip.standing == OVERDUE else AWAY
        back_by = slip.slip.back_by
    elif not last:
        place = UNKNOWN
    elif row["inside"]:
        place = HERE
    else:
        back_by = evening_.back_by if evening_ else None
        place = MISSING if back_by is None or site_time(at) > back_by else HOME
    return Boarder(
        pupil_id=row["id"],
        name=row["name"],
        number=row["number"],
        class_name=f"{row['grade']}{row['class']}",
        site_id=row["site"],
        teacher_id=row["teacher"],
        photo=row["photo"],
        place=place,
        since=clock.from_ms(last) if last else None,
        back_by=back_by,
        slip=slip,
    )


def counted(found: Sequence[Boarder]) -> Mapping[str, int]:
    """Return how many boarders are where."""
    return Counter(one.place for one in found)


async def tell_missing(at: datetime) -> None:
    """Tell teachers and those on duty once of boarders who did not come back for the school week."""
    local = site_time(at)
    for row in await db.fetch("SELECT DISTINCT p.site FROM school_gate_pupil p WHERE p.boards"):
        evening_ = await evening(row["site"], at)
        if evening_ is None or not timedelta(0) < local - evening_.back_by < timedelta(hours=5):
            continue
        grace = (await timetable.in_force(at)).values.return_grace_minutes
        if local - evening_.back_by < timedelta(minutes=grace):
            continue
        key = f"{row['site'].hex}/{evening_.back_by:%y%m%d}"
        missing = [
            one
            for one in await boarders(SYSTEM, at=at)
            if one.site_id == row["site"] and one.place == MISSING
        ]
        if missing:
            await _tell(missing, key, row["site"], at)


async def _tell(missing: Sequence[Boarder], key: str, site_id: UUID, at: datetime) -> None:
    async with db.writing():
        told = await db.fetch(
            "SELECT 1 AS there FROM log_entry WHERE act = 'school_gate.boarders_missing'"
            " AND record_id = {} LIMIT 1",
            key,
        )
        if told:
            return
        await record(
            SYSTEM,
            "school_gate.boarders_missing",
            "school_gate_boarders",
            key,
            at=at,
            after={"count": len(missing)},
        )
        body = N_("Call the parents, and record who is back.")
        await telling.tell(
            await telling.on_duty(site_id),
            f"boarders/{key}",
            N_("{count} boarders are not back for the school week", count=len(missing)),
            body,
            "/school-gate/boarders",
            at=at,
        )
        for teacher_id, count in Counter(one.teacher_id for one in missing).items():
            await telling.tell(
                await telling.teachers(teacher_id),
                f"boarders/{key}",
                N_("{count} boarders of your class are not back", count=count),
                body,
                "/school-gate/boarders",
                at=at,
            )
