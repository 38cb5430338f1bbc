"""The `laifang` command: one group whose commands are loaded only when they are called."""

import importlib
import pkgutil
from typing import Any

import rich_click as click

from web import commands

# What `laifang --help` says without importing the commands themselves; the order is that of the list.
SUMMARIES = {
    "serve": "Serve the pages and the API.",
    "migrate": "Bring the database up to date.",
    "demo": "Load demonstration data.",
    "user": "Make accounts, reset passwords, list accounts.",
    "backup": "Save database and attachments in one file; the keys apart.",
    "restore": "Restore what backup saved.",
    "log": "Verify the log, and show it.",
    "rules": "Show, adopt and rehearse rulebooks.",
    "retention": "Show what is due for erasure, and erase it.",
    "play": "Play days or a year through in seconds.",
}


class LazyGroup(click.RichGroup):
    """Finds `web/commands/<name>.py` and takes its `command`; a name without a module is not listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands that are there."""
        there = {module.name for module in pkgutil.iter_modules(commands.__path__)}
        return [name for name in SUMMARIES if name in there] + sorted(there - set(SUMMARIES))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command's name and summary, enough for the list of commands."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return click.RichCommand(name=cmd_name, short_help=SUMMARIES.get(cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Load the command that is called."""
        name, _, rest = super().resolve_command(ctx, args)
        module: Any = importlib.import_module(f"{commands.__name__}.{args[0].replace('-', '_')}")
        command: click.Command = module.command
        return name, command, rest


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="laifang", prog_name="laifang")
def main() -> None:
    """Laifang 来访: the open platform on which organisations receive people."""


if __name__ == "__main__":
    main()
