"""The acts of coordination and joint reception as data."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
from core.registrations.judging import site_time
from plugins.government.acts import (
    Act,
    Doer,
    Values,
    clean_time,
    day_field,
    day_of,
    id_of,
    select,
    text_field,
    time_of,
)
from plugins.government.coordination import joint, queries, services
from plugins.government.coordination.facts import JOINT_WHYS, OUTCOMES, WHYS
from plugins.government.handling import forms
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE, INSTRUCT, LEADER

MOST_FOLLOW_UPS = 5


async def _unit_boxes(matter: MatterView) -> list[Field]:
    return [
        Field(name=f"unit_{one.id.hex}", label=Message(one.name), kind="checkbox")
        for one in await forms.receiving(matter)
    ]


def _ticked(values: Values, prefix: str) -> list[UUID]:
    return [
        UUID(name.removeprefix(prefix))
        for name, value in values.items()
        if name.startswith(prefix) and value
    ]


async def _plan_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        select("why", N_("Why it needs coordination"), tuple(WHYS.items()), required=True),
        text_field("text", N_("Plan: facts, proposal, who says what"), required=True),
        Field(
            name="meets_at",
            label=N_("Meeting at"),
            kind="datetime",
            required=True,
            clean=clean_time,
        ),
        Field(name="place", label=N_("Place of the meeting"), max_length=100),
        *await _unit_boxes(matter),
    )


async def _plan(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.plan(
        matter_id,
        services.Plan(
            why=values["why"],
            unit_ids=_ticked(values, "unit_"),
            text=values["text"],
            meets_at=time_of(values, "meets_at"),
            place=values["place"],
        ),
        actor=doer.actor,
        at=doer.at,
        plugins=doer.plugins,
    )


async def _held_units(matter: MatterView) -> list[tuple[str, str]]:
    now = await queries.current(matter.id)
    if now is None:
        raise WrongStateError(N_("No coordination of this item goes on."))
    return [(str(unit_id), name) for unit_id, name, _came in now.units]


async def _follow_fields(matter: MatterView) -> list[Field]:
    options = await _held_units(matter)
    found: list[Field] = []
    for number in range(1, MOST_FOLLOW_UPS + 1):
        found += [
            text_field(f"follow_{number}", N_("Measure {number}", number=number)),
            select(f"follow_unit_{number}", N_("Unit of measure {number}", number=number), options),
            day_field(f"follow_day_{number}", N_("Day of measure {number}", number=number)),
        ]
    return found


def _follow_ups(values: Values) -> list[tuple[UUID, str, date]]:
    found = []
    problems: dict[str, Message] = {}
    for number in range(1, MOST_FOLLOW_UPS + 1):
        text = values[f"follow_{number}"]
        unit_id = id_of(values, f"follow_unit_{number}")
        day = day_of(values, f"follow_day_{number}")
        if not text:
            continue
        if unit_id is None:
            problems[f"follow_unit_{number}"] = N_("Say which unit does it.")
        if day is None:
            problems[f"follow_day_{number}"] = N_("Say by when.")
        if unit_id is not None and day is not None:
            found.append((unit_id, text, day))
    if problems:
        raise InvalidInputError(problems)
    return found


async def _meeting_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        *(
            Field(
                name=f"came_{UUID(value).hex}", label=N_("{name} came", name=name), kind="checkbox"
            )
            for value, name in await _held_units(matter)
        ),
        text_field("minutes", N_("Minutes"), required=True),
        Field(
            name="agreed",
            label=N_("Outcome of the meeting"),
            kind="radio",
            required=True,
            options=(
                ("yes", N_("The units agreed")),
                ("no", N_("No agreement: the government leader decides")),
            ),
        ),
        *await _follow_fields(matter),
    )


async def _start_meeting(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {f"came_{UUID(value).hex}": "1" for value, _name in await _held_units(matter)}


async def _meeting(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.hold_meeting(
        matter_id,
        services.Held(
            came=_ticked(values, "came_"),
            minutes=values["minutes"],
            agreed=values["agreed"] == "yes",
            follow_ups=_follow_ups(values),
        ),
        actor=doer.actor,
        at=doer.at,
    )


async def _decision_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    own = LEADER in doer.actor.roles
    leader = Field(name="leader", label=N_("Leader who decided"), required=not own, max_length=100)
    return (
        *(() if own else (leader,)),
        text_field("text", N_("Decision of the leader"), required=True),
        *await _follow_fields(matter),
    )


async def _decision(matter_id: UUID, values: Values, doer: Doer) -> None:
    own = LEADER in doer.actor.roles
    await services.decide(
        matter_id,
        values["text"],
        leader=doer.actor.name if own else values["leader"],
        follow_ups=_follow_ups(values),
        actor=doer.actor,
        at=doer.at,
    )


async def _follow_up_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    now = await queries.current(matter.id)
    waiting = [
        (str(one.id), N_("{unit}: {text}", unit=one.unit, text=one.text[:40]))
        for one in (now.follow_ups if now else ())
        if one.done_at is None
    ]
    return (
        select("follow", N_("Which measure"), waiting, required=True),
        text_field("text", N_("How it was carried out"), required=True),
    )


async def _follow_up(matter_id: UUID, values: Values, doer: Doer) -> None:
    follow = id_of(values, "follow")
    if follow is None:
        raise InvalidInputError({"follow": N_("Please choose one of the options.")})
    await services.follow_up(matter_id, follow, values["text"], actor=doer.actor, at=doer.at)


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
        *await _unit_boxes(matter),
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
            unit_ids=_ticked(values, "unit_"),
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
        name="coordination",
        title=N_("Plan a coordination"),
        button=N_("Put the plan to the heads"),
        said=N_("The plan waits for the heads' signatures."),
        requires=HANDLE,
        fields=_plan_fields,
        do=_plan,
    ),
    Act(
        name="meeting",
        title=N_("Meeting of the coordination"),
        button=N_("Save the minutes"),
        said=N_("The minutes are saved."),
        requires=HANDLE,
        fields=_meeting_fields,
        start=_start_meeting,
        do=_meeting,
    ),
    Act(
        name="coordination-decision",
        title=N_("Decision of the government leader"),
        button=N_("Save the decision"),
        said=N_("The decision is saved."),
        requires=INSTRUCT,
        fields=_decision_fields,
        do=_decision,
    ),
    Act(
        name="follow-up",
        title=N_("Measure carried out"),
        button=N_("Note it"),
        said=N_("Noted."),
        requires=HANDLE,
        fields=_follow_up_fields,
        do=_follow_up,
    ),
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
