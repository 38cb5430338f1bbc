"""What this room shows on an item's page: the chain of opinions, more time, closing.

The forms themselves have pages of their own (`pages.py`); here are the ways to them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.approvals.tables import ApprovalRequest
from core.documents.deliveries import METHODS
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.matters import states
from plugins.government.matters.facts import MatterView, Panel
from plugins.government.opinions import extending, policies, queries, reviewing
from plugins.government.opinions.facts import (
    DELAY_REASONS,
    EXTENSION_REASONS,
    FILING,
    HANDLING,
    ISSUED,
    LED_TO,
    LEVELS,
    NEXT_LEVEL,
    OWN_CHECKS,
    REREVIEW,
    STATES,
    TAKEN,
    TOLD_BY,
    WAITING,
    OpinionView,
    ReviewLine,
)
from plugins.government.rights import HANDLE, UNIT
from plugins.government.units import queries as units


async def speaks_for(matter: MatterView, actor: Actor, unit_id: UUID | None) -> bool:
    """Say whether a reader acts for a body: its staff, or the office of the item for all."""
    if matter.looking:
        return False
    if actor.may_at(HANDLE, matter.line.site_id):
        return True
    return actor.may(UNIT) and unit_id is not None and unit_id in await units.units_of(actor)


def body_now(matter: MatterView, level: str, requests: list[ReviewLine]) -> UUID | None:
    """Return the body whose opinion of a level is due."""
    if level == HANDLING:
        return matter.line.holder_id
    waiting = [one for one in requests if one.state == "open"]
    return waiting[-1].body_id if waiting else None


async def chain(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the opinions of an item with what may be done about them now."""
    opinions = await queries.of_matter(matter.id)
    requests = await queries.reviews(matter.id)
    level = policies.level_due(matter.stage)
    acts = bool(level) and await speaks_for(matter, actor, body_now(matter, level, requests))
    if not opinions and not acts:
        return None
    pending = queries.pending(opinions)
    last = queries.latest(opinions)
    return {
        "opinions": [one for one in opinions if one.state == ISSUED],
        "requests": requests,
        "states": STATES,
        "taken": TAKEN,
        "led_to": LED_TO,
        "levels": LEVELS,
        "methods": METHODS,
        "told_by": TOLD_BY,
        "level": level if acts else "",
        "pending": pending if acts else None,
        "waiting": pending is not None and pending.state == WAITING,
        "request_state": await _request_state(pending),
        "outside": await _is_outside(pending),
        "revoked": queries.revoked(opinions) if level == HANDLING else None,
        "last": last,
        "acts": last is not None and await speaks_for(matter, actor, last.unit_id),
        "window_ends": await queries.window_ends(last, at=at),
        "ask": await _may_ask(matter, actor),
        "hearing": await _hearing(matter, requests, actor),
        "final": matter.stage == states.FINAL,
    }


async def _request_state(pending: OpinionView | None) -> str:
    if pending is None or pending.approval is None:
        return ""
    row = await ApprovalRequest.objects().get(ApprovalRequest.id == pending.approval)
    return str(row.state) if row is not None else ""


async def _is_outside(pending: OpinionView | None) -> bool:
    """Say whether nobody of the body signs here: its opinion comes on paper."""
    if pending is None or pending.unit_id is None:
        return False
    unit = await units.unit(pending.unit_id)
    return unit.kind != "office" and not await units.staff(unit.id, head=True)


async def _may_ask(matter: MatterView, actor: Actor) -> str:
    """Return the level that may be asked for now, empty for none."""
    if not actor.may_at(HANDLE, matter.line.site_id):
        return ""
    contested = await reviewing.contested(matter.id, matter.stage)
    return NEXT_LEVEL[contested.level] if contested is not None else ""


async def _hearing(matter: MatterView, requests: list[ReviewLine], actor: Actor) -> str:
    now = [one for one in requests if one.state == "open" and one.level == REREVIEW]
    if not now or not await speaks_for(matter, actor, now[-1].body_id):
        return ""
    return "end" if now[-1].hearing else "begin"


async def more_time(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return the extensions of an item and reasons of delay, and whether more may be asked."""
    clock = await queries.clock_named(matter.id, clocks.HANDLE, at=at)
    extensions = await extending.of_matter(matter.id)
    delays = await extending.delays(matter.id)
    runs = clock is not None and clock.state == "running"
    acts = await speaks_for(matter, actor, matter.line.holder_id)
    if not (extensions or delays or (runs and acts)):
        return None
    over = clock is not None and clock.due is not None and site_time(at).date() > clock.due
    taken = any(one.state != extending.REFUSED for one in extensions)
    return {
        "extensions": [(one, extending.note_of(one)) for one in extensions],
        "delays": [(one, extending.note_of(one)) for one in delays],
        "reasons": EXTENSION_REASONS,
        "delay_reasons": DELAY_REASONS,
        "states": extending.STATES,
        "methods": METHODS,
        "may_ask": runs and acts and not over and not taken,
        "may_tell": acts,
        "may_delay": runs and acts,
        "office": actor.may_at(HANDLE, matter.line.site_id),
    }


async def closing(matter: MatterView, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Return whether an item may be closed now, and the check-list of a final one."""
    if not actor.may_at(HANDLE, matter.line.site_id) or not policies.close_reasons(
        matter.stage, matter.line.purpose
    ):
        return None
    context: dict[str, Any] = {"filing": ()}
    if matter.stage == states.FINAL:
        known, confirmed, by_name = await queries.filing(matter.id)
        context |= {
            "filing": [
                (name, label, known.get(name, name in confirmed), name in OWN_CHECKS)
                for name, label in FILING.items()
            ],
            "missing": await queries.filing_missing(matter.id),
            "by_name": by_name,
        }
    return context


PANELS = (
    Panel(
        name="opinions",
        title=N_("Opinions and review"),
        template="government/opinions/_chain.html",
        context=chain,
        order=40,
    ),
    Panel(
        name="time",
        title=N_("More time"),
        template="government/opinions/_time.html",
        context=more_time,
        order=60,
    ),
    Panel(
        name="closing",
        title=N_("Close the item"),
        template="government/opinions/_closing.html",
        context=closing,
        order=62,
    ),
)
