"""What the reception room does with an item, as data: order, decide, check, take back, grade."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError, WrongStateError
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.acts import Act, Doer, Values, day_of, id_of
from plugins.government.handling import checking, forms, grading, ordering, queries, weekly
from plugins.government.handling.facts import ASSIGNMENT, LEADERS, POINTS, TRANSFER
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE
from plugins.government.signing import queries as signing
from plugins.government.units import queries as units


def _order(kind: str, values: Values) -> ordering.Order:
    unit_id = id_of(values, "unit")
    if unit_id is None:
        raise InvalidInputError({"unit": N_("Please choose one of the options.")})
    return ordering.Order(
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
    await ordering.order(
        matter_id, _order(TRANSFER, values), actor=doer.actor, at=doer.at, plugins=doer.plugins
    )


async def _assign(matter_id: UUID, values: Values, doer: Doer) -> None:
    await ordering.order(
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
    await ordering.take_back(matter_id, reason=values["reason"], actor=doer.actor, at=doer.at)


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


async def _today(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {"day": site_time(doer.at).date().isoformat()}


ACTS = (
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
