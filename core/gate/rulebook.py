"""The rulebook of gates without network: how old their knowledge may be, and the home-gate rule."""

from dataclasses import dataclass
from datetime import datetime

from core.i18n import N_
from core.rulebooks import queries
from core.rulebooks.facts import Rulebook, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineGates:
    """What a gate may decide alone while it is cut off from the server."""

    fresh_minutes: int = setting(
        15,
        label=N_("What a gate knows is shown as old after"),
        unit=N_("minutes"),
        minimum=2,
        maximum=240,
        basis="SCH-20",
    )
    hard_hours: int = setting(
        12,
        label=N_("A gate that was cut off lets nobody in by itself after"),
        unit=N_("hours"),
        minimum=1,
        maximum=24,
        basis="SCH-20",
    )
    home_gate: bool = setting(
        False,
        kind="bool",
        label=N_("Without network, a pass for one entry opens only the gate that issued it"),
        basis="SCH-20; closes the way by which one slip enters at two gates that are cut off",
    )


RULEBOOK = Rulebook(plugin="gate", title=N_("Gates without network"), struct=OfflineGates)


async def offline_gates(at: datetime) -> OfflineGates:
    """Return the settings in force."""
    values: OfflineGates = (await queries.in_force(RULEBOOK, at)).values
    return values
