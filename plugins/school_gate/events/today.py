"""What class events ask for now: at the gate, and on a reader's first page."""

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.gate.facts import GateLine
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from plugins.school_gate.events import queries
from plugins.school_gate.events.facts import APPROVED
from plugins.school_gate.events.rights import teaches


async def gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> list[GateLine]:
    """Return the class events that are on now or within the hour, as the gate's page shows them."""
    lines: list[GateLine] = []
    for one in await queries.of_site_now(site_id, at):
        if one.gate_id not in (None, gate_id):
            continue
        path = f"/school-gate/events/{one.id}/gate?gate={gate_id}"
        if one.state != APPROVED:
            text = N_(
                "{class_name} {title}: not approved, nobody is admitted.",
                class_name=one.class_name,
                title=one.title,
            )
            lines.append(GateLine(text=text, tone="deny", path=path, action=N_("Look at it")))
            continue
        text = N_(
            "{class_name} {title}, {starts} to {ends}: {came} of {guests} parents came.",
            class_name=one.class_name,
            title=one.title,
            starts=one.admits_from.strftime("%H:%M"),
            ends=one.ends_at.strftime("%H:%M"),
            came=one.came,
            guests=one.guests,
        )
        lines.append(
            GateLine(text=text, tone="allow", path=path, action=N_("Tick parents on the list"))
        )
    return lines


async def home_cards(actor: Actor) -> list[HomeCard]:
    """Return what waits for a class teacher: drafts and applications sent back."""
    if not teaches(actor):
        return []
    rows = await db.fetch(
        "SELECT count(*) AS n FROM school_gate_event v JOIN school_gate_class c"
        " ON c.id = v.school_class LEFT JOIN approval_request q ON q.id = v.approval"
        " WHERE c.teacher = {} AND v.ends_at >= {}"
        " AND (v.state = 'draft' OR (v.state = 'asked' AND q.state = 'sent_back'))",
        actor.host_id,
        clock.now(),
    )
    return [
        HomeCard(
            title=N_("Class events to submit"),
            count=int(rows[0]["n"]),
            path="/school-gate/events",
            level="warning",
            order=13,
            icon="calendar",
        )
    ]
