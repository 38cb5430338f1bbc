"""Leaving, and what must come back before a visit is closed: the slip's stub, or its explanation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.decisions import Allow, Decision
from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_
from core.passes import services as passes
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, states
from core.registrations.tables import Registration


async def leave(
    registration_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
    stub_returned: bool = False,
    signed: bool = False,
) -> Decision:
    """Record that a visitor left; what is still open leaves the visit flagged, never the visitor in.

    `signed`: the person visited has signed the slip that came back.
    """
    async with db.writing():
        row = await moves.take(registration_id, "leave", actor=actor, version=version)
        changed: dict[str, Any] = {"left_at": at, **_stub(row, at, stub_returned, signed)}
        decision = await _departure(row, changed, at=at, plugins=plugins)
        changed["state"] = states.CLOSED if isinstance(decision, Allow) else states.LEFT
        changed |= moves.decision_columns(decision)
        await moves.write(
            row,
            "leave",
            changed,
            actor=actor,
            at=at,
            plugins=plugins,
            note=moves.logged_decision(decision),
        )
        await passes.revoke_for_registration(row.id, reason="left", actor=actor, at=at)
    return decision


def _stub(row: Registration, at: datetime, returned: bool, signed: bool) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if returned and row.stub_returned_at is None:
        changed["stub_returned_at"] = at
    if signed and row.host_signed_at is None:
        changed["host_signed_at"] = at
    return changed


async def _departure(
    row: Registration, changed: Mapping[str, Any], *, at: datetime, plugins: Plugins
) -> Decision:
    """Ask what is open, with the stub counted as returned if it comes back in this very act."""
    was = row.stub_returned_at
    row.stub_returned_at = changed.get("stub_returned_at", was)
    try:
        return await plugins.check_departure(await judging.facts_of(row, at=at))
    finally:
        row.stub_returned_at = was


async def return_stub(
    registration_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    signed: bool = False,
) -> Decision:
    """Note that the stub of a slip came back; a visit that waited only for it is closed."""
    async with db.writing():
        row = await moves.take(registration_id, "return_stub", actor=actor)
        if row.state not in (states.INSIDE, states.LEFT):
            raise WrongStateError(N_("No stub is expected from this visit."))
        changed = _stub(row, at, True, signed)
        if row.state == states.INSIDE:
            await moves.write(row, "return_stub", changed, actor=actor, at=at, plugins=plugins)
            return Allow()
        decision = await _departure(row, changed, at=at, plugins=plugins)
        changed |= moves.decision_columns(decision)
        if isinstance(decision, Allow):
            changed["state"] = states.CLOSED
        act = "close" if isinstance(decision, Allow) else "return_stub"
        note = {"stub": "returned"}
        await moves.write(row, act, changed, actor=actor, at=at, plugins=plugins, note=note)
    return decision


async def explain_stub(
    registration_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Close a visit whose stub will not come back, with the explanation.

    What else is open needs somebody who may decide (`core:registration:decide`).
    """
    async with db.writing():
        row = await moves.take(registration_id, "close", actor=actor)
        if not reason:
            raise InvalidInputError({"reason": N_("Please say why.")})
        if row.decision_code != "stub_missing":
            moves.permit(actor, moves.DECIDE, row.site)
        await moves.write(
            row,
            "close",
            {"state": states.CLOSED, "stub_explained": reason},
            actor=actor,
            at=at,
            plugins=plugins,
        )
