"""What corrects what among acts that arrive in any order: told by number, linked when both are here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import db
from core.gate.delivered_rows import Kept
from core.gate.delivering import DeliveringDevice
from core.gate.refolding import COUNTS

_AT_ONCE = 200
# What a device did, also under a number that another act had taken: that is in its quarantine.
_OWN = (
    "SELECT e.id, e.seq, e.boot, e.pass_id, e.raw_hash, e.corrects, e.corrects_seq"
    " FROM scan_event e WHERE e.device = {} AND e.{column} IN ({places})"
    " UNION SELECT e.id, e.seq, e.boot, e.pass_id, e.raw_hash, e.corrects, e.corrects_seq"
    " FROM scan_quarantine q JOIN scan_event e ON e.id = q.event"
    " WHERE q.device = {} AND e.{column} IN ({places})"
)
_FLAGS = (
    f"SELECT e.id, e.pass_id, e.at, e.direction, CASE WHEN {COUNTS} THEN 1 ELSE 0 END AS counts"  # noqa: S608 - written here
    " FROM scan_event e WHERE e.id IN ({places})"
)
_LINK = "UPDATE scan_event SET corrects = {}, pass_id = coalesce(pass_id, {}) WHERE id = {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Whether an event counts just now."""

    id: int
    pass_id: str | None
    at: int
    direction: int
    counts: bool


async def _own(device: DeliveringDevice, column: str, seqs: Iterable[int]) -> list[db.Row]:
    found: list[db.Row] = []
    wanted = sorted(set(seqs))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        sql = _OWN.replace("{column}", column).replace("{places}", ", ".join(["{}"] * len(part)))
        found += await db.fetch(sql, device.device_id, *part, device.device_id, *part)
    return found


async def flags(ids: Iterable[int]) -> dict[int, Flag]:
    """Return of events whether they count as things stand."""
    found: dict[int, Flag] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        sql = _FLAGS.replace("{places}", ", ".join(["{}"] * len(part)))
        for row in await db.fetch(sql, *part):
            found[row["id"]] = Flag(
                id=row["id"],
                pass_id=row["pass_id"],
                at=row["at"],
                direction=row["direction"],
                counts=bool(row["counts"]),
            )
    return found


async def link(new: Sequence[Kept], device: DeliveringDevice) -> list[tuple[Flag, Flag]]:
    """Link corrections with what they correct, both just stored or one of them before.

    Returns each stored event of which it changed whether it counts: as it was and as it is.
    """
    named = {one.event.corrects for one in new if one.event.corrects is not None}
    numbers = {one.event.seq for one in new}
    corrections = await _own(device, "corrects_seq", numbers)
    ids = {one.id for one in new}
    corrections += [
        row
        for row in await _own(device, "seq", (s.event.seq for s in new if s.event.corrects))
        if row["id"] in ids and row["corrects_seq"] is not None
    ]
    corrections = list({row["id"]: row for row in corrections}.values())
    if not corrections:
        return []
    targets: dict[int, list[db.Row]] = {}
    for row in await _own(device, "seq", named | {row["corrects_seq"] for row in corrections}):
        targets.setdefault(row["seq"], []).append(row)
    links: list[tuple[int, str | None, int]] = []
    for row in corrections:
        target = _target(row, targets.get(row["corrects_seq"], []))
        if target is not None and target["id"] != row["corrects"]:
            links.append((target["id"], target["pass_id"], row["id"]))
    touched = {target for target, _, _ in links}
    touched |= {row["corrects"] for row in corrections if row["corrects"] is not None}
    before = await flags(touched)
    await db.execute_many(_LINK, links)
    after = await flags(touched)
    return [(before[key], after[key]) for key in touched if before[key] != after[key]]


def _target(correction: db.Row, candidates: Sequence[db.Row]) -> db.Row | None:
    """Return what an act corrects: of the same pass, rather of the same life of the page."""
    mark = correction["pass_id"] or correction["raw_hash"]
    fitting = [
        row
        for row in candidates
        if row["id"] != correction["id"]
        and (not mark or (row["pass_id"] or row["raw_hash"]) == mark)
    ]
    return min(
        fitting, key=lambda row: (row["boot"] != correction["boot"], row["id"]), default=None
    )
