"""How long a petition office's pages take the server, a million items behind them. Aim: p95 of 60 ms.

From request to last byte, without a network, signed in as those who use them: texts opened, rights
checked, HTML made. The items opened are those of the demonstration's city, with all that hangs on them;
behind them stand generated ones of five years with steps, notices, opinions, papers, deliveries, clocks;
one in twenty is being handled, one waits for the desk. The floor, in the same run: `/health/live` of
the same application. The tables of a month: 2 s.

python -m bench.office [--count 1000000] [--log 10] [--engine sqlite|postgresql] [--rounds 200]
"""

import gc
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from bench.engines import measure_each, parser_of
from bench.matters import AIM_MS, AIM_TABLES_S, LAST, NOW, _series, _uuid, add_items
from core import clock, db
from core import settings as core_settings
from core.demo import services as demo
from core.privacy import keys
from core.schema import column_types, migrate
from core.settings import Settings
from plugins.government.facts import MATTER
from plugins.government.matters import queries
from plugins.government.people import services
from tests.app import BASE_URL, new_client
from web.app import create_app
from web.plugins import load

PASSWORD = "bench-office-2026"
ROLES = ("petition_clerk", "petition_unit", "petition_deputy", "petition_supervisor")
MONTHS = [f"{LAST.year}-{month:02}" for month in range(7, 11)]
Ask = Callable[[int], Awaitable[Any]]


async def copies(
    table: str, given: Mapping[str, str], count: int, *, like: str = "1 = 1", each: str = "1 = 1"
) -> None:
    """Store a row for every item `n` that `each` chooses: as one of the demonstration's is, but for `given`."""
    types = await column_types(table)
    names = [name for name in types if name != "id" or "id" in given]
    values = [given.get(name, f'k."{name}"') for name in names]
    if not db.is_sqlite():
        values = [f"({value})::{types[name]}" for name, value in zip(names, values, strict=True)]
    columns = ", ".join(f'"{name}"' for name in names)
    if not await db.fetch(f"SELECT 1 AS one FROM {table} WHERE {like} LIMIT 1"):
        raise RuntimeError(f"nothing to copy: {table}, {like}")
    async with db.writing():
        await db.run_script(
            f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)}"
            f" FROM {_series(0, count - 1)}, (SELECT * FROM {table} WHERE {like} LIMIT 1) AS k"
            f" WHERE {each}"
        )


def _ahead(days: str) -> str:
    """Return SQL for a day so many days from now."""
    if db.is_sqlite():
        return f"date('{NOW.date()}', ({days}) || ' days')"
    return f"(date '{NOW.date()}' + ({days})::int)"


async def grown(count: int) -> None:
    """Give the generated items what hangs on items: steps, notices, opinions with their papers, clocks."""
    item, text = _uuid(1, "n"), _uuid(1, "n") if db.is_sqlite() else f"({_uuid(1, 'n')})::text"
    paper, clock_of = _uuid(9, "n"), f"record_kind = '{MATTER}'"
    for act in ("register", "accept", "forward"):
        await copies("government_step", {"matter": item}, count, like=f"act = '{act}'")
    await copies(
        "government_told",
        {"id": _uuid(6, "n"), "matter": item, "root": item, "document": "NULL", "manner": "'oral'"},
        count,
        each="n % 3 = 0",
    )
    closed = "n % 20 < 17"
    await copies(
        "issued_document",
        {"id": paper, "record": item, "number": "n + 1000000", "delivered": "1 = 1"},
        count,
        like="kind = 'government.opinion'",
        each=closed,
    )
    await copies("document_delivery", {"id": _uuid(8, "n"), "document": paper}, count, each=closed)
    await copies(
        "government_opinion",
        {"id": _uuid(7, "n"), "matter": item, "document": paper, "approval": "NULL"},
        count,
        like="state = 'issued' AND level = 'handling'",
        each=closed,
    )
    await copies(
        "deadline",
        {"id": _uuid(5, "n"), "record": text},
        count,
        like=f"{clock_of} AND state = 'finished'",
        each=closed,
    )
    await copies(
        "deadline",
        {"id": _uuid(5, "n"), "record": text, "due": _ahead("n * 13 % 60 - 6")},
        count,
        like=f"{clock_of} AND state = 'running'",
        each="n % 20 = 17",
    )


async def fill(settings: Settings, plugins: Any, count: int, log: int) -> dict[str, str]:
    """Store the demonstration and so many generated items; return a login for each role."""
    made = await demo.fill(plugins, settings, at=clock.now(), password=PASSWORD)
    [site] = await db.fetch("SELECT site FROM government_unit LIMIT 1")
    units = await db.fetch("SELECT id FROM government_unit ORDER BY code")
    await add_items(count, log, str(site["site"]), [str(row["id"]) for row in units])
    await grown(count)
    await db.run_script("ANALYZE")
    return {one.role.name: one.login for one in made.sign_ins}


async def timed(ask: Ask, rounds: int) -> dict[str, float]:
    """Ask so often and return the milliseconds it took, by percentile."""
    taken = []
    for number in range(rounds):
        began = time.perf_counter()
        answer = await ask(number)
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:200]}")
    cuts = statistics.quantiles(taken, n=100)
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "max": round(max(taken), 1)}


async def asked(clients: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Ask for the pages as those who use them; return the milliseconds of each."""
    rng = random.Random(20261123)
    clerk = clients["petition_clerk"]
    seen = await db.fetch(
        "SELECT m.id, m.holder FROM government_matter m WHERE m.number NOT LIKE 'B%' AND m.secret = {}",
        False,
    )
    items = [rng.choice(seen)["id"] for _ in range(rounds)]
    people = await _people(items[:40])
    pages = {
        "desk": lambda n: clerk.get("/government/desk"),
        "desk_list": lambda n: clerk.get(f"/government/matters?page={n % 5 + 1}"),
        "open_items": lambda n: clerk.get(f"/government/matters?open=yes&page={n % 5 + 1}"),
        "day_list": lambda n: clerk.get("/government/day"),
        "matter_page": lambda n: clerk.get(f"/government/matters/{items[n]}"),
        "person_look_up": lambda n: clerk.post(
            "/government/desk/known", data=people[n % len(people)], headers={"hx-request": "true"}
        ),
        "search_by_name": lambda n: clerk.get(
            "/government/matters", params={"text": people[n % len(people)]["name"]}
        ),
        "home": lambda n: clerk.get("/"),
        "unit": lambda n: clients["petition_unit"].get("/government/unit"),
        "signing": lambda n: clients["petition_deputy"].get("/government/signing"),
        "supervising": lambda n: clients["petition_supervisor"].get("/government/supervising"),
    }
    found = {}
    for name, ask in pages.items():
        await ask(0)  # what is made once: templates, statements
        found[name] = await timed(ask, rounds)
    return found


async def _people(items: Sequence[Any]) -> list[dict[str, str]]:
    """Return what a clerk types of people who were here: the name and the phone."""
    found = []
    for item in items:
        for petitioner_id, name, _ in await queries.party(item):
            found.append({"name": name, "phone": (await services.petitioner(petitioner_id)).phone})
    return found


async def measure(
    engine: str, url: str, folder: Path, count: int, log: int, rounds: int
) -> dict[str, Any]:
    """Fill a database and measure the pages on it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    settings = replace(
        core_settings.load(),
        data_dir=folder,
        database_url=url,
        base_url=BASE_URL,
        password_memory_kib=8,
        password_rounds=1,
    )
    keys.open(settings.keyring_path)
    await db.open(url)
    try:
        await migrate()
        plugins = load(settings)
        app = create_app(settings, plugins, with_background=False)
        async with app.lifespan(), AsyncExitStack() as stack:
            began = time.perf_counter()
            logins = await fill(settings, plugins, count, log)
            filled = time.perf_counter() - began
            gc.collect()
            gc.freeze()  # as the server does at its start
            clients = {}
            for role in ROLES:
                clients[role] = await stack.enter_async_context(new_client(app))
                answer = await clients[role].sign_in(logins[role], PASSWORD)
                if answer.status_code != 303:
                    raise RuntimeError(f"{role}: {answer.status_code}")
            clerk = clients["petition_clerk"]
            floor = await timed(lambda n: clerk.get("/health/live"), rounds)
            found = await asked(clients, rounds)
            month = await timed(
                lambda n: clerk.get(f"/government/figures/{MONTHS[n]}"), len(MONTHS)
            )
    finally:
        await db.close()
    return {
        "bench": "office",
        "engine": engine,
        "matters": count,
        "log_rows": count * log,
        "fill_seconds": round(filled, 1),
        "floor_ms": floor,
        "pages_ms": found,
        "month_tables_ms": month,
        "load": round(os.getloadavg()[0], 1),
        "aim_ms": AIM_MS,
        "met": max(one["p95"] for one in found.values()) <= AIM_MS
        and month["max"] <= AIM_TABLES_S * 1000,
    }


def main() -> None:
    """Measure and print one line of JSON for each engine."""
    chosen = parser_of(__doc__, count=1_000_000, log=10, rounds=200).parse_args()
    clock.CLOCK.travel(NOW)
    measure_each(
        chosen.engine,
        lambda engine, url, folder: measure(
            engine, url, folder / "data", chosen.count, chosen.log, chosen.rounds
        ),
    )


if __name__ == "__main__":
    main()
