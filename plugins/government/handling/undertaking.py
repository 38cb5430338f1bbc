"""What a unit does with an item it answers for, from acknowledging it to its result (GOV-23, GOV-26)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.deadlines import services as deadlines
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.facts import MATTER
from plugins.government.handling import holders, policies, telling
from plugins.government.handling.facts import (
    MEANS,
    RETURNED,
    TAKEN,
    TAKINGS,
    UNREACHED,
    WITH_UNIT,
    ObjectFacts,
    UnitFacts,
)
from plugins.government.handling.tables import Forwarding, Objection, ResultForm
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Matter
from plugins.government.units import queries as units

TABLE = "government_forwarding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result form as the unit fills it in."""

    course: str
    result: str
    taken: str
    basis: str = ""
    measures: str = ""
    words: str = ""
    sealed: bool = False
    signed_by: str = ""
    petitioner_signed: bool = False


async def _take(matter_id: UUID, act: str, actor: Actor, at: datetime) -> tuple[Matter, Forwarding]:
    """Return an item and its forwarding, locked, for an act of the unit that holds it."""
    row = await matters.take(matter_id, actor, at)
    own = await access.own_units(actor, matter_id)
    made = await Forwarding.objects().get(
        (Forwarding.matter == matter_id) & Forwarding.state.is_in(list(WITH_UNIT))
    )
    if not own or made is None:
        raise NotFoundError
    facts = UnitFacts(holds=row.holder == made.unit and made.unit in own, state=made.state)
    decision = policies.may_work(facts, act)
    if isinstance(decision, Deny):
        raise RefusedError(decision)
    return row, made


async def able_staff(matter_id: UUID, unit_id: UUID, at: datetime) -> dict[UUID, str]:
    """Return who of a unit may be in charge of an item: nobody who must have nothing to do with it."""
    kept_out = await telling.barred(matter_id, at)
    return {one: name for one, name, _head in await units.staff(unit_id) if one not in kept_out}


async def acknowledge(
    matter_id: UUID, *, person: UUID | None, plan: str, actor: Actor, at: datetime
) -> None:
    """Acknowledge an item, name who is in charge, say how it will be handled."""
    async with db.writing():
        row, made = await _take(matter_id, "acknowledge", actor, at)
        staff = await able_staff(matter_id, made.unit, at)
        if person is None or person not in staff:
            raise InvalidInputError({"person": N_("Name somebody of your unit.")})
        made.state, made.taken_at, made.taken_by_name = TAKEN, at, actor.name
        made.person, made.person_name = person, staff[person]
        made.plan_cipher = sealing.seal(plan, TABLE, "plan_cipher", made.id)
        made.version += 1
        await made.save()
        await matters.move(row, "take_up", actor=actor, at=at, unit=made.unit)
        await holders.put_in_charge(row, person, staff[person], actor=actor, at=at)
        await begin_objection_time(row, made, actor=actor, at=at)
        found = await clocks.running(matter_id, clocks.REPORT)
        if found is not None:
            await deadlines.hand_on(
                found, owner=person, actor=actor, at=at, roles=clocks.CLOCKS[clocks.REPORT].roles
            )
        await timeline.note(
            matter_id,
            "acknowledge",
            N_("Acknowledged; in charge: {name}", name=staff[person]),
            body=plan,
            actor=actor,
            at=at,
        )


async def begin_objection_time(
    row: Matter, made: Forwarding, *, actor: Actor, at: datetime
) -> None:
    """Start the working days in which the unit may object, once: from the day it received the item."""
    if await _object_days(made, at):
        return
    await clocks.start(
        row.id,
        clocks.OBJECT,
        number=row.number,
        site_id=row.site,
        event=N_("Received by the unit"),
        actor=actor,
        at=at,
    )


async def change_plan(
    matter_id: UUID, plan: str, *, person: UUID | None, actor: Actor, at: datetime
) -> None:
    """Change how an item is handled and who is in charge of it."""
    async with db.writing():
        row, made = await _take(matter_id, "plan", actor, at)
        staff = await able_staff(matter_id, made.unit, at)
        if person is None or person not in staff:
            raise InvalidInputError({"person": N_("Name somebody of your unit.")})
        if not plan.strip():
            raise InvalidInputError({"plan": N_("Please fill this in.")})
        if made.person != person:
            made.person, made.person_name = person, staff[person]
            await holders.put_in_charge(row, person, staff[person], actor=actor, at=at)
        made.plan_cipher = sealing.seal(plan.strip(), TABLE, "plan_cipher", made.id)
        made.version += 1
        await made.save()
        await record(actor, "government.plan", MATTER, matter_id, at=at)
        await timeline.note(
            matter_id, "plan", N_("Plan changed"), body=plan.strip(), actor=actor, at=at
        )


async def contact(
    matter_id: UUID, *, means: str, day: date, text: str, actor: Actor, at: datetime
) -> None:
    """Write down that the unit spoke with the petitioner."""
    problems = {}
    if means not in MEANS:
        problems["means"] = N_("Please choose one of the options.")
    if day > site_time(at).date():
        problems["day"] = N_("This day has not come yet.")
    if not text.strip():
        problems["text"] = N_("Please fill this in.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        _, made = await _take(matter_id, "contact", actor, at)
        made.contacted_at = made.contacted_at or at
        await made.save([Forwarding.contacted_at])
        await record(actor, "government.contact", MATTER, matter_id, at=at, after={"means": means})
        await timeline.note(
            matter_id,
            "contact",
            N_("The unit spoke with the petitioner on {day}: {means}",
               day=day.isoformat(), means=MEANS[means]),
            body=text.strip(),
            actor=actor,
            at=at,
        )  # fmt: skip


async def progress(matter_id: UUID, text: str, *, actor: Actor, at: datetime) -> None:
    """Report how far the unit has come."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        _, made = await _take(matter_id, "progress", actor, at)
        made.progress_at = at
        await made.save([Forwarding.progress_at])
        await record(actor, "government.progress", MATTER, matter_id, at=at)
        await timeline.note(
            matter_id, "progress", N_("Progress report"), body=text.strip(), actor=actor, at=at
        )


async def last_day_to_object(matter_id: UUID, at: datetime) -> date | None:
    """Return the last day on which the unit may object; None while the time has not begun."""
    name = f"government.{clocks.OBJECT}"
    found = [
        one
        for one in await clocks.of_matter(matter_id, at=at)
        if one.name == name and one.state == "running"
    ]
    return found[-1].due if found else None


async def object_to(
    matter_id: UUID, reason: str, *, proposed: UUID | None, actor: Actor, at: datetime
) -> None:
    """Object to an item the unit thinks is not its own; the reception room decides (GOV-26)."""
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        own = await access.own_units(actor, matter_id)
        made = await Forwarding.objects().get(
            (Forwarding.matter == matter_id) & Forwarding.state.is_in(list(WITH_UNIT))
        )
        if made is None or row.holder != made.unit or made.unit not in own:
            raise NotFoundError
        decision = policies.may_object(
            ObjectFacts(
                today=site_time(at).date(),
                last_day=await _last_day(made, at),
                asked_already=await Objection.exists().where(
                    Objection.forwarding == made.id, Objection.decided_at.is_null()
                ),
                result_returned=made.state == RETURNED,
            )
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        if not reason.strip():
            raise InvalidInputError({"reason": N_("Say why, and which body is competent.")})
        made_id = uuid4()
        await Objection.insert(
            Objection(
                id=made_id,
                forwarding=made.id,
                matter=matter_id,
                unit=made.unit,
                reason_cipher=sealing.seal(
                    reason.strip(), "government_objection", "reason_cipher", made_id
                ),
                proposed=proposed,
                raised_at=at,
                raised_by_name=actor.name,
            )
        )
        await record(
            actor, "government.object", MATTER, matter_id, at=at, after={"unit": made.unit}
        )
        await timeline.note(
            matter_id,
            "object",
            N_("The unit objects to the item"),
            body=reason.strip(),
            actor=actor,
            at=at,
        )
        await telling.office(row, f"objection:{made_id}", at=at)


async def _last_day(made: Forwarding, at: datetime) -> date | None:
    """Return the last day to object to this forwarding, also when its clock has stopped."""
    return next(iter(await _object_days(made, at)), None)


async def _object_days(made: Forwarding, at: datetime) -> list[date]:
    """Return the last days of the objection times begun since a unit got an item, the latest first.

    By the moment, not the day: the unit before may have had it on the same day.
    """
    rows = await db.fetch(
        "SELECT due FROM deadline WHERE record_kind = {} AND record = {} AND name = {}"
        " AND due IS NOT NULL AND created_at >= {} ORDER BY created_at DESC, due DESC",
        MATTER,
        str(made.matter),
        f"government.{clocks.OBJECT}",
        made.sent_at or at,
    )
    return [row["due"] for row in rows]


async def return_result(matter_id: UUID, form: Result, *, actor: Actor, at: datetime) -> None:
    """Return the result form: course, result, how the petitioner takes it (GOV-23)."""
    _check(form)
    async with db.writing():
        row, made = await _take(matter_id, "result", actor, at)
        open_objection = await Objection.exists().where(
            Objection.forwarding == made.id, Objection.decided_at.is_null()
        )
        if open_objection:
            raise InvalidInputError(
                {"result": N_("Your objection is not decided yet: wait for it.")}
            )
        made_id = uuid4()
        round_ = 1 + await ResultForm.count().where(ResultForm.forwarding == made.id)
        today = site_time(at).date()
        texts: dict[str, Any] = {
            f"{name}_cipher": sealing.seal(
                getattr(form, name), "government_result", f"{name}_cipher", made_id
            )
            for name in ("course", "result", "basis", "measures", "words")
        }
        await ResultForm.insert(
            ResultForm(
                None,
                id=made_id,
                forwarding=made.id,
                matter=matter_id,
                unit=made.unit,
                round=round_,
                taken=form.taken,
                sealed=form.sealed,
                signed_by_name=form.signed_by,
                petitioner_signed=form.petitioner_signed,
                returned_at=at,
                returned_by_name=actor.name,
                late=made.due_on is not None and today > made.due_on,
                due_before=made.due_on,
                **texts,
            )
        )
        made.state, made.returned_at = RETURNED, at
        made.version += 1
        await made.save()
        await matters.move(row, "report", actor=actor, at=at, unit=made.unit, round=round_)
        # Returned is returned: while the office checks it the unit is neither warned nor late.
        await clocks.finish(matter_id, clocks.REPORT, actor=actor, at=at)
        await clocks.cancel(matter_id, clocks.OBJECT, reason="result returned", actor=actor, at=at)
        await timeline.note(matter_id, "report", N_("Result returned"), actor=actor, at=at)
        await telling.office(row, f"result:{made_id}", at=at)


def _check(form: Result) -> None:
    problems = {}
    for name in ("course", "result"):
        if not getattr(form, name).strip():
            problems[name] = N_("Please fill this in.")
    if form.taken not in TAKINGS:
        problems["taken"] = N_("Say how the petitioner takes the result.")
    elif form.taken == UNREACHED and not form.words.strip():
        problems["words"] = N_("Say how you tried to reach them.")
    if problems:
        raise InvalidInputError(problems)
