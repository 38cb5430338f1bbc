"""Recording pupils without a valid badge, and telling the discipline office of repeated cases (SCH-3).

Stored: which pupil, when, where, who recorded it; for one school year (keeping.RULES).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import SYSTEM, Actor
from core.registrations.judging import site_time
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.policies import is_to_report
from plugins.school_gate.queries import offences, pupils, timetable
from plugins.school_gate.queries.offences import INVALID_BADGE, NO_BADGE
from plugins.school_gate.queries.pupils import PupilLine
from plugins.school_gate.queries.rights import permit
from plugins.school_gate.registered import RECORD_OFFENCE, VOID_OFFENCES
from plugins.school_gate.tables import Offence

LOOKED_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the guard sees after recording a pupil: the refusal, and how often it happened."""

    pupil: PupilLine
    decision: Deny
    count: int
    limit: int
    days: int
    reported: bool


async def record_no_badge(
    pupil_id: UUID,
    *,
    gate_id: UUID | None,
    note: str = "",
    serious: bool = False,
    actor: Actor,
    at: datetime,
) -> Recorded:
    """Record that a pupil came without a badge: refused, counted, reported when it is due."""
    rulebook = await timetable.in_force(at)
    rules: SchoolRules = rulebook.values
    async with db.writing():
        pupil = await pupils.pupil(pupil_id, actor, at_ms=clock.to_ms(at))
        permit(actor, pupil.site_id, RECORD_OFFENCE)
        if gate_id is not None:
            await timetable.gate_of(gate_id, actor, RECORD_OFFENCE)
        offence = Offence(
            pupil=pupil_id,
            gate=gate_id,
            kind=NO_BADGE,
            at=at,
            serious=serious,
            note=note,
            recorded_by=actor.id,
            recorded_by_name=actor.name,
        )
        await offence.save()
        decision = Deny(
            "no_badge",
            N_("Pupils pass only with their badge. Send {name} to the office.", name=pupil.name),
            "SCH-3",
            rulebook.name,
        )
        await record(
            actor,
            "school_gate.no_badge",
            "school_gate_pupil",
            pupil_id,
            at=at,
            after={
                "offence": str(offence.id),
                "code": decision.code,
                "rule": decision.rule,
                "rulebook": decision.version,
                "serious": serious,
                "note": note,
            },
        )
        reported = await _report(pupil, rules, actor=actor, at=at, serious=serious)
        count = await offences.counted(pupil_id, at, rules)
    return Recorded(
        pupil=pupil,
        decision=decision,
        count=count,
        limit=rules.offences_reported,
        days=rules.offence_days,
        reported=reported,
    )


async def collect_refused(at: datetime) -> int:
    """Make offences of the refused scans of invalid badges; each scan counts once."""
    found = await offences.refused_badges(at - LOOKED_BACK)
    made = 0
    for scan in found:
        made += await _collect(scan, at)
    return made


async def _collect(scan: offences.RefusedBadge, at: datetime) -> int:
    rules: SchoolRules = (await timetable.in_force(scan.at)).values
    async with db.writing():
        # Another process may be collecting: the index lets each scan in once.
        written = await db.execute(
            "INSERT INTO school_gate_offence (id, pupil, gate, kind, at, event, serious, note,"
            " recorded_by, recorded_by_name, void_reason)"
            " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, '', '')"
            " ON CONFLICT (event) WHERE event IS NOT NULL DO NOTHING",
            uuid4(),
            scan.pupil_id,
            scan.gate_id,
            INVALID_BADGE,
            scan.at,
            scan.event_id,
            False,
            scan.code,
            scan.operator,
        )
        if not written:
            return 0
        pupil = (await pupils.pupils_of([scan.pupil_id]))[0]
        await record(
            SYSTEM,
            "school_gate.invalid_badge",
            "school_gate_pupil",
            scan.pupil_id,
            at=at,
            after={"event": scan.event_id, "code": scan.code, "rule": "SCH-3"},
        )
        await _report(pupil, rules, actor=SYSTEM, at=at, serious=False)
    return 1


async def _report(
    pupil: PupilLine, rules: SchoolRules, *, actor: Actor, at: datetime, serious: bool
) -> bool:
    """Tell the discipline office when offences are due for it, once for each of them."""
    moments = await offences.unreported(pupil.id)
    if not is_to_report(moments, at, rules, serious=serious):
        return False
    await Offence.update({Offence.reported_at: at}).where(
        Offence.pupil == pupil.id, Offence.reported_at.is_null(), Offence.voided_at.is_null()
    )
    since = at - timedelta(days=rules.offence_days)
    counted = [moment for moment in moments if moment >= since]
    subject = N_(
        "{name}, {class_name}: {count} times at the gate without a valid badge",
        name=pupil.name,
        class_name=pupil.full_class,
        count=len(counted),
    )
    body = N_(
        "Counted over {days} days, the latest on {day}. Look at the pupil's page.",
        days=rules.offence_days,
        day=site_time(moments[-1]).date().isoformat(),
    )
    for user in await offences.office_users(pupil.site_id):
        await notify(
            key=f"school_gate.offence/{pupil.id}/{clock.to_ms(moments[-1])}/{user}",
            channel=IN_APP,
            subject=subject,
            body=body,
            at=at,
            user=user,
            url=f"/school-gate/pupils/{pupil.id}",
        )
    await record(
        actor,
        "school_gate.offences_report",
        "school_gate_pupil",
        pupil.id,
        at=at,
        after={"count": len(counted), "rule": "SCH-3"},
    )
    return True


async def speak(pupil_id: UUID, *, note: str, actor: Actor, at: datetime) -> int:
    """Record that the discipline office spoke with a pupil: what was reported so far is dealt with."""
    if not note.strip():
        raise InvalidInputError({"note": N_("Write down what was agreed.")})
    async with db.writing():
        pupil = await pupils.pupil(pupil_id, actor)
        permit(actor, pupil.site_id, VOID_OFFENCES)
        count = await db.execute(
            "UPDATE school_gate_offence SET spoken_at = {}, spoken_by_name = {}, spoken_note = {}"
            " WHERE pupil = {} AND reported_at IS NOT NULL AND voided_at IS NULL"
            " AND spoken_at IS NULL",
            at,
            actor.name,
            note.strip()[:200],
            pupil_id,
        )
        if not count:
            raise WrongStateError(N_("Nothing is reported of this pupil that waits."))
        await record(
            actor,
            "school_gate.offences_spoken",
            "school_gate_pupil",
            pupil_id,
            at=at,
            after={"offences": count},
        )
    return count


async def void(offence_id: UUID, *, reason: str, actor: Actor, at: datetime) -> UUID:
    """Void an offence recorded by mistake, and return whose it was."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    async with db.writing():
        await db.fetch("SELECT id FROM school_gate_offence WHERE id = {} FOR UPDATE", offence_id)
        offence = await Offence.objects().where(Offence.id == offence_id).first()
        if offence is None:
            raise NotFoundError
        pupil = await pupils.pupil(offence.pupil, actor)
        permit(actor, pupil.site_id, VOID_OFFENCES)
        if offence.voided_at is not None:
            raise WrongStateError(N_("This offence is void already."))
        await Offence.update(
            {Offence.voided_at: at, Offence.void_reason: reason.strip()[:200]}
        ).where(Offence.id == offence_id)
        await record(
            actor,
            "school_gate.offence_void",
            "school_gate_pupil",
            offence.pupil,
            at=at,
            after={"offence": str(offence_id), "reason": reason.strip()},
        )
        return UUID(str(offence.pupil))
