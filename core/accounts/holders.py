"""Who holds a role: reads only, for those who must be told or must sign."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from core import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An active account that holds a role."""

    id: UUID
    name: str
    email: str
    locale: str


async def holders(roles: Collection[str], site_id: UUID | None) -> list[Holder]:
    """Return the active accounts that hold one of the roles everywhere or at the site, by name.

    Without a site, whoever holds it anywhere.
    """
    if not roles:
        return []
    places = ", ".join("{}" for _ in roles)
    where, args = "", list[object](roles)
    if site_id is not None:
        where = "AND (r.site IS NULL OR r.site = {})"
        args.append(site_id)
    rows = await db.fetch(
        "SELECT DISTINCT u.id, u.name, u.email, u.locale FROM account u"  # noqa: S608 - places only
        f' JOIN account_role r ON r."user" = u.id WHERE r.role IN ({places}) {where}'
        " AND u.active = {} ORDER BY u.name, u.id",
        *args,
        True,
    )
    return [_holder(row) for row in rows]


async def accounts_of(ids: Collection[UUID]) -> list[Holder]:
    """Return those of these accounts that are active, by name."""
    if not ids:
        return []
    rows = await db.fetch(
        "SELECT id, name, email, locale FROM account"  # noqa: S608 - places only
        f" WHERE id IN ({', '.join('{}' for _ in ids)}) AND active = {{}} ORDER BY name, id",
        *ids,
        True,
    )
    return [_holder(row) for row in rows]


def _holder(row: db.Row) -> Holder:
    return Holder(id=row["id"], name=row["name"], email=row["email"], locale=row["locale"])
