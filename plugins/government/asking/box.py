"""The opinions box (意见箱): notes about the office itself, read and answered for by the office."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.asking.tables import BoxNote
from plugins.government.rights import HANDLE

TABLE = "government_box_note"
_READER = Actor(kind="link", name="public")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note, opened."""

    id: UUID
    at: datetime
    text: str
    contact: str
    done: str
    done_at: datetime | None
    done_by: str


async def put_in(site_id: UUID, *, text: str, contact: str, at: datetime) -> None:
    """Put a note into a room's box."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        found = uuid4()
        await BoxNote.insert(
            BoxNote(
                id=found,
                site=site_id,
                text_cipher=sealing.seal(text.strip(), TABLE, "text_cipher", found),
                contact_cipher=sealing.seal(contact.strip(), TABLE, "contact_cipher", found),
                at=at,
            )
        )
        await record(_READER, "government.box_put", TABLE, found, at=at)


def _sites(actor: Actor) -> tuple[str, list[UUID]]:
    sites = actor.sites_with(HANDLE)
    if sites is None:
        return "1 = 1", []
    if not sites:
        raise NotFoundError
    return f"site IN ({', '.join('{}' for _ in sites)})", sorted(sites)


async def notes(actor: Actor, *, page: int = 1, size: int = 50) -> tuple[list[Note], int]:
    """Return one page of the notes, those still open first, then the newest."""
    where, args = _sites(actor)
    count = await db.fetch(f"SELECT count(*) AS n FROM government_box_note WHERE {where}", *args)
    rows = await db.fetch(
        f"SELECT * FROM government_box_note WHERE {where}"
        " ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, at DESC, id LIMIT {} OFFSET {}",
        *args,
        size,
        (page - 1) * size,
    )

    def opened(row: db.Row, name: str) -> str:
        return sealing.unseal(row[name], TABLE, name, row["id"])

    return [
        Note(
            id=row["id"],
            at=row["at"],
            text=opened(row, "text_cipher"),
            contact=opened(row, "contact_cipher"),
            done=opened(row, "done_cipher"),
            done_at=row["done_at"],
            done_by=row["done_by_name"],
        )
        for row in rows
    ], count[0]["n"]


async def open_count(actor: Actor) -> int:
    """Return how many notes nobody has dealt with."""
    where, args = _sites(actor)
    rows = await db.fetch(
        f"SELECT count(*) AS n FROM government_box_note WHERE {where} AND done_at IS NULL", *args
    )
    return int(rows[0]["n"])


async def settle(note_id: UUID, *, done: str, actor: Actor, at: datetime) -> None:
    """Keep what was done about a note."""
    if not done.strip():
        raise InvalidInputError({"done": N_("Say what was done.")})
    async with db.writing():
        row = await BoxNote.objects().get(BoxNote.id == note_id)
        if row is None or not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        row.done_cipher = sealing.seal(done.strip(), TABLE, "done_cipher", row.id)
        row.done_at, row.done_by_name = at, actor.name
        await row.save()
        await record(actor, "government.box_settle", TABLE, row.id, at=at)
