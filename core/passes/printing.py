"""Printing a pass again as it is: its code leaves the house once more, so that is logged."""

from datetime import datetime

from core import db
from core.errors import WrongStateError
from core.i18n import N_
from core.log.services import record
from core.passes.services import token_of
from core.passes.tables import Pass
from core.permissions import Actor


async def print_again(pass_id: str, *, actor: Actor, at: datetime) -> str:
    """Return the text of a pass's QR code for another print; WrongStateError for a revoked one."""
    token = await token_of(pass_id)
    async with db.writing():
        if await Pass.exists().where(Pass.id == pass_id, Pass.revoked_at.is_not_null()):
            raise WrongStateError(N_("This pass was revoked. It is not printed any more."))
        await record(actor, "pass.print", "pass", pass_id, at=at)
    return token
