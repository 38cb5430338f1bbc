"""Finding passes: by a scanned code, the number of a visit, or the name of whoever holds one. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.gate import queries
from core.gate.facts import HolderCard
from core.gate.queries import ScanLine
from core.passes import keys
from core.passes.queries import places
from core.passes.token import TokenError, normalise_scan, read
from core.permissions import Actor
from core.plugins import Plugins
from core.visitors.search import search

READ = "core:pass:read"
PAGE = 50
_FEW_LETTERS = 60
_AT_ONCE = 500
_MOST_LOOKED_AT = 20_000
GOOD, REVOKED, EXPIRED, INSIDE = "valid", "revoked", "expired", "inside"
STATES = (GOOD, INSIDE, EXPIRED, REVOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLine:
    """A pass as lists and its page show it. Times are epoch milliseconds; `token_type` as in the token."""

    id: str
    kind: str
    holder_id: UUID
    site_id: UUID
    site_name: str
    registration_id: UUID | None
    registration_number: str
    token_type: int
    key: int
    generation: int
    not_before: int
    expires: int
    single_entry: bool
    issued_at: int
    issued_by_name: str
    revoked_at: int | None
    revoked_reason: str
    inside: bool
    last_at: int
    holder: HolderCard | None = None

    def state(self, at_ms: int) -> str:
        """Return the state as shown: revoked, expired, expected (not valid yet), inside or valid."""
        if self.revoked_at is not None:
            return REVOKED
        if at_ms >= self.expires:
            return EXPIRED
        if at_ms < self.not_before:
            return "expected"
        return INSIDE if self.inside else GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of passes is narrowed to; empty means all."""

    kind: str = ""
    state: str = ""


_SELECT = (
    "SELECT p.id, p.kind, p.holder, p.site, s.name AS site_name, p.registration, r.number,"
    " p.token_type, p.key, p.generation, p.not_before, p.expires, p.single_entry, p.issued_at,"
    " u.name AS issued_by_name, p.revoked_at, p.revoked_reason, p.inside, r.state AS visit,"
    " p.last_at FROM pass p JOIN site s ON s.id = p.site"
    " LEFT JOIN registration r ON r.id = p.registration LEFT JOIN account u ON u.id = p.issued_by"
)


def _line(row: db.Row) -> PassLine:
    return PassLine(
        id=row["id"],
        kind=row["kind"],
        holder_id=row["holder"],
        site_id=row["site"],
        site_name=row["site_name"],
        registration_id=row["registration"],
        registration_number=row["number"] or "",
        token_type=row["token_type"],
        key=row["key"],
        generation=row["generation"],
        not_before=row["not_before"],
        expires=row["expires"],
        single_entry=bool(row["single_entry"]),
        issued_at=row["issued_at"],
        issued_by_name=row["issued_by_name"] or "",
        revoked_at=row["revoked_at"],
        revoked_reason=row["revoked_reason"],
        # Where a visitor is stands with the visit: the desk lets in and out as well.
        inside=bool(row["inside"]) if row["registration"] is None else row["visit"] == "inside",
        last_at=row["last_at"],
    )


async def _lines(condition: str, *args: Any) -> list[PassLine]:
    return [_line(row) for row in await db.fetch(f"{_SELECT} WHERE {condition}", *args)]


async def with_holders(lines: Sequence[PassLine], plugins: Plugins) -> list[PassLine]:
    """Return the passes with who holds them."""
    cards = await queries.holders([line.id for line in lines], plugins)
    return [replace(line, holder=cards.get(line.id)) for line in lines]


async def one(pass_id: str, *, actor: Actor, plugins: Plugins) -> PassLine:
    """Return one pass with its holder; NotFoundError where the actor may not see it."""
    found = await _lines("p.id = {}", pass_id)
    if not found or not actor.may_at(READ, found[0].site_id):
        raise NotFoundError
    return (await with_holders(found, plugins))[0]


async def by_code(text: str) -> str | None:
    """Return the pass that a scanned or typed code belongs to, None when it is none of ours."""
    try:
        body = read(normalise_scan(text), await keys.verifying_keys())
    except TokenError:
        return None
    return body.pass_id.hex()


async def passes(
    wanted: Wanted, *, actor: Actor, plugins: Plugins, at_ms: int, page: int = 1
) -> tuple[list[PassLine], int]:
    """Return one page of passes, the latest first, and how many there are."""
    condition, args = _narrowed(wanted, actor, at_ms)
    counted = await db.fetch(
        "SELECT count(*) AS n FROM pass p LEFT JOIN registration r ON r.id = p.registration"  # noqa: S608 - written here
        f" WHERE {condition}",
        *args,
    )
    lines = await _lines(
        f"{condition} ORDER BY p.issued_at DESC, p.id LIMIT {PAGE} OFFSET {(page - 1) * PAGE}",
        *args,
    )
    return await with_holders(lines, plugins), int(counted[0]["n"])


def _narrowed(wanted: Wanted, actor: Actor, at_ms: int) -> tuple[str, list[Any]]:
    parts, args = ["1 = 1"], list[Any]()
    sites = actor.sites_with(READ)
    if sites is not None:
        if not sites:
            return "1 = 0", []
        parts.append(f"p.site IN ({places(list(sites))})")
        args += sorted(sites)
    if wanted.kind:
        parts.append("p.kind = {}")
        args.append(wanted.kind)
    if wanted.state == REVOKED:
        parts.append("p.revoked_at IS NOT NULL")
    elif wanted.state == EXPIRED:
        parts.append("p.revoked_at IS NULL AND p.expires <= {}")
        args.append(at_ms)
    elif wanted.state == GOOD:
        parts.append("p.revoked_at IS NULL AND p.expires > {}")
        args.append(at_ms)
    elif wanted.state == INSIDE:
        parts.append("((p.registration IS NULL AND p.inside = 1) OR r.state = 'inside')")
    return " AND ".join(parts), args


async def by_words(
    text: str, wanted: Wanted, *, actor: Actor, plugins: Plugins, at_ms: int
) -> list[PassLine]:
    """Return passes of the visit with this number, of visitors or of other holders called so."""
    condition, args = _narrowed(wanted, actor, at_ms)
    found = await _lines(
        f"{condition} AND r.number = {{}} ORDER BY p.issued_at DESC", *args, text.strip()
    )
    visitors = [card.id for card in await search(text, limit=PAGE)] if not found else []
    if visitors:
        found = await _lines(
            f"{condition} AND r.visitor IN ({places(visitors)})"
            f" ORDER BY p.issued_at DESC LIMIT {PAGE}",
            *args,
            *visitors,
        )
    found = await with_holders(found, plugins)
    if len(found) < PAGE:
        found += await _called(text, condition, args, plugins, PAGE - len(found))
    return found


async def _called(
    text: str, condition: str, args: Sequence[Any], plugins: Plugins, most: int
) -> list[PassLine]:
    """Look through the passes whose holders only plugins know, newest first."""
    word = text.strip().casefold()[:_FEW_LETTERS]
    found: list[PassLine] = []
    for start in range(0, _MOST_LOOKED_AT, _AT_ONCE):
        lines = await _lines(
            f"{condition} AND p.registration IS NULL ORDER BY p.issued_at DESC, p.id"
            f" LIMIT {_AT_ONCE} OFFSET {start}",
            *args,
        )
        for line in await with_holders(lines, plugins):
            if line.holder is not None and _is_called(line.holder, word):
                found.append(line)
                if len(found) >= most:
                    return found
        if len(lines) < _AT_ONCE:
            break
    return found


def _is_called(holder: HolderCard, word: str) -> bool:
    return any(word in text.casefold() for text in (holder.name, *holder.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What ids in lists of scans are called: gates and operators."""

    gates: Mapping[UUID, str]
    people: Mapping[UUID, str]


async def names_in(lines: Sequence[ScanLine]) -> Names:
    """Return the names of the gates and operators of scans."""
    gates = list({line.gate_id for line in lines})
    people = list({line.operator for line in lines if line.operator is not None})
    return Names(
        gates=await _names("gate", gates),
        people=await _names("account", people),
    )


async def gate_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of gates."""
    return await _names("gate", list(ids))


async def device_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of gate devices."""
    return await _names("gate_device", list(ids))


async def _names(table: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    rows = await db.fetch(
        f"SELECT id, name FROM {table} WHERE id IN ({places(ids)})",  # noqa: S608 - tables named here
        *ids,
    )
    return {row["id"]: row["name"] for row in rows}
