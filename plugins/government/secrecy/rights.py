"""The rights of this room: naming who steps back, and letting somebody look through the glass."""

from core.i18n import N_
from core.permissions import Permission, Role
from plugins.government.rights import DIRECTOR, HEAD

NAME = "government:secrecy:name"
LET_IN = "government:secrecy:let_in"
PERMISSIONS = (
    Permission(NAME, N_("Name who must not deal with a petition item")),
    Permission(LET_IN, N_("Let somebody look at a confidential item for an hour")),
)
ROLES = (
    Role(HEAD, N_("Head of the reception room"), frozenset({NAME, LET_IN})),
    Role(DIRECTOR, N_("Director of the bureau"), frozenset({NAME, LET_IN})),
)
