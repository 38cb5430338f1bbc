"""The school's side of the demonstration."""

from core.demo.facts import DemoFacts


async def fill(demo: DemoFacts) -> None:
    """Fill a new installation with a school."""
