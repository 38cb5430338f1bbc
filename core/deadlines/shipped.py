"""The holidays that come with the software: years announced exactly, the next one provisional.

2025 and 2026: the yearly notices of the General Office of the State Council (2024-11-12, 2025-11-04).
2027: the statutory days of the regulation of 2024-11-10; its make-up days are not announced yet.
"""

from datetime import date, timedelta

from core.deadlines.calendar import OFF, WORK
from core.deadlines.facts import CalendarDay

NOTICE_2025 = "国务院办公厅关于2025年部分节假日安排的通知"
NOTICE_2026 = "国务院办公厅关于2026年部分节假日安排的通知"
STATUTE = "全国年节及纪念日放假办法；暂定，待国务院办公厅通知"

_YEARS = {
    2025: (
        NOTICE_2025,
        (
            ("元旦", "01-01", "01-01"),
            ("春节", "01-28", "02-04"),
            ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"),
            ("端午节", "05-31", "06-02"),
            ("国庆节、中秋节", "10-01", "10-08"),
        ),
        (
            ("春节", "01-26"),
            ("春节", "02-08"),
            ("劳动节", "04-27"),
            ("国庆节、中秋节", "09-28"),
            ("国庆节、中秋节", "10-11"),
        ),
    ),
    2026: (
        NOTICE_2026,
        (
            ("元旦", "01-01", "01-03"),
            ("春节", "02-15", "02-23"),
            ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"),
            ("端午节", "06-19", "06-21"),
            ("中秋节", "09-25", "09-27"),
            ("国庆节", "10-01", "10-07"),
        ),
        (
            ("元旦", "01-04"),
            ("春节", "02-14"),
            ("春节", "02-28"),
            ("劳动节", "05-09"),
            ("国庆节", "09-20"),
            ("国庆节", "10-10"),
        ),
    ),
    2027: (
        STATUTE,
        (
            ("元旦", "01-01", "01-01"),
            ("春节", "02-05", "02-08"),
            ("清明节", "04-05", "04-05"),
            ("劳动节", "05-01", "05-02"),
            ("端午节", "06-09", "06-09"),
            ("中秋节", "09-15", "09-15"),
            ("国庆节", "10-01", "10-03"),
        ),
        (),
    ),
}
PROVISIONAL = frozenset({2027})


def days_of(year: int) -> list[CalendarDay]:
    """Return the shipped days of a year, none for a year that is not known."""
    if year not in _YEARS:
        return []
    source, holidays, makeup = _YEARS[year]
    found: list[CalendarDay] = []
    doubtful = year in PROVISIONAL
    for note, first, last in holidays:
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
        while day <= end:
            found.append(
                CalendarDay(day=day, kind=OFF, note=note, source=source, provisional=doubtful)
            )
            day += timedelta(days=1)
    for note, worked in makeup:
        day = date.fromisoformat(f"{year}-{worked}")
        found.append(
            CalendarDay(day=day, kind=WORK, note=f"{note}调休", source=source, provisional=doubtful)
        )
    return found


def years() -> list[int]:
    """Return the years that come with the software."""
    return sorted(_YEARS)
