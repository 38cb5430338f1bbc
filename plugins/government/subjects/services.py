"""Subjects entered, named anew, switched off; the usual tree entered at once. Nothing is removed."""

from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.government.matters.tables import Subject
from plugins.government.subjects.usual import USUAL

RECORD = "government_subject"
LEVELS = 3


async def add(
    name: str, *, parent_id: UUID | None, actor: Actor, at: datetime, code: str = ""
) -> UUID:
    """Enter a subject below another, at most on the third level; without a code one is counted."""
    if not name.strip():
        raise InvalidInputError({"name": N_("Please fill this in.")})
    async with db.writing():
        parent = await _row(parent_id) if parent_id is not None else None
        level = parent.level + 1 if parent else 1
        if level > LEVELS:
            raise InvalidInputError({"parent": N_("Subjects have three levels at most.")})
        siblings = await Subject.objects().where(
            Subject.parent == parent_id if parent else Subject.parent.is_null()
        )
        taken = {one.code for one in siblings}
        if name.strip() in {one.name for one in siblings}:
            raise InvalidInputError({"name": N_("There is such a subject here already.")})
        if code and not (code.isascii() and code.isalnum()):
            raise InvalidInputError({"code": N_("Letters and digits only.")})
        code = code or next(c for c in (f"{n:02}" for n in range(1, 1000)) if c not in taken)
        if code in taken:
            raise InvalidInputError({"code": N_("This code is taken on this level.")})
        row = Subject(
            id=uuid4(),
            parent=parent_id,
            level=level,
            code=code,
            path=f"{parent.path}/{code}" if parent else code,
            name=name.strip(),
            order=10 * (len(siblings) + 1),
        )
        await Subject.insert(row)
        shown = {"path": row.path, "name": row.name}
        await record(actor, "government.subject_add", RECORD, row.id, at=at, after=shown)
    return row.id


async def change(subject_id: UUID, *, name: str, active: bool, actor: Actor, at: datetime) -> None:
    """Name a subject anew, or switch it off with all below it; items keep what they have."""
    if not name.strip():
        raise InvalidInputError({"name": N_("Please fill this in.")})
    async with db.writing():
        row = await _row(subject_id)
        beside = Subject.parent == row.parent if row.parent else Subject.parent.is_null()
        if await Subject.exists().where(
            beside, Subject.name == name.strip(), Subject.id != subject_id
        ):
            raise InvalidInputError({"name": N_("There is such a subject here already.")})
        before = {"name": row.name, "active": row.active}
        row.name, row.active = name.strip(), active
        await row.save([Subject.name, Subject.active])
        after = {"name": row.name, "active": row.active}
        await record(
            actor, "government.subject_change", RECORD, row.id, at=at, before=before, after=after
        )


async def enter_usual(*, actor: Actor, at: datetime) -> int:
    """Enter the usual tree where there is none yet; return how many subjects it has."""
    async with db.writing():
        if await Subject.exists():
            raise WrongStateError(N_("There are subjects already: edit those."))
        rows: list[Subject] = []

        def enter(name: str, place: int, parent: Subject | None) -> Subject:
            code = f"{place:02}"
            row = Subject(
                id=uuid4(),
                parent=parent.id if parent else None,
                level=parent.level + 1 if parent else 1,
                code=code,
                path=f"{parent.path}/{code}" if parent else code,
                name=name,
                order=10 * place,
            )
            rows.append(row)
            return row

        for first, (name, seconds) in enumerate(USUAL.items(), 1):
            top = enter(name, first, None)
            for second, (below, thirds) in enumerate(seconds.items(), 1):
                middle = enter(below, second, top)
                for third, lowest in enumerate(thirds, 1):
                    enter(lowest, third, middle)
        for row in rows:
            await Subject.insert(row)
        await record(actor, "government.subjects_usual", RECORD, at=at, after={"count": len(rows)})
    return len(rows)


async def _row(subject_id: UUID) -> Subject:
    row = await Subject.objects().get(Subject.id == subject_id)
    if row is None:
        raise NotFoundError
    return row
