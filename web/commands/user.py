"""`laifang user`: accounts from the console, for when nobody can sign in."""

import asyncio
import getpass
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import rich_click as click

from core import clock, settings
from core.accounts import passwords, queries, services
from core.accounts.logins import clean_login
from core.errors import DomainError, InvalidInputError
from core.i18n import N_
from core.installation import opened
from core.permissions import Actor
from core.plugins import Plugins, installed
from core.sites.tables import Site
from web.console import say

T = TypeVar("T")


@click.group()
def command() -> None:
    """Make accounts, reset passwords, list accounts.

    On SQLite the server must not run meanwhile: one process has the file.
    """


@command.command("list")
def show() -> None:
    """List every account with its roles."""
    for account in _run(queries.accounts()):
        roles = ", ".join(
            grant.role + (f"@{grant.site_name}" if grant.site_name else "")
            for grant in account.roles
        )
        state = "" if account.active else " (-)"
        click.echo(f"{account.login}{state}\t{account.name}\t{roles}")


@command.command()
@click.argument("login")
@click.option("--name", default="", help="The name shown; default: the login.")
@click.option("--role", "roles", multiple=True, help="A role; may be repeated.")
@click.option("--site", "site_code", help="Code of the site where the roles hold; default: all.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, not made up."
)
def create(
    login: str, name: str, roles: tuple[str, ...], site_code: str | None, password_stdin: bool
) -> None:
    """Make an account and print its first password."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None

    async def work() -> str:
        site_id = None
        if site_code:
            site = await Site.objects().where(Site.code == site_code).first()
            if site is None:
                raise InvalidInputError({"site": N_("There is no site of this code.")})
            site_id = site.id
        _, made_up = await services.create_user(
            actor=_who(),
            at=clock.now(),
            login=clean_login(login),
            name=name or login,
            roles=[(role, site_id) for role in roles],
            known_roles=Plugins(installed(settings.load().plugins)).register_roles(),
            password=password,
        )
        return made_up

    if made_up := _run(work()):
        click.echo(made_up)


@command.command("reset-password")
@click.argument("login")
def reset_password(login: str) -> None:
    """Give an account a new first password, end its sessions, and print the password."""

    async def work() -> str:
        account = await queries.account_by_login(login)
        if account is None:
            raise InvalidInputError({"login": N_("There is no account with this login.")})
        return await services.reset_password(
            account.id, actor=_who(), at=clock.now(), known_roles={}
        )

    click.echo(_run(work()))


def _who() -> Actor:
    return Actor(kind="system", name=f"console:{getpass.getuser()}"[:100])


def _run(work: Coroutine[Any, Any, T]) -> T:
    async def with_database() -> T:
        configured = settings.load()
        passwords.configure(configured)
        async with opened(configured):
            return await work

    try:
        return asyncio.run(with_database())
    except InvalidInputError as error:
        raise click.ClickException(" ".join(say(m) for m in error.problems.values())) from error
    except DomainError as error:
        raise click.ClickException(say(error.message)) from error
    finally:
        work.close()
