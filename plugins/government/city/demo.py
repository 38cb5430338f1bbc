"""The petition office's side of the demonstration: a city with fourteen months of items."""

from collections.abc import Sequence
from datetime import datetime

from core import settings
from core.demo.facts import DemoFacts
from core.demo.people import People
from core.documents.numbering import number_label
from core.plugins import Plugins, installed
from plugins.government import clocks
from plugins.government.city import (
    aside,
    filed,
    handed,
    held,
    lately,
    opined,
    papers,
    people,
    received,
    staffing,
    subjects,
    timed,
    writing,
)
from plugins.government.city.generating import City
from plugins.government.city.plans import Plan
from plugins.government.city.scene import Scene
from plugins.government.city.staffing import Made

MATTERS, FEW = 3000, 300


async def fill(demo: DemoFacts) -> None:
    """Fill a new installation with a city: a few hundred items where few weeks are asked for."""
    made = await staffing.make(demo, People(demo.seed + 3))
    city = City(demo.seed, demo.at)
    plans = city.make(MATTERS if demo.weeks > 1 else FEW)
    _number(plans)
    await people.write(city.known)
    await _items(plans, made, demo.at)
    scene = Scene(
        plans=plans[::-1],
        made=made,
        now=demo.at,
        plugins=Plugins(installed(settings.load().plugins)),
        people=People(demo.seed + 11),
    )
    await lately.fill(scene)


def _number(plans: Sequence[Plan]) -> None:
    numbers: dict[int, int] = {}
    for plan in plans:
        numbers[plan.at.year] = numbers.get(plan.at.year, 0) + 1
        plan.number = number_label(plan.at.year, numbers[plan.at.year])


async def _items(plans: Sequence[Plan], made: Made, now: datetime) -> None:
    """Write the items with all that hangs on them; every number goes on behind the last."""
    rules = await clocks.in_force(now)
    sent, said = handed.make(plans, made, now), opined.make(plans, made, now)
    last = sent.number()
    writer = writing.Writer(made, await subjects.write(plans))
    for plan in plans:
        writer.matter(plan)
    came: dict[tuple[str, int], int] = {}
    contacts = writer.contacts(plans, came, now)
    desk = received.make(plans, contacts, made, now, rules.name)
    written = papers.make(plans, sent, said, desk, made, rules.values)
    said.say()
    files = filed.make(
        plans, writer.rows[writing.CONTACT], desk.rows[received.INTERVIEW], written, made, now,
        rules.values,
    )  # fmt: skip
    for plan in plans:
        writer.steps(plan)
    await writer.write()
    for part in (sent, said, desk, written, files):
        await part.write()
    await held.write(plans, made)
    await timed.write(plans, made, now)
    await aside.letters(plans, made, now, came)
    years: dict[int, int] = {}
    for plan in plans:
        years[plan.at.year] = years.get(plan.at.year, 0) + 1
    counted = {"government.matter": years, **last, **desk.numbers, **written.last, **files.last()}
    for (channel, year), number in came.items():
        counted.setdefault(f"government.contact.{channel}", {})[year] = number
    for kind, by_year in counted.items():
        await writing.count_on(kind, by_year)
