"""What a batch of scans reads: passes, visits, scans known from before; each in one statement."""

from collections.abc import Sequence
from uuid import UUID

from core import db
from core.gate.facts import HolderCard, PassFacts
from core.gate.scans import KnownEvent, Loaded, Visit

# The unary plus keeps SQLite's converters away: plain columns would each cost a call of Python.
_PASS_COLUMNS = (
    "id", "kind", "holder", "site", "registration", "generation", "not_before", "expires", "zones",
    "single_entry", "revoked_at", "inside", "entries", "last_at", "last_direction", "last_event",
    "version",
)  # fmt: skip
_EVENT_COLUMNS = (
    "id", "device", "seq", "pass_id", "at", "direction", "verdict", "code", "reason", "rule",
    "rule_version",
)  # fmt: skip
_PLAIN = ", ".join(_PASS_COLUMNS)
_UNCONVERTED = ", ".join(f"+{name} AS {name}" for name in _PASS_COLUMNS)
_UNCONVERTED_EVENT = ", ".join(f"+e.{name} AS {name}" for name in _EVENT_COLUMNS)
_PLAIN_EVENT = ", ".join(f"e.{name}" for name in _EVENT_COLUMNS)

PASSES_SQLITE = f"SELECT {_UNCONVERTED} FROM pass WHERE id IN ({{places}})"  # noqa: S608
PASSES_POSTGRES = f"SELECT {_PLAIN} FROM pass WHERE id = ANY ({{}}::text[])"  # noqa: S608
_KNOWN_SQLITE = (
    f"SELECT {_UNCONVERTED_EVENT} FROM scan_event e"  # noqa: S608
    " WHERE (e.device, e.seq) IN (VALUES {places})"
)
_KNOWN_POSTGRES = (
    f"SELECT {_PLAIN_EVENT} FROM scan_event e"  # noqa: S608
    " JOIN unnest({}::uuid[], {}::bigint[]) AS i(device, seq) USING (device, seq)"
)
_VISITS = (
    "SELECT r.id, r.state, r.number, r.head_count, r.purpose, v.name,"
    " coalesce(h.name, r.host_text) AS host"
    " FROM registration r JOIN visitor v ON v.id = r.visitor LEFT JOIN host h ON h.id = r.host"
    " WHERE r.id IN ({places})"
)

_uuids: dict[str, UUID] = {}


def _uuid(value: "UUID | str") -> UUID:
    """Return an id as UUID; the few ids of sites and devices are kept instead of parsed anew."""
    if isinstance(value, UUID):
        return value
    found = _uuids.get(value)
    if found is None:
        if len(_uuids) > 10_000:
            _uuids.clear()
        found = _uuids[value] = UUID(value)
    return found


def _pass(row: db.Row) -> tuple[PassFacts, int]:
    return facts_of(row), row["last_event"]


def facts_of(row: db.Row) -> PassFacts:
    """Return a row of the table of passes as policies know it."""
    registration = row["registration"]
    return PassFacts(
        pass_id=row["id"],
        kind=row["kind"],
        holder_id=_uuid(row["holder"]),
        site_id=_uuid(row["site"]),
        registration_id=None if registration is None else _uuid(registration),
        generation=row["generation"],
        not_before=row["not_before"],
        expires=row["expires"],
        zones=row["zones"],
        single_entry=bool(row["single_entry"]),
        revoked_at=row["revoked_at"],
        inside=bool(row["inside"]),
        entries=row["entries"],
        last_at=row["last_at"],
        last_direction=row["last_direction"],
        version=row["version"],
    )


def _places(count: int, one: str = "{}") -> str:
    """Return places for at least so many values, in steps, so that few statements are prepared."""
    steps = 1
    while steps < count:
        steps *= 2
    return ", ".join([one] * steps)


def _padded(values: Sequence[str]) -> list[str]:
    steps = 1
    while steps < len(values):
        steps *= 2
    return [*values, *[values[-1]] * (steps - len(values))]


async def read_passes(pass_ids: Sequence[str]) -> dict[str, tuple[PassFacts, int]]:
    """Return passes by id, each with its last event that counted."""
    if not pass_ids:
        return {}
    if db.is_sqlite():
        sql = PASSES_SQLITE.format(places=_places(len(pass_ids)))
        rows = await db.fetch(sql, *_padded(pass_ids))
    else:
        rows = await db.fetch(PASSES_POSTGRES, list(pass_ids))
    return {row["id"]: _pass(row) for row in rows}


async def read_known(keys: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], KnownEvent]:
    """Return the scans already stored under these devices and numbers."""
    if not keys:
        return {}
    if db.is_sqlite():
        sql = _KNOWN_SQLITE.format(places=", ".join(["({}, {})"] * len(keys)))
        rows = await db.fetch(sql, *(part for device, seq in keys for part in (str(device), seq)))
    else:
        rows = await db.fetch(
            _KNOWN_POSTGRES, [device for device, _ in keys], [seq for _, seq in keys]
        )
    return {
        (_uuid(row["device"]), row["seq"]): KnownEvent(
            id=row["id"],
            pass_id=row["pass_id"],
            at=row["at"],
            direction=row["direction"],
            verdict=row["verdict"],
            code=row["code"],
            reason=row["reason"],
            rule=row["rule"],
            rule_version=row["rule_version"],
        )
        for row in rows
    }


async def read_visits(registration_ids: Sequence[UUID]) -> dict[UUID, Visit]:
    """Return the visits of these registrations as the gate judges and shows them."""
    if not registration_ids:
        return {}
    places = ", ".join(["{}"] * len(registration_ids))
    rows = await db.fetch(_VISITS.format(places=places), *registration_ids)
    return {
        row["id"]: Visit(
            registration_id=row["id"],
            state=row["state"],
            card=HolderCard(
                name=row["name"],
                lines=tuple(
                    line
                    for line in (
                        row["host"],
                        row["number"] + (f" +{row['head_count'] - 1}" * (row["head_count"] > 1)),
                    )
                    if line
                ),
                details={"purpose": row["purpose"]},
            ),
        )
        for row in rows
    }


async def load(pass_ids: Sequence[str], known: Sequence[tuple[UUID, int]]) -> Loaded:
    """Read what a batch needs, in as few statements as its scans allow."""
    events = await read_known(known)
    wanted = list(dict.fromkeys([*pass_ids, *(e.pass_id for e in events.values() if e.pass_id)]))
    passes = await read_passes(wanted)
    registrations = [
        facts.registration_id for facts, _ in passes.values() if facts.registration_id is not None
    ]
    return Loaded(
        passes={pass_id: facts for pass_id, (facts, _) in passes.items()},
        last_events={pass_id: last for pass_id, (_, last) in passes.items()},
        visits=await read_visits(list(dict.fromkeys(registrations))),
        known=events,
    )
