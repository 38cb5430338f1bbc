"""One thing that is due on an item: its words, its day, the acts that do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.deadlines.queries import Clock
from core.i18n import N_, Message

OFFICE = N_("The reception room")
LEADERS = N_("Government leaders")
SIGNERS = N_("Those who sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that is due: what, by whom, by when.

    `acts` are names of acts on the item, or whole addresses, with their buttons.
    """

    what: Message
    who: Message | str
    due: date | None = None
    level: str = "calm"
    acts: tuple[tuple[str, Message], ...] = ()


def of(running: Sequence[Clock], *names: str) -> Clock | None:
    """Return that of these clocks which ends first; None when none runs."""
    wanted = {f"government.{name}" for name in names}
    found = [one for one in running if one.name in wanted and one.due is not None]
    return min(found, key=lambda one: one.due or date.max, default=None)


def due(
    what: Message,
    who: Message | str,
    clock: Clock | None,
    *acts: tuple[str, Message],
    day: date | None = None,
) -> Due:
    """Return one thing that is due, by a day or a clock."""
    return Due(
        what=what,
        who=who,
        due=day or (clock.due if clock is not None else None),
        level=clock.level if clock is not None else "calm",
        acts=acts,
    )
