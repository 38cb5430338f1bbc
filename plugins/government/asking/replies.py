"""Reply letters to who asked after an item (GOV-36): drafted, signed, sent, then read on the page."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.approvals import services as approvals
from core.approvals.facts import ApprovalFacts, NewRequest, StepPlan
from core.documents.deliveries import METHODS
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.asking.tables import Reply
from plugins.government.facts import MATTER
from plugins.government.matters import services, timeline
from plugins.government.opinions import papers
from plugins.government.rights import HANDLE, HEAD
from plugins.government.signing.services import PAGE

KIND = "government.reply"
TABLE = "government_reply"
DRAFT, WAITING, SIGNED, SENT = "draft", "waiting", "signed", "sent"
STATES: dict[str, Message] = {
    DRAFT: N_("Reply drafted"),
    WAITING: N_("Reply waits for signature"),
    SIGNED: N_("Reply signed, to be sent"),
    SENT: N_("Reply sent"),
}


def text_of(row: Reply) -> str:
    """Return what a reply says."""
    return sealing.unseal(row.text_cipher, TABLE, "text_cipher", row.id)


async def of_matter(matter_id: UUID) -> list[Reply]:
    """Return the replies of an item, the latest first."""
    return (
        await Reply.objects()
        .where(Reply.matter == matter_id)
        .order_by(Reply.drafted_at, ascending=False)
    )


async def put_forward(
    matter_id: UUID, text: str, *, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Write a reply and ask the head of the room to sign it; a draft sent back is written anew."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    async with db.writing():
        row = await services.take(matter_id, actor, at)
        if not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        if await Reply.exists().where(Reply.matter == matter_id, Reply.state == WAITING):
            raise WrongStateError(N_("A reply waits for signature already."))
        found = await Reply.objects().get((Reply.matter == matter_id) & (Reply.state == DRAFT))
        if found is None:
            found = Reply(
                id=uuid4(),
                matter=matter_id,
                state=DRAFT,
                drafted_at=at,
                drafted_by_name=actor.name,
            )
            await Reply.insert(found)
        request = await approvals.open_request(
            NewRequest(
                kind=KIND,
                record_kind=MATTER,
                record=str(row.id),
                title=N_("Reply letter on {number}", number=row.number),
                steps=(StepPlan(label=N_("Head of the reception room"), roles=(HEAD,)),),
                url=f"/government/matters/{row.id}#asking",
                page=PAGE,
                site_id=row.site,
                confidential=bool(row.secret),
            ),
            actor=actor,
            at=at,
            plugins=plugins,
        )
        await Reply.update(
            {
                Reply.state: WAITING,
                Reply.approval: request,
                Reply.text_cipher: sealing.seal(text.strip(), TABLE, "text_cipher", found.id),
            }
        ).where(Reply.id == found.id)
        await services.change(row, "reply_submit", {}, actor=actor, at=at)
        said = N_("A reply letter was put forward for signature")
        await timeline.note(matter_id, "reply_submit", said, actor=actor, at=at)
    reply_id: UUID = found.id
    return reply_id


async def reword(reply_id: UUID, text: str) -> None:
    """Change what a reply says that was sent back; joins the caller's transaction."""
    if not text.strip():
        raise InvalidInputError({"text": N_("Please fill this in.")})
    cipher = sealing.seal(text.strip(), TABLE, "text_cipher", reply_id)
    await Reply.update({Reply.text_cipher: cipher}).where(Reply.id == reply_id)


async def approved(request: ApprovalFacts) -> None:
    """Note that a reply was signed; it gets its number with the signature."""
    found = await Reply.objects().get(Reply.approval == request.id)
    if found is None or found.state != WAITING:
        return
    signer = Actor(kind="system", name=request.decided_by)
    row = await services.take(found.matter, signer, request.at)
    found.state, found.signed_at, found.signed_by = SIGNED, request.at, request.decided_by
    found.document, found.label = await papers.reply(
        row, found.id, text_of(found), actor=signer, at=request.at
    )
    await found.save()


async def rejected(request: ApprovalFacts) -> None:
    """Let a reply that was not signed be written anew."""
    await Reply.update({Reply.state: DRAFT}).where(
        Reply.approval == request.id, Reply.state == WAITING
    )


async def send(reply_id: UUID, *, on: date | None, method: str, actor: Actor, at: datetime) -> UUID:
    """Record that a signed reply was sent or handed over; return its item."""
    async with db.writing():
        found = await Reply.objects().get(Reply.id == reply_id)
        if found is None:
            raise NotFoundError
        row = await services.take(found.matter, actor, at)
        if not actor.may_at(HANDLE, row.site):
            raise NotFoundError
        await found.refresh()
        problems: dict[str, Message] = {}
        if method not in METHODS:
            problems["method"] = N_("Please choose one of the options.")
        if on is None or on > site_time(at).date():
            problems["on"] = N_("This day cannot be right.")
        if problems:
            raise InvalidInputError(problems)
        if found.state != SIGNED:
            raise WrongStateError(N_("This reply is not signed yet, or it was sent already."))
        found.state, found.sent_on, found.sent_method = SENT, on, method
        await found.save()
        await services.change(row, "reply_send", {}, actor=actor, at=at, on=on, method=method)
        await timeline.note(
            row.id,
            "reply_send",
            N_("A reply letter was sent"),
            actor=actor,
            at=at,
            shown_to=timeline.PETITIONER,
        )
    matter_id: UUID = row.id
    return matter_id
