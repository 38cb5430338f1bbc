"""How long files of other platforms are kept, and what the desk stores about somebody (CORE-21).

Items, contacts and petitioners are kept as the archive says; here only what is left of reading a file.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import db
from core.i18n import N_
from core.log.services import record
from core.privacy.facts import Erasing, Expired, PersonalData, RetentionRule
from core.registrations.facts import Detail
from core.text import mask_phone
from core.visitors.identity_documents import mask
from plugins.government.intake.forms import EMAIL
from plugins.government.intake.importing import DISCARDED, RECORD
from plugins.government.matters.access import places
from plugins.government.people import services as people


async def files_due(before: datetime, limit: int, offset: int) -> list[Expired]:
    """Return files read before a moment whose rows are still kept."""
    rows = await db.fetch(
        "SELECT id, created_at FROM government_online_import WHERE rows_cipher <> ''"
        " AND created_at < {} ORDER BY created_at, id LIMIT {} OFFSET {}",
        before,
        limit,
        offset,
    )
    return [
        Expired(
            record=str(row["id"]),
            ended_at=row["created_at"],
            path=f"/government/online/{row['id']}",
        )
        for row in rows
    ]


async def erase_files(records: Sequence[str], erasing: Erasing) -> None:
    """Let the rows of files go that nobody applied."""
    await db.execute(
        "UPDATE government_online_import SET rows_cipher = '', state = {}, finished_at = {}"
        f" WHERE id IN ({places(list(records))})",
        DISCARDED,
        erasing.at,
        *map(UUID, records),
    )
    for one in records:
        await record(erasing.actor, "government.let_go", RECORD, one, at=erasing.at)


RULES = (
    RetentionRule(
        kind="government.online_import",
        label=N_("Files of other platforms that were read"),
        days=30,
        basis=N_("Personal Information Protection Law, article 19").msgid,
        find=files_due,
        erase=erase_files,
        batch=100,
    ),
)


async def personal_data(visitor_id: UUID) -> list[PersonalData]:
    """Return who somebody is to the petition office: their particulars, no matter of theirs.

    What they petitioned for is told by the office itself, to themselves, by number and code. Whoever
    may not know that somebody petitions is not told of it here either.
    """
    rows = await db.fetch(
        "SELECT id FROM government_petitioner WHERE visitor = {} AND erased_at IS NULL", visitor_id
    )
    found = []
    for row in rows:
        person = await people.petitioner(row["id"])
        found.append(
            PersonalData(
                title=N_("Petitioner"),
                details=[
                    Detail(label=label, value=value)
                    for label, value in (
                        (N_("Name"), person.name),
                        (N_("Phone"), mask_phone(person.phone) if person.phone else ""),
                        (N_("Document number"), mask(person.document) if person.document else ""),
                        (N_("Address of the petitioner"), person.address),
                        (N_("Employer"), person.employer),
                        (N_("Occupation"), person.occupation),
                        (N_("Political affiliation"), person.politics),
                        (N_("Year of birth"), str(person.birth_year or "")),
                        (EMAIL.label, person.email),
                    )
                    if value
                ],
                kind=people.RECORD,
                record=str(row["id"]),
            )
        )
    return found
