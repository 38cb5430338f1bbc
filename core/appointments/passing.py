"""What the passing of time does to appointments: unanswered ones lapse, absent visitors are noted."""

from datetime import datetime, timedelta

from core import db
from core.appointments import moves, states
from core.appointments.rulebook import visits_ahead
from core.appointments.tables import Appointment
from core.errors import WrongStateError
from core.permissions import SYSTEM
from core.plugins import Plugins


async def expire_unanswered(*, at: datetime, plugins: Plugins) -> int:
    """Call off proposals whose time passed without an answer; return how many."""
    return await _past(states.PROPOSED, "cancel", states.CANCELLED, at, at=at, plugins=plugins)


async def note_absent(*, at: datetime, plugins: Plugins) -> int:
    """Note as not come whoever was confirmed and has not come long after the agreed end."""
    grace = timedelta(minutes=(await visits_ahead(at)).no_show_minutes)
    return await _past(
        states.CONFIRMED, "no_show", states.NO_SHOW, at - grace, at=at, plugins=plugins
    )


async def _past(
    state: str, act: str, to: str, before: datetime, *, at: datetime, plugins: Plugins
) -> int:
    done = 0
    rows = await Appointment.select(Appointment.id).where(
        Appointment.state == state, Appointment.ends_at < before
    )
    for found in rows:
        async with db.writing():
            try:
                row = await moves.take(found["id"], act, actor=SYSTEM)
            except WrongStateError:
                continue  # somebody was faster
            if row.state != state or row.ends_at >= before:
                continue
            await moves.write(row, act, {"state": to}, actor=SYSTEM, at=at, plugins=plugins)
            done += 1
    return done
