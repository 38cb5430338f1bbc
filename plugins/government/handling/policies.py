"""To whom an item may go, what a unit may do with it, how a result and an urgency are judged. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from core.decisions import Allow, Decision, Deny
from core.i18n import N_
from plugins.government.facts import CALM, MAJOR, URGENT, WATCHED
from plugins.government.handling.facts import (
    SENT,
    TAKEN,
    HandFacts,
    ObjectFacts,
    Placed,
    Signs,
    UnitFacts,
)
from plugins.government.units.facts import COUNTY, COUNTY_OFFICE

LARGE_GROUP, GROUP = 20, 5
SOON = 7


def may_hand_to(facts: HandFacts) -> Decision:
    """Judge whether an item may be handed to a unit (GOV-26, GOV-50)."""
    if not facts.by_office:
        return Deny(
            "unit_may_not",
            N_("A unit does not pass an item on: object, and the reception room decides."),
            "GOV-26",
        )
    if facts.accused:
        return Deny(
            "accused_unit",
            N_(
                "{unit} or somebody there is accused in this item and never gets it."
                " Choose the body above it or another competent body.",
                unit=facts.unit,
            ),
            "GOV-50",
        )
    if not facts.active:
        return Deny("unit_off", N_("{unit} is not in use any more.", unit=facts.unit), "GOV-20")
    return Allow()


def may_object(facts: ObjectFacts) -> Decision:
    """Judge whether a unit may still object to an item it received (GOV-26)."""
    if facts.asked_already:
        return Deny(
            "objected", N_("Your objection is with the reception room: wait for it."), "GOV-26"
        )
    if facts.result_returned:
        return Deny(
            "result_returned", N_("You returned a result: it is too late to object."), "GOV-26"
        )
    if facts.last_day is not None and facts.today > facts.last_day:
        return Deny(
            "too_late",
            N_(
                "The time to object ended on {day}. Handle the item, or ask the reception room.",
                day=facts.last_day.isoformat(),
            ),
            "GOV-26",
        )
    return Allow()


def may_work(facts: UnitFacts, act: str) -> Decision:
    """Judge whether a unit may acknowledge, plan, report on or return an item (GOV-23)."""
    if not facts.holds:
        return Deny("not_yours", N_("Your unit does not hold this item now."), "GOV-54")
    if act == "acknowledge":
        if facts.state != SENT:
            return Deny("taken", N_("Your unit has acknowledged this already."), "GOV-23")
    elif facts.state == SENT:
        return Deny("not_taken", N_("Acknowledge the item first."), "GOV-23")
    elif facts.state != TAKEN:
        return Deny("returned", N_("The result is with the reception room."), "GOV-23")
    return Allow()


def failed_points(answers: dict[str, str]) -> tuple[str, ...]:
    """Return which of the seven points did not pass; a point not answered did not (GOV-24)."""
    return tuple(name for name, answer in answers.items() if answer != "yes")


def copy_to(unit: Placed, units: Collection[Placed]) -> UUID | None:
    """Return the county's petition office that gets a copy of a transfer to a county body (GOV-20)."""
    if unit.kind != COUNTY:
        return None
    parents = {one.id: one.parent_id for one in units}
    above: list[UUID] = []
    at: UUID | None = unit.id
    while at is not None and at not in above:
        above.append(at)
        at = parents.get(at)
    counties = {one.id for one in units if one.kind == COUNTY}
    for one in units:
        if one.kind == COUNTY_OFFICE and one.parent_id in above and one.parent_id in counties:
            return one.id
    return None


def grade_of(signs: Signs) -> int:
    """Return the urgency that the signs suggest; a person decides (GOV-53)."""
    soon = signs.days_left is not None and 0 <= signs.days_left <= SOON
    if signs.announced and (signs.heads >= GROUP or soon):
        return MAJOR
    if signs.announced or signs.heads >= LARGE_GROUP:
        return URGENT
    if signs.heads >= GROUP or soon:
        return WATCHED
    return CALM


def week_of(day: date) -> date:
    """Return the Monday of a day's week: a weekly list is one of that week (GOV-25)."""
    return day - timedelta(days=day.weekday())


def may_list(weeks: Sequence[date], today: date, waiting: int) -> Decision:
    """Judge whether a unit's weekly list may go out now; `weeks` are those of its former lists."""
    if not waiting:
        return Deny("nothing_waits", N_("No letter to this unit waits."), "GOV-25")
    if week_of(today) in weeks:
        return Deny(
            "listed_this_week",
            N_("This unit's list of the week has gone out. Send urgent letters one by one."),
            "GOV-25",
        )
    return Allow()
