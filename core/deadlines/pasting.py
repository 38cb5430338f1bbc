"""Reading a pasted table of holidays: one line a day or span, or the yearly notice in its own words.

`write` gives the lines back, so that a year is changed by changing its text.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO

from core.deadlines import announcement
from core.deadlines.calendar import OFF, WORK
from core.deadlines.facts import CalendarDay
from core.i18n import N_, Message
from core.text import fold_width

MOST_LINES = 2000
_LONGEST_SPAN = 40
_YEARS = range(2000, 2100)
_KINDS = {
    "休": OFF, "假": OFF, "放假": OFF, "off": OFF, "holiday": OFF,
    "班": WORK, "上班": WORK, "调休": WORK, "补班": WORK, "work": WORK,
}  # fmt: skip
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})"
)
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What was read: the days, what is wrong by line number, and what should be looked at."""

    days: tuple[CalendarDay, ...]
    problems: tuple[tuple[int, Message], ...]
    warnings: tuple[Message, ...]


def read(text: str, *, source: str, provisional: bool) -> Pasted:
    """Read lines of date or span, kind, note, with comma, semicolon or tab between them.

    A span is two dates with `..`, `~` or `至` between; the first line may be a heading. The notice
    of the State Council is read as it is worded.
    """
    if announcement.is_one(text):
        return _announced(text, source=source, provisional=provisional)
    lines = text.lstrip("\ufeff").splitlines()
    found: dict[date, CalendarDay] = {}
    problems = _too_many(lines)
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        cells = _cells(line)
        if not any(cells):
            continue
        span = _span(cells[0])
        if span is None:
            if number > 1 or any(c.isdigit() for c in cells[0]):
                problems.append((number, _no_span(cells[0])))
            continue
        if span[0].year not in _YEARS or span[-1].year not in _YEARS:
            problems.append((number, N_("This year is not possible here.")))
            continue
        kind = _KINDS.get(cells[1].casefold() if len(cells) > 1 else "")
        if kind is None:
            problems.append((number, N_("Write 休 (off) or 班 (work) after the date.")))
            continue
        note = "、".join(cell for cell in cells[2:] if cell)
        for day in span:
            if day in found:
                problems.append((number, N_("{day} is there twice.", day=day.isoformat())))
                continue
            found[day] = CalendarDay(
                day=day, kind=kind, note=note[:100], source=source[:300], provisional=provisional
            )
    days = tuple(found[day] for day in sorted(found))
    return Pasted(days=days, problems=tuple(problems), warnings=tuple(_doubts(days)))


def _too_many(lines: Sequence[str]) -> list[tuple[int, Message]]:
    if len(lines) <= MOST_LINES:
        return []
    return [(MOST_LINES + 1, N_("At most {number} lines.", number=MOST_LINES))]


def _announced(text: str, *, source: str, provisional: bool) -> Pasted:
    """Return the days of a notice's own year; what it names of another year is pointed out."""
    told, problems = announcement.read(text)
    found: dict[date, CalendarDay] = {}
    years = Counter(one.day.year for one in told)
    year = years.most_common(1)[0][0] if years else 0
    elsewhere: list[Message] = []
    for one in told:
        if one.day.year != year:
            said = N_(
                "{day} is left out: add it to the days of {year}.",
                day=one.day.isoformat(),
                year=str(one.day.year),
            )
            elsewhere.append(said)
            continue
        if one.day in found:
            problems.append((1, N_("{day} is there twice.", day=one.day.isoformat())))
            continue
        found[one.day] = CalendarDay(
            day=one.day,
            kind=one.kind,
            note=one.note[:100],
            source=source[:300],
            provisional=provisional,
        )
    days = tuple(found[day] for day in sorted(found))
    return Pasted(days=days, problems=tuple(problems), warnings=(*elsewhere, *_doubts(days)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days of one kind and note that follow each other."""

    first: date
    last: date
    kind: str
    note: str

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1


def spans(days: Sequence[CalendarDay]) -> list[Span]:
    """Return days joined to spans, in their order."""
    found: list[Span] = []
    for one in sorted(days, key=lambda day: day.day):
        before = found[-1] if found else None
        if (
            before is not None
            and (before.kind, before.note) == (one.kind, one.note)
            and (one.day - before.last).days == 1
        ):
            found[-1] = replace(before, last=one.day)
        else:
            found.append(Span(first=one.day, last=one.day, kind=one.kind, note=one.note))
    return found


def write(days: Sequence[CalendarDay]) -> str:
    """Return days as lines that `read` understands, those that follow each other as one span."""
    return "\n".join(_line(one) for one in spans(days))


def _line(span: Span) -> str:
    when = f"{span.first}..{span.last}" if span.days > 1 else span.first.isoformat()
    kind = "班" if span.kind == WORK else "休"
    return ", ".join(part for part in (when, kind, span.note.replace(",", "、")) if part)


def _cells(line: str) -> list[str]:
    folded = fold_width(line)
    for mark in ("\t", ";", ","):
        if mark in folded:
            return [cell.strip() for cell in next(csv.reader(StringIO(folded), delimiter=mark))]
    return folded.split(maxsplit=2)


def _span(text: str) -> list[date] | None:
    """Return the days of a date or span; None for what is neither."""
    try:
        dates = [
            date(*(int(part) for part in (match[:3] if match[0] else match[3:])))
            for match in _DATE.findall(text)
        ]
    except ValueError:
        return None
    rest = _DATE.sub("", text).strip()
    if len(dates) == 1 and not rest:
        return dates
    if len(dates) != 2 or rest not in {"..", "~", "至", "-", "—", "到"} or dates[1] < dates[0]:
        return None
    length = (dates[1] - dates[0]).days + 1
    if length > _LONGEST_SPAN:
        return None
    return [dates[0] + timedelta(days=n) for n in range(length)]


def _no_span(text: str) -> Message:
    if _DATE.search(text):
        return N_("{text} is no date, or no span from an earlier to a later day.", text=text[:40])
    return N_("There is no date at the beginning of this line.")


def _doubts(days: tuple[CalendarDay, ...]) -> list[Message]:
    """Return what is unusual: it may be right, a person looks at it."""
    found: list[Message] = []
    for one in days:
        if one.kind == WORK and one.day.weekday() < 5:
            day = one.day.isoformat()
            found.append(N_("{day} is worked anyway: it is no weekend.", day=day))
    by_day = {one.day: one.kind for one in days}
    for year in sorted({one.day.year for one in days}):
        missing = [date(year, m, d) for m, d in _FIXED if by_day.get(date(year, m, d)) != OFF]
        if missing:
            said = ", ".join(day.isoformat() for day in missing)
            found.append(
                N_("The whole of {year} is replaced, and {days} would be no holiday.",
                   year=str(year), days=said)
            )  # fmt: skip
    return found
