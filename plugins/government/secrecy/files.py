"""Files of an item: scans, evidence, records of interviews; encrypted before they reach the store.

Pictures are painted anew, a PDF is kept as it came and only ever handed out as a download. The store
and every backup hold ciphertext; the file's name is encrypted too.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.attachments import services as attachments
from core.attachments.headers import JPEG, PDF, PNG, WEBP, kind
from core.attachments.images import MAX_BYTES, FileRefusedError, Prepared, prepare
from core.attachments.tables import Attachment
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.matters import access
from plugins.government.matters.tables import Contact
from plugins.government.rights import READ
from plugins.government.secrecy.tables import SealedFile

RECORD = "government_file"
SCAN, EVIDENCE, INTERVIEW, ANSWER = "scan", "evidence", "interview", "answer"
KINDS: dict[str, Message] = {
    SCAN: N_("Scan of a letter"),
    EVIDENCE: N_("Evidence handed in"),
    INTERVIEW: N_("Record of an interview"),
    ANSWER: N_("Paper of a unit"),
}
MAX_FILE = 4 * MAX_BYTES  # a letter of two hundred pages, scanned
_ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf"}
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """A file that was looked at and may be kept."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file as its item's page lists it; `name` is opened for a reader who may see the item."""

    id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str

    @property
    def kind_label(self) -> Message:
        """What it is, in words."""
        return KINDS[self.kind]

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it in the page."""
        return self.media_type != PDF

    @property
    def download_name(self) -> str:
        """A file name that says nothing of the item."""
        return f"file-{str(self.id)[:8]}.{_ENDINGS[self.media_type]}"


async def prepared(data: bytes) -> Safe:
    """Look at an uploaded file and make it safe; FileRefusedError. Do it before the transaction."""
    if kind(data) == PDF:
        if len(data) > MAX_FILE:
            raise FileRefusedError("too_many_bytes", limit=MAX_FILE // 1024 // 1024)
        if b"%%EOF" not in data[-2048:]:
            raise FileRefusedError("truncated")
        return Safe(data=data, media_type=PDF)
    made = await asyncio.to_thread(prepare, data)
    return Safe(data=made.data, media_type=made.media_type)


async def attach(
    safe: Safe,
    *,
    kind: str,
    name: str,
    actor: Actor,
    at: datetime,
    matter_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> UUID:
    """Keep a file of an item, or of a contact that becomes one; joins the caller's transaction.

    Who asks must see the item. A contact's files follow it into the item it is joined to.
    """
    if kind not in KINDS or (matter_id is None and contact_id is None):
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    file_id = uuid4()
    locked = sealing.seal_file(safe.data, RECORD, file_id)
    async with db.writing():
        await _require(matter_id, contact_id, actor, at, acting=True)
        kept = await attachments.attach(
            Prepared(
                sha256=hashlib.sha256(locked).hexdigest(),
                media_type="application/octet-stream",
                data=locked,
                width=0,
                height=0,
            ),
            record_kind=RECORD,
            record_id=file_id,
            actor=actor,
            at=at,
        )
        await SealedFile.insert(
            SealedFile(
                id=file_id,
                matter=matter_id,
                contact=contact_id,
                kind=kind,
                name_cipher=sealing.seal(
                    name.strip()[:_LONGEST_NAME], RECORD, "name_cipher", file_id
                ),
                media_type=safe.media_type,
                size=len(safe.data),
                attachment=kept.id,
                added_at=at,
                added_by_name=actor.name,
            )
        )
        await record(actor, "government.file_add", RECORD, file_id, at=at, after={"kind": kind})
    return file_id


async def _require(
    matter_id: UUID | None,
    contact_id: UUID | None,
    actor: Actor,
    at: datetime,
    *,
    acting: bool = False,
) -> None:
    if matter_id is None and contact_id is not None:
        found = await Contact.select(Contact.matter, Contact.site).where(Contact.id == contact_id)
        if not found:
            raise NotFoundError
        matter_id = found[0]["matter"]
        if matter_id is None:
            if actor.kind != "system" and not actor.may_at(READ, found[0]["site"]):
                raise NotFoundError
            return
    if matter_id is None:
        raise NotFoundError
    ask = access.require_act if acting else access.require
    await ask(matter_id, actor, at)


_SELECT = (
    "SELECT f.id, f.kind, f.name_cipher, f.media_type, f.size, f.attachment, f.added_at,"
    " f.added_by_name FROM government_file f LEFT JOIN government_contact c ON c.id = f.contact"
)


async def of_matter(matter_id: UUID, actor: Actor, at: datetime) -> list[FileLine]:
    """Return the files of an item and of its contacts, the first first."""
    await access.require(matter_id, actor, at)
    return await _lines("(f.matter = {} OR c.matter = {})", [matter_id, matter_id])


async def of_contact(contact_id: UUID, actor: Actor, at: datetime) -> list[FileLine]:
    """Return the files that came with one contact."""
    await _require(None, contact_id, actor, at)
    return await _lines("f.contact = {}", [contact_id])


async def _lines(condition: str, args: Sequence[object]) -> list[FileLine]:
    rows = await db.fetch(
        f"{_SELECT} WHERE f.erased_at IS NULL AND {condition} ORDER BY f.added_at, f.id", *args
    )
    return [_line(row) for row in rows]


def _line(row: db.Row) -> FileLine:
    return FileLine(
        id=row["id"],
        kind=row["kind"],
        name=sealing.unseal(row["name_cipher"], RECORD, "name_cipher", row["id"]),
        media_type=row["media_type"],
        size=row["size"],
        added_at=row["added_at"],
        added_by=row["added_by_name"],
    )


async def open_file(file_id: UUID, actor: Actor, at: datetime) -> tuple[FileLine, bytes]:
    """Return a file in the clear; NotFoundError for whom its item does not exist.

    One statement, whether there is such a file or the reader may not know of it.
    """
    seen, args = await access.seen_by(actor, at)
    sites, more = access.within(actor, READ, "c.site")
    rows = await db.fetch(
        f"{_SELECT} LEFT JOIN government_matter m ON m.id = coalesce(f.matter, c.matter)"
        f" WHERE f.erased_at IS NULL AND f.id = {{}} AND ((m.id IS NOT NULL AND {seen})"
        f" OR (m.id IS NULL AND {sites}))",
        file_id,
        *args,
        *more,
    )
    if not rows:
        raise NotFoundError
    _, locked = await attachments.open_attachment(rows[0]["attachment"])
    return _line(rows[0]), sealing.unseal_file(locked, RECORD, file_id)


async def erase_of(matter_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Erase the files of an item and of its contacts, as retention asks; return how many."""
    return await _erase("(f.matter = {} OR c.matter = {})", [matter_id, matter_id], actor, at)


async def erase_of_contact(contact_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Erase the files that came with one contact; return how many."""
    return await _erase("f.contact = {}", [contact_id], actor, at)


async def _erase(condition: str, args: Sequence[object], actor: Actor, at: datetime) -> int:
    async with db.writing():
        rows = await db.fetch(
            "SELECT f.id, f.attachment FROM government_file f LEFT JOIN government_contact c"
            f" ON c.id = f.contact WHERE f.erased_at IS NULL AND {condition}",
            *args,
        )
        for row in rows:
            if await Attachment.exists().where(
                Attachment.id == row["attachment"], Attachment.erased_at.is_null()
            ):
                await attachments.erase(row["attachment"], actor=actor, at=at)
            await SealedFile.update({SealedFile.erased_at: at, SealedFile.name_cipher: ""}).where(
                SealedFile.id == row["id"]
            )
    return len(rows)
