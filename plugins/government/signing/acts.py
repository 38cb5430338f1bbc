"""The acts of signing as data: preliminary opinion, major items, leaders' instructions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.errors import InvalidInputError, WrongStateError
from core.forms import Field
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government.acts import Act, Doer, Values, day_field, day_of, id_of, select, text_field
from plugins.government.handling import queries as handling
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE, INSTRUCT, LEADER
from plugins.government.signing import again, instructing, queries, services
from plugins.government.signing.facts import BEFORE, PHASES, Signed


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
    await instructing.suggest_major(
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
    await instructing.instruct(
        matter_id,
        values["text"],
        leader=doer.actor.name if own else values["leader"],
        given_on=day_of(values, "given_on") or site_time(doer.at).date(),
        actor=doer.actor,
        at=doer.at,
    )


async def _round_field(rounds: Sequence[Signed]) -> Field:
    options = [
        (str(one.id), N_("{phase}, asked by {name}", phase=PHASES[one.phase], name=one.asked_by))
        for one in rounds
    ]
    if not options:
        raise WrongStateError(N_("Nothing waits for signatures here any more."))
    return select("signing", N_("What was put to the signers"), options, required=True)


async def _put_right_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    rounds = await again.returned(matter.id)
    fields = [
        await _round_field(rounds),
        text_field("text", N_("What is put to those who sign"), required=True),
    ]
    if any(one.phase == BEFORE for one in rounds):
        fields.append(
            day_field("due_on", N_("Report back by"), help=N_("Empty: the day stays as it was."))
        )
    return fields


async def _start_put_right(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    rounds = await again.returned(matter.id)
    if not rounds:
        return {}
    return {"signing": str(rounds[0].id), "text": rounds[0].text, "shown": {"rounds": rounds}}


async def _put_right(matter_id: UUID, values: Values, doer: Doer) -> None:
    await again.put_right(
        matter_id,
        id_of(values, "signing"),
        values["text"],
        due_on=day_of(values, "due_on"),
        actor=doer.actor,
        at=doer.at,
        plugins=doer.plugins,
    )


async def _withdraw_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    return (await _round_field(await again.waiting(matter.id)),)


async def _start_withdraw(matter: MatterView, doer: Doer) -> Mapping[str, Any]:
    rounds = await again.waiting(matter.id)
    return {"signing": str(rounds[0].id)} if rounds else {}


async def _withdraw(matter_id: UUID, values: Values, doer: Doer) -> None:
    await again.withdraw(
        matter_id,
        id_of(values, "signing"),
        actor=doer.actor,
        at=doer.at,
        plugins=doer.plugins,
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
    await instructing.carry_out(
        matter_id, instruction, values["text"], actor=doer.actor, at=doer.at
    )


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
    Act(
        name="put-right",
        title=N_("Put right what the signers sent back"),
        button=N_("Submit it again"),
        said=N_("Submitted again: every step signs anew."),
        requires=HANDLE,
        fields=_put_right_fields,
        start=_start_put_right,
        do=_put_right,
        aside="government/signing/_returned.html",
    ),
    Act(
        name="withdraw-signing",
        title=N_("Take back what waits for signatures"),
        button=N_("Take it back"),
        said=N_("Taken back. Nobody signs it any more."),
        requires=HANDLE,
        fields=_withdraw_fields,
        start=_start_withdraw,
        do=_withdraw,
        hint=N_("Then it can be ordered anew, to another unit or in other words."),
        tone="danger",
    ),
)
