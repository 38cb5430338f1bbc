"""How long 50 papers take that are issued at once, each act by itself, and how many PDFs a minute.

An act is a transaction of its own: number, encrypted data, log row. p95 is of the single acts, all 50
waiting for each other; every number must be there once. Then 200 papers are made from what was kept,
sealed and stored, as when they are opened. The floor, in the same run: Typst compiling the same
source in this process, with nothing around it. Aims: p95 400 ms, 200 PDFs a minute.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import typst as bare

from core import db
from core.documents import drawing, fonts, issuing, typst
from core.permissions import Actor
from core.plugins import Plugins, installed
from core.privacy import keys
from core.schema import migrate
from plugins.government.papers.kinds import kind
from tests.postgres import fresh_database
from tests.stand.processes import a_postgres

AT_ONCE, ROUNDS, PAPERS, FLOOR = 50, 10, 200, 50
AIM_MS, AIM_A_MINUTE = 400.0, 200.0
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CLERK = Actor(kind="user", id=uuid4(), name="刘敏")
NOTICE = kind("opinion")


async def issue() -> float:
    """Issue one paper and return the milliseconds it took."""
    began = time.perf_counter()
    async with db.writing():
        await issuing.take(
            NOTICE, NOTICE.sample, record_kind="bench", record_id=uuid4(), actor=CLERK, at=AT
        )
    return (time.perf_counter() - began) * 1000


async def measure(engine: str, url: str, floor: float) -> None:
    """Measure one engine and print its figures."""
    await db.open(url)
    try:
        await migrate()
        times: list[float] = []
        for _ in range(ROUNDS):
            times += await asyncio.gather(*(issue() for _ in range(AT_ONCE)))
        rows = await db.fetch("SELECT id, number FROM issued_document ORDER BY number")
        whole = [row["number"] for row in rows] == list(range(1, AT_ONCE * ROUNDS + 1))
        plugins = Plugins(installed())
        began = time.perf_counter()
        made = [
            issuing.paper(row["id"], actor=CLERK, at=AT, plugins=plugins) for row in rows[:PAPERS]
        ]
        await asyncio.gather(*made)
        seconds = time.perf_counter() - began
    finally:
        await db.close()
    p95 = statistics.quantiles(times, n=20)[-1]
    a_minute = PAPERS / seconds * 60
    figures = {
        "bench": "documents",
        "engine": engine,
        "at_once": AT_ONCE,
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(p95, 1),
        "aim_ms": AIM_MS,
        "no_gap_no_duplicate": whole,
        "pdfs_a_minute": round(a_minute),
        "aim_a_minute": AIM_A_MINUTE,
        "ms_each": round(seconds / PAPERS * 1000, 1),
        "bare_typst_ms_each": round(floor, 1),
        "reached": whole and p95 <= AIM_MS and a_minute >= AIM_A_MINUTE,
    }
    print(json.dumps(figures, ensure_ascii=False))


def bare_typst(folder: Path) -> float:
    """Return the milliseconds that Typst alone takes for the same paper, fonts read once."""
    (folder / "house.typ").write_bytes((drawing.FOLDER / drawing.HOUSE).read_bytes())
    source = folder / "paper.typ"
    source.write_text(drawing.shipped(NOTICE), encoding="utf-8")
    found = fonts.find()
    compiler = bare.Compiler(
        root=str(folder),
        font_paths=bare.Fonts(
            include_system_fonts=found.system,
            include_embedded_fonts=False,
            font_paths=list(found.paths),
        ),
    )
    data = {
        **drawing.checked(NOTICE, NOTICE.sample),
        "office": "来访接待室",
        "date": "2026年11月23日",
    }
    times = []
    for number in range(FLOOR):
        given = {**data, "number": f"信访处〔2026〕{number}号", "fonts": typst.font_data()}
        began = time.perf_counter()
        inputs = {"data": json.dumps(given, ensure_ascii=False)}
        compiler.compile(str(source), sys_inputs=inputs, format="pdf")
        times.append((time.perf_counter() - began) * 1000)
    return statistics.fmean(times[1:])


def main() -> None:
    """Measure the floor, then both engines."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LAIFANG_DATA"] = folder
        keys.open(Path(folder) / "keyring.json")
        (Path(folder) / "bare").mkdir()
        floor = bare_typst(Path(folder) / "bare")
        asyncio.run(measure("sqlite", f"sqlite:///{folder}/bench.sqlite", floor))
        with a_postgres() as server, fresh_database(server) as url:
            asyncio.run(measure("postgresql", url, floor))
        typst.close()


if __name__ == "__main__":
    main()
