"""The kinds of paper that the petition office issues, in the order of an item's course.

Who may see a paper of an item may see the item: `matters.access` decides, whatever the permission.
"""

from core.documents.facts import DocumentKind
from plugins.government.facts import NAME
from plugins.government.papers.letters import BETWEEN
from plugins.government.papers.lists import LISTS, REPORTS
from plugins.government.papers.notices import INTAKE, NOTICES
from plugins.government.papers.opinions import OPINIONS

KINDS = (*INTAKE, *NOTICES, *BETWEEN, *OPINIONS, *LISTS, *REPORTS)
# What decides nothing and may be written from the item's page by itself: always, once there is
# something to say, and by the unit that has the item.
DIRECT = ("registration_form", "interview_record", "query_code", "appointment_slip")
ONCE = ("approval_sheet", "assignment_form", "minutes")
OF_UNIT = ("result_form", "completion_report")
WRITTEN = (*DIRECT, *ONCE, *OF_UNIT)
_BY_NAME = {one.name: one for one in KINDS}


def kind(name: str) -> DocumentKind:
    """Return a kind by its short name (`acceptance`); KeyError for none."""
    return _BY_NAME[f"{NAME}.{name}"]
