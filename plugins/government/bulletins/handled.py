"""How items were handled in a period, for the longer bulletins: accepted, sent on, urged, closed.

Numbers of acts alone, so that no item is singled out; secret ones are counted with the rest.
"""

from collections.abc import Sequence
from uuid import UUID

from core import db
from core.i18n import N_, Message
from core.reports.facts import Period
from core.reports.queries import change
from plugins.government.handling.facts import ASSIGNMENT, TRANSFER
from plugins.government.supervising.facts import ADOPTED, PARTLY

# What is counted: its name, the table with its alias, the moment, one more condition, its arguments.
_OF_ITEM = " JOIN government_matter m ON m.id = x.matter"
_COUNTED: tuple[tuple[Message, str, str, str, tuple[str, ...]], ...] = (
    (N_("Accepted items"), "government_matter m", "m.accepted_at", "", ()),
    (
        N_("Transferred items"),
        f"government_forwarding x{_OF_ITEM}",
        "x.sent_at",
        " AND x.kind = {}",
        (TRANSFER,),
    ),
    (
        N_("Assigned items"),
        f"government_forwarding x{_OF_ITEM}",
        "x.sent_at",
        " AND x.kind = {}",
        (ASSIGNMENT,),
    ),
    (N_("Times units were urged"), f"government_urging x{_OF_ITEM}", "x.at", "", ()),
    (N_("Supervisions opened"), f"government_supervision x{_OF_ITEM}", "x.opened_at", "", ()),
    (N_("Items closed"), "government_matter m", "m.closed_at", "", ()),
    (N_("Recommendations made to units"), "government_recommendation m", "m.made_at", "", ()),
    (
        N_("Recommendations adopted"),
        "government_recommendation m",
        "m.answered_at",
        " AND m.feedback IN ({}, {})",
        (ADOPTED, PARTLY),
    ),
)
HEADS: tuple[Message, ...] = (
    N_("How items were handled"),
    N_("This period"),
    N_("Period before"),
    N_("Same period a year before"),
    N_("Against the period before"),
    N_("Against a year before"),
)


async def rows(period: Period, site_id: UUID) -> list[tuple[Message, Sequence[str]]]:
    """Return each count: what it is, then this period, the one before, a year before, and both changes."""
    found: list[tuple[Message, Sequence[str]]] = []
    for label, source, moment, more, args in _COUNTED:
        counts = [
            await _count(source, moment, more, args, span, site_id)
            for span in (period, period.previous, period.a_year_before)
        ]
        grown = [_percent(counts[0], then) for then in counts[1:]]
        found.append((label, [*map(str, counts), *grown]))
    return found


async def _count(
    source: str, moment: str, more: str, args: Sequence[str], span: Period, site_id: UUID
) -> int:
    counted = await db.fetch(
        f"SELECT count(*) AS n FROM {source} WHERE m.site = {{}} AND {moment} >= {{}}"
        f" AND {moment} < {{}}{more}",
        site_id,
        span.since,
        span.until,
        *args,
    )
    return int(counted[0]["n"])


def _percent(now: int, then: int) -> str:
    grown = change(now, then)
    return "—" if grown is None else f"{grown:+g}%"
