"""When tests take place: on an ordinary working morning, whatever hour, weekday or date it is outside.

`LAIFANG_CLOCK` names another moment, to see what becomes of the application then.
"""

import os
import time
from collections.abc import Iterator

import pytest

from core import clock

MORNING = "2026-11-23T10:00:00+08:00"  # a Monday


@pytest.fixture(autouse=True)
def _an_ordinary_morning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begin each test at ten on a Monday; time goes on from there, and `CLOCK.reset` returns to it.

    Those that kill servers, whose harness runs without pytest too, are on the machine's time.
    """
    outside = "machine_time" in request.fixturenames or request.node.get_closest_marker("faults")
    clock.CLOCK.begin("" if outside else os.environ.get("LAIFANG_CLOCK") or MORNING)
    yield
    clock.CLOCK.begin(os.environ.get("LAIFANG_CLOCK", ""))


@pytest.fixture
def machine_time() -> None:
    """The machine's time: for pages that compare the server's with that of their browser."""


def elsewhere() -> dict[str, str]:
    """Return what tells another process which moment it is here; nothing if it is the machine's."""
    moment = clock.now()
    near = abs(moment.timestamp() - time.time()) < 1
    return {} if near else {"LAIFANG_CLOCK": moment.isoformat()}


def environment() -> dict[str, str]:
    """Return the environment of another process that lives at the same moment."""
    return {k: v for k, v in os.environ.items() if k != "LAIFANG_CLOCK"} | elsewhere()
