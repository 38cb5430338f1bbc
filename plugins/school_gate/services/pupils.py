"""Changing one pupil: class, boarding, photo, leaving the school.

Stored: name, class, school number, photo. Badges of who leaves are revoked at once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.attachments import services as attachments
from core.errors import InvalidInputError, StaleError
from core.i18n import N_
from core.log.services import changes, record
from core.passes import services as passes
from core.permissions import Actor
from plugins.school_gate.queries import badges, pupils
from plugins.school_gate.queries.pupils import PupilLine
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import WRITE_PUPILS
from plugins.school_gate.services.rosters import search_text
from plugins.school_gate.tables import Pupil, SchoolClass


async def _locked(pupil_id: UUID, actor: Actor, version: int | None) -> PupilLine:
    await db.fetch("SELECT id FROM school_gate_pupil WHERE id = {} FOR UPDATE", pupil_id)
    pupil = await pupils.pupil(pupil_id, actor)
    permit(actor, pupil.site_id, WRITE_PUPILS)
    if version is not None and pupil.version != version:
        raise StaleError
    return pupil


async def change(
    pupil_id: UUID,
    *,
    name: str,
    class_id: UUID,
    kind: str,
    sex: str,
    boards: bool,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Change what the roster says of a pupil."""
    async with db.writing():
        pupil = await _locked(pupil_id, actor, version)
        there = await SchoolClass.exists().where(
            SchoolClass.id == class_id, SchoolClass.grade.site == pupil.site_id
        )
        if not there:
            raise InvalidInputError({"class": N_("Please choose one of the options.")})
        before = _shown(pupil)
        after = {
            "name": name,
            "class": str(class_id),
            "kind": kind,
            "sex": sex,
            "boards": boards,
        }
        old, new = changes(before, after)
        if not new:
            return
        await Pupil.update(
            {
                Pupil.name: name,
                Pupil.school_class: class_id,
                Pupil.kind: kind,
                Pupil.sex: sex,
                Pupil.boards: boards,
                Pupil.tokens: search_text(name, pupil.number),
                Pupil.updated_at: at,
                Pupil.version: pupil.version + 1,
            }
        ).where(Pupil.id == pupil_id)
        await record(
            actor,
            "school_gate.pupil_change",
            "school_gate_pupil",
            pupil_id,
            at=at,
            before=old,
            after=new,
        )


def _shown(pupil: PupilLine) -> Mapping[str, Any]:
    return {
        "name": pupil.name,
        "class": str(pupil.class_id),
        "kind": pupil.kind,
        "sex": pupil.sex,
        "boards": pupil.boards,
    }


async def set_photo(pupil_id: UUID, data: bytes, *, actor: Actor, at: datetime) -> None:
    """Keep a photo for badge and gate; the one before is erased."""
    picture = await attachments.take(data, portrait=True)
    async with db.writing():
        pupil = await _locked(pupil_id, actor, None)
        made = await attachments.attach(
            picture, record_kind="school_gate_pupil", record_id=pupil_id, actor=actor, at=at
        )
        await Pupil.update({Pupil.photo: made.id, Pupil.updated_at: at}).where(Pupil.id == pupil_id)
        if pupil.photo is not None:
            await attachments.erase(pupil.photo, actor=actor, at=at)


async def set_active(pupil_id: UUID, active: bool, *, actor: Actor, at: datetime) -> None:
    """Take a pupil off the roster, with all badges revoked, or back onto it."""
    async with db.writing():
        pupil = await _locked(pupil_id, actor, None)
        if pupil.active == active:
            return
        await Pupil.update(
            {Pupil.active: active, Pupil.updated_at: at, Pupil.version: pupil.version + 1}
        ).where(Pupil.id == pupil_id)
        await record(
            actor,
            "school_gate.pupil_back" if active else "school_gate.pupil_leave",
            "school_gate_pupil",
            pupil_id,
            at=at,
        )
        if not active:
            for badge in await badges.badges_of(pupil_id, pupil.pass_kind):
                if badge.is_good(clock.to_ms(at)):
                    await passes.revoke(badge.pass_id, reason="left the school", actor=actor, at=at)
