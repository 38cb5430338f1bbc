"""What the harness looks for once the servers are gone: whatever is not as it was acknowledged."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from core import db
from core.gate.facts import PassEvent
from core.gate.fold import fold

FAULTS = (
    "lost",
    "verdicts_changed",
    "double_admissions",
    "log_rows_missing",
    "log_rows_too_many",
    "passes_not_as_folded",
    "not_counted",
)


@dataclass
class Sent:
    """A scan that was acknowledged."""

    device: str
    seq: int
    event: int
    verdict: str
    code: str


async def verify(acknowledged: list[Sent], url: str) -> dict[str, int]:
    """Count what is not as it was acknowledged; the servers are gone."""
    await db.open(url, wait=10)
    try:
        if db.is_sqlite():
            checked = await db.fetch("PRAGMA integrity_check")
            assert [list(row.values()) for row in checked] == [["ok"]]
        stored = await db.fetch(
            "SELECT id, device, seq, pass_id, direction, verdict, code, at, corrects FROM scan_event"
        )
        logged = await db.fetch("SELECT after FROM log_entry WHERE act LIKE 'scan.%'")
        passes = await db.fetch(
            "SELECT id, single_entry, inside, entries, last_at, last_event FROM pass"
        )
        counted = await db.fetch("SELECT coalesce(sum(total), 0) AS n FROM scan_counter")
    finally:
        await db.close()
    events = {(str(row["device"]), row["seq"]): row for row in stored}
    verdicts = ("allow", "hold", "deny")
    lost = changed = 0
    for sent in acknowledged:
        row = events.get((sent.device, sent.seq))
        if row is None:
            lost += 1
        elif (row["id"], verdicts[row["verdict"]], row["code"]) != (
            sent.event,
            sent.verdict,
            sent.code,
        ):
            changed += 1
    rows = Counter()
    for row in logged:
        after = json.loads(row["after"])
        rows[after["device"], after["seq"]] += 1
    by_pass = defaultdict(list)
    for row in stored:
        by_pass[row["pass_id"]].append(row)
    once = {row["id"] for row in passes if row["single_entry"]}
    return {
        "lost": lost,
        "verdicts_changed": changed,
        "double_admissions": sum(
            sum(e["verdict"] == 0 and e["direction"] == 0 for e in by_pass[one]) > 1 for one in once
        ),
        "log_rows_missing": sum(1 for key in events if rows[key] == 0),
        "log_rows_too_many": sum(1 for key, n in rows.items() if n > 1 or key not in events),
        "passes_not_as_folded": sum(not _as_folded(row, by_pass[row["id"]]) for row in passes),
        "not_counted": abs(int(counted[0]["n"]) - len(stored)),
        "stored": len(stored),
        "stored_unacknowledged": len(stored) - len(acknowledged) + lost,
    }


def _as_folded(row: db.Row, events: list[db.Row]) -> bool:
    presence, _ = fold(
        row["id"],
        [
            PassEvent(
                id=e["id"],
                device=e["device"] if isinstance(e["device"], UUID) else UUID(e["device"]),
                seq=e["seq"],
                at=e["at"],
                direction=e["direction"],
                verdict=e["verdict"],
                code=e["code"],
                corrects=e["corrects"],
            )
            for e in events
        ],
    )
    return (presence.inside, presence.entries, presence.last_at, presence.last_event) == (
        bool(row["inside"]),
        row["entries"],
        row["last_at"],
        row["last_event"],
    )
