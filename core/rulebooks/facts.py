"""What a rulebook is: a plugin's frozen struct of settings, each with label, unit, bounds, basis."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from core.decisions import Allow, Decision, verdict_of
from core.i18n import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the settings page needs to know of one field; `basis` is its source, a msgid.

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
    """A plugin's rulebook: its struct type, title, and named presets (values that differ).

    `check` is given a struct whose every value is possible by itself, and returns by field what does
    not fit together. `chapters` are headings by the field that each begins with.
    """

    plugin: str
    title: Message
    struct: type[Any]
    presets: Mapping[str, tuple[Message, Mapping[str, Any]]] = field(default_factory=dict)
    check: Callable[[Any], Mapping[str, Message]] | None = None
    chapters: Mapping[str, Message] = field(default_factory=dict)

    def settings(self) -> list[tuple[Field[Any], Setting]]:
        """Return every field with what the page needs to know of it."""
        return [(f, f.metadata["setting"]) for f in fields(self.struct)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The version in force at a moment: its name (`lab/3`), the struct, since when."""

    name: str
    values: Any
    effective_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rulebook leads to in one case: a decision's verdict and code, or a word of its own.

    Two outcomes are the same when verdict and code are; `text` says it to the reader.
    """

    code: str
    text: Message = field(compare=False)
    verdict: str = ""


def outcome_of(decision: Decision, allowed: Message) -> Outcome:
    """Return a policy's decision as an outcome; `allowed` says what an Allow means here."""
    if isinstance(decision, Allow):
        return Outcome(verdict="allow", code="", text=allowed)
    return Outcome(verdict=verdict_of(decision), code=decision.code, text=decision.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A past time that is decided over again, and the sites (None: all) whose cases are shown."""

    since: datetime
    until: datetime
    sites: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something decided in the past: what it was about, its facts rebuilt, and what was decided.

    `recorded` is None where nothing was written down. `title` names the record without a person's
    name, `path` is the page about it.
    """

    at: datetime
    title: str
    facts: Any
    path: str = ""
    recorded: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One sort of decision that can be taken over again under a draft of a rulebook.

    `cases` yields the past cases in order of time; `judge` is given the facts of one, the rulebook's
    struct and its version's name, and asks the policy: it reads nothing else.
    """

    rulebook: str
    name: str
    label: Message
    cases: Callable[[Span], AsyncIterator[Case]]
    judge: Callable[[Any, Any, str], Outcome]
