# ruff: noqa: E501 - a table reads better with one case in a line
"""What the lodge decides: things kept, long stays, valuables; each rule alone, and where two could bite."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.decisions import Allow, verdict_of
from plugins.school_gate import deposit_policies as deposits
from plugins.school_gate import stay_policies as stays
from plugins.school_gate.facts import SchoolRules

RULES = SchoolRules()
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
NINE = NOON.replace(hour=9)
OUT = deposits.HandOut(kind="clothes", state="kept", at=NOON, signed=True, reason="")
STAY = stays.StayFacts(
    first_day=date(2026, 11, 23), last_day=date(2026, 12, 20), host="王珺", place="3 栋"
)
SCAN = stays.ResidentScan(
    known=True, state="registered", first_day=STAY.first_day, last_day=STAY.last_day, day=date(2026, 12, 1), leaving=False
)  # fmt: skip


def said(decision):
    return verdict_of(decision), getattr(decision, "code", "")


@pytest.mark.parametrize(
    ("out", "answer"),
    [
        (OUT, ("allow", "")),
        (replace(OUT, at=NINE), ("hold", "not_now")),
        (replace(OUT, at=NINE, reason="衣服湿了"), ("allow", "")),
        (replace(OUT, at=NINE, kind="meal"), ("allow", "")),
        (replace(OUT, signed=False), ("deny", "not_signed")),
        (replace(OUT, at=NINE, signed=False, reason="急"), ("deny", "not_signed")),
        (replace(OUT, state="returned", signed=False), ("deny", "not_kept")),
        (replace(OUT, at=NOON.replace(hour=13, minute=50)), ("hold", "not_now")),
        (replace(OUT, at=NOON.replace(hour=11, minute=50)), ("allow", "")),
        (replace(OUT, at=NOON.replace(hour=18, minute=20)), ("allow", "")),
    ],
)  # fmt: skip
def test_when_a_thing_is_handed_out(out, answer):
    decision = deposits.may_hand_out(out, RULES, "school_gate/1")
    assert said(decision) == answer
    if answer[0] != "allow":
        assert (decision.rule, decision.version) == ("SCH-10", "school_gate/1")


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (("12:00-13:30",), [(time(12), time(13, 30))]),
        (("8:05 – 9:10", "18:00至19:00"), [(time(8, 5), time(9, 10)), (time(18), time(19))]),
        (("noon", "25:00-26:00", "12:00", ""), []),
        ((), []),
    ],
)
def test_set_times_are_read_as_schools_write_them(lines, hours):
    assert deposits.hours_of(lines) == hours


def test_without_set_times_things_are_handed_out_always():
    rules = replace(RULES, deposit_hours=())
    assert deposits.may_hand_out(replace(OUT, at=NINE), rules, "v") == Allow()


@pytest.mark.parametrize(
    ("kind", "age", "overdue"),
    [
        ("clothes", timedelta(days=2, hours=23), False),
        ("clothes", timedelta(days=3), True),
        ("meal", timedelta(hours=2, minutes=59), False),
        ("meal", timedelta(hours=3), True),
    ],
)
def test_when_something_lies_there_too_long(kind, age, overdue):
    assert deposits.is_overdue(NOON - age, NOON, kind, RULES) is overdue


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"host": ""}, "no_host"),
        ({"place": ""}, "no_place"),
        ({"last_day": date(2026, 11, 22)}, "ends_before"),
        ({"last_day": date(2026, 11, 23)}, ""),
        ({"last_day": date(2027, 5, 27)}, ""),
        ({"last_day": date(2027, 5, 28)}, "too_long"),
        ({"host": "", "place": ""}, "no_host"),
    ],
)
def test_what_a_long_stay_needs(changed, code):
    assert said(stays.may_register(replace(STAY, **changed), RULES, "v"))[1] == code


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, "allow"),
        ({"day": date(2026, 11, 23)}, "allow"),
        ({"day": date(2026, 12, 20)}, "allow"),
        ({"day": date(2026, 11, 22)}, "deny"),
        ({"day": date(2026, 12, 21)}, "deny"),
        ({"day": date(2026, 12, 21), "leaving": True}, "hold"),
        ({"state": "ended"}, "deny"),
        ({"state": "ended", "leaving": True}, "hold"),
        ({"state": "notified"}, "deny"),
        ({"known": False}, "deny"),
        ({"known": False, "leaving": True}, "hold"),
        ({"last_day": None}, "deny"),
    ],
)
def test_when_a_residents_badge_opens_the_gate_and_nobody_is_kept_in(changed, answer):
    assert verdict_of(stays.may_pass(replace(SCAN, **changed), "v")) == answer


@pytest.mark.parametrize(
    ("proof", "text", "voucher", "present", "code"),
    [
        ("", "", "", False, "no_proof"),
        ("document", "发票", "", False, ""),
        ("document", "", "", False, "no_proof"),
        ("document", "", "王珺", True, "no_proof"),
        ("voucher", "", "王珺", True, ""),
        ("voucher", "", "王珺", False, "voucher_absent"),
        ("voucher", "", "", True, "no_proof"),
        ("voucher", "发票", "", False, "no_proof"),
        ("", "发票", "王珺", True, "no_proof"),
    ],
)
def test_what_lets_a_valuable_out(proof, text, voucher, present, code):
    carried = stays.CarriedOut(
        proof=proof, proof_text=text, voucher=voucher, voucher_present=present
    )
    assert said(stays.may_release(carried, "v"))[1] == code
