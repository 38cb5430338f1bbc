"""Open clocks reckoned anew when the table of holidays changed, and who is told of a moved date."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.accounts.holders import accounts_of
from core.deadlines import clocks, holidays, rulebook
from core.deadlines.facts import Moved
from core.deadlines.tables import Deadline, DeadlineExtension, DeadlinePause
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins

BATCH = 500
MARGIN = timedelta(days=31)


_SETTLE = (
    "UPDATE deadline SET due = {}, provisional = {}, proof = {}, calendar = {}, next_at = {},"
    " fired = {}, version = version + 1 WHERE id = {}"
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
            pauses: dict[UUID, list[DeadlinePause]] = defaultdict(list)
            for pause in await DeadlinePause.objects().where(DeadlinePause.deadline.is_in(ids)):
                pauses[pause.deadline].append(pause)
            extensions: dict[UUID, list[DeadlineExtension]] = defaultdict(list)
            for one in await DeadlineExtension.objects().where(
                DeadlineExtension.deadline.is_in(ids)
            ):
                extensions[one.deadline].append(one)
            settled: list[tuple[object, ...]] = []
            for row in await Deadline.objects().where(Deadline.id.is_in(ids)):
                before = row.due
                clocks.settle(row, pauses[row.id], extensions[row.id], version, calendar, hours)
                settled.append(
                    (row.due, row.provisional, row.proof, version, row.next_at, row.fired, row.id)
                )
                if row.due != before:
                    one_moved = Moved(
                        id=row.id, label=Message.load(row.label), before=before, after=row.due
                    )
                    moved.append(one_moved)
                    await _tell(row, one_moved, version, actor=actor, at=at, plugins=plugins)
            await db.execute_many(_SETTLE, settled)


async def _tell(
    row: Deadline, moved: Moved, version: int, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    await record(
        actor,
        "deadline.recompute",
        "deadline",
        row.id,
        at=at,
        before={"due": moved.before},
        after={"due": moved.after, "calendar": version},
    )
    if row.owner is None:
        return
    readers = await plugins.resolve_readers(row.record_kind, [row.record], [row.owner])
    for one in await accounts_of(readers.get(row.record, ())):
        await notify(
            key=f"deadline:{row.id}:calendar{version}:{one.id}",
            channel=IN_APP,
            subject=N_("A due date moved"),
            body=N_(
                "The table of holidays changed: {label} is now due {after}, not {before}.",
                label=moved.label,
                after=str(moved.after),
                before=str(moved.before),
            ),
            at=at,
            user=one.id,
            url=row.url,
        )
