"""Reading passes: for prints, for lists, for the people inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import db

_COLUMNS = (
    "id, kind, holder, site, registration, token_type, key, generation, not_before, expires, zones,"
    " single_entry, revoked_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPass:
    """A pass as stored, without its presence. Times are epoch milliseconds."""

    pass_id: str
    kind: str
    holder_id: UUID
    site_id: UUID
    registration_id: UUID | None
    token_type: int
    key: int
    generation: int
    not_before: int
    expires: int
    zones: int
    single_entry: bool
    revoked_at: int | None

    def is_good(self, at_ms: int) -> bool:
        """Say whether the pass is neither revoked nor expired."""
        return self.revoked_at is None and self.expires > at_ms


def stored_of_row(row: db.Row) -> StoredPass:
    """Return a row of the table as prints and tokens need it."""
    return StoredPass(
        pass_id=row["id"],
        kind=row["kind"],
        holder_id=row["holder"],
        site_id=row["site"],
        registration_id=row["registration"],
        token_type=row["token_type"],
        key=row["key"],
        generation=row["generation"],
        not_before=row["not_before"],
        expires=row["expires"],
        zones=row["zones"],
        single_entry=bool(row["single_entry"]),
        revoked_at=row["revoked_at"],
    )


def places(values: Sequence[Any]) -> str:
    """Return `{}, {}, ...` for so many values of an IN list."""
    return ", ".join(["{}"] * len(values))


async def _where(condition: str, *args: Any) -> list[StoredPass]:
    # The condition is written in this module; what comes from outside are its arguments.
    return [
        stored_of_row(row)
        for row in await db.fetch(f"SELECT {_COLUMNS} FROM pass WHERE {condition}", *args)  # noqa: S608
    ]


async def stored_passes(pass_ids: Sequence[str]) -> list[StoredPass]:
    """Return the passes of these ids, in their order; unknown ones are left out."""
    found: dict[str, StoredPass] = {}
    wanted = list(dict.fromkeys(pass_ids))
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found |= {p.pass_id: p for p in await _where(f"id IN ({places(part)})", *part)}
    return [found[pass_id] for pass_id in wanted if pass_id in found]


async def passes_of_holder(holder_id: UUID, kind: str) -> list[StoredPass]:
    """Return all passes that somebody holds or held, the latest first."""
    return await _where("holder = {} AND kind = {} ORDER BY issued_at DESC, id", holder_id, kind)


async def good_passes_of_holders(
    holder_ids: Sequence[UUID], kind: str, *, at_ms: int
) -> dict[UUID, StoredPass]:
    """Return each holder's latest good pass, for prints and lists; who has none is left out."""
    found: dict[UUID, StoredPass] = {}
    for start in range(0, len(holder_ids), 500):
        part = list(holder_ids[start : start + 500])
        rows = await _where(
            f"holder IN ({places(part)}) AND kind = {{}} AND revoked_at IS NULL AND expires > {{}}"
            " ORDER BY issued_at, id",
            *part,
            kind,
            at_ms,
        )
        found |= {stored.holder_id: stored for stored in rows}
    return found


async def audiences() -> dict[UUID, int]:
    """Return each site's audience: what its passes bear so that others refuse them."""
    return {row["id"]: row["audience"] for row in await db.fetch("SELECT id, audience FROM site")}
