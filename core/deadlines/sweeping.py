"""What is due by now: warnings, the overdue, rungs of the ladder; each told once for each due date."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog

from core import clock, db, settings
from core.accounts.holders import Holder, accounts_of, holders
from core.deadlines import alarms, clocks, holidays, policies, rulebook, telling
from core.deadlines.calendar import Calendar
from core.deadlines.facts import Agendum, OfficeHours, Rung
from core.deadlines.telling import Telling
from core.log.proof import Content
from core.log.services import as_json, entry, record_many
from core.notices.services import Draft, notify_many
from core.permissions import SYSTEM
from core.plugins import Plugins

logger = structlog.get_logger(__name__)

BATCH = 5000
AT_ONCE = 100_000
# More than so many in a batch are logged together where date and warning are the same.
SINGLY = 100
# More than so many of one sort at once are told to a person as one.
TOGETHER = 3
_READ = ("id", "record_kind", "record", "due", "rule", "ladder", "owner", "roles", "site")


def as_id(value: UUID | str) -> UUID:
    """Return an id as it is in Python, however its database gives it."""
    return value if isinstance(value, UUID) else UUID(value)


async def sweep(at: datetime, plugins: Plugins) -> int:
    """Do what is due on every running clock; return how many were looked at.

    Nobody is told of a record they may not know of. Several servers may sweep at once: each takes
    other rows. After a holiday nobody finds a hundred notices where one says it.
    """
    done = 0
    _, calendar = await holidays.calendar()
    told = _Sweep(calendar, await rulebook.office_hours(at), at, plugins)
    while ids := told.expect(await _due(at)):
        before = done
        for first in range(0, len(ids), BATCH):
            done += await told.do_what_is_due(ids[first : first + BATCH])
            await asyncio.sleep(0)  # between two batches others may write
        if done == before:  # another server has them all
            return done
    return done


async def _due(at: datetime) -> list[db.Row]:
    """Return the clocks to be looked at, in the order in which they lie in the file.

    By any other order every batch would touch, and write, nearly as many pages as it has clocks.
    """
    at_ms = clock.to_ms(at)
    if not await db.fetch("SELECT 1 AS one FROM deadline_alarm WHERE at <= {} LIMIT 1", at_ms):
        return []
    return await db.fetch(
        f"SELECT {db.as_stored('id', 'owner')} FROM deadline WHERE id IN"  # noqa: S608 - constants
        " (SELECT deadline FROM deadline_alarm WHERE at <= {}) ORDER BY created_at LIMIT {}",
        at_ms,
        AT_ONCE,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _News:
    """What is told of clocks, and of which rungs of the ladder; one object for all of the same."""

    warning: str
    rungs: tuple[tuple[str, Rung], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done on clocks that are alike: those of one date, rule, ladder and past."""

    news: _News
    fired: str
    later: int | None
    logged: str


class _Likeness(NamedTuple):
    """What clocks have in common of which the same people are told the same."""

    record_kind: str
    owner: UUID | str | None
    roles: str
    site: UUID | str | None
    news: _News


_Alike = dict[_Likeness, list[db.Row]]
_Tellings = dict[tuple[UUID, str], list[Telling]]


class _Sweep:
    """One sweep: what is alike is reckoned once, people are looked up once, rows written together."""

    def __init__(
        self, calendar: Calendar, hours: OfficeHours, at: datetime, plugins: Plugins
    ) -> None:
        self.calendar, self.hours, self.at, self.plugins = calendar, hours, at, plugins
        self.at_ms = clock.to_ms(at)
        self.zone = settings.load().zone
        self.agendas: dict[tuple[date, str, str], list[Agendum]] = {}
        self.plans: dict[tuple[date, str, str, str], _Plan] = {}
        self.news: dict[tuple[str, tuple[tuple[str, Rung], ...]], _News] = {}
        self.owners: dict[UUID | str, list[Holder]] = {}
        self.teams: dict[object, list[Holder]] = {}
        self.key = uuid4().hex
        self.large = False
        self.busy: set[UUID] = set()
        self.totals: Counter[tuple[UUID, str]] = Counter()

    def expect(self, rows: Sequence[db.Row]) -> list[UUID]:
        """Note whose clocks are many, so that they are told of them as one; return the clocks' ids."""
        self.large = self.large or len(rows) > BATCH
        many = Counter(row["owner"] for row in rows).items()
        self.busy |= {as_id(owner) for owner, number in many if owner and number > TOGETHER}
        return [row["id"] for row in rows]

    async def do_what_is_due(self, ids: Sequence[UUID]) -> int:
        """Do what is due on these clocks, in one transaction; return how many were still to do."""
        async with db.writing():
            rows = await self._locked(ids)
            await self._meet({row["owner"] for row in rows if row["owner"]})
            planned = [(row, self._plan(row)) for row in rows]
            told, unclear = await self._told_of(_alike(planned))
            swept = [
                (row["id"], plan) for row, plan in planned if row["record_kind"] not in unclear
            ]
            await self._tell(told)
            await record_many(_entries(swept, self.at_ms))
            await alarms.move([(plan.fired, plan.later, one) for one, plan in swept])
        return len(swept)

    async def _locked(self, ids: Sequence[UUID]) -> list[db.Row]:
        """Return what is to be done of these clocks, by now and by nobody else.

        The alarms are locked by a statement of their own: the next one sees what an act that had
        them wrote on their clocks.
        """
        chosen = f"IN ({', '.join(['{}'] * len(ids))})" if db.is_sqlite() else "= ANY ({}::uuid[])"
        fired = {
            row["deadline"]: row["fired"]
            for row in await db.fetch(
                f"SELECT {db.as_stored('deadline')}, fired FROM deadline_alarm"  # noqa: S608
                f" WHERE deadline {chosen} AND at <= {{}} FOR UPDATE SKIP LOCKED",
                *(ids if db.is_sqlite() else [list(ids)]),
                self.at_ms,
            )
        }
        rows = await db.fetch(
            f"SELECT {db.as_stored(*_READ)} FROM deadline WHERE id {chosen}"  # noqa: S608
            " AND state = 'running'",
            *(ids if db.is_sqlite() else [list(ids)]),
        )
        locked = [row for row in rows if row["id"] in fired]
        for row in locked:
            row["fired"] = fired[row["id"]]
        return locked

    async def _tell(self, told: _Tellings) -> None:
        """Tell each of a few clocks one by one, of many as one: a total that grows with the batches."""
        few: list[Telling] = []
        totals: list[Draft] = []
        for (user_id, sort), found in told.items():
            known = (user_id, sort) in self.totals
            many = self.large if sort == telling.ESCALATED else user_id in self.busy
            number = sum(len(one.rows) for one in found)
            if known or many or number > TOGETHER:
                self.totals[user_id, sort] += number
                totals += telling.total(found[0].who, sort, self.totals[user_id, sort], self.key)
            else:
                few += found
        await notify_many(await telling.one_by_one(few), at=self.at)
        await notify_many(totals, at=self.at, growing=True)

    def _plan(self, row: db.Row) -> _Plan:
        key = (row["due"], row["rule"], row["ladder"], row["fired"])
        if key not in self.plans:
            self.plans[key] = self._made(*key)
        return self.plans[key]

    def _made(self, day: date | str, rule: str, ladder_: str, fired_: str) -> _Plan:
        due = date.fromisoformat(str(day))
        ladder = clocks.load_ladder(ladder_)
        if (due, rule, ladder_) not in self.agendas:
            self.agendas[due, rule, ladder_] = policies.agenda(
                due, clocks.load_rule(rule), ladder, self.calendar, self.hours, self.zone
            )
        items = self.agendas[due, rule, ladder_]
        fired = set(json.loads(fired_))
        names = [i.name for i in items if i.moment <= self.at and i.name not in fired]
        rungs = tuple(
            (name, ladder[int(name.removeprefix("rung"))])
            for name in names
            if name.startswith("rung")
        )
        warning = policies.gravest(names)
        return _Plan(
            news=self.news.setdefault((warning, rungs), _News(warning, rungs)),
            fired=json.dumps(sorted(fired | set(names))),
            later=next((clock.to_ms(i.moment) for i in items if i.moment > self.at), None),
            logged=as_json({"due": due, "fired": names}) if names else "",
        )

    async def _told_of(self, alike: _Alike) -> tuple[_Tellings, set[str]]:
        """Return what each is told, of what they may know of; and the kinds of which nobody can be."""
        people = {likeness: await self._people(likeness) for likeness in alike}
        known, unclear = await self._readers(alike, people)
        told: _Tellings = defaultdict(list)
        for likeness, rows in alike.items():
            if likeness.record_kind in unclear:
                continue
            readers = known[likeness.record_kind]
            for who, name in people[likeness]:
                if may := [row for row in rows if who.id in readers.get(row["record"], ())]:
                    one = Telling(who, may, name)
                    told[who.id, one.sort].append(one)
        return told, unclear

    async def _people(self, likeness: _Likeness) -> list[tuple[Holder, str]]:
        """Return who is to be told of such clocks: of the warning, and of each rung they came to."""
        found: list[tuple[Holder, str]] = []
        if likeness.news.warning:
            who = self.owners.get(likeness.owner, []) if likeness.owner else []
            if likeness.roles != "[]":
                team = await self._team((), tuple(json.loads(likeness.roles)), likeness.site)
                who = [*who, *(one for one in team if one not in who)]
            found = [(one, likeness.news.warning) for one in who]
        for name, rung in likeness.news.rungs:
            found += [
                (one, name) for one in await self._team(rung.users, rung.roles, likeness.site)
            ]
        return found

    async def _readers(
        self, alike: _Alike, people: Mapping[_Likeness, Sequence[tuple[Holder, str]]]
    ) -> tuple[dict[str, Mapping[str, frozenset[UUID]]], set[str]]:
        """Return for each kind of record who may know of which; and the kinds that nobody can tell."""
        records: dict[str, set[str]] = defaultdict(set)
        users: dict[str, set[UUID]] = defaultdict(set)
        for likeness, rows in alike.items():
            records[likeness.record_kind].update(row["record"] for row in rows)
            users[likeness.record_kind].update(who.id for who, _ in people[likeness])
        known: dict[str, Mapping[str, frozenset[UUID]]] = {}
        unclear: set[str] = set()
        for kind, ids in records.items():
            try:
                known[kind] = await self.plugins.resolve_readers(
                    kind, sorted(ids), sorted(users[kind])
                )
            except Exception as error:
                logger.error("readers_unclear", record_kind=kind, error=repr(error))
                unclear.add(kind)
        return known, unclear

    async def _meet(self, owners: set[UUID | str]) -> None:
        unknown = {as_id(one): one for one in owners - self.owners.keys()}
        if unknown:
            self.owners |= {one: [] for one in unknown.values()}
            self.owners |= {unknown[one.id]: [one] for one in await accounts_of(unknown)}

    async def _team(
        self, users: tuple[UUID, ...], roles: tuple[str, ...], site_id: UUID | str | None
    ) -> list[Holder]:
        if not users and not roles:
            return []
        key = (users, roles, site_id)
        if key not in self.teams:
            named, held = (
                await accounts_of(users),
                await holders(roles, as_id(site_id) if site_id else None),
            )
            self.teams[key] = [*named, *(one for one in held if one not in named)]
        return self.teams[key]


def _alike(planned: Sequence[tuple[db.Row, _Plan]]) -> _Alike:
    """Return the clocks by what decides who is told of them."""
    alike: _Alike = defaultdict(list)
    for row, plan in planned:
        likeness = _Likeness(row["record_kind"], row["owner"], row["roles"], row["site"], plan.news)
        alike[likeness].append(row)
    return alike


def _entries(swept: Sequence[tuple[UUID, _Plan]], at_ms: int) -> list[Content]:
    """Return the log's rows: one for each clock, or for those that are alike where they are many."""
    alike: dict[str, list[UUID]] = defaultdict(list)
    for one, plan in swept:
        if plan.logged:
            alike[plan.logged].append(one)
    if len(swept) <= SINGLY:
        return [
            entry(SYSTEM, "deadline.warn", "deadline", one, at_ms, "", logged)
            for logged, ids in alike.items()
            for one in ids
        ]
    return [
        entry(
            SYSTEM, "deadline.warn", "deadline", ids[0] if len(ids) == 1 else "", at_ms, "",
            as_json({**json.loads(logged), "clocks": ids}),
        )
        for logged, ids in alike.items()
    ]  # fmt: skip
