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
from core.log.proof import Content
from core.log.services import as_json, entry, record_many
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
            told = _Told(calendar, at)
            for row in found:
                await told.do_what_is_due(row)
            await told.write()
        done += len(found)


class _Told:
    """One batch: recipients are looked up once, log rows and states written together."""

    def __init__(self, calendar: Calendar, at: datetime) -> None:
        self.calendar, self.at = calendar, at
        self.zone = settings.load().zone
        self.known: dict[object, list[Holder]] = {}
        self.entries: list[Content] = []
        self.states: list[tuple[str, int | None, UUID]] = []

    async def do_what_is_due(self, row: Deadline) -> None:
        """Tell what is due on one clock."""
        assert row.due is not None  # noqa: S101 - only a running clock has a next moment
        fired = set(json.loads(row.fired))
        ladder = clocks.load_ladder(row.ladder)
        items = policies.agenda(
            row.due, clocks.load_rule(row.rule), ladder, self.calendar, clocks.HOURS, self.zone
        )
        due = [i.name for i in items if i.moment <= self.at and i.name not in fired]
        if warning := policies.gravest(due):
            owner = (row.owner,) if row.owner else ()
            who = await self._people(owner, tuple(json.loads(row.roles)), row.site)
            await _tell(row, warning, who, self.at)
        for name in due:
            if name.startswith("rung"):
                rung = ladder[int(name.removeprefix("rung"))]
                who = await self._people(rung.users, rung.roles, row.site)
                await _tell(row, name, who, self.at)
        if due:
            after = as_json({"due": row.due, "fired": due})
            at_ms = clock.to_ms(self.at)
            self.entries.append(
                entry(SYSTEM, "deadline.warn", "deadline", row.id, at_ms, after=after)
            )
        row.fired = json.dumps(sorted(fired | set(due)))
        later = next((clock.to_ms(i.moment) for i in items if i.moment > self.at), None)
        self.states.append((row.fired, later, row.id))

    async def _people(
        self, users: tuple[UUID, ...], roles: tuple[str, ...], site_id: UUID | None
    ) -> list[Holder]:
        key = (users, roles, site_id)
        if key not in self.known:
            self.known[key] = [*await accounts_of(users), *await holders(roles, site_id)]
        return self.known[key]

    async def write(self) -> None:
        """Write what was done."""
        if self.entries:
            await record_many(self.entries)
        await db.execute_many(
            "UPDATE deadline SET fired = {}, next_at = {} WHERE id = {}", self.states
        )


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
