"""The subjects that the demonstration's items are about, entered where they are missing."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from core import db
from plugins.government.city.plans import Plan
from plugins.government.city.rows import insert


class Subjects:
    """Finds subjects by their names from the top down; what is not there is entered."""

    def __init__(self, rows: Sequence[db.Row]) -> None:
        self.known = {(row["parent"], row["name"]): (row["id"], row["path"]) for row in rows}
        self.codes = {row["path"] for row in rows}
        self.made: list[dict[str, object]] = []

    def id_of(self, names: tuple[str, ...]) -> UUID | None:
        """Return the subject of these names."""
        at: tuple[UUID | None, str] = (None, "")
        for level, name in enumerate(names, 1):
            at = self.known.get((at[0], name)) or self._enter(at, level, name)
        return at[0]

    def _enter(self, above: tuple[UUID | None, str], level: int, name: str) -> tuple[UUID, str]:
        number = 1
        while (path := f"{above[1]}/{number:02}".strip("/")) in self.codes:
            number += 1
        made = uuid4()
        self.made.append(
            {
                "id": made,
                "parent": above[0],
                "level": level,
                "code": f"{number:02}",
                "path": path,
                "name": name,
                "order": number * 10,
            }
        )
        self.codes.add(path)
        self.known[above[0], name] = (made, path)
        return made, path


async def write(plans: Sequence[Plan]) -> dict[tuple[str, ...], UUID | None]:
    """Return the subject of every path of names that occurs, entering what is missing."""
    found = Subjects(await db.fetch("SELECT id, parent, name, path FROM government_subject"))
    ids = {names: found.id_of(names) for names in sorted({plan.subject for plan in plans})}
    for row in found.made:
        await insert("government_subject", [row])
    return ids
