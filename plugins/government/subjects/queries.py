"""The tree of subjects: as a page shows it, as a select offers it."""

from dataclasses import dataclass
from uuid import UUID

from core import db


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectLine:
    """One entry of the tree. `full` names the entries above it too, the highest first."""

    id: UUID
    parent_id: UUID | None
    level: int
    code: str
    path: str
    name: str
    full: str
    active: bool


async def tree(*, active_only: bool = True) -> list[SubjectLine]:
    """Return every entry, each right below the one it belongs to."""
    rows = await db.fetch(
        "SELECT id, parent, level, code, path, name, active FROM government_subject"
        ' ORDER BY level, "order", code'
    )
    below: dict[UUID | None, list[db.Row]] = {}
    for row in rows:
        below.setdefault(row["parent"], []).append(row)
    found: list[SubjectLine] = []

    def add(parent: UUID | None, names: tuple[str, ...]) -> None:
        for row in below.get(parent, ()):
            if active_only and not row["active"]:
                continue
            here = (*names, row["name"])
            found.append(
                SubjectLine(
                    id=row["id"],
                    parent_id=row["parent"],
                    level=row["level"],
                    code=row["code"],
                    path=row["path"],
                    name=row["name"],
                    full=" / ".join(here),
                    active=bool(row["active"]),
                )
            )
            add(row["id"], here)

    add(None, ())
    return found


async def options() -> list[tuple[str, str]]:
    """Return what a select of subjects offers: id and full name."""
    return [(str(one.id), one.full) for one in await tree()]
