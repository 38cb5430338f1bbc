"""The forms of urging, supervision and recommendations: their fields, defined once."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from core.forms import Field
from core.i18n import N_, Message
from plugins.government.supervising.facts import (
    FEEDBACKS,
    MEANS,
    REASONS,
    RECOMMENDATIONS,
    URGE_MEANS,
)

Units = Sequence[tuple[UUID, str]]


def _unit(units: Units) -> Field:
    return Field(
        name="unit",
        label=N_("Unit"),
        kind="select",
        required=True,
        options=[(str(one), name) for one, name in units],
    )


def _text(
    name: str, label: Message, *, required: bool = True, help: Message | None = None
) -> Field:
    return Field(
        name=name, label=label, kind="textarea", required=required, max_length=4000, help=help
    )


def _day(name: str, label: Message) -> Field:
    return Field(name=name, label=label, kind="date", required=True)


def urge(units: Units) -> list[Field]:
    """Return the fields of an urging."""
    return [
        _unit(units),
        Field(
            name="means",
            label=N_("How it was urged"),
            kind="radio",
            required=True,
            options=tuple(URGE_MEANS.items()),
        ),
        Field(name="spoke_with", label=N_("With whom it was spoken"), max_length=100),
        _text("text", N_("What was said or written")),
        _day("answer_by", N_("Answer asked for by")),
    ]


def urge_several() -> list[Field]:
    """Return the fields by which one unit is urged about several items."""
    return [field for field in urge(()) if field.name != "unit"]


def supervise(units: Units) -> list[Field]:
    """Return the fields by which a supervision is opened."""
    return [
        _unit(units),
        Field(
            name="reason",
            label=N_("Ground of supervision"),
            kind="select",
            required=True,
            options=tuple(REASONS.items()),
        ),
        _text("requirement", N_("What is required of the unit")),
        _day("due_on", N_("Answer in writing by")),
        Field(
            name="means",
            label=N_("First step"),
            kind="radio",
            required=True,
            options=tuple(MEANS.items()),
        ),
        Field(name="with_whom", label=N_("With whom it was spoken"), max_length=100),
        _text(
            "unurged",
            N_("Why the unit was not urged first"),
            required=False,
            help=N_("Only where it was not urged by phone or letter before."),
        ),
    ]


STEP = [
    Field(
        name="means",
        label=N_("Means of supervision"),
        kind="radio",
        required=True,
        options=tuple(MEANS.items()),
    ),
    Field(name="with_whom", label=N_("With whom it was spoken"), max_length=100),
    _text("text", N_("What was said or written")),
]
ANSWER = [_text("answer", N_("The unit's answer"))]
INSIST = [_text("text", N_("Why this is not enough")), _day("due_on", N_("Answer in writing by"))]
CLOSE = [_text("outcome", N_("What it led to"))]
HAND_OVER = [_text("reason", N_("Why it is handed over"))]
FEEDBACK = [
    Field(
        name="feedback",
        label=N_("Written feedback"),
        kind="radio",
        required=True,
        options=tuple(FEEDBACKS.items()),
    ),
    _text("feedback_text", N_("What was done, or why not")),
]


def recommend(units: Units) -> list[Field]:
    """Return the fields of a recommendation."""
    return [
        _unit(units),
        Field(
            name="kind",
            label=N_("Kind of recommendation"),
            kind="radio",
            required=True,
            options=tuple(RECOMMENDATIONS.items()),
        ),
        _text("text", N_("Recommendation")),
        _day("due_on", N_("Feedback in writing by")),
    ]


def later(today: date, days: int) -> str:
    """Return a day so many days ahead as a form's value."""
    return (today + timedelta(days=days)).isoformat()
