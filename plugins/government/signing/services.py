"""Signatures asked for on items, given with an opinion; leaders' instructions; major items put to them.

The signatures themselves are core.approvals, with what signers say, encrypted; the request's title
holds the item's number alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import holders
from core.approvals import services as approvals
from core.approvals.facts import APPROVE, ApprovalFacts, NewRequest, StepPlan
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins, carrying
from plugins.government import clocks, sealing
from plugins.government.facts import MATTER
from plugins.government.handling import ended, telling
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.matters.tables import Matter
from plugins.government.signing import chains, policies, queries
from plugins.government.signing.facts import (
    AFTER,
    OPEN,
    PHASES,
    REFUSED,
    SIGNED,
    WITHDRAWN,
    ToRead,
)
from plugins.government.signing.tables import Signing

TABLE = "government_signing"
PAGE = "/government/signing/{request}"  # where all that is put to signers is read and signed
AFTER_KIND = "government.after"


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
    await let_signers_read(row, steps, at)
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
            page=PAGE,
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


async def let_signers_read(row: Matter, steps: Sequence[StepPlan], at: datetime) -> None:
    """Let those who are to sign about a confidential item read it; nobody who is barred from it."""
    if not row.secret:
        return
    kept_out = await telling.barred(row.id, at)
    for step in steps:
        for one in await holders(step.roles, row.site):
            if one.id not in kept_out:
                await matters.let_read(row.id, one.id, why="signs", at=at)


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
    read: ToRead,
    sees: bool = True,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    instead_of: UUID | None = None,
    version: int | None = None,
) -> str:
    """Sign, send back or reject what was read; return the request's state.

    What is said stays with the vote, encrypted; the item's time line says it, too. `sees` is not said
    of who stands in for a signer and reads no more of the item than what they sign.
    """
    text = text.strip()
    if choice not in policies.choices(returns=read.returns):
        raise InvalidInputError({"": N_("Please choose one of the options.")})
    if choice != APPROVE and not text:
        raise InvalidInputError({"opinion": N_("Say why, so that it can be put right.")})
    async with db.writing():
        taker = actor if sees else Actor(kind="system", name=actor.name)
        row = await matters.take(read.matter_id, taker, at, once=True)
        await timeline.note(
            row.id,
            f"sign_{choice}",
            N_("{phase}: {choice}", phase=read.heading, choice=policies.SAID[choice]),
            body=text,
            actor=actor,
            at=at,
            shown_to=timeline.UNITS if read.by_unit else timeline.OFFICE,
        )
        return await approvals.vote(
            request_id,
            choice,
            actor=actor,
            at=at,
            plugins=plugins,
            opinion=text,
            instead_of=instead_of,
            version=version,
        )


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
            await _sent_up(row, actor=actor, at=at, plugins=plugins)


async def after_signed(request: ApprovalFacts) -> None:
    """Go on once the opinion on a result is signed: it goes up to whoever assigned the item."""
    signing = await settle(request)
    actor = Actor(kind="system", name=request.decided_by)
    row = await matters.take(signing.matter, actor, request.at)
    await _sent_up(row, actor=actor, at=request.at, plugins=carrying())


async def _sent_up(row: Matter, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    if not policies.goes_up(row.source):
        text = N_("The opinion is signed: answer the petitioner")
        await timeline.note(row.id, "signed", text, actor=actor, at=at, shown_to=timeline.OFFICE)
        return
    row.close_reason = "sent_up"
    await matters.move(row, "close", actor=actor, at=at, reason="sent_up")
    await ended.end(row, actor=actor, at=at, plugins=plugins)
    text = N_("Report signed and sent to the body that assigned the item")
    await timeline.note(row.id, "send_up", text, actor=actor, at=at)


async def not_signed(request: ApprovalFacts) -> None:
    """Note that signers refused, or that the request was withdrawn."""
    await settle(request)
