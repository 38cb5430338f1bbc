"""`laifang log`: verify the log, and show it."""

import asyncio
import json
import sys

import rich_click as click

from core import clock, db, settings
from core.errors import DomainError
from core.installation import opened
from core.log.tables import LogEntry
from core.log.verify import Report
from core.log.verify import verify as check

SAID = {
    "changed": "Entry {n} was changed after it was written.",
    "missing": "Entry {n} was taken out.",
    "inserted": "Entry {n} was put in by something else than this software.",
    "copied": "Entry {n} is a copy of another.",
    "seal_changed": "Seal {n} was changed or made by somebody else.",
    "seal_missing": "Seal {n} was taken out.",
    "cut_off": "The log ends before seal {n}, which was noted outside the database.",
}


@click.group()
def command() -> None:
    """Verify the log, and show it."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(as_json: bool) -> None:
    """Find any entry that was changed, taken out or put in; exit 1 when there is one."""
    try:
        report = asyncio.run(_opened())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(
            json.dumps(
                {
                    "entries": report.entries,
                    "seals": report.seals,
                    "unsealed": report.unsealed,
                    "checkpoints": report.checkpoints,
                    "findings": [[f.kind, f.number] for f in report.findings],
                }
            )
        )
    else:
        click.echo(
            f"{report.entries} entries, {report.seals} seals, {report.checkpoints} checkpoints;"
            f" {report.unsealed} entries are too young to be sealed."
        )
        for finding in report.findings:
            click.echo(SAID[finding.kind].format(n=finding.number))
        click.echo("The log is intact." if report.intact else "The log is NOT intact.")
    sys.exit(0 if report.intact else 1)


async def _opened() -> Report:
    chosen = settings.load()
    async with opened(chosen, read_only=True):
        return await check(chosen.checkpoints_path)


@command.command()
@click.option("--last", default=20, show_default=True, help="How many entries.")
def show(last: int) -> None:
    """Print the youngest entries, oldest first."""
    for entry in reversed(asyncio.run(_youngest(last))):
        when = clock.local(clock.from_ms(entry.at), settings.load().zone)
        click.echo(
            f"{entry.id} {when:%Y-%m-%d %H:%M:%S} {entry.actor_kind}:{entry.actor_name}"
            f" {entry.act} {entry.record_kind} {entry.record_id} {entry.after}"
        )


async def _youngest(last: int) -> list[LogEntry]:
    await db.open(settings.load().database_url, read_only=True)
    try:
        return await LogEntry.objects().order_by(LogEntry.id, ascending=False).limit(last)
    finally:
        await db.close()
