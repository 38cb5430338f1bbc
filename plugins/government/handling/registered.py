"""What the room of handling gives to the hooks: its panels, pages, cards of the first page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import clock
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import SYSTEM, Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.coordination import queries as coordination
from plugins.government.coordination.facts import UNDECIDED
from plugins.government.facts import URGENT
from plugins.government.handling import due_next, grading, holders, inbox, ordering, queries
from plugins.government.handling.facts import (
    FORWARDINGS,
    GROUNDS,
    KINDS,
    LETTERS,
    POINTS,
    SIGNING,
    TAKINGS,
)
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.parts import Part
from plugins.government.rights import HANDLE, INSTRUCT, LEADER, READ, SIGN, UNIT, menu
from plugins.government.units import queries as units


async def due_panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return what is due next on an item and what the reader may do."""
    sents = await queries.forwardings(matter.id)
    dues = await due_next.due_next(matter, actor, at)
    more = due_next.more_acts(matter, actor, sents)
    return {"dues": dues, "more": more} if dues or more else None


async def holder_panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return who holds an item and who held it, with the days of each."""
    chain = await holders.chain(matter.id, at=at)
    office = actor.may_at(READ, matter.line.site_id)
    return {"chain": chain, "reasons": office} if chain is not None else None


async def sent_panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return transfers, assignments, objections and results as far as the reader may see them."""
    sents = await queries.forwardings(matter.id)
    objections = await queries.objections(matter.id)
    results = await queries.results(matter.id)
    if not actor.may_at(READ, matter.line.site_id):
        own = set(await units.units_of(actor))
        sents = [one for one in sents if one.unit_id in own and one.state != SIGNING]
        kept = {one.id for one in sents}
        objections = [one for one in objections if one.unit_id in own]
        results = [one for one in results if one.forwarding_id in kept]
    if not sents:
        return None
    return {
        "sents": sents,
        "objections": objections,
        "results": results,
        "kinds": KINDS,
        "grounds": GROUNDS,
        "states": FORWARDINGS,
        "letters": LETTERS,
        "points": POINTS,
        "takings": TAKINGS,
    }


async def urgency_panel(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return how an item's urgency was graded; few may read what was said (HANDLE)."""
    if not actor.may_at(HANDLE, matter.line.site_id):
        return None
    latest = await grading.latest(matter.id)
    if latest is None:
        return None
    return {"grading": latest, "reason": grading.reason_of(latest)}


PANELS = (
    Panel(
        name="next",
        title=N_("What is due next"),
        template="government/handling/_next.html",
        context=due_panel,
        order=5,
    ),
    Panel(
        name="holder",
        title=N_("Who holds it"),
        template="government/handling/_holder.html",
        context=holder_panel,
        order=60,
    ),
    Panel(
        name="forwardings",
        title=N_("Transfers, assignments, results"),
        template="government/handling/_sent.html",
        context=sent_panel,
        order=62,
    ),
    Panel(
        name="urgency",
        title=N_("Urgency"),
        template="government/handling/_urgency.html",
        context=urgency_panel,
        order=66,
    ),
)


async def due_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return what units and the reception room have to do now."""
    at = clock.now()
    cards: list[HomeCard] = []
    if actor.may(UNIT):
        own = await units.units_of(actor)
        counts = await inbox.unit_counts(own, actor, at)
        late = {view: await inbox.pressing(own, view, actor, at) for view in ("working", "new")}
        if any(late.values()):
            cards.append(
                HomeCard(
                    title=N_("Items my unit has to answer today or is late with"),
                    count=sum(late.values()),
                    path=f"/government/unit?view={'working' if late['working'] else 'new'}",
                    level="danger",
                    order=309,
                    icon="clock",
                )
            )
        for view, title, level in (
            ("new", N_("Items to acknowledge"), "warning"),
            ("working", N_("Items in work at my unit"), "info"),
        ):
            if counts[view]:
                cards.append(
                    HomeCard(
                        title=title,
                        count=counts[view],
                        path=f"/government/unit?view={view}",
                        level=level,
                        order=310,
                        icon="inbox",
                    )
                )
    if actor.may(HANDLE):
        cards += await _office_cards(actor, at)
    elif actor.may(READ) and actor.may(SIGN):
        cards += await _leader_cards(actor, at)
    return cards


async def _leader_cards(actor: Actor, at: datetime) -> list[HomeCard]:
    """Return what those who lead look at: what is urgent, who is called together, what they decide."""
    urgent = await queries.count_urgent(actor, at, URGENT)
    together, planned = await coordination.going_on(actor, at)
    undecided = [
        line
        for one, line in planned
        if one.state == UNDECIDED and actor.may_at(INSTRUCT, line.site_id)
    ]
    found = [
        HomeCard(title=title, count=count, path=path, level=level, order=306, icon=icon)
        for title, count, path, level, icon in (
            (
                N_("Units did not agree: you decide"),
                len(undecided) if LEADER in actor.roles else 0,
                f"/government/matters/{undecided[0].id}" if undecided else "/government/duty",
                "danger",
                "hand",
            ),
            (N_("Urgent items"), urgent, "/government/duty", "danger", "warning"),
            (
                N_("Joint receptions now"),
                len(together),
                "/government/duty#joint",
                "warning",
                "people",
            ),
        )
    ]
    return [one for one in found if one.count]


async def _office_cards(actor: Actor, at: datetime) -> list[HomeCard]:
    today = site_time(at).date()
    owed = await queries.letters_owed(actor, at, today)
    board = await queries.waiting_for_office(actor, at)
    urgent = await queries.count_urgent(actor, at, URGENT)
    found = [
        HomeCard(title=title, count=count, path=path, level=level, order=312, icon=icon)
        for title, count, path, level, icon in (
            (
                N_("Objections to decide"),
                board["objections"],
                "/government/duty",
                "warning",
                "hand",
            ),
            (N_("Results to check"), board["results"], "/government/duty", "warning", "check"),
            (
                N_("Letters owed after urgent calls"),
                sum(one.sent.urgent for one in owed),
                "/government/weekly",
                "danger",
                "phone",
            ),
            (N_("Urgent items"), urgent, "/government/duty", "danger", "warning"),
        )
    ]
    return [one for one in found if one.count]


async def each_minute(at: datetime) -> None:
    """Stop the objection times that are over: the unit did not use them."""
    await clocks.lapse(clocks.OBJECT, site_time(at).date(), actor=SYSTEM, at=at)


def part(routers: Sequence[Any]) -> Part:
    """Return this room's share; its routers are made by the pages, which know this module."""
    return Part(
        navigation=(
            menu(N_("Weekly lists and letters"), "weekly", HANDLE, order=316, icon="mail"),
            menu(N_("Duty board"), "duty", READ, order=312, icon="warning"),
        ),
        routers=routers,
        approved={ordering.KIND: ordering.signed},
        rejected={ordering.KIND: ordering.not_signed},
        due=due_cards,
        minute=each_minute,
    )
