"""The permission of this room and who holds it."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government import rights

SUPERVISE = "government:supervision:write"
SEE = "government:supervision:read"
PERMISSIONS = (
    Permission(SEE, N_("See what is late, unanswered or passed around")),
    Permission(SUPERVISE, N_("Supervise units")),
)
_LABELS = {role.name: role.label for role in rights.ROLES}
_HELD = {
    rights.CLERK: {SEE},
    rights.HEAD: {SEE, SUPERVISE},
    rights.DEPUTY: {SEE, SUPERVISE},
    rights.DIRECTOR: {SEE},
    rights.SUPERVISOR: {SEE, SUPERVISE},
}
ROLES = tuple(Role(name, _LABELS[name], frozenset(held)) for name, held in _HELD.items())
