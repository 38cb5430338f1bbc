"""What the bare address of an installation offers to petitioners (GOV-45)."""

from collections.abc import Sequence
from datetime import datetime

from core.i18n import N_
from core.navigation import PublicEntry
from plugins.government import clocks
from plugins.government.asking import office


async def entries(at: datetime) -> Sequence[PublicEntry]:
    """Return the ways into the public pages; none where no reception room is set up."""
    if not await office.rooms():
        return []
    found = [
        PublicEntry(
            label=N_("About the petition office"),
            hint=N_("Where and when to come, reception days of leaders, bookings."),
            path="/government/office",
            order=10,
            icon="building",
        ),
        PublicEntry(
            label=N_("Ask after my petition"),
            hint=N_("With the code of the receipt and the end of your document."),
            path="/government/ask",
            order=12,
            icon="search",
        ),
    ]
    if (await clocks.in_force(at)).values.online_open:
        found.append(
            PublicEntry(
                label=N_("Write a petition"),
                hint=N_("Without coming here; you get a number and a code."),
                path="/government/write",
                order=11,
                icon="edit",
            )
        )
    return found
