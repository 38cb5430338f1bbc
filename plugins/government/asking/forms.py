"""Fields of this room's forms."""

from collections.abc import Sequence
from dataclasses import replace

from core.documents.deliveries import METHODS
from core.forms import Field
from core.i18n import N_, Message
from plugins.government.asking.facts import CALL, DESK, MEANS, SCORES, TARGETS
from plugins.government.inputs import clean_day

ASK = (
    Field(
        name="code",
        label=N_("Query code on your receipt"),
        required=True,
        max_length=40,
        autocomplete="off",
        help=N_("Ten letters and digits."),
    ),
    Field(
        name="tail",
        label=N_("Last four of your identity document"),
        required=True,
        max_length=40,
        help=N_("If you gave no document: the last four of your phone number."),
    ),
)
RATE = (
    Field(
        name="target",
        label=N_("Who is rated"),
        kind="hidden",
        required=True,
        options=tuple(TARGETS.items()),
    ),
    Field(
        name="score",
        label=N_("How satisfied are you?"),
        kind="radio",
        required=True,
        options=tuple(SCORES.items()),
    ),
    Field(
        name="remark",
        label=N_("What would you like to say? (optional)"),
        kind="textarea",
        max_length=1000,
    ),
)
RATE_HERE = (
    Field(
        name="target",
        label=N_("Who is rated"),
        kind="select",
        required=True,
        options=tuple(TARGETS.items()),
    ),
    replace(RATE[1], label=N_("How satisfied")),
    Field(
        name="means",
        label=N_("How it was said"),
        kind="select",
        required=True,
        options=tuple((one, MEANS[one]) for one in (DESK, CALL)),
    ),
    Field(name="remark", label=N_("In their words"), kind="textarea", max_length=1000),
)
REACHED = (
    ("yes", N_("Reached: this is what they say")),
    ("no", N_("Not reached: try another time")),
)


def call_back(targets: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields of a call-back: whether somebody was reached, a score for each."""
    return (
        Field(
            name="reached",
            label=N_("Was the petitioner reached?"),
            kind="radio",
            required=True,
            options=REACHED,
        ),
        *(
            Field(name=one, label=TARGETS[one], kind="radio", options=tuple(SCORES.items()))
            for one in targets
        ),
        Field(name="remark", label=N_("In their words"), kind="textarea", max_length=1000),
    )


BOX = (
    Field(
        name="text",
        label=N_("Your opinion of the office's work"),
        kind="textarea",
        required=True,
        max_length=2000,
    ),
    Field(name="contact", label=N_("How to reach you (optional)"), max_length=100),
)
DONE = (
    Field(
        name="note",
        label=N_("What was done about it"),
        kind="textarea",
        required=True,
        max_length=2000,
    ),
)
REPLY = (
    Field(
        name="text",
        label=N_("Text of the reply"),
        kind="textarea",
        required=True,
        max_length=4000,
    ),
)
SENT = (
    Field(name="on", label=N_("Sent on"), kind="date", required=True, clean=clean_day),
    Field(
        name="method",
        label=N_("Way of delivery"),
        kind="select",
        required=True,
        options=tuple(METHODS.items()),
    ),
)


def _lines(name: str, label: Message, hint: Message | None = None) -> Field:
    return Field(name=name, label=label, kind="textarea", max_length=4000, help=hint)


OFFICE = (
    Field(name="name", label=N_("Name of the reception room"), required=True),
    Field(name="address", label=N_("Address of the room"), required=True, max_length=200),
    Field(name="postcode", label=N_("Postcode"), max_length=20),
    Field(name="phone", label=N_("Complaint phone"), max_length=60),
    Field(name="email", label=N_("E-mail of the office"), max_length=100),
    _lines(
        "hours",
        N_("Reception times"),
        N_("One line each, for example: Monday to Friday 9:00-12:00"),
    ),
    _lines("directions", N_("How to get there")),
    _lines("how_to_query", N_("How to ask after a petition")),
    _lines("workflow", N_("Course of a petition"), N_("One step on each line.")),
    _lines("laws", N_("Laws and rules"), N_("One on each line.")),
    _lines("lawyers", N_("Lawyers' hours")),
    _lines("notice", N_("Notice on top of the page")),
)
UNIT = (
    Field(name="address", label=N_("Address of its petition office"), max_length=200),
    Field(name="phone", label=N_("Complaint phone"), max_length=60),
    Field(name="email", label=N_("E-mail of the office"), max_length=100),
    Field(name="hours", label=N_("Reception times"), max_length=200),
    Field(name="leader_days", label=N_("Reception days of its leaders"), max_length=200),
)
