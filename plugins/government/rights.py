"""Roles of a petition office and its units, and the permissions that several rooms share."""

from core.i18n import N_, Message
from core.navigation import NavigationItem
from core.permissions import Permission, Role

READ = "government:matter:read"
READ_SECRET = "government:matter:read_secret"  # noqa: S105 - a permission
REGISTER = "government:matter:register"
HANDLE = "government:matter:handle"
JOIN = "government:petitioner:join"
UNIT = "government:unit:work"
SETTINGS = "government:settings:edit"
SIGN = "government:signing:sign"
INSTRUCT = "government:signing:instruct"
SEE = (READ, UNIT)

CLERK, HEAD, DEPUTY, DIRECTOR = (
    "petition_clerk",
    "petition_head",
    "petition_deputy",
    "petition_director",
)
LEADER, UNIT_CLERK, UNIT_HEAD = "petition_leader", "petition_unit", "petition_unit_head"
SUPERVISOR, ARCHIVIST = "petition_supervisor", "petition_archivist"

PERMISSIONS = (
    Permission(READ, N_("See petition items of the office")),
    Permission(READ_SECRET, N_("See reports and accusations")),
    Permission(REGISTER, N_("Register petition items")),
    Permission(HANDLE, N_("Screen, forward and assign petition items")),
    Permission(JOIN, N_("Join two records of one petitioner")),
    Permission(UNIT, N_("Work on petition items of one's own unit")),
    Permission(SIGN, N_("Sign what is put before one")),
    Permission(INSTRUCT, N_("Write down leaders' instructions")),
    Permission(SETTINGS, N_("Edit units and subjects of petitions")),
)
_OFFICE = frozenset({READ, REGISTER, HANDLE, JOIN})
ROLES = (
    # The administrator keeps the house in order and reads no petition.
    Role("administrator", N_("Administrator"), frozenset({SETTINGS})),
    Role(CLERK, N_("Reception clerk"), _OFFICE | {INSTRUCT}, confidential=True),
    Role(
        HEAD,
        N_("Head of the reception room"),
        _OFFICE | {READ_SECRET, SETTINGS, SIGN, INSTRUCT},
        confidential=True,
        warden=True,
    ),
    Role(DEPUTY, N_("Deputy director of the bureau"), frozenset({READ, SIGN}), confidential=True),
    Role(
        DIRECTOR,
        N_("Director of the bureau"),
        frozenset({READ, READ_SECRET, SIGN}),
        confidential=True,
        warden=True,
    ),
    Role(LEADER, N_("Government leader"), frozenset({READ, SIGN, INSTRUCT}), confidential=True),
    Role(UNIT_CLERK, N_("Clerk of a unit"), frozenset({UNIT}), confidential=True),
    Role(UNIT_HEAD, N_("Head of a unit"), frozenset({UNIT, SIGN}), confidential=True),
    Role(SUPERVISOR, N_("Supervision office"), frozenset({READ}), confidential=True),
    Role(ARCHIVIST, N_("Archivist"), frozenset({READ}), confidential=True),
)

GROUP = N_("Petitions")


def menu(
    label: Message, path: str, permission: str, *, order: int, icon: str = "document"
) -> NavigationItem:
    """Return an entry of the menu under this plugin's heading; orders are 300 to 399."""
    return NavigationItem(
        label=label,
        path=f"/government/{path}",
        permission=permission,
        order=order,
        icon=icon,
        group=GROUP,
    )


NAVIGATION = (
    menu(N_("Petition items"), "matters", READ, order=310),
    menu(N_("Items of my unit"), "unit", UNIT, order=330, icon="inbox"),
    menu(N_("Units"), "units", SETTINGS, order=390, icon="home"),
)
