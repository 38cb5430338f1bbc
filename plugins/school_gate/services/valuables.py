"""Valuables carried out: released by the guard's name, or refused; both are written down (SCH-17).

Stored: item, who carried it, the proof or who vouched, a picture if taken; for a year
(lodge_keeping.RULES).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.attachments import services as attachments
from core.decisions import Decision, Deny
from core.documents.numbering import next_number
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.lodge_registered import RELEASE_VALUABLES
from plugins.school_gate.queries import timetable, valuables
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.stay_tables import ResidentStay, ValuableRelease
from plugins.school_gate.tables import Pupil

RELEASED, REFUSED = "released", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What the guard writes down. `voucher` is a key of `queries.valuables.Voucher`, or empty."""

    site_id: UUID
    gate_id: UUID | None
    person: str
    item: str
    mark: str = ""
    proof: str = ""
    proof_text: str = ""
    voucher: str = ""
    voucher_present: bool = False
    stay_id: UUID | None = None


async def decide(carried: Carried, *, actor: Actor, at: datetime) -> tuple[UUID, Decision]:
    """Release or refuse, and write down which, with the guard's name."""
    rulebook = await timetable.in_force(at)
    permit(actor, carried.site_id, RELEASE_VALUABLES)
    async with db.writing():
        await _check(carried, actor)
        staff, pupil, name = await _voucher(carried)
        decision = policies.may_release(
            policies.CarriedOut(
                proof=carried.proof,
                proof_text=carried.proof_text,
                voucher=name,
                voucher_present=carried.voucher_present,
            ),
            rulebook.name,
        )
        refused = isinstance(decision, Deny)
        year = site_time(at).year
        row = ValuableRelease(
            id=uuid4(),
            number=f"{year}-{await next_number(valuables.RECORD, year):04d}",
            site=carried.site_id,
            gate=carried.gate_id,
            stay=carried.stay_id,
            person=carried.person,
            item=carried.item,
            mark=carried.mark,
            proof=carried.proof,
            proof_text=carried.proof_text,
            voucher_staff=staff,
            voucher_pupil=pupil,
            state=REFUSED if refused else RELEASED,
            decision_code=decision.code if isinstance(decision, Deny) else "",
            decision_version=rulebook.name,
            at=at,
            guard=actor.id,
            guard_name=actor.name,
        )
        await ValuableRelease.insert(row)
        after = {"number": row.number, "rulebook": rulebook.name, "proof": carried.proof}
        if isinstance(decision, Deny):
            after |= {"code": decision.code, "rule": decision.rule}
        act = "school_gate.valuable_refuse" if refused else "school_gate.valuable_release"
        await record(actor, act, valuables.RECORD, row.id, at=at, after=after)
    return row.id, decision


async def _check(carried: Carried, actor: Actor) -> None:
    if carried.proof and carried.proof not in policies.PROOFS:
        raise InvalidInputError({"proof": N_("Please choose one of the options.")})
    if carried.gate_id is not None:
        gate = await timetable.gate_of(carried.gate_id, actor, RELEASE_VALUABLES)
        if gate.site != carried.site_id:
            raise InvalidInputError({"gate": N_("Please choose one of the options.")})
    if carried.stay_id is not None and not await ResidentStay.exists().where(
        ResidentStay.id == carried.stay_id, ResidentStay.site == carried.site_id
    ):
        raise InvalidInputError({"stay": N_("Please choose one of the options.")})


async def _voucher(carried: Carried) -> tuple[UUID | None, UUID | None, str]:
    """Return the member of staff or pupil who vouches, with the name; all empty for nobody."""
    sort, _, text = carried.voucher.partition("/")
    try:
        found = UUID(text)
    except ValueError:
        return None, None, ""
    if sort == "staff":
        rows = await db.fetch(
            "SELECT h.name FROM school_gate_staff m JOIN host h ON h.id = m.host"
            " WHERE m.id = {} AND m.site = {} AND m.active",
            found,
            carried.site_id,
        )
        return (found, None, rows[0]["name"]) if rows else (None, None, "")
    pupil = (
        await Pupil.objects()
        .where(Pupil.id == found, Pupil.site == carried.site_id, Pupil.active.eq(True))
        .first()
    )
    return (None, found, pupil.name) if pupil is not None else (None, None, "")


async def attach_photo(
    valuable_id: UUID, data: bytes, *, actor: Actor, at: datetime, name: str = ""
) -> None:
    """Add a picture of the thing; FileRefusedError for what is none."""
    line = await valuables.valuable(valuable_id, actor)
    if line.erased:
        raise NotFoundError
    picture = await attachments.take(data)
    async with db.writing():
        await attachments.attach(
            picture,
            record_kind=valuables.RECORD,
            record_id=line.id,
            actor=actor,
            at=at,
            name=name,
        )
