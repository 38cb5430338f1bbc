"""The core's own rulebook: the times of a plain reception, changeable without a change of code."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import N_
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """How long visitors wait and stay, and how long what they are given is valid."""

    organisation_name: str = setting("", kind="text", label=N_("Name of the organisation"))
    waiting_amber_minutes: int = setting(
        10,
        label=N_("Remind the host when a visitor waits"),
        unit=N_("minutes"),
        minimum=1,
        maximum=240,
        basis="CORE-18",
    )
    waiting_red_minutes: int = setting(
        20,
        label=N_("Alert the desk when a visitor waits"),
        unit=N_("minutes"),
        minimum=1,
        maximum=480,
        basis="CORE-18",
    )
    stay_minutes: int = setting(
        120,
        label=N_("Length of a visit when nothing else is said"),
        unit=N_("minutes"),
        minimum=5,
        maximum=1440,
        basis="CORE-6",
    )
    slip_grace_minutes: int = setting(
        240,
        label=N_("A slip can be scanned after the visit should have ended"),
        unit=N_("minutes"),
        minimum=0,
        maximum=1440,
        basis="CORE-6",
    )
    consent_link_minutes: int = setting(
        120,
        label=N_("A link that asks the host stays open"),
        unit=N_("minutes"),
        minimum=5,
        maximum=1440,
        basis="CORE-5",
    )


RULEBOOK = Rulebook(plugin="core", title=N_("Reception"), struct=Reception)


async def organisation_name(at: datetime) -> str:
    """Return the organisation's name as it was set up, empty before."""
    return (await reception(at)).organisation_name


async def reception(at: datetime) -> Reception:
    """Return the settings in force."""
    values: Reception = (await queries.in_force(RULEBOOK, at)).values
    return values
