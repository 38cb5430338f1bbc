"""Limits: how long the office, a unit and a petitioner have."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import (
    ARTICLE_22_23,
    ARTICLE_22_34,
    ARTICLE_23,
    ARTICLE_34,
    ARTICLE_35_36,
    CIVIL_CODE,
    DAYS,
    LOCAL_4,
    LOCAL_12,
    PRACTICE,
    RECEPTION_3_5_3,
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
        basis=ARTICLE_22_23,
    )
    simple_answer_days: int = setting(
        3,
        label=N_("Answer a simple matter within"),
        unit=DAYS,
        minimum=1,
        maximum=60,
        basis=LOCAL_4,
    )
    handle_days: int = setting(
        60,
        label=N_("Close an item within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=ARTICLE_34,
    )
    extend_days: int = setting(
        30,
        label=N_("Extend at most by"),
        unit=DAYS,
        minimum=0,
        maximum=365,
        basis=ARTICLE_34,
    )
    internal_handle_days: int = setting(
        30,
        label=N_("The office's own clock: close an item within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=LOCAL_12,
    )
    internal_total_days: int = setting(
        60,
        label=N_("The office's own clock: at most with extension"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=LOCAL_12,
    )
    object_days: int = setting(
        5,
        label=N_("A unit may object within"),
        unit=WORKING_DAYS,
        minimum=1,
        maximum=30,
        basis=ARTICLE_23,
    )
    transfer_days: int = setting(
        30,
        label=N_("A unit reports on a transfer within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=RECEPTION_3_5_3,
    )
    assignment_days: int = setting(
        60,
        label=N_("A unit returns the result of an assignment within"),
        unit=DAYS,
        minimum=1,
        maximum=365,
        basis=ARTICLE_22_34,
    )
    letter_days: int = setting(
        3,
        label=N_("After a call, the letter follows within"),
        unit=DAYS,
        minimum=1,
        maximum=30,
        basis=RECEPTION_3_5_3,
    )
    review_window_days: int = setting(
        30,
        label=N_("The petitioner may ask for review or re-review within"),
        unit=DAYS,
        minimum=1,
        maximum=180,
        basis=ARTICLE_35_36,
    )
    review_days: int = setting(
        30,
        label=N_("Answer a review or re-review within"),
        unit=DAYS,
        minimum=1,
        maximum=180,
        basis=ARTICLE_35_36,
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
