"""What the room of figures gives to the hooks."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government.figures.reports import FIGURES, REPORTS
from plugins.government.figures.routes import (
    TABLES_CHECK,
    TABLES_READ,
    TABLES_RECEIVE,
    router,
)
from plugins.government.parts import Part
from plugins.government.rights import (
    ARCHIVIST,
    CLERK,
    DEPUTY,
    DIRECTOR,
    HEAD,
    LEADER,
    SUPERVISOR,
    UNIT_CLERK,
    UNIT_HEAD,
    menu,
)

_OFFICE = (CLERK, HEAD, DEPUTY, DIRECTOR, LEADER, SUPERVISOR)

PART = Part(
    permissions=(
        Permission(FIGURES, N_("See figures of petitions")),
        Permission(TABLES_READ, N_("See the monthly tables of petitions")),
        Permission(TABLES_CHECK, N_("Check and send the monthly tables of petitions")),
        Permission(TABLES_RECEIVE, N_("Receive the monthly tables of petitions")),
    ),
    roles=(
        *(Role(name, N_("Petitions"), frozenset({FIGURES, TABLES_READ})) for name in _OFFICE),
        *(
            Role(name, N_("Petitions"), frozenset({FIGURES}))
            for name in (ARCHIVIST, UNIT_CLERK, UNIT_HEAD)
        ),
        Role(HEAD, N_("Head of the reception room"), frozenset({TABLES_CHECK})),
        Role(DIRECTOR, N_("Director of the bureau"), frozenset({TABLES_RECEIVE})),
    ),
    navigation=(menu(N_("Figures of petitions"), "figures", FIGURES, order=360, icon="report"),),
    reports=REPORTS,
    routers=(router,),
)
