"""The demonstration on a Wednesday morning, made once for each engine and copied for each test.

A test module that wants it imports these fixtures.
"""

import pickle
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from core import clock, db
from core import settings as core_settings
from core.attachments import services as attachments
from core.demo import services
from core.privacy import keys
from core.rulebooks import queries as rulebooks
from tests.databases import ENGINES
from tests.once import made_once
from tests.postgres import fresh_database, run_alone
from web.plugins import load

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
PASSWORD = "xinfang-ban-2026"


def _fill(folder: Path):
    """Return a function that fills a database; keys and files come into the folder, and what was made."""
    chosen = replace(
        core_settings.load(),
        data_dir=folder / "data",
        organisation_name="第一中学",
        password_memory_kib=8,
        password_rounds=1,
    )

    async def fill(url: str) -> None:
        rulebooks.forget()
        keys.open(chosen.keyring_path)
        await db.open(url)
        try:
            made = await services.fill(
                load(chosen), chosen, at=clock.now(), password=PASSWORD, weeks=1
            )
            await attachments.settled()
        finally:
            await db.close()
            rulebooks.forget()
        (folder / "made").write_bytes(pickle.dumps(made))

    return fill


@pytest.fixture
def wednesday() -> Iterator[datetime]:
    """The moment of the demonstration; time goes on from there."""
    clock.CLOCK.travel(NOW)
    yield clock.now()
    clock.CLOCK.reset()


@pytest.fixture(params=ENGINES)
def demonstration(request: pytest.FixtureRequest, wednesday: datetime) -> Path:
    """The folder of the demonstration, on each engine in turn; nothing in it is changed."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")

        def make(folder: Path) -> None:
            shutil.copyfile(template, folder / "laifang.sqlite")
            run_alone(_fill(folder)(f"sqlite:///{folder}/laifang.sqlite"))

    else:
        databases = request.getfixturevalue("postgres_databases")

        def make(folder: Path) -> None:
            (folder / "name").write_text(databases.filled(_fill(folder)))

    return made_once(f"demonstration-{request.param}", make)


@pytest.fixture
def database_url(
    demonstration: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """The address of a copy of the demonstration; its files are copied, too."""
    shutil.copytree(demonstration / "data", tmp_path / "data")
    file = demonstration / "laifang.sqlite"
    if file.exists():
        shutil.copyfile(file, tmp_path / "laifang.sqlite")
        yield f"sqlite:///{tmp_path}/laifang.sqlite"
    else:
        server = request.getfixturevalue("postgres_server")
        with fresh_database(server, (demonstration / "name").read_text()) as url:
            yield url


@pytest.fixture
def made(demonstration: Path, app) -> services.Made:
    """How to sign in to the demonstration; the application has started on the copy."""
    return pickle.loads((demonstration / "made").read_bytes())
