"""One path for every online scan: verify, queue, load the batch, judge, store it, answer.

Scans that arrive while a batch is under way are the next batch; an idle gate has batches of one. A
pass is in one batch once: a second scan of it waits until the first is decided. Nothing is answered
before it is durable. A scan whose pass changed between reading and storing is decided anew.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from core import clock, db
from core.decisions import Allow, Deny
from core.gate import records
from core.gate.facts import GateRules, HolderCard, PassFacts
from core.gate.judging import Judge, Judged, token_denial
from core.gate.keys import KnownKeys
from core.gate.scans import GateBusyError, Loaded, NotStoredError, Record, Scan, Store, Verdict
from core.gate.visits import VisitChangedError, pass_visit
from core.gate.writing import store as store_for_open_database
from core.passes.token import TokenBody, TokenError, normalise_scan, raw_hash, read
from core.plugins import Plugins

logger = structlog.get_logger(__name__)

MOST_WAITING = 1000
MOST_IN_BATCH = 64
MOST_ATTEMPTS = 25
STORE_SECONDS = 10.0
HOLDERS_SECONDS = 0.5
SLOW_SECONDS = 0.1
SHARDS = 16


class _Item:
    """A scan on its way. `fault` is what is wrong with its token, `body` what a genuine one says."""

    __slots__ = ("answer", "at", "attempts", "body", "fault", "pass_id", "raw_hash", "scan")

    def __init__(self, scan: Scan, at: int, answer: "asyncio.Future[Verdict]") -> None:
        self.scan = scan
        self.at = at
        self.answer = answer
        self.attempts = 0
        self.body: TokenBody | None = None
        self.fault: Deny | None = None
        self.pass_id: str | None = None
        self.raw_hash = ""

    @property
    def key(self) -> tuple[UUID, int]:
        return self.scan.station.device_id, self.scan.seq

    def settle(self, verdict: Verdict) -> None:
        if not self.answer.done():
            self.answer.set_result(verdict)

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class Pipeline:
    """The scans of one process."""

    def __init__(
        self,
        plugins: Plugins,
        *,
        zone: ZoneInfo,
        rules: GateRules | None = None,
        store: Store | None = None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._plugins = plugins
        self._judge = Judge(plugins, zone, rules or GateRules())
        self._store: Store = store or store_for_open_database()
        self._keys = KnownKeys()
        shard = 0 if db.is_sqlite() else secrets.randbelow(SHARDS)
        self._counters = records.Counters(zone, shard)
        self._most_waiting = most_waiting
        self._queue: deque[_Item] = deque()
        self._under_way: set[str] = set()
        self._keys_under_way: set[tuple[UUID, int]] = set()
        self._pumps = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.scans = 0
        self.batches = 0

    @property
    def waiting(self) -> int:
        """How many scans wait for a batch."""
        return len(self._queue)

    async def submit(self, scan: Scan) -> Verdict:
        """Return the verdict on a scan once it is stored.

        GateBusyError when too many wait; NotStoredError when it could not be stored: then there is
        no verdict, and the same scan may be sent again.
        """
        if len(self._queue) >= self._most_waiting:
            raise GateBusyError
        item = _Item(scan, clock.now_ms(), asyncio.get_running_loop().create_future())
        await self._verify(item)
        self._queue.append(item)
        self._wake()
        return await item.answer

    async def close(self) -> None:
        """Wait until what is under way is stored and answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- verify

    async def _verify(self, item: _Item) -> None:
        text = normalise_scan(item.scan.text)
        keys = await self._keys.current()
        try:
            try:
                item.body = read(text, keys)
            except TokenError as error:
                if error.code != "token_key_unknown":
                    raise
                item.body = read(text, await self._keys.newest())
            item.pass_id = item.body.pass_id.hex()
        except TokenError as error:
            item.fault = token_denial(error.code)
            item.raw_hash = raw_hash(text)

    # -- batches

    def _wake(self) -> None:
        if self._queue and self._pumps < self._store.pumps:
            self._pumps += 1
            self._start(self._pump())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pump(self) -> None:
        try:
            while batch := self._take():
                try:
                    await self._handle(batch)
                except Exception as error:
                    logger.error("scan_batch_failed", scans=len(batch), exc_info=error)
                    for item in batch:
                        self._release(item)
                        item.fail(NotStoredError())
        finally:
            self._pumps -= 1

    def _take(self) -> list[_Item]:
        """Take the next batch: of one pass, and of one device and number, only the first scan."""
        batch: list[_Item] = []
        passed_over: list[_Item] = []
        while self._queue and len(batch) < MOST_IN_BATCH:
            item = self._queue.popleft()
            if item.answer.done():  # whoever asked has gone
                continue
            if item.pass_id in self._under_way or item.key in self._keys_under_way:
                passed_over.append(item)
                continue
            if item.pass_id is not None:
                self._under_way.add(item.pass_id)
            self._keys_under_way.add(item.key)
            batch.append(item)
        self._queue.extendleft(reversed(passed_over))
        return batch

    def _release(self, item: _Item) -> None:
        """Let other scans of the same pass go on."""
        if item.pass_id is not None:
            self._under_way.discard(item.pass_id)
        self._keys_under_way.discard(item.key)

    def _again(self, item: _Item) -> None:
        """Decide a scan anew: what was read of its pass is not true any more."""
        self._release(item)
        item.attempts += 1
        if item.attempts >= MOST_ATTEMPTS:
            item.fail(GateBusyError())
        else:
            self._queue.appendleft(item)

    async def _handle(self, batch: list[_Item]) -> None:
        self.batches += 1
        self.scans += len(batch)
        try:
            async with asyncio.timeout(STORE_SECONDS):
                loaded = await self._store.load(
                    [item.pass_id for item in batch if item.pass_id is not None],
                    [item.key for item in batch if item.attempts],
                )
        except Exception as error:
            self._lose(batch, error)
            return
        cards = await self._holders(list(loaded.passes.values()))
        items = [item for item in batch if not self._answer_known(item, loaded, cards)]
        judged = await self._judge_all(items, loaded, cards)
        plain: list[tuple[_Item, Judged, Record]] = []
        for item, decided in zip(items, judged, strict=True):
            scanned = decided.scanned
            if (
                scanned is not None
                and scanned.registration_id is not None
                and isinstance(decided.decision, Allow)
            ):
                self._start(self._visit(item, decided, loaded))
            else:
                plain.append((item, decided, self._record(item, decided, loaded)))
        await self._store_plain(plain)

    def _answer_known(self, item: _Item, loaded: Loaded, cards: Mapping[str, HolderCard]) -> bool:
        known = loaded.known.get(item.key)
        if known is None:
            return False
        scanned = loaded.passes.get(known.pass_id or "")
        card = None
        if scanned is not None:
            visit = loaded.visits.get(scanned.registration_id) if scanned.registration_id else None
            card = visit.card if visit is not None else cards.get(scanned.pass_id)
        self._release(item)
        item.settle(records.answer_again(known, scanned, card))
        return True

    # -- judge

    async def _holders(self, passes: Sequence[PassFacts]) -> dict[str, HolderCard]:
        """Ask the plugins who holds these passes; whoever fails leaves them unknown."""
        asked = [one for one in passes if one.registration_id is None]
        if not asked:
            return {}
        cards: dict[str, HolderCard] = {}
        try:
            async with asyncio.timeout(HOLDERS_SECONDS):
                cards = await self._plugins.collect_holders(asked)
        except Exception as error:
            logger.error("holders_not_known", error=repr(error))
        if db.in_transaction():
            logger.error("hook_left_transaction_open", hook="collect_holders")
            await db.abandon()
        return {key: card for key, card in cards.items() if isinstance(card, HolderCard)}

    async def _judge_all(
        self, items: Sequence[_Item], loaded: Loaded, cards: dict[str, HolderCard]
    ) -> list[Judged]:
        """Judge one after another; once one is slow, the rest at the same time, so that none waits."""
        judged: list[Judged] = []
        for place, item in enumerate(items):
            started = clock.monotonic()
            judged.append(await self._judge_one(item, loaded, cards))
            if clock.monotonic() - started > SLOW_SECONDS:
                rest = (self._judge_one(other, loaded, cards) for other in items[place + 1 :])
                judged += await asyncio.gather(*rest)
                break
        return judged

    async def _judge_one(self, item: _Item, loaded: Loaded, cards: dict[str, HolderCard]) -> Judged:
        if item.fault is not None or item.body is None:
            fault = item.fault or token_denial("token_length")
            return Judged(decision=fault, direction=item.scan.direction or 0)
        return await self._judge.judge(item.scan, item.body, item.at, loaded, cards)

    # -- store

    def _record(self, item: _Item, judged: Judged, loaded: Loaded) -> Record:
        event = records.event_of(
            item.scan, judged, item.at, pass_id=item.pass_id, raw_hash=item.raw_hash
        )
        last_event = loaded.last_events.get(item.pass_id or "", 0)
        return records.record_of(
            event,
            records.move_of(judged, event, last_event),
            actor=item.scan.station.actor,
            kind=judged.scanned.kind if judged.scanned else "",
            counters=self._counters,
            generation=None if item.body is None else item.body.generation,
        )

    async def _store_plain(self, plain: list[tuple[_Item, Judged, Record]]) -> None:
        if not plain:
            return
        try:
            async with asyncio.timeout(STORE_SECONDS):
                stored = await self._store.apply([record for _, _, record in plain])
        except Exception as error:
            if len(plain) == 1:
                self._lose([item for item, _, _ in plain], error)
                return
            logger.warning("scan_batch_split", scans=len(plain), error=repr(error))
            for one in plain:  # so that none fails for its neighbour's sake
                await self._store_plain([one])
            return
        for place, (item, judged, record) in enumerate(plain):
            event_id = stored.get(place)
            if event_id is None:
                self._again(item)
            else:
                self._release(item)
                item.settle(records.answer(event_id, record, judged))

    async def _visit(self, item: _Item, judged: Judged, loaded: Loaded) -> None:
        """Let a visitor in or out: the visit moves in the scan's own transaction."""
        try:
            async with asyncio.timeout(STORE_SECONDS):
                event_id, judged, record = await pass_visit(
                    judged,
                    lambda decided: self._record(item, decided, loaded),
                    actor=item.scan.station.actor,
                    at=clock.from_ms(item.at),
                    plugins=self._plugins,
                    store=self._store,
                )
        except VisitChangedError:
            self._again(item)
        except Exception as error:
            self._lose([item], error)
        else:
            self._release(item)
            item.settle(records.answer(event_id, record, judged))
        self._wake()

    def _lose(self, batch: Sequence[_Item], error: Exception) -> None:
        """Answer that nothing was stored."""
        logger.error("scans_not_stored", scans=len(batch), error=repr(error))
        for item in batch:
            self._release(item)
            item.fail(NotStoredError())
