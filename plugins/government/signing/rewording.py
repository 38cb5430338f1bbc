"""Replies, more time, outlines and hand-overs that the signers sent back: worded anew by their writer.

Transfers, opinions on results, plans and suggestions have the act of `again`, opinions their draft.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.approvals import services as approvals
from core.approvals.tables import ApprovalRequest
from core.deadlines import extending as core_extending
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import clocks
from plugins.government.acts import Values, text_field
from plugins.government.asking import replies
from plugins.government.asking.tables import Reply
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.opinions import extending, holding
from plugins.government.opinions.forms import extension as extension_fields
from plugins.government.opinions.tables import Extension
from plugins.government.rights import HANDLE
from plugins.government.screening import queries as screening
from plugins.government.screening import talks
from plugins.government.signing import again, reading, wordings
from plugins.government.signing.facts import ToRead
from plugins.government.supervising import queries as supervising
from plugins.government.supervising import services as supervisions
from plugins.government.supervising.facts import ASKED_OVER
from plugins.government.supervising.rights import SUPERVISE

Carried = tuple[Message, Mapping[str, str]]
RETURNED = "sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is filled in again, as it stands now."""

    fields: Sequence[Field]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How one kind is put right: who may (NotFoundError for others), its form, the change.

    `change` returns what the request itself says and carries from now on, where that changes.
    """

    may: Callable[[ApprovalRequest, UUID, Actor], Awaitable[None]]
    form: Callable[[ApprovalRequest, datetime], Awaitable[Form]]
    change: Callable[[ApprovalRequest, Values, Actor, datetime], Awaitable[Carried | None]]


async def _office(request: ApprovalRequest, matter_id: UUID, actor: Actor) -> None:
    if request.site is None or not actor.may_at(HANDLE, request.site):
        raise NotFoundError


async def _reply_of(request: ApprovalRequest) -> Reply:
    found = await Reply.objects().get(Reply.approval == request.id)
    if found is None:
        raise NotFoundError
    return found


async def _reply_form(request: ApprovalRequest, at: datetime) -> Form:
    label = N_("Text of the reply")
    return Form(
        fields=(text_field("text", label, required=True, rows=8),),
        values={"text": replies.text_of(await _reply_of(request))},
    )


async def _reply(
    request: ApprovalRequest, values: Values, actor: Actor, at: datetime
) -> Carried | None:
    await replies.reword((await _reply_of(request)).id, values["text"])
    return None


async def _extension_of(request: ApprovalRequest) -> Extension:
    found = await Extension.objects().get(Extension.request == request.id)
    if found is None:
        raise NotFoundError
    return found


async def _speaks(request: ApprovalRequest, matter_id: UUID, actor: Actor) -> None:
    await holding.require_speaks_for((await _extension_of(request)).unit, actor, matter_id)


async def _time_form(request: ApprovalRequest, at: datetime) -> Form:
    found = await _extension_of(request)
    return Form(
        fields=extension_fields((await clocks.in_force(at)).values.extend_days),
        values={
            "reason": found.reason,
            "days": str(found.days),
            "note": extending.note_of(found),
        },
    )


async def _time(
    request: ApprovalRequest, values: Values, actor: Actor, at: datetime
) -> Carried | None:
    days = values["days"]
    if not days.isascii() or not days.isdigit() or len(days) > 4:
        raise InvalidInputError({"days": N_("This value is not possible here.")})
    return await extending.reword(
        await _extension_of(request),
        days=int(days),
        reason=values["reason"],
        note=values["note"],
        actor=actor,
        at=at,
    )


async def _outline_form(request: ApprovalRequest, at: datetime) -> Form:
    found = await screening.outline(UUID(request.record))
    return Form(
        fields=(text_field("text", N_("Outline of the answer"), required=True, rows=8),),
        values={"text": found["outline"] if found is not None else ""},
    )


async def _outline(
    request: ApprovalRequest, values: Values, actor: Actor, at: datetime
) -> Carried | None:
    await talks.reword_outline(request.id, values["text"])
    return None


async def _supervises(request: ApprovalRequest, matter_id: UUID, actor: Actor) -> None:
    if request.site is None or not actor.may_at(SUPERVISE, request.site):
        raise NotFoundError


async def _over_form(request: ApprovalRequest, at: datetime) -> Form:
    steps = await supervising.steps(UUID(request.record))
    said = [one.text for one in steps if one.means == ASKED_OVER]
    return Form(
        fields=(text_field("text", N_("Why it is handed over"), required=True),),
        values={"text": said[-1] if said else ""},
    )


async def _over(
    request: ApprovalRequest, values: Values, actor: Actor, at: datetime
) -> Carried | None:
    await supervisions.reword_over(UUID(request.record), values["text"], actor=actor, at=at)
    return None


KINDS: Mapping[str, _Kind] = {
    replies.KIND: _Kind(may=_office, form=_reply_form, change=_reply),
    core_extending.KIND: _Kind(may=_speaks, form=_time_form, change=_time),
    talks.OUTLINE: _Kind(may=_office, form=_outline_form, change=_outline),
    supervisions.HAND_OVER: _Kind(may=_supervises, form=_over_form, change=_over),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One thing that was sent back, as its writer meets it."""

    request: UUID
    url: str
    read: ToRead
    form: Form


async def _taken(
    request_id: UUID, actor: Actor, at: datetime
) -> tuple[ApprovalRequest, _Kind, ToRead]:
    await reading.require(request_id, actor, at)
    row = await ApprovalRequest.objects().get(ApprovalRequest.id == request_id)
    if row is None or row.kind not in KINDS:
        raise NotFoundError
    found = await reading.read(request_id)
    await access.require_act(found.matter_id, actor, at)
    await KINDS[row.kind].may(row, found.matter_id, actor)
    if row.state != RETURNED:
        raise WrongStateError(N_("Nothing here was sent back by the signers."))
    return row, KINDS[row.kind], found


async def returned(request_id: UUID, actor: Actor, at: datetime) -> Returned:
    """Return what was sent back for its writer; NotFoundError for whom it is not to word."""
    row, kind, found = await _taken(request_id, actor, at)
    return Returned(request=row.id, url=row.url, read=found, form=await kind.form(row, at))


async def may_reword(request_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say whether a reader may put this request right now."""
    try:
        await _taken(request_id, actor, at)
    except (NotFoundError, WrongStateError):
        return False
    return True


async def put_right(
    request_id: UUID, values: Values, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    """Word anew what was sent back and submit it again: every step signs anew.

    The wording that was sent back is kept beside it for those who sign.
    """
    async with db.writing():
        # The item before the request, as signing and closing do; then read again what they locked.
        _, _, about = await _taken(request_id, actor, at)
        await matters.take(about.matter_id, actor, at)
        await db.fetch("SELECT id FROM approval_request WHERE id = {} FOR UPDATE", request_id)
        row, kind, found = await _taken(request_id, actor, at)
        writer = await again.writer_of(row.id, actor)
        lines = (*found.rows, *found.texts)
        await wordings.keep(row.id, found.matter_id, lines, by=actor.name, at=at)
        carried = await kind.change(row, values, actor, at)
        await approvals.resubmit(
            row.id,
            actor=writer,
            at=at,
            plugins=plugins,
            detail=carried[0] if carried else None,
            payload=carried[1] if carried else None,
        )
        await timeline.note(
            found.matter_id,
            "ask_signature",
            N_("{phase}: put right and submitted again", phase=found.heading),
            actor=actor,
            at=at,
            shown_to=timeline.UNITS if found.by_unit else timeline.OFFICE,
        )
