"""Supervision: when the system points out an item, and what a unit answers by when."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import DAYS, PRACTICE, RECEPTION_3, WORKING_HOURS


@dataclass(frozen=True, kw_only=True)
class Supervising:
    """Supervision."""

    idle_days: int = setting(
        14,
        label=N_("An item with a unit counts as idle when nothing was entered for"),
        unit=DAYS,
        minimum=1,
        maximum=180,
        basis=PRACTICE,
    )
    bounce_count: int = setting(
        2,
        label=N_("An item counts as passed around when it was returned or went in a circle"),
        unit=N_("times"),
        minimum=1,
        maximum=20,
        basis=PRACTICE,
    )
    urge_first: bool = setting(
        True,
        label=N_("A unit is urged before it is supervised"),
        kind="bool",
        basis=RECEPTION_3,
    )
    urge_answer_days: int = setting(
        3,
        label=N_("A unit answers an urging within"),
        unit=DAYS,
        minimum=1,
        maximum=60,
        basis=PRACTICE,
    )
    supervise_days: int = setting(
        10,
        label=N_("A unit answers a supervision within"),
        unit=DAYS,
        minimum=1,
        maximum=90,
        basis=PRACTICE,
    )
    escalate_deputy_hours: int = setting(
        8,
        label=N_("An overdue item is told to the deputy director after (0: not at all)"),
        unit=WORKING_HOURS,
        minimum=0,
        maximum=240,
        basis=PRACTICE,
    )
    escalate_director_hours: int = setting(
        24,
        label=N_("An overdue item is told to the director after (0: not at all)"),
        unit=WORKING_HOURS,
        minimum=0,
        maximum=240,
        basis=PRACTICE,
    )
