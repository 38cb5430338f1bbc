"""Open clocks reckoned anew when the table of holidays changed, and who is told of a moved date."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.accounts.holders import Holder, accounts_of, holders
from core.deadlines import alarms, clocks, holidays, proofs, rulebook
from core.deadlines.facts import Moved, ProofStep
from core.deadlines.tables import Deadline, DeadlineExtension, DeadlinePause
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import IN_APP, Draft, notify_many
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins

BATCH = 500
MARGIN = timedelta(days=31)
# More than so many at once are told to a person as one.
TOGETHER = 3


_SETTLE = (
    "UPDATE deadline SET due = {}, provisional = {}, proof = {}, calendar = {},"
    " version = version + 1 WHERE id = {}"
)


async def _skip_untouched() -> None:
    """Mark as current the clocks whose days lie outside every year that was changed since.

    Their warnings look a little past the due date, over a long holiday, hence the margin. A paused
    clock has no date; it is reckoned when it goes on.
    """
    async with db.writing():
        rows = await db.fetch(
            "SELECT min(calendar) AS oldest FROM deadline WHERE state IN ('running', 'paused')"
        )
        version, _ = await holidays.calendar()
        oldest = rows[0]["oldest"]
        if oldest is None or oldest >= version:
            return
        years = await holidays.years_changed_since(oldest)
        if not years:
            return
        await db.execute(
            "UPDATE deadline SET calendar = {} WHERE calendar < {} AND (state = 'paused'"
            " OR (state = 'running' AND (started_on > {} OR due < {})))",
            version,
            version,
            date(years[-1], 12, 31),
            date(years[0], 1, 1) - MARGIN,
        )


async def recompute(*, at: datetime, plugins: Plugins, actor: Actor = SYSTEM) -> list[Moved]:
    """Reckon anew every open clock that still stands on an older table; return whose date moved.

    Done in batches, each a transaction of its own; what a crash leaves is taken up at the next call.
    """
    moved: list[Moved] = []
    await _skip_untouched()
    telling = _Telling(plugins, at)
    while True:
        async with db.writing():
            version, calendar = await holidays.calendar()
            hours = await rulebook.office_hours(at)
            lock = "" if db.is_sqlite() else " FOR UPDATE SKIP LOCKED"
            ids = [
                row["id"]
                for row in await db.fetch(
                    "SELECT id FROM deadline WHERE state IN ('running', 'paused')"  # noqa: S608
                    f" AND calendar < {{}} ORDER BY calendar LIMIT {BATCH}{lock}",
                    version,
                )
            ]
            if not ids:
                return moved
            pauses, extensions = await _changes_of(ids)
            settled: list[tuple[object, ...]] = []
            alarms_of = await alarms.of(ids)
            went: list[tuple[Deadline, Moved]] = []
            for row in await Deadline.objects().where(Deadline.id.is_in(ids)):
                before = row.due
                clocks.settle(
                    row,
                    alarms_of[row.id],
                    pauses[row.id],
                    extensions[row.id],
                    version,
                    calendar,
                    hours,
                )
                if row.due != before:
                    _say_in_proof(row, before, clocks.local_day(at))
                settled.append((row.due, row.provisional, row.proof, version, row.id))
                if row.due != before:
                    one = Moved(
                        id=row.id,
                        record_kind=row.record_kind,
                        record=row.record,
                        label=Message.load(row.label),
                        before=before,
                        after=row.due,
                    )
                    went.append((row, one))
                    await _log(one, version, actor=actor, at=at)
            await telling.tell(went, version)
            moved += [one for _, one in went]
            await db.execute_many(_SETTLE, settled)
            await alarms.store(alarms_of.values())


def _say_in_proof(row: Deadline, before: date | None, day: date) -> None:
    """Let a proof say that its date was another one, for whoever was told that one."""
    if before is not None and row.due is not None:
        moved = ProofStep(kind="moved", first=before, last=day)
        row.proof = proofs.dump((*proofs.load(row.proof), moved))


async def _changes_of(
    ids: Sequence[UUID],
) -> tuple[dict[UUID, list[DeadlinePause]], dict[UUID, list[DeadlineExtension]]]:
    """Return the pauses and extensions of these clocks."""
    pauses: dict[UUID, list[DeadlinePause]] = defaultdict(list)
    for pause in await DeadlinePause.objects().where(DeadlinePause.deadline.is_in(list(ids))):
        pauses[pause.deadline].append(pause)
    extensions: dict[UUID, list[DeadlineExtension]] = defaultdict(list)
    for one in await DeadlineExtension.objects().where(DeadlineExtension.deadline.is_in(list(ids))):
        extensions[one.deadline].append(one)
    return pauses, extensions


async def _log(moved: Moved, version: int, *, actor: Actor, at: datetime) -> None:
    await record(
        actor,
        "deadline.recompute",
        "deadline",
        moved.id,
        at=at,
        before={"due": moved.before},
        after={"due": moved.after, "calendar": version},
    )


class _Telling:
    """Tells owners and roles of the dates that moved: each of a few by itself, of many as one."""

    def __init__(self, plugins: Plugins, at: datetime) -> None:
        self.plugins, self.at = plugins, at
        self.teams: dict[tuple[str, UUID | None], list[Holder]] = {}
        self.totals: Counter[UUID] = Counter()

    async def tell(self, went: Sequence[tuple[Deadline, Moved]], version: int) -> None:
        """Tell of one batch, inside its transaction; nobody of what they may not know of."""
        told: dict[UUID, list[tuple[Deadline, Moved]]] = defaultdict(list)
        for row, moved in went:
            for user in await self._readers(row):
                told[user].append((row, moved))
        single: list[Draft] = []
        totals: list[Draft] = []
        for user, found in told.items():
            if user in self.totals or len(found) > TOGETHER:
                self.totals[user] += len(found)
                totals.append(_total(user, self.totals[user], version))
            else:
                single += [_single(user, row, moved, version) for row, moved in found]
        await notify_many(single, at=self.at)
        await notify_many(totals, at=self.at, growing=True)

    async def _readers(self, row: Deadline) -> frozenset[UUID]:
        who = {one.id for one in await self._team(row)}
        if row.owner is not None:
            who |= {one.id for one in await accounts_of([row.owner])}
        if not who:
            return frozenset()
        readers = await self.plugins.resolve_readers(row.record_kind, [row.record], sorted(who))
        return readers.get(row.record, frozenset())

    async def _team(self, row: Deadline) -> list[Holder]:
        key = (row.roles, row.site)
        if key not in self.teams:
            self.teams[key] = await holders(tuple(json.loads(row.roles)), row.site)
        return self.teams[key]


def _single(user: UUID, row: Deadline, moved: Moved, version: int) -> Draft:
    if moved.after is None or moved.before is None:
        body = N_("The table of holidays changed: {label} was reckoned anew.", label=moved.label)
    else:
        body = N_(
            "The table of holidays changed: {label} is now due {after}, not {before}.",
            label=moved.label,
            after=str(moved.after),
            before=str(moved.before),
        )
    return Draft(
        key=f"deadline:{row.id}:calendar{version}:{user}",
        channel=IN_APP,
        subject=N_("A due date moved"),
        body=body,
        user=user,
        url=row.url,
    )


def _total(user: UUID, number: int, version: int) -> Draft:
    return Draft(
        key=f"deadlines:calendar{version}:{user}",
        channel=IN_APP,
        subject=N_("Due dates moved"),
        body=N_("The table of holidays changed: {number} of your due dates moved.", number=number),
        user=user,
        url="/deadlines",
    )
