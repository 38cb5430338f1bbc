"""`laifang restore`: take back what `laifang backup` saved, into an empty database."""

import asyncio
from pathlib import Path

import rich_click as click

from core import db, settings
from core.attachments.store import DiskStore
from core.backup import services
from core.backup.manifest import Manifest
from core.errors import DomainError
from core.log.verify import Report, verify
from core.privacy import keys


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def command(file: Path) -> None:
    """Restore FILE into an empty database, of the same engine or the other, and verify it.

    Put the key file that belongs to the backup in its place first.
    """
    try:
        manifest, report = asyncio.run(_restore(file))
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error
    total = sum(part.rows for part in manifest.tables.values())
    click.echo(f"Restored {total} rows and {len(manifest.attachments)} attachments.")
    if not report.intact:
        raise click.ClickException(f"The log is not intact: {len(report.findings)} findings.")
    click.echo(f"The log is intact: {report.entries} entries.")


async def _restore(file: Path) -> tuple[Manifest, Report]:
    chosen = settings.load()
    if not chosen.keyring_path.exists():
        raise click.ClickException(
            f"There is no key file {chosen.keyring_path}. Put it back first."
        )
    keys.open(chosen.keyring_path)
    await db.open(chosen.database_url)
    try:
        manifest = await services.restore(
            file, DiskStore(chosen.attachments_dir), chosen.checkpoints_path
        )
        return manifest, await verify(chosen.checkpoints_path)
    finally:
        await db.close()
