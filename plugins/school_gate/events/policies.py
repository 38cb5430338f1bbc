"""When a class event can be held and whom it lets in (SCH-12). Pure."""

from datetime import datetime, timedelta

from core.decisions import Allow, Decision, Deny, Hold
from core.i18n import N_, Message
from plugins.school_gate.events.facts import APPROVED, CANCELLED, Admission, Applied
from plugins.school_gate.facts import SchoolRules

_RULE = "SCH-12"


def problems(applied: Applied, rules: SchoolRules) -> dict[str, Message]:
    """Return what is wrong with an event as it is applied for, by field."""
    found: dict[str, Message] = {}
    if applied.ends <= applied.starts:
        found["ends_at"] = N_("The end comes after the beginning.")
    elif applied.ends - applied.admits_from > timedelta(hours=rules.longest_event_hours):
        found["ends_at"] = N_(
            "Parents are admitted for at most {hours} hours.", hours=rules.longest_event_hours
        )
    if applied.admits_from > applied.starts:
        found["admits_from"] = N_("Parents are let in before the event begins.")
    if applied.admits_from < applied.at + timedelta(hours=rules.event_hours_ahead):
        found["starts_at"] = N_(
            "A class event is applied for at least {hours} hours ahead.",
            hours=rules.event_hours_ahead,
        )
    elif applied.starts > applied.at + timedelta(days=180):
        found["starts_at"] = N_("This is too far ahead.")
    return found


def may_admit(admission: Admission, version: str) -> Decision:
    """Decide whether a parent of the class comes in now; a refusal says why and what to do."""
    if admission.state == CANCELLED:
        return Deny("event_cancelled", N_("This event was called off."), _RULE, version)
    if admission.state != APPROVED:
        return Deny(
            "event_not_approved",
            N_(
                "The event is not approved by grade office and security office. Nobody is admitted."
            ),
            _RULE,
            version,
        )
    if not admission.listed:
        return Deny(
            "not_on_list",
            N_("This person is not on the list of the event. Call the class teacher."),
            _RULE,
            version,
        )
    if admission.at < admission.admits_from:
        return Deny(
            "event_not_begun",
            N_(
                "Parents of this event are let in from {time}.",
                time=_moment(admission.admits_from, admission.at),
            ),
            _RULE,
            version,
        )
    if admission.at > admission.ends:
        return Deny("event_over", N_("The event is over."), _RULE, version)
    if not admission.gate_fits:
        return Deny(
            "event_other_gate",
            N_("Parents of this event come in at: {gate}.", gate=admission.gate_name),
            _RULE,
            version,
        )
    if admission.came_at is not None:
        return Hold(
            "came_already",
            N_(
                "This parent was registered at {time} already. Ask who it is, then decide.",
                time=admission.came_at.strftime("%H:%M"),
            ),
            _RULE,
            version,
        )
    return Allow()


def _moment(moment: datetime, like: datetime) -> str:
    return moment.strftime("%H:%M" if moment.date() == like.date() else "%m-%d %H:%M")


def nothing_on(version: str) -> Deny:
    """Return the refusal for a parent whose class has no event now."""
    return Deny(
        "no_event",
        N_(
            "No approved event of this class is on now. Without a special reason parents do not"
            " come in."
        ),
        _RULE,
        version,
    )
