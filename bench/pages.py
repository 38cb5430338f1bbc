"""How long the server takes for the desk's pages with a year of visits behind it. Aim: p95 of 30 ms.

The floor, in the same run: the smallest answer of the same application, `/health/live`. Times are the
whole application's, from request to last byte, without a network. Weight is what a page costs a phone:
HTML as gzip packs it, and once for all pages the styles and scripts that it names.

python -m bench.pages [--engine sqlite|postgresql] [--rounds 200]
"""

import gzip
import os
import random
import re
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import structlog

from bench.engines import measure_each, parser_of
from bench.search import people
from core import clock, db
from core import settings as core_settings
from core.hosts.tables import Host
from core.log.services import entry, record_many
from core.permissions import Actor
from core.privacy import keys
from core.registrations.tables import Registration
from core.schema import migrate
from core.settings import Settings
from core.sites.tables import Gate, Site
from core.visitors import protected, search_rows
from core.visitors.tables import Visitor
from tests.app import BASE_URL, an_account, new_client
from web.app import create_app
from web.assets import STATIC
from web.plugins import load

AIM_MS = 30.0
DAYS, A_DAY, VISITORS, HOSTS = 365, 120, 12_000, 300
NOW_INSIDE, NOW_WAITING = 40, 8
BATCH = 200
GUARD = Actor(kind="user", id=UUID(int=7), name="门卫")


async def fill() -> tuple[UUID, UUID]:
    """Store a year of visits with their log; return one visitor and one visit of many."""
    now, rng = clock.now(), random.Random(7)
    site = Site(id=uuid4(), code="main", name="主校区")
    await Site.insert(site)
    gate = Gate(id=uuid4(), site=site.id, code="south", name="南门")
    await Gate.insert(gate)
    hosts = [
        Host(id=uuid4(), site=site.id, name=f"被访人{n}", department="教务处") for n in range(HOSTS)
    ]
    await Host.insert(*hosts)
    visitors = await _visitors(now)
    rows, logs = [], []
    for day in range(DAYS, 0, -1):
        for number in range(A_DAY):
            came = now - timedelta(days=day) + timedelta(minutes=4 * number)
            chosen = rng.choice(visitors) if number else visitors[0]
            rows.append(
                _visit(site.id, gate.id, chosen, rng.choice(hosts).id, came, number, "closed")
            )
    for number in range(NOW_INSIDE + NOW_WAITING):
        state = "inside" if number < NOW_INSIDE else "waiting"
        came = now - timedelta(minutes=3 * number)
        rows.append(
            _visit(site.id, gate.id, visitors[number + 1], hosts[number].id, came, number, state)
        )
    for start in range(0, len(rows), BATCH):
        async with db.writing():
            await Registration.insert(*rows[start : start + BATCH])
    for row in rows:
        for act in ("register", "note_consent", "admit", "leave")[: 4 if row.left_at else 3]:
            at = clock.to_ms(row.created_at)
            logs.append(entry(GUARD, f"registration.{act}", "registration", row.id, at))
    for start in range(0, len(logs), 5000):
        await record_many(logs[start : start + 5000])
    await db.run_script("ANALYZE")
    return visitors[0], rows[-NOW_WAITING - 1].id


async def _visitors(now: datetime) -> list[UUID]:
    ids = []
    batch: list[Visitor] = []
    for visitor_id, name, phone, number, plate in people(VISITORS):
        ids.append(visitor_id)
        batch.append(
            Visitor(
                id=visitor_id,
                name=name,
                phone_cipher=protected.sealed_phone(visitor_id, phone),
                phone_index=protected.phone_index(phone),
                document_kind="resident_id",
                document_cipher=protected.sealed_document(visitor_id, number),
                document_index=protected.document_index("resident_id", number),
                plate=plate,
                created_at=now,
                updated_at=now,
            )
        )
    words = [(visitor.id, " ".join(search_rows.words(visitor))) for visitor in batch]
    for start in range(0, len(batch), BATCH):
        async with db.writing():
            await Visitor.insert(*batch[start : start + BATCH])
    await db.execute_many("INSERT INTO visitor_search_row (visitor, tokens) VALUES ({}, {})", words)
    return ids


def _visit(
    site: UUID, gate: UUID, visitor: UUID, host: UUID, came: datetime, number: int, state: str
) -> Registration:
    inside = state in ("inside", "closed")
    local = f"{came:%Y%m%d}" + ("-9" if state != "closed" else "-") + f"{number:04d}"
    return Registration(
        id=uuid4(),
        number=local[-20:],
        site=site,
        gate=gate,
        visitor=visitor,
        purpose="core.visit",
        reason="商谈实验室设备采购合同",
        host=host,
        state=state,
        document_shown=True,
        consent="given" if inside else "none",
        created_at=came,
        arrived_at=came,
        entered_at=came if inside else None,
        expected_leave_at=came + timedelta(hours=2),
        left_at=came + timedelta(hours=1) if state == "closed" else None,
    )


@asynccontextmanager
async def desk(settings: Settings) -> AsyncIterator[Any]:
    """Run the application without plugins, and a signed-in desk."""
    plugins = load(settings)
    app = create_app(settings, plugins, with_background=False)
    async with app.lifespan():
        ids = await fill()
        _, login = await an_account(plugins, "administrator")
        async with new_client(app) as client:
            answer = await client.sign_in(login)
            assert answer.status_code == 303
            yield client, ids


async def timed(ask: Callable[[], Awaitable[Any]], rounds: int) -> dict[str, float]:
    """Ask so often and return the milliseconds it took, by percentile, and those of the processor."""
    taken = []
    worked = time.process_time()
    for _ in range(rounds):
        began = time.perf_counter()
        answer = await ask()
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text[:300]
    cpu = (time.process_time() - worked) * 1000 / rounds
    cuts = statistics.quantiles(taken, n=100)
    figures = {"p50": cuts[49], "p95": cuts[94], "max": max(taken), "cpu": cpu}
    return {name: round(value, 2) for name, value in figures.items()}


def weight_of(html: str) -> dict[str, int]:
    """Return the packed bytes of a page, and of the styles and scripts that it names."""
    named = set(re.findall(r'(?:href|src)="/static/([^"?]+)', html))
    files = [STATIC / re.sub(r"\.[0-9a-f]{8,}(?=\.)", "", name) for name in named]
    parts = sum(len(gzip.compress(f.read_bytes(), 6)) for f in files if f.is_file())
    return {"html": len(gzip.compress(html.encode(), 6)), "static_once": parts}


async def measure(engine: str, url: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Fill a database with a year and measure the pages on it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    settings = replace(
        core_settings.load(),
        data_dir=folder,
        database_url=url,
        base_url=BASE_URL,
        plugins=(),
        password_memory_kib=8,
        password_rounds=1,
    )
    keys.open(settings.keyring_path)
    await db.open(url)
    try:
        await migrate()
        async with desk(settings) as (client, (visitor, visit)):
            pages = {
                "desk": "/desk",
                "desk_lists": "/desk/lists",
                "board": "/board",
                "visitor": f"/visitors/{visitor}",
                "registration": f"/registrations/{visit}",
                "registrations": "/registrations",
                "roll_call": None,
            }
            pages["roll_call"] = (await client.get("/roll-call")).headers["location"]
            for path in pages.values():
                await client.get(path)
            floor = await timed(lambda: client.get("/health/live"), rounds)
            found: dict[str, Any] = {}
            for name, path in pages.items():
                found[name] = await timed(lambda path=path: client.get(path), rounds)
                found[name]["ratio"] = round(found[name]["p50"] / floor["p50"], 1)
                found[name]["weight"] = weight_of((await client.get(path)).text)
            found["find"] = await timed(
                lambda: client.post(
                    "/desk/find", data={"q": "wxm"}, headers={"hx-request": "true"}
                ),
                rounds,
            )
    finally:
        await db.close()
    return {
        "bench": "pages",
        "engine": engine,
        "visits": DAYS * A_DAY,
        "visitors": VISITORS,
        "floor_ms": floor,
        "pages_ms": found,
        "load": round(os.getloadavg()[0], 1),
        "aim_ms": AIM_MS,
        "met": all(figures["p95"] <= AIM_MS for figures in found.values()),
    }


def main() -> None:
    """Measure and print one line of JSON for each engine."""
    chosen = parser_of(__doc__, rounds=200).parse_args()
    measure_each(
        chosen.engine,
        lambda engine, url, folder: measure(engine, url, folder / "data", chosen.rounds),
    )


if __name__ == "__main__":
    main()
