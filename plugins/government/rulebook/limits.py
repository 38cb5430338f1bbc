"""Limits: how long the office, a unit and a petitioner have."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import (
    CIVIL_CODE,
    DAYS,
    LOCAL,
    PRACTICE,
    RECEPTION,
    REGULATION,
    WORKING_DAYS,
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits."""

    inform_days: int = setting(
        15,
        label=N_("Tell the petitioner or forward within"),
        unit=DAYS,
        minimum=1,
        maximum=60,
        basis=f"{REGULATION}, articles 22 and 23",
    )
    simple_answer_days: int = setting(
        3,
        label=N_("Answer a simple matter within"),
        unit=DAYS,
        minimum=1,
        maximum=60,
        basis=f"{LOCAL}, section 4",
    )
    handle_days: int = setting(
        60,
        label=N_("Close an item within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=f"{REGULATION}, article 34",
    )
    extend_days: int = setting(
        30,
        label=N_("Extend at most by"),
        unit=DAYS,
        minimum=0,
        maximum=365,
        basis=f"{REGULATION}, article 34",
    )
    internal_handle_days: int = setting(
        30,
        label=N_("The office's own clock: close an item within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=f"{LOCAL}, section 12",
    )
    internal_total_days: int = setting(
        60,
        label=N_("The office's own clock: at most with extension"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=f"{LOCAL}, section 12",
    )
    object_days: int = setting(
        5,
        label=N_("A unit may object within"),
        unit=WORKING_DAYS,
        minimum=1,
        maximum=30,
        basis=f"{REGULATION}, article 23",
    )
    transfer_days: int = setting(
        30,
        label=N_("A unit reports on a transfer within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=f"{RECEPTION}, section 3.5.3",
    )
    assignment_days: int = setting(
        60,
        label=N_("A unit returns the result of an assignment within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=f"{REGULATION}, articles 22 and 34",
    )
    letter_days: int = setting(
        3,
        label=N_("After a call, the letter follows within"),
        unit=DAYS,
        minimum=1,
        maximum=30,
        basis=f"{RECEPTION}, section 3.5.3",
    )
    review_window_days: int = setting(
        30,
        label=N_("The petitioner may ask for review or re-review within"),
        unit=DAYS,
        minimum=1,
        maximum=180,
        basis=f"{REGULATION}, articles 35 and 36",
    )
    review_days: int = setting(
        30,
        label=N_("Answer a review or re-review within"),
        unit=DAYS,
        minimum=1,
        maximum=180,
        basis=f"{REGULATION}, articles 35 and 36",
    )
    redo_days: int = setting(
        30,
        label=N_("Handle anew what was revoked within"),
        unit=DAYS,
        minimum=1,
        maximum=180,
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
