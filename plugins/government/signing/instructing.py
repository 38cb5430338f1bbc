"""Major items put to the government leaders, their instructions, how these were carried out (GOV-19)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import holders
from core.approvals.facts import ApprovalFacts
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.facts import MAJOR as MAJOR_GRADE
from plugins.government.facts import MATTER
from plugins.government.handling import telling
from plugins.government.matters import services as matters
from plugins.government.matters import timeline
from plugins.government.matters.tables import Matter
from plugins.government.rights import LEADER
from plugins.government.signing import queries, services
from plugins.government.signing.facts import MAJOR
from plugins.government.signing.tables import Instruction

KIND = "government.major"
_TELLS = "government_instruction"


async def suggest_major(
    matter_id: UUID, text: str, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Suggest what is to be done about a major or urgent item, the same day (GOV-19).

    When the heads have signed, it is put to the government leaders.
    """
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row = await matters.take_open(matter_id, actor, at)
        if await queries.open_round(matter_id, MAJOR):
            raise WrongStateError(N_("This item is on its way to the leaders already."))
        await matters.change(
            row, "major", {Matter.urgency: MAJOR_GRADE}, actor=actor, at=at, urgency=MAJOR_GRADE
        )
        asked = await services.ask(
            row, MAJOR, kind=KIND, text=text, actor=actor, at=at, plugins=plugins
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
    signing = await services.settle(request)
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
