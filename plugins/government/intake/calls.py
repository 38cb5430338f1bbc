"""Calls: who rang from which number, how often it rang, how long it lasted (GOV-5)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core import db
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.intake import desk
from plugins.government.intake.desk import Done, Screened
from plugins.government.intake.facts import Reception
from plugins.government.intake.tables import Call

LONGEST = timedelta(hours=4)


def seconds_of(started_ms: str, now_ms: int) -> int:
    """Return how long a call lasted by the moment its form was opened; 0 for nonsense."""
    if not started_ms.isascii() or not started_ms.isdigit() or len(started_ms) > 15:
        return 0
    seconds = (now_ms - int(started_ms)) // 1000
    return seconds if 0 <= seconds <= LONGEST.total_seconds() else 0


async def take(
    new: Reception,
    screened: Screened,
    *,
    rings: int | None,
    seconds: int,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Done:
    """Enter a call as an item or to one."""
    async with db.writing():
        done = await desk.receive(new, screened, actor=actor, at=at, plugins=plugins)
        await Call.insert(
            Call(id=uuid4(), contact=done.received.contact_id, rings=rings, seconds=seconds)
        )
    return done


async def notes_of(contact_id: object) -> dict[str, Any] | None:
    """Return how a call was taken; None for what is no call."""
    rows = await db.fetch(
        "SELECT rings, seconds FROM government_call WHERE contact = {}", contact_id
    )
    return dict(rows[0]) if rows else None
