"""When an opinion may be put to those who sign, where it goes, and how a signer's choice reads. Pure."""

from core.approvals.facts import APPROVE, REJECT, SEND_BACK
from core.i18n import N_, Message
from plugins.government.facts import OWN
from plugins.government.matters import states

SAID: dict[str, Message] = {
    APPROVE: N_("Signed"),
    REJECT: N_("Rejected"),
    SEND_BACK: N_("Sent back"),
}


def choices(*, returns: bool) -> tuple[str, ...]:
    """Return what a signer may do; what nobody can put right is not sent back, but rejected."""
    return tuple(SAID) if returns else (APPROVE, REJECT)


def goes_up(source: str) -> bool:
    """Say whether the answer goes to the body that assigned the item, not to the petitioner."""
    return source != OWN


def ready_for_opinion(stage: str) -> bool:
    """Say whether there can be a preliminary opinion: the item was handled, its result returned."""
    return stage in (states.HANDLING, states.REPORTED)
