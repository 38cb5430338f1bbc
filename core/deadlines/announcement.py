"""Reading the yearly notice of holidays as the General Office of the State Council words it.

It says for each holiday which days are off (`2月15日（周日）至23日（周一）放假调休，共9天`) and which
weekends are worked (`2月14日（周六）、2月28日（周六）上班`). The weekdays and the number of days it
names are checked against the calendar, so that a slip of whoever copied it is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.deadlines.calendar import OFF, WORK
from core.i18n import N_, Message

_YEAR = re.compile(r"(\d{4})\s*年[^。\n]{0,12}节假日")
_ITEM = re.compile(r"[一二三四五六七八九十]+\s*、\s*([^:。\n]{2,20}?)\s*:")
_DAY = re.compile(r"(?:(\d{4})\s*年)?\s*(?:(\d{1,2})\s*月)?\s*(\d{1,2})\s*日(?:\s*\(([^)]*)\))?")
_SPAN = re.compile(rf"{_DAY.pattern}(?:\s*(?:至|到|-|~)\s*{_DAY.pattern})?")
_NUMBER = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")
_WEEKDAY = re.compile("(?:周|星期)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"
_LONGEST = 40
# Signs as ASCII, but for the stop and comma by which it is read.
_FOLD = {**{code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)}, 0x3000: " "}


@dataclass(frozen=True, slots=True)
class Told:
    """One day that the notice names: `kind` off or work, and for which holiday."""

    day: date
    kind: str
    note: str


def is_one(text: str) -> bool:
    """Say whether a text is such a notice and no list of days."""
    text = text.translate(_FOLD)
    return _YEAR.search(text) is not None and "放假" in text and _ITEM.search(text) is not None


def read(text: str) -> tuple[list[Told], list[tuple[int, Message]]]:
    """Return the days a notice names, and what does not fit by number of the line."""
    found: list[Told] = []
    problems: list[tuple[int, Message]] = []
    text = text.translate(_FOLD)
    year = int(_YEAR.findall(text)[0])
    items = list(_ITEM.finditer(text))
    for item, after in zip(items, [*items[1:], None], strict=True):
        body = text[item.end() : after.start() if after else len(text)]
        number = text.count("\n", 0, item.start()) + 1
        try:
            found += _holiday(item[1].strip(), body, year)
        except _Misfit as misfit:
            problems.append((number, misfit.message))
        except ValueError:
            said = N_("{name}: a date here does not exist.", name=item[1].strip())
            problems.append((number, said))
    return found, problems


class _Misfit(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def _holiday(name: str, body: str, year: int) -> list[Told]:
    found: list[Told] = []
    for sentence in body.split("。"):
        if "上班" in sentence:
            found += [Told(day, WORK, f"{name}调休") for day in _days(sentence, year, name)]
        elif "放假" in sentence:
            days = list(_days(sentence, year, name))
            found += [Told(day, OFF, name) for day in days]
            wanted = _NUMBER.search(sentence)
            if wanted is not None and int(wanted[1]) != len(days):
                raise _Misfit(
                    N_(
                        "{name}: the notice says {number} days, its dates are {found}.",
                        name=name,
                        number=int(wanted[1]),
                        found=len(days),
                    )
                )
    if not found:
        raise _Misfit(N_("{name}: no day is named.", name=name))
    return found


def _days(sentence: str, year: int, name: str) -> Iterator[date]:
    month = 0
    for match in _SPAN.finditer(sentence):
        first, month = _date(match.groups()[:4], year, month, name)
        last = first
        if match.group(7):
            last, month = _date(match.groups()[4:], first.year, month, name)
        if last < first or (last - first).days > _LONGEST:
            raise _Misfit(N_("{name}: the last day is before the first.", name=name))
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)


def _date(parts: tuple[str | None, ...], year: int, month: int, name: str) -> tuple[date, int]:
    own_year, own_month, day, said = parts
    month = int(own_month) if own_month else month
    found = date(int(own_year) if own_year else year, month, int(day or 0))
    weekday = _WEEKDAY.search(said or "")
    if weekday is not None and _WEEKDAYS.index(weekday[1].replace("天", "日")) != found.weekday():
        raise _Misfit(
            N_(
                "{name}: {day} is no {weekday}.",
                name=name,
                day=found.isoformat(),
                weekday=weekday[0],
            )
        )
    return found, month
