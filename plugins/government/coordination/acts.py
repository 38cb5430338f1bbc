"""The acts of coordination as data: plan, meeting, a leader's decision, what was carried out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
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
from plugins.government.coordination import queries, services
from plugins.government.coordination.facts import WHYS
from plugins.government.handling import forms
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE, INSTRUCT, LEADER, UNIT

MOST_FOLLOW_UPS = 5


async def unit_boxes(matter: MatterView) -> list[Field]:
    """Return a tick box for each unit that can be asked."""
    return [
        Field(name=f"unit_{one.id.hex}", label=Message(one.name), kind="checkbox")
        for one in await forms.receiving(matter)
    ]


def ticked(values: Values, prefix: str) -> list[UUID]:
    """Return the units whose boxes with this prefix were ticked."""
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
        *await unit_boxes(matter),
    )


async def _plan(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.plan(
        matter_id,
        services.Plan(
            why=values["why"],
            unit_ids=ticked(values, "unit_"),
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
            if unit_id is not None or day is not None:
                problems[f"follow_{number}"] = N_("Say what is done.")
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
            came=ticked(values, "came_"),
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
    own = await services.may_follow(matter.id, matter.line.site_id, doer.actor)
    waiting = [
        (str(one.id), N_("{unit}: {text}", unit=one.unit, text=one.text[:40]))
        for one in (now.follow_ups if now else ())
        if one.done_at is None and (own is None or one.unit_id in own)
    ]
    if not waiting:
        raise WrongStateError(N_("No measure is to be carried out here."))
    return (
        select("follow", N_("Which measure"), waiting, required=True),
        text_field("text", N_("How it was carried out"), required=True),
    )


async def _follow_up(matter_id: UUID, values: Values, doer: Doer) -> None:
    follow = id_of(values, "follow")
    if follow is None:
        raise InvalidInputError({"follow": N_("Please choose one of the options.")})
    await services.follow_up(matter_id, follow, values["text"], actor=doer.actor, at=doer.at)


async def _off_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    await _held_units(matter)
    return (text_field("reason", N_("Why it is called off"), required=True),)


async def _off(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.call_off(matter_id, values["reason"], actor=doer.actor, at=doer.at)


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
        requires=(HANDLE, UNIT),
        fields=_follow_up_fields,
        do=_follow_up,
    ),
    Act(
        name="coordination-off",
        title=N_("Call the coordination off"),
        button=N_("Call the coordination off"),
        said=N_("The coordination is called off. The units are told."),
        requires=HANDLE,
        fields=_off_fields,
        do=_off,
        tone="danger",
    ),
)
