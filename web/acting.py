"""What every act on a visit has at hand, and how it is answered: with its page, or back where it began."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, RefusedError, StaleError, WrongStateError
from core.forms import read
from core.i18n import Message
from core.permissions import Actor
from web.pages.registrations import WHY, visit_page
from web.pages.sign_in import own_path
from web.plugins import WebPlugins

Flash = Callable[[str, Message], None]


@dataclass(frozen=True, slots=True)
class Acting:
    """What every act on a visit has at hand."""

    actor: Actor
    now: datetime
    plugins: WebPlugins
    flash: Flash

    @property
    def common(self) -> dict[str, Any]:
        """The actor, the time and the plugins, as services take them."""
        return {"actor": self.actor, "at": self.now, "plugins": self.plugins}

    async def done(
        self,
        registration_id: UUID,
        data: Mapping[str, str],
        act: str,
        work: Awaitable[Any],
        said: Message | Callable[[Any], tuple[str, Message]],
    ) -> Response[None] | Template:
        """Do the work and go back; what cannot be done is said, on the page if a field is wrong."""
        try:
            result = await work
        except InvalidInputError as error:
            return await visit_page(
                registration_id,
                actor=self.actor,
                now=self.now,
                plugins=self.plugins,
                act=act,
                values=data,
                errors=error.problems,
                status=422,
            )
        except (RefusedError, StaleError, WrongStateError) as error:
            self.flash("error", error.message)
            return Redirect(f"/registrations/{registration_id}", status_code=303)
        level, message = said(result) if callable(said) else ("success", said)
        self.flash(level, message)
        stay = level != "success"
        here = f"/registrations/{registration_id}"
        return Redirect(here if stay else own_path(data.get("next") or here), status_code=303)


def acting(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Acting:
    """Return what an act has at hand."""
    return Acting(actor, now, plugins, flash)


def version_of(data: Mapping[str, str]) -> int | None:
    """Return the version the page was drawn from, where its button sends it."""
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def reason_of(data: Mapping[str, str]) -> str:
    """Return the reason that was typed; InvalidInputError when it is missing or cannot be taken."""
    typed = read((WHY,), data)
    if typed.problems:
        raise InvalidInputError(typed.problems)
    return typed.values["reason"]
