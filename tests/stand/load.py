"""Clients in a process of their own: keep-alive sockets, no HTTP library, latencies kept.

`python -m tests.stand.load STAND PORT CLIENTS SECONDS OFFSET` prints one line of JSON. Each client has
its own devices and passes and sends them without a direction, each the other way than last time (the
server has no anti-passback window), so that every scan is allowed. Numbers go on from the
microsecond, so that runs do not repeat each other's.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

import uvloop

from tests.stand.data import Stand, StoredDevice

DEVICES_EACH = 16


def request(device: StoredDevice, token: str, direction: str, seq: int) -> bytes:
    """Return a scan as it goes over the wire."""
    body = f'{{"token":"{token}","seq":{seq},"direction":"{direction}","boot":"load"}}'
    return (
        "POST /gate/api/scan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Gate-Device: {device.device}\r\nX-Gate-Shift: {device.shift}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Client(asyncio.Protocol):
    """One connection: the next scan goes out as soon as an answer is in."""

    def __init__(self, devices, tokens, first_seq: int, end: float, done) -> None:
        self.devices, self.tokens = devices, tokens
        self.seq, self.end, self.done = first_seq, end, done
        self.count = 0
        self.latencies: list[float] = []
        self.verdicts: dict[str, int] = {}
        self.buffer = b""
        self.sent = 0.0

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        count = self.count
        place = count % len(self.tokens)
        self.count += 1
        self.seq += 1
        device = self.devices[count % len(self.devices)]
        self.sent = time.perf_counter()
        self.transport.write(request(device, self.tokens[place], "auto", self.seq))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        start = head.lower().find(b"content-length:") + 15
        if len(body) < int(
            head[start : head.find(b"\r\n", start) if b"\r\n" in head[start:] else None]
        ):
            return
        now = time.perf_counter()
        self.latencies.append(now - self.sent)
        verdict = _verdict(head, body)
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1
        self.buffer = b""
        if now < self.end:
            self.send()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, error) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("closed"))


def _verdict(head: bytes, body: bytes) -> str:
    if not head.startswith(b"HTTP/1.1 200"):
        return head[9:12].decode()
    verdict = _text(body, b'"verdict":"')
    return verdict if verdict == "allow" else f"{verdict} {_text(body, CODE)}"


CODE = b'"code":"'


def _text(body: bytes, key: bytes) -> str:
    start = body.find(key) + len(key)
    return body[start : body.find(b'"', start)].decode()


async def run(stand: Stand, port: int, clients: int, seconds: float, offset: int) -> dict:
    """Send for so long and return what came of it."""
    loop = asyncio.get_running_loop()
    share = len(stand.tokens) // clients
    tokens = stand.tokens[offset:] + stand.tokens[:offset]
    made = []
    first = int(time.time() * 1_000_000)
    began = time.perf_counter()
    end = began + seconds
    for number in range(clients):
        devices = [
            stand.devices[(number * DEVICES_EACH + n) % len(stand.devices)]
            for n in range(DEVICES_EACH)
        ]
        done = loop.create_future()
        mine = tokens[number * share : (number + 1) * share]
        _, client = await loop.create_connection(
            lambda d=devices, m=mine, f=done: Client(d, m, first, end, f), "127.0.0.1", port
        )
        made.append((client, done))
    await asyncio.gather(*(done for _, done in made))
    elapsed = time.perf_counter() - began
    latencies = sorted(one for client, _ in made for one in client.latencies)
    verdicts: dict[str, int] = {}
    for client, _ in made:
        for verdict, count in client.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + count
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "per_second": len(latencies) / elapsed,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
        "max_ms": latencies[-1] * 1000,
        "count": len(latencies),
        "client_cpu": (usage.ru_utime + usage.ru_stime) / elapsed,
        "verdicts": verdicts,
    }


def main() -> None:
    path, port, clients, seconds, offset = sys.argv[1:]
    stand = Stand.load(Path(path))
    result = uvloop.run(run(stand, int(port), int(clients), float(seconds), int(offset)))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
