"""Bulletins and reports: who signs each."""

from dataclasses import dataclass

from core.i18n import N_, Message
from core.rulebooks.facts import setting
from plugins.government.rulebook.sources import LOCAL_4, RECEPTION_3

SIGNED_BY: tuple[tuple[str, Message], ...] = (
    ("head", N_("Head of the room")),
    ("head_deputy", N_("Head of the room, deputy director")),
    ("head_director", N_("Head of the room, director")),
    ("head_deputy_director", N_("Head of the room, deputy director, director")),
)


@dataclass(frozen=True, kw_only=True)
class Bulletins:
    """Bulletins and reports."""

    bulletin_daily: str = setting(
        "head",
        kind="choice",
        choices=SIGNED_BY,
        label=N_("Who signs the daily bulletin"),
        basis=RECEPTION_3,
    )
    bulletin_weekly: str = setting(
        "head",
        kind="choice",
        choices=SIGNED_BY,
        label=N_("Who signs the weekly summary"),
        basis=RECEPTION_3,
    )
    bulletin_monthly: str = setting(
        "head_deputy_director",
        kind="choice",
        choices=SIGNED_BY,
        label=N_("Who signs monthly, quarterly and yearly reports"),
        basis=RECEPTION_3,
    )
    bulletin_units: str = setting(
        "head_deputy",
        kind="choice",
        choices=SIGNED_BY,
        label=N_("Who signs the bulletins to counties and departments"),
        basis=RECEPTION_3,
    )
    bulletin_special: str = setting(
        "head_deputy_director",
        kind="choice",
        choices=SIGNED_BY,
        label=N_("Who signs special reports to leaders"),
        basis=RECEPTION_3,
    )
    bulletin_urgent: str = setting(
        "head",
        kind="choice",
        choices=SIGNED_BY,
        label=N_("Who signs urgent information, which goes at once"),
        basis=LOCAL_4,
    )
