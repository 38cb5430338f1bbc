"""To which item each record of this plugin belongs, read off the tables' foreign keys; reads only.

A new room's tables are found by themselves: whatever points to an item, at any remove, is hidden with it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from uuid import UUID

from piccolo import columns
from piccolo.table import Table

from core import db
from plugins.government.facts import MATTER
from plugins.government.matters.access import places
from plugins.government.piccolo_app import APP_CONFIG

PETITIONER = "government_petitioner"
_IN_PATH = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MATTER_PAGE = re.compile(f"/government/matters/({_IN_PATH.pattern})")
_AT_ONCE = 500


@cache
def paths() -> Mapping[str, tuple[str, ...]]:
    """Return, by table, the statements that give `id` and `matter` of its rows; without a WHERE."""
    found: dict[str, tuple[str, ...]] = {
        MATTER: ("SELECT t.id AS id, t.id AS matter FROM government_matter t WHERE t.id",)
    }
    growing = True
    while growing:
        growing = False
        for table in APP_CONFIG.table_classes:
            name = table._meta.tablename
            ways = tuple(dict.fromkeys(_ways(table, found)))
            if name not in (MATTER, PETITIONER) and len(ways) > len(found.get(name, ())):
                found[name], growing = ways, True
    return found


def _ways(table: type[Table], known: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    name = table._meta.tablename
    for column in table._meta.columns:
        own = column._meta.db_column_name
        if isinstance(column, columns.ForeignKey):
            parent = column._foreign_key_meta.resolved_references._meta.tablename
        elif isinstance(column, columns.UUID) and own == "matter":
            parent = MATTER
        else:
            continue
        if parent == MATTER:
            yield f'SELECT t.id AS id, t."{own}" AS matter FROM {name} t WHERE t.id'
        elif parent in known and parent != name:
            for way in known[parent]:
                inner = way.removesuffix(" WHERE t.id")
                yield (
                    f"SELECT t.id AS id, p.matter AS matter FROM {name} t"
                    f' JOIN ({inner}) p ON p.id = t."{own}" WHERE t.id'
                )


def is_known(kind: str) -> bool:
    """Say whether records of a kind belong to items."""
    return kind in paths()


def tables() -> Collection[str]:
    """Return the names of all tables of the plugin."""
    return {table._meta.tablename for table in APP_CONFIG.table_classes}


async def matters_of(kind: str, records: Sequence[str]) -> dict[str, set[UUID]]:
    """Return the items to which records belong; an empty set where a record has no item yet.

    What is not there is not in the answer. One statement for each kind, however its records belong.
    """
    found: dict[str, set[UUID]] = {}
    ids = [one for text in records if (one := _key(kind, text)) is not None]
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        ways = [f"{way} IN ({places(some)})" for way in paths()[kind]]
        for row in await db.fetch(" UNION ALL ".join(ways), *some * len(ways)):
            own = found.setdefault(str(row["id"]), set())
            if row["matter"] is not None:
                own.add(row["matter"])
    return found


def _key(kind: str, text: str) -> UUID | int | None:
    table = next(one for one in APP_CONFIG.table_classes if one._meta.tablename == kind)
    if table._meta.primary_key.value_type is int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    try:
        return UUID(text)
    except ValueError:
        return None


async def matters_on_page(address: str) -> set[UUID]:
    """Return the items that a page of the plugin is about."""
    if match := _MATTER_PAGE.match(address):
        return {UUID(match[1])}
    ids = [UUID(one) for one in _IN_PATH.findall(address)]
    found: set[UUID] = set()
    for kind in paths() if ids else ():
        table = next(one for one in APP_CONFIG.table_classes if one._meta.tablename == kind)
        if table._meta.primary_key.value_type is int:
            continue
        belonging = await matters_of(kind, [str(one) for one in ids])
        found |= {one for own in belonging.values() for one in own}
    return found
