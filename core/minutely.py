"""What the core does about once a minute while a server runs; done twice it is the same."""

from datetime import datetime

from core.approvals import seating
from core.deadlines import extending, holidays, recomputing, sweeping
from core.plugins import Plugins


async def do_what_is_due(at: datetime, plugins: Plugins) -> None:
    """Remind signers, take back what is asked for no more, keep the table of holidays, warn."""
    await extending.lapse(at=at, plugins=plugins)
    await seating.remind_due(at)
    await holidays.bring_shipped(at=at)
    await recomputing.recompute(at=at, plugins=plugins)
    await sweeping.sweep(at, plugins)
