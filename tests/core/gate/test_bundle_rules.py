"""The rules of a bundle: the core's own before the plugins', and silence is no permission."""

from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID

import pytest

from core import hookimpl
from core.decisions import Allow, Deny, Hold
from core.gate.bundle_rules import combined, shown
from core.gate.facts import IN, OUT, HolderCard, OfflineAsked, OfflineRule, PassFacts
from core.i18n import N_
from core.plugins import Plugins

PASS = PassFacts(
    pass_id="ab" * 12, kind="lodge.badge", holder_id=UUID(int=1), site_id=UUID(int=2),
    registration_id=None, generation=0, not_before=0, expires=2**40, zones=1, single_entry=False,
    revoked_at=None, inside=False, entries=0, last_at=0, last_direction=-1, version=0,
)  # fmt: skip
ASKED = OfflineAsked(
    gate_id=UUID(int=3), site_id=UUID(int=2), since=1000, until=9000, passes=[PASS],
    cards={PASS.pass_id: HolderCard(name="Li")},
)  # fmt: skip
CLOSED = Hold("closed", N_("Closed"), "X-1")


def a_rule(**more):
    given = {"kinds": ("lodge.badge",), "direction": IN, "starts": 2000, "ends": 3000}
    return OfflineRule(**{**given, "decision": CLOSED, **more})


def decided(rules, at, direction=IN, one=PASS):
    """What a device makes of them: the first that fits."""
    for rule in rules:
        if (
            one.kind in rule.kinds
            and rule.pass_id in (None, one.pass_id)
            and rule.direction == direction
            and rule.starts <= at < rule.ends
        ):
            return rule.decision
    return Allow()


def test_within_its_time_the_plugin_decides_and_nothing_else_stands_against_a_pass():
    rules, again = combined([a_rule()], ASKED, states={}, faulty=[])
    assert decided(rules, 2000) == CLOSED
    assert decided(rules, 3000) == Allow()
    assert decided(rules, 2000, OUT) == Allow()
    assert again == 0


@pytest.mark.parametrize("at", [0, 999, 9000, 2**50])
@pytest.mark.parametrize("direction", [IN, OUT])
def test_before_and_after_the_time_that_was_asked_for_a_person_decides(at, direction):
    rules, _ = combined([a_rule()], ASKED, states={}, faulty=[])
    assert decided(rules, at, direction).code == "beyond_bundle"


def test_a_pass_of_which_nobody_knows_the_holder_is_held():
    rules, _ = combined([a_rule()], replace(ASKED, cards={}), states={}, faulty=[])
    assert decided(rules, 5000).code == "holder_unknown"


@pytest.mark.parametrize(
    ("state", "coming", "going"),
    [
        ("waiting", "", ""),
        ("inside", "", ""),
        ("held", "visit_held", "not_inside"),
        ("expected", "not_arrived", "not_inside"),
        ("refused", "visit_refused", "not_inside"),
    ],
)
def test_the_state_of_a_visit_decides_as_it_does_with_the_server(state, coming, going):
    rules, _ = combined([], ASKED, states={PASS.pass_id: state}, faulty=[])
    assert getattr(decided(rules, 5000), "code", "") == coming
    assert getattr(decided(rules, 5000, OUT), "code", "") == going


def test_what_makes_the_time_longer_in_which_a_pass_is_held_decides_nothing_itself():
    rules, again = combined(
        [a_rule(again_seconds=600), a_rule(again_seconds=300)], ASKED, states={}, faulty=[]
    )
    assert again == 600
    assert decided(rules, 2000) == Allow()


def test_a_decision_is_shown_in_the_readers_language_with_its_rule():
    said = shown(Deny("closed", N_("Gate closed"), "X-1", "lodge/3"), "zh_Hans")
    assert said == {
        "verdict": "deny",
        "code": "closed",
        "reason": N_("Gate closed").translate("zh_Hans"),
        "rule": "X-1",
        "version": "lodge/3",
    }


@pytest.mark.anyio
async def test_passes_of_a_plugin_that_cannot_tell_its_rules_are_held():
    @hookimpl
    async def collect_offline_rules(asked):
        raise RuntimeError("broken")

    plugins = Plugins({"lodge": SimpleNamespace(collect_offline_rules=collect_offline_rules)})
    rules, failed = await plugins.collect_offline_rules(ASKED)
    assert (rules, failed) == ([], ["lodge"])
    held, _ = combined(rules, ASKED, states={}, faulty=["lodge.badge"])
    for direction in (IN, OUT):
        assert decided(held, 5000, direction).code == "plugin_error"
