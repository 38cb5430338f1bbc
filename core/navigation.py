"""What a part adds to the frame around the pages: entries of the menu, cards of the first page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.i18n import Message
from core.permissions import Actor


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEntry:
    """A page for whoever has no account, offered where they come first; lower `order` first.

    `hint` says in a few words what is done there.
    """

    label: Message
    path: str
    hint: Message
    order: int = 100
    icon: str = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAct:
    """What is done about one thing due: a link to `path`, or with `post` the act itself, at once.

    A page that is posted to is told by the field `next` that the reader wants to come back here.
    Of the acts that stand on top of a page the `main` one stands out.
    """

    label: Message
    path: str
    post: bool = False
    icon: str = "right"
    main: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeItem:
    """One thing due. `path` is its own page; `badge` a text, a tone and a sign of macros/badges.html."""

    title: Message | str
    path: str
    act: HomeAct | None = None
    lines: tuple[Message | str, ...] = ()
    photo: str = ""
    initial: bool = False
    badge: tuple[Message, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSection:
    """Things of one sort that are due; an empty one is left out.

    `level` is danger, warning or info; what is only `shown` to have it in sight counts as nothing due.
    `path` leads to all of them; `more` is how many there are besides those named.
    """

    name: str
    title: Message
    items: tuple[HomeItem, ...]
    level: str = "warning"
    path: str = ""
    more: int = 0
    shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What the first page of a role shows: what is due, the most urgent first, and the first acts.

    `covers` are paths of cards (HomeCard) that these sections tell of, so that none is told twice.
    """

    sections: tuple[HomeSection, ...]
    acts: tuple[HomeAct, ...] = ()
    hint: Message | None = None
    covers: frozenset[str] = frozenset()

    @property
    def due(self) -> int:
        """How many things are due."""
        return sum(len(one.items) + one.more for one in self.sections if not one.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The first page of those who hold a role; of several roles the lowest `order` comes first."""

    role: str
    label: Message
    collect: Callable[[Actor, datetime], Awaitable[HomePage]]
    order: int = 100
