"""Letters by batch: opened on the day they came, envelope and stamp noted, numbered, scanned (GOV-4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import next_number, number_label
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government.intake import desk, policies, queries, scans
from plugins.government.intake.desk import Done, Screened
from plugins.government.intake.facts import Reception
from plugins.government.intake.tables import Letter, LetterBatch
from plugins.government.rights import REGISTER
from plugins.government.secrecy.files import Safe

RECORD = "government_letter_batch"
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNotes:
    """What is noted of a letter beside its text."""

    envelope: str = "whole"
    stamp: str = "whole"
    pages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch with how many of its letters are entered, as far as the reader may see them.

    `late`: not opened on the day they came.
    """

    id: UUID
    site_id: UUID
    number: str
    received_on: date
    opened_at: datetime
    pieces: int
    entered: int
    carrier: str
    by: str
    late: bool


async def open_batch(
    *,
    site_id: UUID,
    received_on: date,
    pieces: int,
    carrier: str,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Note that the letters of a delivery were opened; return the batch."""
    if not actor.may_at(REGISTER, site_id):
        raise NotFoundError
    today = site_time(at).date()
    if received_on > today:
        raise InvalidInputError({"received_on": N_("This day is still to come.")})
    async with db.writing():
        batch = LetterBatch(
            id=uuid4(),
            site=site_id,
            number=number_label(today.year, await next_number(RECORD, today.year)),
            received_on=received_on,
            opened_at=at,
            pieces=pieces,
            carrier=carrier,
            created_by=actor.id,
            created_by_name=actor.name,
        )
        await LetterBatch.insert(batch)
        shown = {"number": batch.number, "pieces": pieces, "received_on": received_on}
        await record(actor, "government.letters_open", RECORD, batch.id, at=at, after=shown)
    return batch.id


async def enter(
    batch_id: UUID,
    new: Reception,
    screened: Screened,
    notes: LetterNotes,
    pictures: Sequence[Safe],
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Done:
    """Enter a letter of a batch as an item or to one, with its scans."""
    line = await batch(batch_id, actor, at)
    if line.site_id != new.site_id:
        raise NotFoundError
    async with db.writing():
        letter = replace(new, received_on=line.received_on)
        done = await desk.receive(letter, screened, actor=actor, at=at, plugins=plugins)
        contact_id = done.received.contact_id
        await Letter.insert(
            Letter(
                id=uuid4(),
                contact=contact_id,
                batch=batch_id,
                envelope=notes.envelope,
                stamp=notes.stamp,
                pages=notes.pages,
            )
        )
        await scans.keep(contact_id, pictures, actor=actor, at=at)
    return done


async def _select(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    """Return the statement of batches; it counts the letters that the reader may see."""
    seen, args = await queries.visible(actor, at)
    return (
        "SELECT b.*, (SELECT count(*) FROM government_letter l JOIN government_contact c"
        " ON c.id = l.contact LEFT JOIN government_matter m ON m.id = c.matter"
        f" WHERE l.batch = b.id AND {seen}) AS entered FROM government_letter_batch b"
    ), args


def _line(row: db.Row) -> BatchLine:
    return BatchLine(
        id=row["id"],
        site_id=row["site"],
        number=row["number"],
        received_on=row["received_on"],
        opened_at=row["opened_at"],
        pieces=row["pieces"],
        entered=row["entered"],
        carrier=row["carrier"],
        by=row["created_by_name"],
        late=policies.opened_late(row["received_on"], site_time(row["opened_at"]).date()),
    )


async def batch(batch_id: UUID, actor: Actor, at: datetime) -> BatchLine:
    """Return a batch; NotFoundError where the actor keeps no desk."""
    select, args = await _select(actor, at)
    rows = await db.fetch(f"{select} WHERE b.id = {{}}", *args, batch_id)
    if not rows or not actor.may_at(REGISTER, rows[0]["site"]):
        raise NotFoundError
    return _line(rows[0])


async def batches(
    site_id: UUID, actor: Actor, at: datetime, *, page: int = 1
) -> tuple[list[BatchLine], int]:
    """Return a page of a reception room's batches, the latest first, and how many there are."""
    count = await db.fetch(
        "SELECT count(*) AS n FROM government_letter_batch WHERE site = {}", site_id
    )
    select, args = await _select(actor, at)
    rows = await db.fetch(
        f"{select} WHERE b.site = {{}} ORDER BY b.received_on DESC, b.number DESC"
        " LIMIT {} OFFSET {}",
        *args,
        site_id,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_line(row) for row in rows], count[0]["n"]


async def notes_of(contact_id: UUID) -> dict[str, Any] | None:
    """Return what is noted of a letter, with its batch; None for what is no letter."""
    rows = await db.fetch(
        "SELECT l.envelope, l.stamp, l.pages, b.id AS batch, b.number, b.received_on, b.opened_at"
        " FROM government_letter l JOIN government_letter_batch b ON b.id = l.batch"
        " WHERE l.contact = {}",
        contact_id,
    )
    return dict(rows[0]) if rows else None
