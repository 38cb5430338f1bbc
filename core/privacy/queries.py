"""Reads: legal holds, and what the core stores about a person."""

from datetime import datetime
from uuid import UUID

from core import hiding
from core.errors import NotFoundError
from core.i18n import N_
from core.permissions import Actor
from core.privacy.facts import ErasureFacts, PersonalData
from core.privacy.tables import LegalHold
from core.registrations.facts import Detail
from core.registrations.tables import Companion, Feedback, Registration
from core.visitors import protected
from core.visitors.tables import Visitor, WatchEntry

OPEN_STATES = ("waiting", "held", "inside")


async def is_held(kind: str, record_id: UUID) -> bool:
    """Say whether a legal hold stops the erasure of a record."""
    return await LegalHold.exists().where(
        LegalHold.record_kind == kind, LegalHold.record == record_id, LegalHold.lifted_at.is_null()
    )


async def holds() -> list[LegalHold]:
    """Return the legal holds in force, newest first."""
    return (
        await LegalHold.objects()
        .where(LegalHold.lifted_at.is_null())
        .order_by(LegalHold.placed_at, ascending=False)
    )


async def holds_known_to(actor: Actor, *, at: datetime) -> list[LegalHold]:
    """Return the legal holds in force on records that exist for somebody, newest first."""
    found = await holds()
    pairs = [(one.record_kind, str(one.record)) for one in found]
    gone = await hiding.hidden_pairs(pairs, actor=actor, at=at)
    return [one for one, pair in zip(found, pairs, strict=True) if pair not in gone]


async def erasure_facts(visitor_id: UUID, *, at: datetime, on_request: bool) -> ErasureFacts:
    """Return what is judged before a person is erased."""
    ids = [visitor_id, *await merged_into(visitor_id)]
    came_along = [
        row["registration"]
        for row in await Companion.select(Companion.registration).where(
            Companion.visitor.is_in(ids)
        )
    ]
    with_others = Registration.id.is_in(came_along) if came_along else None
    mine = Registration.visitor.is_in(ids)
    return ErasureFacts(
        visitor_ids=tuple(ids),
        asked_at=at,
        on_request=on_request,
        on_hold=await LegalHold.exists().where(
            LegalHold.record_kind == "visitor",
            LegalHold.record.is_in(ids),
            LegalHold.lifted_at.is_null(),
        ),
        has_open_visit=await Registration.exists().where(
            mine if with_others is None else mine | with_others,
            Registration.state.is_in(list(OPEN_STATES)),
        ),
        is_watched=await WatchEntry.exists().where(
            WatchEntry.visitor.is_in(ids),
            WatchEntry.voided_at.is_null(),
            WatchEntry.until.is_null() | (WatchEntry.until > at),
        ),
    )


async def merged_into(visitor_id: UUID) -> list[UUID]:
    """Return the records that were merged into this visitor, at any remove."""
    found: list[UUID] = []
    wanted = [visitor_id]
    while wanted:
        rows = await Visitor.select(Visitor.id).where(Visitor.merged_into.is_in(wanted))
        wanted = [row["id"] for row in rows if row["id"] not in found]
        found += wanted
    return found


async def stored_by_core(visitor_id: UUID) -> list[PersonalData]:
    """Return what the core stores about a visitor, in the clear."""
    visitor = await Visitor.objects().get(Visitor.id == visitor_id)
    if visitor is None:
        raise NotFoundError
    person = PersonalData(
        title=N_("Person"),
        details=[
            Detail(label=N_("Name"), value=visitor.name),
            Detail(label=N_("Organisation"), value=visitor.organisation),
            Detail(label=N_("Phone"), value=protected.clear_phone(visitor)),
            Detail(label=N_("Document"), value=visitor.document_kind),
            Detail(label=N_("Document number"), value=protected.clear_document(visitor)),
            Detail(label=N_("Plate"), value=visitor.plate),
            Detail(label=N_("Remark"), value=visitor.remark),
        ],
    )
    ids = [visitor_id, *await merged_into(visitor_id)]
    visits = (
        await Registration.objects()
        .where(Registration.visitor.is_in(ids))
        .order_by(Registration.created_at)
    )
    return [person, *[await _visit(visit) for visit in visits]]


async def _visit(visit: Registration) -> PersonalData:
    feedback = await Feedback.objects().where(Feedback.registration == visit.id).first()
    details = [
        Detail(label=N_("Registered"), value=visit.created_at.isoformat()),
        Detail(label=N_("Purpose"), value=visit.purpose),
        Detail(label=N_("Reason"), value=visit.reason),
        Detail(label=N_("Plate"), value=visit.plate),
        Detail(label=N_("Goods"), value=visit.goods),
        Detail(label=N_("Remark"), value=visit.remark),
        Detail(label=N_("In"), value=visit.entered_at.isoformat() if visit.entered_at else ""),
        Detail(label=N_("Out"), value=visit.left_at.isoformat() if visit.left_at else ""),
    ]
    if feedback is not None:
        details.append(Detail(label=N_("Feedback"), value=f"{feedback.rating}/5 {feedback.remark}"))
    return PersonalData(title=N_("Visit {number}", number=visit.number), details=details)
