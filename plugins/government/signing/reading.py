"""What signers read of each thing that is put to them: orders, opinions, more time, replies, the rest.

One page shows and signs them all; nothing waits for a signature whose text its signer cannot read.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import clock, db
from core.approvals import queries as approvals
from core.approvals.tables import ApprovalRequest
from core.deadlines import extending as core_extending
from core.errors import NotFoundError
from core.i18n import N_, Message
from core.permissions import SYSTEM, Actor
from plugins.government.asking import replies
from plugins.government.asking.tables import Reply
from plugins.government.coordination import queries as coordination
from plugins.government.coordination import services as coordinating
from plugins.government.coordination.facts import WHYS
from plugins.government.facts import MATTER, NAME
from plugins.government.handling import ordering
from plugins.government.handling import queries as handling
from plugins.government.handling.facts import GROUNDS, KINDS, TAKINGS
from plugins.government.handling.queries import lines_of
from plugins.government.matters import access
from plugins.government.matters.facts import MatterLine
from plugins.government.opinions import drafting, extending
from plugins.government.opinions import queries as opinions
from plugins.government.opinions.facts import EXTENSION_REASONS, OUTCOMES
from plugins.government.opinions.tables import Extension
from plugins.government.screening import queries as screening
from plugins.government.screening import talks
from plugins.government.signing import instructing, queries, services
from plugins.government.signing.facts import PHASES, Signed, ToRead
from plugins.government.supervising import queries as supervising
from plugins.government.supervising import services as supervisions
from plugins.government.supervising.facts import ASKED_OVER
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

_NOWHERE = UUID(int=0)

Row = tuple[Message, Message | str | date | datetime | None]
Text = tuple[Message, str]
Reader = Callable[[ApprovalRequest], Awaitable[ToRead | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """One thing that waits for the reader's signature, with the item it is about."""

    request: UUID
    title: Message
    asked_by: str
    since: datetime
    instead_of: tuple[str, ...]
    read: ToRead
    line: MatterLine


async def _signed(request: ApprovalRequest) -> Signed | None:
    return await queries.by_request(request.id)


async def _order(request: ApprovalRequest) -> ToRead | None:
    """Read a transfer or assignment before the unit gets it."""
    signing = await _signed(request)
    if signing is None:
        return None
    sents = await handling.forwardings(signing.matter_id)
    sent = next((one for one in sents if one.approval == request.id), None)
    rows: list[Row] = []
    texts: list[Text] = [(N_("What is suggested"), signing.text)]
    if sent is not None:
        rows = [
            (N_("To which unit"), sent.unit),
            (N_("Kind"), KINDS[sent.kind]),
            (N_("Ground of the assignment"), GROUNDS[sent.ground] if sent.ground else ""),
            (N_("Copy to"), sent.copy),
            (N_("Report back by"), sent.due_on),
            (N_("Assignment meeting on"), sent.meeting_on),
        ]
        texts = [(N_("Why this unit is competent"), sent.content)]
        texts += [(N_("What is required"), sent.requirement)] if sent.requirement else []
    return ToRead(
        matter_id=signing.matter_id,
        heading=PHASES[signing.phase],
        rows=tuple(rows),
        texts=tuple(texts),
        returns=True,
    )


async def _result(request: ApprovalRequest) -> ToRead | None:
    """Read the section's opinion with what the unit returned."""
    signing = await _signed(request)
    if signing is None:
        return None
    found = next(iter(await handling.results(signing.matter_id)), None)
    rows: tuple[Row, ...] = ()
    texts: list[Text] = [(PHASES[signing.phase], signing.text)]
    if found is not None:
        rows = (
            (N_("Result returned by"), found.unit),
            (N_("How the petitioner takes it"), TAKINGS[found.taken]),
        )
        texts += [
            (N_("Course of the handling"), found.course),
            (N_("Result"), found.result),
            (N_("Laws and policies applied"), found.basis),
            (N_("Measures to carry it out"), found.measures),
            (N_("The petitioner's words"), found.words),
        ]
    return ToRead(
        matter_id=signing.matter_id,
        heading=PHASES[signing.phase],
        rows=rows,
        texts=tuple(texts),
        returns=True,
    )


async def _plan(request: ApprovalRequest) -> ToRead | None:
    """Read the plan of a coordination: who meets when and where."""
    signing = await _signed(request)
    if signing is None:
        return None
    found = await coordination.current(signing.matter_id)
    rows: tuple[Row, ...] = ()
    if found is not None:
        rows = (
            (N_("Why it needs coordination"), WHYS[found.why]),
            (N_("Units asked"), "、".join(name for _, name, _ in found.units)),
            (N_("Meeting at"), found.meets_at),
            (N_("Place of the meeting"), found.place),
        )
    return ToRead(
        matter_id=signing.matter_id,
        heading=PHASES[signing.phase],
        rows=rows,
        texts=((N_("Plan: facts, proposal, who says what"), signing.text),),
        returns=True,
    )


async def _major(request: ApprovalRequest) -> ToRead | None:
    """Read what is suggested about a major or urgent item."""
    signing = await _signed(request)
    if signing is None:
        return None
    return ToRead(
        matter_id=signing.matter_id,
        heading=PHASES[signing.phase],
        texts=((N_("What is at stake and what is suggested"), signing.text),),
        returns=True,
    )


async def _opinion(request: ApprovalRequest) -> ToRead | None:
    """Read an opinion as it will be issued."""
    row = await opinions.by_approval(request.id)
    if row is None:
        return None
    found = await opinions.opinion(row.id)
    unit = await units.unit(found.unit_id) if found.unit_id is not None else None
    return ToRead(
        matter_id=found.matter_id,
        heading=found.level_label,
        rows=(
            (N_("Body that gives it"), found.unit),
            (N_("What it comes to"), OUTCOMES[found.level].get(found.outcome, "")),
        ),
        texts=(
            (N_("Demands of the petitioner"), found.texts.claims),
            (N_("Facts found and reasons"), found.texts.facts),
            (N_("Laws and rules it rests on"), found.texts.basis),
            (N_("The opinion"), found.texts.decision),
        ),
        returns=True,
        by_unit=unit is not None and unit.kind != OFFICE,
    )


async def _more_time(request: ApprovalRequest) -> ToRead | None:
    """Read why more time is asked for an item."""
    found = await Extension.objects().get(Extension.request == request.id)
    if found is None:
        return None
    note = extending.note_of(found)
    return ToRead(
        matter_id=found.matter,
        heading=N_("Ask for more time"),
        rows=(
            (N_("Why more time is needed"), EXTENSION_REASONS.get(found.reason, "")),
            (N_("More days"), str(found.days)),
            (N_("Time limit until now"), found.due_before),
        ),
        texts=((N_("In detail, for the file"), note),) if note else (),
        returns=True,
        by_unit=True,
    )


async def _reply(request: ApprovalRequest) -> ToRead | None:
    """Read a reply letter as it will be sent."""
    found = await Reply.objects().get(Reply.approval == request.id)
    if found is None:
        return None
    return ToRead(
        matter_id=found.matter,
        heading=N_("Reply letter"),
        texts=((N_("Text of the reply"), replies.text_of(found)),),
        returns=True,
    )


async def _outline(request: ApprovalRequest) -> ToRead | None:
    """Read the outline of an answer to somebody from abroad (GOV-18)."""
    matter_id = UUID(request.record)
    found = await screening.outline(matter_id)
    if found is None:
        return None
    return ToRead(
        matter_id=matter_id,
        heading=N_("Outline of the answer"),
        texts=((N_("Outline of the answer"), found["outline"]),),
        returns=True,
    )


async def _hand_over(request: ApprovalRequest) -> ToRead | None:
    """Read why a supervision is to be handed over to the supervision office."""
    found = await supervising.supervision(UUID(request.record), SYSTEM, clock.now())
    asked = [one for one in await supervising.steps(found.id) if one.means == ASKED_OVER]
    return ToRead(
        matter_id=found.matter_id,
        heading=N_("Hand over to the supervision office"),
        rows=((N_("Unit"), found.unit), (N_("Supervision"), found.number)),
        texts=(
            *(((N_("Why it is handed over"), asked[-1].text),) if asked else ()),
            (N_("What is required"), found.requirement),
            (N_("Answer of the unit"), found.answer),
        ),
        returns=True,
    )


READERS: Mapping[str, Reader] = {
    ordering.KIND: _order,
    services.AFTER_KIND: _result,
    coordinating.KIND: _plan,
    instructing.KIND: _major,
    drafting.KIND: _opinion,
    core_extending.KIND: _more_time,
    replies.KIND: _reply,
    talks.OUTLINE: _outline,
    supervisions.HAND_OVER: _hand_over,
}


async def require(request_id: UUID, actor: Actor, at: datetime) -> None:
    """Raise NotFoundError for whom its item does not exist; as much work as for no request at all."""
    if not await look(request_id, actor, at):
        raise NotFoundError


async def look(request_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether somebody sees the item of a request; as much work for one that is not there."""
    rows = await db.fetch(
        "SELECT record, record_kind FROM approval_request WHERE id = {}", request_id
    )
    if not rows:
        return await access.visible(_NOWHERE, actor, at)
    if rows[0]["record_kind"] == MATTER:
        return await access.visible(UUID(rows[0]["record"]), actor, at)
    return True


async def read(request_id: UUID) -> ToRead:
    """Return what a request asks to sign; NotFoundError when it is none of these rooms."""
    row = await ApprovalRequest.objects().get(ApprovalRequest.id == request_id)
    found = await _read(row) if row is not None else None
    if found is None:
        raise NotFoundError
    return found


async def _read(row: ApprovalRequest) -> ToRead | None:
    reader = READERS.get(row.kind)
    found = await reader(row) if reader is not None else None
    if found is None:
        return None
    texts = tuple((heading, text) for heading, text in found.texts if text)
    rows = tuple((label, value) for label, value in found.rows if value)
    return ToRead(
        matter_id=found.matter_id,
        heading=found.heading,
        rows=rows,
        texts=texts,
        returns=found.returns,
        by_unit=found.by_unit,
    )


async def to_sign(actor: Actor, at: datetime) -> tuple[list[ToSign], list[approvals.Line]]:
    """Return what waits for somebody's signature about items they may see, the oldest first.

    Beside it what else of petitions waits for them: bulletins, which have pages of their own, and what
    they sign for somebody else about items that are none of theirs.
    """
    waiting = await approvals.waiting_for(actor, at=at)
    found: dict[UUID, ToRead] = {}
    for one in waiting:
        row = await ApprovalRequest.objects().get(ApprovalRequest.id == one.id)
        shown = await _read(row) if row is not None else None
        if shown is not None:
            found[one.id] = shown
    lines = await lines_of(list({one.matter_id for one in found.values()}), actor, at)
    mine = [
        ToSign(
            request=one.id,
            title=one.title,
            asked_by=one.requester_name,
            since=one.created_at,
            instead_of=one.instead_of,
            read=found[one.id],
            line=lines[found[one.id].matter_id],
        )
        for one in waiting
        if one.id in found and found[one.id].matter_id in lines
    ]
    others = [
        one
        for one in waiting
        if (one.instead_of and one.id in found and found[one.id].matter_id not in lines)
        or (one.kind.startswith(f"{NAME}.") and one.kind not in READERS)
    ]
    return mine, others


async def waits_of(actor: Actor, at: datetime) -> int:
    """Return how much waits for somebody's signature or instruction, as their page lists it."""
    mine, others = await to_sign(actor, at)
    return len(mine) + len(others) + len(await queries.to_instruct(actor, at))
