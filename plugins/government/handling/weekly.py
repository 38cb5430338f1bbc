"""The week's list of letters to each unit, letters sent one by one, urgent ones owed until sent (GOV-25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.documents.numbering import number_label
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.facts import MATTER
from plugins.government.handling import papers, policies, queries, telling, undertaking
from plugins.government.handling.facts import KINDS, OWED, POSTED, REFUSED, SIGNING, TAKEN, Sent
from plugins.government.handling.queries import Letter
from plugins.government.handling.tables import Forwarding, WeeklyList
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.tables import Matter
from plugins.government.numbers import next_number
from plugins.government.rights import HANDLE, READ
from plugins.government.secrecy import policies as secrecy_policies
from plugins.government.secrecy import queries as secrecy
from plugins.government.secrecy.services import refuse_accused
from plugins.government.units import queries as units
from plugins.government.units.facts import UnitLine

RECORD = "government_weekly_list"
PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A unit's letters that wait for the week's list, and whether it has gone out already."""

    unit: UnitLine
    letters: tuple[Letter, ...]
    listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A weekly list as lists of them show it; `unanswered` items wait for the unit's result still."""

    id: UUID
    number: str
    unit_id: UUID
    unit: str
    week: date
    report_on: date
    sent_at: datetime
    sent_by: str
    items: int
    unanswered: int


async def _weeks(unit_id: UUID) -> list[date]:
    rows = await db.fetch("SELECT week FROM government_weekly_list WHERE unit = {}", unit_id)
    return [row["week"] for row in rows]


async def waiting(actor: Actor, at: datetime) -> list[Waiting]:
    """Return each unit to which letters wait, with the letters the reader may see."""
    today = site_time(at).date()
    letters = [
        one for one in await queries.letters_owed(actor, at, today) if await _may_go(one, at)
    ]
    by_unit: dict[UUID, list[Letter]] = {}
    for one in letters:
        by_unit.setdefault(one.sent.unit_id, []).append(one)
    return [
        Waiting(
            unit=unit,
            letters=tuple(by_unit[unit.id]),
            listed=policies.week_of(today) in await _weeks(unit.id),
        )
        for unit in await units.units(active_only=False)
        if unit.id in by_unit
    ]


async def _may_go(letter: Letter, at: datetime) -> bool:
    """Say whether a letter may still go to its unit: somebody may have been accused meanwhile."""
    handing = await secrecy.handing(letter.sent.matter_id, letter.sent.unit_id, at)
    return not isinstance(secrecy_policies.may_hand_to(handing), Deny)


async def send_list(unit_id: UUID, *, report_on: date | None, actor: Actor, at: datetime) -> UUID:
    """Send all letters that wait to a unit as one list, once a week; the unit reports back by a day."""
    today = site_time(at).date()
    if report_on is None or report_on <= today:
        raise InvalidInputError({"report_on": N_("Choose a day after today.")})
    async with db.writing():
        unit = await units.unit(unit_id)
        if actor.kind != "system" and not actor.may_at(HANDLE, unit.site_id):
            raise NotFoundError
        owed = await queries.letters_owed(actor, at, today)
        letters = [one for one in owed if one.sent.unit_id == unit_id and await _may_go(one, at)]
        decision = policies.may_list(await _weeks(unit_id), today, len(letters))
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        number = number_label(
            today.year, await next_number("government.weekly_list", today.year, at=at)
        )
        row = WeeklyList(
            id=uuid4(),
            number=number,
            site=unit.site_id,
            unit=unit_id,
            week=policies.week_of(today),
            report_on=report_on,
            sent_at=at,
            sent_by_name=actor.name,
        )
        await WeeklyList.insert(row)
        await record(
            actor,
            "government.weekly_list",
            RECORD,
            row.id,
            at=at,
            after={"unit": unit_id, "items": len(letters), "report_on": report_on.isoformat()},
        )
        found = [(one.sent, one.line) for one in letters]
        await papers.list_paper(row, unit, found, actor=actor, at=at)
        for one in letters:
            await _post(one.sent.id, today, weekly=row.id, actor=actor, at=at)
    return row.id


async def send_letter(matter_id: UUID, *, day: date, actor: Actor, at: datetime) -> None:
    """Note that the letter of an item went out by itself, as after an urgent call."""
    if day > site_time(at).date():
        raise InvalidInputError({"day": N_("This day has not come yet.")})
    async with db.writing():
        await matters.take(matter_id, actor, at)
        made = (
            await Forwarding.objects()
            .where(
                Forwarding.matter == matter_id,
                Forwarding.letter == OWED,
                Forwarding.state.not_in([SIGNING, REFUSED]),
            )
            .order_by(Forwarding.ordered_at)
            .first()
        )
        if made is None:
            raise WrongStateError(N_("No letter is owed here."))
        await refuse_accused(matter_id, made.unit, at)
        await _post(made.id, day, weekly=None, actor=actor, at=at)


async def _post(
    forwarding_id: UUID, day: date, *, weekly: UUID | None, actor: Actor, at: datetime
) -> None:
    made = await Forwarding.objects().get(Forwarding.id == forwarding_id)
    if made is None:
        raise NotFoundError
    made.letter, made.letter_on, made.letter_by_name = POSTED, day, actor.name
    made.weekly = weekly
    await made.save()
    matter = await Matter.objects().get(Matter.id == made.matter)
    if matter is None:
        raise NotFoundError
    unit = await units.unit(made.unit)
    await record(
        actor, "government.letter", MATTER, matter.id, at=at, after={"number": made.number}
    )
    await timeline.note(
        matter.id,
        "letter",
        N_("Letter of the {kind} sent to {unit}", kind=KINDS[made.kind], unit=unit.name),
        actor=actor,
        at=at,
    )
    if made.state == TAKEN or made.taken_at is None:
        await undertaking.begin_objection_time(matter, made, actor=actor, at=at)
    await telling.unit(matter, made.unit, f"letter:{made.id}", at=at)


async def lists(
    actor: Actor, at: datetime, *, unit_id: UUID | None = None, page: int = 1
) -> tuple[list[ListLine], int]:
    """Return one page of the weekly lists of the reader's rooms, the latest first, and how many.

    Each with the items they may see; `unit_id` keeps to those of one unit.
    """
    condition, values = access.within(actor, HANDLE, "w.site")
    args: list[object] = list(values)
    if unit_id is not None:
        condition, args = f"{condition} AND w.unit = {{}}", [*args, unit_id]
    seen, more = await access.seen_by(actor, at)
    count = await db.count(
        f"FROM government_weekly_list w WHERE {condition} AND EXISTS"
        " (SELECT 1 FROM government_forwarding f JOIN government_matter m ON m.id = f.matter"
        f" WHERE f.weekly = w.id AND {seen})",
        *args,
        *more,
    )
    found = await _lists(condition, args, PAGE, actor, at, offset=(page - 1) * PAGE)
    return found, count


async def lists_to(
    unit_ids: Sequence[UUID], actor: Actor, at: datetime, limit: int = 12
) -> list[ListLine]:
    """Return the weekly lists that went to units, the latest first."""
    if not unit_ids:
        return []
    return await _lists(f"w.unit IN ({access.places(unit_ids)})", unit_ids, limit, actor, at)


async def _lists(
    where: str,
    args: Sequence[object],
    limit: int,
    actor: Actor,
    at: datetime,
    *,
    offset: int = 0,
) -> list[ListLine]:
    seen, more = await access.seen_by(actor, at)
    latest = await db.fetch(
        f"SELECT w.id FROM government_weekly_list w WHERE {where} AND EXISTS (SELECT 1"
        " FROM government_forwarding f JOIN government_matter m ON m.id = f.matter"
        f" WHERE f.weekly = w.id AND {seen}) ORDER BY w.sent_at DESC, w.number DESC LIMIT {{}} OFFSET {{}}",
        *args,
        *more,
        limit,
        offset,
    )
    if not latest:
        return []
    rows = await db.fetch(
        "SELECT w.*, u.name AS unit_name, count(*) AS items,"
        " sum(CASE WHEN f.state IN ('sent', 'taken') THEN 1 ELSE 0 END) AS unanswered"
        " FROM government_forwarding f JOIN government_weekly_list w ON w.id = f.weekly"
        " JOIN government_unit u ON u.id = w.unit JOIN government_matter m ON m.id = f.matter"
        f" WHERE f.weekly IN ({access.places(latest)}) AND {seen}"
        " GROUP BY w.id, u.name ORDER BY w.sent_at DESC, w.number DESC",
        *(row["id"] for row in latest),
        *more,
    )
    return [
        ListLine(
            id=row["id"],
            number=row["number"],
            unit_id=row["unit"],
            unit=row["unit_name"],
            week=row["week"],
            report_on=row["report_on"],
            sent_at=row["sent_at"],
            sent_by=row["sent_by_name"],
            items=row["items"],
            unanswered=row["unanswered"],
        )
        for row in rows
    ]


async def one_list(
    list_id: UUID, *, actor: Actor, at: datetime
) -> tuple[ListLine, list[tuple[Sent, MatterLine]]]:
    """Return a weekly list with those of its items that the reader may see."""
    found = await _lists("w.id = {}", (list_id,), 1, actor, at)
    if not found:
        raise NotFoundError
    rows = await db.fetch(
        "SELECT f.id, f.matter, w.site FROM government_forwarding f JOIN government_weekly_list w"
        " ON w.id = f.weekly WHERE f.weekly = {} ORDER BY f.number",
        list_id,
    )
    lines = await queries.lines_of([row["matter"] for row in rows], actor, at)
    office = bool(rows) and actor.may_at(READ, rows[0]["site"])
    if not office and found[0].unit_id not in await units.units_of(actor):
        raise NotFoundError
    sents = [await queries.forwarding(row["id"]) for row in rows if row["matter"] in lines]
    return found[0], [(one, lines[one.matter_id]) for one in sents if one is not None]
