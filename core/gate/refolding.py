"""Many passes folded anew at once, each only from where something was put in; call it in `db.writing()`.

A late delivery names hundreds of passes. One whose new events are all its latest is folded on from
where it stands, without a look at its past; any other from the earliest new moment onward.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import clock, db
from core.gate import fold as folding
from core.gate.facts import IN, Conflict, PassEvent, Presence
from core.gate.fold import ALLOW, STUB, UNDO

FOUND_BY_FOLD = (
    folding.DOUBLE_ENTRY,
    folding.EXIT_WITHOUT_ENTRY,
    folding.ENTRY_AFTER_REVOCATION,
    folding.SECOND_SINGLE_ENTRY,
)
AT_ONCE = 100
COUNTS = (
    "e.verdict = 0 AND e.code NOT IN ('undo', 'stub_returned') AND NOT EXISTS"
    " (SELECT 1 FROM scan_event c WHERE c.corrects = e.id)"
)
_SINCE = "WITH w(pass_id, since) AS (VALUES {rows})"
_ROW = "(CAST({} AS text), CAST({} AS bigint))"
_LATER = (
    f"{_SINCE} SELECT e.id, e.device, e.seq, e.pass_id, e.at, e.direction, e.verdict, e.code,"  # noqa: S608 - written here
    f" e.corrects FROM w CROSS JOIN scan_event e"
    f" WHERE e.pass_id = w.pass_id AND e.at >= w.since AND {COUNTS}"
)
_BEFORE = (
    f"{_SINCE}, b AS (SELECT w.pass_id, (SELECT e.id FROM scan_event e"  # noqa: S608 - written here
    f" WHERE e.pass_id = w.pass_id AND e.at < w.since AND {COUNTS}"
    " ORDER BY e.at DESC, e.seq DESC, e.direction DESC, e.device DESC LIMIT 1) AS id FROM w)"
    " SELECT b.pass_id, e.id, e.at, e.direction FROM b JOIN scan_event e ON e.id = b.id"
)
_SET = (
    "UPDATE pass SET inside = {}, entries = {}, last_at = {}, last_direction = {}, last_event = {},"
    " version = version + 1 WHERE id = {}"
)
_OPEN = (
    "INSERT INTO scan_conflict (id, kind, key, pass_id, first_event, second_event, site, opened_at,"
    " note) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, '') ON CONFLICT (key) DO NOTHING"
)
_CLOSE = "UPDATE scan_conflict SET closed_at = {}, note = 'corrected' WHERE key = {}"
_REOPEN = "UPDATE scan_conflict SET closed_at = NULL, note = '', first_event = {} WHERE key = {}"
_PAIR = "UPDATE scan_conflict SET first_event = {} WHERE key = {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A pass as it stands before new events are put in; `row` of the table's columns."""

    pass_id: str
    site: UUID
    is_visit: bool
    single_entry: bool
    revoked_at: int | None
    presence: Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was put into a pass: `since` when, the events if they are its latest.

    `entered` is by how many more entries count now than before.
    """

    since: int
    entered: int = 0
    events: Sequence[PassEvent] = ()


async def fold_on(
    standing: Mapping[str, Standing], changes: Mapping[str, Change], *, at: datetime
) -> dict[str, Presence]:
    """Set passes to what their stored events say now, open and close the conflicts among them."""
    changed = {key: one for key, one in changes.items() if key in standing}
    inside = {
        key: one.since
        for key, one in changed.items()
        if one.since <= standing[key].presence.last_at
    }
    later: dict[str, list[PassEvent]] = {}
    before: dict[str, db.Row] = {}
    for part in _parts(list(inside.items())):
        await _read(part, later, before)
    presences: dict[str, Presence] = {}
    conflicts: dict[str, tuple[Standing, Conflict]] = {}
    for key, change in changed.items():
        one = standing[key]
        events: Sequence[PassEvent] = change.events
        start = one.presence
        if key in inside:
            events = later.get(key, [])
            entries = one.presence.entries + change.entered
            start = _start(entries - sum(e.direction == IN for e in events), before.get(key))
        presences[key], found = folding.fold(
            key,
            events,
            single_entry=one.single_entry,
            revoked_at=one.revoked_at,
            is_visit=one.is_visit,
            start=start,
        )
        conflicts |= {conflict.key: (one, conflict) for conflict in found}
    await db.execute_many(
        _SET,
        [
            (int(p.inside), p.entries, p.last_at, p.last_direction, p.last_event, key)
            for key, p in presences.items()
            if p != standing[key].presence
        ],
    )
    await _store(conflicts, await _known_conflicts(inside), at)
    return presences


def _parts(values: Sequence[tuple[str, int]]) -> list[Sequence[tuple[str, int]]]:
    return [values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE)]


async def _read(
    part: Sequence[tuple[str, int]], later: dict[str, list[PassEvent]], before: dict[str, db.Row]
) -> None:
    places = ", ".join([_ROW] * len(part))
    args = [value for pair in part for value in pair]
    for row in await db.fetch(_LATER.replace("{rows}", places), *args):
        later.setdefault(row["pass_id"], []).append(event_of(row))
    for row in await db.fetch(_BEFORE.replace("{rows}", places), *args):
        before[row["pass_id"]] = row


def _start(entries: int, last: db.Row | None) -> Presence:
    """Return where a pass stood before the first of the events that are folded anew."""
    if last is None:
        return Presence()
    return Presence(
        inside=last["direction"] == IN,
        entries=entries,
        last_at=last["at"],
        last_direction=last["direction"],
        last_event=last["id"],
    )


def event_of(row: db.Row) -> PassEvent:
    """Return a stored event as the fold sees it."""
    return PassEvent(
        id=row["id"],
        device=as_uuid(row["device"]),
        seq=row["seq"],
        at=row["at"],
        direction=row["direction"],
        verdict=row["verdict"],
        code=row["code"],
        corrects=row["corrects"],
    )


async def _known_conflicts(since: Mapping[str, int]) -> dict[str, db.Row]:
    """Return the conflicts stored of these passes from these moments onward."""
    known: dict[str, db.Row] = {}
    kinds = ", ".join(f"'{kind}'" for kind in FOUND_BY_FOLD)
    for part in _parts(list(since.items())):
        places = ", ".join(["{}"] * len(part))
        rows = await db.fetch(
            "SELECT c.key, c.pass_id, c.first_event, c.closed_at, c.closed_by, e.at"  # noqa: S608 - places only
            " FROM scan_conflict c JOIN scan_event e ON e.id = c.second_event"
            f" WHERE c.kind IN ({kinds}) AND c.pass_id IN ({places})",
            *(key for key, _ in part),
        )
        known |= {row["key"]: row for row in rows if row["at"] >= since[row["pass_id"]]}
    return known


async def _store(
    found: Mapping[str, tuple[Standing, Conflict]], known: Mapping[str, db.Row], at: datetime
) -> None:
    """Open what is new, close what the events do not show any more, open again what they show again."""
    now = clock.to_ms(at)
    await db.execute_many(
        _OPEN,
        [
            (uuid4(), c.kind, key, one.pass_id, c.first_event, c.second_event, one.site, now)
            for key, (one, c) in found.items()
            if key not in known
        ],
    )
    await db.execute_many(
        _CLOSE,
        [(now, key) for key, r in known.items() if key not in found and r["closed_at"] is None],
    )
    await db.execute_many(
        _REOPEN,
        [
            (found[key][1].first_event, key)
            for key, r in known.items()
            if key in found and r["closed_at"] is not None and r["closed_by"] is None
        ],
    )
    await db.execute_many(
        _PAIR,
        [
            (found[key][1].first_event, key)
            for key, r in known.items()
            if key in found
            and r["closed_at"] is None
            and r["first_event"] != found[key][1].first_event
        ],
    )


def as_uuid(value: UUID | str) -> UUID:
    """Return an id as it is compared, whichever way the engine gives it."""
    return value if isinstance(value, UUID) else UUID(value)


def counts(verdict: int, code: str) -> bool:
    """Say whether an event of this verdict and code can change where a pass stands."""
    return verdict == ALLOW and code not in (UNDO, STUB)


def standing_of(row: Mapping[str, Any]) -> Standing:
    """Return a row of the table of passes as it stands."""
    return Standing(
        pass_id=row["id"],
        site=as_uuid(row["site"]),
        is_visit=row["registration"] is not None,
        single_entry=bool(row["single_entry"]),
        revoked_at=row["revoked_at"],
        presence=Presence(
            inside=bool(row["inside"]),
            entries=row["entries"],
            last_at=row["last_at"],
            last_direction=row["last_direction"],
            last_event=row["last_event"],
        ),
    )
