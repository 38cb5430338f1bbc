"""How shifts at one post follow each other, and what changed between two records. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from core.decisions import Allow, Decision, Deny
from core.i18n import N_
from core.shifts.facts import OpenItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One shift's time at a post; `ended_at` is None while it lasts."""

    holder: UUID
    began_at: datetime
    ended_at: datetime | None


def may_take(holder: UUID, present: Span | None) -> Decision:
    """Judge taking over an empty post: nobody is on duty there."""
    if present is None:
        return Allow()
    if present.holder == holder:
        return Deny("on_duty_already", N_("You are on duty here already."), "CORE-17")
    return Deny(
        "post_taken",
        N_("Somebody is on duty here. Let them hand over, or relieve them with a reason."),
        "CORE-17",
    )


def may_accept(outgoing: UUID, incoming: UUID) -> Decision:
    """Judge the second signature: it is another person's."""
    if outgoing == incoming:
        return Deny("same_person", N_("Two people sign a handover."), "CORE-17")
    return Allow()


def beginning(previous_end: datetime | None, at: datetime) -> datetime:
    """Return when a shift begins: now, never before the one before it ended."""
    return at if previous_end is None else max(previous_end, at)


def overlaps(spans: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Return neighbours in time that overlap; a chain has none."""
    ordered = sorted(spans, key=lambda span: (span.began_at, span.ended_at is None))
    return [
        (before, after)
        for before, after in pairwise(ordered)
        if before.ended_at is None or before.ended_at > after.began_at
    ]


def changes(
    before: Sequence[OpenItem], after: Sequence[OpenItem]
) -> tuple[list[OpenItem], list[OpenItem]]:
    """Return what came up and what was settled between two records."""
    old = {(item.kind, item.reference) for item in before}
    new = {(item.kind, item.reference) for item in after}
    return (
        [item for item in after if (item.kind, item.reference) not in old],
        [item for item in before if (item.kind, item.reference) not in new],
    )
