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
from plugins.government.people import services as people

_PARTY = (
    " FROM government_matter m WHERE m.erased_at IS NULL AND (m.petitioner IN ({entries})"
    " OR EXISTS (SELECT 1 FROM government_matter_person mp WHERE mp.matter = m.id"
    " AND mp.petitioner IN ({entries})))"
)


async def _entries(visitors: Sequence[UUID]) -> list[UUID]:
    """Return every entry of a petitioner who is one of these visitors, merged ones with them."""
    rows = await db.fetch(
        f"SELECT id FROM government_petitioner WHERE visitor IN ({places(visitors)})"
        " AND erased_at IS NULL",
        *visitors,
    )
    found: dict[UUID, None] = {}
    for row in rows:
        found |= dict.fromkeys(await people.merged_with(row["id"]))
    return list(found)


def _theirs(entries: Sequence[UUID]) -> tuple[str, list[UUID]]:
    return _PARTY.replace("{entries}", places(entries)), [*entries, *entries]


async def may_erase(erasure: ErasureFacts) -> Decision | None:
    """Keep whoever has an item that is not at its end; which one, or of what kind, is not said."""
    entries = await _entries(erasure.visitor_ids)
    if not entries:
        return None
    theirs, args = _theirs(entries)
    rows = await db.fetch(
        f"SELECT count(*) AS n{theirs} AND m.stage IN ({places(states.OPEN)})", *args, *states.OPEN
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
    for one in await _entries([visitor_id]):
        await forgetting.person(one, actor=SYSTEM, at=clock.now())


async def personal_data(visitor_id: UUID) -> list[PersonalData]:
    """Return a visitor's items by number and stage; what is hidden from the giver, they leave out."""
    entries = await _entries([visitor_id])
    if not entries:
        return []
    theirs, args = _theirs(entries)
    rows = await db.fetch(
        f"SELECT m.id, m.number, m.day, m.channel, m.stage{theirs} ORDER BY m.day, m.number", *args
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


# The years are the rulebook's. The yearly destruction list carries these out, by two persons: with a
# file go all texts of its item in every room, its opinions, ratings, replies, urgings and papers.
RULES = (
    RetentionRule(
        kind="government.file_ordinary",
        label=N_("Petitions: ordinary files, by the yearly destruction list"),
        days=3653,
        setting="government.keep_ordinary_days",
        basis=N_("National Archives Administration, order 8: 10 years").msgid,
    ),
    RetentionRule(
        kind="government.file_dedicated",
        label=N_("Petitions: dedicated files, by the yearly destruction list"),
        days=10958,
        setting="government.keep_dedicated_days",
        basis=N_("National Archives Administration, order 8: 30 years").msgid,
    ),
    RetentionRule(
        kind="government.after_visit_letter",
        label=N_("Letters after a visit that were put aside: destroyed once a year"),
        days=366,
        basis=N_("Registered, stored, destroyed together once a year with a record").msgid,
    ),
)
