"""The acts of handling as data: what the reception room and the units do with an item."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.acts import Act, Doer, Values, day_of, id_of
from plugins.government.handling import (
    checking,
    forms,
    grading,
    queries,
    services,
    undertaking,
    weekly,
)
from plugins.government.handling.facts import (
    ASSIGNMENT,
    LEADERS,
    POINTS,
    SATISFIED,
    TRANSFER,
)
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE, UNIT
from plugins.government.signing import queries as signing
from plugins.government.units import queries as units


def _order(kind: str, values: Values) -> services.Order:
    unit_id = id_of(values, "unit")
    if unit_id is None:
        raise InvalidInputError({"unit": N_("Please choose one of the options.")})
    return services.Order(
        kind=kind,
        unit_id=unit_id,
        reason=values["reason"],
        due_on=day_of(values, "due_on"),
        ground=values.get("ground", ""),
        requirement=values.get("requirement", ""),
        urgent=bool(values["urgent"]),
        spoke_with=values["spoke_with"],
        answer=values["answer"],
        meeting_on=day_of(values, "meeting_on"),
    )


async def _transfer(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.order(
        matter_id, _order(TRANSFER, values), actor=doer.actor, at=doer.at, plugins=doer.plugins
    )


async def _assign(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.order(
        matter_id, _order(ASSIGNMENT, values), actor=doer.actor, at=doer.at, plugins=doer.plugins
    )


async def _start_transfer(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    objected = next(iter(await queries.objections(matter.id)), None)
    proposed = ""
    if objected is not None and objected.granted:
        proposed = next(
            (str(one.id) for one in await units.units() if one.name == objected.proposed), ""
        )
    place = matter.row["place"]
    return {
        "unit": proposed or (str(place) if place else ""),
        "due_on": await forms.due_in("transfer_days", doer),
    }


async def _start_assign(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    started = dict(await _start_transfer(matter, doer))
    started["due_on"] = await forms.due_in("assignment_days", doer)
    started["requirement"] = matter.demand
    instructed = next(iter(await signing.instructions(matter.id)), None)
    if instructed is not None and instructed.done_at is None:
        started |= {"ground": LEADERS, "requirement": instructed.text}
    return started


async def _acknowledge(matter_id: UUID, values: Values, doer: Doer) -> None:
    await undertaking.acknowledge(
        matter_id,
        person=id_of(values, "person"),
        plan=values["plan"],
        actor=doer.actor,
        at=doer.at,
    )


async def _start_acknowledge(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {"person": str(doer.actor.id)}


async def _plan(matter_id: UUID, values: Values, doer: Doer) -> None:
    await undertaking.change_plan(
        matter_id,
        values["plan"],
        person=id_of(values, "person"),
        actor=doer.actor,
        at=doer.at,
    )


async def _start_plan(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    now = await queries.current(matter.id)
    if now is None:
        raise WrongStateError(N_("No unit has this item now."))
    options = await forms.staff_options(matter, doer)
    person = next((value for value, name in options if name == now.person), "")
    return {"plan": now.plan, "person": person}


async def _contact(matter_id: UUID, values: Values, doer: Doer) -> None:
    await undertaking.contact(
        matter_id,
        means=values["means"],
        day=day_of(values, "day") or site_time(doer.at).date(),
        text=values["text"],
        actor=doer.actor,
        at=doer.at,
    )


async def _today(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {"day": site_time(doer.at).date().isoformat(), "means": "phone"}


async def _progress(matter_id: UUID, values: Values, doer: Doer) -> None:
    await undertaking.progress(matter_id, values["text"], actor=doer.actor, at=doer.at)


async def _object(matter_id: UUID, values: Values, doer: Doer) -> None:
    await undertaking.object_to(
        matter_id,
        values["reason"],
        proposed=id_of(values, "proposed"),
        actor=doer.actor,
        at=doer.at,
    )


async def _start_object(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {"shown": {"last_day": await undertaking.last_day_to_object(matter.id, doer.at)}}


async def _result(matter_id: UUID, values: Values, doer: Doer) -> None:
    await undertaking.return_result(
        matter_id,
        undertaking.Result(
            course=values["course"],
            result=values["result"],
            basis=values["basis"],
            measures=values["measures"],
            taken=values["taken"],
            words=values["words"],
            sealed=bool(values["sealed"]),
            signed_by=values["signed_by"],
            petitioner_signed=bool(values["petitioner_signed"]),
        ),
        actor=doer.actor,
        at=doer.at,
    )


async def _start_result(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    """Show what was returned before, so that nothing is typed again after it was sent back."""
    former = next(iter(await queries.results(matter.id)), None)
    if former is None or former.passed is not False:
        return {"taken": SATISFIED}
    return {
        name: getattr(former, name)
        for name in ("course", "result", "basis", "measures", "taken", "words", "signed_by")
    } | {
        "sealed": "1" if former.sealed else "",
        "petitioner_signed": "1" if former.petitioner_signed else "",
        "shown": {"former": former, "points": POINTS},
    }


async def _objection(matter_id: UUID, values: Values, doer: Doer) -> None:
    await checking.decide_objection(
        matter_id,
        granted=values["granted"] == "yes",
        reason=values["reason"],
        actor=doer.actor,
        at=doer.at,
    )


async def _start_objection(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    waiting = next(
        (one for one in await queries.objections(matter.id) if one.granted is None), None
    )
    if waiting is None:
        raise WrongStateError(N_("No objection waits here."))
    return {"shown": {"objection": waiting}}


async def _check(matter_id: UUID, values: Values, doer: Doer) -> None:
    await checking.check(
        matter_id,
        {name: values.get(f"point_{name}", "") for name in POINTS},
        findings=values["findings"],
        new_day=day_of(values, "new_day"),
        actor=doer.actor,
        at=doer.at,
    )


async def _start_check(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    form, made = await checking.result_to_check(matter.id)
    returned = next(one for one in await queries.results(matter.id) if one.id == form.id)
    return {
        "shown": {
            "result": returned,
            "sent": await queries.forwarding(made.id),
            "fixed": checking.fixed_answers(form, made),
            "points": POINTS,
        }
    }


async def _take_back(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.take_back(matter_id, reason=values["reason"], actor=doer.actor, at=doer.at)


async def _letter(matter_id: UUID, values: Values, doer: Doer) -> None:
    await weekly.send_letter(
        matter_id,
        day=day_of(values, "day") or site_time(doer.at).date(),
        actor=doer.actor,
        at=doer.at,
    )


async def _grade(matter_id: UUID, values: Values, doer: Doer) -> None:
    heads = values["heads"]
    if not heads.isascii() or not heads.isdigit() or not 0 < int(heads) < 100_000:
        raise InvalidInputError({"heads": N_("At least one person came.")})
    await grading.grade(
        matter_id,
        grade=int(values["grade"]),
        heads=int(heads),
        announced=bool(values["announced"]),
        matters_on=day_of(values, "matters_on"),
        reason=values["reason"],
        actor=doer.actor,
        at=doer.at,
    )


async def _start_grade(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    former = await grading.latest(matter.id)
    if former is None:
        heads = matter.line.heads
        hint = grading.suggested(heads, False, None, site_time(doer.at).date())
        return {"heads": str(heads), "grade": str(max(hint, matter.line.urgency))}
    return {
        "heads": str(former.heads),
        "announced": "1" if former.announced else "",
        "matters_on": former.date_that_matters.isoformat() if former.date_that_matters else "",
        "grade": str(former.grade),
    }


OFFICE_ACTS = (
    Act(
        name="transfer",
        title=N_("Transfer to a unit"),
        button=N_("Transfer it"),
        said=N_("The item is on its way to the unit."),
        requires=HANDLE,
        fields=forms.transfer_fields,
        start=_start_transfer,
        do=_transfer,
    ),
    Act(
        name="assign",
        title=N_("Assign to a unit"),
        button=N_("Assign it"),
        said=N_("The assignment is on its way: signatures first where they are asked for."),
        requires=HANDLE,
        fields=forms.assign_fields,
        start=_start_assign,
        do=_assign,
    ),
    Act(
        name="objection",
        title=N_("Decide on the objection"),
        button=N_("Decide"),
        said=N_("Decided. The unit is told."),
        requires=HANDLE,
        fields=forms.objection_fields,
        start=_start_objection,
        do=_objection,
        aside="government/handling/_objection.html",
    ),
    Act(
        name="check",
        title=N_("Check the result"),
        button=N_("Finish the check"),
        said=N_("Checked. The unit is told when something is missing."),
        requires=HANDLE,
        fields=forms.check_fields,
        start=_start_check,
        do=_check,
        aside="government/handling/_result_shown.html",
    ),
    Act(
        name="take-back",
        title=N_("Take the item back"),
        button=N_("Take it back"),
        said=N_("The reception room answers for the item again."),
        requires=HANDLE,
        fields=forms.back_fields,
        do=_take_back,
        tone="danger",
    ),
    Act(
        name="letter",
        title=N_("Letter sent"),
        button=N_("Note that it was sent"),
        said=N_("Noted: no letter is owed any more."),
        requires=HANDLE,
        fields=forms.letter_fields,
        start=_today,
        do=_letter,
    ),
    Act(
        name="grade",
        title=N_("Grade the urgency"),
        button=N_("Grade it"),
        said=N_("Graded. The duty board shows it."),
        requires=HANDLE,
        fields=forms.grade_fields,
        start=_start_grade,
        do=_grade,
        hint=N_("Marks the item, never a person: head count, acts announced, dates that matter."),
    ),
)
UNIT_ACTS = (
    Act(
        name="acknowledge",
        title=N_("Acknowledge the item"),
        button=N_("Acknowledge it"),
        said=N_("Acknowledged. Now handle it, or object within the time shown."),
        requires=UNIT,
        fields=forms.acknowledge_fields,
        start=_start_acknowledge,
        do=_acknowledge,
    ),
    Act(
        name="plan",
        title=N_("Plan and person in charge"),
        button=N_("Save the plan"),
        said=N_("The plan is saved."),
        requires=UNIT,
        fields=forms.plan_fields,
        start=_start_plan,
        do=_plan,
    ),
    Act(
        name="contact",
        title=N_("Talk with the petitioner"),
        button=N_("Write it down"),
        said=N_("The talk is written down."),
        requires=UNIT,
        fields=forms.contact_fields,
        start=_today,
        do=_contact,
    ),
    Act(
        name="progress",
        title=N_("Report progress"),
        button=N_("Report it"),
        said=N_("The reception room sees your report."),
        requires=UNIT,
        fields=forms.progress_fields,
        do=_progress,
    ),
    Act(
        name="object",
        title=N_("Object: not our competence"),
        button=N_("Object"),
        said=N_("Your objection is with the reception room."),
        requires=UNIT,
        fields=forms.object_fields,
        start=_start_object,
        do=_object,
        hint=N_(
            "Your unit does not pass the item on or return it itself: the reception room decides."
        ),
        aside="government/handling/_last_day.html",
        tone="danger",
    ),
    Act(
        name="result",
        title=N_("Return the result"),
        button=N_("Return it"),
        said=N_("The result is with the reception room."),
        requires=UNIT,
        fields=forms.result_fields,
        start=_start_result,
        do=_result,
        aside="government/handling/_former_result.html",
    ),
)
