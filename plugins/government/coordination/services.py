"""Coordination of hard items: plan signed, meeting, minutes, what was agreed followed up (GOV-27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import holders
from core.approvals.facts import ApprovalFacts
from core.decisions import Deny
from core.documents.numbering import number_label
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.coordination import queries
from plugins.government.coordination.facts import (
    APPROVED,
    MOVES,
    OFF,
    PLANNED,
    UNDECIDED,
    WHYS,
)
from plugins.government.coordination.tables import Coordination, CoordinationUnit, Measure
from plugins.government.facts import MATTER
from plugins.government.handling import handing, telling
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Matter
from plugins.government.numbers import next_number
from plugins.government.rights import HANDLE, LEADER
from plugins.government.secrecy import policies as accused
from plugins.government.secrecy import queries as secrecy
from plugins.government.signing import services as signing
from plugins.government.signing.facts import PLAN
from plugins.government.units import queries as units

TABLE, FOLLOW = "government_coordination", "government_measure"
KIND = "government.plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is planned: why, with whom, when and where, and what the desk proposes."""

    why: str
    unit_ids: Sequence[UUID]
    text: str
    meets_at: datetime | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a meeting went; `agreed` items are (unit, what, by when)."""

    came: Sequence[UUID]
    minutes: str
    agreed: bool
    follow_ups: Sequence[tuple[UUID, str, date]]


async def plan(matter_id: UUID, new: Plan, *, actor: Actor, at: datetime, plugins: Plugins) -> UUID:
    """Plan a coordination and ask the heads to sign the plan."""
    problems: dict[str, Message] = {}
    if new.why not in WHYS:
        problems["why"] = N_("Please choose one of the options.")
    if not new.unit_ids:
        problems["units"] = N_("Choose at least one unit.")
    if not new.text.strip():
        problems["text"] = N_("Please fill this in.")
    if new.meets_at is None or new.meets_at <= at:
        problems["meets_at"] = N_("Choose a time to come.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row = await matters.take_open(matter_id, actor, at)
        if await queries.current(matter_id) is not None:
            raise WrongStateError(N_("A coordination of this item goes on already."))
        for unit_id in new.unit_ids:
            await handing.refuse_accused(matter_id, await units.unit(unit_id), actor=actor, at=at)
        made_id = uuid4()
        year = site_time(at).year
        made = Coordination(
            id=made_id,
            number=number_label(year, await next_number("government.coordination", year, at=at)),
            matter=matter_id,
            state=PLANNED,
            why=new.why,
            plan_cipher=sealing.seal(new.text.strip(), TABLE, "plan_cipher", made_id),
            place=new.place.strip(),
            meets_at=new.meets_at,
            asked_at=at,
            asked_by_name=actor.name,
        )
        await Coordination.insert(made)
        for unit_id in dict.fromkeys(new.unit_ids):
            await CoordinationUnit.insert(
                CoordinationUnit(id=uuid4(), coordination=made_id, unit=unit_id)
            )
        await record(
            actor,
            "government.coordinate",
            MATTER,
            matter_id,
            at=at,
            after={"number": made.number, "units": list(new.unit_ids)},
        )
        await _note(row.id, "coordinate", N_("Coordination planned"), new.text, actor, at)
        asked = await signing.ask(
            row,
            PLAN,
            kind=KIND,
            text=new.text,
            payload={"coordination": str(made_id)},
            actor=actor,
            at=at,
            plugins=plugins,
        )
        if asked is None:
            await _begin(made, row, actor=actor, at=at)
    return made_id


async def _note(
    matter_id: UUID, act: str, text: Message, body: str, actor: Actor, at: datetime
) -> None:
    await timeline.note(
        matter_id, act, text, body=body.strip(), actor=actor, at=at, shown_to=timeline.OFFICE
    )


async def _begin(made: Coordination, row: Matter, *, actor: Actor, at: datetime) -> None:
    """Ask the units to the meeting, which may read the item from now on."""
    _move(made, "sign")
    await made.save([Coordination.state])
    asked = await CoordinationUnit.objects().where(CoordinationUnit.coordination == made.id)
    for one in asked:
        unit = await units.unit(one.unit)
        if isinstance(accused.may_hand_to(await secrecy.handing(row.id, unit.id, at)), Deny):
            # Named as accused while the plan waited: the others meet without it (GOV-50).
            await CoordinationUnit.delete().where(CoordinationUnit.id == one.id)
            said = N_(
                "Left out of the coordination, as the item accuses it: {unit}", unit=unit.name
            )
            await _note(row.id, "coordination_left_out", said, "", actor, at)
            continue
        if row.holder != unit.id:
            await handing.let_know(row.id, unit, "coordinating", actor=actor, at=at)
        await telling.unit(row, unit.id, f"coordination:{made.id}", at=at)
    await timeline.note(
        row.id,
        "coordination_signed",
        N_("Coordination {number}: the units are asked to meet", number=made.number),
        actor=actor,
        at=at,
    )


def _move(made: Coordination, act: str) -> None:
    if made.state not in MOVES[act]:
        raise WrongStateError(N_("The coordination is further along than that. Look at it again."))
    made.state = MOVES[act][made.state]


async def signed(request: ApprovalFacts) -> None:
    """Ask the units to meet once the plan is signed."""
    await signing.settle(request)
    actor = Actor(kind="system", name=request.decided_by)
    made = await _of(UUID(request.payload["coordination"]))
    if made.state == OFF:
        return  # it ended with its item while the plan waited
    row = await matters.take(made.matter, actor, request.at)
    await _begin(made, row, actor=actor, at=request.at)


async def not_signed(request: ApprovalFacts) -> None:
    """Note that the plan was not signed."""
    await signing.settle(request)
    made = await _of(UUID(request.payload["coordination"]))
    if made.state == OFF:
        return
    _move(made, "refuse")
    made.ended_at = request.at
    await made.save([Coordination.state, Coordination.ended_at])


async def _of(coordination_id: UUID) -> Coordination:
    made = await Coordination.objects().get(Coordination.id == coordination_id)
    if made is None:
        raise NotFoundError
    return made


async def _take(matter_id: UUID, actor: Actor, at: datetime) -> tuple[Matter, Coordination]:
    row = await matters.take(matter_id, actor, at)
    now = await queries.current(matter_id)
    if now is None:
        raise WrongStateError(N_("No coordination of this item goes on."))
    return row, await _of(now.id)


async def hold_meeting(matter_id: UUID, held: Held, *, actor: Actor, at: datetime) -> None:
    """Write down the meeting: who came, the minutes, what was agreed or that nothing was."""
    problems: dict[str, Message] = {}
    if not held.minutes.strip():
        problems["minutes"] = N_("Please fill this in.")
    if held.agreed and not held.follow_ups:
        problems["follow_1"] = N_("Say what was agreed, who does it and by when.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row, made = await _take(matter_id, actor, at)
        if made.state != APPROVED:
            raise WrongStateError(N_("The plan is not signed, or the meeting was held."))
        _move(made, "agree" if held.agreed else "disagree")
        made.held_at = at
        made.minutes_cipher = sealing.seal(held.minutes.strip(), TABLE, "minutes_cipher", made.id)
        await made.save()
        for one in await CoordinationUnit.objects().where(CoordinationUnit.coordination == made.id):
            one.came = one.unit in held.came
            await one.save([CoordinationUnit.came])
        if held.agreed:
            await _lay_on(made, held.follow_ups, site_time(at).date())
        await record(
            actor, "government.meeting", MATTER, row.id, at=at, after={"agreed": held.agreed}
        )
        text = (
            N_("Coordination {number}: the units agreed", number=made.number)
            if held.agreed
            else N_("Coordination {number}: no agreement; a leader decides", number=made.number)
        )
        await timeline.note(row.id, "meeting", text, body=held.minutes.strip(), actor=actor, at=at)
        if not held.agreed:
            await _tell_leaders(row, made, at)


async def _tell_leaders(row: Matter, made: Coordination, at: datetime) -> None:
    leaders = [one.id for one in await holders((LEADER,), row.site)]
    if row.secret:
        kept_out = await telling.barred(row.id, at)
        for one in leaders:
            if one not in kept_out:
                await matters.let_read(row.id, one, why="decides", at=at)
    subject = N_("Units did not agree; you decide: {number}", number=row.number)
    await telling.people(row, leaders, subject, f"undecided:{made.id}", at=at)


async def _lay_on(
    made: Coordination, follow_ups: Sequence[tuple[UUID, str, date]], today: date
) -> None:
    asked = {
        one.unit
        for one in await CoordinationUnit.objects().where(CoordinationUnit.coordination == made.id)
    }
    for unit_id, text, due_on in follow_ups:
        if unit_id not in asked:
            raise InvalidInputError({"follow_1": N_("Only units of this coordination.")})
        if due_on < today:
            raise InvalidInputError({"follow_day_1": N_("This day is over.")})
        made_id = uuid4()
        await Measure.insert(
            Measure(
                id=made_id,
                coordination=made.id,
                unit=unit_id,
                text_cipher=sealing.seal(text.strip(), FOLLOW, "text_cipher", made_id),
                due_on=due_on,
            )
        )


async def decide(
    matter_id: UUID,
    text: str,
    *,
    leader: str,
    follow_ups: Sequence[tuple[UUID, str, date]],
    actor: Actor,
    at: datetime,
) -> None:
    """Write down how the government leader decided where the units did not agree."""
    problems: dict[str, Message] = {}
    if not text.strip():
        problems["text"] = N_("Please fill this in.")
    if not leader.strip():
        problems["leader"] = N_("Say who decided.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row, made = await _take(matter_id, actor, at)
        if made.state != UNDECIDED:
            raise WrongStateError(N_("There is nothing for a leader to decide here."))
        _move(made, "decide")
        made.decided_by_name = leader.strip()
        made.decision_cipher = sealing.seal(text.strip(), TABLE, "decision_cipher", made.id)
        await made.save()
        await _lay_on(made, follow_ups, site_time(at).date())
        await record(actor, "government.decide_coordination", MATTER, row.id, at=at)
        await timeline.note(
            row.id,
            "decide_coordination",
            N_("Coordination {number}: decided by {name}", number=made.number, name=leader.strip()),
            body=text.strip(),
            actor=actor,
            at=at,
        )
        if not follow_ups:
            await _finish(row, made, actor=actor, at=at)


async def may_follow(matter_id: UUID, site_id: UUID, actor: Actor) -> list[UUID] | None:
    """Return for which units somebody may note what was carried out; None: for all of them."""
    if actor.kind == "system" or actor.may_at(HANDLE, site_id):
        return None
    return await access.own_units(actor, matter_id)


async def follow_up(
    matter_id: UUID, follow_id: UUID, text: str, *, actor: Actor, at: datetime
) -> None:
    """Note that something agreed was carried out; with the last of them the coordination ends."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row, made = await _take(matter_id, actor, at)
        found = await Measure.objects().get(
            (Measure.id == follow_id) & (Measure.coordination == made.id)
        )
        own = await may_follow(matter_id, row.site, actor)
        if found is None or (own is not None and found.unit not in own):
            raise NotFoundError
        if found.done_at is not None:
            raise WrongStateError(N_("This was carried out already."))
        found.done_at, found.done_by_name = at, actor.name
        found.done_cipher = sealing.seal(text.strip(), FOLLOW, "done_cipher", found.id)
        await found.save()
        await record(actor, "government.follow_up", MATTER, row.id, at=at)
        await timeline.note(
            row.id, "follow_up", N_("Agreed measure carried out"), body=text.strip(),
            actor=actor, at=at,
        )  # fmt: skip
        if not await Measure.exists().where(
            Measure.coordination == made.id, Measure.done_at.is_null()
        ):
            await _finish(row, made, actor=actor, at=at)


async def _finish(row: Matter, made: Coordination, *, actor: Actor, at: datetime) -> None:
    _move(made, "finish")
    made.ended_at = at
    await made.save()
    text = N_("Coordination {number} ended: all carried out", number=made.number)
    await timeline.note(row.id, "coordination_end", text, actor=actor, at=at)


async def call_off(matter_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """End a coordination that is needed no more; the units asked are told on the time line."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row, made = await _take(matter_id, actor, at)
        _move(made, "call_off")
        made.ended_at = at
        await made.save([Coordination.state, Coordination.ended_at])
        await record(actor, "government.call_off", MATTER, row.id, at=at)
        text = N_("Coordination {number} called off", number=made.number)
        await timeline.note(row.id, "call_off", text, body=reason.strip(), actor=actor, at=at)
        for one in await CoordinationUnit.objects().where(CoordinationUnit.coordination == made.id):
            await telling.unit(row, one.unit, f"called_off:{made.id}", at=at)
