"""What is open at a handover. Value types only."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One thing that the next shift must know of: somebody inside, a slip not returned, a thing kept.

    `kind` groups the items under `label`; `reference` identifies one within its kind, so that two
    records of the same item are seen to be the same. `text` names no more of a person than needed.
    """

    kind: str
    label: Message
    reference: str
    text: str
    since: datetime | None = None
    url: str = ""
