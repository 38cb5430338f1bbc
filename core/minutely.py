"""What the core does about once a minute while a server runs; done twice it is the same."""

from datetime import datetime

from core.approvals import seating
from core.deadlines import holidays, recomputing, sweeping


async def do_what_is_due(at: datetime) -> None:
    """Remind signers, keep the table of holidays, warn of deadlines."""
    await seating.remind_due(at)
    await holidays.bring_shipped(at=at)
    await recomputing.recompute(at=at)
    await sweeping.sweep(at)
