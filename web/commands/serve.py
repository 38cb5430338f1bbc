"""`laifang serve`: one process that serves pages, API and background work."""

import asyncio
import ssl
import sys

import rich_click as click

from core import clock, db, settings
from core.errors import DomainError
from core.i18n import N_
from core.installation import opened
from core.schema import pending
from web.console import say
from web.first_run import setup_code

GRACE_SECONDS = 3


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers", default=1, show_default=True, help="Processes; more than one needs PostgreSQL."
)
@click.option("--certificate", type=click.Path(exists=True), help="TLS certificate chain (PEM).")
@click.option("--key", type=click.Path(exists=True), help="The certificate's private key (PEM).")
def command(host: str, port: int, workers: int, certificate: str | None, key: str | None) -> None:
    """Serve the pages and the API until it is stopped."""
    import uvicorn

    if bool(certificate) != bool(key):
        raise click.UsageError(say(N_("--certificate and --key belong together.")))
    configured = settings.load()
    if workers > 1 and db.dialect_of(configured.database_url) == "sqlite":
        raise click.ClickException(say(N_("On SQLite there is one process; use PostgreSQL.")))
    try:
        first = asyncio.run(_check(configured))
    except DomainError as error:
        raise click.ClickException(say(error.message)) from error
    scheme = "https" if certificate else "http"
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"{scheme}://{shown}:{port}")
    if first:
        click.echo(
            say(
                N_(
                    "No account yet. Open {path} with the code {code}",
                    path=f"{scheme}://{shown}:{port}/setup",
                    code=setup_code(),
                )
            )
        )
    try:
        uvicorn.run(
            "web.asgi:application",
            factory=True,
            host=host,
            port=port,
            workers=workers if workers > 1 else None,
            loop="uvloop" if sys.platform != "win32" else "asyncio",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
    except ssl.SSLError as error:
        said = N_("The certificate or its key cannot be read: {error}", error=str(error.reason))
        raise click.ClickException(say(said)) from error


async def _check(configured: settings.Settings) -> bool:
    """Return whether the first administrator is still to be made; refuse an old database."""
    from core.accounts.queries import any_user
    from core.passes.keys import prepare

    async with opened(configured):
        if waiting := await pending():
            raise click.ClickException(
                say(
                    N_(
                        "The database is not up to date ({number} changes wait)."
                        " Run: laifang migrate",
                        number=len(waiting),
                    )
                )
            )
        await prepare(at=clock.now())  # from now on the database tells which key file is its own
        return not await any_user()
