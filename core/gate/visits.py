"""A visitor's slip at the gate: the visit and the scan move together, in one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from core import db
from core.decisions import Allow, Decision
from core.errors import NotFoundError, RefusedError, StaleError, WrongStateError
from core.gate.facts import IN, PassFacts
from core.gate.fold import STUB
from core.gate.judging import Judged
from core.gate.scans import Record, Store
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import leaving, moves, services

_ROW = "SELECT version FROM pass WHERE id = {} FOR UPDATE"


class VisitChangedError(Exception):
    """The pass or the visit is not any more what was read; the scan is decided anew."""


async def pass_visit(
    judged: Judged,
    record: Callable[[Judged], Record],
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    store: Store,
) -> tuple[int, Judged, Record]:
    """Move the visit as its slip was scanned and store the scan; all of it or nothing.

    The desk's rules hold here too: what stands against an admission holds or refuses the scan.
    """
    scanned = judged.scanned
    if scanned is None or scanned.registration_id is None:
        raise ValueError("this is no visitor's pass")
    try:
        async with db.writing():
            await _lock(scanned, scanned.registration_id)
            gate = _at_gate(actor, scanned.site_id)
            decided = await _move(judged, scanned.registration_id, gate, at, plugins)
            version = (await db.fetch(_ROW, scanned.pass_id))[0]["version"]
            decided = replace(decided, scanned=replace(scanned, version=version))
            made = record(decided)
            stored = await store.apply([made])
            if not stored:
                raise VisitChangedError
    except (WrongStateError, StaleError, NotFoundError) as error:
        raise VisitChangedError from error
    return stored[0], decided, made


async def _lock(scanned: PassFacts, registration_id: UUID) -> None:
    """Lock visit, then pass, as the desk does; VisitChangedError if the pass changed meanwhile."""
    await db.fetch("SELECT id FROM registration WHERE id = {} FOR UPDATE", registration_id)
    rows = await db.fetch(_ROW, scanned.pass_id)
    if not rows or rows[0]["version"] != scanned.version:
        raise VisitChangedError


async def _move(
    judged: Judged, visit: UUID, actor: Actor, at: datetime, plugins: Plugins
) -> Judged:
    if judged.code == STUB:
        decision = await leaving.return_stub(visit, actor=actor, at=at, plugins=plugins)
        return replace(judged, decision=_noted(decision))
    if judged.direction == IN:
        try:
            decision = await services.admit(visit, actor=actor, at=at, plugins=plugins)
        except RefusedError as error:
            decision = error.decision
        return judged if isinstance(decision, Allow) else replace(judged, decision=decision)
    decision = await leaving.leave(
        visit, actor=actor, at=at, plugins=plugins, stub_returned=judged.stub
    )
    code = "" if isinstance(decision, Allow) else decision.code
    return replace(judged, decision=_noted(decision), code=code)


def _noted(decision: Decision) -> Allow:
    """Return that the visitor may go, with what is still open as a note: nobody is kept in for it."""
    return decision if isinstance(decision, Allow) else Allow(decision.reason)


def _at_gate(actor: Actor, site_id: UUID) -> Actor:
    """Return the actor as the gate itself where only scanning was granted, as to a turnstile."""
    if actor.may_at(moves.WRITE, site_id):
        return actor
    return replace(actor, kind="device")
