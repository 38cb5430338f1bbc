"""What the operator decides at the gate: a scan taken back, a held one released.

Each is a new event that names the one it corrects; nothing stored is changed. The pass is folded
anew in the same transaction, and a visit goes the way its slip went.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db
from core.decisions import Allow, Deny, Hold
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.gate import reading, records
from core.gate.facts import IN, HolderCard, PassFacts, Presence
from core.gate.fold import ALLOW, HOLD, OVERRIDE, STUB, UNDO
from core.gate.presence import refold
from core.gate.scans import ONLINE, EventRow, Station, Verdict
from core.gate.writing import store as store_for_open_database
from core.i18n import N_, Message
from core.passes.services import LEFT
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import correcting, holding, leaving, services, states

OVERRIDE_PERMISSION = "core:gate:override"
UNDO_WITHIN_MS = 12 * 3600 * 1000
OVERRIDE_WITHIN_MS = 30 * 60 * 1000
_MOST_HOLDS = 5

_EVENT = (
    "SELECT e.id, e.device, e.seq, e.gate, e.site, e.pass_id, e.at, e.direction, e.verdict, e.code,"
    " e.reason, (SELECT count(*) FROM scan_event c WHERE c.corrects = e.id) AS corrected"
    " FROM scan_event e WHERE e.id = {}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A correction as the device sends it: its own number like a scan's, and the event it is about."""

    station: Station
    event_id: int
    seq: int
    reason: str = ""
    boot: str = ""
    wall: int = 0
    mono: int = 0


async def undo(act: Act, *, at: datetime, plugins: Plugins, zone: ZoneInfo) -> Verdict:
    """Take a mistaken scan out of the reckoning, if it is the latest of its pass; then scan anew."""
    async with db.writing():
        if (known := await _known(act)) is not None:
            return known
        event, facts = await _taken(act, at, within=UNDO_WITHIN_MS)
        if event["verdict"] != ALLOW or event["code"] in (UNDO, STUB) or facts is None:
            raise WrongStateError(N_("Only a scan that let somebody through can be taken back."))
        last = await db.fetch("SELECT last_event FROM pass WHERE id = {}", facts.pass_id)
        if last[0]["last_event"] != event["id"]:
            raise WrongStateError(
                N_("There is a later scan of this pass. Take that one back first.")
            )
        if facts.registration_id is not None:
            await _step_back(facts, event["direction"], act, at, plugins)
        return await _store(act, event, facts, UNDO, at, plugins, zone)


async def _step_back(
    facts: PassFacts, direction: int, act: Act, at: datetime, plugins: Plugins
) -> None:
    visit = facts.registration_id
    assert visit is not None  # noqa: S101 - asked before
    state = await _state(visit)
    if state not in ((states.INSIDE,) if direction == IN else (states.LEFT, states.CLOSED)):
        raise WrongStateError(N_("The visit went on since. Correct it at the desk."))
    reason = act.reason or "gate"
    await correcting.step_back(
        visit, reason=reason, actor=act.station.actor, at=at, plugins=plugins
    )
    # Leaving made the slip worthless; who has not left needs it again.
    await db.execute(
        "UPDATE pass SET revoked_at = NULL, revoked_reason = '', version = version + 1"
        " WHERE registration = {} AND revoked_reason = {}",
        visit,
        LEFT,
    )


async def override(act: Act, *, at: datetime, plugins: Plugins, zone: ZoneInfo) -> Verdict:
    """Release a held scan by name and with a reason: the person passes, and the event says why."""
    if not act.reason.strip():
        raise InvalidInputError({"reason": N_("Please say why.")})
    actor = act.station.actor
    if not actor.may_at(OVERRIDE_PERMISSION, act.station.site_id):
        raise RefusedError(
            Deny("override_not_allowed", N_("You may not release this. Call the duty officer."))
        )
    async with db.writing():
        if (known := await _known(act)) is not None:
            return known
        event, facts = await _taken(act, at, within=OVERRIDE_WITHIN_MS)
        if event["verdict"] != HOLD:
            raise WrongStateError(N_("Only a held scan can be released."))
        if facts is not None and facts.revoked_at is not None and facts.registration_id is None:
            raise WrongStateError(N_("The pass was revoked meanwhile. It cannot be released."))
        if facts is not None and facts.registration_id is not None:
            await _pass_visit(facts.registration_id, event["direction"], act, at, plugins)
        return await _store(act, event, facts, OVERRIDE, at, plugins, zone)


async def _pass_visit(
    visit: UUID, direction: int, act: Act, at: datetime, plugins: Plugins
) -> None:
    """Move the visit where its state allows; a hold of the visit itself needs the right to decide."""
    state, actor = await _state(visit), act.station.actor
    if direction != IN:
        if state == states.INSIDE:
            await leaving.leave(visit, actor=actor, at=at, plugins=plugins)
        return
    if state not in (states.WAITING, states.HELD):
        return
    decision: Allow | Hold | Deny = Allow()
    for _ in range(_MOST_HOLDS):
        if state == states.HELD:
            await _release(visit, act, at, plugins)
        decision = await services.admit(visit, actor=actor, at=at, plugins=plugins)
        if isinstance(decision, Allow):
            return
        state = states.HELD
    if not isinstance(decision, Allow):
        raise RefusedError(decision)


async def _release(visit: UUID, act: Act, at: datetime, plugins: Plugins) -> None:
    try:
        await holding.release(
            visit, reason=act.reason, actor=act.station.actor, at=at, plugins=plugins
        )
    except NotFoundError:
        raise RefusedError(
            Deny(
                "override_not_allowed",
                N_("This visit is held. Somebody who may decide releases it on the held list."),
            )
        ) from None


async def _state(registration_id: UUID) -> str:
    rows = await db.fetch("SELECT state FROM registration WHERE id = {}", registration_id)
    return str(rows[0]["state"])


async def _known(act: Act) -> Verdict | None:
    """Return the stored answer if the device sent this number before."""
    key = (act.station.device_id, act.seq)
    known = (await reading.read_known([key])).get(key)
    if known is None:
        return None
    passes = await reading.read_passes([known.pass_id] if known.pass_id else [])
    facts = passes[known.pass_id][0] if known.pass_id in passes else None
    return records.answer_again(known, facts, None)


async def _taken(act: Act, at: datetime, *, within: int) -> tuple[db.Row, PassFacts | None]:
    """Return the event to be corrected and its pass, both locked; only of the own site."""
    rows = await db.fetch(_EVENT, act.event_id)
    if not rows or rows[0]["site"] != act.station.site_id:
        raise NotFoundError
    event = rows[0]
    pass_id = event["pass_id"]
    if pass_id is not None:
        await db.fetch(
            "SELECT id FROM registration WHERE id IN (SELECT registration FROM pass WHERE id = {})"
            " FOR UPDATE",
            pass_id,
        )
        await db.fetch("SELECT id FROM pass WHERE id = {} FOR UPDATE", pass_id)
        event = (await db.fetch(_EVENT, act.event_id))[0]
    if event["corrected"]:
        raise WrongStateError(N_("This scan was corrected already."))
    if clock.to_ms(at) - event["at"] > within:
        raise WrongStateError(N_("That is too long ago. Correct it at the desk."))
    found = await reading.read_passes([pass_id] if pass_id else [])
    return event, found[pass_id][0] if pass_id in found else None


async def _store(
    act: Act,
    corrected: db.Row,
    facts: PassFacts | None,
    code: str,
    at: datetime,
    plugins: Plugins,
    zone: ZoneInfo,
) -> Verdict:
    station, now = act.station, clock.to_ms(at)
    reason = Message(act.reason.strip()).dump() if act.reason.strip() else ""
    event = EventRow(
        device=station.device_id,
        boot=act.boot,
        seq=act.seq,
        at=max(now, facts.last_at + 1 if facts is not None else 0),
        mono=act.mono,
        clock_offset=now - act.wall if act.wall else 0,
        received_at=now,
        gate=station.gate_id,
        site=station.site_id,
        pass_id=corrected["pass_id"],
        raw_hash="",
        direction=corrected["direction"],
        verdict=ALLOW,
        code=code,
        reason=reason,
        rule="",
        rule_version="",
        mode=ONLINE,
        source="typed",
        bundle=0,
        operator=station.actor.id,
        corrects=corrected["id"],
    )
    made = records.record_of(
        event,
        None,
        actor=station.actor,
        kind=facts.kind if facts is not None else "",
        counters=records.Counters(zone, 0),
        act=f"gate.{code}",
        more={"corrects": corrected["id"], "was": corrected["code"], "why": act.reason.strip()},
    )
    stored = await store_for_open_database().apply([made])
    presence = Presence()
    if facts is not None:
        presence = await refold(facts.pass_id, at=at)
    return Verdict(
        event_id=stored[0],
        verdict="allow",
        code=code,
        reason=Message(act.reason.strip()) if act.reason.strip() else None,
        rule="",
        version="",
        direction=event.direction,
        at=event.at,
        pass_id=event.pass_id,
        kind=facts.kind if facts is not None else "",
        holder=await _holder(facts, plugins),
        inside=presence.inside,
        registration_id=None if facts is None else facts.registration_id,
    )


async def _holder(facts: PassFacts | None, plugins: Plugins) -> HolderCard | None:
    if facts is None:
        return None
    if facts.registration_id is not None:
        visits = await reading.read_visits([facts.registration_id])
        return visits[facts.registration_id].card if visits else None
    return (await plugins.collect_holders([facts])).get(facts.pass_id)


def may_override(actor: Actor, site_id: UUID) -> bool:
    """Say whether an operator may release what is held."""
    return actor.may_at(OVERRIDE_PERMISSION, site_id)
