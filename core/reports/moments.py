"""Days and hours of the site's calendar inside statements, on either engine, also when clocks change."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core import clock, db
from core.reports.facts import Period


def day_of(column: str, period: Period) -> str:
    """Return SQL for the local day (`2026-11-23`) of a Timestamptz column within a period."""
    if db.is_sqlite():
        return _by_offset(period, lambda minutes: f"date({column}, '{minutes:+d} minutes')", column)
    return f"to_char({column} AT TIME ZONE '{period.zone.key}', 'YYYY-MM-DD')"


def hour_of(column: str, period: Period) -> str:
    """Return SQL for the local hour (`07`) of a Timestamptz column within a period."""
    if db.is_sqlite():
        return _by_offset(
            period, lambda minutes: f"strftime('%H', {column}, '{minutes:+d} minutes')", column
        )
    return f"to_char({column} AT TIME ZONE '{period.zone.key}', 'HH24')"


def as_moment(column: str) -> str:
    """Return SQL that makes a moment of a column of epoch milliseconds."""
    if db.is_sqlite():
        return f"datetime({column} / 1000, 'unixepoch')"
    return f"to_timestamp({column} / 1000.0)"


def minutes_between(first: str, second: str) -> str:
    """Return SQL for the whole minutes from one Timestamptz to another, at least 0."""
    if db.is_sqlite():
        seconds = f"(CAST(strftime('%s', {second}) AS INTEGER) - CAST(strftime('%s', {first}) AS INTEGER))"
        return f"max(0, {seconds} / 60)"
    return f"greatest(0, floor(extract(epoch FROM {second} - {first}) / 60)::bigint)"


def _by_offset(period: Period, shifted: Callable[[int], str], column: str) -> str:
    """Return the expression for the zone's offset, as a CASE where it changes within the period."""
    changes = _offsets(period)
    if len(changes) == 1:
        return shifted(changes[0][1])
    whens = " ".join(
        f"WHEN {column} < '{until:%Y-%m-%d %H:%M:%S}' THEN {shifted(minutes)}"
        for until, minutes in changes[:-1]
    )
    return f"CASE {whens} ELSE {shifted(changes[-1][1])} END"


def _offsets(period: Period) -> list[tuple[datetime, int]]:
    """Return the stretches of one offset: the moment each ends (UTC) and its minutes from UTC."""
    found: list[tuple[datetime, int]] = []
    moment = period.since
    while moment < period.until:
        minutes = _offset(moment, period.zone)
        following = moment + timedelta(days=1)
        if _offset(following, period.zone) != minutes:
            following = _change(moment, following, period.zone)
        if found and found[-1][1] == minutes:
            found.pop()
        found.append((following, minutes))
        moment = following
    return found


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the minute at which the offset changes between two moments."""
    old = _offset(before, zone)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=int((after - before).total_seconds() // 120))
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    offset = clock.local(moment, zone).utcoffset() or timedelta(0)
    return int(offset.total_seconds() // 60)
