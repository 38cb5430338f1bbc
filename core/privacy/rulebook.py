"""How long the core's own records are kept: a rulebook, so that a change is adopted and on record."""

from dataclasses import dataclass

from core.i18n import N_
from core.rulebooks.facts import Rulebook, setting

_ARTICLE = N_(
    "Personal Information Protection Law, article 19"
).msgid  # no longer than needed; the days are this project's proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """After how many days personal data is erased; figures stay."""

    visitor_days: int = setting(
        365,
        label=N_("Visitors, after their last visit"),
        unit=N_("days"),
        minimum=7,
        maximum=36500,
        basis=_ARTICLE,
    )
    visit_days: int = setting(
        365,
        label=N_("Particulars of a visit: reason, goods, plate, papers, remarks"),
        unit=N_("days"),
        minimum=7,
        maximum=36500,
        basis=_ARTICLE,
    )
    appointment_days: int = setting(
        365,
        label=N_("Particulars of an appointment"),
        unit=N_("days"),
        minimum=7,
        maximum=36500,
        basis=_ARTICLE,
    )
    notice_days: int = setting(
        90,
        label=N_("Notices that were sent"),
        unit=N_("days"),
        minimum=7,
        maximum=3650,
        basis=_ARTICLE,
    )
    session_days: int = setting(
        30,
        label=N_("Sign-ins that ended, with their address"),
        unit=N_("days"),
        minimum=1,
        maximum=3650,
        basis=_ARTICLE,
    )
    scan_operator_days: int = setting(
        365,
        label=N_("Who was on duty at a scan"),
        unit=N_("days"),
        minimum=7,
        maximum=3650,
        basis=_ARTICLE,
    )


RULEBOOK = Rulebook(plugin="retention", title=N_("Keeping times"), struct=Keeping)
