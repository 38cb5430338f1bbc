"""The demonstration's morning without network: one gate cut off, what it delivered, what is left to do."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import clock, db
from core.demo.facts import DemoFacts
from core.gate.delivering import DeliveringDevice, delivering_device
from core.gate.facts import IN
from core.gate.fold import ALLOW
from core.gate.ingest import Ingest
from core.gate.offline_events import SCAN, OfflineEvent, Upload
from core.passes.services import tokens_of
from core.plugins import Plugins

CUT_OFF, BACK = time(7, 10), time(8, 5)
_LATER = timedelta(minutes=4)
_LAST = "SELECT max(at) AS at FROM scan_event WHERE gate = {} AND at < {}"
_TELL = (
    "UPDATE scan_event SET mode = 1, bundle = {}, received_at = {}"
    " WHERE gate = {} AND at >= {} AND at < {}"
)
# Somebody who came in at the other gate meanwhile, and was at no gate for a while after.
_CAME_IN = (
    "SELECT e.pass_id, e.at FROM scan_event e WHERE e.gate = {} AND e.at >= {} AND e.at < {}"
    " AND e.direction = 0 AND e.verdict = 0 AND e.pass_id IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM scan_event n WHERE n.pass_id = e.pass_id AND n.at > e.at AND n.at < e.at + {})"
    " ORDER BY e.at, e.pass_id LIMIT 1"
)


async def cut_a_gate_off(demo: DemoFacts, plugins: Plugins, zone: ZoneInfo) -> None:
    """Let the last gate have been without network on the last morning before today; nobody noticed twice.

    What it did then was delivered late. One pass came in at both gates; one scan waits for a person.
    """
    here, away = demo.gates[0], demo.gates[-1]
    today = demo.at.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = await db.fetch(_LAST, away.id, clock.to_ms(today))
    if rows[0]["at"] is None or here.id == away.id:
        return
    day = clock.local(clock.from_ms(rows[0]["at"]), zone).date()
    since, until = datetime.combine(day, CUT_OFF, zone), datetime.combine(day, BACK, zone)
    bounds = clock.to_ms(since), clock.to_ms(until)
    known = clock.to_ms(since - timedelta(minutes=1))
    await db.execute(_TELL, known, bounds[1], away.id, *bounds)
    came = await db.fetch(_CAME_IN, here.id, *bounds, 3_600_000)
    if not came:
        return
    ingest = Ingest(plugins, zone=zone)
    token = (await tokens_of([came[0]["pass_id"]]))[came[0]["pass_id"]]
    device = await delivering_device(away.device_id)
    last = await db.fetch(
        "SELECT max(seq) AS seq FROM scan_event WHERE device = {}", away.device_id
    )
    seq = int(last[0]["seq"])
    again = clock.from_ms(came[0]["at"]) + _LATER
    await _deliver(
        ingest, replace(device, revoked_at=None), token, seq + 1, again, until, bundle=known
    )
    # The old phone was shut out with a scan still on it; it came back into the network since.
    evening = datetime.combine(day, time(16, 40), zone)
    await _deliver(ingest, device, token, seq + 2, evening, demo.at, bundle=known)


async def _deliver(
    ingest: Ingest,
    device: DeliveringDevice,
    token: str,
    seq: int,
    scanned: datetime,
    delivered: datetime,
    *,
    bundle: int,
) -> None:
    event = OfflineEvent(
        act=SCAN,
        seq=seq,
        boot="demo",
        wall=clock.to_ms(scanned),
        mono=0,
        offset=0,
        token=token,
        raw_hash="",
        direction=IN,
        source="camera",
        verdict=ALLOW,
        code="",
        reason="",
        rule="",
        version="",
        bundle=bundle,
        operator=None,
        corrects=None,
        note="",
    )
    await ingest.take(Upload(events=[event], waiting=1), device, at=delivered)
