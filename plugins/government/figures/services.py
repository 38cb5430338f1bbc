"""Monthly tables checked by the room's head, sent to the bureau's head, received (GOV-40)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import holders
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from core.registrations.judging import site_time
from core.reports.facts import MONTH, period
from core.settings import load as settings
from plugins.government.figures import monthly
from plugins.government.figures.tables import MonthlyTables
from plugins.government.rights import DIRECTOR

RECORD = "government_monthly"
CHECKED, SENT, RECEIVED = "checked", "sent", "received"


async def check(
    site_id: UUID, month: date, *, remark: str, actor: Actor, at: datetime
) -> MonthlyTables:
    """Keep a month's tables as counted now; again until they are sent. Not before the month is over."""
    whole = period(MONTH, month, settings().zone)
    if whole.last >= site_time(at).date():
        raise WrongStateError(N_("The month is not over yet."))
    content = await monthly.counted(whole, site_id)
    if content.faults:
        raise WrongStateError(N_("The figures do not add up. Tell the administrator."))
    async with db.writing():
        row = await _locked(site_id, whole.first)
        if row is not None and row.state != CHECKED:
            raise WrongStateError(N_("These tables have been sent already."))
        if row is None:
            row = MonthlyTables(id=uuid4(), site=site_id, month=whole.first)
        row.state, row.content, row.remark = CHECKED, monthly.dump(content), remark
        row.checked_at, row.checked_by_name = at, actor.name
        await row.save()
        shown = {"month": whole.first, "times": content.totals[monthly.NOW].get("times", 0)}
        await record(actor, "government.monthly_check", RECORD, row.id, at=at, after=shown)
    return row


async def send(site_id: UUID, month: date, *, actor: Actor, at: datetime) -> None:
    """Send checked tables to the head of the bureau, who is told."""
    async with db.writing():
        row = await _checked(site_id, month, CHECKED)
        row.state, row.sent_at, row.sent_by_name = SENT, at, actor.name
        await row.save()
        for one in await holders([DIRECTOR], site_id):
            await notify(
                key=f"government.monthly/{row.id}/{one.id}",
                channel=IN_APP,
                subject=N_("Monthly tables of petitions: {month}", month=f"{month:%Y-%m}"),
                body=N_("The head of the room checked them. Look and confirm that you have them."),
                at=at,
                user=one.id,
                url=f"/government/figures/{month:%Y-%m}?site={site_id}",
            )
        await record(actor, "government.monthly_send", RECORD, row.id, at=at)


async def receive(site_id: UUID, month: date, *, actor: Actor, at: datetime) -> None:
    """Confirm that the head of the bureau has the tables."""
    async with db.writing():
        row = await _checked(site_id, month, SENT)
        row.state, row.received_at, row.received_by_name = RECEIVED, at, actor.name
        await row.save()
        await record(actor, "government.monthly_receive", RECORD, row.id, at=at)


async def kept(site_id: UUID, month: date) -> MonthlyTables | None:
    """Return a month's tables as checked, if they were."""
    return await MonthlyTables.objects().get(
        (MonthlyTables.site == site_id) & (MonthlyTables.month == month.replace(day=1))
    )


async def _locked(site_id: UUID, month: date) -> MonthlyTables | None:
    await db.fetch(
        "SELECT id FROM government_monthly WHERE site = {} AND month = {} FOR UPDATE",
        site_id,
        month,
    )
    return await kept(site_id, month)


async def _checked(site_id: UUID, month: date, state: str) -> MonthlyTables:
    row = await _locked(site_id, month.replace(day=1))
    if row is None:
        raise NotFoundError
    if row.state != state:
        raise WrongStateError(N_("These tables are further along than that. Look again."))
    return row
