"""The forms of bulletins: beginning one, writing its text."""

from core.forms import Field
from core.i18n import N_
from plugins.government.bulletins.facts import KINDS, SINGLE, parts_of

_LONG = 8000


def beginning() -> list[Field]:
    """Return the fields by which a bulletin is begun."""
    return [
        Field(
            name="kind",
            label=N_("Kind of bulletin"),
            kind="select",
            required=True,
            options=[(name, KINDS[name].label) for name in SINGLE],
        ),
        Field(
            name="day",
            label=N_("A day of the time it covers"),
            kind="date",
            required=True,
            help=N_("For a month or quarter any day in it."),
        ),
        Field(
            name="matter",
            label=N_("Number of the item it is about"),
            max_length=20,
            help=N_("Only for urgent information and special reports."),
        ),
    ]


def writing(kind: str) -> list[Field]:
    """Return the fields of a bulletin's text."""
    return [
        Field(
            name=name,
            label=label,
            kind="text" if name in ("heading", "cc") else "textarea",
            required=name == "heading",
            max_length=200 if name in ("heading", "cc") else _LONG,
        )
        for name, label in parts_of(kind).items()
    ]
