"""What the reception room decides: on a unit's objection, on the seven points of its result (GOV-24)."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from core import db
from core.deadlines import services as deadlines
from core.deadlines.facts import CALENDAR
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.facts import MATTER
from plugins.government.handling import ordering, policies, telling
from plugins.government.handling.facts import CHECKED, POINTS, RETURNED, TAKEN, WITH_UNIT
from plugins.government.handling.tables import Forwarding, Objection, ResultForm
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.matters.tables import Matter

_SENT_BACK = N_("Result sent back")


async def decide_objection(
    matter_id: UUID, *, granted: bool, reason: str, actor: Actor, at: datetime
) -> None:
    """Grant an objection, and the item comes back to the reception room, or reject it."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        found = await _waiting_objection(matter_id)
        if found is None:
            raise WrongStateError(N_("No objection waits here."))
        found.granted, found.decided_at, found.decided_by_name = granted, at, actor.name
        found.answer_cipher = sealing.seal(
            reason.strip(), "government_objection", "answer_cipher", found.id
        )
        await found.save()
        await record(
            actor, "government.objection", MATTER, matter_id, at=at, after={"granted": granted}
        )
        text = N_("Objection granted") if granted else N_("Objection rejected: the unit handles it")
        await timeline.note(matter_id, "objection", text, body=reason.strip(), actor=actor, at=at)
        await telling.unit(row, found.unit, f"objection:{found.id}", at=at)
        if granted:
            await ordering.take_back(matter_id, reason=reason, actor=actor, at=at, returning=True)


async def _waiting_objection(matter_id: UUID) -> Objection | None:
    """Return the open objection of the unit that has an item now."""
    made = await Forwarding.objects().get(
        (Forwarding.matter == matter_id) & Forwarding.state.is_in(list(WITH_UNIT))
    )
    if made is None:
        return None
    return await Objection.objects().get(
        (Objection.forwarding == made.id) & Objection.decided_at.is_null()
    )


async def waiting_result(matter_id: UUID) -> ResultForm | None:
    """Return the result form that is to be checked, of the unit that has the item now; None for none."""
    made = await Forwarding.objects().get(
        (Forwarding.matter == matter_id) & (Forwarding.state == RETURNED)
    )
    if made is None:
        return None
    return await ResultForm.objects().get(
        (ResultForm.forwarding == made.id) & ResultForm.passed.is_null()
    )


def fixed_answers(form: ResultForm, made: Forwarding) -> dict[str, str]:
    """Return the points that the record itself answers: who returned it, and whether in time."""
    return {
        "unit": "yes" if form.unit == made.unit else "no",
        "in_time": "no" if form.late else "yes",
    }


async def check(
    matter_id: UUID,
    answers: Mapping[str, str],
    *,
    findings: str,
    new_day: date | None,
    actor: Actor,
    at: datetime,
) -> bool:
    """Check a result by its seven points; say whether it passed.

    Any failed point sends it back with the reasons and a new date; the clock shows both dates.
    """
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        form = await waiting_result(matter_id)
        made = await _forwarding(form)
        if form is None or made is None:
            raise WrongStateError(N_("No result waits to be checked here."))
        points = {name: answers.get(name, "") for name in POINTS} | fixed_answers(form, made)
        problems = {
            f"point_{name}": N_("Answer this point.")
            for name, answer in points.items()
            if answer not in ("yes", "no")
        }
        failed = policies.failed_points(points)
        if failed and not findings.strip():
            problems["findings"] = N_("Say what is wrong and what the unit has to do.")
        earliest = max(made.due_on or date.min, site_time(at).date())
        if failed and (new_day is None or new_day <= earliest):
            problems["new_day"] = N_("Choose a day after {day}.", day=earliest.isoformat())
        if problems:
            raise InvalidInputError(problems)
        form.passed, form.failed = not failed, ",".join(failed)
        form.checked_at, form.checked_by_name = at, actor.name
        form.findings_cipher = sealing.seal(
            findings.strip(), "government_result", "findings_cipher", form.id
        )
        if failed and new_day is not None:
            form.due_after = new_day
            await _send_back(row, made, form, new_day, findings, actor=actor, at=at)
        else:
            await _pass(row, made, form, actor=actor, at=at)
        await form.save()
    return not failed


async def _forwarding(form: ResultForm | None) -> Forwarding | None:
    if form is None:
        return None
    return await Forwarding.objects().get(
        (Forwarding.id == form.forwarding) & (Forwarding.state == RETURNED)
    )


async def _send_back(
    row: Matter,
    made: Forwarding,
    form: ResultForm,
    new_day: date,
    findings: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    found = await clocks.latest(row.id, clocks.REPORT)
    if found is not None and made.due_on is not None:
        clock, state = found
        grant = deadlines.reopen if state == "finished" else deadlines.extend
        await grant(
            clock,
            length=(new_day - made.due_on).days,
            unit=CALENDAR,
            reason=_SENT_BACK.dump(),
            actor=actor,
            at=at,
        )
    made.state, made.due_on = TAKEN, new_day
    made.version += 1
    await made.save()
    await matters.move(
        row, "send_back", actor=actor, at=at, failed=form.failed, due=new_day.isoformat()
    )
    await timeline.note(
        row.id,
        "send_back",
        N_("Result sent back; new date {day}", day=new_day.isoformat()),
        body=findings.strip(),
        actor=actor,
        at=at,
    )
    await telling.unit(row, made.unit, f"sent_back:{form.id}", at=at)


async def _pass(
    row: Matter, made: Forwarding, form: ResultForm, *, actor: Actor, at: datetime
) -> None:
    clock = await clocks.running(row.id, clocks.REPORT)
    if clock is not None:
        day = site_time(form.returned_at).date()
        await deadlines.finish(clock, actor=actor, at=at, on=day)
    made.state, made.ended_at = CHECKED, at
    made.version += 1
    await made.save()
    await record(actor, "government.check", MATTER, row.id, at=at, after={"passed": True})
    await timeline.note(
        row.id, "check", N_("Result checked: all seven points passed"), actor=actor, at=at
    )


async def result_to_check(matter_id: UUID) -> tuple[ResultForm, Forwarding]:
    """Return the result that waits and its forwarding; NotFoundError for none."""
    form = await waiting_result(matter_id)
    made = await _forwarding(form)
    if form is None or made is None:
        raise NotFoundError
    return form, made
