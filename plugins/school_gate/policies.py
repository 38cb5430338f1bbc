"""What the school's gate decides about badges, visits and offences. Each decision names its rule."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.decisions import Allow, Decision, Deny, Hold
from core.i18n import N_, Message
from plugins.school_gate.facts import (
    CLOSED,
    DISMISSAL,
    FETCHING,
    OFFICIAL,
    PARENT,
    STAFF_FAMILY,
    TRADER,
    VISITOR,
    PupilScan,
    SchoolRules,
    Visit,
)
from plugins.school_gate.leave.policies import (
    covering_entry,
    covering_exit,
    note_of_entry,
    note_of_exit,
    note_of_return,
    returning,
    why_no_slip_covers,
)

NO_REASON = "no_reason"
_ID_CARDS = frozenset(
    {"resident_id", "temporary_id", "residence_permit_hmt", "foreign_permanent_resident"}
)
_TRAVEL_DOCUMENTS = frozenset({"passport", "hk_macau_permit", "taiwan_permit"})


# -- badges


def may_pass(scan: PupilScan, rules: SchoolRules, version: str) -> Decision:
    """Decide whether a pupil or intern passes with this badge, now and in this direction."""
    if not scan.known or not scan.active:
        return Deny(
            "badge_not_valid",
            N_("This badge is not valid any more. Let the pupil go to the office for a new one."),
            "SCH-3",
            version,
        )
    return _may_leave(scan, rules, version) if scan.leaving else _may_come(scan, rules, version)


def _may_leave(scan: PupilScan, rules: SchoolRules, version: str) -> Decision:
    if slip := covering_exit(scan.slips, scan.at, may_go_out=_school_is_out(scan)):
        return Allow(note_of_exit(slip))
    answer = _may_leave_without_slip(scan, rules, version)
    if isinstance(answer, Deny):
        return why_no_slip_covers(scan.slips, scan.at, version) or answer
    return answer


def _may_leave_without_slip(scan: PupilScan, rules: SchoolRules, version: str) -> Decision:
    if scan.boards and not _boarder_goes_home(scan, rules):
        return Deny(
            "boarder_without_slip",
            N_("Boarders stay in. They need a leave slip of the class teacher."),
            "SCH-6",
            version,
        )
    if scan.gate.state == DISMISSAL:
        return Allow()
    if not scan.has_school:
        return Allow()
    return Deny(
        "school_time",
        N_("School is not over. The pupil needs a leave slip, or waits for dismissal."),
        "SCH-4",
        version,
    )


def _school_is_out(scan: PupilScan) -> bool:
    return scan.gate.state == DISMISSAL or scan.school_over


def _boarder_goes_home(scan: PupilScan, rules: SchoolRules) -> bool:
    if rules.boarders_go_home == "always":
        return scan.has_school
    return rules.boarders_go_home == "friday" and scan.has_school and scan.last_school_day


def _may_come(scan: PupilScan, rules: SchoolRules, version: str) -> Decision:
    if slip := returning(scan.slips):
        return Allow(note_of_return(slip, scan.at, rules))
    if slip := covering_entry(scan.slips, scan.at):
        return Allow(note_of_entry(slip))
    if scan.boards and scan.gate.state != CLOSED:
        return Allow()
    if not scan.has_school and not scan.boards:
        return Deny(
            "no_school_today",
            N_("There is no school today. Day pupils need the class teacher's permission."),
            "SCH-6",
            version,
        )
    if scan.gate.state == CLOSED:
        return Hold(
            "gate_closed",
            N_("The gate is closed by the timetable. Ask for the reason, then decide."),
            "SCH-1",
            version,
        )
    return Allow()


def may_pass_staff(known: bool, active: bool, version: str) -> Decision:
    """Decide whether a member of staff passes: always, with a badge that still counts."""
    if known and active:
        return Allow()
    return Deny(
        "badge_not_valid",
        N_("This staff badge is not valid any more. Ask the office."),
        "SCH-3",
        version,
    )


def not_again(*, same_way: bool, seconds: int, rules: SchoolRules, version: str) -> Decision:
    """Hold a badge that goes the same way twice: a copy of it may be in other hands (SCH-19)."""
    if not same_way or not 0 <= seconds < rules.pass_again_seconds:
        return Allow()
    return Hold(
        "passback",
        N_(
            "This badge went the same way {seconds} seconds ago. Compare face and photo, then decide.",
            seconds=seconds,
        ),
        "SCH-19",
        version,
    )


def is_to_report(
    unreported: Sequence[datetime], at: datetime, rules: SchoolRules, *, serious: bool
) -> bool:
    """Say whether offences not yet reported are due for the discipline office (SCH-3)."""
    since = at - timedelta(days=rules.offence_days)
    return serious or sum(since <= moment <= at for moment in unreported) >= rules.offences_reported


# -- visits


def may_register(visit: Visit, rules: SchoolRules, version: str) -> Decision:
    """Decide whether a visit is taken down to wait, or refused or held at once."""
    if visit.purpose == TRADER:
        return Deny(
            "trader",
            N_("Traders and canvassers are not let in, whatever their reason."),
            "SCH-13",
            version,
        )
    if visit.purpose == FETCHING:
        return Deny(
            "stays_at_gate",
            N_(
                "Parents who bring or fetch pupils, or bring meals, stay at the gate. A meal or a "
                "thing may be left at the lodge."
            ),
            "SCH-11",
            version,
        )
    if visit.purpose == PARENT and visit.plate:
        return Deny(
            "vehicle",
            N_(
                "Parents' vehicles, of whatever kind, stay outside. Let {plate} be parked outside, "
                "and register the visit without it.",
                plate=visit.plate,
            ),
            "SCH-11",
            version,
        )
    if visit.purpose == PARENT and not visit.reason:
        return Deny(
            NO_REASON,
            N_("Parents come in only for a special reason. Ask for it and write it down."),
            "SCH-7",
            version,
        )
    if visit.purpose == VISITOR and not visit.reason:
        return Deny(
            NO_REASON,
            N_("Ask why the visitor comes, and write it down."),
            "SCH-13",
            version,
        )
    if visit.consent == "refused":
        return Deny(
            "consent_refused",
            N_("{host} does not agree to this visit.", host=visit.host or N_("The person visited")),
            _rule_of(visit),
            version,
        )
    if visit.purpose in {PARENT, VISITOR} and any(w in visit.reason for w in rules.trader_words):
        return Hold(
            "looks_like_trade",
            N_("The reason looks like trade or canvassing, which is refused. Ask, then decide."),
            "SCH-13",
            version,
        )
    if visit.purpose == PARENT and any(w and w in visit.reason for w in rules.fetching_words):
        return Hold(
            "looks_like_fetching",
            N_(
                "Whoever brings or fetches a pupil, or brings a meal, stays at the gate. Ask for "
                "another reason, then decide."
            ),
            "SCH-11",
            version,
        )
    return Allow()


def may_enter(visit: Visit, rules: SchoolRules, version: str) -> Decision:
    """Decide whether a registered visit may go in; a refusal says what would make it pass."""
    refused = may_register(visit, rules, version)
    if isinstance(refused, Deny):
        return refused
    for answer in (_host_agrees(visit, version), _names_staff(visit, version)):
        if answer is not None:
            return answer
    return _shows_document(visit, rules, version) or Allow()


def _rule_of(visit: Visit) -> str:
    return {PARENT: "SCH-7", STAFF_FAMILY: "SCH-14"}.get(visit.purpose, "SCH-13")


def _host_agrees(visit: Visit, version: str) -> Decision | None:
    if visit.purpose not in {PARENT, VISITOR}:
        return None
    if not visit.host:
        return Deny(
            "no_host",
            N_("Say whom the visitor sees: a person or an office of the school."),
            _rule_of(visit),
            version,
        )
    if visit.consent != "given":
        return Deny(
            "no_consent",
            N_("Ask {host} first, and record that they agree.", host=visit.host),
            _rule_of(visit),
            version,
        )
    return None


def _names_staff(visit: Visit, version: str) -> Decision | None:
    if visit.purpose == OFFICIAL and not visit.organisation:
        return Deny(
            "no_organisation",
            N_("Write down which authority the officials come from."),
            "SCH-15",
            version,
        )
    if visit.purpose != STAFF_FAMILY:
        return None
    if not visit.related_to or not visit.relation:
        return Deny(
            "no_staff_member",
            N_("Write down which member of staff is visited, and the relation."),
            "SCH-14",
            version,
        )
    if not visit.confirmed:
        return Deny(
            "not_confirmed",
            N_("Confirm with {name} that this is their family.", name=visit.related_to),
            "SCH-14",
            version,
        )
    return None


def _accepted(rules: SchoolRules) -> tuple[frozenset[str], Message]:
    """Return the kinds of document that parents may show, and how they are called together."""
    kinds, called = set(_ID_CARDS), N_("ID card")
    for accepted, more, label in (
        (rules.parents_show_work_card, {"work_card"}, N_("work card")),
        (rules.parents_show_driving_licence, {"driving_licence"}, N_("driving licence")),
        (rules.parents_show_passport, _TRAVEL_DOCUMENTS, N_("passport or travel permit")),
    ):
        if accepted:
            kinds |= more
            called = N_("{items}, {item}", items=called, item=label)
    return frozenset(kinds), called


def _shows_document(visit: Visit, rules: SchoolRules, version: str) -> Decision | None:
    if not visit.document_shown or not visit.document_kind:
        return Deny(
            "no_document",
            N_("Every visitor shows a document. Look at it, and record which."),
            "SCH-7" if visit.purpose == PARENT else "SCH-15",
            version,
        )
    accepted, called = _accepted(rules)
    if visit.purpose == PARENT and visit.document_kind not in accepted:
        return Deny(
            "document_not_accepted",
            N_(
                "This document does not do for parents. Ask for one of: {documents}.",
                documents=called,
            ),
            "SCH-7",
            version,
        )
    return None
