"""The reception desk: groups, who receives, calls, the public form, close of business."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import (
    ARTICLE_20,
    ARTICLE_21,
    DAYS,
    GOVERNMENT_OFFICE_2_5,
    LOCAL_3,
    PRACTICE,
    RECEPTION_3,
)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The reception desk."""

    representatives_most: int = setting(
        5,
        label=N_("Representatives of a group at most"),
        unit=N_("persons"),
        minimum=1,
        maximum=20,
        basis=ARTICLE_20,
    )
    group_from: int = setting(
        5,
        label=N_("A group names representatives from"),
        unit=N_("persons"),
        minimum=2,
        maximum=50,
        basis=RECEPTION_3,
    )
    receivers_least: int = setting(
        2,
        label=N_("Staff who receive a visit at least"),
        unit=N_("persons"),
        minimum=1,
        maximum=5,
        basis=LOCAL_3,
    )
    rings_most: int = setting(
        3,
        label=N_("Calls are answered within"),
        unit=N_("rings"),
        minimum=1,
        maximum=10,
        basis=GOVERNMENT_OFFICE_2_5,
    )
    similar_days: int = setting(
        365,
        label=N_("Like items of the same place and subject are pointed out for"),
        unit=DAYS,
        minimum=1,
        maximum=1830,
        basis=PRACTICE,
    )
    close_of_business: str = setting(
        "17:30",
        kind="time",
        label=N_("What came today has a suggestion by"),
        basis=LOCAL_3,
    )
    online_open: bool = setting(
        True,
        kind="bool",
        label=N_("Petitions can be written on the public page"),
        basis=ARTICLE_21,
    )
    gaps_in_numbers: bool = setting(
        True,
        kind="bool",
        label=N_("Leave gaps in the numbers of items, so that none shows a confidential one"),
        basis=PRACTICE,
    )
