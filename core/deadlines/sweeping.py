"""What is due by now: warnings, the overdue, rungs of the ladder; each told once for each due date."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core import clock, db, settings
from core.accounts.holders import Holder, accounts_of, holders
from core.deadlines import clocks, holidays, policies
from core.deadlines.calendar import Calendar
from core.deadlines.tables import Deadline
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import EMAIL, IN_APP, notify
from core.permissions import SYSTEM

BATCH = 500


async def sweep(at: datetime) -> int:
    """Do what is due on every running clock; return how many were looked at.

    Several servers may sweep at once: each takes other rows.
    """
    done = 0
    while True:
        async with db.writing():
            lock = "" if db.is_sqlite() else " FOR UPDATE SKIP LOCKED"
            rows = await db.fetch(
                "SELECT id FROM deadline WHERE state = 'running' AND next_at <= {}"  # noqa: S608
                f" ORDER BY next_at LIMIT {BATCH}{lock}",
                clock.to_ms(at),
            )
            if not rows:
                return done
            _, calendar = await holidays.calendar()
            found = await Deadline.objects().where(Deadline.id.is_in([r["id"] for r in rows]))
            for row in found:
                await _do_what_is_due(row, calendar, at)
        done += len(found)


async def _do_what_is_due(row: Deadline, calendar: Calendar, at: datetime) -> None:
    assert row.due is not None  # noqa: S101 - only a running clock has a next moment
    fired = set(json.loads(row.fired))
    zone = settings.load().zone
    ladder = clocks.load_ladder(row.ladder)
    items = policies.agenda(
        row.due, clocks.load_rule(row.rule), ladder, calendar, clocks.HOURS, zone
    )
    due = [item.name for item in items if item.moment <= at and item.name not in fired]
    if warning := policies.gravest(due):
        who = await accounts_of({row.owner} if row.owner else set())
        roles = json.loads(row.roles)
        await _tell(row, warning, [*who, *await holders(roles, row.site)], at)
    for name in due:
        if name.startswith("rung"):
            rung = ladder[int(name.removeprefix("rung"))]
            who = [*await accounts_of(rung.users), *await holders(rung.roles, row.site)]
            await _tell(row, name, who, at)
    if due:
        after = {"due": row.due, "fired": due}
        await record(SYSTEM, "deadline.warn", "deadline", row.id, at=at, after=after)
    row.fired = json.dumps(sorted(fired | set(due)))
    row.next_at = clocks.next_moment(row, calendar)
    await row.save([Deadline.fired, Deadline.next_at])


_TEXTS = {
    policies.AMBER: N_("Due soon: {label}, by {due}."),
    policies.RED: N_("Due very soon: {label}, by {due}."),
    policies.OVERDUE: N_("Overdue since {due}: {label}."),
}
_ESCALATED = N_("Overdue and escalated to you: {label}, was due {due}.")


async def _tell(row: Deadline, name: str, who: Iterable[Holder], at: datetime) -> None:
    text = _TEXTS.get(name, _ESCALATED)
    body = Message(text.msgid, {"label": Message.load(row.label), "due": str(row.due)})
    subject = N_("A deadline") if name in (policies.AMBER, policies.RED) else N_("Overdue")
    told: set[UUID] = set()
    for one in who:
        if one.id in told:
            continue
        told.add(one.id)
        key = f"deadline:{row.id}:{row.due}:{name}:{one.id}"
        await notify(
            key=key, channel=IN_APP, subject=subject, body=body, at=at, user=one.id, url=row.url
        )
        if one.email:
            await notify(
                key=f"{key}:m",
                channel=EMAIL,
                subject=subject,
                body=N_("One of your deadlines needs attention."),
                at=at,
                address=one.email,
                url=row.url,
                locale=one.locale,
            )
