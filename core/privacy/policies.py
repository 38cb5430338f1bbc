"""Whether a person's data may be erased; those of a domain are its plugin's (check_erasure)."""

from core.decisions import Allow, Decision, Deny
from core.i18n import N_
from core.privacy.facts import ErasureFacts


def may_erase(erasure: ErasureFacts) -> Decision:
    """Keep whoever is under a legal hold, is here now, or is still on the watch list."""
    if erasure.on_hold:
        return Deny(
            "legal_hold",
            N_("A legal hold stops the erasure. It must be lifted before anything is erased."),
            "CORE-21",
        )
    if erasure.has_open_visit:
        return Deny(
            "open_visit",
            N_("This person has an open visit. Close it, then erase their data."),
            "CORE-21",
        )
    if erasure.is_watched and not erasure.on_request:
        return Deny(
            "watched",
            N_("This person is on the watch list. Take the entry back, then the time runs on."),
            "CORE-15",
        )
    return Allow()
