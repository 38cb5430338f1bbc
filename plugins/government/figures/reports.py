"""The reports of petitions, each counted for whoever reads it."""

from collections.abc import Mapping, Sequence

from core import db
from core.i18n import N_, Message
from core.reports.facts import Asked, Cell, Dimension, Report
from plugins.government import facts as words
from plugins.government.figures import counting, facts
from plugins.government.figures.rows import rows
from plugins.government.rights import READ
from plugins.government.units.queries import units

FIGURES = "government:figures:read"
SMALLEST = 5  # counts below it are hidden from whoever is outside the office


async def unit_names() -> Mapping[str, Message | str]:
    """Return what units are called, by the keys of their lines."""
    names: dict[str, Message | str] = {
        str(one.id): one.name for one in await units(active_only=False)
    }
    return names | {facts.NOT_BROKEN_DOWN: N_("Not broken down (confidential)")}


async def subject_names() -> Mapping[str, Message | str]:
    """Return what the subjects of the first level are called."""
    found = await db.fetch("SELECT path, name FROM government_subject WHERE level = 1")
    names: dict[str, Message | str] = {row["path"]: row["name"] for row in found}
    return names | {facts.NOT_BROKEN_DOWN: N_("Not broken down (confidential)")}


DIMENSIONS = (
    Dimension(name=facts.DAY, label=N_("Day"), time=True),
    Dimension(name=facts.CHANNEL, label=N_("Channel"), values=tuple(words.CHANNELS.items())),
    Dimension(
        name=facts.PURPOSE, label=N_("Kind of petition"), values=tuple(words.PURPOSES.items())
    ),
    Dimension(name=facts.SUBJECT, label=N_("Subject of the petition"), named=subject_names),
    Dimension(name=facts.PLACE, label=N_("Place of the problem"), named=unit_names),
    Dimension(name=facts.UNIT, label=N_("Unit that answers"), named=unit_names),
    Dimension(name=facts.SIZE, label=N_("Size of the party"), values=tuple(words.SIZES.items())),
    Dimension(
        name=facts.FREQUENCY,
        label=N_("First or repeated"),
        values=tuple(words.FREQUENCIES.items()),
    ),
)


async def petitions(asked: Asked) -> Sequence[Cell]:
    """Count what the reader may see."""
    return await counting.cells(asked, await counting.sight_of(asked.reader))


PETITIONS = Report(
    name="government.petitions",
    title=N_("Petitions: items, batches, persons"),
    hint=N_("What was received and registered, by channel, kind, subject, place and unit."),
    permission=FIGURES,
    dimensions=DIMENSIONS,
    measures=facts.MEASURES,
    query=petitions,
    rows=rows,
    balances=facts.BALANCES,
    suppress_below=SMALLEST,
    in_full=READ,
    order=300,
)
REPORTS = (PETITIONS,)
