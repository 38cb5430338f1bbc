"""What the archive gives to the hooks: its pages, its rights, how long is kept, erasure of a visitor."""

from core.i18n import N_
from plugins.government.archive import (
    carrying,
    cover_routes,
    destruction_routes,
    keeping,
    rights,
    routes,
)
from plugins.government.parts import Part
from plugins.government.rights import menu

PART = Part(
    permissions=rights.PERMISSIONS,
    roles=rights.ROLES,
    navigation=(
        menu(N_("Archive of petitions"), "archive", rights.KEEP, order=368, icon="document"),
        menu(N_("Destruction list"), "archive/destruction", rights.DESTROY, order=369),
    ),
    routers=(routes.router, cover_routes.router, destruction_routes.router),
    retention=keeping.RULES,
    minute=carrying.minute,
    may_erase=keeping.may_erase,
    erase=keeping.erase,
    personal_data=keeping.personal_data,
)
