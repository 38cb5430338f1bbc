"""When a contractor may come in. Pure: the same facts always get the same answer."""

from datetime import date

from core.decisions import Allow, Decision, Hold
from core.i18n import N_

PURPOSE = "contractors.work"


def may_work(last_day: date | None, today: date) -> Decision:
    """Hold a contractor whose permit is missing or has run out."""
    if last_day is None:
        return Hold("no_permit", N_("No work permit is on record. Ask for it."), "CON-1")
    if last_day < today:
        return Hold(
            "permit_expired",
            N_("The work permit ended on {day}. Call the site office.", day=last_day.isoformat()),
            "CON-2",
        )
    return Allow()
