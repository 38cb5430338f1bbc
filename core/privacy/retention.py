"""Letting go of personal data whose keeping time is over (CORE-21): what is due, why, and the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from core import clock, db, hiding
from core.decisions import Allow
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.log.tables import LogEntry
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.privacy import queries, services
from core.privacy.facts import Erasing, Expired, RetentionRule
from core.rulebooks import queries as rulebooks

logger = structlog.get_logger(__name__)

HOUR = 3  # of the night, by the site's clock
MOST = 5000  # records of one kind in one run; what is left waits for the next
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A rule with the days in force; `version` names the rulebook that says them, if one does."""

    rule: RetentionRule
    days: int
    version: str

    def cutoff(self, at: datetime) -> datetime:
        """Return the moment before which records must have ended to be erased now."""
        return at - timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One record with the day from which it is erased; `kept` says why it stays nevertheless."""

    expired: Expired
    due_at: datetime
    kept: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDue:
    """What is due of one kind and what comes next; `more`: there are more than are listed."""

    kept: Kept
    due: Sequence[Due]
    coming: Sequence[Due]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run did with one kind."""

    rule: RetentionRule
    erased: int
    kept: int
    failed: int


async def rules(plugins: Plugins, at: datetime) -> list[Kept]:
    """Return every rule with the days in force."""
    return [await _kept(rule, plugins, at) for rule in plugins.register_retention()]


async def _kept(rule: RetentionRule, plugins: Plugins, at: datetime) -> Kept:
    plugin, _, name = rule.setting.rpartition(".")
    rulebook = next((one for one in plugins.register_rulebooks() if one.plugin == plugin), None)
    if rulebook is None:
        return Kept(rule=rule, days=rule.days, version="")
    in_force = await rulebooks.in_force(rulebook, at)
    return Kept(rule=rule, days=getattr(in_force.values, name), version=in_force.name)


# -- what is due


async def due_list(
    *,
    plugins: Plugins,
    at: datetime,
    actor: Actor = SYSTEM,
    ahead: timedelta = timedelta(days=30),
    limit: int = 50,
) -> list[KindDue]:
    """Return what would be erased now and what will be in the time ahead, by kind, oldest first.

    Records that do not exist for the actor are left out; their time runs all the same.
    """
    held = await _held()
    found: list[KindDue] = []
    for kept in await rules(plugins, at):
        if kept.rule.find is None:
            found.append(KindDue(kept=kept, due=(), coming=(), more=False))
            continue
        expired = await kept.rule.find(kept.cutoff(at + ahead), limit + 1, 0)
        gone = await hiding.hidden(
            kept.rule.kind, [one.record for one in expired], actor=actor, at=at
        )
        expired = [one for one in expired if one.record not in gone]
        dues = [
            Due(
                expired=one,
                due_at=one.ended_at + timedelta(days=kept.days),
                kept=await _why_kept(kept.rule, one, held, plugins, at),
            )
            for one in expired[:limit]
        ]
        found.append(
            KindDue(
                kept=kept,
                due=[one for one in dues if one.due_at < at],
                coming=[one for one in dues if one.due_at >= at],
                more=len(expired) > limit,
            )
        )
    return found


async def _held() -> frozenset[tuple[str, UUID]]:
    return frozenset((hold.record_kind, hold.record) for hold in await queries.holds())


ON_HOLD = N_("A legal hold stops the erasure. It must be lifted before anything is erased.")


async def _why_kept(
    rule: RetentionRule,
    expired: Expired,
    held: frozenset[tuple[str, UUID]],
    plugins: Plugins,
    at: datetime,
) -> Message | None:
    """Return why a record stays although its time is over, None when nothing stops it."""
    if held & {(rule.kind, key) for key in _as_key(expired.record)} or held & set(expired.holds):
        return ON_HOLD
    if rule.kind != "visitor":
        return None
    facts = await queries.erasure_facts(UUID(expired.record), at=at, on_request=False)
    decision = await plugins.check_erasure(facts)
    return None if isinstance(decision, Allow) else decision.reason


def _as_key(record_id: str) -> list[UUID]:
    try:
        return [UUID(record_id)]
    except ValueError:
        return []


# -- the run


async def run(*, plugins: Plugins, actor: Actor, at: datetime, most: int = MOST) -> list[Done]:
    """Erase what is due, each record or batch in a transaction of its own, and log how many.

    What a hold, an open visit or a plugin keeps is left out, and so is what fails: the next run
    tries again.
    """
    held = await _held()
    done = [
        await _run_one(kept, held, plugins=plugins, actor=actor, at=at, most=most)
        for kept in await rules(plugins, at)
        if kept.rule.find is not None and kept.rule.erase is not None
    ]
    async with db.writing():
        await record(
            actor,
            "retention.run",
            "retention",
            "",
            at=at,
            after={
                one.rule.kind: {"erased": one.erased, "kept": one.kept, "failed": one.failed}
                for one in done
                if one.erased or one.kept or one.failed
            },
        )
    return done


async def _run_one(
    kept: Kept,
    held: frozenset[tuple[str, UUID]],
    *,
    plugins: Plugins,
    actor: Actor,
    at: datetime,
    most: int,
) -> Done:
    rule = kept.rule
    assert rule.find is not None and rule.erase is not None  # noqa: PT018, S101 - the caller looked
    erased = left = failed = 0

    async def erase_person(visitor_id: UUID) -> None:
        await services.erase_visitor(
            visitor_id,
            reason=f"retention: {kept.days} days",
            plugins=plugins,
            actor=actor,
            at=at,
            on_request=False,
        )

    erasing = Erasing(actor=actor, at=at, visitor=erase_person)
    while erased + left + failed < most:
        # What stays is found again: pass over it.
        found = await rule.find(kept.cutoff(at), min(_BATCH, most), left + failed)
        if not found:
            break
        free = []
        for one in found:
            if held & {(rule.kind, key) for key in _as_key(one.record)} or held & set(one.holds):
                left += 1
            else:
                free.append(one.record)
        for start in range(0, len(free), rule.batch):
            batch = free[start : start + rule.batch]
            try:
                async with db.writing():
                    await rule.erase(batch, erasing)
                erased += len(batch)
            except (WrongStateError, NotFoundError):
                left += len(batch)
            except Exception as error:
                logger.error("retention_failed", kind=rule.kind, error=repr(error))
                failed += len(batch)
    return Done(rule=rule, erased=erased, kept=left, failed=failed)


async def nightly(*, plugins: Plugins, at: datetime, zone: ZoneInfo) -> list[Done]:
    """Run once a night, after three by the site's clock; at other times nothing happens.

    Several processes may ask at once: what one has erased the other does not find any more.
    """
    local = clock.local(at, zone)
    start = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if local < start:
        return []
    if await LogEntry.exists().where(
        LogEntry.act == "retention.run", LogEntry.at >= clock.to_ms(start)
    ):
        return []
    return await run(plugins=plugins, actor=SYSTEM, at=at)


async def last_run() -> LogEntry | None:
    """Return the log's entry of the last run."""
    return (
        await LogEntry.objects()
        .where(LogEntry.act == "retention.run")
        .order_by(LogEntry.id, ascending=False)
        .first()
    )
