"""Reckoning a due date step by step, reading a proof back, and what is to be done when. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.deadlines.calendar import DAY, Calendar
from core.deadlines.facts import (
    FORWARD,
    NEXT_WORKING_DAY,
    SAME_DAY,
    WORKING,
    Agendum,
    DeadlineRule,
    Extension,
    OfficeHours,
    Pause,
    ProofStep,
    Reckoned,
    Rung,
)

CALM, AMBER, RED, OVERDUE = "calm", "amber", "red", "overdue"
COUNTED = frozenset({"count", "makeup"})
PASSED = frozenset({"count", "makeup", "rest", "holiday", "pause", "before"})


class ProofError(ValueError):
    """A proof whose steps do not lead to its date."""


def reckon(
    rule: DeadlineRule,
    started_on: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Reckoned:
    """Return the due date of what began on a day, with every day that was counted or skipped.

    The days of a pause do not count, from its first to the day before it ended. An extension is
    counted on from the last day of the former count; only then a day off rolls forward, to the next
    working day on which the clock does not rest.
    """
    walk = _Walk(calendar, pauses)
    cursor = walk.begin(rule, started_on)
    legs: list[tuple[int, str, Extension | None]] = [(rule.length, rule.unit, None)]
    legs += [(one.length, one.unit, one) for one in extensions]
    for length, unit, extension in legs:
        if extension is not None:
            walk.mark("extend", cursor, length, unit, extension.reason)
        for _ in range(length):
            found = walk.next_counted(cursor, unit)
            if found is None:
                return walk.stopped()
            cursor = found
    rolls = rule.roll == FORWARD and not calendar.is_working(cursor)
    return walk.rolled(cursor, started_on) if rolls else walk.ended(cursor, cursor, started_on)


class _Walk:
    """The proof being written while days are counted."""

    def __init__(self, calendar: Calendar, pauses: Sequence[Pause]) -> None:
        self.calendar = calendar
        self.pauses = pauses
        self.steps: list[ProofStep] = []

    def begin(self, rule: DeadlineRule, started_on: date) -> date:
        """Write the start and return the day before the first that may count."""
        cursor = started_on - DAY if rule.start == SAME_DAY else started_on
        self.steps.append(
            ProofStep(
                kind="start",
                first=started_on,
                last=cursor,
                days=rule.length,
                unit=rule.unit,
                text=rule.start,
            )
        )
        if rule.start == NEXT_WORKING_DAY:
            first = self.calendar.working_from(started_on + DAY)
            if first > started_on + DAY:
                self._pass(cursor + DAY, first - DAY, "before", "")
                cursor = first - DAY
        return cursor

    def mark(self, kind: str, day: date, days: int = 0, unit: str = "", text: str = "") -> None:
        """Write a step that passes no day."""
        self.steps.append(
            ProofStep(kind=kind, first=day, last=day, days=days, unit=unit, text=text)
        )

    def rolled(self, counted: date, started_on: date) -> Reckoned:
        """Write that a day off moved the date on, and a pause that reaches there moved it further."""
        due = self.calendar.working_from(counted)
        rolls = [_moved("roll", counted, due, self.calendar.note(counted))]
        while (pause := self._pause_on(due)) is not None:
            if pause.until is None:
                return self._stopped_beyond(counted, pause)
            to = self.calendar.working_from(pause.until)
            rolls.append(_moved("wait", due, to, pause.reason))
            due = to
        return self.ended(due, counted, started_on, rolls)

    def _stopped_beyond(self, counted: date, pause: Pause) -> Reckoned:
        """Return that the clock rests among the days off that follow its last day."""
        for number in range(1, (pause.first - counted).days):
            day = counted + DAY * number
            earlier = self._pause_on(day)
            if earlier is not None:
                self._pass(day, day, "pause", earlier.reason)
            else:
                free = self.calendar.is_holiday(day)
                note = self.calendar.note(day) if free else ""
                self._pass(day, day, "holiday" if free else "rest", note)
        self.mark("stopped", pause.first, text=pause.reason)
        return self.stopped()

    def _pause_on(self, day: date) -> Pause | None:
        return next((one for one in self.pauses if _paused(one, day)), None)

    def next_counted(self, cursor: date, unit: str) -> date | None:
        """Pass the days up to the next that counts and return it; None in a pause without end."""
        while True:
            cursor += DAY
            pause = self._pause_on(cursor)
            if pause is not None:
                if pause.until is None:
                    self.mark("stopped", cursor, text=pause.reason)
                    return None
                self._pass(cursor, cursor, "pause", pause.reason)
            elif unit == WORKING and not self.calendar.is_working(cursor):
                free = self.calendar.is_holiday(cursor)
                kind = "holiday" if free else "rest"
                self._pass(cursor, cursor, kind, self.calendar.note(cursor) if free else "")
            else:
                makeup = unit == WORKING and self.calendar.is_makeup(cursor)
                note = self.calendar.note(cursor) if makeup else ""
                self._pass(cursor, cursor, "makeup" if makeup else "count", note)
                return cursor

    def _pass(self, first: date, last: date, kind: str, text: str) -> None:
        """Write days passed, joined to those before them where they are alike."""
        days = (last - first).days + 1
        before = self.steps[-1] if self.steps else None
        if (
            before is not None
            and (before.kind, before.text) == (kind, text)
            and before.last + DAY == first
        ):
            self.steps[-1] = replace(before, last=last, days=before.days + days)
            return
        self.steps.append(ProofStep(kind=kind, first=first, last=last, days=days, text=text))

    def stopped(self) -> Reckoned:
        """Return that the clock stands still."""
        return Reckoned(due=None, counted_to=None, provisional=False, proof=tuple(self.steps))

    def ended(
        self, due: date, counted_to: date, started_on: date, rolls: Sequence[ProofStep] = ()
    ) -> Reckoned:
        """Return the date, marked when a year on the way is not announced."""
        self.mark("due", counted_to)
        self.steps += rolls
        years = range(started_on.year, due.year + 1)
        doubtful = [year for year in years if year not in self.calendar.confirmed]
        for year in doubtful:
            first, last = date(year, 1, 1), date(year, 12, 31)
            self.steps.append(ProofStep(kind="unconfirmed", first=first, last=last))
        return Reckoned(
            due=due,
            counted_to=counted_to,
            provisional=bool(doubtful),
            proof=tuple(self.steps),
        )


def _moved(kind: str, day: date, to: date, text: str) -> ProofStep:
    return ProofStep(kind=kind, first=day, last=to, days=(to - day).days, text=text)


def _paused(pause: Pause, day: date) -> bool:
    return pause.first <= day and (pause.until is None or day < pause.until)


def replay(proof: Sequence[ProofStep]) -> date | None:
    """Reckon a date anew from its proof alone; ProofError when a step does not follow.

    No calendar is asked: the days named must join up, and those counted must be as many as needed.
    """
    if not proof or proof[0].kind != "start":
        raise ProofError("a proof begins with its start")
    reader = _Reader(proof[0])
    for step in proof[1:]:
        if step.kind == "stopped":
            _must(step.first == step.last == reader.cursor + DAY, step)
            return None
        reader.read(step)
    if reader.due is None:
        raise ProofError("the proof leads nowhere")
    return reader.due


class _Reader:
    """Where a proof has led so far."""

    def __init__(self, start: ProofStep) -> None:
        self.cursor, self.needed, self.counted = start.last, start.days, 0
        self.due: date | None = None

    def read(self, step: ProofStep) -> None:
        """Follow one step."""
        if step.kind in PASSED:
            self._pass(step)
        elif step.kind in {"roll", "wait"}:
            _must(self.due == step.first and step.days == (step.last - step.first).days, step)
            self.due = step.last
        elif step.kind in {"extend", "due"}:
            _must(self.counted == self.needed and self.due is None, step)
            _must(step.first == step.last == self.cursor, step)
            if step.kind == "due":
                self.due = step.first
            else:
                self.needed, self.counted = step.days, 0
        else:
            _must(step.kind in {"unconfirmed", "moved"}, step)

    def _pass(self, step: ProofStep) -> None:
        _must(self.due is None and step.first == self.cursor + DAY, step)
        _must(step.days == (step.last - step.first).days + 1, step)
        self.cursor = step.last
        self.counted += step.days if step.kind in COUNTED else 0


def _must(holds: bool, step: ProofStep) -> None:
    if not holds:
        raise ProofError(f"{step} does not follow")


def level(due: date | None, today: date, rule: DeadlineRule, calendar: Calendar) -> str:
    """Return how urgent a running clock is: calm, amber, red, overdue; calm while it is paused."""
    if due is None:
        return CALM
    if today > due:
        return OVERDUE
    left = calendar.days_left(today, due, rule.warn_unit)
    return RED if left <= rule.red else AMBER if left <= rule.amber else CALM


def agenda(
    due: date,
    rule: DeadlineRule,
    ladder: Sequence[Rung],
    calendar: Calendar,
    hours: OfficeHours,
    zone: ZoneInfo,
) -> list[Agendum]:
    """Return what is to be done when, all in working hours, in the order of time.

    A warning that falls on a day off comes on the working day before: nobody is warned too late.
    """
    items: list[Agendum] = []
    for name, days in ((AMBER, rule.amber), (RED, rule.red)):
        day = calendar.working_until(calendar.back(due, days, rule.warn_unit))
        items.append(Agendum(name=name, moment=calendar.opening(day, hours, zone)))
    late = calendar.opening(due + DAY, hours, zone)
    items.append(Agendum(name=OVERDUE, moment=late))
    for number, rung in enumerate(ladder):
        moment = calendar.later(late, timedelta(hours=rung.after_hours), hours)
        items.append(Agendum(name=f"rung{number}", moment=moment))
    return sorted(items, key=lambda item: item.moment)


def gravest(names: Iterable[str]) -> str:
    """Return the gravest of several warnings that are due at once; empty when there is none."""
    given = set(names)
    return next((name for name in (OVERDUE, RED, AMBER) if name in given), "")


def is_met(due: date | None, finished_on: date) -> bool:
    """Say whether what ended on a day ended in time."""
    return due is None or finished_on <= due
