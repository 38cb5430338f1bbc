"""Acts whose form depends on what is there: one description makes the page and what it leads to.

For acts on an item that are the same for every item, see `acts.py`. Here the form is made anew for
each record: its title, its fields, what is said above them.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import Cleaned, Field, read
from core.i18n import Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.acts import Doer, Values, require_here
from plugins.government.inputs import Flash, Form, Query
from plugins.government.matters.facts import MatterView
from plugins.government.opinions.facts import OpinionView

_PLACE = re.compile(r"{(\w+):uuid}")
_BESIDE = ("do", "signature")  # what is sent beside the fields: the button, a drawn signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """What a page asks. `anchor` is the panel to which it returns; `hints` stand above the form.

    `second` is another button, the value it sends as `do` with its words. `before` is the opinion in
    question.
    """

    matter: MatterView
    title: Message
    action: str
    fields: Sequence[Field]
    button: Message
    anchor: str = "opinions"
    values: Mapping[str, str] = field(default_factory=dict)
    hints: Sequence[Message] = ()
    second: tuple[str, Message] | None = None
    signature: bool = False
    before: OpinionView | None = None

    def drawn(
        self,
        values: Mapping[str, str] | None = None,
        problems: Mapping[str, Any] | None = None,
    ) -> Template:
        """Return the page, after a rejected form with what was typed."""
        return Template(
            "government/act_form.html",
            context={
                "form": self,
                "line": self.matter.line,
                "values": self.values if values is None else values,
                "errors": problems or {},
            },
            status_code=422 if problems else 200,
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What is told of an act, and where it leads: back to the item when `to` is empty."""

    said: Message
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """One act at one address, whose one place is the id of its record: an item, an opinion.

    `form` raises NotFoundError for whom the record does not exist; both ways ask it first. `do` gets
    what the fields hold, clean, with the button's `do` and the drawn `signature`. `reads` is for
    forms of which one button asks for less than the other.
    """

    address: str
    requires: str | tuple[str, ...]
    form: Callable[[UUID, Doer], Awaitable[ActForm]]
    do: Callable[[UUID, Values, Doer], Awaitable[Done]]
    reads: Callable[[Sequence[Field], Mapping[str, str]], Cleaned] = read


def routes_of(page: ActPage) -> list[HTTPRouteHandler]:
    """Return the two handlers of an act: GET shows its form, POST carries it out."""
    [place] = _PLACE.findall(page.address)  # the guard knows its record by this name

    @get(page.address, requires=page.requires)
    async def show(
        request: Query,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        plugins: NamedDependency[Plugins],
    ) -> Template:
        """Show the form of an act."""
        doer = Doer(actor=actor, at=now, plugins=plugins)
        form = await page.form(request.path_params[place], doer)
        require_here(page.requires, form.matter, actor)
        return form.drawn()

    @post(page.address, requires=page.requires)
    async def do(
        request: Query,
        data: Form,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        plugins: NamedDependency[Plugins],
        flash: NamedDependency[Flash],
    ) -> Response[None] | Template:
        """Carry out an act; a refusal brings its form back with what was typed."""
        doer = Doer(actor=actor, at=now, plugins=plugins)
        record_id: UUID = request.path_params[place]
        form = await page.form(record_id, doer)
        require_here(page.requires, form.matter, actor)
        cleaned = page.reads(form.fields, data)
        if cleaned.problems:
            return form.drawn(data, cleaned.problems)
        try:
            beside = {name: data.get(name, "") for name in _BESIDE}
            done = await page.do(record_id, {**beside, **cleaned.values}, doer)
        except InvalidInputError as error:
            return form.drawn(data, error.problems)
        except (RefusedError, WrongStateError) as error:
            return form.drawn(data, {"": error.message})
        flash("success", done.said)
        back = f"/government/matters/{form.matter.id}#{form.anchor}"
        return Redirect(done.to or back, status_code=303)

    return [show, do]
