"""Signatures asked for on items, given with an opinion; leaders' instructions; major items put to them.

The signatures themselves are core.approvals; what signers say lies encrypted in this room, and the
approval holds the item's number alone.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import holders
from core.approvals import services as approvals
from core.approvals.facts import APPROVE, ApprovalFacts, NewRequest, StepPlan
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.facts import MAJOR as MAJOR_GRADE
from plugins.government.facts import MATTER
from plugins.government.handling import telling
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Matter
from plugins.government.rights import LEADER
from plugins.government.signing import chains, policies, queries
from plugins.government.signing.facts import (
    AFTER,
    MAJOR,
    OPEN,
    PHASES,
    REFUSED,
    SIGNED,
    WITHDRAWN,
)
from plugins.government.signing.tables import Instruction, SignerOpinion, Signing

TABLE = "government_signing"
AFTER_KIND, MAJOR_KIND = "government.after", "government.major"
_SAYS = "government_signer_opinion"
_TELLS = "government_instruction"


async def steps_of(source: str, phase: str, *, actor: Actor, at: datetime) -> tuple[StepPlan, ...]:
    """Return who signs in a phase, by the item's source and the settings in force (GOV-30).

    Who asks and heads a step themselves has said yes by asking: that step falls away.
    """
    chain = chains.chain_of((await clocks.in_force(at)).values, source, phase)
    return chains.steps(chain, actor.roles)


async def ask(
    row: Matter,
    phase: str,
    *,
    kind: str,
    text: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    payload: Mapping[str, str] | None = None,
) -> UUID | None:
    """Ask for the signatures of a phase; joins the caller's transaction.

    Returns the request, whose `payload["signing"]` names this round; None where the settings ask for
    no signature. The owner of `kind` calls `settle` first when it is decided. Nobody barred from the
    item signs it; who must sign a confidential one may read it from now on.
    """
    steps = await steps_of(row.source, phase, actor=actor, at=at)
    if not steps:
        return None
    made_id = uuid4()
    kept_out = await telling.barred(row.id, at)
    if row.secret:
        for step in steps:
            for one in await holders(step.roles, row.site):
                if one.id not in kept_out:
                    await matters.let_read(row.id, one.id, why="signs", at=at)
    await Signing.insert(
        Signing(
            id=made_id,
            matter=row.id,
            phase=phase,
            kind=kind,
            state=OPEN,
            text_cipher=sealing.seal(text, TABLE, "text_cipher", made_id),
            asked_at=at,
            asked_by=actor.id,
            asked_by_name=actor.name,
        )
    )
    request = await approvals.open_request(
        NewRequest(
            kind=kind,
            record_kind=MATTER,
            record=str(row.id),
            title=N_("{phase} ({number})", phase=PHASES[phase], number=row.number),
            url=f"/government/matters/{row.id}",
            site_id=row.site,
            steps=steps,
            barred=tuple(kept_out),
            confidential=True,
            payload={**(payload or {}), "signing": str(made_id)},
        ),
        actor=actor,
        at=at,
        plugins=plugins,
    )
    await Signing.update({Signing.approval: request}).where(Signing.id == made_id)
    return request


async def settle(request: ApprovalFacts) -> Signing:
    """Note how a round of signatures ended; whoever owns its kind calls this in its hook."""
    row = await Signing.objects().get(Signing.id == UUID(request.payload["signing"]))
    if row is None:
        raise NotFoundError
    row.state = {"approved": SIGNED, "withdrawn": WITHDRAWN}.get(request.state, REFUSED)
    row.decided_at = request.at
    await row.save([Signing.state, Signing.decided_at])
    return row


async def sign(
    request_id: UUID,
    choice: str,
    text: str,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    instead_of: UUID | None = None,
    version: int | None = None,
) -> str:
    """Sign, send back or reject, with an opinion that stays encrypted; return the request's state."""
    text = text.strip()
    if choice != APPROVE and not text:
        raise InvalidInputError({"opinion": N_("Say why, so that it can be put right.")})
    async with db.writing():
        row = await Signing.objects().get(Signing.approval == request_id)
        if row is None:
            await access.nowhere(actor, at)
            raise NotFoundError
        await matters.take(row.matter, actor, at)
        state = await approvals.vote(
            request_id,
            choice,
            actor=actor,
            at=at,
            plugins=plugins,
            opinion="" if choice == APPROVE else f"/government/matters/{row.matter}",
            instead_of=instead_of,
            version=version,
        )
        said_id = uuid4()
        await SignerOpinion.insert(
            SignerOpinion(
                id=said_id,
                signing=row.id,
                user=actor.id,
                user_name=actor.name,
                choice=choice,
                text_cipher=sealing.seal(text, _SAYS, "text_cipher", said_id),
                said_at=at,
            )
        )
        await timeline.note(
            row.matter,
            f"sign_{choice}",
            N_("{phase}: {choice}", phase=PHASES[row.phase], choice=policies.SAID[choice]),
            body=text,
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
    return state


async def ask_after(
    matter_id: UUID, text: str, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Put the section's preliminary opinion on a result to those who approve it (GOV-30)."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if await queries.open_round(matter_id, AFTER):
            raise WrongStateError(N_("This item waits for signatures already."))
        if not policies.ready_for_opinion(row.stage):
            raise WrongStateError(N_("There is no result to give an opinion on yet."))
        asked = await ask(
            row, AFTER, kind=AFTER_KIND, text=text, actor=actor, at=at, plugins=plugins
        )
        await timeline.note(
            matter_id,
            "ask_signature",
            N_("Preliminary opinion put to those who sign"),
            body=text,
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
        if asked is None:
            await _sent_up(row, actor=actor, at=at)


async def after_signed(request: ApprovalFacts) -> None:
    """Go on once the opinion on a result is signed: it goes up to whoever assigned the item."""
    signing = await settle(request)
    actor = Actor(kind="system", name=request.decided_by)
    row = await matters.take(signing.matter, actor, request.at)
    await _sent_up(row, actor=actor, at=request.at)


async def _sent_up(row: Matter, *, actor: Actor, at: datetime) -> None:
    if not policies.goes_up(row.source):
        text = N_("The opinion is signed: answer the petitioner")
        await timeline.note(row.id, "signed", text, actor=actor, at=at, shown_to=timeline.OFFICE)
        return
    row.close_reason = "sent_up"
    await matters.move(row, "close", actor=actor, at=at, reason="sent_up")
    await clocks.finish(
        row.id,
        clocks.INFORM,
        clocks.HANDLE,
        clocks.HANDLE_INTERNAL,
        clocks.REPORT,
        clocks.REPORT_UP,
        actor=actor,
        at=at,
    )
    text = N_("Report signed and sent to the body that assigned the item")
    await timeline.note(row.id, "send_up", text, actor=actor, at=at)


async def not_signed(request: ApprovalFacts) -> None:
    """Note that signers refused, or that the request was withdrawn."""
    await settle(request)


async def suggest_major(
    matter_id: UUID, text: str, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Suggest what is to be done about a major or urgent item, the same day (GOV-19).

    When the heads have signed, it is put to the government leaders.
    """
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        if await queries.open_round(matter_id, MAJOR):
            raise WrongStateError(N_("This item is on its way to the leaders already."))
        await matters.change(
            row, "major", {Matter.urgency: MAJOR_GRADE}, actor=actor, at=at, urgency=MAJOR_GRADE
        )
        asked = await ask(
            row, MAJOR, kind=MAJOR_KIND, text=text, actor=actor, at=at, plugins=plugins
        )
        if asked is None:
            raise WrongStateError(N_("Nobody signs for major items: choose a chain in the rules."))
        await timeline.note(
            matter_id,
            "suggest_major",
            N_("Suggested as major or urgent"),
            body=text,
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )


async def major_signed(request: ApprovalFacts) -> None:
    """Put a major item to the government leaders, who instruct."""
    signing = await settle(request)
    actor = Actor(kind="system", name=request.decided_by)
    row = await matters.take(signing.matter, actor, request.at)
    leaders = await holders((LEADER,), row.site)
    if row.secret:
        kept_out = await telling.barred(row.id, request.at)
        for one in leaders:
            if one.id not in kept_out:
                await matters.let_read(row.id, one.id, why="instructs", at=request.at)
    await telling.people(
        row,
        [one.id for one in leaders],
        N_("A major item waits for your instruction: {number}", number=row.number),
        f"major:{signing.id}",
        at=request.at,
        url="/government/signing",
    )
    await timeline.note(
        row.id,
        "put_to_leaders",
        N_("Put to the government leaders"),
        actor=actor,
        at=request.at,
        shown_to=timeline.OFFICE,
    )


async def instruct(
    matter_id: UUID,
    text: str,
    *,
    leader: str,
    given_on: date,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Write down a leader's instruction; whoever is a leader writes their own."""
    problems = {}
    if not text.strip():
        problems["text"] = N_("Please fill this in.")
    if not leader.strip():
        problems["leader"] = N_("Say who instructed.")
    if given_on > site_time(at).date():
        problems["given_on"] = N_("This day has not come yet.")
    if problems:
        raise InvalidInputError(problems)
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        made_id = uuid4()
        put = await queries.put_to_leaders(matter_id)
        await Instruction.insert(
            Instruction(
                id=made_id,
                matter=matter_id,
                signing=put,
                leader=actor.id if LEADER in actor.roles else None,
                leader_name=leader.strip(),
                text_cipher=sealing.seal(text.strip(), _TELLS, "text_cipher", made_id),
                given_on=given_on,
                recorded_at=at,
                recorded_by_name=actor.name,
            )
        )
        await record(actor, "government.instruct", MATTER, matter_id, at=at)
        await timeline.note(
            matter_id,
            "instruct",
            N_("Instruction of a leader: {name}", name=leader.strip()),
            body=text.strip(),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
        await telling.office(row, f"instructed:{made_id}", at=at)
    return made_id


async def carry_out(
    matter_id: UUID, instruction_id: UUID, text: str, *, actor: Actor, at: datetime
) -> None:
    """Write down how a leader's instruction was carried out."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        await matters.take(matter_id, actor, at)
        row = await Instruction.objects().get(
            (Instruction.id == instruction_id) & (Instruction.matter == matter_id)
        )
        if row is None:
            raise NotFoundError
        if row.done_at is not None:
            raise WrongStateError(N_("This instruction was carried out already."))
        row.done_at, row.done_by_name = at, actor.name
        row.done_cipher = sealing.seal(text.strip(), _TELLS, "done_cipher", row.id)
        await row.save([Instruction.done_at, Instruction.done_by_name, Instruction.done_cipher])
        await record(actor, "government.carry_out", MATTER, matter_id, at=at)
        await timeline.note(
            matter_id,
            "carry_out",
            N_("Instruction of {name} carried out", name=row.leader_name),
            body=text.strip(),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
