"""A person settles what a delivery could not: it counts, or it does not, by name and with a note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.gate import delivered_rows, ingest, quarantine
from core.gate.delivered_rows import Kept
from core.gate.delivering import delivering_device
from core.gate.offline_events import event_of_content, shadow_of
from core.gate.placing import Placed
from core.gate.presence import CONFLICT_PERMISSION
from core.gate.scans import VERDICTS
from core.gate.verifying import Verified
from core.i18n import N_
from core.log.services import record
from core.passes.queries import places
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.crypto import DecryptionError
from core.privacy.keys import keyring

COUNTED, SET_ASIDE, EXPLAINED = "counted", "set_aside", "explained"
# What may be counted after a look: a genuine pass, held back for where or when it was scanned.
MAY_COUNT = frozenset({ingest.REVOKED, ingest.CLOCK, ingest.WRONG_SITE})
_COLUMNS = (
    "q.id, q.device, q.seq, q.digest, q.code, q.at, q.received_at, q.direction, q.verdict,"
    " q.pass_id, q.content, q.event, q.site, q.gate, q.settled_at, q.settled_as, q.note,"
    " d.name AS device_name"
)
_FROM = "FROM scan_quarantine q JOIN gate_device d ON d.id = q.device"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideLine:
    """An act that waits for a person. `event`: it counts already, under this event.

    `raw` is what came where it could not be understood; `said` what the device showed, with the note.
    """

    id: UUID
    device_id: UUID
    device_name: str
    gate_id: UUID
    seq: int
    code: str
    at: int
    received_at: int
    direction: int
    verdict: str
    pass_id: str | None
    event: int | None
    said: str
    raw: str
    settled_at: int | None
    settled_as: str
    note: str

    @property
    def may_count(self) -> bool:
        """Say whether it can be counted."""
        return self.event is None and self.code in MAY_COUNT and self.pass_id is not None

    @property
    def counts(self) -> bool:
        """Say whether it counts already."""
        return self.event is not None


async def open_lines(site_ids: Sequence[UUID], *, limit: int = 200) -> list[AsideLine]:
    """Return what nobody has settled yet, the latest first."""
    if not site_ids:
        return []
    rows = await db.fetch(
        f"SELECT {_COLUMNS} {_FROM} WHERE q.settled_at IS NULL AND q.site IN ({places(site_ids)})"
        " ORDER BY q.received_at DESC, q.device, q.seq LIMIT {}",
        *site_ids,
        limit,
    )
    return [_line(row) for row in rows]


async def count_open(site_ids: Sequence[UUID]) -> int:
    """Return how many acts wait for a person."""
    if not site_ids:
        return 0
    rows = await db.fetch(
        "SELECT count(*) AS n FROM scan_quarantine WHERE settled_at IS NULL"  # noqa: S608 - places only
        f" AND site IN ({places(site_ids)})",
        *site_ids,
    )
    return int(rows[0]["n"])


def _line(row: db.Row) -> AsideLine:
    said = raw = content = ""
    try:
        content = keyring().decrypt(row["content"], quarantine.TABLE, "content", row["id"])
        event, _ = event_of_content(content)
        said = " · ".join(dict.fromkeys(part for part in (event.reason, event.note) if part))
    except ValueError:
        raw = content[:500]
    except (DecryptionError, TypeError):
        raw = ""
    return AsideLine(
        id=row["id"],
        device_id=row["device"],
        device_name=row["device_name"],
        gate_id=row["gate"],
        seq=row["seq"],
        code=row["code"],
        at=row["at"],
        received_at=row["received_at"],
        direction=row["direction"],
        verdict=VERDICTS[row["verdict"]],
        pass_id=row["pass_id"],
        event=row["event"],
        said=said,
        raw=raw,
        settled_at=row["settled_at"],
        settled_as=row["settled_as"],
        note=row["note"],
    )


async def settle(
    aside_id: UUID,
    *,
    count: bool,
    note: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    zone: ZoneInfo,
    alike: bool = False,
) -> int:
    """Settle one act, or all that the same device sent for the same reason; return how many.

    `count` stores them as scans with all that follows from them, the earliest first.
    """
    if not note.strip():
        raise InvalidInputError({"note": N_("Please say how it came about.")})
    async with db.writing():
        rows = await db.fetch(f"SELECT {_COLUMNS} {_FROM} WHERE q.id = {{}}", aside_id)
        if not rows or not actor.may_at(CONFLICT_PERMISSION, rows[0]["site"]):
            raise NotFoundError
        await db.fetch("SELECT id FROM gate_device WHERE id = {} FOR UPDATE", rows[0]["device"])
        rows = await db.fetch(f"SELECT {_COLUMNS} {_FROM} WHERE q.id = {{}}", aside_id)
        if rows[0]["settled_at"] is not None:
            raise WrongStateError(N_("Somebody settled this already."))
        if count and not _line(rows[0]).may_count:
            raise WrongStateError(N_("This cannot be counted. Set it aside with an explanation."))
        if alike:
            rows = await _alike(rows[0], count=count)
        for row in rows:
            if count:
                await _count(row, plugins=plugins, zone=zone, at=at)
            await _write(row, count=count, note=note.strip(), actor=actor, at=at)
    return len(rows)


async def _alike(row: db.Row, *, count: bool) -> list[db.Row]:
    """Return what else the same device sent for the same reason, and can be settled alike."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} {_FROM} WHERE q.device = {{}} AND q.code = {{}}"
        " AND q.settled_at IS NULL ORDER BY q.at, q.seq",
        row["device"],
        row["code"],
    )
    return [one for one in rows if not count or _line(one).may_count]


async def _write(row: db.Row, *, count: bool, note: str, actor: Actor, at: datetime) -> None:
    settled_as = COUNTED if count else EXPLAINED if row["event"] is not None else SET_ASIDE
    await db.execute(
        "UPDATE scan_quarantine SET settled_at = {}, settled_by = {}, settled_as = {},"
        " note = {} WHERE id = {}",
        clock.to_ms(at),
        actor.id,
        settled_as,
        note,
        row["id"],
    )
    after = {"seq": row["seq"], "code": row["code"], "pass": row["pass_id"]}
    await record(
        actor,
        "gate.settle",
        "device",
        row["device"],
        at=at,
        after={**after, "settled_as": settled_as, "note": note},
    )


async def _count(row: db.Row, *, plugins: Plugins, zone: ZoneInfo, at: datetime) -> None:
    """Store an act as a scan, under its own number, or where that is taken under its own name."""
    content = keyring().decrypt(row["content"], quarantine.TABLE, "content", row["id"])
    event, _ = event_of_content(content)
    device = await delivering_device(row["device"])
    one = Kept(
        event=event,
        token=Verified(None, "", "", row["pass_id"]),
        placed=Placed(row["at"], row["at"] - event.wall if event.wall else 0),
        digest=row["digest"],
    )
    taken = await delivered_rows.known(device, [event.seq])
    one.device = shadow_of(device.device_id, one.digest) if taken else device.device_id
    passes = await ingest.locked({row["pass_id"]})
    await delivered_rows.insert([one], device, at=at)
    await quarantine.name_events([one], device)
    await ingest.follow([one], device, passes, plugins=plugins, zone=zone, at=at)
