"""Kinds of paper that parts register: number, template, named fields, who may. Value types only."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from core.i18n import Message
from core.permissions import Actor

# What a field holds: one line, paragraphs, or rows of cells.
Value = str | Sequence[str] | Sequence[Sequence[str]]
Data = Mapping[str, Value]
Method = Literal["direct", "substitute", "left", "registered", "electronic", "posted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentField:
    """One thing a paper says. `sample` is shown in previews and has the form its values have.

    A text is a str, paragraphs are a tuple of str, rows a tuple of tuples of str. What is not
    required and has no `default` is left empty, so that it can be written by hand.
    """

    name: str
    label: Message
    sample: Value = ""
    required: bool = False
    default: Value = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """How a kind is numbered: `通知` gives 通知〔2026〕12号, gapless for each kind and year.

    Bulletins have another `pattern`: `{prefix}{year}年第{number}期`.
    """

    prefix: str
    pattern: str = "{prefix}〔{year}〕{number}号"

    def text(self, year: int, number: int | str, prefix: str = "") -> str:
        """Return the number as it is printed; `prefix` is an administrator's own."""
        return self.pattern.format(prefix=prefix or self.prefix, year=year, number=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """A kind of paper, named `<part>.<kind>`.

    `package` and `template` say where the Typst template lies that it ships with; it begins with
    `#import "house.typ": *`. `see`, `issue` and `void` name permissions of which one is needed.
    `may_see` is asked besides,
    for one record, where a permission is not enough: what it denies does not exist for the reader.
    `may_act` likewise, before a paper is delivered or voided by who may only look at it.
    `sealed` encrypts what is kept of it
    under the part's own keys. `receipt` asks for a delivery receipt. `page` is the
    address of the record, with `{record}` in it. Without `number` the paper bears none.
    `delivery_page`: where its deliveries are noted when more follows from one, with `{document}`.
    `case`: the field whose value names its case on the delivery receipt.
    """

    name: str
    label: Message
    plugin: str
    package: str
    template: str
    fields: tuple[DocumentField, ...]
    see: tuple[str, ...]
    issue: tuple[str, ...]
    void: tuple[str, ...]
    number: NumberStyle | None = None
    receipt: bool = False
    sealed: bool = False
    page: str = ""
    delivery_page: str = ""
    case: str = ""
    order: int = 100
    may_see: Callable[[Actor, str, UUID], Awaitable[bool]] | None = None
    may_act: Callable[[Actor, str, UUID], Awaitable[bool]] | None = None

    def may(self, needed: tuple[str, ...], actor: Actor) -> bool:
        """Say whether somebody holds one of the permissions: `kind.may(kind.issue, actor)`."""
        return any(actor.may(one) for one in needed)

    @property
    def sample(self) -> dict[str, Value]:
        """Return the samples of all fields."""
        return {field.name: field.sample for field in self.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a paper came into the hands of whom it is for.

    `receiver` is who took it, `relation` what that is to the addressee, `tracking` the number of a
    registered letter or the address it was sent to. Left with somebody or refused: `witness` says
    who saw it. `signature` is a drawn signature as `core.signatures` takes it.
    """

    method: Method
    at: datetime
    receiver: str = ""
    relation: str = ""
    place: str = ""
    tracking: str = ""
    refused: bool = False
    reason: str = ""
    witness: str = ""
    signature: str = ""
