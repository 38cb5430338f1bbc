"""`laifang demo`: a believable organisation with some weeks behind it, to look around in."""

import asyncio
import os

import rich_click as click

from core import clock, i18n, settings
from core.demo import services
from core.demo.services import Made
from core.errors import DomainError
from core.i18n import N_
from core.installation import opened
from core.settings import Settings
from web import plugins as web_plugins
from web.console import say

PASSWORD = "LAIFANG_DEMO_PASSWORD"  # noqa: S105 - a variable's name


@click.command()
@click.option("--if-empty", is_flag=True, help="Say nothing where there is data already.")
def command(if_empty: bool) -> None:
    """Load demonstration data into an empty, migrated database and print how to sign in."""
    chosen = settings.load()
    try:
        made = asyncio.run(_fill(chosen))
    except services.NotEmptyError as error:
        if if_empty:
            return
        raise click.ClickException(say(error.message)) from error
    except DomainError as error:
        raise click.ClickException(say(error.message)) from error
    _show(made, chosen)


async def _fill(chosen: Settings) -> Made:
    loaded = web_plugins.load(chosen)
    i18n.add_catalogs([part / "locale" for part in loaded.folders])
    async with opened(chosen):
        return await services.fill(
            loaded, chosen, at=clock.now(), password=os.environ.get(PASSWORD, "")
        )


def _show(made: Made, chosen: Settings) -> None:
    click.echo(
        say(
            N_(
                "Sign in at {url} with the password {password}",
                url=chosen.base_url,
                password=made.password,
            )
        )
    )
    for one in made.sign_ins:
        pin = f"  PIN {one.pin}" if one.pin else ""
        click.echo(f"  {one.login:<18} {one.role.label.translate(chosen.locale)} · {one.name}{pin}")
    if made.also:
        click.echo(say(N_("More accounts with the same password:")))
    for logins, whose in made.also:
        click.echo(f"  {logins:<18} {whose}")
    if made.programs:
        where = f"{chosen.base_url}/api/v1/docs"
        click.echo(say(N_("Another system comes with an API token ({url}):", url=where)))
    for program in made.programs:
        label = program.role.label.translate(chosen.locale)
        click.echo(f"  {program.login:<18} {label}  {program.token}")
    click.echo(
        say(N_("Enrol a gate device at {url} with its code:", url=f"{chosen.base_url}/gate"))
    )
    for gate, code in made.enrolments:
        click.echo(f"  {gate}  {code}")
