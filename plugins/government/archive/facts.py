"""What a file is: its kind, its check-list, how long it is kept. Words only."""

from dataclasses import dataclass

from core.i18n import N_, Message

DEDICATED, ORDINARY = "dedicated", "ordinary"
KINDS: dict[str, Message] = {
    DEDICATED: N_("Dedicated file"),
    ORDINARY: N_("Ordinary file"),
}
SIGNS = {DEDICATED: "专", ORDINARY: "普"}  # within the number of a file
PERMANENT = 0  # years: kept for ever
FILED, KEPT, GONE = "filed", "kept", "destroyed"
STATES: dict[str, Message] = {
    FILED: N_("Filed in the office"),
    KEPT: N_("Handed over to the archives office"),
    GONE: N_("Destroyed by the yearly list"),
}
# What the records know themselves, and what somebody must have looked at in the paper file.
OWN_CHECKS: dict[str, Message] = {
    "closed": N_("The item is at its end"),
    "signed_off": N_("No opinion or letter waits for a signature"),
    "final": N_("The check-list of a final item is complete"),
}
CHECKS: dict[str, Message] = {
    "complete": N_("Registration, papers and result are in the file"),
    "ordered": N_("In order of time and category, pages numbered"),
    "signed": N_("Signatures and seals are there"),
    "copies": N_("Copies and blank sheets are taken out"),
}
PROPOSED, AGREED, DONE, REFUSED = "proposed", "agreed", "done", "refused"
LISTS: dict[str, Message] = {
    PROPOSED: N_("Waits for the second person"),
    AGREED: N_("Agreed to: being destroyed, a part each minute"),
    DONE: N_("Destroyed, both signed"),
    REFUSED: N_("Not agreed to"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One line of a file's contents; `page` is the one it begins on."""

    number: str
    who: str
    title: str
    day: str
    pages: int = 1
    page: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What an item is judged by before it is put into the archive."""

    stage: str
    papers: int
    waiting: int
    instructed: bool
    final_missing: tuple[Message, ...]
