"""Taking in what a gate did without the server: each act stored once or kept for a person, none refused.

A delivery is one durable transaction. The order in which deliveries arrive, how often, and how late
changes nothing in the end: passes are folded from their events, conflicts are found anew, and an act
under a number that another act has taken counts as well, under a name made of its contents.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db
from core.gate import (
    conflicts,
    correcting_late,
    delivered_rows,
    gaps,
    late_visits,
    quarantine,
    refolding,
)
from core.gate.correcting_late import Flag
from core.gate.delivered_rows import Kept
from core.gate.delivering import DeliveringDevice
from core.gate.facts import IN, PassEvent
from core.gate.fold import ALLOW, OVERRIDE
from core.gate.offline_events import Delivered, OfflineEvent, Upload, digest_of, shadow_of
from core.gate.placing import Placed, placed
from core.gate.verifying import Verified, Verifier
from core.passes.token import TokenType
from core.plugins import Plugins

FORK, REVOKED, FORGED, CLOCK = "fork", "device_revoked", "forged", "clock"
KEY_UNKNOWN, WRONG_SITE, MALFORMED = "key_unknown", "wrong_site", "malformed"
_PASSES = (
    "SELECT id, kind, site, registration, generation, single_entry, revoked_at, inside, entries,"
    " last_at, last_direction, last_event FROM pass WHERE id IN ({places}) ORDER BY id FOR UPDATE"
)
_VISITS = "SELECT registration FROM pass WHERE id IN ({places}) AND registration IS NOT NULL"
_LOCK_VISITS = "SELECT id FROM registration WHERE id IN ({places}) ORDER BY id FOR UPDATE"


@dataclass(slots=True)
class Sorted:
    """A delivery sorted: what is new, what is known, what a person must look at."""

    new: list[Kept] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    quarantined: list[tuple[Kept, str]] = field(default_factory=list)
    fresh: list[tuple[Kept, str]] = field(default_factory=list)  # of these, those not kept before


class Ingest:
    """Takes deliveries in for one process."""

    def __init__(self, plugins: Plugins, *, zone: ZoneInfo) -> None:
        self._plugins = plugins
        self._zone = zone
        self._verifier = Verifier()

    async def take(self, upload: Upload, device: DeliveringDevice, *, at: datetime) -> Delivered:
        """Store a delivery; return what became of each act and the highest number known."""
        verified = await self._verifier.verify([event.token for event in upload.events])
        received = clock.to_ms(at)
        async with db.writing():
            await db.fetch("SELECT id FROM gate_device WHERE id = {} FOR UPDATE", device.device_id)
            kept = [
                _kept(event, verified[event.token], placed(event.clock, upload.sent, received))
                for event in sorted(upload.events, key=lambda event: event.seq)
            ]
            passes = await locked({one.pass_id for one in kept if one.pass_id is not None})
            found = await _sorted(kept, device, passes)
            await self._store(found, device, passes, at=at)
            for unreadable in upload.unreadable:
                await quarantine.keep_unreadable(unreadable, device, MALFORMED, at=at)
            await gaps.look(device, upload, found.new, at=at)
            last = await _contact(device, upload, received)
        quarantined = [(one.event.seq, code) for one, code in found.quarantined]
        quarantined += [(one.seq, MALFORMED) for one in upload.unreadable]
        acked = {one.event.seq for one in found.new} | set(found.known)
        return Delivered(
            acked=sorted(acked - {seq for seq, _ in quarantined}),
            quarantined=sorted(dict(quarantined).items()),
            last_seq=last,
        )

    async def _store(
        self,
        found: Sorted,
        device: DeliveringDevice,
        passes: dict[str, db.Row],
        *,
        at: datetime,
    ) -> None:
        """Store what is new with all that follows from it, and what a person must look at."""
        await quarantine.keep(found.fresh, device, at=at)
        if not found.new:
            return
        await delivered_rows.insert(found.new, device, at=at)
        forked = [one for one, code in found.fresh if code == FORK]
        await quarantine.name_events(forked, device)
        await follow(found.new, device, passes, plugins=self._plugins, zone=self._zone, at=at)
        await conflicts.open_forks(forked, device, at=at)


async def follow(
    new: Sequence[Kept],
    device: DeliveringDevice,
    passes: dict[str, db.Row],
    *,
    plugins: Plugins,
    zone: ZoneInfo,
    at: datetime,
) -> None:
    """Let follow what follows from events just stored: log, counts, presence, conflicts, visits."""
    flipped = await correcting_late.link(new, device)
    changes = _changes(new, flipped)
    passes |= await locked(set(changes) - set(passes))
    await delivered_rows.log_and_count(new, device, passes, zone)
    standing = {key: refolding.standing_of(row) for key, row in passes.items()}
    await refolding.fold_on(standing, changes, at=at)
    await conflicts.open_others(new, device, passes, at=at)
    stubs = {
        one.pass_id
        for one in new
        if one.pass_id is not None
        and one.token.body is not None
        and one.token.body.type == TokenType.STUB
    }
    await late_visits.follow({*changes, *stubs}, stubs, passes, device, plugins=plugins, at=at)


def _kept(event: OfflineEvent, verified: Verified, at: Placed) -> Kept:
    return Kept(event=event, token=verified, placed=at)


async def locked(pass_ids: Collection[str]) -> dict[str, db.Row]:
    """Return passes, locked in their order: all their visits first, as the desk and the scans do."""
    ids = sorted(pass_ids)
    visits = {row["registration"] for row in await _each(_VISITS, ids)}
    await _each(_LOCK_VISITS, sorted(visits, key=str))
    return {row["id"]: row for row in await _each(_PASSES, ids)}


async def _each(sql: str, values: Sequence[object]) -> list[db.Row]:
    """Run a statement for values, some at a time and in their order."""
    found: list[db.Row] = []
    for start in range(0, len(values), refolding.AT_ONCE):
        part = values[start : start + refolding.AT_ONCE]
        found += await db.fetch(sql.replace("{places}", ", ".join(["{}"] * len(part))), *part)
    return found


async def _sorted(
    kept: Sequence[Kept], device: DeliveringDevice, passes: Mapping[str, db.Row]
) -> Sorted:
    known = await delivered_rows.known(device, [one.event.seq for one in kept])
    put_aside = await quarantine.known(device, [one.event.seq for one in kept])
    found = Sorted()
    for one in kept:
        digest = digest_of(one.event, one.token.mark)
        one.digest = digest
        if (code := put_aside.get((one.event.seq, digest))) is not None:
            found.quarantined.append((one, code))
        elif (code := _objection(one, device, passes)) is not None:
            found.fresh.append((one, code))
            put_aside[one.event.seq, digest] = code
        else:
            _place(one, device, known, found)
    found.quarantined += found.fresh
    return found


def _place(
    one: Kept,
    device: DeliveringDevice,
    known: dict[int, list[delivered_rows.Stored]],
    found: Sorted,
) -> None:
    """Put an act under its own number, or where that is taken by another, under its own name."""
    others = known.setdefault(one.event.seq, [])
    if any(stored.is_same(one) for stored in others):
        found.known.append(one.event.seq)
        return
    one.device = device.device_id
    if others:
        one.device = shadow_of(device.device_id, one.digest)
        found.fresh.append((one, FORK))
    others.append(delivered_rows.Stored.of(one))
    found.new.append(one)


def _objection(one: Kept, device: DeliveringDevice, passes: Mapping[str, db.Row]) -> str | None:
    """Return why an act does not count before a person looked at it."""
    if device.revoked_at is not None:
        return REVOKED
    if one.placed.unknown or one.placed.at < device.since:
        return CLOCK
    if one.event.verdict != ALLOW or one.event.act not in ("scan", OVERRIDE):
        return None
    if one.token.body is None:
        # A release is a person's decision about a text that was no pass; a scan let it through alone.
        if one.event.act == OVERRIDE:
            return None
        return KEY_UNKNOWN if one.token.fault == "token_key_unknown" else FORGED
    row = passes.get(one.pass_id or "")
    if row is not None and UUID(str(row["site"])) != device.site_id:
        return WRONG_SITE
    return None


def _changes(
    new: Sequence[Kept], flipped: Sequence[tuple[Flag, Flag]]
) -> dict[str, refolding.Change]:
    """Return what changed in each pass: by new events, and by what corrections take out or put back."""
    since: dict[str, int] = {}
    entered: Counter[str] = Counter()
    gone = {flag.id for flag, now in flipped if not now.counts}
    events: dict[str, list[PassEvent]] = {}

    def note(pass_id: str, at: int, entries: int) -> None:
        since[pass_id] = min(at, since.get(pass_id, at))
        entered[pass_id] += entries

    for one in new:
        event = one.event
        if one.pass_id is None or not refolding.counts(event.verdict, event.stored_code):
            continue
        note(one.pass_id, one.placed.at, event.direction == IN)
        if one.id not in gone:
            events.setdefault(one.pass_id, []).append(one.as_pass_event())
    for was, now in flipped:
        if was.pass_id is not None:
            note(was.pass_id, was.at, (now.counts - was.counts) * (was.direction == IN))
    return {
        key: refolding.Change(since=moment, entered=entered[key], events=tuple(events.get(key, ())))
        for key, moment in since.items()
    }


async def _contact(device: DeliveringDevice, upload: Upload, received: int) -> int:
    """Note when the device was there and what it still holds; return its highest number."""
    delivered = len(upload.events) + len(upload.unreadable)
    rows = await db.fetch(
        "SELECT max(seq) AS seq FROM (SELECT max(seq) AS seq FROM scan_event WHERE device = {}"
        " UNION ALL SELECT max(seq) AS seq FROM scan_quarantine WHERE device = {}) AS s",
        device.device_id,
        device.device_id,
    )
    last = int(rows[0]["seq"] or 0)
    await db.execute(
        "UPDATE gate_device SET waiting = {}, last_seq = {}, last_contact = {} WHERE id = {}",
        max(0, upload.waiting - delivered),
        last,
        received,
        device.device_id,
    )
    return last
