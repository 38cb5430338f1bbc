"""A database, and a backup, that the first landed version made: upgraded with every row kept."""

import lzma
import re
import shutil
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
from tests.app import new_client
from tests.databases import run_alone
from tests.plugins.school_gate.conftest import at

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent
NAMES = "SELECT name FROM sqlite_master WHERE type = 'table'"
PG_NAMES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"


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
        columns = list(rows[0]) if rows else []
        kept = [str([row[column] for column in columns]) for row in after.get(name, [])]
        wrong += [
            (name, row) for row in rows if str([row[column] for column in columns]) not in kept
        ]
    return wrong


@pytest.fixture
def landed(empty_urls, request):
    """The address of the landed version's database, and its engine."""
    url = empty_urls()
    engine = url.partition(":")[0]
    if engine == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.write_bytes(lzma.decompress((HERE / "first.sqlite.xz").read_bytes()))
    else:
        packed = (HERE / "first.postgresql.sql.xz").read_bytes()
        run_alone(load(url, lzma.decompress(packed).decode()))
    return url, engine


@pytest.fixture
def settings_here(settings_of_all, tmp_path, monkeypatch):
    """Settings whose data folder is this test's; `use(url, engine)` puts the landed keys there."""
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))

    def use(url, engine):
        object.__setattr__(settings_of_all, "data_dir", tmp_path / "data")
        object.__setattr__(settings_of_all, "database_url", url)
        path = settings_of_all.keyring_path
        path.parent.mkdir(parents=True)
        shutil.copyfile(HERE / f"first.{engine}.keyring.json", path)
        path.chmod(0o600)
        keys.open(path)
        return settings_of_all

    clock.CLOCK.travel(at("2026-11-23 10:30"), running=False)
    timetable.forget()
    yield use
    clock.CLOCK.reset()
    timetable.forget()


async def pages_work(app):
    """Sign in as those who were there, and find what they had written down."""
    async with app.lifespan(), new_client(app) as teacher, new_client(app) as administrator:
        assert (await teacher.sign_in("teacher")).status_code == 303
        home = await teacher.get("/")
        assert "看牙" in home.text
        [row] = await db.fetch("SELECT id FROM school_gate_leave WHERE reason = '发烧就医'")
        slip = await teacher.get(f"/school-gate/leave/{row['id']}")
        assert "由 李强 接走" in slip.text
        assert "<svg" in slip.text
        assert (await administrator.sign_in("administrator")).status_code == 303
        offences = await administrator.get("/school-gate/offences")
        pupil = re.search(r'href="(/school-gate/pupils/[0-9a-f-]+)">李雷', offences.text)[1]
        assert "第一版记录" in (await administrator.get(pupil)).text
        assert "羽绒服" in (await administrator.get("/school-gate/deposits")).text
        visitors = await administrator.post("/visitors", data={"q": "13800138001"})
        assert "李强" in visitors.text
        for path in ("/registrations", "/incidents", "/passes", "/log", "/devices", "/reports"):
            assert (await administrator.get(path)).status_code == 200, path
        done = await administrator.post(f"{pupil}/spoken", data={"note": "谈过"})
        assert done.status_code == 303, "what a later version added works on old rows"
        assert "谈过" in (await administrator.get(pupil)).text


async def test_a_database_of_the_first_version_is_upgraded_with_every_row_kept(
    landed, settings_here, made_once
):
    url, engine = landed
    settings_here(url, engine)
    await db.open(url)
    try:
        before = await everything()
        assert sum(map(len, before.values())) > 110
        assert await pending(), "a later version has more"
        await migrate()
        assert await pending() == []
        assert same(before, await everything()) == []
        made_once.inbound.set_up = False
        made_once.state.pop("gate", None)
        await pages_work(made_once)
    finally:
        await db.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_backup_of_the_first_version_is_restored_into_this_one(
    engine, request, settings_here, made_once, tmp_path
):
    url = request.getfixturevalue("sqlite_url" if engine == "sqlite" else "postgres_url")
    settings = settings_here(url, "sqlite")
    await db.open(url)
    try:
        store = DiskStore(settings.attachments_dir)
        await backup.restore(HERE / "first.backup.tar.gz", store, tmp_path / "checkpoints")
        assert (await verify(tmp_path / "checkpoints")).intact
        made_once.inbound.set_up = False
        made_once.state.pop("gate", None)
        await pages_work(made_once)
    finally:
        await db.close()
