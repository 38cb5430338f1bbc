"""Records taken by a unit, passed on, returned; who may is decided by the owner of the record.

One unit holds a record at any moment: each act locks the holding, closes the open span and opens the
next at the same moment. The log tells which unit held it, never why.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.decisions import Decision, Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, StaleError, WrongStateError
from core.holding import policies, reasons
from core.holding.facts import PASS_ON, RETURN, Holder, Span
from core.holding.queries import span_of
from core.holding.tables import Holding, HoldingSpan
from core.i18n import N_
from core.log.services import record as write_log
from core.permissions import Actor

LONGEST_REASON = 1000


async def hold(
    record_kind: str,
    record: object,
    holder: Holder,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    person: UUID | None = None,
    person_name: str = "",
    domain: str = "",
) -> None:
    """Let the first unit take a record; WrongStateError when some unit holds it already.

    `domain` names the part under whose keys the reasons of its whole history lie.
    """
    async with db.writing():
        row = Holding(
            id=uuid4(),
            record_kind=record_kind,
            record=str(record),
            taken_at=at,
            first_kind=holder.kind,
            first_id=holder.id,
            first_label=holder.label[:200],
            version=1,
            domain=domain,
        )
        added = await db.execute(
            "INSERT INTO holding (id, record_kind, record, taken_at, ended_at, first_kind, first_id,"
            " first_label, first_person, first_person_name, first_person_label, returns, loops,"
            " version, domain) VALUES ({}, {}, {}, {}, NULL, {}, {}, {}, NULL, '', '', 0, 0, 1, {})"
            " ON CONFLICT (record_kind, record) DO NOTHING",
            row.id,
            row.record_kind,
            row.record,
            row.taken_at,
            row.first_kind,
            row.first_id,
            row.first_label,
            row.domain,
        )
        if added != 1:
            raise WrongStateError(N_("Some unit answers for this already."))
        span = Span(position=0, holder=holder, since=at)
        await _open(row, span, actor, reason)
        if person is not None:
            await _charge(row, holder, person, person_name)
        await _log(row, "take", actor, at, after={"holder": holder.label})


async def pass_on(
    record_kind: str,
    record: object,
    to: Holder,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    person: UUID | None = None,
    person_name: str = "",
    version: int | None = None,
) -> None:
    """Hand a record to another unit, which answers for it from this moment."""
    _say_why(reason)
    async with db.writing():
        row, spans = await _take(record_kind, record, version)
        _refuse(policies.may_pass_on(spans, to))
        loop = policies.is_loop(spans, to)
        row.loops += loop
        await _move(row, spans, to, PASS_ON, spans[-1].position, actor, at, reason, loop=loop)
        if person is not None:
            await _charge(row, to, person, person_name)


async def give_back(
    record_kind: str,
    record: object,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Holder:
    """Return a record to the unit that handed it over; it holds it again. Return that unit."""
    _say_why(reason)
    async with db.writing():
        row, spans = await _take(record_kind, record, version)
        _refuse(policies.may_give_back(spans))
        before = policies.giver(spans)
        assert before is not None  # noqa: S101 - just judged
        row.returns += 1
        await _move(row, spans, before.holder, RETURN, before.given_by, actor, at, reason)
    return before.holder


async def put_in_charge(
    record_kind: str, record: object, *, person: UUID | None, name: str, actor: Actor, at: datetime
) -> None:
    """Name the person of the present unit who is in charge; the first ever named stays on record."""
    async with db.writing():
        row, spans = await _take(record_kind, record, None)
        await _charge(row, spans[-1].holder, person, name)
        await _save(row)
        await _log(row, "put_in_charge", actor, at, after={"person": name})


async def end(record_kind: str, record: object, *, actor: Actor, at: datetime) -> None:
    """Let a record's age count no further; the unit that holds it goes on answering for it."""
    async with db.writing():
        row, spans = await _take(record_kind, record, None)
        row.ended_at = max(at, spans[-1].since)
        await _save(row)
        await _log(row, "end", actor, at, after={"holder": spans[-1].holder.label})


async def reopen(record_kind: str, record: object, *, actor: Actor, at: datetime) -> None:
    """Count a record's age on, as though it had never ended."""
    async with db.writing():
        row = await _locked(record_kind, record)
        if row.ended_at is None:
            raise WrongStateError(N_("This has not ended."))
        row.ended_at = None
        await _save(row)
        await _log(row, "reopen", actor, at)


async def forget(record_kind: str, record: object) -> None:
    """Erase the reasons and persons of a record; units and days stay for the figures."""
    async with db.writing():
        await db.execute(
            "UPDATE holding_span SET reason_cipher = NULL, person = NULL, person_name = '',"
            " by_name = '' WHERE record_kind = {} AND record = {}",
            record_kind,
            str(record),
        )
        await db.execute(
            "UPDATE holding SET first_person = NULL, first_person_name = ''"
            " WHERE record_kind = {} AND record = {}",
            record_kind,
            str(record),
        )


def _say_why(reason: str) -> None:
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})


def _refuse(decision: Decision) -> None:
    if isinstance(decision, Deny):
        raise RefusedError(decision)


async def _locked(record_kind: str, record: object) -> Holding:
    await db.fetch(
        "SELECT id FROM holding WHERE record_kind = {} AND record = {} FOR UPDATE",
        record_kind,
        str(record),
    )
    row = await Holding.objects().get(
        (Holding.record_kind == record_kind) & (Holding.record == str(record))
    )
    if row is None:
        raise NotFoundError
    return row


async def _take(
    record_kind: str, record: object, version: int | None
) -> tuple[Holding, list[Span]]:
    """Return a holding locked for an act, with its spans."""
    row = await _locked(record_kind, record)
    if version is not None and row.version != version:
        raise StaleError
    if row.ended_at is not None:
        raise WrongStateError(N_("This has ended: reopen it first."))
    rows = (
        await HoldingSpan.objects()
        .where(HoldingSpan.holding == row.id)
        .order_by(HoldingSpan.position)
    )
    return row, [span_of(one) for one in rows]


async def _open(row: Holding, span: Span, actor: Actor, reason: str) -> None:
    made = HoldingSpan(
        id=uuid4(),
        holding=row.id,
        record_kind=row.record_kind,
        record=row.record,
        position=span.position,
        unit_kind=span.holder.kind,
        unit_id=span.holder.id,
        unit_label=span.holder.label[:200],
        since=span.since,
        how=span.how,
        given_by=span.given_by,
        loop=span.loop,
        by_name=actor.name[:100],
    )
    made.reason_cipher = reasons.sealed(row.domain, made.id, reason.strip()[:LONGEST_REASON])
    await HoldingSpan.insert(made)


async def _move(
    row: Holding,
    spans: list[Span],
    to: Holder,
    how: str,
    given_by: int | None,
    actor: Actor,
    at: datetime,
    reason: str,
    *,
    loop: bool = False,
) -> None:
    """Close the open span and open the next at the same moment, never before the last one began."""
    last = spans[-1]
    moment = max(at, last.since)
    await HoldingSpan.update({HoldingSpan.until: moment}).where(
        HoldingSpan.holding == row.id, HoldingSpan.until.is_null()
    )
    span = Span(
        position=last.position + 1, holder=to, since=moment, how=how, given_by=given_by, loop=loop
    )
    await _open(row, span, actor, reason)
    await _save(row)
    await _log(
        row, how, actor, at,
        before={"holder": last.holder.label},
        after={"holder": to.label, "returns": row.returns, "loops": row.loops},
    )  # fmt: skip


async def _charge(row: Holding, holder: Holder, person: UUID | None, name: str) -> None:
    await HoldingSpan.update(
        {HoldingSpan.person: person, HoldingSpan.person_name: name[:100] if person else ""}
    ).where(HoldingSpan.holding == row.id, HoldingSpan.until.is_null())
    if person is not None:
        await Holding.update(
            {
                Holding.first_person: person,
                Holding.first_person_name: name[:100],
                Holding.first_person_label: holder.label[:200],
            }
        ).where(Holding.id == row.id, Holding.first_person_label == "")


async def _save(row: Holding) -> None:
    row.version += 1
    await row.save([Holding.ended_at, Holding.returns, Holding.loops, Holding.version])


async def _log(
    row: Holding,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    await write_log(
        actor, f"holding.{act}", row.record_kind, row.record, at=at, before=before, after=after
    )
