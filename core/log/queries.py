"""The log as it is read: narrowed by act, person, record and day, paged by number; reads only.

Entries hold no clear phone or document numbers. Should one have slipped into a text, it is masked
here once more.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db, hiding
from core.accounts.tables import User
from core.errors import NotFoundError
from core.log import proof, seal
from core.permissions import Actor
from core.text import mask_tail

READ = "core:log:read"
_LONG_NUMBER = re.compile(r"(?<![\w-])(?:1[3-9]\d{9}|\d{17}[\dXx])(?![\w-])", re.ASCII)
_CHUNK = 200
_MOST_CHUNKS = 25
# How the site of an entry's record is found, by kind of record.
_SITES = {
    "registration": "SELECT id, site FROM registration WHERE id IN ({places})",
    "appointment": "SELECT id, site FROM appointment WHERE id IN ({places})",
    "gate": "SELECT id, site FROM gate WHERE id IN ({places})",
    "site": "SELECT id, id AS site FROM site WHERE id IN ({places})",
    "feedback": "SELECT f.id, r.site FROM feedback f JOIN registration r ON r.id = f.registration"
    " WHERE f.id IN ({places})",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the log is narrowed to; empty means all. `act` may be a part's name with a dot: `pass.`."""

    act: str = ""
    who: str = ""
    kind: str = ""
    record: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as read. `sealed` says that a seal covers it, `genuine` that its proof holds."""

    id: int
    at: datetime
    actor_kind: str
    actor_name: str
    place: str
    act: str
    record_kind: str
    record_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    sealed: bool
    genuine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """How far the log is sealed. `waiting` is how many entries no seal covers yet."""

    number: int
    at: datetime | None
    waiting: int


async def entries(
    wanted: Filter, *, actor: Actor, before: int | None = None, size: int = 50
) -> tuple[list[Entry], int | None]:
    """Return entries, newest first, below a number; and the number to go on from, None at the end.

    Whoever may read the log at some sites only is shown what concerns records of these sites; nobody
    is shown what was done with records that do not exist for them.
    """
    sites = actor.sites_with(READ)
    if sites is not None and not sites:
        raise NotFoundError
    conditions, args = await _conditions(wanted)
    horizon = (await seal.head()).horizon
    found: list[Entry] = []
    last = before
    for _ in range(_MOST_CHUNKS):
        chunk = size + 1 if sites is None else _CHUNK
        rows = await _rows(conditions, args, last, chunk)
        seen = await _known(rows if sites is None else await _of_sites(rows, sites), actor)
        for row in seen:
            if len(found) == size:
                return found, found[-1].id
            found.append(_entry(row, horizon))
        if len(rows) < chunk:
            return found, None
        last = rows[-1]["id"]
    return found, last


async def _conditions(wanted: Filter) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    args: list[Any] = []

    def add(condition: str, *values: Any) -> None:
        conditions.append(condition)
        args.extend(values)

    if wanted.act.endswith("."):
        # Acts of one part stand together in the index; "." is followed by "/".
        add("act >= {} AND act < {}", wanted.act, wanted.act[:-1] + "/")
    elif wanted.act:
        add("act = {}", wanted.act)
    if wanted.who:
        await _add_who(wanted.who, add)
    if wanted.kind:
        add("record_kind = {}", wanted.kind)
    if wanted.record:
        add("record_id = {}", wanted.record)
        if not wanted.kind and (known := await kinds()):  # the index begins with the kind
            add(f"record_kind IN ({', '.join('{}' for _ in known)})", *known)
    if wanted.since is not None:
        add("at >= {}", clock.to_ms(wanted.since))
    if wanted.until is not None:
        add("at < {}", clock.to_ms(wanted.until))
    return conditions, args


async def _add_who(who: str, add: Any) -> None:
    """Narrow to accounts whose name or login holds the text, or to others of exactly this name."""
    ids: list[UUID] = []
    if part := who.replace("%", "").replace("_", ""):
        like = f"%{part}%"
        # SQLite's LIKE knows no case already; PostgreSQL's does.
        holds = [c.like(like) if db.is_sqlite() else c.ilike(like) for c in (User.name, User.login)]
        users = await User.select(User.id).where(holds[0] | holds[1]).limit(50)
        ids = [row["id"] for row in users]
    if ids:
        places = ", ".join("{}" for _ in ids)
        add(f"(actor_id IN ({places}) OR actor_name = {{}})", *ids, who)
    else:
        add("actor_name = {}", who)


async def _rows(
    conditions: Sequence[str], args: Sequence[Any], below: int | None, size: int
) -> list[db.Row]:
    wheres = list(conditions)
    given = list(args)
    if below is not None:
        wheres.append("id < {}")
        given.append(below)
    where = f" WHERE {' AND '.join(wheres)}" if wheres else ""
    columns = seal.COLUMNS if db.is_sqlite() else f"{seal.COLUMNS}, xid::text::bigint AS xid"
    return await db.fetch(
        f"SELECT {columns} FROM log_entry{where} ORDER BY id DESC LIMIT {size}",  # noqa: S608
        *given,
    )


async def _of_sites(rows: Sequence[db.Row], sites: frozenset[UUID]) -> list[db.Row]:
    """Return the rows whose record belongs to one of the sites."""
    at_sites: set[tuple[str, str]] = set()
    for kind, sql in _SITES.items():
        ids = [one for r in rows if r["record_kind"] == kind and (one := _id(r["record_id"]))]
        if ids:
            places = ", ".join("{}" for _ in ids)
            for found in await db.fetch(sql.replace("{places}", places), *ids):
                if _uuid(found["site"]) in sites:
                    at_sites.add((kind, str(found["id"])))
    return [row for row in rows if (row["record_kind"], row["record_id"]) in at_sites]


async def _known(rows: Sequence[db.Row], actor: Actor) -> list[db.Row]:
    """Return the rows whose record exists for the reader."""
    pairs = {(row["record_kind"], row["record_id"]) for row in rows}
    gone = await hiding.hidden_pairs(pairs, actor=actor, at=clock.now())
    return [row for row in rows if (row["record_kind"], row["record_id"]) not in gone]


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _entry(row: db.Row, horizon: int) -> Entry:
    covered = row["id"] <= horizon if db.is_sqlite() else row["xid"] < horizon
    return Entry(
        id=row["id"],
        at=clock.from_ms(row["at"]),
        actor_kind=row["actor_kind"],
        actor_name=masked(row["actor_name"]),
        place=masked(row["place"]),
        act=row["act"],
        record_kind=row["record_kind"],
        record_id=row["record_id"],
        before=_values(row["before"]),
        after=_values(row["after"]),
        sealed=covered,
        genuine=proof.holds(row["proof"] or "", seal.values_of(row)),
    )


def _values(text: str) -> Mapping[str, Any]:
    if not text:
        return {}
    try:
        loaded = json.loads(text)
    except ValueError:
        loaded = None
    if not isinstance(loaded, dict):
        return {"": masked(text)}
    return {str(name): _masked(value) for name, value in loaded.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_masked(one) for one in value]
    if isinstance(value, dict):
        return {name: _masked(one) for name, one in value.items()}
    return value


def masked(text: str) -> str:
    """Return a text in which whatever looks like a mobile or citizen number shows its tail only."""
    return _LONG_NUMBER.sub(lambda match: mask_tail(match[0]), text)


async def acts() -> list[str]:
    """Return every act that was ever logged."""
    return await _distinct("act")


async def kinds() -> list[str]:
    """Return every kind of record that was ever logged."""
    return await _distinct("record_kind")


async def _distinct(column: str) -> list[str]:
    """Return the distinct values of an indexed column, found by leaps over the index."""
    rows = await db.fetch(
        f"WITH RECURSIVE leap(found) AS (SELECT min({column}) FROM log_entry UNION ALL"  # noqa: S608
        f" SELECT (SELECT min(e.{column}) FROM log_entry e WHERE e.{column} > leap.found)"
        " FROM leap WHERE leap.found IS NOT NULL)"
        " SELECT found FROM leap WHERE found IS NOT NULL ORDER BY found"
    )
    return [row["found"] for row in rows]


async def sealing() -> Sealing:
    """Return how far the log is sealed."""
    rows = await db.fetch("SELECT number, at, horizon FROM log_seal ORDER BY number DESC LIMIT 1")
    horizon = rows[0]["horizon"] if rows else 0
    if db.is_sqlite():
        waiting = await db.fetch("SELECT count(*) AS n FROM log_entry WHERE id > {}", horizon)
    else:
        waiting = await db.fetch(
            "SELECT count(*) AS n FROM log_entry WHERE xid >= {}::text::xid8", str(horizon)
        )
    return Sealing(
        number=rows[0]["number"] if rows else 0,
        at=clock.from_ms(rows[0]["at"]) if rows else None,
        waiting=int(waiting[0]["n"]),
    )
