"""Making a backup while the software runs, and restoring it into an empty database."""

import asyncio
import contextlib
import hashlib
import os
import tarfile
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from piccolo.columns import Column
from piccolo.table import Table

from core import db
from core.attachments.store import Store
from core.backup import rows
from core.backup.manifest import NAME, Manifest, Part
from core.errors import DomainError
from core.i18n import N_, Message
from core.log import seal
from core.privacy.keys import keyring
from core.schema import app_config, column_types, installed_apps, make_as_it_was, migrate, pending

Progress = Callable[[str, int], None]
_BATCH = 500
# Short-lived: everybody signs in again.
_LEFT_OUT = frozenset({"rate_limit", "account_session", "gate_device_shift"})


class BackupError(DomainError):
    """A backup that cannot be made or taken back."""

    code = "backup"

    def __init__(self, message: Message) -> None:
        super().__init__(message)


def tables() -> list[type[Table]]:
    """Return every table of every installed app, parents before children."""
    return [
        table
        for app in installed_apps()
        for table in app_config(app).table_classes
        if table._meta.tablename not in _LEFT_OUT
    ]


def _name(table: type[Table]) -> str:
    return table._meta.tablename


def _columns(table: type[Table]) -> dict[str, Column]:
    return {column._meta.db_column_name: column for column in table._meta.columns}


async def make(
    path: Path,
    store: Store,
    checkpoints: Path,
    *,
    at: datetime,
    progress: Progress = lambda *_: None,
) -> Manifest:
    """Write a backup to `path`, whole or not at all; the software may run meanwhile."""
    if missing := await pending():
        raise BackupError(N_("Run laifang migrate first: {steps}.", steps=", ".join(missing)))
    manifest = Manifest(
        made_at=at.isoformat(),
        engine="sqlite" if db.is_sqlite() else "postgresql",
        migrations=await _migrations(),
        keyring={str(k): v for k, v in keyring().fingerprints().items()},
    )
    partial = path.with_name(path.name + ".partial")
    try:
        with tarfile.open(partial, "w:gz", compresslevel=3) as archive:
            async with db.snapshot() as read:
                for table in tables():
                    manifest.tables[_name(table)] = await _add_table(archive, table, read)
                    progress(_name(table), manifest.tables[_name(table)].rows)
                wanted = [row["sha256"] async for piece in read(_SHA256) for row in piece]
            for sha256 in wanted:
                data = await asyncio.to_thread(store.get, sha256)
                manifest.attachments[sha256] = len(data)
                _add(archive, f"attachments/{sha256}", data)
            if noted := await asyncio.to_thread(_bytes_of, checkpoints):
                manifest.checkpoints = _add(archive, "log-checkpoints.jsonl", noted)
            _add(archive, NAME, manifest.dump())
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return manifest


_SHA256 = (
    "SELECT DISTINCT sha256 FROM attachment WHERE erased_at IS NULL"
    " UNION SELECT DISTINCT sha256 FROM issued_document WHERE sha256 <> ''"
)


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


async def _migrations() -> list[str]:
    found = await db.fetch("SELECT app_name, name FROM migration ORDER BY app_name, name")
    return [f"{row['app_name']}:{row['name']}" for row in found]


async def _add_table(archive: tarfile.TarFile, table: type[Table], read: db.Reading) -> Part:
    names = ", ".join(f'"{name}"' for name in _columns(table))
    key = table._meta.primary_key._meta.db_column_name
    order = "" if _name(table) != "visitor" else " ORDER BY created_at"
    with tempfile.TemporaryFile() as file:
        count = 0
        sql = f'SELECT {names} FROM "{_name(table)}"{order or f" ORDER BY {chr(34)}{key}{chr(34)}"}'  # noqa: S608
        async for piece in read(sql):
            count += len(piece)
            data = b"".join(rows.dump(row) for row in piece)
            await asyncio.to_thread(file.write, data)
        return await asyncio.to_thread(
            _add_file, archive, f"tables/{_name(table)}.jsonl", file, count
        )


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> Part:
    with BytesIO(data) as file:
        return _add_file(archive, name, file, 0)


def _add_file(archive: tarfile.TarFile, name: str, file: IO[bytes], count: int) -> Part:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    info = tarfile.TarInfo(name)
    info.size, info.mode = file.seek(0, os.SEEK_END), 0o600
    file.seek(0)
    archive.addfile(info, file)
    return Part(rows=count, size=info.size, sha256=digest)


async def restore(
    path: Path, store: Store, checkpoints: Path, *, progress: Progress = lambda *_: None
) -> Manifest:
    """Restore a backup into an empty database, of either engine; all of it or nothing.

    Sessions and device shifts are not in it: everybody signs in again. Nobody else may be at work.
    """
    await _must_be_empty()
    with tempfile.TemporaryDirectory() as folder:
        try:
            manifest = await asyncio.to_thread(_unpack, path, Path(folder))
            _must_be_of_these_keys(manifest)
            for sha256 in manifest.attachments:
                data = (Path(folder) / "attachments" / sha256).read_bytes()
                await asyncio.to_thread(store.put, data)
            await _load(manifest, Path(folder) / "tables", progress)
        finally:
            await migrate()
        if manifest.checkpoints is not None:
            noted = Path(folder) / "log-checkpoints.jsonl"
            await asyncio.to_thread(_copy, noted, checkpoints)
    await seal.resume()
    return manifest


async def _load(manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Load the rows into the tables of the version they came from, in one transaction.

    Later migrations then do with them what they do with a database that is upgraded.
    """
    if newer := await make_as_it_was(manifest.migrations):
        raise BackupError(
            N_("The backup is of a newer version ({migrations}).", migrations=", ".join(newer))
        )
    async with db.writing(), _free_of_order():
        for name, part in manifest.tables.items():
            await _load_table(name, part, folder)
            progress(name, part.rows)
        await _set_sequences()


async def _load_table(name: str, part: Part, folder: Path) -> None:
    types = await column_types(name)
    if not types:
        raise BackupError(
            N_("The backup has tables of plugins that are not here: {names}.", names=name)
        )
    await _insert(name, types, folder / f"{name}.jsonl")
    counted = (await db.fetch(f'SELECT count(*) AS n FROM "{name}"'))[0]["n"]  # noqa: S608
    if counted != part.rows:
        raise BackupError(
            N_(
                "{table} should have {rows} rows and has {counted}.",
                table=name,
                rows=part.rows,
                counted=counted,
            )
        )


async def _must_be_empty() -> None:
    for name in map(_name, tables()):
        if not await db.has_table(name):
            continue
        if await db.fetch(f'SELECT 1 AS one FROM "{name}" LIMIT 1'):  # noqa: S608
            raise BackupError(N_("The database is not empty: {table} has rows.", table=name))


def _unpack(path: Path, folder: Path) -> Manifest:
    """Unpack and check every part against the manifest, whose tables come parents first."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            archive.extractall(folder, filter="data")
            order = {member.name: place for place, member in enumerate(archive.getmembers())}
        manifest = Manifest.load((folder / NAME).read_bytes())
        manifest.tables = dict(
            sorted(manifest.tables.items(), key=lambda one: order[f"tables/{one[0]}.jsonl"])
        )
    except (OSError, EOFError, KeyError, TypeError, ValueError, tarfile.TarError) as error:
        raise BackupError(
            N_("{file} is no whole backup: {error}", file=path.name, error=str(error))
        ) from error
    for name, part in _parts(manifest):
        file = folder / name
        if not file.exists() or _sha256(file) != part:
            raise BackupError(N_("{part} in the backup is missing or damaged.", part=name))
    return manifest


def _parts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for name, part in manifest.tables.items():
        yield f"tables/{name}.jsonl", part.sha256
    for sha256 in manifest.attachments:
        yield f"attachments/{sha256}", sha256
    if manifest.checkpoints is not None:
        yield "log-checkpoints.jsonl", manifest.checkpoints.sha256


def _sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _must_be_of_these_keys(manifest: Manifest) -> None:
    ours = {str(k): v for k, v in keyring().fingerprints().items()}
    if any(ours.get(version) != mark for version, mark in manifest.keyring.items()):
        raise BackupError(
            N_(
                "The key file is another one. Put back the key file that belongs to this backup first."
            )
        )


@contextlib.asynccontextmanager
async def _free_of_order() -> AsyncIterator[None]:
    """Let rows of a table that point to each other come in any order, within the transaction."""
    if db.is_sqlite():
        await db.execute("PRAGMA defer_foreign_keys = ON")
        yield
        return
    found = await db.fetch(
        "SELECT conrelid::regclass::text AS t, conname AS c FROM pg_constraint WHERE contype = 'f'"
        " AND conrelid = confrelid"
    )
    alter = 'ALTER TABLE {t} ALTER CONSTRAINT "{c}" {how}'
    for row in found:
        await db.execute(alter.format(**row, how="DEFERRABLE INITIALLY DEFERRED"))
    yield
    await db.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for row in found:
        await db.execute(alter.format(**row, how="NOT DEFERRABLE"))


async def _insert(table: str, types: Mapping[str, str], lines: Path) -> None:
    async for names, batch in _batches(lines, types):
        places = ", ".join("{}" for _ in names)
        listed = ", ".join(f'"{name}"' for name in names)
        await db.execute_many(
            f'INSERT INTO "{table}" ({listed}) VALUES ({places})',  # noqa: S608 - checked names
            batch,
        )


async def _batches(
    lines: Path, types: Mapping[str, str]
) -> AsyncIterator[tuple[Sequence[str], list[list[Any]]]]:
    with contextlib.closing(lines.open("rb")) as file:
        batch: list[dict[str, Any]] = []
        for line in file:
            batch.append(rows.load(line, types))
            if len(batch) == _BATCH:
                yield list(batch[0]), [list(row.values()) for row in batch]
                batch = []
        if batch:
            yield list(batch[0]), [list(row.values()) for row in batch]


async def _set_sequences() -> None:
    """Let numbers go on after the highest one restored; SQLite does so by itself."""
    if db.is_sqlite():
        return
    for row in await db.fetch(
        "SELECT table_name AS t, column_name AS c FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_default LIKE 'nextval(%'"
    ):
        table, column = row["t"], row["c"]
        await db.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"  # noqa: S608
            f' coalesce((SELECT max("{column}") FROM "{table}"), 0) + 1, false)'
        )
