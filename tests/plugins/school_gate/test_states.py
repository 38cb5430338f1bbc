"""How a gate stands: the timetable alone, the guard's records alone, and both where they differ."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.school_gate.facts import (
    CLOSED,
    DISMISSAL,
    HOLIDAY,
    NORMAL,
    OPEN,
    SCHOOL,
    SPECIAL,
    DayPlan,
    Opening,
    SchoolRules,
    Window,
)
from plugins.school_gate.states import (
    default_windows,
    is_last_school_day,
    kind_of_day,
    state_of_gate,
)

ZONE = ZoneInfo("Asia/Shanghai")
RULES = SchoolRules()
MONDAY = date(2026, 11, 23)


def at(text, day=MONDAY):
    return datetime.combine(day, time.fromisoformat(text), ZONE)


def week(start=MONDAY, days=7, rules=RULES):
    plans = []
    for n in range(days):
        day = start + timedelta(days=n)
        kind = kind_of_day(day, None)
        plans.append(DayPlan(day, kind, default_windows(rules) if kind == SCHOOL else ()))
    return plans


@pytest.mark.parametrize(
    ("moment", "state", "next_state", "next_at"),
    [
        ("00:00", CLOSED, OPEN, "06:30"),
        ("06:29", CLOSED, OPEN, "06:30"),
        ("06:30", OPEN, CLOSED, "08:30"),
        ("08:29", OPEN, CLOSED, "08:30"),
        ("08:30", CLOSED, DISMISSAL, "11:50"),
        ("11:49", CLOSED, DISMISSAL, "11:50"),
        ("11:50", DISMISSAL, CLOSED, "12:30"),
        ("12:30", CLOSED, OPEN, "13:50"),
        ("13:50", OPEN, CLOSED, "15:00"),
        ("15:00", CLOSED, DISMISSAL, "18:20"),
        ("18:20", DISMISSAL, CLOSED, "19:00"),
    ],
)
def test_the_timetable_alone(moment, state, next_state, next_at):
    stands = state_of_gate(week(), [], at(moment), RULES)
    assert (stands.state, stands.next_state, stands.next_at) == (state, next_state, at(next_at))
    assert not stands.recorded
    assert not stands.unclosed


def test_after_the_last_change_of_friday_the_next_one_is_on_monday():
    friday = MONDAY + timedelta(days=4)
    stands = state_of_gate(week(friday), [], at("19:30", friday), RULES)
    assert (stands.state, stands.next_at) == (CLOSED, at("06:30", MONDAY + timedelta(days=7)))


def test_in_long_holidays_no_change_is_known():
    plans = [DayPlan(MONDAY + timedelta(days=n), HOLIDAY, ()) for n in range(7)]
    stands = state_of_gate(plans, [], at("07:00"), RULES)
    assert (stands.state, stands.next_state, stands.next_at) == (CLOSED, CLOSED, None)


@pytest.mark.parametrize(
    ("name", "openings", "moment", "state", "recorded", "unclosed"),
    [
        ("opened on time", [(NORMAL, "06:30", None)], "07:00", OPEN, True, False),
        ("opened a little early", [(NORMAL, "06:20", None)], "06:25", OPEN, True, False),
        ("closing forgotten", [(NORMAL, "06:30", None)], "09:00", CLOSED, False, True),
        ("closed early", [(NORMAL, "06:30", "08:00")], "08:10", CLOSED, False, False),
        (
            "closed early, opened again",
            [(NORMAL, "06:30", "08:00"), (NORMAL, "08:05", None)],
            "08:10",
            OPEN,
            True,
            False,
        ),
        ("opened out of hours", [(SPECIAL, "10:00", None)], "10:30", OPEN, True, False),
        (
            "opened out of hours, closed",
            [(SPECIAL, "10:00", "10:10")],
            "10:30",
            CLOSED,
            False,
            False,
        ),
        ("special opening forgotten", [(SPECIAL, "08:40", None)], "11:45", CLOSED, False, True),
        ("dismissal not recorded yet", [], "11:55", DISMISSAL, False, False),
        ("dismissal recorded", [(DISMISSAL, "11:50", None)], "12:20", DISMISSAL, True, False),
        ("dismissal takes longer", [(DISMISSAL, "11:50", None)], "12:45", DISMISSAL, True, False),
        ("dismissal closed", [(DISMISSAL, "11:50", "12:05")], "12:10", CLOSED, False, False),
        (
            "dismissal before its time",
            [(DISMISSAL, "11:20", None)],
            "11:25",
            DISMISSAL,
            True,
            False,
        ),
        (
            "dismissal while a special opening lasts",
            [(SPECIAL, "11:00", None), (DISMISSAL, "11:50", None)],
            "11:55",
            DISMISSAL,
            True,
            False,
        ),
        ("an opening yet to come", [(SPECIAL, "10:00", None)], "09:00", CLOSED, False, False),
    ],
)
def test_what_the_guard_recorded_goes_before_the_timetable(
    name, openings, moment, state, recorded, unclosed
):
    facts = [Opening(k, at(o), at(c) if c else None) for k, o, c in openings]
    stands = state_of_gate(week(), facts, at(moment), RULES)
    assert (stands.state, stands.recorded, stands.unclosed) == (state, recorded, unclosed), name


def test_a_forgotten_dismissal_of_yesterday_opens_nothing_today():
    old = Opening(DISMISSAL, at("18:20", MONDAY - timedelta(days=1)), None)
    stands = state_of_gate(week(), [old], at("10:00"), RULES)
    assert stands.state == CLOSED
    assert stands.unclosed


def test_a_timetable_of_ones_own_with_windows_that_touch():
    plan = DayPlan(
        MONDAY, SCHOOL, (Window(time(7), time(8), OPEN), Window(time(8), time(9), DISMISSAL))
    )
    assert state_of_gate([plan], [], at("07:59"), RULES).state == OPEN
    assert state_of_gate([plan], [], at("08:00"), RULES).state == DISMISSAL


def test_hours_of_the_rulebook_move_the_gate():
    rules = replace(RULES, morning_open="07:00", noon_dismissal="23:50")
    plans = week(rules=rules)
    assert state_of_gate(plans, [], at("06:45"), rules).state == CLOSED
    assert state_of_gate(plans, [], at("23:55"), rules).state == DISMISSAL


@pytest.mark.parametrize(
    ("plans", "day", "last"),
    [
        (week(), MONDAY, False),
        (week(), MONDAY + timedelta(days=4), True),
        ([], MONDAY + timedelta(days=4), True),
        ([], MONDAY, False),
        ([DayPlan(MONDAY + timedelta(days=1), HOLIDAY, ())], MONDAY, True),
        ([DayPlan(MONDAY + timedelta(days=5), "make_up", ())], MONDAY + timedelta(days=4), False),
    ],
)
def test_the_last_school_day_before_days_off(plans, day, last):
    assert is_last_school_day(plans, day) is last


minutes = st.integers(0, 24 * 60 - 1).map(lambda m: at(f"{m // 60:02}:{m % 60:02}"))


@given(
    moment=minutes,
    openings=st.lists(
        st.builds(
            lambda kind, start, length: Opening(
                kind, start, None if length is None else start + timedelta(minutes=length)
            ),
            st.sampled_from([NORMAL, DISMISSAL, SPECIAL]),
            minutes,
            st.none() | st.integers(0, 300),
        ),
        max_size=4,
    ),
)
def test_whatever_was_recorded_the_next_change_lies_ahead_and_changes_something(moment, openings):
    stands = state_of_gate(week(), openings, moment, RULES)
    assert stands.next_at is None or stands.next_at > moment
    assert stands.since is None or stands.since <= moment
    assert stands.state in {OPEN, DISMISSAL, CLOSED}
    if stands.state == CLOSED:
        assert stands.next_at is not None
        assert stands.next_state in {OPEN, DISMISSAL}
