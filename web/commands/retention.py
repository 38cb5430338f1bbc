"""`laifang retention`: what is due for erasure, and erasing it now."""

import asyncio
from datetime import timedelta

import rich_click as click

from core import clock, settings
from core.installation import opened
from core.permissions import Actor
from core.plugins import Plugins, installed
from core.privacy import retention
from core.privacy.retention import Done, KindDue
from web.console import say


@click.group()
def command() -> None:
    """Show what is due for erasure, and erase it."""


@command.command(name="list")
@click.option("--days", default=30, show_default=True, help="How far to look ahead.")
def list_(days: int) -> None:
    """List each kind of record, how long it is kept, and what is due now and next."""
    zone = settings.load().zone
    for kind in asyncio.run(_due(days)):
        kept = kind.kept
        more = "+" if kind.more else ""
        click.echo(
            f"{kept.rule.kind}: {say(kept.rule.label)}, {kept.days} days"
            f" ({kept.version or kept.rule.basis}); due {len(kind.due)}{more},"
            f" in the next {days} days {len(kind.coming)}{more}"
        )
        for due in [*kind.due, *kind.coming]:
            if due.expired.path or due.kept:
                day = clock.local(due.due_at, zone).date()
                why = f"  kept: {say(due.kept)}" if due.kept else ""
                click.echo(f"  {day} {due.expired.record}{why}")


async def _due(days: int) -> list[KindDue]:
    chosen = settings.load()
    async with opened(chosen, read_only=True):
        return await retention.due_list(
            plugins=Plugins(installed(chosen.plugins)),
            at=clock.now(),
            ahead=timedelta(days=days),
        )


@command.command()
@click.option("--most", default=retention.MOST, show_default=True, help="Of each kind at most.")
def run(most: int) -> None:
    """Erase what is due now; a running server does so each night by itself."""
    for done in asyncio.run(_run(most)):
        if done.erased or done.kept or done.failed:
            click.echo(
                f"{done.rule.kind}: {done.erased} erased, {done.kept} kept, {done.failed} failed"
            )
    click.echo("Done.")


async def _run(most: int) -> list[Done]:
    from core.attachments import services as attachments

    chosen = settings.load()
    async with opened(chosen):
        done = await retention.run(
            plugins=Plugins(installed(chosen.plugins)),
            actor=Actor(kind="system", name="command line"),
            at=clock.now(),
            most=most,
        )
        await attachments.settled()
        return done
