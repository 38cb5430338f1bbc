"""What is known of the request being answered: who asks, in which language, by which session."""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from litestar.datastructures import Cookie

from core.i18n import DEFAULT_LOCALE, Message
from core.permissions import ANONYMOUS, Actor


class Flashes:
    """Messages for the reader's next page. Drawing them on a page uses them up."""

    def __init__(self, kept: list[tuple[str, Message]]) -> None:
        self.waiting = kept
        self.changed = False

    def __iter__(self) -> Iterator[tuple[str, Message]]:
        shown, self.waiting = self.waiting, []
        self.changed = self.changed or bool(shown)
        return iter(shown)

    def add(self, level: str, message: Message) -> None:
        """Keep a message; `level` is success, info, warning or error."""
        self.waiting.append((level, message))
        self.changed = True


@dataclass(slots=True, kw_only=True)
class Current:
    """One request and who makes it. `session_id` and `token_id` say how the actor was known."""

    request_id: str
    now: datetime
    method: str = "GET"
    path: str = "/"
    address: str = ""
    user_agent: str = ""
    secure: bool = True
    host: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    locale: str = DEFAULT_LOCALE
    theme: str = "auto"
    organisation: str = ""
    actor: Actor = ANONYMOUS
    session_id: UUID | None = None
    token_id: UUID | None = None
    must_change_password: bool = False
    csrf: str = ""
    flashes: Flashes = field(default_factory=lambda: Flashes([]))
    set_cookies: dict[str, Cookie] = field(default_factory=dict)
    api: bool = False
    htmx: bool = False
    unread: int = 0
    forwarded: bool = False

    def set_cookie(
        self, name: str, value: str, *, max_age: int | None = None, for_scripts: bool = False
    ) -> None:
        """Send a cookie with the answer, whatever the answer is; `max_age` 0 takes it back."""
        self.set_cookies[name] = Cookie(
            key=name,
            value=value,
            path="/",
            max_age=max_age,
            secure=self.secure,
            httponly=not for_scripts,
            samesite="lax",
        )


CURRENT: ContextVar[Current | None] = ContextVar("laifang_current", default=None)


def current() -> Current:
    """Return the request being answered; RuntimeError outside one."""
    found = CURRENT.get()
    if found is None:
        raise RuntimeError("no request is being answered")
    return found


def locale() -> str:
    """Return the language of whoever asks, or the default one outside a request."""
    found = CURRENT.get()
    return DEFAULT_LOCALE if found is None else found.locale
