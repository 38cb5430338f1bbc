"""The core's rules at a gate, each alone and each pair where two bite."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.decisions import Allow, Deny, Hold, verdict_of
from core.gate.facts import IN, OUT, GateRules, HolderCard, PassFacts, ScanFacts
from core.gate.policies import direction_of, may_pass, may_return_stub, unknown_pass
from core.i18n import N_
from core.registrations import states

SITE = UUID(int=1)
RULES = GateRules(passback_seconds=180)
NOW = 1_000_000_000
FAULT = {code: Deny(code, N_("x"), "SCH-20") for code in ("expired", "wrong_zone", "token_type")}


def a_pass(**more):
    given = {
        "pass_id": "ab" * 12,
        "kind": "lodge.badge",
        "holder_id": UUID(int=5),
        "site_id": SITE,
        "registration_id": None,
        "generation": 0,
        "not_before": 0,
        "expires": 2 * NOW,
        "zones": 0xFFFF,
        "single_entry": False,
        "revoked_at": None,
        "inside": False,
        "entries": 0,
        "last_at": 0,
        "last_direction": -1,
        "version": 0,
        **more,
    }
    return PassFacts(**given)


LI = HolderCard(name="Li")


def a_scan(direction=IN, *, generation=0, holder=LI, **more):
    return ScanFacts(
        scanned=a_pass(**more),
        direction=direction,
        at=datetime(2026, 11, 23, 7, 10, tzinfo=UTC),
        at_ms=NOW,
        gate_id=UUID(int=2),
        gate_zone=0,
        site_id=SITE,
        token_generation=generation,
        holder=holder,
    )


def judged(scan, fault=None, visit=None):
    decision = may_pass(scan, RULES, token_fault=FAULT.get(fault), visit_state=visit)
    return verdict_of(decision), getattr(decision, "code", "")


LATELY = {"last_at": NOW - 60_000}
CASES = [
    ("a good pass", a_scan(), "allow", ""),
    ("out again", a_scan(OUT, inside=True, last_direction=IN, **LATELY), "allow", ""),
    ("revoked", a_scan(revoked_at=1), "deny", "revoked"),
    ("revoked, leaving", a_scan(OUT, revoked_at=1, inside=True), "deny", "revoked"),
    ("an older print", a_scan(generation=1), "deny", "reissued"),
    ("an older print of a revoked pass", a_scan(generation=1, revoked_at=1), "deny", "revoked"),
    ("another site", a_scan(site_id=UUID(int=9)), "deny", "wrong_site"),
    ("used up", a_scan(single_entry=True, entries=1), "deny", "used"),
    (
        "used up a moment ago",
        a_scan(single_entry=True, entries=1, inside=True, last_direction=IN, **LATELY),
        "deny",
        "used",
    ),
    ("used up, leaving", a_scan(OUT, single_entry=True, entries=1, inside=True), "allow", ""),
    ("in twice", a_scan(inside=True, last_direction=IN, **LATELY), "hold", "passback"),
    ("out twice", a_scan(OUT, last_direction=OUT, **LATELY), "hold", "passback"),
    ("in twice, hours apart", a_scan(inside=True, last_direction=IN, last_at=1), "allow", ""),
    ("nobody knows whose", a_scan(holder=None), "hold", "holder_unknown"),
    (
        "nobody knows whose, twice",
        a_scan(holder=None, inside=True, last_direction=IN, **LATELY),
        "hold",
        "passback",
    ),
]


@pytest.mark.parametrize(
    ("scan", "verdict", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
@pytest.mark.rule("SCH-19")
def test_a_pass_is_judged_by_what_is_on_record(scan, verdict, code):
    assert judged(scan) == (verdict, code)


@pytest.mark.parametrize(
    ("direction", "inside", "fault", "expected"),
    [
        (IN, False, "expired", ("deny", "expired")),
        (OUT, True, "expired", ("hold", "expired")),
        (OUT, False, "expired", ("deny", "expired")),
        (OUT, True, "wrong_zone", ("hold", "wrong_zone")),
        (OUT, True, "token_type", ("deny", "token_type")),
    ],
)
def test_nobody_is_locked_in_by_a_pass_that_ran_out(direction, inside, fault, expected):
    assert judged(a_scan(direction, inside=inside), fault) == expected


@pytest.mark.parametrize(
    ("state", "way_in", "way_out"),
    [
        (states.WAITING, ("allow", ""), ("hold", "not_inside")),
        (states.EXPECTED, ("hold", "not_arrived"), ("hold", "not_inside")),
        (states.HELD, ("hold", "visit_held"), ("hold", "not_inside")),
        (states.INSIDE, ("hold", "already_inside"), ("allow", "")),
        (states.LEFT, ("deny", "visit_left"), ("hold", "not_inside")),
        (states.CLOSED, ("deny", "visit_closed"), ("hold", "not_inside")),
        (states.REFUSED, ("deny", "visit_refused"), ("hold", "not_inside")),
        (states.CANCELLED, ("deny", "visit_cancelled"), ("hold", "not_inside")),
        (states.VOIDED, ("deny", "visit_voided"), ("hold", "not_inside")),
    ],
)
def test_a_slip_is_judged_by_the_state_of_its_visit(state, way_in, way_out):
    assert judged(a_scan(IN), visit=state) == way_in
    assert judged(a_scan(OUT), visit=state) == way_out


def test_a_slip_revoked_by_leaving_says_that_the_visit_is_over():
    assert judged(a_scan(revoked_at=1), visit=states.LEFT) == ("deny", "visit_left")


@pytest.mark.parametrize("state", states.STATES)
def test_a_stub_is_taken_only_from_who_is_inside_or_has_left(state):
    decision = may_return_stub(a_scan(OUT, revoked_at=1), token_fault=None, visit_state=state)
    expected = Allow if state in (states.INSIDE, states.LEFT) else Deny
    assert type(decision) is expected


def test_an_unknown_pass_keeps_nobody_in():
    assert isinstance(unknown_pass(IN), Deny)
    assert isinstance(unknown_pass(None), Deny)
    assert isinstance(unknown_pass(OUT), Hold)


@pytest.mark.parametrize(
    ("scanned", "asked", "meant"),
    [
        (a_pass(), None, IN),
        (a_pass(inside=True, last_direction=IN, last_at=1), None, OUT),
        (a_pass(inside=True, last_direction=IN, **LATELY), None, IN),
        (a_pass(last_direction=OUT, **LATELY), None, OUT),
        (a_pass(inside=True), IN, IN),
    ],
)
def test_without_a_direction_it_is_the_other_way_but_at_once_the_same(scanned, asked, meant):
    assert direction_of(asked, scanned, NOW, RULES) == meant


def test_every_sentence_is_there_and_names_a_rule():
    for name, scan, verdict, _ in CASES:
        decision = may_pass(scan, RULES, token_fault=None, visit_state=None)
        if verdict != "allow":
            assert str(decision.reason), name
            assert decision.rule, name


def test_presence_counts_and_not_the_clock_of_the_pass():
    scan = a_scan(OUT, inside=True)
    moved = replace(scan, scanned=replace(scan.scanned, inside=False))
    assert judged(moved, "expired") == ("deny", "expired")
