"""Giving a person what is stored about them, erasing it, and legal holds that stop erasure.

What stays after an erasure: that somebody came, when, why by purpose, and what was decided, so that
figures do not change; the log, which holds no phone or document numbers.
"""

from datetime import datetime
from uuid import UUID

from core import db
from core.attachments import services as attachments
from core.attachments.tables import Attachment
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

OPEN_STATES = ("waiting", "held", "inside")


async def export_person(
    visitor_id: UUID, *, plugins: Plugins, actor: Actor, at: datetime
) -> tuple[list[PersonalData], list[str]]:
    """Return all that is stored about a visitor, in the clear, and the plugins that failed.

    The giving is logged: it goes to the person, on their own request.
    """
    own = await queries.stored_by_core(visitor_id)
    others, failed = await plugins.collect_personal_data(visitor_id)
    async with db.writing():
        await record(actor, "visitor.export", "visitor", visitor_id, at=at)
    return [*own, *others], failed


async def erase_visitor(
    visitor_id: UUID, *, reason: str, plugins: Plugins, actor: Actor, at: datetime
) -> None:
    """Erase a visitor's personal data everywhere, the plugins' part included."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why: on request, or because its time is over.")})
    async with db.writing():
        visitor = await Visitor.objects().get(Visitor.id == visitor_id)
        if visitor is None or visitor.erased_at is not None:
            raise NotFoundError
        if await queries.is_held("visitor", visitor_id):
            raise WrongStateError(
                N_("A legal hold stops the erasure. It must be lifted before anything is erased.")
            )
        ids = [visitor_id, *await queries.merged_into(visitor_id)]
        if await Registration.exists().where(
            Registration.visitor.is_in(ids), Registration.state.is_in(OPEN_STATES)
        ):
            raise WrongStateError(
                N_("This person has an open visit. Close it, then erase their data.")
            )
        for person in ids:
            await _erase_one(person, plugins=plugins, actor=actor, at=at)
        await record(actor, "visitor.erase", "visitor", visitor_id, at=at, after={"reason": reason})


async def _erase_one(visitor_id: UUID, *, plugins: Plugins, actor: Actor, at: datetime) -> None:
    for attachment in await Attachment.objects().where(
        Attachment.record_kind == "visitor",
        Attachment.record == visitor_id,
        Attachment.erased_at.is_null(),
    ):
        await attachments.erase(attachment.id, actor=actor, at=at)
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
    if visits:
        await Registration.update(
            {
                Registration.reason: "",
                Registration.plate: "",
                Registration.goods: "",
                Registration.remark: "",
                Registration.stub_explained: "",
            }
        ).where(Registration.id.is_in(visits))
        await Feedback.update({Feedback.remark: ""}).where(Feedback.registration.is_in(visits))
        await Link.update({Link.revoked_at: at}).where(
            Link.record.is_in(visits), Link.revoked_at.is_null()
        )
        await Pass.update(
            {Pass.revoked_at: round(at.timestamp() * 1000), Pass.revoked_reason: "erased"}
        ).where(Pass.registration.is_in(visits), Pass.revoked_at.is_null())
    for visit in visits:
        await documents.erase_papers("registration", visit, actor=actor, at=at)
    await Companion.delete().where(Companion.visitor == visitor_id)
    await plugins.do_erase(visitor_id)


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
