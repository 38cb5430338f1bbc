"""What gate devices are told, in their structs: verdicts, holders, the last scans, the day's counts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from core import clock
from core.gate import queries
from core.gate.correcting import may_override
from core.gate.facts import IN, GateLine, HolderCard
from core.gate.queries import ScanLine
from core.gate.scans import Station, Verdict
from core.i18n import Message
from core.settings import Settings
from web.gate_app import GateOfApp
from web.gate_structs import CountsOut, GateLineOut, HolderOut, LineOut, VerdictOut

WAYS = ("in", "out")


def holder_out(
    card: HolderCard | None, purposes: Mapping[str, Message], locale: str
) -> HolderOut | None:
    """Return a card as shown; a visit's says also what for."""
    if card is None:
        return None
    purpose = purposes.get(card.details.get("purpose", ""))
    lines = [*card.lines] if purpose is None else [*card.lines, purpose.translate(locale)]
    return HolderOut(name=card.name, lines=lines, photo=card.photo)


def verdict_out(
    gate: GateOfApp, verdict: Verdict, station: Station, seq: int, locale: str
) -> VerdictOut:
    """Return a verdict as its device shows it."""
    reason = verdict.reason
    return VerdictOut(
        event=verdict.event_id,
        seq=seq,
        verdict=verdict.verdict,
        code=verdict.code,
        reason="" if reason is None else reason.translate(locale),
        rule=verdict.rule,
        version=verdict.version,
        direction=WAYS[verdict.direction],
        inside=verdict.inside,
        at=verdict.at,
        kind=verdict.kind,
        holder=holder_out(verdict.holder, gate.purposes, locale),
        replayed=verdict.replayed,
        may_override=verdict.verdict == "hold" and may_override(station.actor, station.site_id),
        registration=verdict.registration_id,
    )


def gate_line_out(line: GateLine, locale: str) -> GateLineOut:
    """Return what a plugin says of the gate."""
    return GateLineOut(
        text=line.text.translate(locale),
        tone=line.tone,
        changes_at=0 if line.changes_at is None else clock.to_ms(line.changes_at),
        path=line.path,
        action="" if line.action is None else line.action.translate(locale),
    )


def line_out(line: ScanLine, cards: dict[str, HolderCard], locale: str) -> LineOut:
    """Return one of the last scans."""
    card = cards.get(line.pass_id or "")
    return LineOut(
        event=line.id,
        at=line.at,
        direction=WAYS[line.direction],
        verdict=line.verdict,
        code=line.code,
        reason="" if line.reason is None else line.reason.translate(locale),
        name="" if card is None else card.name,
        kind=line.kind,
        corrected=line.corrected,
        corrects=line.corrects,
    )


async def today_out(gate_id: UUID, now: datetime, settings: Settings) -> CountsOut:
    """Count the scans of a gate's day."""
    day = clock.local(now, settings.zone).date().isoformat()
    counts = CountsOut()
    for line in await queries.counted(day, day, gate_ids=[gate_id]):
        if line.verdict == "deny":
            counts.refused += line.total
        elif line.verdict == "hold":
            counts.held += line.total
        elif line.code in ("undo", "stub_returned"):
            continue
        elif line.direction == IN:
            counts.entered += line.total
        else:
            counts.left += line.total
    return counts
