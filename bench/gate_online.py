"""How soon a gate shows its verdict online while the other gates scan: from the code read to the screen.

A real Chromium at one gate; three more devices send 50 scans a second between them to the same server.
The floor, in the same run: the same page while nobody else scans.

python -m bench.gate_online [--scans 100]
"""

import argparse
import http.client
import json
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.offline_gate import WATCH, migrated, servers_in
from core import clock
from core.gate import devices
from core.permissions import SYSTEM
from core.sites.tables import Gate
from tests.browser import install
from tests.browser.gate_offline import press, ready, scan
from tests.browser.gate_scene import PIN, GateScene, Passes, people_a_gate
from tests.databases import run_alone
from tests.servers import CHROMIUM_FLAGS

OTHERS, PER_SECOND = 3, 50.0


class OtherGate(threading.Thread):
    """A device that scans at a steady pace, whether answers come soon or late."""

    def __init__(self, port: int, code: str, token: str) -> None:
        super().__init__(daemon=True)
        self.token = token
        self.took: list[float] = []
        self.headers: dict[str, str] = {}
        self.line = http.client.HTTPConnection("127.0.0.1", port)
        self.stopped = threading.Event()
        secret = self.ask("/gate/api/enrol", {"code": code})["secret"]
        self.headers = {"x-gate-device": secret}
        keeper = next(o for o in self.ask("/gate/api/operators") if o["name"] == "门卫")
        shift = self.ask("/gate/api/shift", {"operator": keeper["id"], "pin": PIN})
        self.headers["x-gate-shift"] = shift["secret"]

    def ask(self, path: str, body: dict | None = None):
        """Send one request and return what came back."""
        sent = json.dumps(body) if body is not None else None
        headers = {"content-type": "application/json", **self.headers}
        self.line.request("POST" if sent else "GET", path, sent, headers)
        answer = self.line.getresponse()
        read = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{answer.status} {read[:200]!r}")
        return json.loads(read)

    def run(self) -> None:
        """Scan until it is stopped."""
        every, number, next_at = OTHERS / PER_SECOND, 0, time.perf_counter()
        while not self.stopped.is_set():
            number += 1
            began = time.perf_counter()
            self.ask("/gate/api/scan", {"token": self.token, "seq": number, "direction": "auto"})
            self.took.append((time.perf_counter() - began) * 1000)
            next_at += every
            time.sleep(max(0.0, next_at - time.perf_counter()))


def shown(page, texts: list[str], scans: int) -> list[float]:
    """Scan so often and return how long each verdict took to be on the screen, in ms."""
    page.evaluate("() => { took.length = 0; }")
    for place in range(scans):
        scan(page, texts[place % len(texts)])
        page.wait_for_function("count => took.length >= count", arg=place + 1)
        press(page)
        page.wait_for_timeout(600)  # the same code again within 2.5 s is no scan
    return page.evaluate("took")


def measured(scans: int) -> tuple[list[float], list[float], list[float], float]:
    """Return the page's times alone and beside the others, the others' times, and their pace."""
    with tempfile.TemporaryDirectory() as folder, servers_in(Path(folder)) as start:
        url = f"sqlite:///{folder}/laifang.sqlite"
        run_alone(migrated(url))
        os.environ["LAIFANG_DATA"] = f"{folder}/server-0"
        passes, codes = Passes(), []

        async def people() -> None:
            codes.append(await people_a_gate(passes))
            gate = await Gate.objects().first()
            for number in range(OTHERS):
                added = await devices.add_device(
                    f"其他{number}", gate.id, actor=SYSTEM, at=clock.now()
                )
                codes.append(added.code)

        server = start(url, before=people)
        scene = GateScene(server=server, code=codes[0], passes=passes, start=start)
        port = int(server.url.rpartition(":")[2])
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=install.find(), args=CHROMIUM_FLAGS
            )
            page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
            page.add_init_script(WATCH)
            scene.open(page)
            ready(page)
            texts = [passes.forged, *passes.others, passes.revoked]
            alone = shown(page, texts, scans)
            others = [OtherGate(port, code, passes.badge) for code in codes[1:]]
            began = time.perf_counter()
            for other in others:
                other.start()
            beside = shown(page, texts, scans)
            seconds = time.perf_counter() - began
            for other in others:
                other.stopped.set()
                other.join(10)
            chromium.close()
    theirs = [one for other in others for one in other.took]
    return alone, beside, theirs, len(theirs) / seconds


def p99(values: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(values, n=100)[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=100)
    alone, beside, theirs, pace = measured(parser.parse_args().scans)
    line = {
        "bench": "gate_online",
        "scans": len(beside),
        "others_per_second": round(pace, 1),
        "median_ms": round(statistics.median(beside), 1),
        "p99_ms": round(p99(beside), 1),
        "http_p50_ms": round(statistics.median(theirs), 1),
        "http_p99_ms": round(p99(theirs), 1),
        "floor": {
            "what": "the same page while nobody else scans",
            "median_ms": round(statistics.median(alone), 1),
            "p99_ms": round(p99(alone), 1),
        },
        "ratio_p99": round(p99(beside) / p99(alone), 2),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
