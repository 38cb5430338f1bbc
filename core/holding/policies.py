"""Where a record may go next, to whom it is returned, and how its days are shared out. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.decisions import Allow, Decision, Deny
from core.holding.facts import Holder, Span
from core.i18n import N_


def may_pass_on(spans: Sequence[Span], to: Holder) -> Decision:
    """Judge whether a record may be handed to a unit."""
    if spans[-1].holder.key == to.key:
        return Deny("holds_already", N_("{unit} holds this already.", unit=to.label), "GOV-54")
    return Allow()


def may_give_back(spans: Sequence[Span]) -> Decision:
    """Judge whether the present holder may return a record."""
    if giver(spans) is None:
        return Deny(
            "nobody_gave_it",
            N_("Nobody handed this over to {unit}: it can only be passed on.",
               unit=spans[-1].holder.label),
            "GOV-54",
        )  # fmt: skip
    return Allow()


def giver(spans: Sequence[Span]) -> Span | None:
    """Return the span of the unit to which the record would be returned; None for nobody.

    After a return it is whoever had handed it to that unit, never the one that sent it back.
    """
    at = spans[-1].given_by
    return None if at is None else spans[at]


def is_loop(spans: Sequence[Span], to: Holder) -> bool:
    """Say whether a record passed on to this unit comes back to where it was."""
    return any(span.holder.key == to.key for span in spans)


def days_of(
    spans: Sequence[Span], *, at: datetime, ended_at: datetime | None, zone: ZoneInfo
) -> list[int]:
    """Return the days of each span: the midnights in it, so that they add up whatever was done."""
    last = ended_at or at
    ends = [span.until or last for span in spans]
    return [
        (_day(max(end, span.since), zone) - _day(span.since, zone)).days
        for span, end in zip(spans, ends, strict=True)
    ]


def age_of(taken_at: datetime, *, at: datetime, ended_at: datetime | None, zone: ZoneInfo) -> int:
    """Return how many days a record is old."""
    return (_day(max(ended_at or at, taken_at), zone) - _day(taken_at, zone)).days


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
