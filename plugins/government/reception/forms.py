"""Fields of this room's forms."""

from collections.abc import Sequence

from core.forms import Field
from core.i18n import N_
from core.registrations.forms import clean_clock_time
from core.text import normalise_phone
from core.visitors.forms import clean_name

BOOK = (
    Field(
        name="name",
        label=N_("Your name"),
        required=True,
        max_length=50,
        autocomplete="name",
        clean=clean_name,
    ),
    Field(
        name="phone",
        label=N_("Your phone number"),
        kind="tel",
        required=True,
        max_length=40,
        autocomplete="tel",
        inputmode="tel",
        clean=normalise_phone,
    ),
    Field(name="heads", label=N_("How many come (at most five)"), kind="number", required=True),
    Field(
        name="topic",
        label=N_("What it is about, in a few words"),
        kind="textarea",
        required=True,
        max_length=300,
        help=N_("No secrets here: you tell the rest in the room."),
    ),
)
BOOK_HERE = (
    Field(name="name", label=N_("Petitioner"), required=True, max_length=50, clean=clean_name),
    Field(
        name="phone",
        label=N_("Phone of the petitioner"),
        kind="tel",
        required=True,
        max_length=40,
        inputmode="tel",
        clean=normalise_phone,
    ),
    Field(name="heads", label=N_("How many come (at most five)"), kind="number", required=True),
    Field(name="number", label=N_("Number of the item, if there is one"), max_length=20),
    Field(name="topic", label=N_("What it is about, in a few words"), max_length=300),
)
CHANGE = (
    Field(name="day", label=N_("Day of the reception"), kind="date", required=True),
    Field(name="place", label=N_("Place of the reception"), max_length=200),
    Field(
        name="begins",
        label=N_("Receives from"),
        kind="time",
        required=True,
        max_length=10,
        clean=clean_clock_time,
    ),
    Field(
        name="ends",
        label=N_("Receives until"),
        kind="time",
        required=True,
        max_length=10,
        clean=clean_clock_time,
    ),
    Field(name="slots", label=N_("Places for bookings"), kind="number", required=True),
)
CANCEL = (
    Field(
        name="note",
        label=N_("Why it does not take place (the public reads it)"),
        required=True,
        max_length=200,
    ),
)


def leader(accounts: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """Return the fields of naming who takes turns."""
    return (
        Field(
            name="user", label=N_("Account of the leader"), kind="select", required=True,
            options=accounts,
        ),
        Field(name="post", label=N_("Post, as the public reads it"), required=True, max_length=60),
        Field(name="director", label=N_("Has the director's day"), kind="checkbox"),
    )  # fmt: skip


def delegate(accounts: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """Return the fields of delegating a day."""
    return (
        Field(
            name="user", label=N_("Who receives instead"), kind="select", required=True,
            options=accounts,
        ),
        Field(name="post", label=N_("Post, as the public reads it"), max_length=60),
    )  # fmt: skip


def section(units: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """Return the field of adding a unit whose head is to be there."""
    return (
        Field(
            name="unit",
            label=N_("Unit whose head is to be there"),
            kind="select",
            required=True,
            options=units,
        ),
    )
