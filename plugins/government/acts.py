"""Acts on an item as data: their form and what it leads to; the pages of all of them are drawn alike.

An act has one address, `/government/matters/<id>/<name>`: GET shows the form, POST carries it out. A
form that was rejected comes back as it was filled in, with the error beside the field.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import settings
from core.decisions import Deny, Hold
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.forms import Field, read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.text import TextError
from plugins.government.facts import URGENCIES
from plugins.government.inputs import Flash, Form, clean_day
from plugins.government.matters import access, queries, states
from plugins.government.matters.facts import MatterView
from plugins.government.rights import UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who does something, when, and the plugins that are asked on the way."""

    actor: Actor
    at: datetime
    plugins: Plugins


Values = Mapping[str, str]
Fields = Callable[[MatterView, Doer], Awaitable[Sequence[Field]]]
Start = Callable[[MatterView, Doer], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: `name` is its address, `said` what is told when it is done.

    `start` gives what the form shows before anybody typed: values by field, and under `shown` what
    the template `aside` draws above it.
    """

    name: str
    title: Message
    button: Message
    said: Message
    requires: str | tuple[str, ...]
    fields: Fields
    do: Callable[[UUID, Values, Doer], Awaitable[None]]
    start: Start | None = None
    hint: Message | None = None
    aside: str = ""
    tone: str = "primary"


async def _page(
    act: Act,
    matter: MatterView,
    doer: Doer,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    refused: Deny | Hold | None = None,
) -> Template:
    started = await act.start(matter, doer) if act.start is not None else {}
    return Template(
        "government/act.html",
        context={
            "act": act,
            "matter": matter,
            "line": matter.line,
            "stages": states.STAGES,
            "urgencies": URGENCIES,
            "fields_": await act.fields(matter, doer),
            "values": started if typed is None else typed,
            "shown": started.get("shown", {}),
            "errors": problems or {},
            "refused": refused,
        },
        status_code=422 if problems or refused else 200,
    )


def require_here(requires: str | tuple[str, ...], matter: MatterView, actor: Actor) -> None:
    """Raise NotFoundError for who may do such acts elsewhere, not in this item's reception room.

    Somebody of two offices may see an item of one as staff of a unit; they decide nothing there. Whose
    unit works on it is judged by the act.
    """
    needed = (requires,) if isinstance(requires, str) else requires
    site_id = matter.line.site_id
    if not any(actor.may(one) if one == UNIT else actor.may_at(one, site_id) for one in needed):
        raise NotFoundError


def routes_of(act: Act) -> list[HTTPRouteHandler]:
    """Return the two pages of an act."""
    address = f"/matters/{{matter_id:uuid}}/{act.name}"

    @get(address, requires=act.requires, name=f"government.{act.name}.form")
    async def show(
        matter_id: FromPath[UUID],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        plugins: NamedDependency[Plugins],
        flash: NamedDependency[Flash],
    ) -> Response[None] | Template:
        """Show the form of an act on an item."""
        try:
            await access.require_act(matter_id, actor, now)
            matter = await queries.matter(matter_id, actor, now)
            require_here(act.requires, matter, actor)
            return await _page(act, matter, Doer(actor=actor, at=now, plugins=plugins))
        except (RefusedError, WrongStateError) as error:
            flash("warning", error.message)
            return Redirect(f"/government/matters/{matter_id}", status_code=303)

    @post(address, requires=act.requires, name=f"government.{act.name}")
    async def do(
        matter_id: FromPath[UUID],
        data: Form,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        plugins: NamedDependency[Plugins],
        flash: NamedDependency[Flash],
    ) -> Response[None] | Template:
        """Carry out an act on an item."""
        doer = Doer(actor=actor, at=now, plugins=plugins)
        matter = await queries.matter(matter_id, actor, now)
        require_here(act.requires, matter, actor)
        try:
            cleaned = read(await act.fields(matter, doer), data)
            if cleaned.problems:
                return await _page(act, matter, doer, typed=data, problems=cleaned.problems)
            await act.do(matter_id, cleaned.values, doer)
        except InvalidInputError as error:
            return await _page(act, matter, doer, typed=data, problems=error.problems)
        except RefusedError as error:
            return await _page(act, matter, doer, typed=data, refused=error.decision)
        except (StaleError, WrongStateError) as error:
            flash("warning", error.message)
            return Redirect(f"/government/matters/{matter_id}", status_code=303)
        flash("success", act.said)
        return Redirect(f"/government/matters/{matter_id}", status_code=303)

    return [show, do]


def clean_time(text: str) -> str:
    """Return a moment of the site's clock as it is stored, or say how one is typed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TextError("no_time", N_("Type a time such as 2026-11-23T09:30.")) from error
    if not 2000 <= moment.year <= 2100 or moment.tzinfo is not None:
        raise TextError("no_time", N_("Type a time such as 2026-11-23T09:30."))
    return moment.isoformat(timespec="minutes")


def day_of(values: Values, name: str) -> date | None:
    """Return a cleaned day; None for none."""
    return date.fromisoformat(values[name]) if values.get(name) else None


def the_day(values: Values, name: str) -> date:
    """Return the cleaned day of a required field."""
    return date.fromisoformat(values[name])


def time_of(values: Values, name: str) -> datetime | None:
    """Return a cleaned moment of the site's clock; None for none."""
    if not values.get(name):
        return None
    return datetime.fromisoformat(values[name]).replace(tzinfo=settings.load().zone)


def id_of(values: Values, name: str) -> UUID | None:
    """Return an id that was chosen; None for none or nonsense."""
    try:
        return UUID(values.get(name, ""))
    except ValueError:
        return None


def text_field(name: str, label: Message, **about: Any) -> Field:
    """Return a field for a longer text."""
    return Field(name=name, label=label, kind="textarea", max_length=4000, **about)


def day_field(name: str, label: Message, **about: Any) -> Field:
    """Return a field for a day."""
    return Field(name=name, label=label, kind="date", clean=clean_day, **about)


def select(
    name: str, label: Message, options: Sequence[tuple[str, Message | str]], **about: Any
) -> Field:
    """Return a field for one of several."""
    return Field(name=name, label=label, kind="select", options=options, **about)
