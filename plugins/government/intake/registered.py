"""What the rooms of intake give to the hooks: the desk, letters, calls, online, the day list."""

from core.i18n import N_
from core.permissions import Permission, Role
from core.registrations.facts import Purpose
from plugins.government.facts import NAME
from plugins.government.intake import (
    after_visit_routes,
    by_hand_routes,
    call_routes,
    day_routes,
    desk_routes,
    import_routes,
    keeping,
    letter_routes,
    online_routes,
    receipt_routes,
    today,
)
from plugins.government.intake.facts import PURPOSE
from plugins.government.parts import Part
from plugins.government.rights import READ, REGISTER, menu

ANNOUNCE = "government:reception:announce"

PART = Part(
    permissions=[Permission(ANNOUNCE, N_("See at the gate who goes to the reception room"))],
    # Names and heads alone; what somebody comes for is never written at the gate.
    roles=[
        Role(name, label, frozenset({ANNOUNCE}))
        for name, label in (
            ("gatekeeper", N_("Gatekeeper")),
            ("desk", N_("Reception desk")),
            ("duty_officer", N_("Duty officer")),
        )
    ],
    purposes=[
        Purpose(
            name=PURPOSE,
            label=N_("Goes to the petition reception room"),
            plugin=NAME,
            needs_host=False,
            needs_consent=False,
            order=40,
        )
    ],
    navigation=[
        menu(N_("Petition desk"), "desk", REGISTER, order=301, icon="people"),
        menu(N_("Letters"), "letters", REGISTER, order=302, icon="mail"),
        menu(N_("Enter a call"), "calls/new", REGISTER, order=303, icon="phone"),
        menu(N_("From other platforms"), "online", REGISTER, order=305, icon="globe"),
        menu(N_("Assigned by a superior body"), "assigned", REGISTER, order=304, icon="inbox"),
        menu(N_("Letters after a visit"), "after-visit", REGISTER, order=306, icon="mail"),
        menu(N_("Day list"), "day", READ, order=308, icon="table"),
    ],
    routers=[
        desk_routes.router,
        receipt_routes.router,
        letter_routes.router,
        call_routes.router,
        by_hand_routes.router,
        day_routes.router,
        after_visit_routes.router,
        online_routes.router,
        import_routes.router,
    ],
    retention=keeping.RULES,
    personal_data=keeping.personal_data,
    due=today.due,
    minute=today.minute,
)
