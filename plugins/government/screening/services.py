"""What the desk decides on the first day, told and recorded (GOV-8, 10 to 13, 16). One act, one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.decisions import Allow, Decision, Deny
from core.documents.numbering import number_label
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.facts import MAINLAND, MAJOR, MATTER
from plugins.government.handling import ended
from plugins.government.matters import services as matters
from plugins.government.matters import states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.numbers import next_number
from plugins.government.people import services as people
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD
from plugins.government.screening import handing, papers, policies, queries
from plugins.government.screening.facts import (
    ACCEPT,
    ANSWER,
    DECISIONS,
    END,
    GUIDE,
    ORAL,
    REFUSE,
    SUGGESTIONS,
    URGENT,
    WRITTEN,
    Decided,
    InterviewFacts,
    TellingFacts,
)
from plugins.government.screening.tables import ForeignReport, Interview, Suggestion, Told
from plugins.government.telling import tell_roles

SAID: dict[str, Message] = {
    ACCEPT: N_("The item was accepted."),
    GUIDE: N_("The petitioner was told which body is competent."),
    REFUSE: N_("The item was not accepted; the ground was explained."),
    END: N_("The item is accepted no longer; the ground was explained."),
    ANSWER: N_("The petitioner was answered on the spot."),
}


async def suggest(matter_id: UUID, kind: str, text: str, *, actor: Actor, at: datetime) -> None:
    """Enter what the desk proposes to do with an item, on the day it came (GOV-8).

    A major or urgent item is marked so; the signing room puts it to the leaders (GOV-19).
    """
    if kind not in SUGGESTIONS:
        raise InvalidInputError({"suggestion": N_("Please choose one of the options.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        made = uuid4()
        await Suggestion.insert(
            Suggestion(
                id=made,
                matter=matter_id,
                kind=kind,
                text_cipher=sealing.seal(text, "government_suggestion", "text_cipher", made),
                at=at,
                by=actor.id,
                by_name=actor.name,
            )
        )
        values: dict[Any, Any] = {Matter.suggested_at: row.suggested_at or at}
        if kind == URGENT:
            values[Matter.urgency] = MAJOR
        await matters.change(row, "suggest", values, actor=actor, at=at, kind=kind)
        await timeline.note(
            matter_id,
            "suggest",
            N_("Suggested: {what}", what=SUGGESTIONS[kind]),
            actor=actor,
            at=at,
            body=text,
            shown_to=timeline.OFFICE,
        )


async def decide(
    matter_id: UUID,
    decided: Decided,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    contact_id: UUID | None = None,
    petitioner_id: UUID | None = None,
    write: bool = True,
) -> str:
    """Accept, guide, refuse, end or answer an item; return in which manner it was told.

    A refusal is told in writing the first time and orally ever after; with `write` insisted on a
    second time it is refused. An item that is further along keeps its stage: only the telling is noted.
    """
    if decided.act not in DECISIONS:
        raise InvalidInputError({"decision": N_("Please choose one of the options.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        telling = await _facts(row, decided, petitioner_id)
        _permit(policies.may_tell(telling))
        if decided.act == ANSWER:
            await _may_answer(row)
        manner = policies.manner(telling) if write else ORAL
        told_id = await _tell(row, decided, manner, petitioner_id, contact_id, actor, at)
        course = await _course(decided, at)
        if states.may(course, row.stage):
            await _move(row, course, decided, actor=actor, at=at)
            if row.stage not in states.OPEN:
                await ended.end(row, actor=actor, at=at, plugins=plugins)
        elif decided.act not in (REFUSE, END):
            await matters.move(row, decided.act, actor=actor, at=at)  # refuses
        if row.suggested_at is None:
            await matters.change(
                row, "suggest", {Matter.suggested_at: at}, actor=actor, at=at, kind=decided.act
            )
        await timeline.note(
            matter_id,
            f"told_{course}",
            SAID[course],
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
        if decided.text or decided.body:
            await timeline.note(
                matter_id,
                f"told_{course}",
                N_("What was said"),
                actor=actor,
                at=at,
                body="\n".join(filter(None, (decided.body, decided.text))),
                shown_to=timeline.OFFICE,
            )
        shown = {"act": decided.act, "ground": decided.ground, "manner": manner, "told": told_id}
        await record(actor, "government.tell", MATTER, matter_id, at=at, after=shown)
    return manner


def _permit(decision: object) -> None:
    if isinstance(decision, Deny):
        raise RefusedError(decision)


async def _facts(row: Matter, decided: Decided, petitioner_id: UUID | None) -> TellingFacts:
    person = petitioner_id or row.petitioner
    root = await queries.root_of(row.id)
    return TellingFacts(
        act=decided.act,
        ground=decided.ground,
        body=decided.body,
        text=decided.text,
        known_petitioner=person is not None,
        written_before=await queries.written_before(root, person),
    )


async def _may_answer(row: Matter) -> None:
    if row.petitioner is None:
        return
    person = await people.petitioner(row.petitioner)
    outline = await queries.outline(row.id)
    approved = outline is not None and outline["approved_at"] is not None
    _permit(policies.may_answer(belonging=person.belonging, outline_approved=approved))


async def _tell(
    row: Matter,
    decided: Decided,
    manner: str,
    petitioner_id: UUID | None,
    contact_id: UUID | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    told_id, root = uuid4(), await queries.root_of(row.id)
    person = petitioner_id or row.petitioner
    document = await papers.told(
        row,
        decided,
        manner,
        before=await queries.written_paper(root, person) if manner == ORAL else None,
        receivers=await handing.receivers_of(contact_id, actor),
        actor=actor,
        at=at,
    )
    await Told.insert(
        told := Told(
            id=told_id,
            matter=row.id,
            root=root,
            petitioner=person,
            contact=contact_id,
            act=decided.act,
            ground=decided.ground,
            manner=manner,
            text_cipher=sealing.seal(decided.text, "government_told", "text_cipher", told_id),
            body_cipher=sealing.seal(decided.body, "government_told", "body_cipher", told_id),
            rules=(await clocks.in_force(at)).name,
            at=at,
            by=actor.id,
            by_name=actor.name,
            document=document,
        )
    )
    if document is not None and manner == WRITTEN and decided.receipt:
        await handing.note(told, decided.receipt, actor=actor, at=at)
    return told_id


async def _course(decided: Decided, at: datetime) -> str:
    """Return which way an item goes: by the regulation of 2022 some grounds show another way (GOV-10)."""
    if decided.act != REFUSE:
        return decided.act
    rules = (await clocks.in_force(at)).values
    return GUIDE if papers.notice(rules, decided.ground) == "guidance" else REFUSE


async def _move(row: Matter, course: str, decided: Decided, *, actor: Actor, at: datetime) -> None:
    await matters.move(row, course, actor=actor, at=at, ground=decided.ground)
    await clocks.finish(row.id, clocks.INFORM, actor=actor, at=at)
    if decided.act == ACCEPT:
        names = [clocks.HANDLE, clocks.HANDLE_INTERNAL]
        if decided.simple:
            names.append(clocks.ANSWER)
        for name in names:
            await start_clock(row, name, N_("Accepted"), actor=actor, at=at)
    else:
        await clocks.finish(row.id, clocks.ANSWER, actor=actor, at=at)


async def start_clock(
    row: Matter, name: str, event: Message, *, actor: Actor, at: datetime
) -> None:
    """Start a clock of an item unless it runs already."""
    if await clocks.running(row.id, name) is None:
        await clocks.start(
            row.id, name, number=row.number, site_id=row.site, event=event, actor=actor, at=at
        )


async def tell_again(
    matter_id: UUID, text: str, *, manner: str, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Tell a petitioner once more why an item is not accepted, by word of mouth: it is recorded.

    A second written notice for the same person and matter is refused; the refusal is logged (GOV-12).
    """
    refused: Decision = Allow()
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        last = await queries.last_refusal(matter_id)
        if last is None or last.ground is None:
            raise WrongStateError(N_("Nothing was told yet that could be told again."))
        if manner == WRITTEN:
            before = await queries.written_before(await queries.root_of(row.id), row.petitioner)
            refused = policies.may_write_again(before)
        if isinstance(refused, Deny):
            shown = {"code": refused.code, "rule": refused.rule}
            await record(actor, "government.tell_denied", MATTER, row.id, at=at, after=shown)
        else:
            told = Decided(act=last.act, ground=last.ground.code, body=last.body, text=text)
            write = manner == WRITTEN
            await decide(matter_id, told, actor=actor, at=at, plugins=plugins, write=write)
    _permit(refused)


async def stamp_if_due(
    matter_id: UUID,
    contact_id: UUID | None,
    *,
    refused: bool,
    should_be_solved: bool,
    frequency: str,
    actor: Actor,
    at: datetime,
) -> str:
    """Give an interview its number and stamp when one is due (GOV-13); return why, or nothing."""
    row = await matters.take(matter_id, actor, at)
    why = policies.interview_due(
        InterviewFacts(
            channel=row.channel,
            size=row.size,
            frequency=frequency,
            purpose=row.purpose,
            refused=refused,
            should_be_solved=should_be_solved,
        )
    )
    if why:
        await stamp(matter_id, why, actor=actor, at=at, contact_id=contact_id)
    return why


async def stamp(
    matter_id: UUID, why: str, *, actor: Actor, at: datetime, contact_id: UUID | None = None
) -> UUID:
    """Give the form its number and interview stamp (GOV-13)."""
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        year = site_time(at).year
        interview = Interview(
            id=uuid4(),
            matter=row.id,
            contact=contact_id,
            number=number_label(year, await next_number("government.interview", year, at=at)),
            why=why,
            stamped_at=at,
            stamped_by_name=actor.name,
        )
        await Interview.insert(interview)
        shown = {"number": interview.number, "why": why}
        await record(actor, "government.interview_stamp", MATTER, row.id, at=at, after=shown)
        await timeline.note(
            matter_id,
            "interview_stamp",
            N_("Interview {number} arranged", number=interview.number),
            actor=actor,
            at=at,
            shown_to=timeline.OFFICE,
        )
    return interview.id


async def report_foreigner(row_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Report an item of somebody from abroad once; say whether it is one (GOV-18)."""
    row = await matters.take(row_id, actor, at)
    if row.petitioner is None:
        return False
    person = await people.petitioner(row.petitioner)
    if person.belonging == MAINLAND or await ForeignReport.exists().where(
        ForeignReport.matter == row.id
    ):
        return person.belonging != MAINLAND
    await ForeignReport.insert(ForeignReport(id=uuid4(), matter=row.id, reported_at=at))
    await record(actor, "government.foreign_report", MATTER, row.id, at=at)
    await tell_roles(
        (HEAD, DEPUTY, DIRECTOR),
        key=f"government.foreign/{row.id}",
        subject=N_("Item {number}: report on a petitioner from abroad", number=row.number),
        body=N_("A direct answer needs an outline that the room and the bureau approve."),
        site_id=row.site,
        at=at,
        url=f"/government/matters/{row.id}",
        matter_id=row.id,
    )
    await timeline.note(
        row.id,
        "foreign_report",
        N_("Reported to the head of the room and of the bureau"),
        actor=actor,
        at=at,
        shown_to=timeline.OFFICE,
    )
    return True
