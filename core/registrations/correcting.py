"""Corrections (CORE-8), judging again, and taking back what was entered wrongly; reasons are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.decisions import Decision
from core.errors import InvalidInputError, WrongStateError
from core.hosts import queries as hosts
from core.i18n import N_
from core.passes import services as passes
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, states
from core.registrations.tables import Registration
from core.visitors import services as visitors
from core.visitors.matching import Person

STEP_BACK_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """All that a correction may change; `person` None leaves the visitor as known."""

    reason: str
    host_id: UUID | None
    host_text: str
    head_count: int
    document_shown: bool
    plate: str
    goods: str
    remark: str
    expected_leave_at: datetime | None
    person: Person | None = None


async def correct(
    registration_id: UUID,
    correction: Correction,
    *,
    version: int,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> None:
    """Correct a registration; earlier values stay in the log, and who waits is judged again.

    Another host has not been asked yet: the answer of the former one counts no more.
    """
    async with db.writing():
        row = await moves.take(registration_id, "correct", actor=actor, version=version)
        if row.state in (states.VOIDED, states.CANCELLED):
            raise WrongStateError(N_("This record is closed; nothing can be corrected in it."))
        if correction.host_id is not None and correction.host_id != row.host:
            await hosts.host(correction.host_id, actor)
        known = True
        if correction.person is not None:
            was = await judging.party(row)
            done = await visitors.remember(correction.person, actor=actor, at=at)
            known = done.visitor.version == was[0].version
        changed = _changed(row, correction)
        if not changed and known:
            return
        await moves.write(row, "correct", changed, actor=actor, at=at, plugins=plugins)
        if row.state in states.JUDGED_AGAIN and row.decision_code != "refused_by_person":
            await _judge(row, actor=actor, at=at, plugins=plugins)


def _changed(row: Registration, correction: Correction) -> dict[str, Any]:
    wanted = {
        "reason": correction.reason,
        "host": correction.host_id,
        "host_text": correction.host_text,
        "head_count": correction.head_count,
        "document_shown": correction.document_shown,
        "plate": correction.plate,
        "goods": correction.goods,
        "remark": correction.remark,
        "expected_leave_at": correction.expected_leave_at or row.expected_leave_at,
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if {"host", "host_text"} & set(changed) and row.consent != "none":
        changed |= {"consent": "none", "consent_at": None, "consent_by": "", "consent_means": ""}
    return changed


async def judge_again(
    registration_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins
) -> Decision:
    """Judge an arrival anew, after what was missing has been brought or corrected."""
    async with db.writing():
        row = await moves.take(registration_id, "judge", actor=actor)
        if row.decision_code == "refused_by_person":
            moves.permit(actor, moves.DECIDE, row.site)
        return await _judge(row, actor=actor, at=at, plugins=plugins)


async def _judge(row: Registration, *, actor: Actor, at: datetime, plugins: Plugins) -> Decision:
    decision = await plugins.check_registration(await judging.facts_of(row, at=at))
    changed = {"state": judging.state_after(decision), **moves.decision_columns(decision)}
    if any(getattr(row, name) != value for name, value in changed.items()):
        await moves.write(
            row,
            "judge",
            changed,
            actor=actor,
            at=at,
            plugins=plugins,
            note=moves.logged_decision(decision),
        )
    return decision


async def cancel(
    registration_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """End a visit that did not take place: the visitor went away, or never came."""
    await _end(registration_id, "cancel", states.CANCELLED, reason, actor, at, plugins)


async def void(
    registration_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Void a registration that is wrong as a whole; it stays readable and counts no more."""
    await _end(registration_id, "void", states.VOIDED, reason, actor, at, plugins)


async def _end(
    registration_id: UUID,
    act: str,
    state: str,
    reason: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> None:
    _said(reason)
    permission = moves.DECIDE if act == "void" else moves.WRITE
    async with db.writing():
        row = await moves.take(registration_id, act, actor=actor, permission=permission)
        entered = row.entered_at is not None
        await moves.write(
            row,
            act,
            {"state": state},
            actor=actor,
            at=at,
            plugins=plugins,
            note={"reason": reason},
        )
        if entered:
            await _uncount(row)
        await passes.revoke_for_registration(row.id, reason=act, actor=actor, at=at)


async def step_back(
    registration_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Take back an admission or a leaving that was recorded by mistake, within a day."""
    _said(reason)
    async with db.writing():
        row = await moves.take(registration_id, "step_back", actor=actor)
        moment = row.left_at or row.entered_at
        if moment is not None and at - moment > STEP_BACK_WITHIN:
            raise WrongStateError(N_("That is too long ago to be taken back."))
        if row.state == states.INSIDE:
            changed: dict[str, Any] = {"state": states.WAITING, "entered_at": None}
            await _uncount(row)
        else:
            changed = {
                "state": states.INSIDE,
                "left_at": None,
                "stub_explained": "",
                **dict.fromkeys(
                    ("decision_code", "decision_reason", "decision_rule", "decision_version"), ""
                ),
            }
        await moves.write(
            row,
            "step_back",
            changed,
            actor=actor,
            at=at,
            plugins=plugins,
            note={"reason": reason},
        )


async def _uncount(row: Registration) -> None:
    members = await judging.party(row)
    await visitors.note_no_visit([one.id for one in members])


def _said(reason: str) -> None:
    if not reason:
        raise InvalidInputError({"reason": N_("Please say why.")})
