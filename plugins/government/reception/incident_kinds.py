"""Special situations at a petition office and the steps they prescribe (GOV-47, CORE-16).

What is written down is behaviour seen and steps taken, never a diagnosis.
"""

from core.i18n import N_
from core.incidents.facts import IncidentKind, IncidentStep
from plugins.government.facts import NAME

_DUTY = IncidentStep(name="duty", label=N_("Report to the leader on duty"), call=True)
_KEEP = IncidentStep(name="evidence", label=N_("Keep pictures and names of witnesses"))

KINDS = (
    IncidentKind(
        name=f"{NAME}.disorder",
        label=N_("Disorder at the petition office"),
        plugin=NAME,
        order=1,
        steps=(
            IncidentStep(name="dissuade", label=N_("Dissuade: ask calmly to stop, say why")),
            IncidentStep(
                name="criticise",
                label=N_("Criticise and explain the law (article 26)"),
                after="dissuade",
            ),
            IncidentStep(
                name="police",
                label=N_("Without effect: call the police (110)"),
                call=True,
                after="criticise",
            ),
            _KEEP,
        ),
    ),
    IncidentKind(
        name=f"{NAME}.distress",
        label=N_("A person in mental distress"),
        plugin=NAME,
        order=2,
        steps=(
            IncidentStep(
                name="seen", label=N_("Write down what was seen and heard, no judgement of health")
            ),
            IncidentStep(
                name="fetch",
                label=N_("Call the unit, county or guardian to fetch the person"),
                call=True,
            ),
            IncidentStep(
                name="police", label=N_("In danger: call the police to the spot (110)"), call=True
            ),
            IncidentStep(name="handed", label=N_("Handed over: to whom, when"), call=True),
        ),
    ),
    IncidentKind(
        name=f"{NAME}.infection",
        label=N_("Suspected infectious disease"),
        plugin=NAME,
        order=3,
        steps=(
            IncidentStep(name="apart", label=N_("Keep others apart, masks, open the windows")),
            IncidentStep(name="health", label=N_("Call the health bureau at once"), call=True),
            IncidentStep(
                name="unit",
                label=N_("Call the leaders of the person's unit or county to come"),
                call=True,
            ),
            _DUTY,
        ),
    ),
    IncidentKind(
        name=f"{NAME}.emergency",
        label=N_("Medical emergency at the petition office"),
        plugin=NAME,
        order=4,
        steps=(
            _DUTY,
            IncidentStep(name="ambulance", label=N_("Call an ambulance (120)"), call=True),
            IncidentStep(name="stay", label=N_("Stay with the person until help is there")),
            IncidentStep(
                name="family", label=N_("Call the family and the person's unit"), call=True
            ),
        ),
    ),
    IncidentKind(
        name=f"{NAME}.stranded",
        label=N_("Skip-level group that stays"),
        plugin=NAME,
        order=5,
        steps=(
            IncidentStep(
                name="duty_office",
                label=N_("Call the duty office of their county or unit: send people to fetch them"),
                call=True,
            ),
            IncidentStep(
                name="room_agrees",
                label=N_("The head of the room agrees that a deputy head of the county is called"),
                call=True,
            ),
            IncidentStep(
                name="deputy_county",
                label=N_("Call the deputy head of the county"),
                call=True,
                after="room_agrees",
            ),
            IncidentStep(
                name="bureau_agrees",
                label=N_("The head of the bureau agrees that the head of the county is called"),
                call=True,
            ),
            IncidentStep(
                name="head_county",
                label=N_("Call the head of the county"),
                call=True,
                after="bureau_agrees",
            ),
            IncidentStep(name="left", label=N_("They left: when, with whom"), call=True),
        ),
    ),
    IncidentKind(
        name=f"{NAME}.refusal",
        label=N_("Refuses the opinion and makes trouble"),
        plugin=NAME,
        order=6,
        steps=(
            IncidentStep(
                name="handled", label=N_("Make sure that the matter was handled as prescribed")
            ),
            _DUTY,
            IncidentStep(
                name="police",
                label=N_("The leader on duty has the police called to the spot"),
                call=True,
                after="duty",
            ),
            IncidentStep(name="report", label=N_("Report to the head of the bureau"), call=True),
        ),
    ),
)
