"""Templates of papers as administrators change them: versions, trying, adopting, going back.

The version with the highest number is in force; without one the shipped template is. Who changes one
is asked for `core:document:admin` by the page. A change is tried with the kind's samples before it
is adopted, in a process of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from core import db
from core.documents import drawing
from core.documents.drawing import Sheet
from core.documents.errors import DocumentError
from core.documents.facts import DocumentKind
from core.documents.numbering import next_number
from core.documents.tables import DocumentTemplate
from core.documents.typst import in_trial
from core.errors import InvalidInputError, NotFoundError, StaleError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.text import TextError, clean_line

LONGEST = 60_000
LONGEST_PREFIX = 20
_NO_NOTE = Message("")


class FaultyTemplateError(InvalidInputError):
    """A changed template that makes no paper; `detail` says where, for its author."""

    def __init__(self, error: DocumentError) -> None:
        super().__init__({"source": error.message})
        self.detail = error.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A template as it was from some moment on; number 0 is the shipped one."""

    number: int
    source: str
    prefix: str
    note: Message = _NO_NOTE
    by: str = ""
    at: datetime | None = None
    is_shipped: bool = False


def shipped(kind: DocumentKind) -> Version:
    """Return what a kind ships with."""
    prefix = kind.number.prefix if kind.number else ""
    return Version(number=0, source=drawing.shipped(kind), prefix=prefix, is_shipped=True)


async def history(kind: DocumentKind) -> list[Version]:
    """Return every version, the one in force first, the shipped one last."""
    rows = (
        await DocumentTemplate.objects()
        .where(DocumentTemplate.kind == kind.name)
        .order_by(DocumentTemplate.number, ascending=False)
    )
    return [*(_version(kind, row) for row in rows), shipped(kind)]


async def in_force(kind: DocumentKind) -> Version:
    """Return the version that new papers are made with."""
    row = (
        await DocumentTemplate.objects()
        .where(DocumentTemplate.kind == kind.name)
        .order_by(DocumentTemplate.number, ascending=False)
        .first()
    )
    return _version(kind, row) if row else shipped(kind)


async def version(kind: DocumentKind, number: int) -> Version:
    """Return one version; NotFoundError when there was none."""
    if number == 0:
        return shipped(kind)
    row = await DocumentTemplate.objects().get(
        (DocumentTemplate.kind == kind.name) & (DocumentTemplate.number == number)
    )
    if row is None:
        raise NotFoundError
    return _version(kind, row)


async def tried(kind: DocumentKind, source: str, prefix: str = "", *, office: str) -> list[bytes]:
    """Return a picture of each page that a source makes of the samples; FaultyTemplateError."""
    if len(source) > LONGEST:
        raise InvalidInputError({"source": N_("This template is too long.")})
    data = {**kind.sample, "office": office, "date": "2026年11月1日", "number": ""}
    if kind.number:
        data["number"] = kind.number.text(2026, 12, prefix)
    sheet = Sheet(source=source, data=data)
    try:
        return await in_trial(drawing.pictures, sheet, trial=True)
    except DocumentError as error:
        raise FaultyTemplateError(error) from error


async def adopt(
    kind: DocumentKind,
    source: str,
    *,
    prefix: str,
    note: str,
    based_on: int,
    office: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Put a changed template in force, once it has made a paper; return its number.

    `based_on` is the version that was being changed: StaleError when another came meanwhile.
    """
    original = shipped(kind)
    prefix = _clean_prefix(kind, prefix)
    source = source.replace("\r\n", "\n").strip() + "\n"
    if not note.strip():
        raise InvalidInputError({"note": N_("Say what was changed and why.")})
    if source.strip() == "":
        raise InvalidInputError({"source": N_("Please fill this in.")})
    await tried(kind, source, prefix, office=office)
    same = source.strip() == original.source.strip()
    return await _add(
        kind,
        "" if same else source,
        "" if prefix == original.prefix else prefix,
        note=note.strip()[:500],
        based_on=based_on,
        actor=actor,
        at=at,
    )


async def go_back(
    kind: DocumentKind, number: int, *, based_on: int, actor: Actor, at: datetime
) -> int:
    """Put an earlier version in force again as a new one; 0 is the shipped template."""
    old = await version(kind, number)
    return await _add(
        kind,
        "" if old.is_shipped else old.source,
        "" if old.is_shipped else old.prefix,
        note=N_("Back to version {number}", number=number).dump()
        if number
        else N_("Back to the template as delivered").dump(),
        based_on=based_on,
        actor=actor,
        at=at,
    )


async def _add(
    kind: DocumentKind,
    source: str,
    prefix: str,
    *,
    note: str,
    based_on: int,
    actor: Actor,
    at: datetime,
) -> int:
    async with db.writing():
        number = await next_number(f"{kind.name}.template", 0)
        if number != based_on + 1:
            raise StaleError
        row = DocumentTemplate(
            id=uuid4(),
            kind=kind.name,
            number=number,
            source=source,
            prefix=prefix,
            note=note,
            adopted_by=actor.id,
            adopted_by_name=actor.name,
            adopted_at=at,
        )
        await DocumentTemplate.insert(row)
        shown = {"kind": kind.name, "number": number, "prefix": prefix, "note": note}
        await record(
            actor, "document_template.adopt", "document_template", row.id, at=at, after=shown
        )
    return number


def _clean_prefix(kind: DocumentKind, prefix: str) -> str:
    if kind.number is None:
        return ""
    try:
        clean = clean_line(prefix, LONGEST_PREFIX)
    except TextError as error:
        raise InvalidInputError({"prefix": error.message}) from error
    if any(sign in clean for sign in "〔〕[]()（）0123456789"):
        problem: Message = N_("Only the words before the year, such as “通知”.")
        raise InvalidInputError({"prefix": problem})
    return clean


def _version(kind: DocumentKind, row: DocumentTemplate) -> Version:
    original = shipped(kind)
    return Version(
        number=row.number,
        source=row.source or original.source,
        prefix=row.prefix or original.prefix,
        note=Message.load(row.note),
        by=row.adopted_by_name,
        at=row.adopted_at,
    )
