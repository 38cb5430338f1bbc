"""What class events ask for now: at the gate, and on a reader's first page."""

from datetime import datetime, timedelta
from uuid import UUID

from core import clock, db
from core.gate.facts import GateLine
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from core.registrations.facts import Present
from plugins.school_gate.events import queries
from plugins.school_gate.events.facts import APPROVED, LIST
from plugins.school_gate.events.rights import teaches
from plugins.school_gate.facts import EVENT_PASS

STAYS_AFTER = timedelta(hours=1)


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


async def present(site_id: UUID, at: datetime) -> list[Present]:
    """Return the parents ticked on a list who are taken to be inside: until an hour after the end.

    Whoever was scanned stands in the roll call by the pass; who was scanned out since is gone.
    """
    rows = await db.fetch(
        "SELECT e.name, e.came_at, e.pass_id, p.name AS pupil, g.name AS grade, c.name AS class,"
        " (SELECT max(s.at) FROM scan_event s WHERE s.pass_id = e.pass_id AND e.pass_id <> ''"
        " AND s.verdict = 0) AS last_scan FROM school_gate_event_guest e"
        " JOIN school_gate_event v ON v.id = e.event JOIN school_gate_pupil p ON p.id = e.pupil"
        " JOIN school_gate_class c ON c.id = v.school_class"
        " JOIN school_gate_grade g ON g.id = c.grade WHERE g.site = {} AND e.came_how = {}"
        " AND e.removed_at IS NULL AND v.state = {} AND e.came_at <= {} AND v.ends_at >= {}"
        " ORDER BY g.position, c.position, p.number LIMIT 2000",
        site_id,
        LIST,
        APPROVED,
        at,
        at - STAYS_AFTER,
    )
    return [
        Present(
            kind=EVENT_PASS,
            group=f"{row['grade']}{row['class']} {row['pupil']}",
            name=row["name"],
        )
        for row in rows
        if (row["last_scan"] or 0) < clock.to_ms(row["came_at"])
    ]


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
