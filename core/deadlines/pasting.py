"""Reading a pasted table of holidays: one line a day or span, as an office copies it from a notice."""

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from core.deadlines.calendar import OFF, WORK
from core.deadlines.facts import CalendarDay
from core.i18n import N_, Message
from core.text import fold_width

MOST_LINES = 2000
_LONGEST_SPAN = 40
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

    A span is two dates with `..`, `~` or `至` between; the first line may be a heading.
    """
    lines = text.lstrip("\ufeff").splitlines()[:MOST_LINES]
    found: dict[date, CalendarDay] = {}
    problems: list[tuple[int, Message]] = []
    for number, line in enumerate(lines, start=1):
        cells = _cells(line)
        if not any(cells):
            continue
        span = _span(cells[0])
        if span is None:
            if number > 1 or any(c.isdigit() for c in cells[0]):
                problems.append((number, N_("There is no date at the beginning of this line.")))
            continue
        kind = _KINDS.get(cells[1].casefold() if len(cells) > 1 else "")
        if kind is None:
            problems.append((number, N_("Write 休 (off) or 班 (work) after the date.")))
            continue
        note = cells[2] if len(cells) > 2 else ""
        for day in span:
            if day in found:
                problems.append((number, N_("{day} is there twice.", day=day.isoformat())))
                continue
            found[day] = CalendarDay(
                day=day, kind=kind, note=note[:100], source=source[:300], provisional=provisional
            )
    days = tuple(found[day] for day in sorted(found))
    return Pasted(days=days, problems=tuple(problems), warnings=tuple(_doubts(days)))


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
