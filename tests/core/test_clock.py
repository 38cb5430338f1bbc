"""The one clock: goes elsewhere, stands, goes on, and returns to where the process was started."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import Clock
from tests.databases import run_python

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
START = "2026-11-23T10:00:00+08:00"
SECOND = timedelta(seconds=1)
PRINT = (
    "from datetime import timedelta; from core import clock; clock.CLOCK.advance(timedelta(days=9));"
    " clock.CLOCK.reset(); print(clock.now().isoformat())"
)


@pytest.mark.rule("CORE-27")
def test_it_returns_to_the_moment_it_was_started_with_and_goes_on_from_there():
    clock = Clock(START)
    began = clock.now()
    assert MONDAY <= began < MONDAY + SECOND
    clock.travel(MONDAY + timedelta(days=400), running=False)
    assert clock.now() == clock.now() == MONDAY + timedelta(days=400)
    clock.advance(SECOND)
    assert clock.now() == MONDAY + timedelta(days=400, seconds=1)
    clock.reset()
    assert began <= clock.now() < began + 60 * SECOND


def test_it_is_the_machines_unless_told_otherwise():
    clock = Clock()
    clock.travel(MONDAY)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < SECOND


def test_it_may_be_started_standing():
    clock = Clock(START + "!")
    clock.travel(MONDAY + SECOND)
    clock.reset()
    assert clock.now() == clock.now() == MONDAY


def test_a_moment_needs_a_time_zone():
    with pytest.raises(ValueError, match="zone"):
        Clock("2026-11-23T10:00:00")


@pytest.mark.rule("CORE-27")
def test_a_process_starts_at_the_moment_its_environment_names():
    process = run_python(PRINT, url="")
    out, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert MONDAY <= datetime.fromisoformat(out.strip()) < MONDAY + timedelta(minutes=5)
