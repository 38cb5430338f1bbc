"""Assessment of units: weights, and who is ranked."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import PRACTICE


@dataclass(frozen=True, kw_only=True)
class Assessing:
    """Assessment of units."""

    weight_accept: int = setting(
        20,
        label=N_("Assessment of units: weight of taking items up in time"),
        minimum=0,
        maximum=100,
        basis=PRACTICE,
    )
    weight_in_time: int = setting(
        30,
        label=N_("Assessment of units: weight of closing in time"),
        minimum=0,
        maximum=100,
        basis=PRACTICE,
    )
    weight_quality: int = setting(
        30,
        label=N_("Assessment of units: weight of results that pass the check at once"),
        minimum=0,
        maximum=100,
        basis=PRACTICE,
    )
    weight_satisfaction: int = setting(
        20,
        label=N_("Assessment of units: weight of satisfied petitioners"),
        minimum=0,
        maximum=100,
        basis=PRACTICE,
    )
    assess_fewest: int = setting(
        5,
        label=N_("A unit is ranked when it had at least so many items"),
        minimum=1,
        maximum=1000,
        basis=PRACTICE,
    )
