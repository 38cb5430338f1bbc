"""The marks of a unit from its counts and the weights of the rulebook; the ranking. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.i18n import N_, Message

ACCEPT, IN_TIME, QUALITY, SATISFACTION = "accept", "in_time", "quality", "satisfaction"
RATES: dict[str, Message] = {
    ACCEPT: N_("Taken up in time"),
    IN_TIME: N_("Closed in time"),
    QUALITY: N_("Passed the check at once"),
    SATISFACTION: N_("Petitioners satisfied"),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many good ones of so many."""

    good: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The share in a hundred; None where there is nothing to judge."""
        return round(self.good * 100 / self.whole, 1) if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A unit with its rates, its mark out of a hundred, and its place; no place: too few items."""

    unit_id: UUID
    name: str
    items: int
    rates: Mapping[str, Rate]
    mark: float | None
    place: int | None = None


def mark(rates: Mapping[str, Rate], weights: Mapping[str, int]) -> float | None:
    """Return the weighted mean of the rates there are; what cannot be judged weighs nothing."""
    known = [
        (share, weights[name])
        for name, rate in rates.items()
        if (share := rate.percent) is not None and weights[name]
    ]
    whole = sum(weight for _, weight in known)
    return round(sum(share * weight for share, weight in known) / whole, 1) if whole else None


def ranked(units: Sequence[Marked], fewest: int) -> list[Marked]:
    """Return the units with their places, the best first; equal marks share a place."""
    judged = [one for one in units if one.mark is not None and one.items >= fewest]
    judged.sort(key=lambda one: (-(one.mark or 0), one.name))
    found: list[Marked] = []
    for number, one in enumerate(judged, 1):
        same = found and found[-1].mark == one.mark
        found.append(_placed(one, found[-1].place if same else number))
    rest = [one for one in units if one.mark is None or one.items < fewest]
    return found + sorted(rest, key=lambda one: one.name)


def _placed(one: Marked, place: int | None) -> Marked:
    return Marked(
        unit_id=one.unit_id,
        name=one.name,
        items=one.items,
        rates=one.rates,
        mark=one.mark,
        place=place,
    )
