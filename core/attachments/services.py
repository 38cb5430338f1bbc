"""Attaching pictures to records, opening them, erasing them. Who may is decided by the caller.

A picture's bytes are stored before its row is committed, and removed only in a transaction that has
seen no row left that names them: neither a crash nor two people at once leave a row without bytes.
Bytes without a row, which a crash may leave, are removed by `sweep`.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TypeVar
from uuid import UUID, uuid4

from core import clock, db, settings
from core.attachments.images import Prepared, prepare, prepare_portrait
from core.attachments.store import DiskStore, Store
from core.attachments.tables import Attachment
from core.documents.tables import IssuedDocument
from core.documents.text import printable
from core.errors import NotFoundError
from core.log.services import record
from core.permissions import Actor

A = TypeVar("A")
T = TypeVar("T")
_LONGEST_NAME = 200
_WRITTEN_BY_NOW = timedelta(hours=1)  # nothing takes longer to be written

log = logging.getLogger(__name__)

# One picture at a time: a large one takes 300 MB while it is painted anew.
_painting = ThreadPoolExecutor(1, thread_name_prefix="pictures")
_files = ThreadPoolExecutor(2, thread_name_prefix="attachments")
_discarding: set[asyncio.Task[None]] = set()


def store() -> Store:
    """Return the store of this installation."""
    return DiskStore(settings.load().attachments_dir)


async def take(data: bytes, *, portrait: bool = False) -> Prepared:
    """Make an uploaded picture safe and keep its bytes; FileRefusedError with nothing kept.

    Done before the transaction that attaches it, as it takes up to a second. `portrait` keeps only
    what a badge and the gate need: 480 x 640 pixels.
    """
    made = await _on(_painting, prepare_portrait if portrait else prepare, data)
    await put(made.data)
    return made


async def attach(
    picture: Prepared,
    *,
    record_kind: str,
    record_id: UUID,
    actor: Actor,
    at: datetime,
    name: str = "",
) -> Attachment:
    """Add a picture that was taken to a record; joins the act's transaction if there is one."""
    row = Attachment(
        id=uuid4(),
        sha256=picture.sha256,
        media_type=picture.media_type,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        name=printable(PurePosixPath(name.replace("\\", "/")).name)[:_LONGEST_NAME],
        record_kind=record_kind,
        record=record_id,
        created_by=actor.id,
        created_at=at,
    )
    async with db.writing():
        await keep(picture.data, picture.sha256)
        await Attachment.insert(row)
        shown = {"sha256": row.sha256, "record_kind": record_kind, "record": record_id}
        await record(actor, "attachment.add", "attachment", row.id, at=at, after=shown)
    return row


async def open_attachment(attachment_id: UUID) -> tuple[Attachment, bytes]:
    """Return a row and its bytes; NotFoundError when erased, and what `Store.get` raises."""
    row = await Attachment.objects().get(Attachment.id == attachment_id)
    if row is None or row.erased_at is not None:
        raise NotFoundError
    return row, await read(row.sha256)


async def erase(attachment_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Erase an attachment; its bytes go after the commit unless another row needs them."""
    async with db.writing():
        row = await Attachment.objects().get(Attachment.id == attachment_id)
        if row is None or row.erased_at is not None:
            raise NotFoundError
        sha256 = row.sha256
        await Attachment.update({Attachment.erased_at: at, Attachment.name: ""}).where(
            Attachment.id == attachment_id
        )
        await record(actor, "attachment.erase", "attachment", attachment_id, at=at)
        discard_later(sha256)


async def keep(data: bytes, sha256: str) -> None:
    """Make sure, inside the transaction that will name them, that the bytes are there and stay."""
    await _claim(sha256)
    kept = store()
    if not await _on(_files, kept.exists, sha256):
        await _on(_files, kept.put, data)


async def put(data: bytes) -> str:
    """Keep bytes ahead of the transaction that will name them, and return their hash."""
    return await _on(_files, store().put, data)


async def read(sha256: str) -> bytes:
    """Return the bytes of a hash, proven by it."""
    return await _on(_files, store().get, sha256)


def discard_later(sha256: str) -> None:
    """Once this transaction is committed, remove the bytes unless a row still names them."""

    def start() -> None:
        task = asyncio.get_running_loop().create_task(_discard_logged(sha256))
        _discarding.add(task)
        task.add_done_callback(_discarding.discard)

    db.after_commit(start)


async def discard(sha256: str) -> bool:
    """Remove the bytes unless a row names them; say whether they went."""
    async with db.writing():
        await _claim(sha256)
        if await _is_named(sha256):
            return False
        await _on(_files, store().delete, sha256)
    return True


async def sweep() -> int:
    """Remove bytes that no row names, whole or half-written, as a crash may leave them.

    Return how many files went.
    """
    removed = await _on(_files, store().clear_unfinished, clock.now() - _WRITTEN_BY_NOW)
    for sha256 in await _on(_files, _all, store()):
        if not await _is_named(sha256):
            removed += await discard(sha256)
    return removed


async def settled() -> None:
    """Wait until what was erased is gone from the store; before closing the database."""
    while _discarding:
        await asyncio.gather(*_discarding, return_exceptions=True)


async def _discard_logged(sha256: str) -> None:
    try:
        await discard(sha256)
    except Exception:
        log.exception("erased bytes could not be removed; the next sweep tries again")


async def _is_named(sha256: str) -> bool:
    attached = await Attachment.exists().where(
        Attachment.sha256 == sha256, Attachment.erased_at.is_null()
    )
    return attached or await IssuedDocument.exists().where(IssuedDocument.sha256 == sha256)


def _all(kept: Store) -> list[str]:
    return list(kept.iterate())


async def _claim(sha256: str) -> None:
    """Hold this content until the transaction ends, against those who add or remove it."""
    if not db.is_sqlite():  # SQLite has one writer anyway
        number = int(sha256[:15], 16)
        await db.fetch("SELECT pg_advisory_xact_lock({})", number)


async def _on(pool: ThreadPoolExecutor, function: Callable[[A], T], argument: A) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, function, argument)
