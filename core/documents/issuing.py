"""Papers of registered kinds: previewed, numbered in the act's transaction, made, kept, copied.

`take` belongs into the transaction of the act that issues a paper: the number and what stands on the
paper are committed with it. Its PDF is made from that when it is first asked for, within a minute at
the latest (`make_waiting`), and stays as it was made. Who may is asked by `permit`.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db, settings
from core.clock import local
from core.documents import drawing, kinds, services, templates
from core.documents.drawing import Sheet, checked, chinese_date
from core.documents.errors import DocumentError
from core.documents.facts import Data, DocumentKind, Value
from core.documents.numbering import next_number
from core.documents.tables import IssuedDocument
from core.documents.typst import in_turn
from core.documents.word import docx
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.registrations.rulebook import organisation_name

_AT_ONCE = 20
_DAY = timedelta(days=1)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
# Papers that could not be made: how often, and when last. This process's own; a new one tries all.
_FAILED: dict[UUID, tuple[int, datetime]] = {}

log = logging.getLogger(__name__)


async def permit(
    kind: DocumentKind,
    needed: tuple[str, ...],
    record_kind: str,
    record_id: UUID,
    *,
    actor: Actor,
) -> None:
    """Raise NotFoundError unless the actor holds one of the permissions and may see the record."""
    if not kind.may(needed, actor):
        raise NotFoundError
    if kind.may_see is not None and not await kind.may_see(actor, record_kind, record_id):
        raise NotFoundError


async def preview(kind: DocumentKind, data: Data, *, at: datetime) -> bytes:
    """Return a PDF that is marked as a preview and bears no number."""
    version = await templates.in_force(kind)
    clean = await _given(checked(kind, data), at)
    year = local(at, settings.load().zone).year
    number = kind.number.text(year, "　", version.prefix) if kind.number else ""
    sheet = Sheet(source=version.source, data={**clean, "number": number, "preview": True})
    return await in_turn(drawing.pdf, sheet, made_at=at)


async def drawn(kind: DocumentKind, data: Data, *, at: datetime) -> bytes:
    """Return a PDF that is neither numbered nor kept, such as a list or a receipt to fill in."""
    version = await templates.in_force(kind)
    clean = await _given(checked(kind, data), at)
    sheet = Sheet(source=version.source, data={**clean, "number": clean.get("number", "")})
    return await in_turn(drawing.pdf, sheet, made_at=at)


async def take(
    kind: DocumentKind,
    data: Data,
    *,
    record_kind: str,
    record_id: UUID,
    actor: Actor,
    at: datetime,
    title: str = "",
    label: str = "",
    issued_at: datetime | None = None,
) -> IssuedDocument:
    """Give a paper of a record its number and keep what stands on it; call it inside `db.writing()`.

    InvalidInputError names fields that are missing. `title` is shown instead of the
    kind's label and must name nobody: it is not encrypted. `label` and `issued_at` are those of a
    paper that somebody else made, of a kind without numbers.
    """
    clean = await _given(checked(kind, data), at)
    version = await templates.in_force(kind)
    year = local(at, settings.load().zone).year
    made = uuid4()
    sealed = _sealed_data(keys_of(kind.name, sealed=kind.sealed), made, clean)
    number = await next_number(kind.name, year)  # from here on others wait for theirs
    label = kind.number.text(year, number, version.prefix) if kind.number else label[:80]
    document = IssuedDocument(
        id=made,
        kind=kind.name,
        year=year,
        number=number,
        title=title,
        sha256="",
        record_kind=record_kind,
        record=record_id,
        issued_at=issued_at or at,
        issued_by=actor.id,
        label=label,
        data=sealed,
        template=version.number,
        sealed=kind.sealed,
    )
    await IssuedDocument.insert(document)
    shown = {"kind": kind.name, "year": year, "number": number, "label": label, "record": record_id}
    await record(actor, "document.number", "document", made, at=at, after=shown)
    return document


async def issue(
    kind: DocumentKind,
    data: Data,
    *,
    record_kind: str,
    record_id: UUID,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    title: str = "",
) -> tuple[IssuedDocument, bytes]:
    """Take a number, make the paper, return both; when it cannot be made the number is voided."""
    async with db.writing():
        document = await take(
            kind,
            data,
            record_kind=record_kind,
            record_id=record_id,
            actor=actor,
            at=at,
            title=title,
        )
    try:
        return await paper(document.id, actor=actor, at=at, plugins=plugins)
    except DocumentError:
        reason = N_("The paper could not be made.").dump()
        await services.void(document.id, reason, actor=actor, at=at)
        raise


async def paper(
    document_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins
) -> tuple[IssuedDocument, bytes]:
    """Return a paper as it was issued, byte for byte; the first time it is made and kept."""
    document = await _document(document_id)
    if document.sha256:
        return document, _opened(document, (await services.reprint(document_id))[1])
    if not document.data or document.voided_at is not None:
        return await services.reprint(document_id)
    made = await _made(kinds.kind_of(plugins, document.kind), document)
    kept = _closed(document, made)
    document, kept = await services.complete(document_id, kept, actor=actor, at=at)
    return document, _opened(document, kept)


async def copy(
    document_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins
) -> tuple[IssuedDocument, bytes]:
    """Return what stands on an issued paper as an editable .docx; logged, the paper itself stays."""
    document = await _document(document_id)
    kind = kinds.kind_of(plugins, document.kind)
    if not document.data:
        raise WrongStateError(N_("There is no editable copy of this paper."))
    version = await templates.version(kind, document.template)
    data = data_of(document)
    try:
        made = await in_turn(_word, Sheet(source=version.source, data=data))
    except DocumentError:
        if version.source == drawing.shipped(kind):
            raise
        made = await in_turn(_word, Sheet(source=drawing.shipped(kind), data=data))
    async with db.writing():
        await record(actor, "document.copy", "document", document_id, at=at)
    return document, made


async def make_waiting(plugins: Plugins, *, at: datetime) -> int:
    """Make the papers of the last day whose PDF nobody has asked for yet; return how many.

    One that fails is tried again after a pause that doubles each time, and holds back no other.
    """
    for one, (_, since) in list(_FAILED.items()):
        if since < at - _DAY:  # not waited for any more
            del _FAILED[one]
    resting = {one for one, (times, since) in _FAILED.items() if at < since + _pause(times)}
    waiting = (
        await IssuedDocument.select(IssuedDocument.id)
        .where(
            IssuedDocument.sha256 == "",
            IssuedDocument.data != "",
            IssuedDocument.voided_at.is_null(),
            IssuedDocument.issued_at > at - _DAY,
        )
        .order_by(IssuedDocument.issued_at)
        .limit(_AT_ONCE + len(_FAILED))
    )
    # Those that failed before come last: what is new need not wait for them.
    due = sorted((row["id"] for row in waiting if row["id"] not in resting), key=_times)
    made = 0
    for one in due[:_AT_ONCE]:
        try:
            await paper(one, actor=SYSTEM, at=at, plugins=plugins)
        except Exception:
            _FAILED[one] = (_times(one) + 1, at)
            log.exception("an issued paper could not be made; it is tried again")
        else:
            _FAILED.pop(one, None)
            made += 1
    return made


def _times(document_id: UUID) -> int:
    """Return how often a paper has failed of late."""
    return _FAILED.get(document_id, (0, None))[0]


def _pause(times: int) -> timedelta:
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(times - 1, 10)
    return min(doubled, _LONGEST_PAUSE)


def data_of(document: IssuedDocument) -> dict[str, Value]:
    """Return what stands on an issued paper; empty once it was erased."""
    if not document.data:
        return {}
    opened = keys_of(document.kind, sealed=document.sealed).decrypt(
        document.data, "issued_document", "data", document.id
    )
    found: dict[str, Value] = json.loads(opened)
    return {**found, "number": document.label or found.get("number", "")}


async def blank_on(
    record_kind: str,
    record_id: UUID,
    blank: Callable[[dict[str, Value]], dict[str, Value] | None],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Erase a part of what stands on a record's papers, as when one line of a list must go.

    `blank` returns what stays; None when nothing is worth keeping: then all of it is erased. The
    paper keeps its number and is made anew without the part when it is next asked for. A paper of
    which only the PDF is kept goes as a whole: no part of that can be erased.
    """
    async with db.writing():
        for document in await services.kept_papers(record_kind, record_id):
            found = data_of(document)
            stays = blank(found) if found else None
            if stays is None:
                await services.erase(document.id, actor=actor, at=at)
            elif stays != found:
                keyring = keys_of(document.kind, sealed=document.sealed)
                sealed = _sealed_data(keyring, document.id, stays)
                await services.replace(document.id, sealed, actor=actor, at=at)


async def _document(document_id: UUID) -> IssuedDocument:
    document = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
    if document is None:
        raise NotFoundError
    return document


async def _given(clean: dict[str, Value], at: datetime) -> dict[str, Value]:
    """Return the data with who issues it and when, where the caller did not say."""
    office = clean.get("office") or await organisation_name(at) or settings.load().organisation_name
    day = chinese_date(local(at, settings.load().zone).date())
    return {**clean, "office": office, "date": clean.get("date") or day}


async def _made(kind: DocumentKind, document: IssuedDocument) -> bytes:
    """Return the PDF; a changed template that fails on this data gives way to the shipped one."""
    version = await templates.version(kind, document.template)
    data = data_of(document)
    moment = document.issued_at
    try:
        return await in_turn(drawing.pdf, Sheet(source=version.source, data=data), made_at=moment)
    except DocumentError:
        if version.source == drawing.shipped(kind):
            raise
        log.exception("a changed template fails; the paper is made with the shipped one")
    source = drawing.shipped(kind)
    return await in_turn(drawing.pdf, Sheet(source=source, data=data), made_at=moment)


def _word(sheet: Sheet) -> bytes:
    return docx(drawing.parts(sheet))


def keys_of(kind: str, *, sealed: bool) -> Keyring:
    """Return the keys that papers of a kind lie under: a sealed kind's are those of its part."""
    return keys.keyring().domain(kind.partition(".")[0]) if sealed else keys.keyring()


def _sealed_data(keyring: Keyring, document_id: UUID, data: Mapping[str, Value]) -> str:
    text = json.dumps(data, ensure_ascii=False)
    return keyring.encrypt(text, "issued_document", "data", document_id)


def _closed(document: IssuedDocument, pdf: bytes) -> bytes:
    """Return what lies in the store: of a sealed kind nobody reads it there."""
    if not document.sealed:
        return pdf
    keyring = keys_of(document.kind, sealed=True)
    return keyring.sealed(pdf, f"issued_document/{document.id}").encode()


def _opened(document: IssuedDocument, kept: bytes) -> bytes:
    if not document.sealed:
        return kept
    keyring = keys_of(document.kind, sealed=True)
    return keyring.unsealed(kept.decode(), f"issued_document/{document.id}")
