"""Items transferred and assigned: ordered, signed where asked for, sent; and taken back (GOV-20 to 22)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.approvals.facts import ApprovalFacts
from core.decisions import Allow
from core.documents.numbering import number_label
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.facts import OWN
from plugins.government.handling import (
    ending,
    handing,
    holders,
    papers,
    policies,
    queries,
    telling,
)
from plugins.government.handling.facts import (
    ASSIGNMENT,
    GROUNDS,
    KINDS,
    OWED,
    REFUSED,
    SENT,
    SIGNING,
    Placed,
)
from plugins.government.handling.tables import Forwarding, UnitCall
from plugins.government.matters import services as matters
from plugins.government.matters import states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.numbers import next_number
from plugins.government.signing import services as signing
from plugins.government.signing.facts import BEFORE
from plugins.government.units import queries as units
from plugins.government.units.facts import UnitLine

TABLE = "government_forwarding"
KIND = "government.before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is ordered: to whom, as what, why, by when. `spoke_with`: who took the call of an urgent one."""

    kind: str
    unit_id: UUID
    reason: str
    due_on: date | None = None
    ground: str = ""
    content: str = ""
    requirement: str = ""
    urgent: bool = False
    spoke_with: str = ""
    answer: str = ""
    meeting_on: date | None = None


async def signs_before(row: Matter, kind: str, at: datetime) -> bool:
    """Say whether a forwarding waits for signatures before the unit gets it (GOV-30)."""
    rules = (await clocks.in_force(at)).values
    return bool(kind == ASSIGNMENT or row.source != OWN or rules.own_transfers_signed)


async def order(
    matter_id: UUID, new: Order, *, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Transfer or assign an item; at once, or when it is signed where the chain asks for it.

    A county's own petition office gets a copy of what goes to a body of the county (GOV-20).
    """
    today = site_time(at).date()
    _check(new, today)
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if not states.may("forward", row.stage):
            raise WrongStateError(N_("The item is further along than that. Look at it again."))
        if await queries.waiting_to_be_signed(matter_id):
            raise WrongStateError(N_("This item waits for signatures already."))
        unit = await units.unit(new.unit_id)
        if row.holder == unit.id:
            problem = N_("{unit} holds this item already.", unit=unit.name)
            raise InvalidInputError({"unit": problem})
        await handing.refuse_accused(matter_id, unit, actor=actor, at=at)
        copy = await _copy(unit)
        if copy is not None:
            await handing.refuse_accused(matter_id, copy, actor=actor, at=at)
        made = await _insert(row, new, copy, today, actor=actor, at=at)
        asked = None
        if await signs_before(row, new.kind, at):
            asked = await signing.ask(
                row,
                BEFORE,
                kind=KIND,
                text=new.requirement or new.content or new.reason,
                payload={"forwarding": str(made.id)},
                actor=actor,
                at=at,
                plugins=plugins,
            )
        if asked is not None:
            made.approval = asked
            await made.save([Forwarding.approval])
            await timeline.note(
                matter_id,
                "ask_signature",
                N_("{kind} to {unit}: asked for signatures", kind=KINDS[new.kind], unit=unit.name),
                actor=actor,
                at=at,
                shown_to=timeline.OFFICE,
            )
        else:
            await take_effect(made, row, actor=actor, at=at)
    return made.id


def _check(new: Order, today: date) -> None:
    problems = {}
    if new.kind not in KINDS:
        problems["kind"] = N_("Please choose one of the options.")
    if new.kind == ASSIGNMENT and new.ground not in GROUNDS:
        problems["ground"] = N_("Say on which ground it is assigned.")
    if new.kind == ASSIGNMENT and not new.requirement.strip():
        problems["requirement"] = N_("Say what is required of the unit.")
    if not new.reason.strip():
        problems["reason"] = N_("Say why this unit.")
    if new.due_on is None or new.due_on <= today:
        problems["due_on"] = N_("Choose a day after today.")
    if new.urgent and not new.spoke_with.strip():
        problems["spoke_with"] = N_("Say who took the call.")
    if problems:
        raise InvalidInputError(problems)


async def _copy(unit: UnitLine) -> UnitLine | None:
    every = await units.units()
    placed = [Placed(id=one.id, kind=one.kind, parent_id=one.parent_id) for one in every]
    this = Placed(id=unit.id, kind=unit.kind, parent_id=unit.parent_id)
    found = policies.copy_to(this, placed)
    return next((one for one in every if one.id == found), None)


async def _insert(
    row: Matter, new: Order, copy: UnitLine | None, today: date, *, actor: Actor, at: datetime
) -> Forwarding:
    made_id = uuid4()
    made = Forwarding(
        id=made_id,
        number=number_label(
            today.year, await next_number("government.forwarding", today.year, at=at)
        ),
        matter=row.id,
        unit=new.unit_id,
        copy_unit=copy.id if copy else None,
        kind=new.kind,
        ground=new.ground if new.kind == ASSIGNMENT else "",
        state=SIGNING,
        content_cipher=sealing.seal(new.reason, TABLE, "content_cipher", made_id),
        requirement_cipher=sealing.seal(new.requirement, TABLE, "requirement_cipher", made_id),
        due_on=new.due_on,
        first_due_on=new.due_on,
        urgent=new.urgent,
        letter=OWED,
        meeting_on=new.meeting_on,
        ordered_at=at,
        ordered_by=actor.id,
        ordered_by_name=actor.name,
    )
    await Forwarding.insert(made)
    if new.urgent:
        call_id = uuid4()
        await UnitCall.insert(
            UnitCall(
                id=call_id,
                matter=row.id,
                unit=new.unit_id,
                purpose="forwarding",
                record=made_id,
                called_at=at,
                by_name=actor.name,
                spoke_with=new.spoke_with.strip(),
                answer_cipher=sealing.seal(
                    new.answer, "government_unit_call", "answer_cipher", call_id
                ),
            )
        )
    return made


async def take_effect(made: Forwarding, row: Matter, *, actor: Actor, at: datetime) -> None:
    """Let the unit have what was ordered and signed; joins the caller's transaction."""
    unit = await units.unit(made.unit)
    await ending.end(row.id, but=made.id, actor=actor, at=at)
    if row.accepted_at is None:
        row.accepted_at = at
    await matters.move(
        row, "forward", actor=actor, at=at, unit=made.unit, kind=made.kind, number=made.number
    )
    why = sealing.unseal(made.content_cipher, TABLE, "content_cipher", made.id)
    await handing.hand_to(row, made.unit, reason=why, actor=actor, at=at)
    copy = await units.unit(made.copy_unit) if made.copy_unit is not None else None
    if copy is not None:
        await handing.let_know(row.id, copy, "copy", actor=actor, at=at)
    today = site_time(at).date()
    # Signatures may take longer than the day that was named: the unit is not late before it begins.
    due = max(made.due_on or today, today + timedelta(days=1))
    if made.due_on != due:
        made.due_on = made.first_due_on = due
    made.state, made.sent_at = SENT, at
    made.version += 1
    await made.save(
        [
            Forwarding.state,
            Forwarding.sent_at,
            Forwarding.due_on,
            Forwarding.first_due_on,
            Forwarding.version,
        ]
    )
    await papers.letters(
        made,
        row,
        unit,
        copy,
        requirement=sealing.unseal(made.requirement_cipher, TABLE, "requirement_cipher", made.id),
        actor=actor,
        at=at,
    )
    await handing.begin_clocks(row, actor=actor, at=at)
    await clocks.finish(row.id, clocks.INFORM, actor=actor, at=at)
    await clocks.cancel(row.id, clocks.ANSWER, reason="forwarded", actor=actor, at=at)
    await clocks.start(
        row.id,
        clocks.REPORT,
        number=row.number,
        site_id=row.site,
        event=N_("Forwarded"),
        actor=actor,
        at=at,
        length=(due - today).days,
    )
    await timeline.note(
        row.id,
        "forward",
        N_("{kind} to {unit}", kind=KINDS[made.kind], unit=unit.name),
        actor=actor,
        at=at,
        shown_to=timeline.PETITIONER,
    )
    if made.urgent:
        text = N_("{unit} was told by phone; the letter follows", unit=unit.name)
        await timeline.note(row.id, "call", text, actor=actor, at=at)
    await telling.unit(row, made.unit, f"new:{made.id}", at=at)


async def take_back(
    matter_id: UUID, *, reason: str, actor: Actor, at: datetime, returning: bool = False
) -> None:
    """Take an item back from a unit to the reception room, which answers for it again."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        office = await holders.office_of(row.site)
        if office is None:
            raise WrongStateError(N_("Enter the reception room as a unit first."))
        await ending.end(matter_id, actor=actor, at=at)
        await matters.move(row, "take_back", actor=actor, at=at, unit=row.holder)
        await handing.hand_to(
            row, office.id, reason=reason, returning=returning, actor=actor, at=at
        )
        await timeline.note(
            matter_id,
            "take_back",
            N_("Back with the reception room"),
            body=reason,
            actor=actor,
            at=at,
        )


async def signed(request: ApprovalFacts) -> None:
    """Carry out a forwarding that all have signed."""
    made = await _of(request)
    at, actor = request.at, Actor(kind="system", name=request.decided_by)
    await signing.settle(request)
    row = await matters.take(made.matter, actor, at)
    unit = await units.unit(made.unit)
    for one in (unit, *([await units.unit(made.copy_unit)] if made.copy_unit else [])):
        # Somebody may have been accused meanwhile: then the unit gets nothing, the desk is told.
        if not isinstance(
            policies.may_hand_to(await handing.hand_facts(row.id, one, actor, at)), Allow
        ):
            await _drop(made, at)
            text = N_("Signed, but this unit cannot get the item: choose another one")
            await timeline.note(row.id, "drop", text, actor=actor, at=at, shown_to=timeline.OFFICE)
            return
    if not states.may("forward", row.stage):
        await _drop(made, at)
        return
    await take_effect(made, row, actor=actor, at=at)


async def not_signed(request: ApprovalFacts) -> None:
    """Note that a forwarding was rejected or withdrawn: the unit never gets it."""
    made = await _of(request)
    await signing.settle(request)
    await _drop(made, request.at)
    await timeline.note(
        made.matter,
        "not_signed",
        N_("The forwarding was not signed"),
        actor=Actor(kind="system", name=request.decided_by),
        at=request.at,
        shown_to=timeline.OFFICE,
    )


async def _drop(made: Forwarding, at: datetime) -> None:
    made.state, made.ended_at = REFUSED, at
    made.letter = ""
    await made.save([Forwarding.state, Forwarding.ended_at, Forwarding.letter])


async def _of(request: ApprovalFacts) -> Forwarding:
    made = await Forwarding.objects().get(Forwarding.id == UUID(request.payload["forwarding"]))
    if made is None:
        raise NotFoundError
    return made
