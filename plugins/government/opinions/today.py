"""What opinions ask for now, on a reader's first page: deliveries, windows over, notices owed."""

from collections.abc import Sequence
from typing import Any

from core import clock
from core.i18n import N_, Message
from core.navigation import HomeCard
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.matters import access
from plugins.government.matters.queries import Filter, number
from plugins.government.rights import HANDLE, UNIT
from plugins.government.units.queries import units_of

LISTS: dict[str, tuple[Message, str]] = {
    "undelivered": (
        N_("Opinions to be delivered"),
        # An opinion is delivered before its item goes on; the many that ended are not looked at.
        "SELECT o.matter FROM government_matter w CROSS JOIN government_opinion o"
        " WHERE w.stage IN ('opinion', 'review', 'reviewed', 'rereview', 'final')"
        " AND o.matter = w.id"
        " AND o.state = 'issued' AND NOT EXISTS (SELECT 1 FROM document_delivery d"
        " WHERE d.document = o.document AND d.voided_at IS NULL)",
    ),
    "untold": (
        N_("Petitioners to be told of more time"),
        "SELECT e.matter FROM government_extension e JOIN government_matter w ON w.id = e.matter"
        " WHERE e.state = 'granted' AND e.told_on IS NULL AND w.closed_at IS NULL",
    ),
    "lapsed": (
        N_("Windows for review that are over"),
        "SELECT w.id AS matter FROM government_matter w WHERE w.stage IN ('opinion', 'reviewed')"
        " AND EXISTS (SELECT 1 FROM deadline d"
        " WHERE d.record_kind = 'government_matter' AND d.record = {text} AND d.state = 'running'"
        " AND d.name IN ('government.review_window', 'government.rereview_window')"
        " AND d.due < {day})",
    ),
    "delays": (
        N_("Reasons of delay to be read"),
        "SELECT y.matter FROM government_delay_reason y JOIN government_matter w ON w.id = y.matter"
        " WHERE y.seen_at IS NULL AND w.closed_at IS NULL",
    ),
}
FOR_UNITS = ("undelivered", "untold")


def selection_of(name: str) -> tuple[str, Sequence[Any]]:
    """Return the selection of the items of one of the lists, with its arguments."""
    text = LISTS[name][1]
    if "{day}" not in text:
        return text, ()
    today = site_time(clock.now()).date()
    return text.replace("{text}", "CAST(w.id AS TEXT)").replace("{day}", "{}"), (today,)


async def here(name: str, actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition on `m` that a list keeps to items somebody does something about.

    The office's own ones; a unit's, too, where units have the list.
    """
    office, args = access.within(actor, HANDLE)
    own = await units_of(actor) if name in FOR_UNITS and actor.may(UNIT) else ()
    if not own:
        return office, args
    return (
        f"({office} OR EXISTS (SELECT 1 FROM government_matter_unit hu WHERE hu.matter = m.id"
        f" AND hu.until IS NULL AND hu.unit IN ({access.places(own)})))"
    ), [*args, *own]


async def home_cards(actor: Actor) -> list[HomeCard]:
    """Return what waits for this reader."""
    names = list(LISTS) if actor.may(HANDLE) else list(FOR_UNITS) if actor.may(UNIT) else []
    if not names:
        return []
    cards = []
    for order, name in enumerate(names):
        waiting = await number(
            actor,
            Filter(),
            at=clock.now(),
            extra=await here(name, actor),
            among=selection_of(name),
        )
        cards.append(
            HomeCard(
                title=LISTS[name][0],
                count=waiting,
                path=f"/government/opinions?due={name}",
                level="warning",
                order=40 + order,
                icon="document",
            )
        )
    return cards
