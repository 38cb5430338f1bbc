"""What a rulebook is: a plugin's frozen struct of settings, each with label, unit, bounds, basis."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from typing import Any

from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the settings page needs to know of one field; `basis` is its source.

    `kind`: int, bool, text, time, choice, lines. `minimum` and `maximum` bound an int.
    """

    label: Message
    kind: str = "int"
    unit: Message | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, Message], ...] = ()
    basis: str = ""


def setting(default: Any, **about: Any) -> Any:
    """Declare a field of a rulebook struct with its default and what the page needs to know."""
    return field(default=default, metadata={"setting": Setting(**about)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """A plugin's rulebook: its struct type, title, and named presets (values that differ)."""

    plugin: str
    title: Message
    struct: type[Any]
    presets: Mapping[str, tuple[Message, Mapping[str, Any]]] = field(default_factory=dict)

    def settings(self) -> list[tuple[Field[Any], Setting]]:
        """Return every field with what the page needs to know of it."""
        return [(f, f.metadata["setting"]) for f in fields(self.struct)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The version in force at a moment: its name (`school_gate/3`), the struct, since when."""

    name: str
    values: Any
    effective_from: datetime | None
