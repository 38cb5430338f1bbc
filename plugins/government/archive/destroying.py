"""The yearly list of what is destroyed: made by one person, carried out by a second (GOV-35, GOV-48).

On it are files whose keeping time is over and letters after a visit that were put aside before this
year. A legal hold keeps an item off the list and stops a list it is on.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db, settings
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.archive import forgetting, policies, seeing
from plugins.government.archive.facts import DONE, GONE, KINDS, PROPOSED, REFUSED
from plugins.government.archive.holding import ITEM_HELD, WRITER_HELD
from plugins.government.archive.rights import DESTROY
from plugins.government.archive.tables import CaseFile, Destruction, DestructionEntry
from plugins.government.intake import queries as intake
from plugins.government.intake.after_visit import IDLE, WHY_IDLE
from plugins.government.intake.tables import AfterVisitLetter
from plugins.government.matters import access, states, timeline
from plugins.government.matters import services as matters
from plugins.government.papers import services as papers

RECORD = seeing.DESTRUCTION
MOST = 400  # what one printed list holds; the rest is due again next year


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
    if not method.strip():
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
                method=method.strip()[:200],
                proposed_at=at,
                proposed_by=actor.id,
                proposed_by_name=actor.name,
            )
        )
        for one in found:
            await DestructionEntry.insert(
                DestructionEntry(None, id=uuid4(), destruction=list_id, **one)
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


async def entries(list_id: UUID) -> list[DestructionEntry]:
    """Return what is on a list; the caller has judged who asks."""
    return (
        await DestructionEntry.objects()
        .where(DestructionEntry.destruction == list_id)
        .order_by(DestructionEntry.number)
    )


async def lists(site_id: UUID, actor: Actor, at: datetime) -> list[Destruction]:
    """Return the lists that somebody may see as a whole, the latest first."""
    rows = (
        await Destruction.objects()
        .where(Destruction.site == site_id)
        .order_by(Destruction.proposed_at, ascending=False)
        .limit(30)
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


async def confirm(list_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Destroy what is on a list, as the second person; the printed list is kept as the record."""
    async with db.writing():
        row = await _take(list_id, actor, at)
        found = await entries(list_id)
        if await _held(list_id):
            raise WrongStateError(
                N_("Something on the list is under a legal hold now. Refuse it and make another.")
            )
        for entry in found:
            if entry.matter is not None:
                await _destroy_item(entry.matter, row.year, actor, at)
            else:
                await _destroy_letter(entry.letter, list_id, actor, at)
        document = await papers.take_list(
            "destruction_list",
            _printed(row, found, actor, at),
            record_kind=RECORD,
            record_id=list_id,
            actor=actor,
            at=at,
        )
        row.document = document.id
        await _decide(row, DONE, actor, at)


async def _held(list_id: UUID) -> bool:
    rows = await db.fetch(
        "SELECT count(*) AS n FROM government_destruction_entry e"
        " LEFT JOIN government_after_visit_letter l ON l.id = e.letter"
        " LEFT JOIN government_contact c ON c.id = l.contact"
        " LEFT JOIN government_matter m ON m.id = coalesce(e.matter, c.matter)"
        f" WHERE e.destruction = {{}} AND ((m.id IS NOT NULL AND {ITEM_HELD})"
        f" OR (c.id IS NOT NULL AND {WRITER_HELD}))",
        list_id,
    )
    return bool(rows[0]["n"])


async def _destroy_item(matter_id: UUID, year: int, actor: Actor, at: datetime) -> None:
    row = await matters.take(matter_id, actor, at)
    await matters.move(row, "destroy", actor=actor, at=at, year=year)
    await forgetting.item(matter_id, actor=actor, at=at)
    await CaseFile.update({CaseFile.state: GONE}).where(CaseFile.matter == matter_id)
    await timeline.note(
        matter_id,
        "destroy",
        N_("Destroyed by the list of {year}", year=year),
        actor=actor,
        at=at,
        shown_to=timeline.OFFICE,
    )


async def _destroy_letter(letter_id: UUID, list_id: UUID, actor: Actor, at: datetime) -> None:
    values: dict[Any, Any] = {
        AfterVisitLetter.destroyed_at: at,
        AfterVisitLetter.destruction: list_id,
    }
    await AfterVisitLetter.update(values).where(AfterVisitLetter.id == letter_id)
    row = await AfterVisitLetter.objects().get(AfterVisitLetter.id == letter_id)
    if row is not None:
        await forgetting.letter(row.contact, actor=actor, at=at)


def _printed(
    row: Destruction, found: Sequence[DestructionEntry], actor: Actor, at: datetime
) -> dict[str, Any]:
    return {
        "year": str(row.year),
        "approved_on": _zh_day(site_time(at).date()),
        "method": row.method,
        "destroyed_by": f"{row.proposed_by_name}、{actor.name}",
        "rows": [_row(one) for one in found],
    }


def _row(entry: DestructionEntry) -> tuple[str, ...]:
    if entry.matter is not None:
        kind = KINDS[entry.why].translate("zh_Hans")
        return (
            entry.number, entry.day.isoformat(), kind, "已归档信访件", str(entry.pages), "保管期满",
        )  # fmt: skip
    why = WHY_IDLE[entry.why].translate("zh_Hans") if entry.why in WHY_IDLE else ""
    return (entry.number, entry.day.isoformat(), "访后来信", why, "1", "存放备销")


def _zh_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


async def _decide(row: Destruction, state: str, actor: Actor, at: datetime) -> None:
    row.state, row.decided_at = state, at
    row.decided_by, row.decided_by_name = actor.id, actor.name
    await row.save()
    shown = {"year": row.year, "count": row.total, "state": state}
    await record(actor, "government.destruction_decide", RECORD, row.id, at=at, after=shown)
