"""Changing the gates' own timetables and the school calendar."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from plugins.school_gate.facts import DAY_KINDS, DISMISSAL, OPEN
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import WRITE_TIMETABLE
from plugins.school_gate.tables import CalendarDay, GateWindow

MAX_DAYS = 200


async def add_window(
    gate_id: UUID,
    *,
    kind: str,
    day_kind: str,
    weekdays: int,
    starts: str,
    ends: str,
    first_day: date | None,
    last_day: date | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Add a line to a gate's own timetable; with the first one the rulebook's hours end for it."""
    problems: dict[str, Message] = {}
    if starts >= ends:
        problems["ends"] = N_("The end must lie after the beginning.")
    if not 0 < weekdays <= 127:
        problems["weekdays"] = N_("Choose at least one day of the week.")
    if first_day and last_day and first_day > last_day:
        problems["last_day"] = N_("The end must lie after the beginning.")
    if kind not in {OPEN, DISMISSAL} or day_kind not in DAY_KINDS:
        problems["kind"] = N_("Please choose one of the options.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        gate = await timetable.gate_of(gate_id, actor, WRITE_TIMETABLE)
        window = GateWindow(
            gate=gate.id,
            kind=kind,
            day_kind=day_kind,
            weekdays=weekdays,
            starts=starts,
            ends=ends,
            first_day=first_day,
            last_day=last_day,
            created_at=at,
        )
        await window.save()
        await record(
            actor,
            "school_gate.window_add",
            "gate",
            gate.id,
            at=at,
            after=_shown(window),
        )
        db.after_commit(timetable.forget)
    return window.id


async def void_window(window_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a line out of a gate's own timetable; the past keeps it."""
    async with db.writing():
        window = (
            await GateWindow.objects()
            .where(GateWindow.id == window_id, GateWindow.voided_at.is_null())
            .first()
        )
        if window is None:
            raise NotFoundError
        await timetable.gate_of(window.gate, actor, WRITE_TIMETABLE)
        window.voided_at = at
        await window.save([GateWindow.voided_at])
        await record(
            actor,
            "school_gate.window_void",
            "gate",
            window.gate,
            at=at,
            before=_shown(window),
        )
        db.after_commit(timetable.forget)


def _shown(window: GateWindow) -> dict[str, object]:
    return {
        "window": str(window.id),
        "kind": window.kind,
        "day_kind": window.day_kind,
        "weekdays": window.weekdays,
        "hours": f"{window.starts}-{window.ends}",
        "from": str(window.first_day or ""),
        "until": str(window.last_day or ""),
    }


async def set_days(
    site_id: UUID,
    first: date,
    last: date,
    kind: str,
    *,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> int:
    """Say what the days of a range are; an empty kind leaves them to their weekday again.

    Returns how many days were written or cleared.
    """
    if kind and kind not in DAY_KINDS:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    if last < first:
        raise InvalidInputError({"last_day": N_("The end must lie after the beginning.")})
    count = (last - first).days + 1
    if count > MAX_DAYS:
        raise InvalidInputError({"last_day": N_("At most {count} days at once.", count=MAX_DAYS)})
    permit(actor, site_id, WRITE_TIMETABLE)
    async with db.writing():
        before = await timetable.calendar(site_id, first, last)
        await CalendarDay.delete().where(
            CalendarDay.site == site_id, CalendarDay.day >= first, CalendarDay.day <= last
        )
        if kind:
            days = [first + timedelta(days=n) for n in range(count)]
            await CalendarDay.insert(
                *(CalendarDay(site=site_id, day=day, kind=kind, note=note) for day in days)
            )
        await record(
            actor,
            "school_gate.calendar",
            "site",
            site_id,
            at=at,
            before={str(day): written for day, written in before.items()},
            after={"from": str(first), "until": str(last), "kind": kind, "note": note},
        )
        db.after_commit(timetable.forget)
    return count if kind else len(before)
