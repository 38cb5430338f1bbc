"""The sentences of the demonstration's time lines, as the acts themselves would have written them."""

from core.i18n import N_, Message
from plugins.government.matters.timeline import OFFICE, PETITIONER, UNITS

# Act -> sentence, told to whom. Those of units hold {unit}.
SENTENCES: dict[str, tuple[Message, str]] = {
    "answer": (N_("Answered on the spot"), PETITIONER),
    "guide": (N_("Directed to the competent body"), PETITIONER),
    "refuse": (N_("Not accepted"), PETITIONER),
    "end": (N_("No longer accepted"), PETITIONER),
    "file": (N_("Kept on file"), OFFICE),
    "accept": (N_("Accepted"), PETITIONER),
    "take_up": (N_("Being handled"), PETITIONER),
    "take_back": (N_("The unit objected; the item came back to the reception room."), UNITS),
    "report": (N_("The unit returned its result."), UNITS),
    "send_back": (N_("The result was sent back to the unit."), UNITS),
    "decide": (N_("Opinion given"), PETITIONER),
    "ask_review": (N_("The petitioner asked for a review."), PETITIONER),
    "decide_review": (N_("Review opinion given"), PETITIONER),
    "ask_rereview": (N_("The petitioner asked for a re-review."), PETITIONER),
    "conclude": (N_("Concluded by re-review"), PETITIONER),
    "close": (N_("Item closed"), PETITIONER),
    "archive": (N_("Put into the archive"), OFFICE),
    "destroy": (N_("Destroyed by the yearly list"), OFFICE),
}


def sentence(act: str, unit: str) -> tuple[Message, str]:
    """Return what the time line says of an act, and to whom."""
    if act == "forward":
        return N_("Forwarded to {unit}", unit=unit), PETITIONER
    return SENTENCES[act]
