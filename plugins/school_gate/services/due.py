"""What is due each minute: refused badges are counted, printed files and half-made batches let go."""

from datetime import datetime

from plugins.school_gate.services import badges, deposits, offences


async def do_what_is_due(at: datetime) -> None:
    """Do it; done twice, it is the same."""
    await offences.collect_refused(at)
    await badges.let_go(at)
    await deposits.remind(at)
