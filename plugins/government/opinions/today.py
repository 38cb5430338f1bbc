"""What opinions ask for now, on a reader's first page: deliveries, windows over, notices owed."""

from collections.abc import Sequence
from typing import Any

from core import clock, db
from core.i18n import N_, Message
from core.navigation import HomeCard
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.matters import access
from plugins.government.rights import HANDLE, UNIT

LISTS: dict[str, tuple[Message, str]] = {
    "undelivered": (
        N_("Opinions to be delivered"),
        "EXISTS (SELECT 1 FROM government_opinion o WHERE o.matter = m.id"
        " AND o.state = 'issued' AND NOT EXISTS (SELECT 1 FROM document_delivery d"
        " WHERE d.document = o.document AND d.voided_at IS NULL))",
    ),
    "untold": (
        N_("Petitioners to be told of more time"),
        "EXISTS (SELECT 1 FROM government_extension e WHERE e.matter = m.id"
        " AND e.state = 'granted' AND e.told_on IS NULL)",
    ),
    "lapsed": (
        N_("Windows for review that are over"),
        "m.stage IN ('opinion', 'reviewed') AND EXISTS (SELECT 1 FROM deadline d"
        " WHERE d.record_kind = 'government_matter' AND d.record = {text} AND d.state = 'running'"
        " AND d.name IN ('government.review_window', 'government.rereview_window')"
        " AND d.due < {day})",
    ),
    "delays": (
        N_("Reasons of delay to be read"),
        "EXISTS (SELECT 1 FROM government_delay_reason y WHERE y.matter = m.id"
        " AND y.seen_at IS NULL)",
    ),
}
FOR_UNITS = ("undelivered", "untold")


def condition_of(name: str) -> tuple[str, Sequence[Any]]:
    """Return the condition on `government_matter m` of one of the lists, with its arguments."""
    text = LISTS[name][1]
    if "{day}" not in text:
        return text, ()
    today = site_time(clock.now()).date()
    return text.replace("{text}", "CAST(m.id AS TEXT)").replace("{day}", "{}"), (today,)


async def home_cards(actor: Actor) -> list[HomeCard]:
    """Return what waits for this reader."""
    names = list(LISTS) if actor.may(HANDLE) else list(FOR_UNITS) if actor.may(UNIT) else []
    if not names:
        return []
    seen, args = await access.seen_by(actor, clock.now())
    cards = []
    for order, name in enumerate(names):
        condition, more = condition_of(name)
        rows = await db.fetch(
            f"SELECT count(*) AS n FROM government_matter m WHERE {seen} AND {condition}",
            *args,
            *more,
        )
        cards.append(
            HomeCard(
                title=LISTS[name][0],
                count=rows[0]["n"],
                path=f"/government/opinions?due={name}",
                level="warning",
                order=40 + order,
                icon="document",
            )
        )
    return cards
