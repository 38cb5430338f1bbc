"""`laifang backup`: one file with all the data, made while the software runs."""

import asyncio
from pathlib import Path

import rich_click as click

from core import clock, settings
from core.attachments.store import DiskStore
from core.backup import services
from core.backup.manifest import Manifest
from core.errors import DomainError
from core.installation import opened


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Save the database, the attachments and the log's checkpoints in FILE (a .tar.gz).

    The key file is not in it: whoever has both can read everything. Keep it somewhere else.
    """
    try:
        manifest = asyncio.run(_backup(file))
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error
    total = sum(part.rows for part in manifest.tables.values())
    click.echo(
        f"{file}: {total} rows in {len(manifest.tables)} tables,"
        f" {len(manifest.attachments)} attachments."
    )
    click.echo(f"Now save the key file too, but apart: {settings.load().keyring_path}")


async def _backup(file: Path) -> Manifest:
    chosen = settings.load()
    async with opened(chosen, read_only=True):
        return await services.make(
            file, DiskStore(chosen.attachments_dir), chosen.checkpoints_path, at=clock.now()
        )
