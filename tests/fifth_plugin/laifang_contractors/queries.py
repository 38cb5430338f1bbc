"""Reads: permits of visits and of visitors."""

from uuid import UUID

from core import db
from laifang_contractors.tables import ContractorsPermit


async def permit_of(registration_id: UUID) -> ContractorsPermit | None:
    """Return the permit of one visit."""
    return (
        await ContractorsPermit.objects()
        .where(ContractorsPermit.registration == registration_id)
        .first()
    )


async def permits_of_visitor(visitor_id: UUID) -> list[ContractorsPermit]:
    """Return every permit that a visitor has shown, newest first."""
    return (
        await ContractorsPermit.objects()
        .where(ContractorsPermit.registration.visitor == visitor_id)
        .order_by(ContractorsPermit.last_day, ascending=False)
    )


async def running_out() -> list[db.Row]:
    """Return permits by their last day, with the visit's number."""
    return await db.fetch(
        "SELECT p.number, p.last_day, r.number AS visit FROM contractors_permit p"
        " JOIN registration r ON r.id = p.registration ORDER BY p.last_day LIMIT 200"
    )
