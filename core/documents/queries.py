"""Papers of a record as lists show them: number, state, delivery, what the reader may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock, db, hiding
from core.documents import deliveries, reasons
from core.documents.deliveries import METHODS, Noted
from core.documents.facts import DocumentKind
from core.documents.issuing import permit
from core.documents.tables import IssuedDocument
from core.errors import NotFoundError
from core.i18n import Message
from core.permissions import Actor
from core.plugins import Plugins


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One paper. `href` opens it, `copy` its .docx; `delivery` is the note that counts.

    `looking`: its reader may do nothing with it.
    """

    id: UUID
    kind: DocumentKind
    title: Message
    label: str
    issued_at: datetime
    voided_at: datetime | None
    void_reason: Message
    delivery: Noted | None
    may_void: bool
    may_deliver: bool
    looking: bool = False

    @property
    def href(self) -> str:
        """Return where the paper is opened."""
        return f"/documents/{self.id}"

    @property
    def how(self) -> Message | None:
        """Return the way it was delivered."""
        return METHODS[self.delivery.delivery.method] if self.delivery else None

    @property
    def wants_receipt(self) -> bool:
        """Say whether its delivery should still be noted."""
        return self.kind.receipt and self.delivery is None and self.voided_at is None


async def of_record(
    record_kind: str, record_id: UUID, *, actor: Actor, kinds: Iterable[DocumentKind]
) -> list[DocumentLine]:
    """Return the papers of a record that the reader may see, the newest first.

    `kinds` are those of the part, or `plugins.register_document_kinds()` for all.
    """
    wanted = tuple(kinds)
    key = ("papers", record_kind, record_id, actor, frozenset(kind.name for kind in wanted))
    return list(await db.found_once(key, lambda: _of_record(record_kind, record_id, actor, wanted)))


async def _of_record(
    record_kind: str, record_id: UUID, actor: Actor, kinds: Sequence[DocumentKind]
) -> list[DocumentLine]:
    rows = (
        await IssuedDocument.objects()
        .where(IssuedDocument.record_kind == record_kind, IssuedDocument.record == record_id)
        .order_by(IssuedDocument.issued_at, ascending=False)
        .order_by(IssuedDocument.number, ascending=False)
    )
    return await _lines(rows, actor, kinds)


async def document(document_id: UUID, *, actor: Actor, plugins: Plugins) -> DocumentLine:
    """Return one paper; NotFoundError for what the reader may not see."""
    row = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
    await hiding.require("document", document_id, actor=actor, at=clock.now())
    kinds = plugins.register_document_kinds()
    lines = await _lines([row], actor, kinds) if row else []
    if not lines:
        raise NotFoundError
    return lines[0]


async def record_of(document_id: UUID) -> tuple[str, UUID]:
    """Return the kind and id of the record that a paper belongs to; NotFoundError for none."""
    row = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
    if row is None:
        raise NotFoundError
    return row.record_kind, row.record


async def _lines(
    rows: Sequence[IssuedDocument], actor: Actor, kinds: Iterable[DocumentKind]
) -> list[DocumentLine]:
    known = {kind.name: kind for kind in kinds}
    allowed: dict[tuple[str, str, UUID], bool] = {}
    shown = []
    for row in rows:
        kind = known.get(row.kind)
        if kind is None:
            continue
        asked = (row.kind, row.record_kind, row.record)
        if asked not in allowed:
            allowed[asked] = await _may_see(kind, row, actor)
        if allowed[asked]:
            shown.append((row, kind))
    noted = await deliveries.of_documents([row.id for row, _ in shown])
    acting: dict[tuple[str, str, UUID], bool] = {}
    for row, kind in shown:
        asked = (row.kind, row.record_kind, row.record)
        if asked not in acting:
            acting[asked] = await _may_act(kind, row, actor)
    return [
        _line(
            row,
            kind,
            noted.get(row.id, []),
            actor,
            looking=not acting[row.kind, row.record_kind, row.record],
        )
        for row, kind in shown
    ]


async def _may_act(kind: DocumentKind, row: IssuedDocument, actor: Actor) -> bool:
    return kind.may_act is None or await kind.may_act(actor, row.record_kind, row.record)


async def _may_see(kind: DocumentKind, row: IssuedDocument, actor: Actor) -> bool:
    try:
        await permit(kind, kind.see, row.record_kind, row.record, actor=actor)
    except NotFoundError:
        return False
    return True


def _line(
    row: IssuedDocument, kind: DocumentKind, noted: Sequence[Noted], actor: Actor, *, looking: bool
) -> DocumentLine:
    standing = row.voided_at is None and not looking
    return DocumentLine(
        id=row.id,
        kind=kind,
        title=Message(row.title) if row.title else kind.label,
        label=row.label,
        issued_at=row.issued_at,
        voided_at=row.voided_at,
        void_reason=Message.load(reasons.opened(row, row.void_reason, "issued_document", row.id)),
        delivery=next((one for one in noted if not one.voided), None),
        may_void=standing and kind.may(kind.void, actor),
        may_deliver=standing
        and kind.receipt
        and not kind.delivery_page
        and kind.may(kind.issue, actor),
        looking=looking,
    )
