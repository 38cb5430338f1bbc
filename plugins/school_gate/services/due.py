"""What is due each minute: refused badges are counted, old files and half-made batches let go."""

from datetime import datetime, timedelta

from core import db
from plugins.school_gate.services import badges, offences
from plugins.school_gate.services.rosters import DISCARDED, PREVIEW
from plugins.school_gate.tables import RosterImport

KEPT = timedelta(days=30)


async def do_what_is_due(at: datetime) -> None:
    """Do it; done twice, it is the same."""
    await offences.collect_refused(at)
    await badges.let_go(at)
    await _forget_files(at)


async def _forget_files(at: datetime) -> None:
    """Let the rows of roster files go that were read long ago (registered.RETENTION)."""
    if not await RosterImport.exists().where(
        RosterImport.created_at < at - KEPT, RosterImport.rows_cipher.is_not_null()
    ):
        return
    async with db.writing():
        await RosterImport.update(
            {RosterImport.rows_cipher: None, RosterImport.finished_at: at}
        ).where(RosterImport.created_at < at - KEPT, RosterImport.rows_cipher.is_not_null())
        await RosterImport.update({RosterImport.state: DISCARDED}).where(
            RosterImport.created_at < at - KEPT, RosterImport.state == PREVIEW
        )
