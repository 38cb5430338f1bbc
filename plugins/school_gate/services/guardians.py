"""Photos of the adults who may collect a pupil: kept, replaced, let go (SCH-5).

Stored: one portrait for each adult, seen by the pupil's class teacher, the office and the guards who let
pupils go; as long as the pupil is on the roster, and erased with the adult's own data on request.
"""

from datetime import datetime
from uuid import UUID

from core import db
from core.attachments import services as attachments
from core.errors import NotFoundError
from core.log.services import record
from core.permissions import Actor
from plugins.school_gate.queries import pupils
from plugins.school_gate.queries.adults import keeps_adults
from plugins.school_gate.queries.rights import places
from plugins.school_gate.tables import Guardian

RECORD = "school_gate_guardian"


async def set_photo(guardian_id: UUID, data: bytes, *, actor: Actor, at: datetime) -> UUID:
    """Keep an adult's photo, the one before is erased; return whose adult they are."""
    await _permitted(guardian_id, actor)
    picture = await attachments.take(data, portrait=True)
    async with db.writing():
        guardian = await _permitted(guardian_id, actor, lock=True)
        made = await attachments.attach(
            picture, record_kind=RECORD, record_id=guardian_id, actor=actor, at=at
        )
        await _replace(guardian, made.id, actor=actor, at=at)
    return UUID(str(guardian.pupil))


async def remove_photo(guardian_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Erase an adult's photo; return whose adult they are."""
    async with db.writing():
        guardian = await _permitted(guardian_id, actor, lock=True)
        await _replace(guardian, None, actor=actor, at=at)
    return UUID(str(guardian.pupil))


async def erase_photos(condition: str, args: list[UUID], *, actor: Actor, at: datetime) -> None:
    """Erase the photos of adults that a condition on `a` picks, inside the caller's transaction."""
    rows = await db.fetch(
        f"SELECT a.id, a.photo FROM school_gate_guardian a WHERE a.photo IS NOT NULL AND {condition}",  # noqa: S608 - written by callers here
        *args,
    )
    for row in rows:
        await attachments.erase(row["photo"], actor=actor, at=at)
    if rows:
        ids = [row["id"] for row in rows]
        await db.execute(
            f"UPDATE school_gate_guardian SET photo = NULL WHERE id IN ({places(ids)})",  # noqa: S608
            *ids,
        )


async def _permitted(guardian_id: UUID, actor: Actor, *, lock: bool = False) -> Guardian:
    """Return an adult of a pupil whose roster the actor keeps, or whose class teacher they are."""
    if lock:
        await db.fetch("SELECT id FROM school_gate_guardian WHERE id = {} FOR UPDATE", guardian_id)
    guardian = (
        await Guardian.objects().where(Guardian.id == guardian_id, Guardian.active.eq(True)).first()
    )
    if guardian is None:
        raise NotFoundError
    pupil = await pupils.pupil(guardian.pupil, actor)
    if not await keeps_adults(actor, pupil):
        raise NotFoundError
    return guardian


async def _replace(guardian: Guardian, photo: UUID | None, *, actor: Actor, at: datetime) -> None:
    if guardian.photo is not None:
        await attachments.erase(guardian.photo, actor=actor, at=at)
    await Guardian.update({Guardian.photo: photo}).where(Guardian.id == guardian.id)
    await record(
        actor,
        "school_gate.guardian_photo" if photo else "school_gate.guardian_photo_gone",
        "school_gate_pupil",
        guardian.pupil,
        at=at,
        after={"guardian": guardian.id},
    )
