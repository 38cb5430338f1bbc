"""`laifang rules`: which rulebooks there are, what is in force, adopting and rehearsing a version."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import rich_click as click

from core import clock, db, settings
from core.errors import DomainError, InvalidInputError
from core.installation import opened
from core.permissions import Actor
from core.plugins import Plugins, installed
from core.rulebooks import queries, rehearsal, services
from core.rulebooks.facts import InForce, Rulebook, Span
from core.rulebooks.rehearsal import Rehearsed


def _rulebooks() -> dict[str, Rulebook]:
    plugins = Plugins(installed(settings.load().plugins))
    return {rulebook.plugin: rulebook for rulebook in plugins.register_rulebooks()}


@click.group()
def command() -> None:
    """Show and adopt rulebooks."""


@command.command(name="list")
def list_() -> None:
    """List the rulebooks and the version of each that is in force."""
    for name, rulebook in _rulebooks().items():
        in_force = asyncio.run(_in_force(rulebook))
        since = in_force.effective_from.isoformat() if in_force.effective_from else "the start"
        click.echo(f"{name}: {rulebook.title}, version {in_force.name}, in force since {since}")


@command.command()
@click.argument("plugin")
def show(plugin: str) -> None:
    """Print the settings in force of one rulebook, with their unit and source."""
    rulebook = _chosen(plugin)
    in_force = asyncio.run(_in_force(rulebook))
    click.echo(f"# {in_force.name}")
    for item, about in rulebook.settings():
        unit = f" {about.unit}" if about.unit else ""
        basis = f"   ({about.basis})" if about.basis else ""
        click.echo(f"{item.name} = {getattr(in_force.values, item.name)!r}{unit}{basis}")


@command.command()
@click.argument("plugin")
@click.argument("values", nargs=-1, metavar="NAME=VALUE...")
@click.option("--from", "start", help="ISO 8601 moment it takes effect; now when left out.")
@click.option("--note", required=True, help="Why, in a sentence.")
def adopt(plugin: str, values: tuple[str, ...], start: str | None, note: str) -> None:
    """Adopt a version: what is in force now, with the named values changed."""
    rulebook = _chosen(plugin)
    changed = dict(value.split("=", 1) for value in values if "=" in value)
    names = {item.name for item, _ in rulebook.settings()}
    if unknown := sorted(set(changed) - names):
        raise click.ClickException(f"There is no setting {', '.join(unknown)}.")
    try:
        name = asyncio.run(_adopt(rulebook, changed, start, note))
    except InvalidInputError as error:
        said = "; ".join(f"{field}: {problem}" for field, problem in error.problems.items())
        raise click.ClickException(said) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Adopted {name}.")


@command.command()
@click.argument("plugin")
@click.argument("values", nargs=-1, metavar="NAME=VALUE...")
@click.option("--days", default=28, show_default=True, help="How many past days to decide again.")
def rehearse(plugin: str, values: tuple[str, ...], days: int) -> None:
    """List what the past days would have been with the named values changed; nothing is written."""
    rulebook = _chosen(plugin)
    changed = dict(value.split("=", 1) for value in values if "=" in value)
    names = {item.name for item, _ in rulebook.settings()}
    if unknown := sorted(set(changed) - names):
        raise click.ClickException(f"There is no setting {', '.join(unknown)}.")
    try:
        found = asyncio.run(_rehearse(rulebook, changed, days))
    except InvalidInputError as error:
        said = "; ".join(f"{field}: {problem}" for field, problem in error.problems.items())
        raise click.ClickException(said) from error
    for one in found:
        click.echo(f"{one.rehearsal.label}: {one.judged} cases, {one.changed} otherwise")
        for case in one.differences:
            click.echo(f"  {case.case.title}: {case.before.text} -> {case.after.text}")


async def _rehearse(rulebook: Rulebook, changed: dict[str, str], days: int) -> Sequence[Rehearsed]:
    chosen = settings.load()
    async with opened(chosen, read_only=True):
        queries.forget()
        now = clock.now()
        return await rehearsal.rehearse(
            rulebook,
            {name: _read(value) for name, value in changed.items()},
            Span(since=now - timedelta(days=days), until=now),
            plugins=Plugins(installed(chosen.plugins)),
        )


def _chosen(plugin: str) -> Rulebook:
    known = _rulebooks()
    if plugin not in known:
        raise click.ClickException(f"No rulebook of {plugin}; there are: {', '.join(known)}.")
    return known[plugin]


async def _in_force(rulebook: Rulebook) -> InForce:
    await db.open(settings.load().database_url, read_only=True)
    try:
        queries.forget()
        return await queries.in_force(rulebook, clock.now())
    finally:
        await db.close()


async def _adopt(rulebook: Rulebook, changed: dict[str, str], start: str | None, note: str) -> str:
    chosen = settings.load()
    async with opened(chosen):
        queries.forget()
        now = clock.now()
        in_force = await queries.in_force(rulebook, now)
        values: dict[str, Any] = {
            item.name: getattr(in_force.values, item.name) for item, _ in rulebook.settings()
        }
        version = await services.adopt(
            rulebook,
            values | {name: _read(value) for name, value in changed.items()},
            effective_from=datetime.fromisoformat(start) if start else now,
            note=note,
            actor=Actor(kind="system", name="command line"),
            at=now,
        )
        return f"{rulebook.plugin}/{version.number}"


def _read(text: str) -> Any:
    """Read a JSON list for settings of several lines; anything else is taken as typed."""
    return json.loads(text) if text.startswith("[") else text
