"""The core's own reports, as core/default_plugin.py registers them."""

from core.reports.of_feedback import FEEDBACK
from core.reports.of_offline import OFFLINE
from core.reports.of_scans import SCANS
from core.reports.of_visits import VISITS, WAITS

REPORTS = (VISITS, WAITS, SCANS, OFFLINE, FEEDBACK)
