# ruff: noqa: E501 - a table reads better with one case in a line
"""What the school gate decides: each rule alone, and each pair where two could bite."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.decisions import Allow, Deny, Hold, verdict_of
from plugins.school_gate.facts import (
    CLOSED,
    DISMISSAL,
    FETCHING,
    OFFICIAL,
    OPEN,
    PARENT,
    STAFF_FAMILY,
    TRADER,
    VISITOR,
    GateState,
    PupilScan,
    SchoolRules,
    Visit,
)
from plugins.school_gate.leave.facts import BOARDER, ENTRY, Slip
from plugins.school_gate.leave.facts import LEAVE as IN_SCHOOL_TIME
from plugins.school_gate.leave.policies import covers
from plugins.school_gate.policies import (
    is_to_report,
    may_enter,
    may_pass,
    may_pass_staff,
    may_register,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
RULES = SchoolRules()
LEAVE = Slip(
    kind=IN_SCHOOL_TIME,
    starts=NOW - timedelta(hours=1),
    ends=NOW + timedelta(hours=1),
    back_by=NOW + timedelta(hours=2),
    issued=True,
    contacted=True,
    stamped=True,
    refused=False,
    void=False,
    used=False,
    returned=False,
    released=False,
    alone=False,
    reason="看牙",
    collector="",
)
EXIT = replace(LEAVE, kind=BOARDER, contacted=False, stamped=False)
COME_IN = replace(LEAVE, kind=ENTRY, contacted=False, stamped=False, back_by=None)


def gate(state):
    return GateState(state, None, CLOSED, None, False, False)


PUPIL = PupilScan(
    known=True,
    active=True,
    boards=False,
    leaving=False,
    at=NOW,
    gate=gate(OPEN),
    has_school=True,
    last_school_day=False,
    school_over=False,
    slips=(),
)


@pytest.mark.parametrize(
    ("name", "changed", "answer"),
    [
        ("in while open", {}, ("allow", "")),
        ("in at dismissal", {"gate": gate(DISMISSAL)}, ("allow", "")),
        ("in while closed", {"gate": gate(CLOSED)}, ("hold", "gate_closed")),
        ("in on a day off", {"has_school": False}, ("deny", "no_school_today")),
        ("in on a day off, closed", {"has_school": False, "gate": gate(CLOSED)}, ("deny", "no_school_today")),
        ("boarder in on a day off", {"has_school": False, "boards": True}, ("allow", "")),
        (
            "boarder in on a day off, closed",
            {"has_school": False, "boards": True, "gate": gate(CLOSED)},
            ("hold", "gate_closed"),
        ),
        ("in with a badge nobody knows", {"known": False}, ("deny", "badge_not_valid")),
        ("in after leaving the school", {"active": False}, ("deny", "badge_not_valid")),
        ("no school any more, and closed", {"active": False, "gate": gate(CLOSED)}, ("deny", "badge_not_valid")),
        ("out while the gate is open", {"leaving": True}, ("deny", "school_time")),
        ("out while closed", {"leaving": True, "gate": gate(CLOSED)}, ("deny", "school_time")),
        ("out at dismissal", {"leaving": True, "gate": gate(DISMISSAL)}, ("allow", "")),
        ("out with a slip", {"leaving": True, "gate": gate(CLOSED), "slips": (LEAVE,)}, ("allow", "")),
        ("out with a slip, badge void", {"leaving": True, "active": False, "slips": (LEAVE,)}, ("deny", "badge_not_valid")),
        ("out on a day off", {"leaving": True, "gate": gate(CLOSED), "has_school": False}, ("allow", "")),
        ("boarder out at dismissal", {"leaving": True, "boards": True, "gate": gate(DISMISSAL)}, ("deny", "boarder_without_slip")),
        (
            "boarder out at dismissal with a slip",
            {"leaving": True, "boards": True, "gate": gate(DISMISSAL), "slips": (LEAVE,)},
            ("allow", ""),
        ),
        ("boarder out at dismissal with an exit slip", {"leaving": True, "boards": True, "gate": gate(DISMISSAL), "slips": (EXIT,)}, ("allow", "")),
        ("boarder out in the evening with an exit slip", {"leaving": True, "boards": True, "gate": gate(CLOSED), "school_over": True, "slips": (EXIT,)}, ("allow", "")),
        ("boarder out in school time with an exit slip", {"leaving": True, "boards": True, "gate": gate(CLOSED), "slips": (EXIT,)}, ("deny", "slip_after_school")),
        ("out with a slip not stamped", {"leaving": True, "slips": (replace(LEAVE, stamped=False),)}, ("deny", "slip_not_ready")),
        ("out with a slip used before", {"leaving": True, "slips": (replace(LEAVE, used=True),)}, ("deny", "slip_used")),
        ("out with a slip refused", {"leaving": True, "slips": (replace(LEAVE, refused=True),)}, ("deny", "slip_refused")),
        ("out with a slip of this afternoon", {"leaving": True, "slips": (replace(LEAVE, starts=NOW + timedelta(minutes=30)),)}, ("deny", "slip_outside")),
        ("out at dismissal, slip used before", {"leaving": True, "gate": gate(DISMISSAL), "slips": (replace(LEAVE, used=True),)}, ("allow", "")),
        ("in with permission on a day off", {"has_school": False, "gate": gate(CLOSED), "slips": (COME_IN,)}, ("allow", "")),
        ("in with permission, too early", {"has_school": False, "slips": (replace(COME_IN, starts=NOW + timedelta(minutes=1)),)}, ("deny", "no_school_today")),
        ("in while closed, back with a slip", {"gate": gate(CLOSED), "slips": (replace(LEAVE, used=True),)}, ("allow", "")),
        ("in while closed, back before", {"gate": gate(CLOSED), "slips": (replace(LEAVE, used=True, returned=True),)}, ("hold", "gate_closed")),
        (
            "boarder out at dismissal on Friday",
            {"leaving": True, "boards": True, "gate": gate(DISMISSAL), "last_school_day": True},
            ("allow", ""),
        ),
        (
            "boarder out before dismissal on Friday",
            {"leaving": True, "boards": True, "gate": gate(CLOSED), "last_school_day": True},
            ("deny", "school_time"),
        ),
        (
            "boarder out on a day off",
            {"leaving": True, "boards": True, "has_school": False, "last_school_day": True},
            ("deny", "boarder_without_slip"),
        ),
    ],
)  # fmt: skip
def test_badges_of_pupils(name, changed, answer):
    decision = may_pass(replace(PUPIL, **changed), RULES, "school_gate/7")
    assert (verdict_of(decision), getattr(decision, "code", "")) == answer, name
    if not isinstance(decision, Allow):
        assert decision.rule.startswith("SCH-")
        assert decision.version == "school_gate/7"
        assert str(decision.reason)


@pytest.mark.parametrize(
    ("setting", "last_school_day", "allowed"),
    [("never", True, False), ("friday", True, True), ("friday", False, False), ("always", False, True)],
)  # fmt: skip
def test_when_boarders_may_go_home(setting, last_school_day, allowed):
    scan = replace(
        PUPIL, leaving=True, boards=True, gate=gate(DISMISSAL), last_school_day=last_school_day
    )
    decision = may_pass(scan, replace(RULES, boarders_go_home=setting), "v")
    assert isinstance(decision, Allow) is allowed


@pytest.mark.parametrize(
    ("slip", "covered"),
    [
        (LEAVE, True),
        (EXIT, True),
        (COME_IN, True),
        (replace(COME_IN, used=True), True),
        (replace(EXIT, used=True), False),
        (replace(EXIT, issued=False), False),
        (replace(LEAVE, void=True), False),
        (replace(LEAVE, refused=True), False),
        (replace(LEAVE, contacted=False), False),
        (replace(LEAVE, stamped=False), False),
        (replace(LEAVE, used=True), False),
        (replace(LEAVE, starts=NOW + timedelta(minutes=1)), False),
        (replace(LEAVE, ends=NOW - timedelta(minutes=1)), False),
    ],
)
def test_a_slip_covers_only_when_all_of_it_is_there(slip, covered):
    assert covers(slip, NOW) is covered


@pytest.mark.parametrize(
    ("known", "active", "allowed"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_staff_pass_at_any_time_with_a_badge_that_counts(known, active, allowed):
    assert isinstance(may_pass_staff(known, active, "v"), Allow) is allowed


@pytest.mark.parametrize(
    ("days_ago", "serious", "due"),
    [
        ([], False, False),
        ([], True, True),
        ([0, 1], False, False),
        ([0, 1, 2], False, True),
        ([0, 1, 31], False, False),
        ([0, 10, 30], False, True),
        ([0, 1, 2, 3], False, True),
    ],
)
def test_three_offences_in_thirty_days_are_reported(days_ago, serious, due):
    moments = [NOW - timedelta(days=n) for n in days_ago]
    assert is_to_report(moments, NOW, RULES, serious=serious) is due


def test_the_rulebook_says_how_many_offences_in_how_many_days():
    rules = replace(RULES, offences_reported=2, offence_days=7)
    assert is_to_report([NOW, NOW - timedelta(days=6)], NOW, rules, serious=False)
    assert not is_to_report([NOW, NOW - timedelta(days=8)], NOW, rules, serious=False)


VISIT = Visit(
    purpose=PARENT,
    reason="孩子发烧，来接",
    host="王珺",
    consent="given",
    document_kind="resident_id",
    document_shown=True,
    related_to="七年级1班 李明",
    relation="father",
    organisation="",
    confirmed=False,
    plate="",
)
FAMILY = replace(
    VISIT,
    purpose=STAFF_FAMILY,
    related_to="王珺",
    relation="spouse",
    consent="none",
    confirmed=True,
)
OFFICIALS = replace(
    VISIT, purpose=OFFICIAL, organisation="市场监督管理局", host="", consent="none", related_to=""
)


@pytest.mark.parametrize(
    ("name", "visit", "answer", "rule"),
    [
        ("parent with all", VISIT, "", ""),
        ("parent, no reason", replace(VISIT, reason=""), "no_reason", "SCH-7"),
        ("parent, nobody to see", replace(VISIT, host=""), "no_host", "SCH-7"),
        ("parent, not asked", replace(VISIT, consent="none"), "no_consent", "SCH-7"),
        ("parent, asked, no answer", replace(VISIT, consent="asked"), "no_consent", "SCH-7"),
        ("parent, host says no", replace(VISIT, consent="refused"), "consent_refused", "SCH-7"),
        ("parent, no document", replace(VISIT, document_shown=False), "no_document", "SCH-7"),
        ("parent, document not named", replace(VISIT, document_kind=""), "no_document", "SCH-7"),
        ("parent, work card", replace(VISIT, document_kind="work_card"), "", ""),
        ("parent, driving licence", replace(VISIT, document_kind="driving_licence"), "", ""),
        ("parent, student card", replace(VISIT, document_kind="student_card"), "document_not_accepted", "SCH-7"),
        ("parent, passport", replace(VISIT, document_kind="passport"), "document_not_accepted", "SCH-7"),
        ("no reason and no consent", replace(VISIT, reason="", consent="refused"), "no_reason", "SCH-7"),
        ("no consent and no document", replace(VISIT, consent="asked", document_shown=False), "no_consent", "SCH-7"),
        ("visitor with all", replace(VISIT, purpose=VISITOR, document_kind="passport"), "", ""),
        ("visitor, no reason", replace(VISIT, purpose=VISITOR, reason=""), "no_reason", "SCH-13"),
        ("visitor, not asked", replace(VISIT, purpose=VISITOR, consent="none"), "no_consent", "SCH-13"),
        ("visitor, host says no", replace(VISIT, purpose=VISITOR, consent="refused"), "consent_refused", "SCH-13"),
        ("visitor, no document", replace(VISIT, purpose=VISITOR, document_shown=False), "no_document", "SCH-15"),
        ("trader with all", replace(VISIT, purpose=TRADER), "trader", "SCH-13"),
        ("trader, host agrees, document shown", replace(VISIT, purpose=TRADER, reason="检查"), "trader", "SCH-13"),
        ("brings a meal", replace(VISIT, purpose=FETCHING), "stays_at_gate", "SCH-11"),
        ("brings a meal by car", replace(VISIT, purpose=FETCHING, plate="粤B12345"), "stays_at_gate", "SCH-11"),
        ("parent with a car", replace(VISIT, plate="粤B12345"), "vehicle", "SCH-11"),
        ("parent with a car, no reason", replace(VISIT, plate="粤B12345", reason=""), "vehicle", "SCH-11"),
        ("visitor with a car", replace(VISIT, purpose=VISITOR, plate="粤B12345"), "", ""),
        ("family with all", FAMILY, "", ""),
        ("family, nobody named", replace(FAMILY, related_to=""), "no_staff_member", "SCH-14"),
        ("family, no relation", replace(FAMILY, relation=""), "no_staff_member", "SCH-14"),
        ("family, not confirmed", replace(FAMILY, confirmed=False), "not_confirmed", "SCH-14"),
        ("family, staff member says no", replace(FAMILY, consent="refused"), "consent_refused", "SCH-14"),
        ("family, no document", replace(FAMILY, document_shown=False), "no_document", "SCH-15"),
        ("officials with all", OFFICIALS, "", ""),
        ("officials of nowhere", replace(OFFICIALS, organisation=""), "no_organisation", "SCH-15"),
        ("officials without a document", replace(OFFICIALS, document_shown=False), "no_document", "SCH-15"),
    ],
)  # fmt: skip
def test_who_may_come_in(name, visit, answer, rule):
    decision = may_enter(visit, RULES, "school_gate/2")
    if not answer:
        assert decision == Allow(), name
        return
    assert isinstance(decision, Deny), name
    assert (decision.code, decision.rule, decision.version) == (answer, rule, "school_gate/2"), name


@pytest.mark.parametrize(
    ("settings", "document", "allowed"),
    [
        ({"parents_show_passport": True}, "passport", True),
        ({"parents_show_passport": True}, "taiwan_permit", True),
        ({"parents_show_work_card": False}, "work_card", False),
        ({"parents_show_driving_licence": False}, "driving_licence", False),
        ({"parents_show_work_card": False, "parents_show_driving_licence": False}, "resident_id", True),
    ],
)  # fmt: skip
def test_the_rulebook_says_which_documents_do_for_parents(settings, document, allowed):
    decision = may_enter(replace(VISIT, document_kind=document), replace(RULES, **settings), "v")
    assert isinstance(decision, Allow) is allowed


def test_a_refused_document_names_those_that_would_do():
    decision = may_enter(replace(VISIT, document_kind="student_card"), RULES, "v")
    assert isinstance(decision, Deny)
    assert str(decision.reason).endswith("ID card, work card, driving licence.")


@pytest.mark.parametrize(
    ("visit", "answer"),
    [
        (replace(VISIT, consent="none", document_shown=False), Allow),
        (replace(VISIT, reason="推销教辅材料"), Hold),
        (replace(VISIT, purpose=VISITOR, reason="派发传单"), Hold),
        (replace(OFFICIALS, reason="广告执法检查"), Allow),
        (replace(VISIT, purpose=TRADER, reason=""), Deny),
        (replace(VISIT, reason=""), Deny),
        (replace(VISIT, reason="给孩子送饭"), Hold),
        (replace(VISIT, purpose=VISITOR, reason="送餐具样品"), Allow),
        (replace(VISIT, purpose=FETCHING, reason="送饭"), Deny),
        (replace(VISIT, plate="粤B12345"), Deny),
    ],
)
def test_what_is_judged_when_a_visit_is_registered(visit, answer):
    assert isinstance(may_register(visit, RULES, "v"), answer)


def test_a_released_suspicion_of_trade_does_not_stop_the_visitor_again():
    assert may_enter(replace(VISIT, reason="推销教辅材料"), RULES, "v") == Allow()
