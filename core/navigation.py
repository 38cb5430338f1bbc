"""What a part adds to the frame around the pages: entries of the menu, cards of the first page."""

from dataclasses import dataclass

from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """One entry of the menu, shown to those who hold `permission` (empty: to everybody signed in).

    `icon` is a name of web/templates/macros/icons.html. Entries are drawn by `order`; those of one
    `group` stand together under its name. Those `at_gate` are also offered on the gate's page to
    whoever comes without a pass.
    """

    label: Message
    path: str
    permission: str = ""
    order: int = 100
    icon: str = "document"
    group: Message | None = None
    at_gate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCard:
    """Something due from the reader now: how many, and where to do it.

    `level` is info, warning or danger; of equal levels the lower `order` comes first.
    """

    title: Message
    count: int
    path: str
    level: str = "info"
    order: int = 100
    icon: str = "document"
