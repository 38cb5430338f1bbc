"""Databases, and backups, that landed versions made: upgraded and restored with every row kept."""

import lzma
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from core import clock, db
from core.attachments.store import DiskStore
from core.backup import services as backup
from core.log.verify import verify
from core.privacy import keys
from core.schema import migrate, pending
from plugins.school_gate.queries import timetable
from tests.databases import run_alone
from tests.landed import visits
from tests.plugins.school_gate.conftest import at

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Version:
    """A version that landed: how many rows its files hold at least, its day, who looks for what."""

    name: str
    rows: int
    at: str
    visit: object


VERSIONS = (
    Version("first", 110, "2026-11-23 10:30", visits.first),
    Version("second", 300, "2026-11-23 14:00", visits.second),
)
# Tables whose rows lie elsewhere now; what they said is looked for on the pages, too.
GONE = {"government_signer_opinion"}
NAMES = "SELECT name FROM sqlite_master WHERE type = 'table'"
PG_NAMES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
# Columns, as `table.column`, that a later version keeps in another form; what was in them is looked
# for on the pages.
MOVED: set[str] = {
    "approval_seat.opinion",
    "deadline.fired",
    "deadline.next_at",
    "government_commendation.reason",
    "government_told.receipt",
    "government_told.handed_at",
    "holding_span.reason_cipher",
    *(
        f"government_opinion.{column}"
        for column in (
            *("delivered_on", "delivery_method", "delivery_refused", "delivery_signed"),
            *("delivery_cipher", "delivered_by_name"),
        )
    ),
}


async def load(url, script):
    """Run the statements of a dump on an empty PostgreSQL database."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def everything():
    """Return the rows of every table, column by column; the list of migrations is left out."""
    found = {}
    for row in await db.fetch(NAMES if db.is_sqlite() else PG_NAMES):
        name = row["name"]
        if name.startswith("sqlite_") or "_fts" in name or name == "migration":
            continue
        found[name] = await db.fetch(f'SELECT * FROM "{name}"')
    return found


def same(before, after):
    """Say where a row that was there before is not there any more as it was."""
    wrong = []
    for name, rows in before.items():
        if name in GONE:
            continue
        columns = [one for one in (rows[0] if rows else ()) if f"{name}.{one}" not in MOVED]
        kept = [str([row[column] for column in columns]) for row in after.get(name, [])]
        wrong += [
            (name, row) for row in rows if str([row[column] for column in columns]) not in kept
        ]
    return wrong


@pytest.fixture(params=VERSIONS, ids=lambda version: version.name)
def version(request):
    """Each version in turn."""
    return request.param


@pytest.fixture
def landed(empty_urls, version):
    """The address of a landed version's database, and its engine."""
    url = empty_urls()
    engine = url.partition(":")[0]
    if engine == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.write_bytes(lzma.decompress((HERE / f"{version.name}.sqlite.xz").read_bytes()))
    else:
        packed = (HERE / f"{version.name}.postgresql.sql.xz").read_bytes()
        run_alone(load(url, lzma.decompress(packed).decode()))
    return url, engine


@pytest.fixture
def settings_here(version, settings_of_all, tmp_path, monkeypatch):
    """Settings whose data folder is this test's; `use(url, engine)` puts the landed keys there."""
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))

    def use(url, engine):
        object.__setattr__(settings_of_all, "data_dir", tmp_path / "data")
        object.__setattr__(settings_of_all, "database_url", url)
        path = settings_of_all.keyring_path
        path.parent.mkdir(parents=True)
        shutil.copyfile(HERE / f"{version.name}.{engine}.keyring.json", path)
        path.chmod(0o600)
        keys.open(path)
        return settings_of_all

    clock.CLOCK.travel(at(version.at), running=False)
    timetable.forget()
    yield use
    clock.CLOCK.reset()
    timetable.forget()


async def pages_work(version, app, *, files):
    """Sign in as those who were there, and find what they had written down.

    `files`: whether papers and other files came along, as they do with a backup.
    """
    app.inbound.set_up = False
    app.state.pop("gate", None)
    async with app.lifespan(), AsyncExitStack() as stack:
        await version.visit(app, stack, files=files)


async def test_a_landed_versions_database_is_upgraded_with_every_row_kept(
    version, landed, settings_here, made_once
):
    url, engine = landed
    settings_here(url, engine)
    await db.open(url)
    try:
        before = await everything()
        assert sum(map(len, before.values())) > version.rows
        await migrate()
        assert await pending() == []
        assert same(before, await everything()) == []
        await pages_work(version, made_once, files=False)
    finally:
        await db.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_landed_versions_backup_is_restored_into_this_one(
    version, engine, request, settings_here, made_once, tmp_path
):
    url = request.getfixturevalue("sqlite_url" if engine == "sqlite" else "postgres_url")
    settings = settings_here(url, "sqlite")
    await db.open(url)
    try:
        store = DiskStore(settings.attachments_dir)
        archive = HERE / f"{version.name}.backup.tar.gz"
        await backup.restore(archive, store, tmp_path / "checkpoints")
        assert (await verify(tmp_path / "checkpoints")).intact
        await pages_work(version, made_once, files=True)
    finally:
        await db.close()


async def test_the_first_version_lacks_tables_of_this_one(tmp_path):
    """Or upgrading it would show nothing."""
    path = tmp_path / "first.sqlite"
    path.write_bytes(lzma.decompress((HERE / "first.sqlite.xz").read_bytes()))
    await db.open(f"sqlite:///{path}")
    try:
        assert await pending()
    finally:
        await db.close()
