"""The yearly list of what is destroyed: made by one person, agreed to by a second (GOV-35, GOV-48).

On it are files whose keeping time is over and letters after a visit that were put aside before this
year. A legal hold keeps an item off the list and stops a list it is on. `carrying.py` destroys.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db, settings
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from core.text import TextError, clean_line
from plugins.government.archive import carrying, policies, seeing
from plugins.government.archive.facts import AGREED, GONE, PROPOSED, REFUSED
from plugins.government.archive.holding import ITEM_HELD, WRITER_HELD
from plugins.government.archive.rights import DESTROY
from plugins.government.archive.tables import Destruction, DestructionEntry
from plugins.government.intake import queries as intake
from plugins.government.intake.after_visit import IDLE
from plugins.government.matters import access, states

RECORD = seeing.DESTRUCTION
MOST = 10_000  # what one list holds; the rest is due again next year
PAGE = 50
_AT_A_TIME = 100  # rows of one INSERT


async def due(site_id: UUID, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Return what may go: letters put aside before this year, then files, the longest over first."""
    found = [*await _letters(site_id, actor, at), *await _files(site_id, actor, at)]
    return found[:MOST]


async def _files(site_id: UUID, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    seen, args = await access.seen_by(actor, at)
    rows = await db.fetch(
        "SELECT f.matter, f.number, f.kind, f.pages, f.filed_at, f.keep_until"
        " FROM government_case_file f JOIN government_matter m ON m.id = f.matter"
        " WHERE f.site = {} AND f.keep_until < {} AND f.state <> {} AND m.stage = {}"
        f" AND {seen} AND NOT {ITEM_HELD} ORDER BY f.keep_until, f.number LIMIT {{}}",
        site_id,
        site_time(at).date(),
        GONE,
        states.ARCHIVED,
        *args,
        MOST,
    )
    return [
        {
            "matter": row["matter"],
            "letter": None,
            "number": row["number"],
            "day": site_time(row["filed_at"]).date(),
            "pages": row["pages"],
            "why": row["kind"],
        }
        for row in rows
    ]


async def _letters(site_id: UUID, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    seen, args = await intake.visible(actor, at)
    year = datetime(site_time(at).year, 1, 1, tzinfo=settings.load().zone)
    rows = await db.fetch(
        "SELECT l.id, l.why_idle, c.number, c.day FROM government_after_visit_letter l"
        " JOIN government_contact c ON c.id = l.contact"
        " LEFT JOIN government_matter m ON m.id = c.matter"
        " WHERE c.site = {} AND l.disposition = {} AND l.destroyed_at IS NULL"
        f" AND l.decided_at < {{}} AND {seen} AND NOT {WRITER_HELD}"
        f" AND NOT (m.id IS NOT NULL AND {ITEM_HELD}) ORDER BY c.day, c.number LIMIT {{}}",
        site_id,
        IDLE,
        year,
        *args,
        MOST,
    )
    return [
        {
            "matter": None,
            "letter": row["id"],
            "number": row["number"],
            "day": row["day"],
            "pages": 1,
            "why": row["why_idle"],
        }
        for row in rows
    ]


async def propose(site_id: UUID, *, method: str, actor: Actor, at: datetime) -> UUID:
    """Make the list of this year from what is due; one that was agreed to is made once a year."""
    if not actor.may_at(DESTROY, site_id):
        raise NotFoundError
    try:
        said = clean_line(method, 200)
    except TextError as error:
        raise InvalidInputError({"method": error.message}) from error
    if not said:
        raise InvalidInputError({"method": N_("Say how it will be destroyed.")})
    year = site_time(at).year
    async with db.writing():
        if await Destruction.exists().where(
            Destruction.site == site_id, Destruction.year == year, Destruction.state != REFUSED
        ):
            raise WrongStateError(N_("There is a destruction list for this year already."))
        found = await due(site_id, actor, at)
        if not found:
            raise WrongStateError(N_("Nothing is due for destruction."))
        list_id = uuid4()
        await Destruction.insert(
            Destruction(
                id=list_id,
                site=site_id,
                year=year,
                state=PROPOSED,
                total=len(found),
                method=said,
                proposed_at=at,
                proposed_by=actor.id,
                proposed_by_name=actor.name,
            )
        )
        for start in range(0, len(found), _AT_A_TIME):
            await DestructionEntry.insert(
                *(
                    DestructionEntry(None, id=uuid4(), destruction=list_id, **one)
                    for one in found[start : start + _AT_A_TIME]
                )
            )
        shown = {"year": year, "count": len(found)}
        await record(actor, "government.destruction_propose", RECORD, list_id, at=at, after=shown)
    return list_id


async def one(list_id: UUID, actor: Actor, at: datetime) -> Destruction:
    """Return a list; NotFoundError for whom something on it does not exist."""
    row = await Destruction.objects().get(Destruction.id == list_id)
    if row is None or not actor.may_at(DESTROY, row.site):
        raise NotFoundError
    if not await seeing.whole_destruction(list_id, actor, at):
        raise NotFoundError
    return row


async def entries(list_id: UUID, *, page: int = 1) -> list[DestructionEntry]:
    """Return one page of what is on a list; the caller has judged who asks."""
    return (
        await DestructionEntry.objects()
        .where(DestructionEntry.destruction == list_id)
        .order_by(DestructionEntry.number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )


async def lists(site_id: UUID, actor: Actor, at: datetime) -> list[Destruction]:
    """Return the lists that somebody may see as a whole, the latest first."""
    rows = (
        await Destruction.objects()
        .where(Destruction.site == site_id)
        .order_by(Destruction.proposed_at, ascending=False)
    )
    return [row for row in rows if await seeing.whole_destruction(row.id, actor, at)]


async def _take(list_id: UUID, actor: Actor, at: datetime) -> Destruction:
    await db.fetch("SELECT id FROM government_destruction WHERE id = {} FOR UPDATE", list_id)
    row = await one(list_id, actor, at)
    if row.state != PROPOSED:
        raise WrongStateError(N_("This list was decided on already."))
    if policies.same_person(row.proposed_by, actor.id):
        raise WrongStateError(N_("Another person than the one who made the list must decide."))
    return row


async def refuse(list_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Not agree to a list: everything is kept, another one may be made."""
    async with db.writing():
        row = await _take(list_id, actor, at)
        await _decide(row, REFUSED, actor, at)


async def confirm(
    list_id: UUID, *, actor: Actor, at: datetime, most: int = carrying.AT_ONCE
) -> bool:
    """Agree to a list as the second person and destroy as many as `most`; return whether all is gone."""
    async with db.writing():
        row = await _take(list_id, actor, at)
        if await _held(list_id):
            raise WrongStateError(
                N_("Something on the list is under a legal hold now. Refuse it and make another.")
            )
        await _decide(row, AGREED, actor, at)
    return await carrying.carry_on(list_id, at=at, most=most)


async def _held(list_id: UUID) -> bool:
    rows = await db.fetch(
        f"SELECT count(*) AS n{carrying.ENTRIES} WHERE e.destruction = {{}} AND {carrying.HELD}",
        list_id,
    )
    return bool(rows[0]["n"])


async def _decide(row: Destruction, state: str, actor: Actor, at: datetime) -> None:
    row.state, row.decided_at = state, at
    row.decided_by, row.decided_by_name = actor.id, actor.name
    await row.save()
    shown = {"year": row.year, "count": row.total, "state": state}
    await record(actor, "government.destruction_decide", RECORD, row.id, at=at, after=shown)
