"""`laifang play`: play days through in a copy and see what becomes due when."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import rich_click as click

from core import clock, settings
from core.errors import DomainError
from core.play import Day, Play, aside
from core.plugins import Plugins, installed
from core.privacy import keys


@click.command()
@click.option("--from", "first", help="First day (2026-11-23); today when left out.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660))
@click.option(
    "--every",
    default=60,
    show_default=True,
    type=click.IntRange(1, 1440),
    help="Minutes from one step to the next.",
)
def command(first: str | None, days: int, every: int) -> None:
    """Play days through in seconds: what lapses, is erased, comes into force, is sent, and when.

    This happens in a copy of the database that is thrown away. No letter leaves, no plugin is told
    of an event, nothing real changes.
    """
    chosen = settings.load()
    today = clock.local(clock.now(), chosen.zone).date()
    try:
        start = date.fromisoformat(first) if first else today
    except ValueError as error:
        raise click.BadParameter("A day looks like 2026-11-23.", param_hint="--from") from error
    if start < today:
        raise click.BadParameter("A copy plays forward, from today on.", param_hint="--from")
    keys.open(chosen.keyring_path)
    try:
        asyncio.run(_play(chosen, start, days, timedelta(minutes=every)))
    except DomainError as error:
        raise click.ClickException(str(error)) from error


async def _play(chosen: settings.Settings, start: date, days: int, every: timedelta) -> None:
    quiet = 0
    async with aside(chosen) as folder:
        play = Play(Plugins(installed(chosen.plugins)), chosen, folder)
        async for day in play.days(start, days, every=every):
            if day.is_quiet:
                quiet += 1
                continue
            _say_quiet(quiet)
            quiet = 0
            for line in lines_of(day, chosen):
                click.echo(line)
    _say_quiet(quiet)


def _say_quiet(days: int) -> None:
    if days:
        click.echo(f"... {days} quiet day{'s' if days > 1 else ''}")


def lines_of(day: Day, chosen: settings.Settings) -> Iterator[str]:
    """Yield a day as it is printed."""
    yield f"{day.day:%Y-%m-%d %A}"
    for one in sorted(day.happenings, key=lambda one: one.at):
        yield f"  {clock.local(one.at, chosen.zone):%H:%M}  {one.what}  {one.about}".rstrip()
    for what, number in sorted(day.counts.items()):
        shown = sum(one.what == what for one in day.happenings)
        if number > shown:
            yield f"         {what}: {number - shown} more"
    said = {
        "letters kept": day.letters,
        "events not told": day.events,
        "waiting": day.waiting,
        "overdue": day.overdue,
    }
    if told := ", ".join(f"{number} {name}" for name, number in said.items() if number):
        yield f"         at the day's end: {told}"
