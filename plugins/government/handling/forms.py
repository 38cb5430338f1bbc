"""Fields of the forms of transfer, assignment, check and of the unit's work."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from core.forms import Field
from core.i18n import N_, Message
from core.registrations.judging import site_time
from core.rulebooks.facts import InForce
from plugins.government import clocks
from plugins.government.acts import Doer, day_field, select, text_field
from plugins.government.facts import URGENCIES
from plugins.government.handling import checking, undertaking
from plugins.government.handling.facts import GROUNDS, MEANS, POINTS, TAKINGS
from plugins.government.matters import access
from plugins.government.matters.facts import MatterView
from plugins.government.units import queries as units
from plugins.government.units.facts import COUNTY, COUNTY_OFFICE, DEPARTMENT, KINDS, UnitLine

RECEIVING = (COUNTY, COUNTY_OFFICE, DEPARTMENT)


async def receiving(matter: MatterView) -> list[UnitLine]:
    """Return the units that can get an item of this reception room."""
    return await units.units(*RECEIVING, site_id=matter.line.site_id)


async def unit_options(matter: MatterView) -> list[tuple[str, Message | str]]:
    """Return those units for a select, by kind."""
    found = await receiving(matter)
    return [
        (str(one.id), N_("{name} ({kind})", name=one.name, kind=KINDS[one.kind]))
        for kind in RECEIVING
        for one in found
        if one.kind == kind
    ]


async def unit_field(matter: MatterView) -> Field:
    """Return the field that names the unit."""
    return select(
        "unit",
        N_("To which unit"),
        await unit_options(matter),
        required=True,
        help=N_(
            "Normally the competent body of the county: its petition office gets a copy."
            " With many demands or no clear competence, that office itself."
        ),
    )


def _urgent() -> tuple[Field, ...]:
    return (
        Field(
            name="urgent",
            label=N_("Urgent: the unit was told by phone, the letter follows"),
            kind="checkbox",
        ),
        Field(name="spoke_with", label=N_("Who took the call"), max_length=100),
        text_field("answer", N_("What they said on the phone")),
    )


async def transfer_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields of a transfer (GOV-20, GOV-21)."""
    return (
        await unit_field(matter),
        text_field("reason", N_("Why this unit is competent"), required=True),
        day_field("due_on", N_("Report back by"), required=True),
        *_urgent(),
    )


async def assign_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields of an assignment (GOV-22)."""
    return (
        await unit_field(matter),
        select("ground", N_("Ground of the assignment"), tuple(GROUNDS.items()), required=True),
        text_field("reason", N_("Why this unit is competent"), required=True),
        text_field("requirement", N_("What is required"), required=True),
        day_field("due_on", N_("Completion report by"), required=True),
        day_field("meeting_on", N_("Assignment meeting on"), help=N_("For major items only.")),
        *_urgent(),
    )


async def due_in(days_of: str, doer: Doer) -> str:
    """Return the day that so many days of the settings lead to."""
    rules = (await clocks.in_force(doer.at)).values
    return (site_time(doer.at).date() + timedelta(days=getattr(rules, days_of))).isoformat()


async def staff_options(matter: MatterView, doer: Doer) -> list[tuple[str, str]]:
    """Return the staff of the reader's unit that holds the item."""
    found: dict[str, str] = {}
    for unit_id in await access.own_units(doer.actor, matter.id):
        able = await undertaking.able_staff(matter.id, unit_id, doer.at)
        found |= {str(user_id): name for user_id, name in able.items()}
    return list(found.items())


async def acknowledge_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields with which a unit acknowledges an item."""
    return (
        select("person", N_("Who is in charge"), await staff_options(matter, doer), required=True),
        text_field("plan", N_("How it will be handled")),
    )


async def plan_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields of the unit's plan."""
    return (
        select("person", N_("Who is in charge"), await staff_options(matter, doer), required=True),
        text_field("plan", N_("How it will be handled"), required=True),
    )


async def contact_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields of a talk with the petitioner."""
    return (
        day_field("day", N_("Day"), required=True),
        select("means", N_("How you spoke"), tuple(MEANS.items()), required=True),
        text_field("text", N_("What was talked about"), required=True),
    )


async def progress_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the field of a progress report."""
    return (text_field("text", N_("How far it has come"), required=True),)


async def object_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields of an objection."""
    own = set(await access.own_units(doer.actor, matter.id))
    others = [(str(one.id), one.name) for one in await receiving(matter) if one.id not in own]
    return (
        text_field("reason", N_("Why your unit is not competent"), required=True),
        select("proposed", N_("Which body is competent"), others),
    )


async def result_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields of the result form (GOV-23)."""
    return (
        text_field("course", N_("Course of the handling"), required=True),
        text_field("result", N_("Result"), required=True),
        text_field("basis", N_("Laws and policies applied")),
        text_field("measures", N_("Measures to carry it out")),
        select("taken", N_("How the petitioner takes it"), tuple(TAKINGS.items()), required=True),
        text_field("words", N_("The petitioner's words")),
        Field(name="petitioner_signed", label=N_("The petitioner signed"), kind="checkbox"),
        Field(name="sealed", label=N_("The report bears the unit's seal"), kind="checkbox"),
        Field(name="signed_by", label=N_("Leader who signed the report"), max_length=100),
    )


async def objection_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields with which an objection is decided."""
    return (
        Field(
            name="granted",
            label=N_("Decision on the objection"),
            kind="radio",
            required=True,
            options=(
                ("yes", N_("Granted: it comes back to the reception room")),
                ("no", N_("Rejected: the unit handles it")),
            ),
        ),
        text_field("reason", N_("Reason of the decision"), required=True),
    )


async def check_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the seven points, without those that the record answers itself (GOV-24)."""
    form, made = await checking.result_to_check(matter.id)
    fixed = checking.fixed_answers(form, made)
    return (
        *(
            Field(
                name=f"point_{name}",
                label=label,
                kind="radio",
                required=True,
                options=(("yes", N_("Point passed")), ("no", N_("Point failed"))),
            )
            for name, label in POINTS.items()
            if name not in fixed
        ),
        text_field(
            "findings",
            N_("What is wrong and what the unit has to do"),
            help=N_("Needed as soon as one point fails."),
        ),
        day_field("new_day", N_("New date"), help=N_("Needed as soon as one point fails.")),
    )


async def back_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the field with which an item is taken back from a unit."""
    return (text_field("reason", N_("Why it is taken back"), required=True),)


async def letter_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the field with which a letter is noted as sent."""
    return (day_field("day", N_("Letter sent on"), required=True),)


async def grade_fields(matter: MatterView, doer: Doer) -> Sequence[Field]:
    """Return the fields with which an item's urgency is graded (GOV-53)."""
    return (
        Field(name="heads", label=N_("People who come or may come"), kind="number", required=True),
        Field(name="announced", label=N_("Acts were announced"), kind="checkbox"),
        day_field(
            "matters_on",
            N_("A date that matters"),
            help=N_("A meeting, a festival, a day they named."),
        ),
        select(
            "grade",
            N_("Urgency"),
            [(str(grade), label) for grade, label in URGENCIES.items()],
            required=True,
        ),
        text_field(
            "reason",
            N_("What is known, from whom"),
            help=N_("Neutral words; few can read it."),
        ),
    )


async def rules_at(at: datetime) -> InForce:
    """Return the settings in force."""
    return await clocks.in_force(at)


def plus(day: date, days: int) -> date:
    """Return the day so many days later."""
    return day + timedelta(days=days)
