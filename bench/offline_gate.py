"""How soon a gate shows its verdict without the server: from the code being read to the painted screen.

A real Chromium whose processor is slowed down four times, as a cheap phone's; the scan is on disk before
the verdict shows. Aim: 100 ms at the median. The floor, in the same run: one write of the same browser's
store that is as durable, with nothing decided or shown.

python -m bench.offline_gate [--scans 40]
"""

import argparse
import inspect
import json
import os
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from core import db
from core.schema import migrate
from tests.browser import install
from tests.browser.gate_offline import offline, press, ready, scan, stop
from tests.browser.gate_scene import GateScene, Passes, people_a_gate
from tests.databases import run_alone
from tests.servers import CHROMIUM_FLAGS, start_server

AIM_MS = 100.0
servers_in = contextmanager(inspect.unwrap(start_server))
SLOWER = 4
WATCH = (
    "window.took = []; new PerformanceObserver((list) => list.getEntries().forEach((one) =>"
    " took.push(one.duration))).observe({entryTypes: ['measure']})"
)
_FLOOR = """async (count) => {
  const store = await (await import("/static/gate/store.js")).Store.open();
  const took = [];
  for (let place = 0; place < count; place += 1) {
    const started = performance.now();
    await store.set("bench", place);
    took.push(performance.now() - started);
  }
  return took;
}"""


def measured(scans: int) -> tuple[list[float], list[float]]:
    """Return how long verdicts and how long bare writes took, in ms."""
    with tempfile.TemporaryDirectory() as folder, servers_in(Path(folder)) as start:
        url = f"sqlite:///{folder}/laifang.sqlite"
        run_alone(migrated(url))
        os.environ["LAIFANG_DATA"] = f"{folder}/server-0"
        passes, codes = Passes(), []

        async def people() -> None:
            codes.append(await people_a_gate(passes))

        server = start(url, before=people)
        scene = GateScene(server=server, code=codes[0], passes=passes, start=start)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=install.find(), args=CHROMIUM_FLAGS
            )
            page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
            page.add_init_script(WATCH)
            scene.open(page)
            ready(page)
            stop(scene)
            offline(page)
            slowed = page.context.new_cdp_session(page)
            slowed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            floor = page.evaluate(_FLOOR, scans)
            page.evaluate("() => { took.length = 0; }")
            texts = [passes.forged, *passes.others, passes.revoked]
            for place in range(scans):
                scan(page, texts[place % len(texts)])
                page.wait_for_function("count => took.length >= count", arg=place + 1)
                press(page)
                page.wait_for_timeout(600)  # the same code again within 2.5 s is no scan
            took = page.evaluate("took")
            chromium.close()
    return took, floor


async def migrated(url: str) -> None:
    """Make the tables."""
    await db.open(url)
    try:
        await migrate()
    finally:
        await db.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=40)
    took, floor = measured(parser.parse_args().scans)
    median, bare = statistics.median(took), statistics.median(floor)
    line = {
        "bench": "offline_gate",
        "scans": len(took),
        "slowed": SLOWER,
        "median_ms": round(median, 1),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "worst_ms": round(max(took), 1),
        "floor_ms": round(bare, 1),
        "ratio": round(median / bare, 1),
        "aim_ms": AIM_MS,
        "met": median <= AIM_MS,
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
