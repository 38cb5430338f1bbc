"""The settings of appointments and of what visitors see on their own phones."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import N_
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitsAhead:
    """How far ahead and how long one may agree on, and how long visitors' links stay open."""

    public_form: bool = setting(
        True,
        kind="bool",
        label=N_("Visitors may propose appointments on the public page"),
        basis="CORE-4",
    )
    proposals_an_hour: int = setting(
        60,
        label=N_("Proposals of visitors taken at most"),
        unit=N_("an hour"),
        minimum=1,
        maximum=2000,
        basis="CORE-4",
    )
    days_ahead: int = setting(
        90,
        label=N_("Appointments can be made ahead"),
        unit=N_("days"),
        minimum=1,
        maximum=730,
        basis="CORE-4",
    )
    longest_hours: int = setting(
        12,
        label=N_("Longest appointment"),
        unit=N_("hours"),
        minimum=1,
        maximum=72,
        basis="CORE-4",
    )
    no_show_minutes: int = setting(
        30,
        label=N_("Noted as not come after the agreed end"),
        unit=N_("minutes"),
        minimum=0,
        maximum=1440,
        basis="CORE-4",
    )
    link_days: int = setting(
        14,
        label=N_("Visitors' links stay open after the visit, also for feedback"),
        unit=N_("days"),
        minimum=1,
        maximum=90,
        basis="CORE-19",
    )
    house_rules: tuple[str, ...] = setting(
        (),
        kind="lines",
        label=N_("House rules on the visitor's page, one on each line"),
        basis="CORE-12",
    )
    data_contact: str = setting(
        "",
        kind="text",
        label=N_("Whom people ask about their data: office, phone, e-mail"),
        basis="PIPL 17",
    )


RULEBOOK = Rulebook(
    plugin="appointments", title=N_("Appointments and visitors' pages"), struct=VisitsAhead
)


async def visits_ahead(at: datetime) -> VisitsAhead:
    """Return the settings in force."""
    values: VisitsAhead = (await queries.in_force(RULEBOOK, at)).values
    return values
