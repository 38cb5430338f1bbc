"""What is counted of petitions, in items, batches and persons, and by what. Words only.

件次: every time somebody came, wrote or called. 批次: visits alone, one for each party. 人次: the people in
these parties. 件: the items registered.
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
FIELDS = (*COUNTED, *_OF_CHANNEL, *_OF_SIZE)
# Visits: one batch each, of one size; persons of groups are among all persons.
BALANCES = (
    Balance(terms={TIMES: 1, **dict.fromkeys(_OF_CHANNEL, -1)}),
    Balance(terms={TIMES: 1, **dict.fromkeys(FREQUENCIES, -1)}),
    Balance(terms={BATCHES: 1, "by_visit": -1}),
    Balance(terms={BATCHES: 1, **dict.fromkeys(_OF_SIZE, -1)}),
    Balance(terms={GROUP_BATCHES: 1, "visit_group": -1}),
)
MEASURES = tuple(Measure(name=name, label=label) for name, label in COUNTED.items())


def conditions() -> dict[str, str]:
    """Return what each field of a contact `c` counts: SQL that is true for those counted."""
    return {
        TIMES: "1 = 1",
        BATCHES: "c.channel = 'visit'",
        GROUP_BATCHES: "c.channel = 'visit' AND c.size = 'group'",
        JOINT_LETTERS: "c.channel = 'letter' AND c.size = 'group'",
        FIRST: f"c.frequency = '{FIRST}'",
        REPEAT: f"c.frequency = '{REPEAT}'",
        **{field: f"c.channel = '{name}'" for field, name in _OF_CHANNEL.items()},
        **{field: f"c.channel = 'visit' AND c.size = '{name}'" for field, name in _OF_SIZE.items()},
    }


def heads() -> dict[str, str]:
    """Return the fields that sum up people, by the condition on a contact `c`."""
    return {
        PERSONS: "c.channel = 'visit'",
        GROUP_PERSONS: "c.channel = 'visit' AND c.size = 'group'",
    }
