"""What the room of assessment gives to the hooks."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government.assessing import keeping
from plugins.government.assessing.routes import ASSESS, ASSESS_READ, router
from plugins.government.parts import Part
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD, LEADER, SUPERVISOR, menu

PART = Part(
    permissions=(
        Permission(ASSESS_READ, N_("See the assessment of units")),
        Permission(ASSESS, N_("Fix the assessment of units, commend, mark staff")),
    ),
    roles=(
        *(Role(name, N_("Petitions"), frozenset({ASSESS_READ})) for name in (LEADER, SUPERVISOR)),
        *(
            Role(name, N_("Petitions"), frozenset({ASSESS_READ, ASSESS}))
            for name in (HEAD, DEPUTY, DIRECTOR)
        ),
    ),
    navigation=(
        menu(N_("Assessment of units"), "assessment", ASSESS_READ, order=364, icon="report"),
    ),
    routers=(router,),
    retention=keeping.RULES,
)
