"""Gates that were cut off for days, and what must come of it in whatever order they deliver.

A world makes a history: devices with clocks that are right or out by up to a day, restarts, clones,
scans taken back, passes revoked meanwhile, scans lost for good. It knows what really happened when. Then
the history is delivered, in pieces, more than once, in any order; and what the database says in the end
is compared with what happened.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from core import clock, db
from core.gate.delivering import delivering_device
from core.gate.fold import ALLOW, DENY, HOLD
from core.gate.ingest import Ingest
from core.gate.offline_events import OfflineEvent, Upload
from core.gate.placing import DeviceClock
from core.gate.tables import Device
from core.passes import services as passes
from core.permissions import SYSTEM
from core.plugins import Plugins
from core.sites.tables import Gate
from tests.core.gate.scene import ZONE, a_badge, a_lodge, a_site

IN, OUT = 0, 1
HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_795_305_600_000  # 2026-11-22 00:00 UTC
VERDICTS = (ALLOW, ALLOW, ALLOW, ALLOW, HOLD, DENY)


@dataclass
class Body:
    """One physical device; a clone is another one with the same id and secret."""

    id: UUID
    boot: str
    skew: int  # its wall clock is ahead by so much
    learned: bool  # it knows that, from the server
    seq: int = 0
    booted: int = START
    queue: list = field(default_factory=list)


@dataclass(frozen=True)
class Happened:
    """What really happened, and as whose act of which number it is told."""

    event: OfflineEvent
    device: UUID
    pass_number: int  # -1: a forged one
    at: int
    undoes: "Happened | None" = None


@dataclass
class World:
    """A site with gates, devices and passes, and its history."""

    dice: random.Random
    badges: list
    single: set
    devices: list
    ingest: Ingest
    now: int = START + DAY
    bodies: list = field(default_factory=list)
    happened: list = field(default_factory=list)
    lost: set = field(default_factory=set)
    revoked: dict = field(default_factory=dict)
    boots: int = 0
    delivered: Counter = field(default_factory=Counter)

    # -- what happens

    def boot(self):
        """The name of a new life of a page."""
        self.boots += 1
        return f"b{self.boots}"

    def pass_time(self, ms):
        """Let time go on; two things never happen in the same millisecond."""
        self.now += max(1, ms)

    def a_body(self):
        return self.dice.choice(self.bodies)

    def scan(self, body=None):
        """Somebody shows a pass."""
        body = body or self.a_body()
        dice = self.dice
        number = dice.randrange(len(self.badges))
        forged = dice.random() < 0.01
        token = self.badges[number].token
        if forged:
            token = token[:60] + ("A" if token[60] != "A" else "B") + token[61:]
        self.pass_time(dice.randrange(1, 20 * 60_000))
        verdict = ALLOW if forged else dice.choice(VERDICTS)
        direction = dice.choice((IN, OUT))
        self._act(body, -1 if forged else number, token, direction, verdict)

    def undo(self, body=None):
        """The guard takes a scan back."""
        body = body or self.a_body()
        own = [
            one
            for one in self.happened
            if one.event.boot == body.boot and one.event.act == "scan" and one.pass_number >= 0
        ]
        if own:
            target = self.dice.choice(own[-5:])
            self.pass_time(self.dice.randrange(1, 60_000))
            self._act(
                body, target.pass_number, target.event.token, target.event.direction, ALLOW,
                act="undo", undoes=target,
            )  # fmt: skip

    def _act(self, body, number, token, direction, verdict, act="scan", undoes=None):
        body.seq += 1
        event = OfflineEvent(
            act=act,
            seq=body.seq,
            boot=body.boot,
            wall=self.now + body.skew,
            mono=self.now - body.booted,
            offset=-body.skew if body.learned else 0,
            token=token,
            raw_hash="",
            direction=direction,
            source="camera",
            verdict=verdict,
            code=act if act != "scan" else "",
            reason="",
            rule="",
            version="",
            bundle=0,
            operator=None,
            corrects=undoes.event.seq if undoes else None,
            note="",
        )
        one = Happened(event, body.id, number, self.now, undoes)
        self.happened.append(one)
        body.queue.append(one)

    def restart(self, body=None):
        """A device starts anew; what a clock forgets it tells by what it has learned."""
        body = body or self.a_body()
        if not body.learned:
            return  # of an earlier life it could not tell how wrong its clock was
        body.boot, body.booted = self.boot(), self.now
        body.skew = self.dice.choice((0, 0, self.dice.randrange(-DAY, DAY)))

    def clone(self, body=None):
        """Somebody copies a device with its secret and its count."""
        body = body or self.a_body()
        if len(self.bodies) < 12:
            self.bodies.append(
                Body(body.id, self.boot(), body.skew, True, seq=body.seq, booted=self.now)
            )

    def lose(self, body=None):
        """A scan that waits is lost with the device's storage."""
        body = body or self.a_body()
        twice = self._twice()
        own = [
            one
            for one in body.queue
            if (one.device, one.event.seq) not in twice
            and not self.delivered[one.device, one.event.boot, one.event.seq]
        ]
        if own:
            one = self.dice.choice(own)
            body.queue.remove(one)
            self.happened.remove(one)
            self.lost.add((one.device, one.event.seq))

    def _twice(self):
        numbers = Counter((one.device, one.event.seq) for one in self.happened)
        return {number for number, times in numbers.items() if times > 1}

    async def revoke(self):
        """The desk revokes a pass, now."""
        number = self.dice.randrange(len(self.badges))
        if number not in self.revoked:
            self.pass_time(1)
            self.revoked[number] = self.now
            await passes.revoke(
                self.badges[number].pass_id, reason="lost", actor=SYSTEM, at=clock.from_ms(self.now)
            )

    # -- delivering

    async def deliver(self, body=None, *, forget=True):
        """A device delivers some of what waits, in any order, some of it twice; the answer may be lost."""
        body = body or self.a_body()
        dice = self.dice
        self.pass_time(1)
        part = dice.sample(body.queue, min(len(body.queue), dice.randrange(1, 60)))
        again = dice.sample(part, min(len(part), dice.randrange(4)))
        await self.send(body.id, [*part, *again], body)
        if forget and dice.random() < 0.8:
            body.queue = [one for one in body.queue if one not in part]

    async def send(self, device_id, some, body=None, waiting=None):
        """Deliver acts; each must be acknowledged or kept for a person."""
        sent = DeviceClock()
        if body is not None:
            sent = DeviceClock(self.now + body.skew, self.now - body.booted, body.boot)
        events = [one.event for one in some]
        upload = Upload(
            events=events, waiting=len(events) + 1 if waiting is None else waiting, sent=sent
        )
        device = await delivering_device(device_id)
        done = await self.ingest.take(upload, device, at=clock.from_ms(self.now))
        told = {*done.acked, *(seq for seq, _ in done.quarantined)}
        assert told == {event.seq for event in events}
        self.delivered.update((device_id, e.boot, e.seq) for e in events)

    async def finish(self):
        """Days later every device delivers what it still holds, and says that nothing waits any more."""
        self.pass_time(self.dice.randrange(HOUR, 7 * DAY))
        for body in self.bodies:
            while body.queue:
                part, body.queue = body.queue[:500], body.queue[500:]
                await self.send(body.id, part, body)
        for device in self.devices:
            await self.send(device, [], waiting=0)

    async def start_over(self):
        """Empty the database of all that was delivered."""
        for table in ("scan_quarantine", "scan_conflict", "scan_event", "scan_counter"):
            await db.execute(f"DELETE FROM {table}")
        await db.execute(
            "UPDATE pass SET inside = 0, entries = 0, last_at = 0, last_direction = -1,"
            " last_event = 0"
        )
        await db.execute("UPDATE gate_device SET seq_floor = 0, waiting = 0, last_seq = 0")
        self.delivered.clear()

    async def deliver_all(self):
        """Deliver the whole history in another order, in pieces, some of them twice."""
        pieces = []
        for device in self.devices:
            own = [one for one in self.happened if one.device == device]
            self.dice.shuffle(own)
            while own:
                size = self.dice.randrange(1, 200)
                pieces.append((device, own[:size]))
                own = own[size:]
        pieces += self.dice.sample(pieces, len(pieces) // 4)
        self.dice.shuffle(pieces)
        bodies = {body.boot: body for body in self.bodies}
        for device, piece in pieces:
            for body in {one.event.boot: None for one in piece}:
                some = [one for one in piece if one.event.boot == body]
                await self.send(device, some, bodies.get(body))
        for device in self.devices:
            await self.send(device, [], waiting=0)

    # -- what must come of it

    def truth(self):
        """Who is inside and what a person must explain, from what really happened."""
        undone = {id(one.undoes) for one in self.happened if one.undoes is not None}
        state, found = {}, set()
        for number in range(len(self.badges)):
            inside, entries, last = False, 0, (0, -1)
            for one in sorted(self.happened, key=lambda one: one.at):
                event = one.event
                if one.pass_number != number or event.act != "scan" or event.verdict != ALLOW:
                    continue
                if id(one) in undone:
                    continue
                who = (number, event.boot, event.seq)
                if event.direction == IN and inside:
                    found.add(("double_entry", *who))
                if event.direction == OUT and not inside:
                    found.add(("exit_without_entry", *who))
                if event.direction == IN:
                    entries += 1
                    if number in self.single and entries > 1:
                        found.add(("second_single_entry", *who))
                    if number in self.revoked and one.at >= self.revoked[number]:
                        found.add(("entry_after_revocation", *who))
                inside, last = event.direction == IN, (one.at, event.direction)
            state[number] = (inside, entries, *last)
        return state, found

    async def told(self):
        """The same as the database tells it."""
        numbers = {badge.pass_id: number for number, badge in enumerate(self.badges)}
        rows = await db.fetch("SELECT id, inside, entries, last_at, last_direction FROM pass")
        state = {
            numbers[r["id"]]: (bool(r["inside"]), r["entries"], r["last_at"], r["last_direction"])
            for r in rows
        }
        rows = await db.fetch(
            "SELECT c.kind, c.pass_id, e.boot, e.seq FROM scan_conflict c"
            " JOIN scan_event e ON e.id = c.second_event WHERE c.closed_at IS NULL"
            " AND c.kind IN ('double_entry', 'exit_without_entry', 'second_single_entry',"
            " 'entry_after_revocation')"
        )
        return state, {(r["kind"], numbers[r["pass_id"]], r["boot"], r["seq"]) for r in rows}

    async def check(self):
        """Compare all that was delivered with all that happened."""
        state, conflicts = await self.told()
        true_state, true_conflicts = self.truth()
        assert state == true_state
        assert conflicts == true_conflicts
        stored = await db.fetch("SELECT boot, seq, at, device FROM scan_event")
        aside = await db.fetch("SELECT seq, code FROM scan_quarantine WHERE code = 'forged'")
        genuine = [one for one in self.happened if one.pass_number >= 0]
        assert {(r["boot"], r["seq"]): r["at"] for r in stored} == {
            (one.event.boot, one.event.seq): one.at for one in genuine
        }
        assert len(stored) == len(genuine)
        assert len(aside) == len(self.happened) - len(genuine)
        await self._check_numbers(genuine)
        counted = await db.fetch("SELECT coalesce(sum(total), 0) AS n FROM scan_counter")
        assert int(counted[0]["n"]) == len(genuine)

    async def _check_numbers(self, genuine):
        keys = {
            kind: {
                row["key"]
                for row in await db.fetch(
                    "SELECT key FROM scan_conflict WHERE kind = {} AND closed_at IS NULL", kind
                )
            }
            for kind in ("fork", "gap", "clock")
        }
        numbers = Counter((one.device, one.event.seq) for one in genuine)
        assert keys["fork"] == {f"fork/{d}:{seq}" for (d, seq), n in numbers.items() if n > 1}
        assert keys["clock"] == {
            f"clock/{one.device}/{one.event.boot}"
            for one in genuine
            if abs(one.event.wall - one.at) > 5 * 60_000
        }
        missing = set()
        for device in self.devices:
            own = {one.event.seq for one in self.happened if one.device == device}
            gone = [seq for seq in range(1, max(own, default=0)) if seq not in own]
            missing |= {f"gap/{device}:{seq}" for seq in gone if seq - 1 not in gone}
        assert keys["gap"] == missing


async def a_world(seed: int, *, badges: int = 12, devices: int = 4) -> World:
    """Make a site in the open database."""
    dice = random.Random(seed)
    site = await a_site(f"W{uuid4().hex[:8]}", audience=dice.randrange(1, 60_000))
    at = clock.from_ms(START)
    gates = [Gate(site=site.id, code=f"G{n}", name=f"Gate {n}", zone=n) for n in range(2)]
    await Gate.insert(*gates)
    ids = [uuid4() for _ in range(devices)]
    for number, device in enumerate(ids):
        gate = gates[number % 2]
        await Device.insert(Device(id=device, name=f"D{number}", gate=gate.id, created_at=at))
    single = set(range(0, badges, 4))
    issued = [
        await a_badge(
            site.id, at=at, single_entry=number in single, expires=clock.from_ms(4_200_000_000_000)
        )
        for number in range(badges)
    ]
    world = World(
        dice=dice,
        badges=issued,
        single=single,
        devices=ids,
        ingest=Ingest(Plugins({"lodge": a_lodge()}), zone=ZONE),
    )
    for number, device in enumerate(ids):
        skew = (0, dice.randrange(-DAY, DAY), 0, dice.randrange(-DAY, DAY))[number % 4]
        world.bodies.append(Body(device, world.boot(), skew, learned=number % 4 != 3))
    return world
