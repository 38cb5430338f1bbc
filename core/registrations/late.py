"""Visits that went on at a gate without network: what happened there is recorded as it happened.

Nothing is decided here any more: the person is inside already, or gone. What the rules would have said
is returned, so that a person can be told.
"""

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.decisions import Decision
from core.passes.services import LEFT
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, states
from core.visitors import services as visitors


async def came_in(
    registration_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins
) -> Decision:
    """Record that a visitor came in at a past moment; return what the rules say of it."""
    async with db.writing():
        row = await moves.take(registration_id, "slip", actor=actor)
        if row.state == states.HELD:
            await moves.write(
                row, "release", {"state": states.WAITING}, actor=actor, at=at, plugins=plugins,
                note={"by": "gate without network"},
            )  # fmt: skip
        decision = await plugins.check_admission(await judging.facts_of(row, at=at))
        await moves.write(
            row,
            "admit",
            {"state": states.INSIDE, "entered_at": at},
            actor=actor,
            at=at,
            plugins=plugins,
            note={"mode": "offline", **moves.logged_decision(decision)},
        )
        members = await judging.party(row)
        await visitors.note_visit([one.id for one in members], at=at)
    return decision


async def was_earlier(
    registration_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins, **moments: datetime
) -> None:
    """Put `entered_at` or `left_at` right: an earlier scan arrived after the one they were taken from."""
    async with db.writing():
        row = await moves.take(registration_id, "correct", actor=actor)
        await moves.write(
            row, "correct", moments, actor=actor, at=at, plugins=plugins, note={"mode": "offline"}
        )
        if "left_at" in moments:
            await db.execute(
                "UPDATE pass SET revoked_at = {}, version = version + 1"
                " WHERE registration = {} AND revoked_reason = {}",
                clock.to_ms(moments["left_at"]),
                registration_id,
                LEFT,
            )
