"""Visits that follow what gates without network tell late: who came in is inside, who went has left.

The earliest scans that fit move a visit, so that it ends the same in whatever order they arrive. Where
the visit cannot follow, or should not have, a conflict says so; a delivery never fails for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from core import clock, db
from core.decisions import Allow
from core.gate import conflict_rows, presence
from core.gate.delivering import DeliveringDevice
from core.gate.facts import IN, OUT
from core.gate.fold import conflict_key
from core.gate.refolding import COUNTS, as_uuid
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import late, leaving, states

logger = structlog.get_logger(__name__)

_EVENTS = (
    "SELECT e.id, e.device, e.seq, e.pass_id, e.at, e.direction, e.operator FROM scan_event e"  # noqa: S608 - written here
    " JOIN pass p ON p.id = e.pass_id WHERE p.registration = {}"
    f" AND {COUNTS} ORDER BY e.at, e.seq, e.direction, e.device"
)
_VISIT = "SELECT state, entered_at, left_at, site FROM registration WHERE id = {}"
_COMES_IN = frozenset({states.WAITING, states.HELD})
_HAS_ENTERED = frozenset({states.INSIDE, states.LEFT, states.CLOSED})
_NOT_EXPECTED_IN = frozenset({states.EXPECTED, states.REFUSED, states.CANCELLED, states.VOIDED})


async def follow(
    pass_ids: Collection[str],
    stubs: Collection[str],
    passes: Mapping[str, db.Row],
    device: DeliveringDevice,
    *,
    plugins: Plugins,
    at: datetime,
) -> None:
    """Move the visits of these passes as their scans say; `stubs` are those whose stub came back."""
    visits: dict[UUID, bool] = {}
    for pass_id in sorted(pass_ids):
        row = passes.get(pass_id)
        if row is not None and row["registration"] is not None:
            visit = as_uuid(row["registration"])
            visits[visit] = visits.get(visit, False) or pass_id in stubs
    for visit, stub in visits.items():
        mover = _Mover(visit, device, plugins, at, stub=stub)
        try:
            async with db.savepoint():
                await mover.move()
        except Exception as error:
            logger.error("visit_did_not_follow", visit=str(visit), error=repr(error))
            await mover.tell_apart()


class _Mover:
    """Moves one visit after its scans."""

    def __init__(
        self, visit: UUID, device: DeliveringDevice, plugins: Plugins, at: datetime, *, stub: bool
    ) -> None:
        self._visit = visit
        self._device = device
        self._plugins = plugins
        self._at = at
        self._stub = stub

    async def move(self) -> None:
        """Let in, then out, as far as the scans go."""
        events = await db.fetch(_EVENTS, self._visit)
        row = (await db.fetch(_VISIT, self._visit))[0]
        if row["state"] in _COMES_IN:
            await self._come_in(events)
            row = (await db.fetch(_VISIT, self._visit))[0]
        elif row["state"] in _NOT_EXPECTED_IN:
            first = next((one for one in events if one["direction"] == IN), None)
            if first is not None:
                await self._tell(first, row["state"])
        if row["state"] in _HAS_ENTERED and row["entered_at"] is not None:
            entered = await self._entered_earlier(events, clock.to_ms(row["entered_at"]))
            if row["state"] == states.INSIDE:
                await self._go(events, entered)
            elif row["left_at"] is not None:
                await self._left_earlier(events, entered, clock.to_ms(row["left_at"]))
        if row["state"] == states.LEFT and self._stub:
            await leaving.return_stub(
                self._visit, actor=self._actor(None), at=self._at, plugins=self._plugins
            )

    async def _come_in(self, events: list[db.Row]) -> None:
        first = next((one for one in events if one["direction"] == IN), None)
        if first is None:
            return
        decision = await late.came_in(
            self._visit,
            actor=self._actor(first["operator"]),
            at=clock.from_ms(first["at"]),
            plugins=self._plugins,
        )
        if not isinstance(decision, Allow):
            await self._tell(first, decision.code)

    async def _go(self, events: list[db.Row], entered: int) -> None:
        out = next((e for e in events if e["direction"] == OUT and e["at"] >= entered), None)
        if out is None:
            return
        await leaving.leave(
            self._visit,
            actor=self._actor(out["operator"]),
            at=clock.from_ms(out["at"]),
            plugins=self._plugins,
            stub_returned=self._stub,
        )
        await self._refold(events)

    async def _entered_earlier(self, events: list[db.Row], entered: int) -> int:
        """Return when the visitor came in, put right where an earlier scan than that one arrived."""
        came = [one for one in events if one["direction"] == IN]
        if not came or entered not in [one["at"] for one in came[1:]]:
            return entered
        moment = clock.from_ms(came[0]["at"])
        await self._was_earlier(came[0], entered_at=moment)
        return int(came[0]["at"])

    async def _left_earlier(self, events: list[db.Row], entered: int, left: int) -> None:
        """Put right when the visitor left, where an earlier scan than that one arrived."""
        went = [one for one in events if one["direction"] == OUT and one["at"] >= entered]
        if went and left in [one["at"] for one in went[1:]]:
            await self._was_earlier(went[0], left_at=clock.from_ms(went[0]["at"]))
            await self._refold(events)

    async def _was_earlier(self, event: db.Row, **moments: datetime) -> None:
        await late.was_earlier(
            self._visit,
            actor=self._actor(event["operator"]),
            at=self._at,
            plugins=self._plugins,
            **moments,
        )

    async def _refold(self, events: list[db.Row]) -> None:
        """Leaving made the slip worthless from that moment: whoever used it later shows now."""
        for pass_id in sorted({one["pass_id"] for one in events}):
            await presence.refold(pass_id, at=self._at)

    def _actor(self, operator: UUID | None) -> Actor:
        return replace(self._device.actor(operator), kind="device")

    async def _tell(self, event: db.Row, why: str) -> None:
        """Open a conflict: the visit's own state says something else than the gate did."""
        key = conflict_key(
            conflict_rows.VISIT, event["pass_id"], as_uuid(event["device"]), event["seq"]
        )
        now = clock.to_ms(self._at)
        await conflict_rows.open_conflicts(
            [
                (
                    conflict_rows.VISIT, key, event["pass_id"], None, event["id"],
                    self._device.site_id, now, why,
                )
            ]
        )  # fmt: skip

    async def tell_apart(self) -> None:
        """Say that the visit could not follow its scans."""
        events = await db.fetch(_EVENTS, self._visit)
        if events:
            await self._tell(events[-1], "not_followed")
