"""Items registered, moved from stage to stage, held by a unit, corrected. One act, one transaction.

The log gets ids, codes and names of fields; never a word of what people say or who they are.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import number_label
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.facts import (
    ACCUSATION,
    CHANNELS,
    MATTER,
    PURPOSES,
    size_of,
)
from plugins.government.handling import holders
from plugins.government.matters import access, states, timeline
from plugins.government.matters.facts import NewMatter
from plugins.government.matters.tables import Matter, MatterPerson, MatterReader, MatterUnit
from plugins.government.numbers import next_number

_TABLE = "government_matter"
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 10


def new_query_code() -> str:
    """Return a code by which a petitioner asks for the state of an item; easily read aloud."""
    return "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))


async def register(new: NewMatter, *, actor: Actor, at: datetime) -> Matter:
    """Register an item; joins the caller's transaction. Its number is given once within the year."""
    problems = {}
    if new.channel not in CHANNELS or new.purpose not in PURPOSES:
        problems["purpose"] = N_("Please choose one of the options.")
    if not new.title.strip():
        problems["title"] = N_("Please fill this in.")
    if new.heads < 1:
        problems["heads"] = N_("At least one person came.")
    if new.skip_level and not new.skip_reason.strip():
        problems["skip_reason"] = N_("Say why they come to a higher level.")
    if problems:
        raise InvalidInputError(problems)
    day = site_time(at).date()
    code = new_query_code()
    async with db.writing():
        matter_id = uuid4()
        row = Matter(
            id=matter_id,
            number=number_label(day.year, await next_number("government.matter", day.year, at=at)),
            site=new.site_id,
            stage=states.REGISTERED,
            channel=new.channel,
            source=new.source,
            source_number=new.source_number,
            purpose=new.purpose,
            subject=new.subject_id,
            place=new.place_id,
            petitioner=new.petitioner_id,
            title_cipher=sealing.seal(new.title, _TABLE, "title_cipher", matter_id),
            demand_cipher=sealing.seal(new.demand, _TABLE, "demand_cipher", matter_id),
            facts_cipher=sealing.seal(new.facts, _TABLE, "facts_cipher", matter_id),
            place_cipher=sealing.seal(new.place_text, _TABLE, "place_cipher", matter_id),
            heads=new.heads,
            size=size_of(new.heads),
            frequency=new.frequency,
            anonymous=new.anonymous,
            joint_letter=new.joint_letter,
            skip_level=new.skip_level,
            skip_reason=sealing.seal(new.skip_reason, _TABLE, "skip_reason", matter_id),
            earlier_opinion=new.earlier_opinion,
            urgency=new.urgency,
            secret=new.secret or new.purpose == ACCUSATION,
            same_as=new.same_as,
            day=day,
            query_index=sealing.index_of("query", code),
            query_cipher=sealing.seal(code, _TABLE, "query_cipher", matter_id),
            registered_at=at,
            registered_by=actor.id,
            registered_by_name=actor.name,
        )
        await Matter.insert(row)
        await holders.take_first(row, actor=actor, at=at)
        if new.petitioner_id is not None:
            await add_person(matter_id, new.petitioner_id, "petitioner")
        await timeline.note(
            matter_id,
            "register",
            N_("Registered as {number}", number=row.number),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
        shown = {"number": row.number, "channel": row.channel, "purpose": row.purpose}
        await record(actor, "government.register", MATTER, matter_id, at=at, after=shown)
    return row


async def add_person(matter_id: UUID, petitioner_id: UUID, role: str) -> None:
    """Add somebody to the party of an item, once; joins the caller's transaction."""
    async with db.writing():
        known = await MatterPerson.objects().get(
            (MatterPerson.matter == matter_id) & (MatterPerson.petitioner == petitioner_id)
        )
        if known is None:
            await MatterPerson.insert(
                MatterPerson(id=uuid4(), matter=matter_id, petitioner=petitioner_id, role=role)
            )
        elif known.role != role:
            known.role = role
            await known.save()


async def lock(matter_id: UUID) -> None:
    """Lock an item until the transaction ends; its parts and requests are locked after it, never before."""
    await db.fetch("SELECT id FROM government_matter WHERE id = {} FOR UPDATE", matter_id)


async def take(matter_id: UUID, actor: Actor, at: datetime, *, once: bool = False) -> Matter:
    """Return an item locked for an act; NotFoundError for whom it does not exist.

    RefusedError for who only looks at it: through the glass, or (but for `once`) for a former unit.
    """
    # Locked first: whoever was barred while this waited for the lock acts no more.
    await lock(matter_id)
    await access.require_act(matter_id, actor, at, once=once)
    row = await Matter.objects().get(Matter.id == matter_id)
    if row is None:
        raise NotFoundError
    return row


async def take_open(matter_id: UUID, actor: Actor, at: datetime) -> Matter:
    """Return an item locked for an act that makes sense while it is open; else WrongStateError."""
    row = await take(matter_id, actor, at)
    if row.stage not in states.OPEN:
        raise WrongStateError(N_("The item is further along than that. Look at it again."))
    return row


async def move(row: Matter, act: str, *, actor: Actor, at: datetime, **log: Any) -> None:
    """Move a taken item along; WrongStateError where the act is not possible at its stage."""
    if not states.may(act, row.stage):
        raise WrongStateError(N_("The item is further along than that. Look at it again."))
    before, row.stage = row.stage, states.after(act, row.stage)
    await holders.counted(row, before in states.OPEN, row.stage in states.OPEN, actor=actor, at=at)
    if row.stage not in states.OPEN and row.closed_at is None:
        row.closed_at = at
    elif row.stage in states.OPEN:
        row.closed_at = None
    if row.stage == states.ACCEPTED and row.accepted_at is None:
        row.accepted_at = at
    row.version += 1
    await row.save(
        [Matter.stage, Matter.closed_at, Matter.accepted_at, Matter.close_reason, Matter.version]
    )
    await record(
        actor,
        f"government.{act}",
        MATTER,
        row.id,
        at=at,
        before={"stage": before},
        after={"stage": row.stage, **log},
    )


async def change(
    row: Matter, act: str, values: dict[Any, Any], *, actor: Actor, at: datetime, **log: Any
) -> None:
    """Write columns of a taken item and the log's row; not its stage."""
    values = {**values, Matter.version: Matter.version + 1}
    await Matter.update(values).where(Matter.id == row.id)
    await record(actor, f"government.{act}", MATTER, row.id, at=at, after=log or None)


async def concern(
    matter_id: UUID, unit_id: UUID, *, at: datetime, role: str = "undertaking"
) -> None:
    """Let a unit have to do with an item from now on; joins the caller's transaction.

    The caller has asked `secrecy` first: an accused unit is refused (GOV-50).
    """
    async with db.writing():
        known = await MatterUnit.objects().get(
            (MatterUnit.matter == matter_id) & (MatterUnit.unit == unit_id)
        )
        if known is None:
            known = MatterUnit(id=uuid4(), matter=matter_id, unit=unit_id, role=role, since=at)
            await MatterUnit.insert(known)
        else:
            known.role, known.until = role, None
            await known.save()


async def let_read(
    matter_id: UUID, user_id: UUID, *, why: str, at: datetime, until: datetime | None = None
) -> None:
    """Let somebody read one item; joins the caller's transaction. A barred one stays barred."""
    await MatterReader.insert(
        MatterReader(id=uuid4(), matter=matter_id, user=user_id, why=why, since=at, until=until)
    )


def sealed(matter_id: UUID, column: str, text: str) -> str:
    """Return a text of an item as its column stores it (`title_cipher`, `demand_cipher`, ...)."""
    return sealing.seal(text, _TABLE, column, matter_id)
