"""Which office a grade has, and which offices there are to choose from; reads only."""

from dataclasses import dataclass
from uuid import UUID

from core import db
from core.permissions import Actor
from plugins.school_gate.queries.rights import within
from plugins.school_gate.registered import READ_PUPILS, WRITE_PUPILS

ROLE = "grade_office"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLine:
    """A grade with the office that stamps its pupils' slips; without one every grade office may."""

    id: UUID
    site_id: UUID
    name: str
    classes: int
    office_id: UUID | None
    office: str


async def grades(actor: Actor) -> list[GradeLine]:
    """Return the grades of the sites where the actor sees pupils, in order."""
    condition, args = within(actor, "g.site", READ_PUPILS, WRITE_PUPILS)
    rows = await db.fetch(
        "SELECT g.id, g.site, g.name, g.office, h.name AS office_name, h.department,"  # noqa: S608 - written in queries/rights.py
        " (SELECT count(*) FROM school_gate_class c WHERE c.grade = g.id AND c.active) AS classes"
        " FROM school_gate_grade g LEFT JOIN host h ON h.id = g.office"
        f" WHERE g.active AND {condition} ORDER BY g.position, g.name",
        *args,
    )
    return [
        GradeLine(
            id=row["id"],
            site_id=row["site"],
            name=row["name"],
            classes=row["classes"],
            office_id=row["office"],
            office=" ".join(filter(None, (row["department"], row["office_name"]))),
        )
        for row in rows
    ]


async def choices() -> list[tuple[UUID, str]]:
    """Return the entries of the directory that accounts of grade offices stand for."""
    rows = await db.fetch(
        "SELECT DISTINCT h.id, h.name, h.department FROM host h JOIN account a ON a.host = h.id"
        ' JOIN account_role r ON r."user" = a.id WHERE r.role = {} AND a.active'
        " ORDER BY h.department, h.name",
        ROLE,
    )
    return [(row["id"], " ".join(filter(None, (row["department"], row["name"])))) for row in rows]
