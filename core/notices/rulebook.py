"""The rulebook of notices: whether and when people are written to what is due from them."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import N_
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRules:
    """What is sent by itself."""

    digest: bool = setting(
        True,
        kind="bool",
        label=N_("Write to everybody each working morning what is due from them"),
        basis="CORE-11",
    )
    digest_at: str = setting(
        "08:30", kind="time", label=N_("When that letter is sent"), basis="CORE-11"
    )


RULEBOOK = Rulebook(plugin="notices", title=N_("Notices"), struct=NoticeRules)


async def notice_rules(at: datetime) -> NoticeRules:
    """Return the settings in force."""
    values: NoticeRules = (await queries.in_force(RULEBOOK, at)).values
    return values
