"""An item is closed: what other rooms still had open of it ends with it, in the same transaction.

Urgings need no row of their own for it: one waits for its answer while its item is open.
"""

from datetime import datetime
from uuid import UUID

from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.coordination.facts import DONE, OFF, REFUSED
from plugins.government.coordination.tables import Coordination, JointReception
from plugins.government.facts import MATTER
from plugins.government.matters import timeline
from plugins.government.supervising import states
from plugins.government.supervising.tables import Supervision

SUPERVISION = "government_supervision"
_OUTCOME = N_("Ended with the item")


async def end(matter_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End supervisions, coordinations and joint receptions of a closed item, each with its entry."""
    await _supervisions(matter_id, actor, at)
    await _coordinations(matter_id, actor, at)
    await _joints(matter_id, actor, at)


async def _supervisions(matter_id: UUID, actor: Actor, at: datetime) -> None:
    for row in await Supervision.objects().where(
        Supervision.matter == matter_id, Supervision.closed_at.is_null()
    ):
        row.state, row.closed_at = states.CLOSED, at
        row.outcome_cipher = sealing.seal(
            _OUTCOME.translate("zh_Hans"), SUPERVISION, "outcome_cipher", row.id
        )
        row.version += 1
        await row.save()
        shown = {"state": row.state, "with_item": True}
        await record(actor, "government.supervision_close", SUPERVISION, row.id, at=at, after=shown)
        said = N_("Supervision {number} ended with the item", number=row.number)
        await _note(matter_id, "supervision_close", said, actor, at)


async def _coordinations(matter_id: UUID, actor: Actor, at: datetime) -> None:
    for row in await Coordination.objects().where(
        Coordination.matter == matter_id, Coordination.state.not_in([REFUSED, DONE, OFF])
    ):
        row.state, row.ended_at = OFF, at
        await row.save([Coordination.state, Coordination.ended_at])
        shown = {"number": row.number, "with_item": True}
        await record(actor, "government.call_off", MATTER, matter_id, at=at, after=shown)
        said = N_("Coordination {number} ended with the item", number=row.number)
        await _note(matter_id, "call_off", said, actor, at)


async def _joints(matter_id: UUID, actor: Actor, at: datetime) -> None:
    for row in await JointReception.objects().where(
        JointReception.matter == matter_id, JointReception.ended_at.is_null()
    ):
        row.ended_at = at
        await row.save([JointReception.ended_at])
        shown = {"number": row.number, "with_item": True}
        await record(actor, "government.joint_end", MATTER, matter_id, at=at, after=shown)
        said = N_("Joint reception {number} ended with the item", number=row.number)
        await _note(matter_id, "joint_end", said, actor, at)


async def _note(matter_id: UUID, act: str, said: Message, actor: Actor, at: datetime) -> None:
    await timeline.note(matter_id, act, said, actor=actor, at=at)
