"""The petition office's side of the demonstration: a city with fourteen months of items."""

from core.demo.facts import DemoFacts
from core.demo.people import People
from core.documents.numbering import number_label
from plugins.government import clocks
from plugins.government.city import (
    handed,
    held,
    lately,
    opined,
    people,
    received,
    staffing,
    subjects,
    timed,
    writing,
)
from plugins.government.city.generating import City

MATTERS, FEW = 3000, 300


async def fill(demo: DemoFacts) -> None:
    """Fill a new installation with a city: a few hundred items where few weeks are asked for."""
    made = await staffing.make(demo, People(demo.seed + 3))
    city = City(demo.seed, demo.at)
    plans = city.make(MATTERS if demo.weeks > 1 else FEW)
    numbers: dict[int, int] = {}
    for plan in plans:
        numbers[plan.at.year] = numbers.get(plan.at.year, 0) + 1
        plan.number = number_label(plan.at.year, numbers[plan.at.year])
    await people.write(city.known)
    sent, said = handed.make(plans, made, demo.at), opined.make(plans, made, demo.at)
    writer = writing.Writer(made, await subjects.write(plans))
    for plan in plans:
        writer.matter(plan)
    came: dict[tuple[str, int], int] = {}
    contacts = writer.contacts(plans, came, demo.at)
    await writer.write()
    await writing.count_on("government.matter", numbers)
    for (channel, year), last in came.items():
        await writing.count_on(f"government.contact.{channel}", {year: last})
    await held.write(plans, made)
    await timed.write(plans, made, demo.at)
    await opined.write(said)
    rules = (await clocks.in_force(demo.at)).name
    desk = received.make(plans, contacts, made, demo.at, rules)
    for last_numbers in (await handed.write(sent), await received.write(desk)):
        for kind, by_year in last_numbers.items():
            await writing.count_on(kind, by_year)
    await lately.fill(plans, made, demo.at)
