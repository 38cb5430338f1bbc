"""To whom an item must not be handed, and who may let somebody look at it (GOV-50). Pure."""

from core.decisions import Allow, Decision, Deny
from core.i18n import N_
from plugins.government.secrecy.facts import Handing, Letting

RULE = "GOV-50"


def may_hand_to(handing: Handing) -> Decision:
    """Judge whether an item may be handed to a unit: never to whom it accuses or a body below."""
    if handing.unit_line & handing.accused_units:
        return Deny(
            "accused_unit",
            N_("This item cannot be handed to that unit. Choose one above it or beside it."),
            RULE,
        )
    return Allow()


def may_let_in(letting: Letting) -> Decision:
    """Judge whether one person may let another look at an item: two persons, and never a barred one."""
    if letting.asker == letting.decider:
        return Deny("own_request", N_("Somebody else decides: nobody lets themselves in."), RULE)
    if letting.asker_is_barred:
        return Deny("barred", N_("This person must have nothing to do with the item."), RULE)
    if not letting.decider_sees:
        return Deny("not_seen", N_("Only who may see the item lets others look at it."), RULE)
    return Allow()
