"""Where a plugin joins in at a gate: passes and their holders, scans, rules offline, duty at a post."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from core import hookspec
from core.decisions import Decision
from core.gate.facts import (
    GateLine,
    HolderCard,
    OfflineAsked,
    OfflineRule,
    PassFacts,
    ScanFacts,
)
from core.registrations.facts import Detail
from core.shifts.facts import OpenItem


@hookspec
def check_scan(scan: ScanFacts) -> Awaitable[Decision | None]:
    """Judge one scan of a pass whose signature is good.

    Asked: after the batch was read and before it is written; facts only, no query is needed.
    Return: a decision, or None when this is not the plugin's business.
    Several answers: the gravest wins.
    An exception: counts as Hold `plugin_error` for this scan alone; so does one over 150 ms.
    """
    raise NotImplementedError


@hookspec
def collect_badge_lines(kind: str, holder_id: UUID) -> Awaitable[Sequence[str]]:
    """Add lines to the printed badge of a holder.

    Asked: while a badge or slip is printed.
    Return: short lines, already in the language of the site.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_holders(passes: Sequence[PassFacts]) -> Awaitable[Mapping[str, HolderCard]]:
    """Tell who holds these passes, for the plugin's own pass kinds, in one query.

    Asked: once for each batch of scans, before it is judged.
    Return: cards by pass id; passes of other kinds are left out.
    Several answers: merged; the first plugin that knows a pass wins.
    An exception: those holders are unknown, the scans are held by a person, and it is logged.
    """
    raise NotImplementedError


@hookspec
def collect_gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> Awaitable[Sequence[GateLine]]:
    """Say how a gate itself stands: open or closed, until when, what its guard must still record.

    Asked: whenever a gate's page is drawn or asks anew; `at` is the site's local time.
    Return: lines, the most important first.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_offline_rules(asked: OfflineAsked) -> Awaitable[Sequence[OfflineRule]]:
    """Say what will hold for the plugin's own passes while a gate is cut off from the server.

    Asked: whenever a gate fetches what it needs to go on alone, every few minutes.
    Return: rules for the plugin's own kinds, single passes first; where none fits a scan passes.
    Several answers: chained in the order of the plugins' names; the first rule that fits decides.
    An exception: every pass of the plugin's kinds is held by that gate, and it is logged.
    """
    raise NotImplementedError


@hookspec
def collect_open_items(site_id: UUID, gate_id: UUID, at: datetime) -> Awaitable[Sequence[OpenItem]]:
    """Name what the next shift at a gate or desk must know of: things kept, slips out, people due.

    Asked: when a shift is offered, taken over, left, or its page is drawn; `at` is in UTC.
    Return: items with a stable reference, naming no more of a person than needed.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out, named on the record, and logged.
    """
    raise NotImplementedError


@hookspec
def collect_shift_figures(
    site_id: UUID, gate_id: UUID, since: datetime, until: datetime
) -> Awaitable[Sequence[Detail]]:
    """Count what was written down at a post during a shift: visits, openings, things taken in.

    Asked: when the page of a post or a record of handover is drawn; `until` is not in the time.
    Return: a label and a number each, naming nobody; what did not happen may be left out.
    Several answers: chained in the order of the plugins' names.
    An exception: that part is left out and marked, and logged.
    """
    raise NotImplementedError


@hookspec
def resolve_holder(kind: str, holder_id: UUID) -> Awaitable[HolderCard | None]:
    """Tell who holds one pass, for badges, pages and exports.

    Asked: when one holder is shown.
    Return: a card, or None when the kind is not the plugin's.
    Several answers: the first that is not None, core first, then a to z.
    An exception: reaches the caller.
    """
    raise NotImplementedError
