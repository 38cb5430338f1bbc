"""What the desk is due today: items without a suggestion, visitors who wait, after-visit letters (GOV-8)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from core import clock, db
from core.i18n import N_
from core.navigation import HomeCard
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from core.registrations.judging import site_time
from core.sites.queries import sites
from plugins.government import clocks
from plugins.government.intake import after_visit, queries
from plugins.government.intake.arrivals import waiting
from plugins.government.matters import access
from plugins.government.matters.readers import reading
from plugins.government.rights import CLERK, HEAD, REGISTER
from plugins.government.telling import holders

_LATE = timedelta(hours=1)


async def due(actor: Actor) -> list[HomeCard]:
    """Return what waits for who keeps the desk."""
    if not actor.may(REGISTER):
        return []
    now = clock.now()
    cards: list[HomeCard] = []
    if lacking := await queries.number_lacking(actor, at=now):
        rules = (await clocks.in_force(now)).values
        late = site_time(now).time() >= time.fromisoformat(rules.close_of_business)
        cards.append(
            HomeCard(
                title=N_("Came in without a suggestion"),
                count=lacking,
                path="/government/day?lacking=yes",
                level="danger" if late else "warning",
                order=30,
                icon="inbox",
            )
        )
    allowed = actor.sites_with(REGISTER)
    here = 0
    for site in await sites(actor):
        if allowed is None or site.id in allowed:
            here += len(await waiting(site.id, actor, now))
    if here:
        cards.append(
            HomeCard(
                title=N_("Waiting for the reception room"),
                count=here,
                path="/government/desk",
                level="warning",
                order=29,
                icon="people",
            )
        )
    if undecided := await after_visit.undecided(actor, at=now):
        cards.append(
            HomeCard(
                title=N_("Letters after a visit, undecided"),
                count=undecided,
                path="/government/after-visit",
                order=60,
                icon="mail",
            )
        )
    return cards


async def minute(at: datetime) -> None:
    """At close of business tell clerks and head how many items of the day have no suggestion, once.

    A minute may be missed, so the hour after it counts too. Each is told of those they may see: a count
    of others would say that there is one.
    """
    local = site_time(at)
    rules = (await clocks.in_force(at)).values
    close = datetime.combine(
        local.date(), time.fromisoformat(rules.close_of_business), local.tzinfo
    )
    if not close <= local < close + _LATE:
        return
    rows = await db.fetch(f"SELECT DISTINCT m.site{_LACKING}", local.date())
    async with db.writing():
        for row in rows:
            for user_id in await holders((CLERK, HEAD), row["site"], None, at):
                await _tell_lacking(user_id, row["site"], local.date(), at)


_LACKING = (
    " FROM government_matter m WHERE m.day = {} AND m.stage = 'registered'"
    " AND m.suggested_at IS NULL"
)


async def _tell_lacking(user_id: UUID, site_id: UUID, day: date, at: datetime) -> None:
    seen, args = await access.seen_by(await reading(user_id), at)
    rows = await db.fetch(
        f"SELECT count(*) AS n{_LACKING} AND m.site = {{}} AND {seen}", day, site_id, *args
    )
    if count := int(rows[0]["n"]):
        await notify(
            key=f"government.lacking/{site_id}/{day}/{user_id}",
            channel=IN_APP,
            subject=N_("{count} items of today have no suggestion", count=count),
            body=N_("What came today is moved on today."),
            user=user_id,
            at=at,
            url="/government/day?lacking=yes",
        )
