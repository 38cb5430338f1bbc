"""The acts of signing as data: preliminary opinion, major items, leaders' instructions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError
from core.forms import Field
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.acts import Act, Doer, Values, day_field, day_of, id_of, select, text_field
from plugins.government.handling import queries as handling
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE, INSTRUCT, LEADER
from plugins.government.signing import queries, services


async def _opinion_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (text_field("text", N_("Preliminary opinion on the result"), required=True),)


async def _start_opinion(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    returned = next(iter(await handling.results(matter.id)), None)
    return {"text": returned.result if returned is not None else ""}


async def _opinion(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.ask_after(
        matter_id, values["text"], actor=doer.actor, at=doer.at, plugins=doer.plugins
    )


async def _major_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (
        text_field(
            "text",
            N_("What is at stake and what is suggested"),
            required=True,
            help=N_("Today still: the heads sign, then the government leaders instruct."),
        ),
    )


async def _major(matter_id: UUID, values: Values, doer: Doer) -> None:
    await services.suggest_major(
        matter_id, values["text"], actor=doer.actor, at=doer.at, plugins=doer.plugins
    )


async def _instruct_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    text = text_field("text", N_("Instruction"), required=True)
    if LEADER in doer.actor.roles:
        return (text,)
    return (
        Field(name="leader", label=N_("Leader who instructed"), required=True, max_length=100),
        day_field("given_on", N_("Instructed on"), required=True),
        text,
    )


async def _start_instruct(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    return {"given_on": site_time(doer.at).date().isoformat()}


async def _instruct(matter_id: UUID, values: Values, doer: Doer) -> None:
    own = LEADER in doer.actor.roles
    await services.instruct(
        matter_id,
        values["text"],
        leader=doer.actor.name if own else values["leader"],
        given_on=day_of(values, "given_on") or site_time(doer.at).date(),
        actor=doer.actor,
        at=doer.at,
    )


async def _carry_out_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    waiting = [
        (str(one.id), N_("{name}, {day}", name=one.leader, day=one.given_on.isoformat()))
        for one in await queries.instructions(matter.id)
        if one.done_at is None
    ]
    return (
        select("instruction", N_("Which instruction"), waiting, required=True),
        text_field("text", N_("How it was carried out"), required=True),
    )


async def _start_carry_out(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    waiting = [one for one in await queries.instructions(matter.id) if one.done_at is None]
    return {"instruction": str(waiting[0].id)} if len(waiting) == 1 else {}


async def _carry_out(matter_id: UUID, values: Values, doer: Doer) -> None:
    instruction = id_of(values, "instruction")
    if instruction is None:
        raise InvalidInputError({"instruction": N_("Please choose one of the options.")})
    await services.carry_out(matter_id, instruction, values["text"], actor=doer.actor, at=doer.at)


ACTS = (
    Act(
        name="preliminary-opinion",
        title=N_("Preliminary opinion"),
        button=N_("Put it to those who sign"),
        said=N_("The opinion waits for signatures."),
        requires=HANDLE,
        fields=_opinion_fields,
        start=_start_opinion,
        do=_opinion,
    ),
    Act(
        name="major",
        title=N_("Major or urgent: put it to the leaders"),
        button=N_("Suggest it"),
        said=N_("The heads are asked to sign; then the leaders instruct."),
        requires=HANDLE,
        fields=_major_fields,
        do=_major,
        tone="danger",
    ),
    Act(
        name="instruction",
        title=N_("Instruction of a leader"),
        button=N_("Write it down"),
        said=N_("The instruction is written down. The reception room is told."),
        requires=INSTRUCT,
        fields=_instruct_fields,
        start=_start_instruct,
        do=_instruct,
    ),
    Act(
        name="carry-out",
        title=N_("Instruction carried out"),
        button=N_("Write it down"),
        said=N_("Written down: the instruction is carried out."),
        requires=HANDLE,
        fields=_carry_out_fields,
        start=_start_carry_out,
        do=_carry_out,
    ),
)
