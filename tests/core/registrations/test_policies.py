"""The core's own rules, each alone and where two bite, as tables."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core.decisions import Allow, Deny, Hold, verdict_of
from core.default_plugin import PURPOSES
from core.registrations.facts import Purpose, RegistrationFacts, WatchMatch
from core.registrations.policies import (
    is_overdue,
    may_close,
    may_enter,
    may_register,
    waiting_level,
)
from tests.core.registrations.reception import MONDAY

VISIT, DELIVERY = PURPOSES
OF_A_PLUGIN = Purpose(name="school_gate.parent", label=VISIT.label, plugin="school_gate")
FACTS = RegistrationFacts(
    registration_id=uuid4(),
    number="20261123-0001",
    site_id=uuid4(),
    gate_id=None,
    visitor_id=uuid4(),
    visitor_name="王小明",
    head_count=1,
    purpose="core.visit",
    reason="谈合同",
    host_id=None,
    host_name="张明",
    state="waiting",
    consent="given",
    document_kind="resident_id",
    document_shown=True,
    document_by_eye=False,
    plate="",
    asked_at=MONDAY,
)


def match(action="barred", *, certain=True):
    return WatchMatch(
        entry_id=uuid4(), name="王小明", action=action, reason="闹事", certain=certain
    )


@pytest.mark.parametrize(
    ("changed", "purpose", "code"),
    [
        ({}, VISIT, ""),
        ({"consent": "none"}, VISIT, "consent_missing"),
        ({"consent": "asked"}, VISIT, "consent_missing"),
        ({"consent": "refused"}, VISIT, "host_refused"),
        ({"consent": "refused"}, DELIVERY, "host_refused"),
        ({"consent": "refused"}, OF_A_PLUGIN, "host_refused"),
        ({"consent": "refused"}, None, "host_refused"),
        ({"consent": "none"}, DELIVERY, ""),
        ({"consent": "none"}, OF_A_PLUGIN, ""),
        ({"document_shown": False}, VISIT, "document_missing"),
        ({"document_shown": False}, DELIVERY, ""),
        ({"document_shown": False, "released": frozenset({"document_missing"})}, VISIT, ""),
        ({"document_shown": False, "consent": "none"}, VISIT, "consent_missing"),
        ({"watch": (match(),)}, VISIT, "watch_barred"),
        ({"watch": (match(certain=False),)}, VISIT, "watch_possible"),
        ({"watch": (match("announce"),)}, VISIT, "watch_announce"),
        ({"watch": (match("announce"), match())}, VISIT, "watch_barred"),
        ({"watch": (match(),), "consent": "refused"}, VISIT, "host_refused"),
        ({"watch": (match(),), "released": frozenset({"watch_barred"})}, VISIT, ""),
        (
            {"watch": (match(),), "document_shown": False, "released": frozenset({"watch_barred"})},
            VISIT,
            "document_missing",
        ),
        ({"consent": "none", "released": frozenset({"consent_missing"})}, VISIT, "consent_missing"),
    ],
)
@pytest.mark.rule("CORE-5", "CORE-15", "CORE-22")
def test_who_may_enter(changed, purpose, code):
    decision = may_enter(replace(FACTS, **changed), purpose)
    assert getattr(decision, "code", "") == code
    if code:
        assert decision.rule.startswith("CORE-")
        assert str(decision.reason)


@pytest.mark.rule("CORE-15")
def test_only_the_watch_list_stops_an_arrival():
    assert may_register(replace(FACTS, consent="none", document_shown=False)) == Allow()
    assert isinstance(may_register(replace(FACTS, watch=(match(),))), Hold)


def test_a_stub_is_asked_for_only_when_a_slip_was_printed():
    assert may_close(FACTS, slip_issued=False) == Allow()
    assert may_close(FACTS, slip_issued=True).code == "stub_missing"
    assert may_close(replace(FACTS, stub_returned=True), slip_issued=True) == Allow()


def test_a_host_who_said_no_cannot_be_released():
    facts = replace(FACTS, consent="refused", released=frozenset({"host_refused"}))
    decision = may_enter(facts, VISIT)
    assert isinstance(decision, Deny)
    assert verdict_of(decision) == "deny"


@pytest.mark.rule("CORE-18")
@pytest.mark.parametrize(
    ("minutes", "level"),
    [(0, ""), (9, ""), (10, "amber"), (19, "amber"), (20, "red"), (200, "red")],
)
def test_waiting_grows_urgent(minutes, level):
    now = MONDAY + timedelta(minutes=minutes)
    times = {"amber": timedelta(minutes=10), "red": timedelta(minutes=20)}
    assert waiting_level(MONDAY, now, **times) == level


@pytest.mark.rule("CORE-6")
def test_who_stays_past_the_agreed_time_is_overdue():
    assert not is_overdue(None, MONDAY)
    assert not is_overdue(MONDAY, MONDAY)
    assert is_overdue(MONDAY, MONDAY + timedelta(seconds=1))
