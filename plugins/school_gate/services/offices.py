"""Setting which office a grade has: it alone stamps that grade's leave slips from then on (SCH-5)."""

from datetime import datetime
from uuid import UUID

from core import db
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.school_gate.queries import offices
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import WRITE_PUPILS
from plugins.school_gate.tables import Grade


async def set_office(grade_id: UUID, office_id: UUID | None, *, actor: Actor, at: datetime) -> None:
    """Let one office stamp a grade's slips, or with None every grade office of the site."""
    async with db.writing():
        await db.fetch("SELECT id FROM school_gate_grade WHERE id = {} FOR UPDATE", grade_id)
        grade = await Grade.objects().where(Grade.id == grade_id).first()
        if grade is None:
            raise NotFoundError
        permit(actor, grade.site, WRITE_PUPILS)
        if office_id is not None and office_id not in dict(await offices.choices()):
            raise InvalidInputError({"office": N_("Please choose one of the options.")})
        if grade.office == office_id:
            return
        await Grade.update({Grade.office: office_id}).where(Grade.id == grade_id)
        await record(
            actor,
            "school_gate.grade_office",
            "school_gate_grade",
            grade_id,
            at=at,
            before={"office": grade.office},
            after={"office": office_id},
        )
