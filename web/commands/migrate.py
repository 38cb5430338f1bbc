"""`laifang migrate`: bring the database up to date."""

import asyncio

import rich_click as click

from core import db, settings
from core.i18n import N_
from core.privacy import keys
from core.schema import migrate
from web.console import say


@click.command()
def command() -> None:
    """Run the migrations that the database has not had yet, of the core and of every plugin."""
    try:
        done = asyncio.run(_migrate())
    except db.DatabaseError as error:
        raise click.ClickException(say(error.message)) from error
    for step in done:
        click.echo(str(step))
    click.echo(say(N_("The database is up to date.")))


async def _migrate() -> list[str]:
    await db.open()
    try:
        if (path := settings.load().keyring_path).exists():
            keys.open(path)  # some migrations encrypt what earlier versions stored in clear
        return [str(step) for step in await migrate()]
    finally:
        await db.close()
