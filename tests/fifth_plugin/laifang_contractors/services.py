"""Writes: storing and erasing permits, inside the core's own transactions."""

from datetime import date
from uuid import UUID

from core.registrations.facts import RegistrationFacts
from laifang_contractors import queries
from laifang_contractors.tables import ContractorsPermit


async def store(registration: RegistrationFacts) -> None:
    """Store the permit that the form named."""
    await ContractorsPermit(
        registration=registration.registration_id,
        number=registration.answers["contractors_number"],
        last_day=date.fromisoformat(registration.answers["contractors_last_day"]),
    ).save()


async def erase(visitor_id: UUID) -> None:
    """Blank the permit numbers of a visitor; the visits' figures stay."""
    for permit in await queries.permits_of_visitor(visitor_id):
        permit.number = ""
        await permit.save([ContractorsPermit.number])
