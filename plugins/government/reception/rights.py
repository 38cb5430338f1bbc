"""What this room adds to the roles: planning the rota, and noting special situations."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government.rights import CLERK, DEPUTY, DIRECTOR, HEAD

PLAN = "government:reception:plan"
PERMISSIONS = (Permission(PLAN, N_("Plan the leaders' reception days")),)
_INCIDENTS = frozenset({"core:incident:write"})
_ALL_INCIDENTS = _INCIDENTS | {"core:incident:read"}
ROLES = (
    Role("administrator", N_("Administrator"), frozenset({PLAN})),
    Role(CLERK, N_("Reception clerk"), _INCIDENTS),
    Role(HEAD, N_("Head of the reception room"), _ALL_INCIDENTS | {PLAN}),
    Role(DEPUTY, N_("Deputy director of the bureau"), _ALL_INCIDENTS),
    Role(DIRECTOR, N_("Director of the bureau"), _ALL_INCIDENTS),
)
