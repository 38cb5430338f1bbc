"""The table of states, and what an appointment's time may be, as tables."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.appointments import codes, states
from core.appointments.policies import Window, problems_of
from tests.core.registrations.reception import MONDAY

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("proposed", {"confirm", "refuse", "reschedule", "cancel", "arrive"}),
        ("confirmed", {"refuse", "reschedule", "cancel", "arrive", "no_show"}),
        ("no_show", {"arrive"}),
        ("refused", set()),
        ("cancelled", set()),
        ("arrived", set()),
    ],
)
def test_each_state_allows_these_acts_and_no_other(state, acts):
    assert set(states.acts_in(state)) == acts
    assert {act for act in states.ACTS if states.may(act, state)} == acts


def test_every_act_leads_to_a_known_state():
    for moves in states.ACTS.values():
        for before, after in moves.items():
            assert before in ("", *states.STATES)
            assert after <= set(states.STATES)


@pytest.mark.parametrize(
    ("starts", "lasts", "wrong"),
    [
        (HOUR, HOUR, set()),
        (-timedelta(minutes=14), HOUR, set()),
        (-timedelta(minutes=16), HOUR, {"starts_at"}),
        (timedelta(days=30), HOUR, set()),
        (timedelta(days=30, minutes=1), HOUR, {"starts_at"}),
        (HOUR, 8 * HOUR, set()),
        (HOUR, 8 * HOUR + timedelta(minutes=1), {"ends_at"}),
        (HOUR, timedelta(0), {"ends_at"}),
        (HOUR, -HOUR, {"ends_at"}),
        (timedelta(days=400), -HOUR, {"starts_at", "ends_at"}),
    ],
)
def test_the_time_is_ahead_within_the_days_and_not_too_long(starts, lasts, wrong):
    window = Window(starts_at=MONDAY + starts, ends_at=MONDAY + starts + lasts)
    assert set(problems_of(window, now=MONDAY, days_ahead=30, longest_hours=8)) == wrong


@pytest.mark.parametrize(
    ("begins", "lasts", "clash"), [(0, 1, True), (1, 1, False), (-1, 1, False), (-1, 3, True)]
)
def test_spans_that_only_touch_do_not_overlap(begins, lasts, clash):
    one = Window(starts_at=MONDAY, ends_at=MONDAY + HOUR)
    other = Window(starts_at=MONDAY + begins * HOUR, ends_at=MONDAY + (begins + lasts) * HOUR)
    assert one.overlaps(other) is clash
    assert other.overlaps(one) is clash


@given(st.uuids())
def test_a_code_finds_its_own_record_however_it_is_typed(appointment_id):
    code = codes.code_of(appointment_id)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code[2:5]} {code[5:]} "):
        low, high = codes.range_of(typed)
        assert low <= appointment_id <= high
    look_alike = code[:2] + code[2:].replace("0", "O").replace("1", "l")
    assert codes.range_of(look_alike) == codes.range_of(code)


@pytest.mark.parametrize("typed", ["", "A-", "12345", "1234567", "王小明", "A-7KQ3M!", "uuuuuu"])
def test_what_is_no_code_finds_nothing(typed):
    assert codes.range_of(typed) is None


def test_the_code_is_the_beginning_of_the_id():
    assert codes.code_of(UUID(int=0)) == "A-000000"
    assert codes.code_of(UUID(int=2**128 - 1)) == "A-ZZZZZZ"
