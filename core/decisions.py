"""What a policy may answer, and how several answers become one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from core.i18n import Message


@dataclass(frozen=True, slots=True)
class Allow:
    """Nothing stands in the way. `note` may tell the desk what to watch."""

    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A person must decide before the visitor goes on.

    `code` is stable; `reason` is written for the person at the desk and says what to do next;
    `rule` cites the catalogue (`SCH-7`); `version` names the rulebook version that decided.
    """

    code: str
    reason: Message
    rule: str = ""
    version: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Deny:
    """The visitor must not go on; the fields are those of Hold."""

    code: str
    reason: Message
    rule: str = ""
    version: str = field(default="", compare=False)


Decision = Allow | Hold | Deny

_GRAVITY = {Allow: 0, Hold: 1, Deny: 2}
_NAMES = {Allow: "allow", Hold: "hold", Deny: "deny"}


def gravest(decisions: Iterable[Decision], released: Collection[str] = ()) -> Decision:
    """Return the gravest answer: deny beats hold, hold beats allow; of equals, the first.

    Holds whose code a person has `released` count no longer, so that the next one shows.
    """
    standing = (d for d in decisions if not (isinstance(d, Hold) and d.code in released))
    return max(standing, key=lambda decision: _GRAVITY[type(decision)], default=Allow())


def verdict_of(decision: Decision) -> str:
    """Return `allow`, `hold` or `deny`, as stored and shown."""
    return _NAMES[type(decision)]
