"""The databases that benches measure on: SQLite in a folder, PostgreSQL with every guarantee on."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from tests.stand.processes import a_postgres

ENGINES = ("sqlite", "postgresql")
Measure = Callable[[str, str, Path], Awaitable[dict[str, Any]]]


def parser_of(description: str | None, **numbers: int) -> argparse.ArgumentParser:
    """Return a parser of `--engine` and of these whole numbers with their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--engine", choices=ENGINES)
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database."""
    empty = nullcontext(f"sqlite:///{folder}/bench.sqlite")
    with empty if engine == "sqlite" else a_postgres() as url:
        yield url


def measure_each(engine: str | None, measure: Measure) -> None:
    """Measure on this engine, or on both: `measure(engine, url, folder)`; print a line of JSON for each."""
    for one in (engine,) if engine else ENGINES:
        with tempfile.TemporaryDirectory() as folder, database(one, Path(folder)) as url:
            figures = asyncio.run(measure(one, url, Path(folder)))
        print(json.dumps(figures, ensure_ascii=False), flush=True)
