"""Issuing papers: a number, the PDF as it was printed first, re-prints, voiding, erasure.

A number is taken in the transaction of the act that needs it and its row is never removed. The PDF
follows after the commit, as making it takes a while; the first one made stays, whoever asks next.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.attachments import services as attachments
from core.documents import reasons
from core.documents.numbering import next_number
from core.documents.tables import DocumentDelivery, IssuedDocument
from core.errors import DomainError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor


class UnfinishedPaperError(DomainError):
    """The document has its number, but its paper was never made."""

    code = "paper_unfinished"

    def __init__(self) -> None:
        super().__init__(N_("This paper was never made. Print it, or void its number."))


async def reserve(
    kind: str,
    *,
    year: int,
    title: str,
    record_kind: str,
    record_id: UUID,
    actor: Actor,
    at: datetime,
) -> IssuedDocument:
    """Take the next number for a paper of a record; call it inside the act's `db.writing()`."""
    document = IssuedDocument(
        id=uuid4(),
        kind=kind,
        year=year,
        number=await next_number(kind, year),
        title=title,
        sha256="",
        record_kind=record_kind,
        record=record_id,
        issued_at=at,
        issued_by=actor.id,
    )
    await IssuedDocument.insert(document)
    shown = {"kind": kind, "year": year, "number": document.number, "record": record_id}
    await record(actor, "document.number", "document", document.id, at=at, after=shown)
    return document


async def complete(
    document_id: UUID, pdf: bytes, *, actor: Actor, at: datetime
) -> tuple[IssuedDocument, bytes]:
    """Keep the paper as issued; return it as kept, which is the first one made."""
    sha256 = await attachments.put(pdf)
    async with db.writing():
        document = await _locked(document_id)
        if not document.sha256:
            _refuse_voided(document)
            await attachments.keep(pdf, sha256)
            document.sha256 = sha256
            await document.save([IssuedDocument.sha256])
            shown = {"sha256": sha256}
            await record(actor, "document.issue", "document", document_id, at=at, after=shown)
    if document.sha256 == sha256:
        return document, pdf
    await attachments.discard(sha256)
    return document, await attachments.read(document.sha256)


async def issue(
    kind: str,
    make: Callable[[IssuedDocument], Awaitable[bytes]],
    *,
    year: int,
    title: str,
    record_kind: str,
    record_id: UUID,
    actor: Actor,
    at: datetime,
) -> tuple[IssuedDocument, bytes]:
    """Take a number, make the paper with it, keep it, and return both.

    When `make` fails the number is voided with that reason, so that none is unaccounted for.
    """
    async with db.writing():
        document = await reserve(
            kind,
            year=year,
            title=title,
            record_kind=record_kind,
            record_id=record_id,
            actor=actor,
            at=at,
        )
    try:
        pdf = await make(document)
    except Exception:
        reason = N_("The paper could not be made.").dump()
        await void(document.id, reason, actor=actor, at=at)
        raise
    return await complete(document.id, pdf, actor=actor, at=at)


async def reprint(document_id: UUID) -> tuple[IssuedDocument, bytes]:
    """Return a paper as it was issued, byte for byte; also a voided one, for the file."""
    document = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
    if document is None:
        raise NotFoundError
    if not document.sha256 and document.voided_at is not None:
        raise WrongStateError(N_("This paper is void, and nothing of it is kept."))
    if not document.sha256:
        raise UnfinishedPaperError
    return document, await attachments.read(document.sha256)


async def void(document_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Declare a paper void; its number stays taken. Needs a reason; a second time is refused."""
    if not reason.strip():
        raise WrongStateError(N_("Say why the paper is void."))
    async with db.writing():
        document = await _locked(document_id)
        _refuse_voided(document)
        document.voided_at = at
        document.void_reason = reasons.kept(document, reason, "issued_document", document.id)
        await document.save([IssuedDocument.voided_at, IssuedDocument.void_reason])
        shown = reasons.logged(document, reason)
        await record(actor, "document.void", "document", document_id, at=at, after=shown)


async def erase_papers(record_kind: str, record_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Erase what was printed for a record, on erasure of a person; numbers and dates stay."""
    async with db.writing():
        papers = await kept_papers(record_kind, record_id)
        for paper in papers:
            await erase(paper.id, actor=actor, at=at)
    return len(papers)


async def kept_papers(record_kind: str, record_id: UUID) -> list[IssuedDocument]:
    """Return the papers of a record of which anything is kept, locked for the transaction."""
    rows = (
        await IssuedDocument.select(IssuedDocument.id)
        .where(
            IssuedDocument.record_kind == record_kind,
            IssuedDocument.record == record_id,
            (IssuedDocument.sha256 != "") | (IssuedDocument.data != ""),
        )
        .order_by(IssuedDocument.id)
    )
    return [await _locked(row["id"]) for row in rows]  # a PDF may be kept at this very moment


async def erase(document_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Erase one paper, inside the transaction of whoever erases; its number and dates stay."""
    paper = await _locked(document_id)
    sha256, paper.sha256, paper.title, paper.data = paper.sha256, "", "", ""
    gone: dict[Any, Any] = {DocumentDelivery.person: "", DocumentDelivery.void_reason: ""}
    await DocumentDelivery.update(gone).where(DocumentDelivery.document == paper.id)
    if paper.voided_at is None:
        paper.voided_at = at
        paper.void_reason = N_("Erased with the personal data on it.").dump()
    elif paper.sealed:
        paper.void_reason = ""
    await paper.save()
    await record(actor, "document.erase", "document", paper.id, at=at)
    if sha256:
        attachments.discard_later(sha256)


async def replace(document_id: UUID, data: str, *, actor: Actor, at: datetime) -> None:
    """Keep only this of what stands on a paper, its PDF is made anew; joins the transaction."""
    paper = await _locked(document_id)
    sha256, paper.sha256, paper.data = paper.sha256, "", data
    await paper.save([IssuedDocument.sha256, IssuedDocument.data])
    await record(actor, "document.erase", "document", paper.id, at=at, after={"part": True})
    if sha256:
        attachments.discard_later(sha256)


async def _locked(document_id: UUID) -> IssuedDocument:
    await db.fetch("SELECT id FROM issued_document WHERE id = {} FOR UPDATE", document_id)
    document = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
    if document is None:
        raise NotFoundError
    return document


def _refuse_voided(document: IssuedDocument) -> None:
    if document.voided_at is not None:
        raise WrongStateError(N_("This paper is void already."))
