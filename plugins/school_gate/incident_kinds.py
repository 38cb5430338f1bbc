"""Kinds of incident at a school's gate and the steps they prescribe (SCH-13, SCH-18, CORE-16)."""

from core.i18n import N_
from core.incidents.facts import IncidentKind, IncidentStep
from plugins.school_gate.facts import NAME

DISORDER, LEAFLETS, HARM = f"{NAME}.disorder", f"{NAME}.leaflets", f"{NAME}.harm"
_OFFICE = IncidentStep(name="office", label=N_("Call the security office"), call=True)

KINDS = (
    IncidentKind(
        name=DISORDER,
        label=N_("Disorder at the school: handed over to the police"),
        plugin=NAME,
        order=5,
        steps=(
            IncidentStep(name="pupils", label=N_("Bring pupils to safety, lock the gate")),
            _OFFICE,
            IncidentStep(name="police", label=N_("Call the police (110)"), call=True),
            IncidentStep(
                name="handed_over",
                label=N_("Hand the person over: name or number of the officer, and when"),
                call=True,
            ),
            IncidentStep(name="evidence", label=N_("Keep pictures and names of witnesses")),
            IncidentStep(name="head", label=N_("Tell the head of the school"), call=True),
        ),
    ),
    IncidentKind(
        name=LEAFLETS,
        label=N_("Leaflets or a stall near the gate"),
        plugin=NAME,
        order=6,
        steps=(
            IncidentStep(name="ask", label=N_("Ask them to stop and to leave, say why")),
            IncidentStep(name="picture", label=N_("Take a picture of leaflets or stall")),
            _OFFICE,
            IncidentStep(
                name="authority",
                label=N_("Call the city management or the police if they stay"),
                call=True,
            ),
        ),
    ),
    IncidentKind(
        name=HARM,
        label=N_("Suspected harm to a pupil"),
        plugin=NAME,
        order=7,
        steps=(
            IncidentStep(name="safe", label=N_("Bring the pupil to safety, ask nothing in detail")),
            IncidentStep(name="head", label=N_("Tell the head of the school"), call=True),
            IncidentStep(
                name="report",
                label=N_("Report to the police or the education bureau, as the law demands"),
                call=True,
            ),
            IncidentStep(
                name="guardian", label=N_("Call the guardian, unless that does harm"), call=True
            ),
        ),
    ),
)
