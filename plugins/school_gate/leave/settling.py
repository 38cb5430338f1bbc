"""What the scans say of slips: exits and returns written down, absences and gaps told to who must know."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from piccolo.columns import Column

from core import clock, db
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.leave import policies, queries, telling
from plugins.school_gate.leave.facts import LEAVE, Passed
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.scanning import valid_from
from plugins.school_gate.leave.services import RECORD
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.queries import timetable

# So long the guard has to record who collected, after the badge was scanned out.
TIME_TO_SIGN = timedelta(minutes=10)
# What is older is on the slip, and nobody is told of it any more.
STILL_NEWS = timedelta(hours=24)


async def settle(at: datetime) -> None:
    """Write down what the scans say by now, and tell of who is not back; done twice, it is the same."""
    lines = await queries.unsettled(at)
    if not lines:
        return
    rules: SchoolRules = (await timetable.in_force(at)).values
    scans = await queries.passed(
        [line.pupil_id for line in lines], min(line.row["starts_at"] for line in lines)
    )
    for line in lines:
        await _settle(line, scans.get(line.pupil_id, ()), rules, at)


def _found(line: SlipLine, scans: Sequence[Passed]) -> dict[Column | str, Any]:
    """Return exit and return as the scans and the guard's own records have them."""
    row = line.row
    moved = policies.movement(line.slip, valid_from(row), scans)
    found: dict[Column | str, Any] = {"used_at": None, "exit_event": None}
    if moved.exit is not None:
        found = {"used_at": clock.from_ms(moved.exit.at), "exit_event": moved.exit.event}
    elif row["released_at"] is not None:
        found = {"used_at": row["used_at"], "exit_event": None}
    back = moved.back
    if moved.exit is None and row["released_at"] is not None:
        since = clock.to_ms(row["released_at"])
        back = next((scan for scan in scans if not scan.out and scan.at > since), None)
    if back is not None:
        found |= {"returned_at": clock.from_ms(back.at), "return_event": back.event}
    elif row["return_note"]:
        found |= {"returned_at": row["returned_at"], "return_event": None}
    else:
        found |= {"returned_at": None, "return_event": None}
    return found


async def _settle(
    line: SlipLine, scans: Sequence[Passed], rules: SchoolRules, at: datetime
) -> None:
    found = _found(line, scans)
    changed = {name: value for name, value in found.items() if line.row[str(name)] != value}
    if changed:
        async with db.writing():
            await LeaveSlip.update(changed).where(LeaveSlip.id == line.id)
            shown = {str(name): value for name, value in changed.items() if value is not None}
            await record(SYSTEM, "school_gate.leave_scan", RECORD, line.id, at=at, after=shown)
    fresh = await queries.slip_by_id(line.id, at=at)
    if fresh is not None and fresh.row["voided_at"] is None:
        await _tell(fresh, rules, at)


async def _tell(line: SlipLine, rules: SchoolRules, at: datetime) -> None:
    row, url = line.row, f"/school-gate/leave/{line.id}"
    by, back, used = row["expected_back_at"], row["returned_at"], row["used_at"]
    grace = timedelta(minutes=rules.return_grace_minutes)
    if used and by and not back and at > by + grace and row["missed_at"] is None:
        async with db.writing():
            await LeaveSlip.update({LeaveSlip.missed_at: at}).where(LeaveSlip.id == line.id)
            await record(SYSTEM, "school_gate.leave_missed", RECORD, line.id, at=at)
            await telling.tell(
                [*await telling.teachers(line.teacher_id), *await telling.on_duty(line.site_id)],
                f"leave_missed/{line.id}",
                N_("Not back in time: {name}, {class_name}", name=line.pupil_name,
                   class_name=line.class_name),
                N_("Expected back at {time}. Call the parents.", time=_clock(line)),
                url,
                at=at,
            )  # fmt: skip
    if back and by and back > by + grace and at - back < STILL_NEWS:
        async with db.writing():
            await telling.tell(
                await telling.teachers(line.teacher_id),
                f"leave_late/{line.id}",
                N_("Back late: {name}, {class_name}", name=line.pupil_name,
                   class_name=line.class_name),
                N_("Expected back at {time}.", time=_clock(line)),
                url,
                at=at,
            )  # fmt: skip
    unsigned = line.slip.kind == LEAVE and row["exit_event"] and row["released_at"] is None
    if unsigned and used and TIME_TO_SIGN < at - used < STILL_NEWS:
        async with db.writing():
            await telling.tell(
                [*await telling.teachers(line.teacher_id), *await telling.on_duty(line.site_id)],
                f"leave_unsigned/{line.id}",
                N_("Went out, but it is not recorded who collected: {name}", name=line.pupil_name),
                N_("Ask the guard, and record it on the slip."),
                url,
                at=at,
            )


def _clock(line: SlipLine) -> str:
    return line.slip.back_by.strftime("%m-%d %H:%M") if line.slip.back_by else ""
