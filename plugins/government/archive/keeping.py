"""What the office stores about a visitor as petitioner, its erasure, and how long files are kept (CORE-21)."""

from collections.abc import Sequence
from uuid import UUID

from core import clock, db
from core.decisions import Decision, Deny
from core.i18n import N_
from core.permissions import SYSTEM
from core.privacy.facts import ErasureFacts, PersonalData, RetentionRule
from core.registrations.facts import Detail
from plugins.government.archive import forgetting
from plugins.government.facts import CHANNELS, MATTER
from plugins.government.matters import states
from plugins.government.matters.access import places

_THEIRS = (
    " FROM government_matter m WHERE m.erased_at IS NULL AND EXISTS (SELECT 1 FROM"
    " government_petitioner p WHERE p.visitor IN ({visitors}) AND (p.id = m.petitioner OR p.id IN"
    " (SELECT mp.petitioner FROM government_matter_person mp WHERE mp.matter = m.id)))"
)


def _theirs(visitors: Sequence[UUID]) -> str:
    return _THEIRS.replace("{visitors}", places(visitors))


async def may_erase(erasure: ErasureFacts) -> Decision | None:
    """Keep whoever has an item that is not at its end; which one, or of what kind, is not said."""
    rows = await db.fetch(
        f"SELECT count(*) AS n{_theirs(erasure.visitor_ids)}"
        f" AND m.stage IN ({places(states.OPEN)})",
        *erasure.visitor_ids,
        *states.OPEN,
    )
    if rows[0]["n"]:
        return Deny(
            "open_record",
            N_("A record of this person must be kept until it is finished. Try again later."),
            "CORE-21",
        )
    return None


async def erase(visitor_id: UUID) -> None:
    """Blank the petitioners that are this visitor; their items stay, without a name."""
    for row in await db.fetch(
        "SELECT id FROM government_petitioner WHERE visitor = {} AND erased_at IS NULL", visitor_id
    ):
        await forgetting.person(row["id"], actor=SYSTEM, at=clock.now())


async def personal_data(visitor_id: UUID) -> list[PersonalData]:
    """Return a visitor's items by number and stage; what is hidden from the giver, they leave out."""
    rows = await db.fetch(
        f"SELECT m.id, m.number, m.day, m.channel, m.stage{_theirs([visitor_id])}"
        " ORDER BY m.day, m.number",
        visitor_id,
    )
    return [
        PersonalData(
            title=N_("Petition item"),
            details=[
                Detail(label=N_("Number of the item"), value=row["number"]),
                Detail(label=N_("Day"), value=str(row["day"])),
                Detail(label=CHANNELS[row["channel"]], value=""),
                Detail(label=states.STAGES[row["stage"]], value=""),
            ],
            kind=MATTER,
            record=str(row["id"]),
        )
        for row in rows
    ]


# Both are set in the rulebook by years; the yearly destruction list carries them out, by two persons.
RULES = (
    RetentionRule(
        kind="government.file_ordinary",
        label=N_("Petitions: ordinary files, by the yearly destruction list"),
        days=3653,
        basis="National Archives Administration, order 8: 10 years",
    ),
    RetentionRule(
        kind="government.file_dedicated",
        label=N_("Petitions: dedicated files, by the yearly destruction list"),
        days=10958,
        basis="National Archives Administration, order 8: 30 years",
    ),
    RetentionRule(
        kind="government.after_visit_letter",
        label=N_("Letters after a visit that were put aside: destroyed once a year"),
        days=366,
        basis="Registered, stored, destroyed together once a year with a record",
    ),
)
