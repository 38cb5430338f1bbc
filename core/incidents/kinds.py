"""The kinds of incident that every organisation knows; a domain adds its own through the hook."""

from core.i18n import N_
from core.incidents.facts import IncidentKind, IncidentStep

_CALM = IncidentStep(name="calm", label=N_("Stay calm, keep others away"))
_COLLEAGUE = IncidentStep(
    name="colleague", label=N_("Call a colleague or the duty officer"), call=True
)
_POLICE = IncidentStep(
    name="police", label=N_("Call the police (110) if somebody is in danger"), call=True
)

KINDS = (
    IncidentKind(
        name="core.disorder",
        label=N_("Disorder"),
        plugin="core",
        order=10,
        steps=(
            _CALM,
            _COLLEAGUE,
            _POLICE,
            IncidentStep(name="evidence", label=N_("Keep pictures and names of witnesses")),
        ),
    ),
    IncidentKind(
        name="core.illness",
        label=N_("Illness or injury"),
        plugin="core",
        order=20,
        steps=(
            IncidentStep(name="ambulance", label=N_("Call an ambulance (120)"), call=True),
            IncidentStep(name="family", label=N_("Call family or employer"), call=True),
            IncidentStep(name="guide", label=N_("Send somebody to show the ambulance the way")),
            IncidentStep(name="stay", label=N_("Stay with the person until help is there")),
        ),
    ),
    IncidentKind(
        name="core.refusal_to_leave",
        label=N_("Refusal to leave"),
        plugin="core",
        order=30,
        steps=(
            IncidentStep(name="ask", label=N_("Ask to leave, say why, say what happens otherwise")),
            IncidentStep(name="host", label=N_("Call the host"), call=True),
            _COLLEAGUE,
            _POLICE,
        ),
    ),
    IncidentKind(
        name="core.lost_badge",
        label=N_("Lost badge or pass"),
        plugin="core",
        order=40,
        steps=(
            IncidentStep(name="revoke", label=N_("Revoke the lost pass")),
            IncidentStep(name="search", label=N_("Look where it was last used")),
            IncidentStep(name="replace", label=N_("Issue a new one after checking the person")),
        ),
    ),
    IncidentKind(
        name="core.other",
        label=N_("Something else"),
        plugin="core",
        order=90,
        steps=(_COLLEAGUE,),
    ),
)
