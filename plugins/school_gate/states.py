"""How a gate stands at a moment: the timetable, and what the guard recorded of it (SCH-1)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from plugins.school_gate.facts import (
    CLOSED,
    DISMISSAL,
    HOLIDAY,
    OPEN,
    SCHOOL,
    SPECIAL,
    DayPlan,
    GateState,
    Opening,
    SchoolRules,
    Window,
)

_FRIDAY = 4
# A guard opens a little before the hour; such an opening belongs to the window that follows.
_EARLY = timedelta(minutes=30)


def time_of(text: str) -> time:
    """Return the time of day that a setting such as `06:30` means."""
    return time.fromisoformat(text)


def default_windows(rules: SchoolRules) -> tuple[Window, ...]:
    """Return a school day's windows where a gate has no timetable of its own."""
    return (
        Window(time_of(rules.morning_open), time_of(rules.morning_close), OPEN),
        _dismissal(rules.noon_dismissal, rules),
        Window(time_of(rules.afternoon_open), time_of(rules.afternoon_close), OPEN),
        _dismissal(rules.evening_dismissal, rules),
    )


def _dismissal(starts: str, rules: SchoolRules) -> Window:
    begin = time_of(starts)
    minutes = min(begin.hour * 60 + begin.minute + rules.dismissal_minutes, 24 * 60 - 1)
    return Window(begin, time(minutes // 60, minutes % 60), DISMISSAL)


def kind_of_day(day: date, written: str | None) -> str:
    """Return what the school calendar calls a day; unwritten, Monday to Friday have school."""
    return written or (SCHOOL if day.weekday() <= _FRIDAY else HOLIDAY)


def is_last_school_day(plans: Sequence[DayPlan], day: date) -> bool:
    """Say whether no more school follows on the next day, as before a weekend or holidays.

    A day that `plans` does not hold is judged by its weekday.
    """
    by_day = {plan.day: plan for plan in plans}
    tomorrow = day + timedelta(days=1)
    plan = by_day.get(tomorrow)
    return not plan.has_school if plan else kind_of_day(tomorrow, None) == HOLIDAY


def school_is_over(plan: DayPlan, at: datetime) -> bool:
    """Say whether the day's last dismissal has begun, or there is no school at all."""
    if not plan.has_school:
        return True
    dismissals = [window.starts for window in plan.windows if window.kind == DISMISSAL]
    return bool(dismissals) and at.time() >= max(dismissals)


def state_of_gate(
    plans: Sequence[DayPlan], openings: Iterable[Opening], at: datetime, rules: SchoolRules
) -> GateState:
    """Return how the gate stands at `at`, local time; `plans` are the days from today onward.

    What the guard recorded goes before the timetable: a dismissal lasts until the guard closes it,
    a gate closed early stays closed, one opened out of hours is open. An opening that nobody closes
    ends with its window, a dismissal or special one after the longest time the rulebook grants.
    """
    begun = sorted((o for o in openings if o.opened_at <= at), key=lambda o: o.opened_at)
    windows = [
        (_moment(plan.day, w.starts, at), _moment(plan.day, w.ends, at), w.kind)
        for plan in plans
        for w in plan.windows
    ]
    windows.sort(key=lambda window: window[0])
    unclosed = False
    lasting: list[tuple[str, datetime, datetime]] = []
    for opening in begun:
        if opening.closed_at is not None and opening.closed_at <= at:
            continue
        ends = _longest_end(opening, windows, rules)
        if at < ends:
            lasting.append(
                (DISMISSAL if opening.kind == DISMISSAL else OPEN, opening.opened_at, ends)
            )
        else:
            unclosed = True
    if lasting:
        state, since, ends = next((x for x in lasting if x[0] == DISMISSAL), lasting[-1])
        return GateState(state, since, *_after(windows, at, ends), True, unclosed)
    for starts, ends, kind in windows:
        if starts <= at < ends and not _closed_within(begun, starts, at):
            return GateState(kind, starts, *_after(windows, at, ends), False, unclosed)
    coming = next((window for window in windows if window[0] > at), None)
    return GateState(
        CLOSED,
        None,
        coming[2] if coming else CLOSED,
        coming[0] if coming else None,
        False,
        unclosed,
    )


def _moment(day: date, clock_time: time, at: datetime) -> datetime:
    return datetime.combine(day, clock_time, at.tzinfo)


def _longest_end(
    opening: Opening, windows: Sequence[tuple[datetime, datetime, str]], rules: SchoolRules
) -> datetime:
    if opening.kind not in {DISMISSAL, SPECIAL}:
        for starts, ends, _ in windows:
            if starts - _EARLY <= opening.opened_at < ends:
                return ends
    return opening.opened_at + timedelta(minutes=rules.longest_opening_minutes)


def _closed_within(begun: Sequence[Opening], starts: datetime, at: datetime) -> bool:
    """Say whether the guard's latest record of this window is that the gate is closed."""
    return any(o.closed_at is not None and starts <= o.closed_at <= at for o in begun)


def _after(
    windows: Sequence[tuple[datetime, datetime, str]], at: datetime, ends: datetime
) -> tuple[str, datetime]:
    """Return the next change: another window that begins before this one ends, or closing."""
    for starts, _, kind in windows:
        if at < starts < ends:
            return kind, starts
    return CLOSED, ends
