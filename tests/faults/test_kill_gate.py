"""The gate under kill -9: a minute of it in the tests; `make faults` for longer."""

import pytest

from tests.faults.checking import FAULTS
from tests.faults.harness import run_engine

pytestmark = pytest.mark.faults

SECONDS = 27
LEAST = 5000


@pytest.mark.rule("SCH-20", "CORE-7")
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_no_acknowledged_scan_is_lost_doubled_or_changed_when_servers_are_killed(engine):
    found = run_engine(engine, SECONDS, least=LEAST)
    assert {fault: found[fault] for fault in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert found["acknowledged"] >= LEAST
    assert found["kills"] >= 10


def test_without_the_guard_the_same_harness_finds_double_admissions():
    found = run_engine("postgresql", 5, kill=False, unguarded=True, least=500)
    assert found["double_admissions"] > 0
    assert found["lost"] == found["log_rows_missing"] == 0
