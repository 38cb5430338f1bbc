"""Scans under kill -9: what was acknowledged is stored, once, as it was answered, with its log row.

`python -m tests.faults.harness --seconds 300 --engine both` prints a line of JSON for each engine and
ends with 1 if anything was lost. Sixteen clients send scans, each until it is answered; each second a
server process is killed and started again. On SQLite there is one process, on PostgreSQL two, and a
scan may reach both. `--unguarded` switches the comparison of passes off, to see that it is noticed.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from core.gate.writing import TEST_MARK, UNGUARDED
from tests.faults.checking import FAULTS, Sent, verify
from tests.stand.data import DATABASE_FILE, Stand, StoredDevice, prepare
from tests.stand.load import request
from tests.stand.processes import ROOT, a_postgres, free_port

CLIENTS = 16
DEVICES_EACH = 16
PASSES, SINGLE = 1000, 5000
KILL_EVERY = 1.0
AT_ONCE = 12  # so many passes for one entry are shown at the gates at the same time


@dataclass
class Run:
    """What happened while it ran."""

    stand: Stand
    ports: list[int]
    dice: random.Random
    over: bool = False
    lasted: float = 0.0
    acknowledged: list[Sent] = field(default_factory=list)
    attempts: int = 0
    failures: int = 0
    kills: int = 0
    shown: int = 0
    latencies: list[float] = field(default_factory=list)


class Nursery:
    """The process that starts servers, and the servers that run."""

    def __init__(self, folder: Path, url: str, *, unguarded: bool) -> None:
        environment = {
            **os.environ,
            "LAIFANG_DATA": str(folder),
            "LAIFANG_DATABASE_URL": url,
            "LAIFANG_LOCALE": "en",
        }
        if unguarded:
            (folder / TEST_MARK).touch()
            environment[UNGUARDED] = "1"
        self.log = folder / "servers.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.stand.nursery"],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._read()
        self.servers: dict[int, int] = {}

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(self.log.read_text()[-3000:])
        return line

    def start(self, port: int) -> None:
        """Start a server on the port."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{port}\n")
        self._process.stdin.flush()
        self.servers[port] = int(self._read())

    async def kill(self, port: int) -> None:
        """Kill the server on the port as the out-of-memory killer would, and see it gone."""
        pid = self.servers.pop(port)
        os.kill(pid, signal.SIGKILL)
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Kill what runs."""
        for port in list(self.servers):
            await self.kill(port)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


async def answers(port: int) -> bool:
    """Say whether a server listens."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.transport.abort()
    return True


class Client:
    """One guard: sends a scan until it is acknowledged, then the next."""

    def __init__(self, run: Run, number: int) -> None:
        self.run = run
        devices = run.stand.devices
        self.devices = [
            devices[(number * DEVICES_EACH + n) % len(devices)] for n in range(DEVICES_EACH)
        ]
        self.seq = int(time.time() * 1_000_000)
        self.connections: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def work(self) -> None:
        """Scan until the run is over."""
        run = self.run
        while not run.over:
            self.seq += 1
            device = self.devices[self.seq % DEVICES_EACH]
            token, direction = self._choose()
            await self._until_acknowledged(device, token, direction)
        for port in list(self.connections):
            self._hang_up(port)

    def _hang_up(self, port: int) -> None:
        if (connection := self.connections.pop(port, None)) is not None:
            connection[1].transport.abort()

    def _choose(self) -> tuple[str, str]:
        """Return a pass that is good for one entry and shown at many gates, or any other."""
        run = self.run
        if run.dice.random() < 0.5:
            run.shown += 1
            first = run.shown // 4 % SINGLE
            return run.stand.single[(first + run.dice.randrange(AT_ONCE)) % SINGLE], "in"
        return run.dice.choice(run.stand.tokens), run.dice.choice(("in", "out"))

    async def _until_acknowledged(self, device: StoredDevice, token: str, direction: str) -> None:
        run, seq = self.run, self.seq
        while not run.over:
            run.attempts += 1
            port = run.dice.choice(run.ports)
            began = time.perf_counter()
            try:
                status, body = await asyncio.wait_for(
                    self._ask(port, request(device, token, direction, seq)), 10
                )
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
                run.failures += 1
                self._hang_up(port)
                await asyncio.sleep(0.01)
                continue
            if status != 200:
                run.failures += 1
                await asyncio.sleep(0.02)
                continue
            answer = json.loads(body)
            run.latencies.append(time.perf_counter() - began)
            run.acknowledged.append(
                Sent(device.id, seq, answer["event"], answer["verdict"], answer["code"])
            )
            return

    async def _ask(self, port: int, message: bytes) -> tuple[int, bytes]:
        found = self.connections.get(port)
        if found is None:
            found = self.connections[port] = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = found
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return int(head[9:12]), await reader.readexactly(int(length))


async def torment(
    run: Run, nursery: Nursery, seconds: float, *, kill: bool, least: int = 0
) -> None:
    """Let clients scan for so long, and kill a server each second of it.

    On a slow machine it lasts up to five times as long, until `least` scans are acknowledged.
    """
    for port in run.ports:
        nursery.start(port)
    while not all([await answers(port) for port in run.ports]):
        await asyncio.sleep(0.05)
    clients = [asyncio.create_task(Client(run, number).work()) for number in range(CLIENTS)]
    began = time.monotonic()

    def goes_on() -> bool:
        passed = time.monotonic() - began
        return passed < seconds or (passed < 5 * seconds and len(run.acknowledged) < least)

    while goes_on():
        await asyncio.sleep(KILL_EVERY)
        if kill and goes_on():
            port = run.dice.choice(run.ports)
            await nursery.kill(port)
            run.kills += 1
            nursery.start(port)
            while not await answers(port):
                await asyncio.sleep(0.005)
    run.over, run.lasted = True, time.monotonic() - began
    await asyncio.wait_for(asyncio.gather(*clients), 60)


async def a_round(
    engine: str,
    folder: Path,
    url: str,
    seconds: float,
    *,
    kill: bool,
    unguarded: bool,
    seed: int,
    least: int,
) -> dict[str, object]:
    """Prepare, torment, verify; return what was found."""
    stand = await prepare(
        folder, url, passes_=PASSES, single=SINGLE, devices=CLIENTS * DEVICES_EACH
    )
    ports = [free_port() for _ in range(1 if engine == "sqlite" else 2)]
    run = Run(stand=stand, ports=ports, dice=random.Random(seed))
    nursery = Nursery(folder, url, unguarded=unguarded)
    try:
        await torment(run, nursery, seconds, kill=kill, least=least)
    finally:
        await nursery.close()
    found = await verify(run.acknowledged, url)
    run.latencies.sort()
    return {
        "harness": "kill" if kill else "no kill",
        "engine": engine,
        "guarded": not unguarded,
        "seconds": round(run.lasted, 1),
        "processes": len(ports),
        "clients": CLIENTS,
        "kills": run.kills,
        "acknowledged": len(run.acknowledged),
        "attempts": run.attempts,
        "failed_attempts": run.failures,
        "p50_ms": round(run.latencies[len(run.latencies) // 2] * 1000, 1),
        "p99_ms": round(run.latencies[int(len(run.latencies) * 0.99)] * 1000, 1),
        **found,
    }


def run_engine(
    engine: str,
    seconds: float,
    *,
    kill: bool = True,
    unguarded: bool = False,
    seed: int = 1,
    least: int = 0,
) -> dict[str, object]:
    """Run one round on a fresh database of this engine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="laifang-kill-")))
        url = f"sqlite:///{folder / DATABASE_FILE}"
        if engine != "sqlite":
            url = stack.enter_context(a_postgres())
        return uvloop.run(
            a_round(
                engine, folder, url, seconds, kill=kill, unguarded=unguarded, seed=seed, least=least
            )
        )


def main() -> None:
    """Run the rounds that were asked for."""
    parser = argparse.ArgumentParser(description="Scans under kill -9.")
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--unguarded", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    engines = ("sqlite", "postgresql") if given.engine == "both" else (given.engine,)
    bad = False
    for engine in engines:
        found = run_engine(
            engine, given.seconds, unguarded=given.unguarded, kill=not given.unguarded,
            seed=given.seed,
        )  # fmt: skip
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        bad = bad or any(found[fault] for fault in FAULTS)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
