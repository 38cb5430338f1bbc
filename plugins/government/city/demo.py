"""The petition office's side of the demonstration: a city with fourteen months of items."""

from core.demo.facts import DemoFacts
from core.demo.people import People
from core.documents.numbering import number_label
from plugins.government.city import held, people, staffing, subjects, timed, writing
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
    writer = writing.Writer(made, await subjects.write(plans))
    for plan in plans:
        writer.matter(plan)
    came: dict[int, int] = {}
    writer.contacts(plans, came)
    await writer.write()
    await writing.count_on("government.matter", numbers)
    await writing.count_on("government.contact", came)
    await held.write(plans, made)
    await timed.write(plans, made, demo.at)
