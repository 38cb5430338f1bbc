"""The rota planned: who takes turns, and the days of the weeks ahead."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import accounts_of
from core.deadlines import holidays
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.asking import office
from plugins.government.reception import policies, queries
from plugins.government.reception.facts import DIRECTOR, PLANNED, Turn
from plugins.government.reception.rights import PLAN
from plugins.government.reception.tables import Leader, ReceptionDay

RECORD = "government_reception_day"


def require(actor: Actor, site_id: UUID) -> None:
    """Raise NotFoundError unless somebody plans a room's rota."""
    if actor.kind != "system" and not actor.may_at(PLAN, site_id):
        raise NotFoundError


async def name_leader(
    site_id: UUID, user_id: UUID, *, post: str, director: bool, actor: Actor, at: datetime
) -> None:
    """Let somebody take turns receiving; there is one director at a time."""
    require(actor, site_id)
    async with db.writing():
        if not await accounts_of([user_id]):
            raise InvalidInputError({"user": N_("Please choose one of the options.")})
        if director:
            await Leader.update({Leader.director: False}).where(
                Leader.site == site_id, Leader.until.is_null()
            )
        known = await Leader.objects().get(
            (Leader.site == site_id) & (Leader.user == user_id) & Leader.until.is_null()
        )
        if known is None:
            count = await Leader.count().where(Leader.site == site_id)
            known = Leader(
                id=uuid4(), site=site_id, user=user_id, post=post, director=director,
                order=10 * (count + 1),
            )  # fmt: skip
            await Leader.insert(known)
        else:
            known.post, known.director = post, director
            await known.save()
        shown = {"user": user_id, "director": director}
        await record(actor, "government.reception_leader", "site", site_id, at=at, after=shown)


async def withdraw_leader(leader_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Let somebody take no more turns; days that were planned stay."""
    async with db.writing():
        row = await Leader.objects().get(Leader.id == leader_id)
        if row is None:
            raise NotFoundError
        require(actor, row.site)
        row.until = at
        await row.save()
        shown = {"user": row.user}
        await record(
            actor, "government.reception_leader_end", "site", row.site, at=at, before=shown
        )


async def plan(site_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Plan the reception days that are still missing in the weeks ahead; return how many were added."""
    require(actor, site_id)
    rules = (await clocks.in_force(at)).values
    _, calendar = await holidays.calendar()
    today = site_time(at).date()
    added = 0
    async with db.writing():
        await db.fetch("SELECT id FROM site WHERE id = {} FOR UPDATE", site_id)
        everybody = await queries.leaders(site_id)
        order = [one for one in everybody if not one["director"]] or everybody
        if not order:
            return 0
        planned = set(await queries.mondays_planned(site_id, today - timedelta(days=7)))
        last = await _last_turn(site_id)
        room = await office.page(site_id)
        for turn in policies.turns(today, rules.reception_weeks, calendar.is_working):
            if turn.monday in planned or turn.day <= today:
                continue
            directors = [one for one in everybody if one["director"]]
            if turn.kind == DIRECTOR and directors:
                who = directors[0]
            else:
                ids = [one["user_id"] for one in order]
                last = policies.next_in_turn(ids, last)
                who = next(one for one in order if one["user_id"] == last)
            row = ReceptionDay(
                id=uuid4(),
                site=site_id,
                monday=turn.monday,
                day=turn.day,
                moved_from=turn.monday if turn.day != turn.monday else None,
                begins=rules.reception_begins,
                ends=rules.reception_ends,
                place=room["address"],
                kind=turn.kind,
                state=PLANNED,
                leader=who["user_id"],
                leader_name=who["name"],
                post=who["post"],
                slots=rules.reception_slots,
            )
            await ReceptionDay.insert(row)
            await _log(row, turn, actor, at)
            added += 1
    return added


async def _last_turn(site_id: UUID) -> object | None:
    rows = await db.fetch(
        "SELECT leader FROM government_reception_day WHERE site = {} AND kind = 'leader'"
        " ORDER BY monday DESC LIMIT 1",
        site_id,
    )
    return rows[0]["leader"] if rows else None


async def _log(row: ReceptionDay, turn: Turn, actor: Actor, at: datetime) -> None:
    shown = {"day": turn.day, "kind": turn.kind, "leader": row.leader}
    await record(actor, "government.reception_plan", RECORD, row.id, at=at, after=shown)


async def plan_all(at: datetime) -> None:
    """Keep every room's rota filled; called about once a minute, and costs one read when it is."""
    for site_id, _, _ in await office.rooms():
        if not await queries.leaders(site_id):
            continue
        rows = await db.fetch(
            "SELECT max(monday) AS last FROM government_reception_day WHERE site = {}", site_id
        )
        last: date | None = rows[0]["last"]
        if isinstance(last, str):
            last = date.fromisoformat(last)
        weeks = (await clocks.in_force(at)).values.reception_weeks
        wanted = site_time(at).date() + timedelta(days=7 * (weeks - 1))
        if last is None or last < wanted:
            await plan(site_id, actor=SYSTEM, at=at)
