"""One reception day: delegated, moved, cancelled, with the heads of units concerned (GOV-46)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import accounts_of
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from core.text import TextError, clean_line
from plugins.government.reception import booking, queries, telling
from plugins.government.reception.facts import CANCELLED, PLANNED
from plugins.government.reception.services import RECORD, require
from plugins.government.reception.tables import ReceptionDay, ReceptionSection
from plugins.government.units import queries as units

_NOTE = 200


async def _take(day_id: UUID, actor: Actor, *, leaders_too: bool = False) -> ReceptionDay:
    await db.fetch("SELECT id FROM government_reception_day WHERE id = {} FOR UPDATE", day_id)
    row = await ReceptionDay.objects().get(ReceptionDay.id == day_id)
    if row is None:
        raise NotFoundError
    if not (leaders_too and actor.id is not None and row.leader == actor.id):
        require(actor, row.site)
    if row.state != PLANNED:
        raise WrongStateError(N_("This reception day does not take place."))
    return row


async def delegate(day_id: UUID, user_id: UUID, *, post: str, actor: Actor, at: datetime) -> None:
    """Let somebody else receive on a day; its leader may say so, or who plans the rota."""
    async with db.writing():
        row = await _take(day_id, actor, leaders_too=True)
        found = await accounts_of([user_id])
        before = row.delegate
        if not found or user_id in ({before} if before else {row.leader}):
            raise InvalidInputError({"user": N_("Please choose somebody else.")})
        shown = {"delegate": user_id}
        if user_id == row.leader:  # the leader receives after all
            row.delegate, row.delegate_name, row.delegate_post = None, "", ""
        else:
            row.delegate, row.delegate_name, row.delegate_post = user_id, found[0].name, post
        await row.save()
        await record(actor, "government.reception_delegate", RECORD, row.id, at=at, after=shown)
        url = f"/government/reception/{row.id}"
        if before is not None:
            gone = N_("You do not receive petitioners on {day} any more.", day=row.day.isoformat())
            await telling.tell([before], f"back/{row.id}/{at.timestamp():.0f}", gone, at=at)
        text = N_(
            "You receive petitioners on {day}, for {name}.",
            day=row.day.isoformat(),
            name=row.leader_name,
        )
        if user_id != row.leader:
            await telling.tell(
                [user_id], f"delegate/{row.id}/{at.timestamp():.0f}", text, at=at, url=url
            )


async def cancel(day_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let a reception day not take place; the reason is read by the public."""
    try:
        said = clean_line(reason, _NOTE)
    except TextError as error:
        raise InvalidInputError({"note": error.message}) from error
    if not said:
        raise InvalidInputError({"note": N_("Say why.")})
    async with db.writing():
        row = await _take(day_id, actor)
        row.state, row.note = CANCELLED, said
        await row.save()
        await record(actor, "government.reception_cancel", RECORD, row.id, at=at)
        text = N_(
            "The reception of petitioners on {day} does not take place: {why}",
            day=row.day.isoformat(),
            why=row.note,
        )
        line = await queries.public_day(row.id)
        await telling.tell_all(line, f"cancel/{at.timestamp():.0f}", text, at=at)


async def reinstate(day_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Let a cancelled day take place after all; its bookings stand again."""
    async with db.writing():
        await db.fetch("SELECT id FROM government_reception_day WHERE id = {} FOR UPDATE", day_id)
        row = await ReceptionDay.objects().get(ReceptionDay.id == day_id)
        if row is None:
            raise NotFoundError
        require(actor, row.site)
        if row.state != CANCELLED or row.day < site_time(at).date():
            raise WrongStateError(N_("This reception day is over."))
        if await _taken(row.site, row.day):
            raise WrongStateError(N_("There is a reception on this day already."))
        row.state, row.note = PLANNED, ""
        await row.save()
        await record(actor, "government.reception_reinstate", RECORD, row.id, at=at)
        text = N_(
            "The reception of petitioners on {day} takes place after all.", day=row.day.isoformat()
        )
        after = await queries.public_day(row.id)
        await telling.tell_all(after, f"again/{at.timestamp():.0f}", text, at=at)


async def change(
    day_id: UUID,
    *,
    day: date | None,
    place: str,
    begins: str,
    ends: str,
    slots: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Change when, where and how long a leader receives, and how many may book."""
    problems: dict[str, Message] = {}
    if not begins or not ends or begins >= ends:
        problems["ends"] = N_("It ends before it begins.")
    async with db.writing():
        row = await _take(day_id, actor)
        line = await queries.public_day(day_id)
        if not max(1, line.booked) <= slots <= 100:
            problems["slots"] = N_(
                "Type a number from {least} to {most}.", least=max(1, line.booked), most=100
            )
        if day is None or day < site_time(at).date():
            problems["day"] = N_("Choose today or a later day.")
        elif day != row.day and await _taken(row.site, day):
            problems["day"] = N_("There is a reception on this day already.")
        if problems or day is None:
            raise InvalidInputError(problems)
        before = (row.day, row.begins, row.ends, row.place)
        row.moved_from = row.monday if day != row.monday else None
        row.day, row.begins, row.ends, row.slots = day, begins, ends, slots
        row.place = place[:200]
        await row.save()
        shown = {"day": day, "begins": begins, "ends": ends, "slots": slots}
        await record(actor, "government.reception_change", RECORD, row.id, at=at, after=shown)
        await booking.prolong(row.id, day, at=at)
        if before != (row.day, row.begins, row.ends, row.place):
            text = N_(
                "The reception of {before} is changed: {day}, {begins}-{ends}. {place}",
                before=before[0].isoformat(),
                day=day.isoformat(),
                begins=begins,
                ends=ends,
                place=row.place,
            )
            after = await queries.public_day(row.id)
            await telling.tell_all(after, f"change/{at.timestamp():.0f}", text, at=at)


async def _taken(site_id: UUID, day: date) -> bool:
    return await ReceptionDay.exists().where(
        ReceptionDay.site == site_id, ReceptionDay.day == day, ReceptionDay.state == PLANNED
    )


async def add_section(day_id: UUID, unit_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Have the head of a unit concerned be there; they are told."""
    async with db.writing():
        row = await _take(day_id, actor)
        unit = await units.unit(unit_id)
        if unit.site_id != row.site:
            raise NotFoundError
        known = await ReceptionSection.exists().where(
            ReceptionSection.day == day_id, ReceptionSection.unit == unit_id
        )
        if known:
            return
        await ReceptionSection.insert(
            ReceptionSection(
                id=uuid4(), day=day_id, unit=unit_id, added_at=at, added_by_name=actor.name
            )
        )
        shown = {"unit": unit_id}
        await record(actor, "government.reception_section", RECORD, row.id, at=at, after=shown)
        text = N_(
            "You are asked to be there on {day} from {begins}: {leader} receives petitioners. {place}",
            day=row.day.isoformat(),
            begins=row.begins,
            leader=row.delegate_name or row.leader_name,
            place=row.place,
        )
        heads = [one[0] for one in await units.staff(unit_id, head=True)]
        await telling.tell(heads, f"section/{row.id}/{at.timestamp():.0f}", text, at=at)


async def drop_section(day_id: UUID, unit_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Let a unit's head not be there after all."""
    async with db.writing():
        row = await _take(day_id, actor)
        await ReceptionSection.delete().where(
            ReceptionSection.day == day_id, ReceptionSection.unit == unit_id
        )
        shown = {"unit": unit_id}
        await record(
            actor, "government.reception_section_drop", RECORD, row.id, at=at, before=shown
        )
        text = N_("You need not be there on {day} any more.", day=row.day.isoformat())
        heads = [one[0] for one in await units.staff(unit_id, head=True)]
        await telling.tell(heads, f"drop/{row.id}/{at.timestamp():.0f}", text, at=at)
