"""What is due each minute: refused badges counted, printed files let go, slips' exits and returns noted."""

from datetime import datetime

from plugins.school_gate.events.admitting import settle as settle_events
from plugins.school_gate.leave.boarders import tell_missing
from plugins.school_gate.leave.settling import settle
from plugins.school_gate.services import badges, deposits, offences


async def do_what_is_due(at: datetime) -> None:
    """Do it; done twice, it is the same."""
    await offences.collect_refused(at)
    await badges.let_go(at)
    await deposits.remind(at)
    await settle(at)
    await tell_missing(at)
    await settle_events(at)
