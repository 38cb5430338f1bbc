"""What a database really contains, as lines of text that can be compared."""

import re
from collections import defaultdict

from core import db

Description = dict[str, list[str]]

_CHECK = re.compile(r"CHECK \((?:[^()]|\([^()]*\))*\)", re.IGNORECASE)


async def describe() -> Description:
    """Return tables, columns, keys, indexes and triggers of the open database, by table."""
    found = await (_describe_sqlite() if db.is_sqlite() else _describe_postgres())
    found.pop("migration", None)
    return {name: sorted(lines) for name, lines in sorted(found.items())}


async def column_types(table: str) -> dict[str, str]:
    """Return the columns of a table and their types, as its engine names them; none if there is none."""
    if db.is_sqlite():
        sql = "SELECT name, lower(type) AS type FROM pragma_table_info({})"
    else:
        sql = (
            "SELECT column_name AS name, udt_name AS type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = {}"
        )
    return {row["name"]: row["type"] for row in await db.fetch(sql, table)}


def difference(left: Description, right: Description) -> list[str]:
    """Return what only the left has (`-`) and what only the right has (`+`)."""
    lines: list[str] = []
    for name in sorted({*left, *right}):
        before, after = set(left.get(name, ())), set(right.get(name, ()))
        lines += [f"- {name}: {line}" for line in sorted(before - after)]
        lines += [f"+ {name}: {line}" for line in sorted(after - before)]
    return lines


def _squeeze(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


async def _describe_sqlite() -> Description:
    found: Description = defaultdict(list)
    rows = await db.fetch(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    )
    virtual = [r["name"] for r in rows if r["sql"].upper().startswith("CREATE VIRTUAL")]
    for row in rows:
        name, sql = row["name"], _squeeze(row["sql"])
        if any(name.startswith(f"{prefix}_") for prefix in virtual) and row["type"] == "table":
            continue  # a virtual table's own storage
        if row["type"] != "table" or name in virtual:
            found[row["tbl_name"]].append(f"{row['type']} {sql}")
            continue
        found[name] += [f"check {_squeeze(check)}" for check in _CHECK.findall(sql)]
        found[name] += await _sqlite_table(name)
    return found


async def _sqlite_table(name: str) -> list[str]:
    lines = [
        f"column {c['name']} {c['type']}{' not null' if c['notnull'] else ''}"
        f" default {c['dflt_value']}{' primary key' if c['pk'] else ''}"
        for c in await db.fetch("SELECT * FROM pragma_table_xinfo({})", name)
    ]
    lines += [
        f"reference {k['from']} to {k['table']}({k['to']})"
        f" on delete {k['on_delete']} on update {k['on_update']}"
        for k in await db.fetch("SELECT * FROM pragma_foreign_key_list({})", name)
    ]
    for index in await db.fetch("SELECT * FROM pragma_index_list({})", name):
        if index["origin"] == "u":
            columns = await db.fetch("SELECT name FROM pragma_index_info({})", index["name"])
            lines.append(f"unique {', '.join(c['name'] for c in columns)}")
    return lines


_POSTGRES = (
    """SELECT c.relname AS place, 'column ' || a.attname || ' '
              || format_type(a.atttypid, a.atttypmod)
              || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
              || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), 'none') AS line
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
         AND a.attnum > 0 AND NOT a.attisdropped""",
    """SELECT c.relname AS place, 'constraint ' || pg_get_constraintdef(k.oid) AS line
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       WHERE c.relnamespace = 'public'::regnamespace AND k.contype <> 'n'""",
    """SELECT tablename AS place, 'index ' || indexdef AS line
       FROM pg_indexes WHERE schemaname = 'public'""",
    """SELECT c.relname AS place, 'trigger ' || pg_get_triggerdef(t.oid) AS line
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace""",
    """SELECT relname AS place, 'view ' || pg_get_viewdef(oid) AS line
       FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace""",
    """SELECT proname AS place, 'function ' || pg_get_functiondef(oid) AS line
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'""",
    """SELECT sequencename AS place, 'sequence ' || data_type AS line
       FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'migration_id_seq'""",
)


async def _describe_postgres() -> Description:
    found: Description = defaultdict(list)
    for sql in _POSTGRES:
        for row in await db.fetch(sql):
            found[row["place"]].append(_squeeze(row["line"]))
    return found
