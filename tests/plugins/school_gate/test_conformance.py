"""The school gate passes the suite that every plugin passes, those of other distributions too."""

import pytest

from tests.servers import ROOT
from tests.wheels import conformance


@pytest.mark.rule("CORE-23")
def test_the_school_gate_conforms():
    tried = conformance(ROOT, "school_gate")
    assert tried.returncode == 0, tried.stdout + tried.stderr
