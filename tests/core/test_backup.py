"""A backup made while others write is whole, and goes back into either engine."""

import asyncio
import json
import tarfile
from uuid import UUID

import pytest

from core import clock, db
from core.attachments.store import DiskStore
from core.attachments.tables import Attachment
from core.backup import services
from core.backup.services import BackupError
from core.log import seal
from core.log.services import record
from core.log.tables import LogEntry
from core.log.verify import verify
from core.notices.tables import OutboxEvent
from core.permissions import SYSTEM
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.schema import describe, difference, migrate, pending
from core.visitors.tables import Visitor
from tests.postgres import in_flight

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _keyring():
    keys.hold(Keyring.generate())


async def a_visitor(name: str, merged_into: UUID | None = None) -> Visitor:
    visitor = Visitor(
        name=name, created_at=clock.now(), updated_at=clock.now(), merged_into=merged_into
    )
    async with db.writing():
        await visitor.save()
        await record(SYSTEM, "visitor.register", "visitor", visitor.id, at=clock.now())
    return visitor


async def fill(store: DiskStore) -> None:
    kept = await a_visitor("欧阳娜")
    await a_visitor("㛃䶮", merged_into=kept.id)
    await Attachment(
        sha256=store.put(b"a picture"), media_type="image/png", size=9, record_kind="visitor",
        record=kept.id, created_at=clock.now(),
    ).save()  # fmt: skip
    await OutboxEvent(name="x", plugin="p", created_at=1).save()
    assert await seal.seal_all(within=60)
    await record(SYSTEM, "visitor.unsealed", at=clock.now())


async def contents() -> dict[str, list[str]]:
    found = {}
    for table in services.tables():
        name = table._meta.tablename
        if name != "log_seal":
            rows = await table.select()
            found[name] = sorted(str(sorted(row.items())) for row in rows)
    return found


async def test_what_was_saved_comes_back_in_either_engine(
    database, sqlite_url, postgres_server, tmp_path
):
    store, points = DiskStore(tmp_path / "a"), tmp_path / "points"
    await fill(store)
    await seal.checkpoint(points)
    before, file = await contents(), tmp_path / "b.tar.gz"
    await services.make(file, store, points, at=clock.now())
    await db.close()
    other = tmp_path / "other.sqlite"
    for url in (f"sqlite:///{other}", database):
        if url == database:
            await db.open(database)
            for table in reversed(services.tables()):
                if table._meta.tablename == "visitor":
                    await db.execute("UPDATE visitor SET merged_into = NULL")
                await db.execute(f'DELETE FROM "{table._meta.tablename}"')
        else:
            await db.open(url)
        back, back_points = DiskStore(tmp_path / f"r{len(url)}"), tmp_path / f"p{len(url)}"
        await migrate()
        made = await describe()
        async with in_flight(postgres_server):
            await services.restore(file, back, back_points)
        assert await contents() == before
        assert difference(made, await describe()) == [], "the schema is as it was made"
        assert back.get(next(back.iterate())) == b"a picture"
        assert (await verify(back_points)).intact
        await a_visitor("后来的人")
        await OutboxEvent(name="y", plugin="p", created_at=2).save()
        assert await seal.seal_all(within=60)
        report = await verify(back_points)
        assert report.intact
        assert report.unsealed == 0
        [sealed] = await db.fetch("SELECT sum(entry_count) AS entries FROM log_seal")
        assert sealed["entries"] == report.entries, "each entry is sealed once"
        await db.close()
    await db.open(database)


async def test_a_backup_under_load_is_one_moment(database, tmp_path):
    async def write() -> None:
        for number in range(150):
            await a_visitor(f"访客{number}")

    store = DiskStore(tmp_path / "a")
    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    manifest = await services.make(tmp_path / "b", store, tmp_path / "p", at=clock.now())
    await writing
    visitors, entries = (manifest.tables[n].rows for n in ("visitor", "log_entry"))
    assert visitors == entries, "each visitor was written with its log entry"
    assert await LogEntry.count() == 150


async def test_a_damaged_backup_is_refused_and_nothing_changes(sqlite_database, tmp_path):
    store = DiskStore(tmp_path / "a")
    await fill(store)
    file = tmp_path / "b.tar.gz"
    await services.make(file, store, tmp_path / "p", at=clock.now())
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path / "x", filter="data")
    visitors = tmp_path / "x" / "tables" / "visitor.jsonl"
    visitors.write_text(visitors.read_text().replace("欧阳娜", "欧阳那"))
    with tarfile.open(tmp_path / "bad", "w:gz") as archive:
        for path in (tmp_path / "x").iterdir():
            archive.add(path, path.name)
    (tmp_path / "cut").write_bytes(file.read_bytes()[:-200])
    await db.close()
    await db.open(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    for bad, said in (("bad", "missing or damaged"), ("cut", "no whole backup")):
        with pytest.raises(BackupError, match=said):
            await services.restore(tmp_path / bad, store, tmp_path / "p2")
        assert await Visitor.count() == 0


async def test_a_backup_of_a_newer_version_is_refused_and_the_database_stays_ready(
    sqlite_database, tmp_path
):
    store = DiskStore(tmp_path / "a")
    await fill(store)
    await services.make(tmp_path / "b", store, tmp_path / "p", at=clock.now())
    with tarfile.open(tmp_path / "b") as archive:
        archive.extractall(tmp_path / "x", filter="data")
    manifest = tmp_path / "x" / "manifest.json"
    said = json.loads(manifest.read_text())
    said["migrations"].append("core:core_9999_later")
    manifest.write_text(json.dumps(said))
    with tarfile.open(tmp_path / "newer", "w:gz") as archive:
        for path in (tmp_path / "x").iterdir():
            archive.add(path, path.name)
    await db.close()
    await db.open(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(BackupError, match="core_9999_later"):
        await services.restore(tmp_path / "newer", store, tmp_path / "p2")
    assert await pending() == []
    assert await Visitor.count() == 0


async def test_a_backup_is_refused_by_a_full_database_and_by_another_key_file(
    sqlite_database, tmp_path
):
    store = DiskStore(tmp_path / "a")
    await fill(store)
    file = tmp_path / "b.tar.gz"
    await services.make(file, store, tmp_path / "p", at=clock.now())
    with pytest.raises(BackupError, match="not empty"):
        await services.restore(file, store, tmp_path / "p")
    await db.close()
    await db.open(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    keys.hold(Keyring.generate())
    with pytest.raises(BackupError, match="key file"):
        await services.restore(file, store, tmp_path / "p")
