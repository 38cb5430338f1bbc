"""What the core itself knows to be open at a site, for the record of a handover; reads only."""

from datetime import datetime
from uuid import UUID

from core import db
from core.gate.facts import GateLine
from core.i18n import N_
from core.incidents import queries as incidents
from core.registrations.facts import Detail
from core.shifts.facts import OpenItem

MOST = 500


async def of_core(site_id: UUID) -> list[OpenItem]:
    """Return what the core knows to be open at a site: visits not ended, slips out, incidents.

    People are named by surname and number, as the record is kept for long and read by many.
    """
    rows = await db.fetch(
        "SELECT r.id, r.number, r.state, r.created_at, r.entered_at, r.left_at, r.head_count,"  # noqa: S608 - a constant
        " v.name FROM registration r JOIN visitor v ON v.id = r.visitor"
        " WHERE r.site = {} AND r.state IN ('held', 'inside', 'left')"
        f" ORDER BY r.created_at LIMIT {MOST}",
        site_id,
    )
    labels = {
        "inside": N_("Visitors inside"),
        "left": N_("Slips not returned"),
        "held": N_("Visits held for a decision"),
    }
    found = [
        OpenItem(
            kind=f"core.{row['state']}",
            label=labels[row["state"]],
            reference=str(row["id"]),
            text=_visit_text(row),
            since={"inside": row["entered_at"], "left": row["left_at"]}.get(
                row["state"], row["created_at"]
            ),
            url=f"/registrations/{row['id']}",
        )
        for row in rows
    ]
    for incident in await incidents.open_at(site_id):
        found.append(
            OpenItem(
                kind="core.incident",
                label=N_("Open incidents"),
                reference=str(incident.id),
                text=incident.number,
                since=incident.opened_at,
                url=f"/incidents/{incident.id}",
            )
        )
    return found


async def gate_lines(gate_id: UUID) -> list[GateLine]:
    """Return that a handover waits at a gate: whoever works there next reads and signs it first."""
    rows = await db.fetch(
        "SELECT outgoing_name FROM shift_handover WHERE gate = {} AND state = 'offered'", gate_id
    )
    return [
        GateLine(
            text=N_(
                "{name} hands over: the next guard has not signed yet.", name=row["outgoing_name"]
            ),
            tone="hold",
            path=f"/shifts/{gate_id}",
            action=N_("Read and sign the handover"),
        )
        for row in rows
    ]


async def figures(site_id: UUID, gate_id: UUID, since: datetime, until: datetime) -> list[Detail]:
    """Return how many visits and incidents were written down at a post during a time."""
    [row] = await db.fetch(
        "SELECT count(*) AS came,"
        " coalesce(sum(CASE WHEN entered_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS entered,"
        " coalesce(sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END), 0) AS refused"
        " FROM registration WHERE site = {} AND gate = {} AND created_at >= {} AND created_at < {}",
        site_id,
        gate_id,
        since,
        until,
    )
    [noted] = await db.fetch(
        "SELECT count(*) AS n FROM incident WHERE gate = {} AND opened_at >= {} AND opened_at < {}",
        gate_id,
        since,
        until,
    )
    counted = (
        (N_("Visits registered"), row["came"]),
        (N_("of them let in"), row["entered"]),
        (N_("of them refused"), row["refused"]),
        (N_("Incidents noted"), noted["n"]),
    )
    return [Detail(label=label, value=str(int(count))) for label, count in counted]


def _visit_text(row: db.Row) -> str:
    name = f"{row['name'][:1]}**" if row["name"] else ""
    count = f" ×{row['head_count']}" if row["head_count"] > 1 else ""
    return f"{row['number']} {name}{count}".strip()
