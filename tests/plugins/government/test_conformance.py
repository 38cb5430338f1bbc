"""The petition office passes the suite that every plugin passes, those of other distributions too."""

from tests.servers import ROOT
from tests.wheels import conformance


def test_the_petition_office_conforms():
    tried = conformance(ROOT, "government")
    assert tried.returncode == 0, tried.stdout + tried.stderr
