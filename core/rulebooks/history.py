"""The versions of a rulebook as they are read: what each says, and what it changed; no writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from core import clock
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.plugins import Plugins
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, Setting
from core.rulebooks.tables import RulebookVersion

YES, NO, NOTHING = N_("Yes"), N_("No"), N_("(empty)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that differs between two versions, as read."""

    label: Message
    before: Message
    after: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One setting of a version. `changed` says that it differs from the default."""

    name: str
    about: Setting
    value: Any
    shown: Message
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as read. `state` is in_force, ahead, past or withdrawn."""

    number: int
    name: str
    values: Any
    state: str
    effective_from: datetime | None
    adopted_by: str
    adopted_at: datetime | None
    note: str
    changes: Sequence[Change]


def rulebook_of(plugins: Plugins, plugin: str) -> Rulebook:
    """Return a plugin's rulebook, or raise NotFoundError."""
    found = next((book for book in plugins.register_rulebooks() if book.plugin == plugin), None)
    if found is None:
        raise NotFoundError
    return found


async def versions(rulebook: Rulebook, *, now: datetime) -> list[Version]:
    """Return every version, the newest first, down to the defaults that were there before any."""
    rows = await queries.versions(rulebook.plugin)
    current = (await queries.in_force(rulebook, now)).name
    found: list[Version] = []
    previous: Any = rulebook.struct()
    for row in reversed(rows):
        values = queries.struct_of(rulebook, row.settings)
        found.append(_version(rulebook, row, values, previous, current, now))
        if row.voided_at is None:
            previous = values
    defaults = Version(
        number=0,
        name=f"{rulebook.plugin}/0",
        values=rulebook.struct(),
        state="in_force" if current.endswith("/0") else "past",
        effective_from=None,
        adopted_by="",
        adopted_at=None,
        note="",
        changes=[],
    )
    return [*reversed(found), defaults]


def _version(
    rulebook: Rulebook,
    row: RulebookVersion,
    values: Any,
    previous: Any,
    current: str,
    now: datetime,
) -> Version:
    name = f"{rulebook.plugin}/{row.number}"
    effective = clock.from_ms(row.effective_from)
    if row.voided_at is not None:
        state = "withdrawn"
    elif name == current:
        state = "in_force"
    else:
        state = "ahead" if effective > now else "past"
    return Version(
        number=row.number,
        name=name,
        values=values,
        state=state,
        effective_from=effective,
        adopted_by=row.adopted_by_name,
        adopted_at=row.adopted_at,
        note=row.note,
        changes=differences(rulebook, previous, values),
    )


def differences(rulebook: Rulebook, before: Any, after: Any) -> list[Change]:
    """Return the settings in which two structs of a rulebook differ."""
    return [
        Change(
            label=about.label,
            before=shown(about, getattr(before, item.name)),
            after=shown(about, getattr(after, item.name)),
        )
        for item, about in rulebook.settings()
        if getattr(before, item.name) != getattr(after, item.name)
    ]


def lines(rulebook: Rulebook, values: Any) -> list[Line]:
    """Return every setting with its value, in the order of the struct."""
    defaults = rulebook.struct()
    return [
        Line(
            name=item.name,
            about=about,
            value=getattr(values, item.name),
            shown=shown(about, getattr(values, item.name)),
            changed=getattr(values, item.name) != getattr(defaults, item.name),
        )
        for item, about in rulebook.settings()
    ]


def shown(about: Setting, value: Any) -> Message:
    """Return a setting's value as it is read, with its unit."""
    if about.kind == "bool":
        return YES if value else NO
    if about.kind == "choice":
        return dict(about.choices).get(str(value), Message(str(value)))
    if about.kind == "lines":
        return Message("\n".join(value)) if value else NOTHING
    if value == "":
        return NOTHING
    if about.unit is not None:
        return Message("{value} {unit}", {"value": value, "unit": about.unit})
    return Message(str(value))


def as_typed(rulebook: Rulebook, values: Any) -> dict[str, str]:
    """Return a struct's values as they stand in a form."""
    return {item.name: _typed(getattr(values, item.name)) for item in fields(values)}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, tuple):
        return "\n".join(str(part) for part in value)
    return str(value)


def preset(rulebook: Rulebook, name: str, values: Any) -> Mapping[str, Any]:
    """Return the values of a struct with those of a preset in their place; NotFoundError for none."""
    if name not in rulebook.presets:
        raise NotFoundError
    _, differing = rulebook.presets[name]
    return {item.name: getattr(values, item.name) for item in fields(values)} | dict(differing)
