"""Records that do not exist for somebody, asked of the plugins that own them (CORE-14).

Whatever the core shows of other parts' records (clocks, approvals, papers, notices, the log, incidents,
what is stored of a person) asks here first. A plugin guards the records whose kind begins with its
name, the pages under its name, and incidents. Where it cannot answer, everything asked for is hidden.
A record that is not there is asked for like a hidden one, as `NOTHING`: neither costs less.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core import db
from core.accounts.actors import actor_of
from core.errors import NotFoundError
from core.permissions import Actor, Role

ADDRESS, INCIDENT = "address", "incident"
NOTHING = ""  # the kind of what is not there
Pair = tuple[str, str]  # kind of record, its id as text
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Pages of the core that show one record; other addresses are asked of their plugin.
_PAGES = (
    (re.compile(f"/approvals/({_UUID})"), "approval"),
    (re.compile(f"/incidents/({_UUID})"), INCIDENT),
)
# Whose record a record of the core belongs to.
_OWNERS = {
    "approval": "SELECT id, record_kind, record FROM approval_request WHERE id IN ({places})",
    "deadline": "SELECT id, record_kind, record FROM deadline WHERE id IN ({places})",
    "document": "SELECT id, record_kind, record FROM issued_document WHERE id IN ({places})",
    "attachment": "SELECT id, record_kind, record FROM attachment WHERE id IN ({places})",
}
_AT_ONCE = 500


class Asked(Protocol):
    """The plugins, as far as they are asked here."""

    @property
    def names(self) -> list[str]:
        """The names of the plugins."""
        ...

    async def collect_hidden(
        self, kind: str, records: Sequence[str], actor: Actor, at: datetime
    ) -> frozenset[str]:
        """Return which of these records do not exist for somebody."""
        ...

    async def collect_barred(
        self, kind: str, records: Sequence[str], at: datetime
    ) -> Mapping[str, frozenset[UUID]]:
        """Return who must have nothing to do with these records."""
        ...

    def register_roles(self) -> Mapping[str, Role]:
        """Return every role."""
        ...


class _Process:
    """Whom this process asks; nobody before the application starts."""

    asked: Asked | None = None


@contextmanager
def asking(plugins: Asked) -> Iterator[None]:
    """Ask these plugins for a while, as the running application does."""
    before, _Process.asked = _Process.asked, plugins
    try:
        yield
    finally:
        _Process.asked = before


def is_asking() -> bool:
    """Say whether there is anybody to ask: else nothing is hidden."""
    return _Process.asked is not None


def _is_guarded(pair: Pair) -> bool:
    """Say whether some plugin could know more of a record."""
    if _Process.asked is None:
        return False
    kind, record = pair
    if kind == NOTHING:
        return True
    if kind == ADDRESS:
        return record.split("/", 2)[1:2] != [] and record.split("/")[1] in _Process.asked.names
    return kind == INCIDENT or any(kind.startswith(f"{name}_") for name in _Process.asked.names)


async def owners(pairs: Iterable[Pair]) -> dict[Pair, Pair]:
    """Return the record that each of these belongs to; itself when it belongs to no other.

    What should belong to one and is not there belongs to `NOTHING`.
    """
    found = {
        (kind, record): (NOTHING, record) if kind in _OWNERS else (kind, record)
        for kind, record in pairs
    }
    for kind, sql in _OWNERS.items():
        ids = [one for of, record in found if of == kind and (one := _id(record)) is not None]
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            for row in await db.fetch(
                sql.replace("{places}", ", ".join("{}" for _ in some)), *some
            ):
                found[kind, str(row["id"])] = (row["record_kind"], str(row["record"]))
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def hidden_pairs(pairs: Iterable[Pair], *, actor: Actor, at: datetime) -> frozenset[Pair]:
    """Return which of these records of any kind do not exist for somebody."""
    if actor.kind == "system" or _Process.asked is None:
        return frozenset()
    return await _hidden(await owners(pairs), _Process.asked, actor, at)


async def _hidden(
    belonging: Mapping[Pair, Pair], asked: Asked, actor: Actor, at: datetime
) -> frozenset[Pair]:
    by_kind: dict[str, set[str]] = {}
    for owner in belonging.values():
        if _is_guarded(owner):
            by_kind.setdefault(owner[0], set()).add(owner[1])
    gone: set[Pair] = set()
    for kind, records in by_kind.items():
        wanted = sorted(records)
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            gone |= {(kind, one) for one in await asked.collect_hidden(kind, some, actor, at)}
    return frozenset(pair for pair, owner in belonging.items() if owner in gone)


async def hidden(
    kind: str, records: Iterable[object], *, actor: Actor, at: datetime
) -> frozenset[str]:
    """Return the ids, as text, of those records that do not exist for somebody."""
    pairs = [(kind, str(record)) for record in records]
    return frozenset(record for _, record in await hidden_pairs(pairs, actor=actor, at=at))


async def require(kind: str, record: object, *, actor: Actor, at: datetime) -> None:
    """Raise NotFoundError for whom a record does not exist."""
    if await hidden(kind, [record], actor=actor, at=at):
        raise NotFoundError


def place_of(address: str) -> Pair:
    """Return the record that a page is about, else the address itself."""
    for pattern, kind in _PAGES:
        if match := pattern.match(address):
            return kind, match[1]
    return ADDRESS, address


async def hidden_addresses(
    addresses: Iterable[str], *, actor: Actor, at: datetime, own: bool = False
) -> frozenset[str]:
    """Return those of these pages that show what does not exist for somebody.

    `own`: they are pages that the actor was told of. A seat in a request is a right to know of it,
    unless one is barred.
    """
    places = {address: place_of(address) for address in addresses if address}
    gone = set(await hidden_pairs(places.values(), actor=actor, at=at))
    seats = [pair for pair in gone if pair[0] == "approval"] if own else []
    if seats:
        belonging = await owners(seats)
        kept_out = await barred_of(belonging.values(), at=at)
        gone -= {pair for pair in seats if actor.id not in kept_out[belonging[pair]]}
    return frozenset(address for address, place in places.items() if place in gone)


async def hidden_from(
    wanted: Mapping[UUID, Collection[str]], *, at: datetime
) -> dict[UUID, frozenset[str]]:
    """Return by user which of the pages they would be told of they must not hear of."""
    asked = _Process.asked
    if asked is None:
        return {}
    places = {one: place_of(one) for addresses in wanted.values() for one in addresses if one}
    belonging = await owners(set(places.values()))
    guarded = {one for one, place in places.items() if _is_guarded(belonging[place])}
    concerned = {user: own for user, all_ in wanted.items() if (own := guarded & set(all_))}
    return {
        user: await hidden_addresses(concerned[user], actor=actor, at=at, own=True)
        for user, actor in (await _actors(concerned, asked)).items()
    }


async def _barred_ones(
    asked: Asked, pairs: Iterable[Pair], at: datetime
) -> dict[Pair, frozenset[UUID]]:
    by_kind: dict[str, list[str]] = {}
    for kind, record in pairs:
        by_kind.setdefault(kind, []).append(record)
    found: dict[Pair, frozenset[UUID]] = {}
    for kind, records in by_kind.items():
        for first in range(0, len(records), _AT_ONCE):
            answer = await asked.collect_barred(kind, records[first : first + _AT_ONCE], at)
            found |= {(kind, record): users for record, users in answer.items()}
    return found


async def _actors(users: Collection[UUID], asked: Asked) -> dict[UUID, Actor]:
    if not users:
        return {}
    places = ", ".join("{}" for _ in users)
    accounts = await db.fetch(f"SELECT id, name FROM account WHERE id IN ({places})", *users)  # noqa: S608
    held = await db.fetch(
        f'SELECT "user", role, site FROM account_role WHERE "user" IN ({places})',  # noqa: S608
        *users,
    )
    roles = asked.register_roles()
    return {
        row["id"]: actor_of(
            {"user_id": row["id"], "host_id": None, "name": row["name"], "locale": ""},
            [(one["role"], one["site"]) for one in held if one["user"] == row["id"]],
            roles,
        )
        for row in accounts
    }


async def barred(kind: str, record: object, *, at: datetime) -> frozenset[UUID]:
    """Return the users who must have nothing to do with a record, whatever their roles."""
    return (await barred_of([(kind, str(record))], at=at))[kind, str(record)]


async def barred_of(pairs: Iterable[Pair], *, at: datetime) -> dict[Pair, frozenset[UUID]]:
    """Return, for each of these records, the users who must have nothing to do with it."""
    found = {pair: frozenset[UUID]() for pair in pairs}
    if _Process.asked is not None:
        found |= await _barred_ones(_Process.asked, [p for p in found if _is_guarded(p)], at)
    return found
