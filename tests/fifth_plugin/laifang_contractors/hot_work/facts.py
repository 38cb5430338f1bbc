"""What hot work is called: its record, its request, its clock, its paper, who answers for it."""

from uuid import UUID

from core.deadlines.facts import WORKING, DeadlineRule
from core.documents.facts import DocumentField, DocumentKind, NumberStyle
from core.holding.facts import Holder
from core.i18n import N_, Message
from core.incidents.facts import IncidentKind, IncidentStep

RECORD = (
    "contractors_hot_work"  # begins with the plugin's name: so the core asks it who may know of it
)
REQUEST = "contractors.hot_work"
SEE, ASK, SAFETY = "contractors:permit:read", "contractors:work:ask", "safety_officer"
ASKED, GRANTED, REFUSED, DONE = "asked", "granted", "refused", "done"
STATES: dict[str, Message] = {
    ASKED: N_("Waits for the safety officer"),
    GRANTED: N_("Hot work granted"),
    REFUSED: N_("Hot work refused"),
    DONE: N_("Hot work over"),
}
DECIDE = DeadlineRule(
    name="contractors.decide", length=2, unit=WORKING, amber=1, red=0, basis="CON-3"
)
SAFETY_OFFICE = Holder("contractors_office", "safety", "安全办")
FIRE = IncidentKind(
    name="contractors.fire",
    label=N_("Fire at the building site"),
    plugin="contractors",
    steps=(
        IncidentStep(name="alarm", label=N_("Raise the alarm"), call=True),
        IncidentStep(name="clear", label=N_("Clear the place")),
    ),
)
PERMIT = DocumentKind(
    name="contractors.hot_work_permit",
    label=N_("Hot work permit"),
    plugin="contractors",
    package="laifang_contractors.hot_work",
    template="permit.typ",
    fields=(
        DocumentField(
            name="place", label=N_("Place of the work"), sample="三层东侧", required=True
        ),
        DocumentField(name="granted_by", label=N_("Granted by"), sample="李安", required=True),
    ),
    see=(SEE,),
    issue=(ASK,),
    void=(ASK,),
    number=NumberStyle(prefix="动火"),
    page="/contractors",
)


def site_office(site_id: UUID) -> Holder:
    """Return the office that asks, and answers for the work once it is granted."""
    return Holder("contractors_office", str(site_id), "工地办公室")
