"""The acts of joint reception as data: units asked, called, arrived; how it ended."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError, WrongStateError
from core.forms import Field
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.acts import (
    Act,
    Doer,
    Values,
    clean_time,
    id_of,
    select,
    text_field,
    time_of,
)
from plugins.government.coordination import joint, queries
from plugins.government.coordination.acts import ticked, unit_boxes
from plugins.government.coordination.facts import JOINT_WHYS, OUTCOMES
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE


async def _joint_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        select("why", N_("Why units come here"), tuple(JOINT_WHYS.items()), required=True),
        Field(
            name="arrive_by",
            label=N_("To be here by"),
            kind="datetime",
            required=True,
            clean=clean_time,
        ),
        Field(name="place", label=N_("Room of the reception"), max_length=100),
        *await unit_boxes(matter),
    )


async def _start_joint(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    place = matter.row["place"]
    started = {"why": "large_group" if matter.line.size == "group" else ""}
    if place:
        started[f"unit_{place.hex}"] = "1"
    return started


async def _joint(matter_id: UUID, values: Values, doer: Doer) -> None:
    await joint.begin(
        matter_id,
        joint.Invitation(
            why=values["why"],
            unit_ids=ticked(values, "unit_"),
            arrive_by=time_of(values, "arrive_by"),
            place=values["place"],
        ),
        actor=doer.actor,
        at=doer.at,
    )


async def _called(matter: MatterView, *, arrived: bool) -> list[tuple[str, str]]:
    now = await queries.current_joint(matter.id)
    if now is None:
        raise WrongStateError(N_("No joint reception for this item goes on."))
    return [(str(one.unit_id), one.unit) for one in now.units if arrived or one.arrived_at is None]


async def _call_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        select("unit", N_("Unit called"), await _called(matter, arrived=False), required=True),
        Field(name="spoke_with", label=N_("Who took the call"), required=True, max_length=100),
        text_field("answer", N_("What they said on the phone")),
    )


async def _call(matter_id: UUID, values: Values, doer: Doer) -> None:
    unit_id = id_of(values, "unit")
    if unit_id is None:
        raise InvalidInputError({"unit": N_("Please choose one of the options.")})
    await joint.call(
        matter_id,
        unit_id,
        spoke_with=values["spoke_with"],
        answer=values["answer"],
        actor=doer.actor,
        at=doer.at,
    )


async def _arrive_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        select("unit", N_("Unit that came"), await _called(matter, arrived=False), required=True),
        Field(
            name="arrived_at",
            label=N_("Time of arrival"),
            kind="datetime",
            required=True,
            clean=clean_time,
        ),
        Field(name="people", label=N_("Who came"), required=True, max_length=200),
    )


async def _start_arrive(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {"arrived_at": site_time(doer.at).strftime("%Y-%m-%dT%H:%M")}


async def _arrive(matter_id: UUID, values: Values, doer: Doer) -> None:
    unit_id = id_of(values, "unit")
    if unit_id is None:
        raise InvalidInputError({"unit": N_("Please choose one of the options.")})
    await joint.arrive(
        matter_id,
        unit_id,
        people=values["people"],
        arrived_at=time_of(values, "arrived_at"),
        actor=doer.actor,
        at=doer.at,
    )


async def _end_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        select("outcome", N_("What came of it"), tuple(OUTCOMES.items()), required=True),
        text_field("note", N_("What was said and agreed")),
    )


async def _end(matter_id: UUID, values: Values, doer: Doer) -> None:
    await joint.end(
        matter_id, outcome=values["outcome"], note=values["note"], actor=doer.actor, at=doer.at
    )


ACTS = (
    Act(
        name="joint",
        title=N_("Joint reception"),
        button=N_("Begin the joint reception"),
        said=N_("Now call each unit."),
        requires=HANDLE,
        fields=_joint_fields,
        start=_start_joint,
        do=_joint,
    ),
    Act(
        name="joint-call",
        title=N_("Call a unit"),
        button=N_("Note the call"),
        said=N_("The call is noted."),
        requires=HANDLE,
        fields=_call_fields,
        do=_call,
    ),
    Act(
        name="joint-arrival",
        title=N_("A unit arrived"),
        button=N_("Note the arrival"),
        said=N_("The arrival is noted."),
        requires=HANDLE,
        fields=_arrive_fields,
        start=_start_arrive,
        do=_arrive,
    ),
    Act(
        name="joint-end",
        title=N_("End of the joint reception"),
        button=N_("End the reception"),
        said=N_("The joint reception is ended."),
        requires=HANDLE,
        fields=_end_fields,
        do=_end,
    ),
)
