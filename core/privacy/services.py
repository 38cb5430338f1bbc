"""Giving a person what is stored about them, erasing it, and legal holds that stop erasure.

What stays after an erasure: that somebody came, when, why by purpose, and what was decided, so that
figures do not change; the log, which holds no phone or document numbers.
"""

from datetime import datetime
from uuid import UUID

from core import db, hiding
from core.attachments import services as attachments
from core.attachments.tables import Attachment
from core.decisions import Allow
from core.documents import services as documents
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.links.tables import Link
from core.log.services import record
from core.passes.tables import Pass
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy import queries
from core.privacy.facts import PersonalData
from core.privacy.tables import LegalHold
from core.registrations.tables import Companion, Feedback, Registration
from core.visitors.tables import Visitor, VisitorSearchRow


async def export_person(
    visitor_id: UUID, *, plugins: Plugins, actor: Actor, at: datetime
) -> tuple[list[PersonalData], list[str]]:
    """Return all that is stored about a visitor, in the clear, and the plugins that failed.

    The giving is logged: it goes to the person, on their own request. What belongs to a record that
    does not exist for the actor is left out: those who may see it give it.
    """
    own = await queries.stored_by_core(visitor_id)
    collected, failed = await plugins.collect_personal_data(visitor_id)
    gone = await hiding.hidden_pairs(
        [(part.kind, part.record) for part in collected], actor=actor, at=at
    )
    others = [part for part in collected if (part.kind, part.record) not in gone]
    async with db.writing():
        await record(actor, "visitor.export", "visitor", visitor_id, at=at)
    return [*own, *others], failed


async def erase_visitor(
    visitor_id: UUID,
    *,
    reason: str,
    plugins: Plugins,
    actor: Actor,
    at: datetime,
    on_request: bool = True,
) -> None:
    """Erase a visitor's personal data everywhere, the plugins' part included.

    `on_request` is False when a keeping time is over; see `check_erasure` for what stops either.
    """
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why: on request, or because its time is over.")})
    async with db.writing():
        visitor = await Visitor.objects().get(Visitor.id == visitor_id)
        if visitor is None or visitor.erased_at is not None:
            raise NotFoundError
        facts = await queries.erasure_facts(visitor_id, at=at, on_request=on_request)
        decision = await plugins.check_erasure(facts)
        if not isinstance(decision, Allow):
            raise WrongStateError(decision.reason)
        for person in facts.visitor_ids:
            await _erase_one(person, plugins=plugins, actor=actor, at=at)
        await record(actor, "visitor.erase", "visitor", visitor_id, at=at, after={"reason": reason})


async def _erase_one(visitor_id: UUID, *, plugins: Plugins, actor: Actor, at: datetime) -> None:
    # First the plugins, while they can still find what is the person's by phone or document.
    await plugins.do_erase(visitor_id)
    await _erase_attachments("visitor", visitor_id, actor=actor, at=at)
    visits = [
        row["id"]
        for row in await Registration.select(Registration.id).where(
            Registration.visitor == visitor_id
        )
    ]
    await Visitor.update(
        {
            Visitor.name: "",
            Visitor.sex: "",
            Visitor.organisation: "",
            Visitor.phone_cipher: None,
            Visitor.phone_index: None,
            Visitor.document_kind: "",
            Visitor.document_cipher: None,
            Visitor.document_index: None,
            Visitor.document_by_eye: False,
            Visitor.plate: "",
            Visitor.photo: None,
            Visitor.remark: "",
            Visitor.updated_at: at,
            Visitor.erased_at: at,
        }
    ).where(Visitor.id == visitor_id)
    await VisitorSearchRow.delete().where(VisitorSearchRow.visitor == visitor_id)
    for visit in visits:
        await _erase_particulars(visit, actor=actor, at=at)
    await Companion.delete().where(Companion.visitor == visitor_id)


async def erase_visit(registration_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Erase the particulars of one visit that ended; who came, when and what was decided stays."""
    async with db.writing():
        await _erase_particulars(registration_id, actor=actor, at=at)
        await record(actor, "registration.erase", "registration", registration_id, at=at)


async def _erase_particulars(visit: UUID, *, actor: Actor, at: datetime) -> None:
    await Registration.update(
        {
            Registration.reason: "",
            Registration.host_text: "",
            Registration.plate: "",
            Registration.goods: "",
            Registration.remark: "",
            Registration.stub_explained: "",
            Registration.decision_reason: "",  # it names the visitor
        }
    ).where(Registration.id == visit)
    await Feedback.update({Feedback.remark: "", Feedback.follow_up: ""}).where(
        Feedback.registration == visit
    )
    await Link.update({Link.revoked_at: at}).where(Link.record == visit, Link.revoked_at.is_null())
    await Pass.update(
        {Pass.revoked_at: round(at.timestamp() * 1000), Pass.revoked_reason: "erased"}
    ).where(Pass.registration == visit, Pass.revoked_at.is_null())
    await _erase_attachments("registration", visit, actor=actor, at=at)
    await documents.erase_papers("registration", visit, actor=actor, at=at)


async def _erase_attachments(kind: str, record_id: UUID, *, actor: Actor, at: datetime) -> None:
    for attachment in await Attachment.objects().where(
        Attachment.record_kind == kind,
        Attachment.record == record_id,
        Attachment.erased_at.is_null(),
    ):
        await attachments.erase(attachment.id, actor=actor, at=at)


async def place_hold(
    kind: str, record_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> LegalHold:
    """Stop the erasure of one record until the hold is lifted."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why the record must be kept.")})
    async with db.writing():
        hold = LegalHold(
            record_kind=kind, record=record_id, reason=reason, placed_by=actor.name, placed_at=at
        )
        await hold.save()
        await record(actor, "privacy.hold", kind, record_id, at=at, after={"reason": reason})
    return hold


async def lift_hold(hold_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Lift a legal hold."""
    async with db.writing():
        hold = (
            await LegalHold.objects()
            .where(LegalHold.id == hold_id, LegalHold.lifted_at.is_null())
            .first()
        )
        if hold is None:
            raise NotFoundError
        hold.lifted_at = at
        await hold.save([LegalHold.lifted_at])
        await record(actor, "privacy.lift", hold.record_kind, hold.record, at=at)
