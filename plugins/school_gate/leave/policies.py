"""What leave slips, exit slips and permissions to come in let happen. Pure; each answer names its rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.decisions import Allow, Decision, Deny
from core.i18n import N_, Message
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.leave.facts import (
    ASKED,
    BOARDER,
    CLOSED,
    COMING,
    ENTRY,
    EXPIRED,
    LEAVE,
    OUT,
    OVERDUE,
    READY,
    REFUSED,
    TO_STAMP,
    VOID,
    Asked,
    Passed,
    Release,
    Slip,
)

_RULE = {LEAVE: "SCH-5", BOARDER: "SCH-6", ENTRY: "SCH-6"}


def standing(slip: Slip, at: datetime) -> str:
    """Return how a slip stands at a moment, one of facts.STANDINGS."""
    if slip.void:
        return VOID
    if slip.refused:
        return REFUSED
    if slip.used and slip.kind != ENTRY:
        if slip.returned or slip.back_by is None:
            return CLOSED
        return OVERDUE if at > slip.back_by else OUT
    if at > slip.ends:
        return EXPIRED
    if not slip.issued:
        return ASKED
    if slip.kind == LEAVE and not slip.stamped:
        return TO_STAMP
    return COMING if at < slip.starts else READY


# -- at the gate


def is_complete(slip: Slip) -> bool:
    """Say whether nothing is missing: issued; for leave also spoken with the parent, and stamped."""
    if slip.void or slip.refused or not slip.issued:
        return False
    return slip.kind != LEAVE or (slip.contacted and slip.stamped)


def covers(slip: Slip, at: datetime) -> bool:
    """Say whether a slip covers this moment: complete, in its window, its one exit not made."""
    return (
        is_complete(slip)
        and slip.starts <= at <= slip.ends
        and (slip.kind == ENTRY or not slip.used)
    )


def covering_exit(slips: Iterable[Slip], at: datetime, *, may_go_out: bool) -> Slip | None:
    """Return the slip with which a pupil goes out now.

    A boarder's exit slip counts after school only: in school time it takes a stamped leave slip.
    """
    fitting = [s for s in slips if covers(s, at) and (s.kind == LEAVE or may_go_out)]
    return next(iter(sorted(fitting, key=lambda slip: slip.kind != LEAVE)), None)


def covering_entry(slips: Iterable[Slip], at: datetime) -> Slip | None:
    """Return the permission with which a day pupil comes in outside school time."""
    return next((slip for slip in slips if slip.kind == ENTRY and covers(slip, at)), None)


def returning(slips: Iterable[Slip]) -> Slip | None:
    """Return the slip from which a pupil is expected back."""
    return next(
        (
            slip
            for slip in slips
            if is_complete(slip)
            and slip.kind != ENTRY
            and slip.used
            and not slip.returned
            and slip.back_by is not None
        ),
        None,
    )


def why_no_slip_covers(slips: Sequence[Slip], at: datetime, version: str) -> Deny | None:
    """Say what is wrong with the slip that a pupil has; None for a pupil who has none."""
    own = [slip for slip in slips if slip.kind != ENTRY and not slip.void]
    if not own:
        return None
    slip = min(own, key=lambda one: (not one.starts <= at <= one.ends, one.used))
    rule = _RULE[slip.kind]
    if slip.refused:
        return Deny(
            "slip_refused",
            N_("The grade office did not stamp the leave slip. The pupil stays in."),
            rule,
            version,
        )
    if slip.used:
        return Deny(
            "slip_used",
            N_("The slip was used already: it counts for one exit. Call the class teacher."),
            rule,
            version,
        )
    if not is_complete(slip):
        missing = _missing(slip)
        return Deny("slip_not_ready", missing, rule, version)
    if at < slip.starts or at > slip.ends:
        return Deny(
            "slip_outside",
            N_(
                "The slip is valid from {starts} to {ends}. Call the class teacher.",
                starts=_moment(slip.starts, at),
                ends=_moment(slip.ends, at),
            ),
            rule,
            version,
        )
    return Deny(
        "slip_after_school",
        N_("This exit slip is for after school. In school time it takes a stamped leave slip."),
        "SCH-4",
        version,
    )


def _missing(slip: Slip) -> Message:
    if not slip.issued:
        return N_("The class teacher has not issued the slip yet. The pupil waits inside.")
    if not slip.contacted:
        return N_("No contact with the parent is recorded. The pupil waits inside.")
    return N_("The grade office has not stamped the leave slip yet. The pupil waits inside.")


def note_of_exit(slip: Slip) -> Message:
    """Return what the guard reads when a slip lets a pupil out."""
    if slip.kind == BOARDER:
        return N_(
            "Boarder's exit slip: {reason}. Back by {time}.",
            reason=slip.reason,
            time=_moment(slip.back_by, slip.starts) if slip.back_by else "",
        )
    if slip.kind == ENTRY:
        return N_("Came in with permission: {reason}.", reason=slip.reason)
    if slip.released and slip.collector:
        return N_(
            "Leave slip: {name} collects the pupil, recorded and signed.", name=slip.collector
        )
    if slip.released:
        return N_("Leave slip: goes alone, recorded and signed.")
    if slip.alone:
        return N_("Leave slip: may go alone. Open the slip, let the pupil sign.")
    return N_("Leave slip: confirm who collects the pupil, and let both sign.")


def note_of_return(slip: Slip, at: datetime, rules: SchoolRules) -> Message:
    """Return what the guard reads when a pupil is back."""
    if slip.back_by is not None and at >= late_from(slip.back_by, rules):
        return N_(
            "Back late, expected at {time}. The class teacher is told.",
            time=_moment(slip.back_by, at),
        )
    return N_("Back from leave: {reason}.", reason=slip.reason)


def note_of_entry(slip: Slip) -> Message:
    """Return what the guard reads when a permission lets a day pupil in."""
    return N_(
        "The class teacher lets the pupil in: {reason}, until {time}.",
        reason=slip.reason,
        time=_moment(slip.ends, slip.starts),
    )


def late_from(back_by: datetime, rules: SchoolRules) -> datetime:
    """Return from when a return is late, with the grace that the rulebook grants."""
    return back_by + timedelta(minutes=rules.return_grace_minutes + 1)


def _moment(moment: datetime, like: datetime) -> str:
    return moment.strftime("%H:%M" if moment.date() == like.date() else "%m-%d %H:%M")


# -- asking, issuing, stamping, releasing


def problems(asked: Asked, rules: SchoolRules) -> dict[str, Message]:
    """Return what is wrong with a slip as it is asked for, by field."""
    return _pupil_problems(asked) | _window_problems(asked, rules) | _return_problems(asked, rules)


def _pupil_problems(asked: Asked) -> dict[str, Message]:
    if not asked.active:
        return {"pupil": N_("This pupil has left the school.")}
    if asked.kind == BOARDER and not asked.boards:
        return {"pupil": N_("Only a boarder needs an exit slip. This is a day pupil.")}
    if asked.kind == ENTRY and asked.boards:
        return {"pupil": N_("Boarders come in at any hour. This permission is for day pupils.")}
    return {}


def _window_problems(asked: Asked, rules: SchoolRules) -> dict[str, Message]:
    found: dict[str, Message] = {}
    hours = rules.longest_leave_hours if asked.kind == LEAVE else rules.longest_exit_hours
    if asked.ends <= asked.starts:
        found["ends_at"] = N_("The end comes after the beginning.")
    elif asked.ends <= asked.at:
        found["ends_at"] = N_("This time is over already.")
    elif asked.ends - asked.starts > timedelta(hours=hours):
        found["ends_at"] = N_("A slip is valid for at most {hours} hours.", hours=hours)
    if asked.starts > asked.at + timedelta(days=rules.leave_days_ahead):
        found["starts_at"] = N_(
            "A slip begins at most {days} days ahead.", days=rules.leave_days_ahead
        )
    if asked.starts < asked.at - timedelta(hours=1):
        found["starts_at"] = N_("A slip cannot begin in the past.")
    return found


def _return_problems(asked: Asked, rules: SchoolRules) -> dict[str, Message]:
    field, hours = "expected_back_at", rules.longest_exit_hours
    if asked.kind == ENTRY:
        return {}
    if asked.back_by is None:
        missing = {field: N_("Say when the boarder is expected back.")}
        return missing if asked.kind == BOARDER else {}
    if asked.back_by <= asked.starts:
        return {field: N_("The return comes after the exit.")}
    if asked.back_by - asked.starts > timedelta(hours=hours):
        return {field: N_("The return is at most {hours} hours after the exit.", hours=hours)}
    return {}


def may_issue(slip: Slip, at: datetime, version: str) -> Decision:
    """Decide whether the class teacher issues a slip: for leave the parent was spoken to first."""
    if slip.kind == LEAVE and not slip.contacted:
        return Deny(
            "parent_not_contacted",
            N_("First contact the parent and record it: when, how, and who answered."),
            "SCH-5",
            version,
        )
    if at > slip.ends:
        return Deny(
            "slip_over",
            N_("The time of this slip is over. Write a new one."),
            _RULE[slip.kind],
            version,
        )
    return Allow()


def may_stamp(slip: Slip, at: datetime, version: str) -> Decision:
    """Decide whether the grade office stamps a slip."""
    if not slip.contacted or not slip.issued:
        return Deny(
            "not_issued",
            N_("The class teacher has not issued this slip."),
            "SCH-5",
            version,
        )
    if at > slip.ends:
        return Deny("slip_over", N_("The time of this slip is over."), "SCH-5", version)
    return Allow()


def may_release(slip: Slip, release: Release, version: str) -> Decision:
    """Decide whether the guard lets the pupil go with whoever collects; a refusal says what is missing."""
    for code, wrong, reason in (
        (
            "not_valid_now",
            not (is_complete(slip) and (slip.used or slip.starts <= release.at <= slip.ends)),
            N_("This slip is not valid now. The pupil stays in."),
        ),
        (
            "released_before",
            slip.released,
            N_("This slip was used already: a slip counts for one exit."),
        ),
        (
            "not_alone",
            release.going_alone and not slip.alone,
            N_("The slip does not say that the pupil may go alone. Somebody collects."),
        ),
        (
            "nobody_collects",
            not release.going_alone and not release.collector_named,
            N_("Choose who collects the pupil."),
        ),
        (
            "not_approved",
            not release.going_alone and not release.collector_approved,
            N_("This adult is not approved to collect the pupil. Call the class teacher."),
        ),
        (
            "no_document",
            not release.going_alone and not release.document,
            N_("Look at a document of who collects, and record which."),
        ),
        (
            "not_signed",
            not release.paper
            and not (release.signed_pupil and (release.going_alone or release.signed_collector)),
            N_("Both sign: on the screen, or on the paper slip with its number."),
        ),
    ):
        if wrong:
            return Deny(code, reason, "SCH-5", version)
    return Allow()


# -- exit and return, read from the scans


@dataclass(frozen=True, slots=True)
class Movement:
    """The scans by which a slip was used and ended."""

    exit: Passed | None
    back: Passed | None


def movement(slip: Slip, valid_from: datetime, scans: Sequence[Passed]) -> Movement:
    """Return a slip's exit and return among a pupil's scans, in order of time.

    The exit is the first one in the window after the slip was complete; the return the first entry
    after it. A slip used by hand has its return after that moment, which the caller gives as the
    only exit.
    """
    start = max(slip.starts, valid_from).timestamp() * 1000
    end = slip.ends.timestamp() * 1000
    gone = next((s for s in scans if s.out and start <= s.at <= end), None)
    if gone is None:
        return Movement(None, None)
    return Movement(gone, next((s for s in scans if not s.out and s.at > gone.at), None))
