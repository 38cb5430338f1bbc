"""What a unit does with an item it answers for, as data: acknowledge, plan, object, return the result."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import WrongStateError
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.acts import Act, Doer, Values, day_of, id_of
from plugins.government.handling import forms, queries, undertaking
from plugins.government.handling.facts import POINTS, SATISFIED
from plugins.government.matters.facts import MatterView
from plugins.government.rights import UNIT


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


ACTS = (
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
