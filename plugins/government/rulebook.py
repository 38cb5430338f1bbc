"""The petition office's settings: limits, counts and texts, with presets and their sources.

Each room adds its own settings below, under its heading.
"""

from dataclasses import dataclass

from core.i18n import N_, Message
from core.rulebooks.facts import Rulebook, setting
from plugins.government.signing.chains import CHAIN_LABELS

REGULATION = "Regulation on petition work 2022"
LOCAL = "Rules of a municipal petition office"
CIVIL_CODE = "Civil Code, articles 201 and 203"
RECEPTION = "Procedure of a municipal reception room"
PRACTICE = "Common practice; decide for your office"
ARCHIVES = "Rules on keeping files of public bodies 2006 (30 years, 10 years)"

CHAIN_CHOICES: tuple[tuple[str, Message], ...] = (
    ("head", N_("Head of the room")),
    ("head_deputy", N_("Head of the room, deputy director")),
    ("head_director", N_("Head of the room, director")),
    ("head_deputy_director", N_("Head of the room, deputy director, director")),
)
_DAYS = N_("days")
_WORKING_DAYS = N_("working days")


def _chain(default: str, label: Message, basis: str) -> str:
    chain: str = setting(default, label=label, kind="choice", choices=CHAIN_LABELS, basis=basis)
    return chain


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernmentRules:
    """The settings of one version. Days are calendar days unless the unit says working days."""

    inform_days: int = setting(
        15,
        label=N_("Tell the petitioner or forward within"),
        unit=_DAYS,
        minimum=1,
        maximum=60,
        basis=f"{REGULATION}, articles 22 and 23",
    )
    handle_days: int = setting(
        60,
        label=N_("Close an item within"),
        unit=_DAYS,
        minimum=1,
        maximum=365,
        basis=f"{REGULATION}, article 34",
    )
    extend_days: int = setting(
        30,
        label=N_("Extend at most by"),
        unit=_DAYS,
        minimum=0,
        maximum=365,
        basis=f"{REGULATION}, article 34",
    )
    internal_handle_days: int = setting(
        30,
        label=N_("The office's own clock: close an item within"),
        unit=_DAYS,
        minimum=1,
        maximum=365,
        basis=f"{LOCAL}, section 12",
    )
    internal_total_days: int = setting(
        60,
        label=N_("The office's own clock: at most with extension"),
        unit=_DAYS,
        minimum=1,
        maximum=365,
        basis=f"{LOCAL}, section 12",
    )
    simple_answer_days: int = setting(
        3,
        label=N_("Answer a simple matter within"),
        unit=_DAYS,
        minimum=1,
        maximum=60,
        basis=f"{LOCAL}, section 4",
    )
    object_days: int = setting(
        5,
        label=N_("A unit may object within"),
        unit=_WORKING_DAYS,
        minimum=1,
        maximum=30,
        basis=f"{REGULATION}, article 23",
    )
    review_window_days: int = setting(
        30,
        label=N_("The petitioner may ask for review or re-review within"),
        unit=_DAYS,
        minimum=1,
        maximum=180,
        basis=f"{REGULATION}, articles 35 and 36",
    )
    review_days: int = setting(
        30,
        label=N_("Answer a review or re-review within"),
        unit=_DAYS,
        minimum=1,
        maximum=180,
        basis=f"{REGULATION}, articles 35 and 36",
    )
    redo_days: int = setting(
        30,
        label=N_("Handle anew what was revoked within"),
        unit=_DAYS,
        minimum=1,
        maximum=180,
        basis=PRACTICE,
    )
    reception_begins: str = setting(
        "09:00",
        label=N_("Leaders receive from"),
        kind="time",
        basis=f"{LOCAL}, section 10",
    )
    reception_ends: str = setting(
        "12:00",
        label=N_("Leaders receive until"),
        kind="time",
        basis=f"{LOCAL}, section 10",
    )
    reception_slots: int = setting(
        8,
        label=N_("Bookings for one reception day"),
        minimum=1,
        maximum=100,
        basis=PRACTICE,
    )
    reception_weeks: int = setting(
        8,
        label=N_("Reception days planned ahead"),
        unit=N_("weeks"),
        minimum=1,
        maximum=52,
        basis=f"{LOCAL}, sections 9 and 10",
    )
    bookings_per_month: int = setting(
        2,
        label=N_("Bookings of one person in a month"),
        minimum=1,
        maximum=20,
        basis=PRACTICE,
    )
    windows_roll: bool = setting(
        True,
        label=N_("A petitioner's window that ends on a day off ends on the next working day"),
        kind="bool",
        basis=CIVIL_CODE,
    )
    duties_roll: bool = setting(
        False,
        label=N_("An office's own limit that ends on a day off ends on the next working day"),
        kind="bool",
        basis=CIVIL_CODE,
    )
    representatives_most: int = setting(
        5,
        label=N_("Representatives of a group at most"),
        unit=N_("persons"),
        minimum=1,
        maximum=20,
        basis=f"{REGULATION}, article 20",
    )
    group_from: int = setting(
        5,
        label=N_("A group names representatives from"),
        unit=N_("persons"),
        minimum=2,
        maximum=50,
        basis=f"{RECEPTION}, section 3",
    )
    receivers_least: int = setting(
        2,
        label=N_("Staff who receive a visit at least"),
        unit=N_("persons"),
        minimum=1,
        maximum=5,
        basis=f"{LOCAL}, section 3",
    )
    similar_days: int = setting(
        365,
        label=N_("Like items of the same place and subject are pointed out for"),
        unit=_DAYS,
        minimum=1,
        maximum=1830,
        basis=PRACTICE,
    )
    rings_most: int = setting(
        3,
        label=N_("Calls are answered within"),
        unit=N_("rings"),
        minimum=1,
        maximum=10,
        basis="Rules of a municipal government office, section 2.5",
    )
    close_of_business: str = setting(
        "17:30",
        kind="time",
        label=N_("What came today has a suggestion by"),
        basis=f"{LOCAL}, section 3",
    )
    online_open: bool = setting(
        True,
        kind="bool",
        label=N_("Petitions can be written on the public page"),
        basis=f"{REGULATION}, article 21",
    )
    idle_days: int = setting(
        14,
        label=N_("An item with a unit counts as idle when nothing was entered for"),
        unit=_DAYS,
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
        basis=f"{RECEPTION}, section 3",
    )
    urge_answer_days: int = setting(
        3,
        label=N_("A unit answers an urging within"),
        unit=_DAYS,
        minimum=1,
        maximum=60,
        basis=PRACTICE,
    )
    supervise_days: int = setting(
        10,
        label=N_("A unit answers a supervision within"),
        unit=_DAYS,
        minimum=1,
        maximum=90,
        basis=PRACTICE,
    )
    bulletin_daily: str = setting(
        "head",
        kind="choice",
        choices=CHAIN_CHOICES,
        label=N_("Who signs the daily bulletin"),
        basis=f"{RECEPTION}, section 3",
    )
    bulletin_weekly: str = setting(
        "head",
        kind="choice",
        choices=CHAIN_CHOICES,
        label=N_("Who signs the weekly summary"),
        basis=f"{RECEPTION}, section 3",
    )
    bulletin_monthly: str = setting(
        "head_deputy_director",
        kind="choice",
        choices=CHAIN_CHOICES,
        label=N_("Who signs monthly, quarterly and yearly reports"),
        basis=f"{RECEPTION}, section 3",
    )
    bulletin_units: str = setting(
        "head_deputy",
        kind="choice",
        choices=CHAIN_CHOICES,
        label=N_("Who signs the bulletins to counties and departments"),
        basis=f"{RECEPTION}, section 3",
    )
    bulletin_special: str = setting(
        "head_deputy_director",
        kind="choice",
        choices=CHAIN_CHOICES,
        label=N_("Who signs special reports to leaders"),
        basis=f"{RECEPTION}, section 3",
    )
    bulletin_urgent: str = setting(
        "head",
        kind="choice",
        choices=CHAIN_CHOICES,
        label=N_("Who signs urgent information, which goes at once"),
        basis=f"{LOCAL}, section 4",
    )
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
    keep_ordinary_years: int = setting(
        10,
        label=N_("Ordinary files are kept for"),
        unit=N_("years"),
        minimum=1,
        maximum=100,
        basis=ARCHIVES,
    )
    keep_dedicated_years: int = setting(
        30,
        label=N_("Dedicated files are kept for"),
        unit=N_("years"),
        minimum=1,
        maximum=100,
        basis=ARCHIVES,
    )

    transfer_days: int = setting(
        30,
        label=N_("A unit reports on a transfer within"),
        unit=_DAYS,
        minimum=1,
        maximum=365,
        basis=f"{RECEPTION}, section 3.5.3",
    )
    assignment_days: int = setting(
        60,
        label=N_("A unit returns the result of an assignment within"),
        unit=_DAYS,
        minimum=1,
        maximum=365,
        basis=f"{REGULATION}, articles 22 and 34",
    )
    letter_days: int = setting(
        3,
        label=N_("After a call, the letter follows within"),
        unit=_DAYS,
        minimum=1,
        maximum=30,
        basis=f"{RECEPTION}, section 3.5.3",
    )
    own_transfers_signed: bool = setting(
        False,
        label=N_("Transfers of items received here are signed, too"),
        kind="bool",
        basis=f"{LOCAL}, section 7; otherwise assignments alone",
    )
    chain_before_province: str = _chain(
        "director_or_deputy",
        N_("From the province or above: who signs before a unit gets it"),
        f"{LOCAL}, section 5",
    )
    chain_after_province: str = _chain(
        "deputy_director",
        N_("From the province or above: who signs the opinion sent up"),
        f"{LOCAL}, section 5",
    )
    chain_before_city: str = _chain(
        "deputy",
        N_("From the city's bureau: who signs before a unit gets it"),
        f"{LOCAL}, section 6",
    )
    chain_after_city: str = _chain(
        "deputy_director",
        N_("From the city's bureau: who signs the opinion sent back to it"),
        f"{LOCAL}, section 6",
    )
    chain_before_own: str = _chain(
        "deputy",
        N_("Received here: who signs before a unit gets it"),
        f"{LOCAL}, section 7",
    )
    chain_after_own: str = _chain(
        "deputy_director",
        N_("Received here: who signs the opinion to the petitioner"),
        f"{LOCAL}, section 7",
    )
    chain_plan: str = _chain(
        "head_bureau",
        N_("Who signs the plan of a coordination"),
        f"{RECEPTION}, section 3.5.4",
    )
    chain_major: str = _chain(
        "head_bureau",
        N_("Who signs before a major item is put to the leaders"),
        f"{RECEPTION}, section 3.4.6",
    )


_LOCAL_VALUES = {"object_days": 3, "own_transfers_signed": True}

RULEBOOK = Rulebook(
    plugin="government",
    title=N_("Petitions"),
    struct=GovernmentRules,
    presets={
        "regulation_2022": (N_("Regulation of 2022"), {}),
        "local_rules": (N_("Local rules"), _LOCAL_VALUES),
    },
)
