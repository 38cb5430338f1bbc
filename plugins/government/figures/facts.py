"""What is counted of petitions, in items, batches and persons, and by what. Words only.

件次: every time somebody came, wrote or called with a matter. 批次: visits alone, one for each party,
whatever the number of its matters. 人次: the people in these parties. 件: the items registered.
"""

from core.i18n import N_, Message
from core.reports.facts import Balance, Measure
from plugins.government.facts import CHANNELS, FIRST, FREQUENCIES, REPEAT, SIZES

NOT_BROKEN_DOWN = "~secret"
PLACE, UNIT, SUBJECT, PURPOSE = "place", "unit", "subject", "kind"
CHANNEL, SIZE, FREQUENCY, DAY = "channel", "size", "frequency", "day"
# The office's monthly tables, in their order; secret items are not broken down by these three.
TABLES: dict[str, Message] = {
    CHANNEL: N_("By channel"),
    PURPOSE: N_("By kind of petition"),
    SUBJECT: N_("By subject"),
    PLACE: N_("By place of the problem"),
    UNIT: N_("By unit that answers"),
    SIZE: N_("By size of the party"),
    FREQUENCY: N_("By first or repeated"),
}
VEILED = (SUBJECT, PLACE, UNIT)

TIMES, BATCHES, PERSONS, ITEMS = "times", "batches", "persons", "items"
GROUP_BATCHES, GROUP_PERSONS, JOINT_LETTERS = "group_batches", "group_persons", "joint_letters"
COUNTED: dict[str, Message] = {
    TIMES: N_("Times received"),
    BATCHES: N_("Batches of visitors"),
    PERSONS: N_("Persons who visited"),
    GROUP_BATCHES: N_("Batches of groups"),
    GROUP_PERSONS: N_("Persons in groups"),
    JOINT_LETTERS: N_("Joint letters"),
    FIRST: N_("First times"),
    REPEAT: N_("Repeated times"),
    ITEMS: N_("Items registered"),
}
_OF_CHANNEL = {f"by_{name}": name for name in CHANNELS}
_OF_SIZE = {f"visit_{name}": name for name in SIZES}
FURTHER = "further"  # further matters of one visit: received, but no batch of their own
FIELDS = (*COUNTED, *_OF_CHANNEL, *_OF_SIZE, FURTHER)
# Visits: one batch each, of one size; persons of groups are among all persons.
BALANCES = (
    Balance(terms={TIMES: 1, **dict.fromkeys(_OF_CHANNEL, -1)}),
    Balance(terms={TIMES: 1, **dict.fromkeys(FREQUENCIES, -1)}),
    Balance(terms={BATCHES: 1, FURTHER: 1, "by_visit": -1}),
    Balance(terms={BATCHES: 1, **dict.fromkeys(_OF_SIZE, -1)}),
    Balance(terms={GROUP_BATCHES: 1, "visit_group": -1}),
)
MEASURES = tuple(Measure(name=name, label=label) for name, label in COUNTED.items())

_BATCH = "c.channel = 'visit' AND c.leads"


def conditions() -> dict[str, str]:
    """Return what each field of a contact `c` counts: SQL that is true for those counted."""
    return {
        TIMES: "1 = 1",
        BATCHES: _BATCH,
        GROUP_BATCHES: f"{_BATCH} AND c.size = 'group'",
        FURTHER: "c.channel = 'visit' AND NOT c.leads",
        JOINT_LETTERS: "c.channel = 'letter' AND c.size = 'group'",
        FIRST: f"c.frequency = '{FIRST}'",
        REPEAT: f"c.frequency = '{REPEAT}'",
        **{field: f"c.channel = '{name}'" for field, name in _OF_CHANNEL.items()},
        **{field: f"{_BATCH} AND c.size = '{name}'" for field, name in _OF_SIZE.items()},
    }


def heads() -> dict[str, str]:
    """Return the fields that sum up people, by the condition on a contact `c`."""
    return {
        PERSONS: _BATCH,
        GROUP_PERSONS: f"{_BATCH} AND c.size = 'group'",
    }
