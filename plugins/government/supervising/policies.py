"""When a unit may be supervised: it was urged first, or it is said why not. Pure."""

from core.decisions import Allow, Decision, Deny
from core.i18n import N_


def may_supervise(
    *, urged: int, unurged_because: str, must_urge: bool, already: bool, version: str
) -> Decision:
    """Judge whether a supervision of a unit on an item may be opened (GOV-28, GOV-29)."""
    if already:
        return Deny(
            "supervised_already",
            N_("A supervision of this unit on this item is open. Go on with that one."),
            "GOV-28",
            version,
        )
    if must_urge and not urged and not unurged_because.strip():
        return Deny(
            "not_urged",
            N_("Urge the unit by phone or letter first, or say why not."),
            "GOV-29",
            version,
        )
    return Allow()
