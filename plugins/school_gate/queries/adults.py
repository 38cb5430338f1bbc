"""The adults of a pupil: who keeps what the school knows of them; reads only."""

from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.school_gate.queries.pupils import PupilLine, pupil
from plugins.school_gate.registered import WRITE_PUPILS
from plugins.school_gate.tables import SchoolClass


async def pupil_of_adult(guardian_id: UUID, actor: Actor) -> UUID:
    """Return whose adult somebody is; NotFoundError unless the actor keeps that pupil's adults."""
    rows = await db.fetch(
        "SELECT pupil FROM school_gate_guardian WHERE id = {} AND active", guardian_id
    )
    if not rows:
        raise NotFoundError
    found = await pupil(rows[0]["pupil"], actor)
    if not await keeps_adults(actor, found):
        raise NotFoundError
    return found.id


async def keeps_adults(actor: Actor, pupil: PupilLine) -> bool:
    """Say whether somebody keeps a pupil's adults: photos, their links. Who keeps the roster, the teacher.

    Not whoever may see pupils: a parent's agreement is given behind the link.
    """
    if actor.may_at(WRITE_PUPILS, pupil.site_id):
        return True
    return actor.host_id is not None and await SchoolClass.exists().where(
        SchoolClass.id == pupil.class_id, SchoolClass.teacher == actor.host_id
    )
