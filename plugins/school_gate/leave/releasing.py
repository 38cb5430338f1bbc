"""At the gate: who collects is recorded and both sign; a return is recorded by hand where no scan was.

Stored: who collected, which kind of document was looked at, both signatures (encrypted), or the number
of the paper that bears them; for a school year (leave/keeping.py).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.privacy.keys import keyring
from core.registrations.judging import site_time
from plugins.school_gate.leave import policies, telling
from plugins.school_gate.leave.facts import OUT, OVERDUE, Release
from plugins.school_gate.leave.queries import SlipLine
from plugins.school_gate.leave.rights import READ_LEAVE, RELEASE_LEAVE
from plugins.school_gate.leave.services import change, is_own, taken
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.tables import Guardian

_TABLE = "school_gate_leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What the guard wrote down. `guardian_id` None: the pupil goes alone."""

    alone: bool
    guardian_id: UUID | None
    document: str
    pupil_signature: str
    collector_signature: str
    paper_number: str
    gate_id: UUID | None


async def release(slip_id: UUID, handed: Handed, *, actor: Actor, at: datetime) -> None:
    """Record the exit of a pupil with a slip: who collects, the document seen, both signatures."""
    rulebook = await timetable.in_force(at)
    async with db.writing():
        line = await taken(slip_id, actor=actor, at=at)
        permit(actor, line.site_id, RELEASE_LEAVE)
        if handed.gate_id is not None:
            await timetable.gate_of(handed.gate_id, actor, RELEASE_LEAVE)
        adult = await _adult(line, handed)
        decision = policies.may_release(
            line.slip,
            Release(
                going_alone=handed.alone,
                collector_named=adult is not None,
                collector_approved=bool(adult and adult.may_collect and adult.active),
                document=handed.document,
                signed_pupil=bool(handed.pupil_signature),
                signed_collector=bool(handed.collector_signature),
                paper=handed.paper_number,
                at=site_time(at),
            ),
            rulebook.name,
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        used_at = line.row["used_at"] or at
        await change(
            slip_id,
            "release",
            {
                LeaveSlip.released_at: at,
                LeaveSlip.released_by: actor.id,
                LeaveSlip.released_by_name: actor.name,
                LeaveSlip.release_gate: handed.gate_id,
                LeaveSlip.collected_by: adult.id if adult else None,
                LeaveSlip.collector_name: adult.name if adult else "",
                LeaveSlip.collector_document: "" if handed.alone else handed.document,
                LeaveSlip.paper_number: handed.paper_number,
                LeaveSlip.pupil_signature: _sealed(slip_id, "pupil", handed.pupil_signature),
                LeaveSlip.collector_signature: _sealed(
                    slip_id, "collector", "" if handed.alone else handed.collector_signature
                ),
                LeaveSlip.used_at: used_at,
            },
            actor=actor,
            at=at,
            alone=handed.alone,
            guardian=adult.id if adult else None,
            document=handed.document,
            paper=handed.paper_number,
            rule="SCH-5",
            rulebook=rulebook.name,
        )
        await telling.tell(
            await telling.teachers(line.teacher_id),
            f"leave_out/{slip_id}",
            N_("{name} has left with the slip", name=line.pupil_name),
            N_("At {time}.", time=site_time(used_at).strftime("%H:%M")),
            f"/school-gate/leave/{slip_id}",
            at=at,
        )


async def _adult(line: SlipLine, handed: Handed) -> Guardian | None:
    if handed.alone or handed.guardian_id is None:
        return None
    found = (
        await Guardian.objects()
        .where(Guardian.id == handed.guardian_id, Guardian.pupil == line.pupil_id)
        .first()
    )
    if found is None:
        raise NotFoundError
    return found


def _sealed(slip_id: UUID, who: str, path: str) -> str | None:
    return keyring().encrypt(path, _TABLE, f"{who}_signature", slip_id) if path else None


def signatures(line: SlipLine) -> dict[str, str]:
    """Return the two signatures of a slip as paths, empty where none was drawn."""
    found: dict[str, str] = {}
    for who in ("pupil", "collector"):
        cipher = line.row[f"{who}_signature"]
        column = f"{who}_signature"
        found[who] = keyring().decrypt(cipher, _TABLE, column, line.id) if cipher else ""
    return found


async def come_back(slip_id: UUID, *, note: str, actor: Actor, at: datetime) -> None:
    """Record a return that no scan shows, with a remark."""
    if not note.strip():
        raise InvalidInputError({"note": N_("Say how it is known that the pupil is back.")})
    async with db.writing():
        line = await taken(slip_id, actor=actor, at=at)
        if not is_own(line, actor):
            permit(actor, line.site_id, RELEASE_LEAVE, READ_LEAVE)
        if line.standing not in {OUT, OVERDUE}:
            raise WrongStateError(N_("Nobody is expected back with this slip."))
        await change(
            slip_id,
            "back",
            {LeaveSlip.returned_at: at, LeaveSlip.return_note: note.strip()[:200]},
            actor=actor,
            at=at,
            note=note.strip()[:200],
        )
