"""Joint reception: units called by phone to be here by a time, arrivals, what came of it (GOV-17, GOV-53)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import number_label
from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.coordination import queries
from plugins.government.coordination.facts import JOINT_WHYS, OUTCOMES
from plugins.government.coordination.tables import JointReception, JointUnit
from plugins.government.facts import MATTER
from plugins.government.handling import handing, telling
from plugins.government.handling.tables import UnitCall
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.matters.tables import Matter
from plugins.government.numbers import next_number
from plugins.government.units import queries as units

TABLE = "government_joint_reception"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Who is asked to come by when and where."""

    why: str
    unit_ids: Sequence[UUID]
    arrive_by: datetime | None
    place: str


async def begin(matter_id: UUID, new: Invitation, *, actor: Actor, at: datetime) -> UUID:
    """Begin a joint reception: the units are named, each is then called."""
    arrive_by = new.arrive_by or at
    problems: dict[str, Message] = {}
    if new.why not in JOINT_WHYS:
        problems["why"] = N_("Please choose one of the options.")
    if not new.unit_ids:
        problems["units"] = N_("Choose at least one unit.")
    if arrive_by <= at:
        problems["arrive_by"] = N_("Choose a time to come.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row = await matters.take_open(matter_id, actor, at)
        if await queries.current_joint(matter_id) is not None:
            raise WrongStateError(N_("A joint reception for this item goes on already."))
        made_id = uuid4()
        year = site_time(at).year
        await JointReception.insert(
            JointReception(
                id=made_id,
                number=number_label(year, await next_number("government.joint", year, at=at)),
                matter=matter_id,
                why=new.why,
                place=new.place.strip(),
                arrive_by=arrive_by,
                asked_at=at,
                asked_by_name=actor.name,
            )
        )
        for unit_id in dict.fromkeys(new.unit_ids):
            unit = await units.unit(unit_id)
            if row.holder == unit_id:
                await handing.refuse_accused(matter_id, unit, actor=actor, at=at)
            else:
                await handing.let_know(matter_id, unit, "joint", actor=actor, at=at)
            await JointUnit.insert(JointUnit(id=uuid4(), joint=made_id, unit=unit_id))
            await telling.unit(row, unit_id, f"joint:{made_id}", at=at)
        await record(
            actor,
            "government.joint",
            MATTER,
            matter_id,
            at=at,
            after={"units": list(new.unit_ids), "arrive_by": arrive_by},
        )
        await timeline.note(
            matter_id,
            "joint",
            N_("Joint reception: units asked to be here by {time}",
               time=site_time(arrive_by).strftime("%Y-%m-%d %H:%M")),
            actor=actor,
            at=at,
        )  # fmt: skip
    return made_id


async def _take(
    matter_id: UUID, unit_id: UUID | None, actor: Actor, at: datetime
) -> tuple[Matter, JointReception, JointUnit | None]:
    row = await matters.take(matter_id, actor, at)
    made = await JointReception.objects().get(
        (JointReception.matter == matter_id) & JointReception.ended_at.is_null()
    )
    if made is None:
        raise WrongStateError(N_("No joint reception for this item goes on."))
    if unit_id is None:
        return row, made, None
    found = await JointUnit.objects().get(
        (JointUnit.joint == made.id) & (JointUnit.unit == unit_id)
    )
    if found is None:
        raise InvalidInputError({"unit": N_("Only units of this joint reception.")})
    return row, made, found


async def call(
    matter_id: UUID,
    unit_id: UUID,
    *,
    spoke_with: str,
    answer: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Write down a call to a unit: who took it and what they said."""
    if not spoke_with.strip():
        raise InvalidInputError({"spoke_with": N_("Say who took the call.")})
    async with db.writing():
        _, made, found = await _take(matter_id, unit_id, actor, at)
        assert found is not None  # noqa: S101 - the unit was named
        call_id = uuid4()
        await UnitCall.insert(
            UnitCall(
                id=call_id,
                matter=matter_id,
                unit=unit_id,
                purpose="joint",
                record=made.id,
                called_at=at,
                by_name=actor.name,
                spoke_with=spoke_with.strip(),
                answer_cipher=sealing.seal(
                    answer.strip(), "government_unit_call", "answer_cipher", call_id
                ),
            )
        )
        await record(actor, "government.call", MATTER, matter_id, at=at, after={"unit": unit_id})
        unit = await units.unit(unit_id)
        text = N_("Called {unit} to come", unit=unit.name)
        await timeline.note(matter_id, "call", text, body=answer, actor=actor, at=at)


async def arrive(
    matter_id: UUID,
    unit_id: UUID,
    *,
    people: str,
    arrived_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Write down that a unit's people came, and when."""
    problems: dict[str, Message] = {}
    if not people.strip():
        problems["people"] = N_("Say who came.")
    moment = arrived_at or at
    if moment > at:
        problems["arrived_at"] = N_("This time has not come yet.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        _, made, found = await _take(matter_id, unit_id, actor, at)
        assert found is not None  # noqa: S101 - the unit was named
        if found.arrived_at is not None:
            raise WrongStateError(N_("This unit is here already."))
        found.arrived_at, found.people = moment, people.strip()
        await found.save()
        late = moment > made.arrive_by
        await record(
            actor,
            "government.arrive",
            MATTER,
            matter_id,
            at=at,
            after={"unit": unit_id, "late": late},
        )
        unit = await units.unit(unit_id)
        text = (
            N_("{unit} came, too late", unit=unit.name)
            if late
            else N_("{unit} came in time", unit=unit.name)
        )
        await timeline.note(matter_id, "arrive", text, actor=actor, at=at)


async def end(matter_id: UUID, *, outcome: str, note: str, actor: Actor, at: datetime) -> None:
    """End a joint reception with what came of it."""
    if outcome not in OUTCOMES:
        raise InvalidInputError({"outcome": N_("Please choose one of the options.")})
    async with db.writing():
        _, made, _ = await _take(matter_id, None, actor, at)
        made.outcome, made.ended_at = outcome, at
        made.note_cipher = sealing.seal(note.strip(), TABLE, "note_cipher", made.id)
        await made.save()
        await record(
            actor, "government.joint_end", MATTER, matter_id, at=at, after={"outcome": outcome}
        )
        text = N_("Joint reception ended: {outcome}", outcome=OUTCOMES[outcome])
        await timeline.note(matter_id, "joint_end", text, body=note.strip(), actor=actor, at=at)
