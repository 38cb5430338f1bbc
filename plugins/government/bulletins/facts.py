"""Kinds of bulletin: what period they cover, what stands in their table, who is told. Words only."""

from dataclasses import dataclass

from core.i18n import N_, Message
from core.reports.facts import DAY, MONTH, QUARTER, WEEK, YEAR
from plugins.government.figures import facts as figures

DAILY, WEEKLY, MONTHLY, GROUPS, QUARTERLY, YEARLY = (
    "daily",
    "weekly",
    "monthly",
    "groups",
    "quarterly",
    "yearly",
)
RECORD = "government_bulletin"
SPECIAL, UNITS, URGENT = "special", "units", "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind: `period` of its figures (empty: none), `by` which table, `chain` its setting.

    `more` are the tables that follow the first, by dimension; `handled`: how items were handled, too.
    """

    label: Message
    chain: str
    period: str = ""
    by: str = figures.SUBJECT
    compares: str = figures.TIMES
    more: tuple[str, ...] = ()
    handled: bool = False


_LONG = (figures.CHANNEL, figures.PURPOSE, figures.PLACE, figures.UNIT)
KINDS: dict[str, Kind] = {
    DAILY: Kind(label=N_("Daily bulletin"), chain="bulletin_daily", period=DAY, by=figures.CHANNEL),
    WEEKLY: Kind(
        label=N_("Weekly summary"), chain="bulletin_weekly", period=WEEK, more=(figures.CHANNEL,)
    ),
    MONTHLY: Kind(
        label=N_("Monthly analysis"),
        chain="bulletin_monthly",
        period=MONTH,
        more=_LONG,
        handled=True,
    ),
    GROUPS: Kind(
        label=N_("Bulletin on group visits"),
        chain="bulletin_monthly",
        period=MONTH,
        by=figures.PLACE,
        compares=figures.GROUP_BATCHES,
    ),
    QUARTERLY: Kind(
        label=N_("Quarterly analysis"),
        chain="bulletin_monthly",
        period=QUARTER,
        more=_LONG,
        handled=True,
    ),
    YEARLY: Kind(
        label=N_("Yearly review"), chain="bulletin_monthly", period=YEAR, more=_LONG, handled=True
    ),
    UNITS: Kind(
        label=N_("Bulletin to counties and departments"), chain="bulletin_units", period=MONTH
    ),
    SPECIAL: Kind(label=N_("Special report to leaders"), chain="bulletin_special"),
    URGENT: Kind(label=N_("Urgent information"), chain="bulletin_urgent"),
}
# What may be begun by itself; the one to each county and department is begun for all at once.
SINGLE = tuple(name for name in KINDS if name != UNITS)

DRAFT, SIGNING, ISSUED, CLOSED = "draft", "signing", "issued", "ended"
STATES: dict[str, Message] = {
    DRAFT: N_("Being written"),
    SIGNING: N_("With the signers"),
    ISSUED: N_("Issued as a document"),
    CLOSED: N_("Event closed"),
}

# The parts that the clerk writes, in their order.
PARTS: dict[str, Message] = {
    "heading": N_("Heading of the report"),
    "overview": N_("Overview"),
    "problems": N_("Prominent problems"),
    "outlook": N_("Outlook"),
    "advice": N_("Proposals of the report"),
    "cc": N_("Copies to"),
}
URGENT_PARTS: dict[str, Message] = {
    "heading": N_("Heading of the report"),
    "overview": N_("Facts of the event"),
    "outlook": N_("How it is likely to go on"),
    "advice": N_("Steps taken"),
    "cc": N_("Copies to"),
}


def parts_of(kind: str) -> dict[str, Message]:
    """Return the parts of a kind's text."""
    return URGENT_PARTS if kind == URGENT else PARTS
