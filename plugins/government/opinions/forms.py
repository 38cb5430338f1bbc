"""Fields of this room's forms."""

from collections.abc import Sequence

from core.documents.deliveries import METHODS
from core.forms import Field
from core.i18n import N_, Message
from plugins.government.inputs import clean_day
from plugins.government.opinions.facts import (
    DELAY_REASONS,
    EXTENSION_REASONS,
    LED_TO,
    OUTCOMES,
    TAKEN,
    TOLD_BY,
)

LONG = 6000
_METHOD = Field(
    name="method",
    label=N_("Way of delivery"),
    kind="select",
    required=True,
    options=tuple(METHODS.items()),
)


def opinion(level: str) -> tuple[Field, ...]:
    """Return the fields of an opinion, as its paper has them (article 32)."""
    return (
        Field(
            name="outcome",
            label=N_("What it comes to"),
            kind="select",
            required=True,
            options=tuple(OUTCOMES[level].items()),
        ),
        Field(
            name="claims",
            label=N_("Demands of the petitioner"),
            kind="textarea",
            required=True,
            max_length=LONG,
        ),
        Field(
            name="facts",
            label=N_("Facts found and reasons"),
            kind="textarea",
            required=True,
            max_length=LONG,
        ),
        Field(
            name="basis",
            label=N_("Laws and rules it rests on"),
            kind="textarea",
            required=True,
            max_length=LONG,
        ),
        Field(
            name="decision",
            label=N_("The opinion"),
            kind="textarea",
            required=True,
            max_length=LONG,
        ),
    )


RECEIVED = (
    Field(name="label", label=N_("Number on the paper"), required=True, max_length=60),
    Field(name="signed_by", label=N_("Signed by"), required=True, max_length=100),
    Field(
        name="issued_on", label=N_("Date on the paper"), kind="date", required=True, clean=clean_day
    ),
)
TOLD = (
    Field(name="on", label=N_("Told on"), kind="date", required=True, clean=clean_day),
    Field(
        name="means",
        label=N_("How it was told"),
        kind="radio",
        required=True,
        options=tuple(TOLD_BY.items()),
    ),
    Field(
        name="note",
        label=N_("What was told, and what they said"),
        kind="textarea",
        required=True,
        max_length=2000,
    ),
)
WRONG = (Field(name="reason", label=N_("What was noted wrongly"), required=True, max_length=300),)
VOID = (Field(name="reason", label=N_("Why it is void"), required=True, max_length=300),)
TAKING = (
    Field(
        name="taken",
        label=N_("How the petitioner took it"),
        kind="select",
        required=True,
        options=tuple(TAKEN.items()),
    ),
    Field(
        name="led_to",
        label=N_("What follows (if not content)"),
        kind="select",
        options=tuple(LED_TO.items()),
    ),
    Field(name="note", label=N_("In their words"), kind="textarea", max_length=2000),
    Field(
        name="consent",
        label=N_("Agrees that the result is made known in a limited circle"),
        kind="checkbox",
    ),
)
PUBLISH = (Field(name="circle", label=N_("Circle, for example the village"), required=True),)


def review(bodies: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """Return the fields of a request for review or re-review."""
    return (
        Field(
            name="asked_on", label=N_("Asked for on"), kind="date", required=True, clean=clean_day
        ),
        Field(name="in_writing", label=N_("Asked for in writing"), kind="checkbox"),
        Field(
            name="reasons",
            label=N_("Reasons of the request"),
            kind="textarea",
            required=True,
            max_length=LONG,
        ),
        Field(name="evidence", label=N_("Evidence handed in"), kind="textarea", max_length=LONG),
        Field(
            name="body",
            label=N_("Goes to"),
            kind="select",
            options=bodies,
            help=N_("The next higher body is chosen already."),
        ),
        Field(
            name="body_confirmed",
            label=N_("Not the next higher body, but competent all the same"),
            kind="checkbox",
        ),
        Field(
            name="good_reason",
            label=N_("Good reason why it comes late (only if late)"),
            kind="textarea",
            max_length=2000,
        ),
    )


def extension(most: int) -> tuple[Field, ...]:
    """Return the fields of asking for more time."""
    return (
        Field(
            name="reason",
            label=N_("Why more time is needed"),
            kind="select",
            required=True,
            options=tuple(EXTENSION_REASONS.items()),
        ),
        Field(
            name="days",
            label=N_("More days (at most {most})", most=most),
            kind="number",
            required=True,
            inputmode="numeric",
        ),
        Field(name="note", label=N_("In detail, for the file"), kind="textarea", max_length=2000),
    )


TELLING = (
    Field(name="on", label=N_("Told on"), kind="date", required=True, clean=clean_day),
    _METHOD,
)
DELAY = (
    Field(
        name="reason",
        label=N_("Why it cannot be closed in time"),
        kind="select",
        required=True,
        options=tuple(DELAY_REASONS.items()),
    ),
    Field(
        name="note",
        label=N_("What is still to be done, and until when"),
        kind="textarea",
        required=True,
        max_length=2000,
    ),
)
HEARING = (Field(name="day", label=N_("Day of the hearing"), kind="date", clean=clean_day),)


def closing(reasons: Sequence[tuple[str, Message]]) -> tuple[Field, ...]:
    """Return the fields of closing an item."""
    return (
        Field(
            name="reason",
            label=N_("Reason of closing"),
            kind="select",
            required=True,
            options=reasons,
        ),
        Field(name="note", label=N_("Note for the office"), kind="textarea", max_length=2000),
    )
