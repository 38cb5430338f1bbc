"""The table of states: whatever is done, a registration moves only along it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.registrations import states
from core.registrations.states import ACTS, STATES, acts_in, leads, may


def test_every_state_can_be_reached_and_only_void_is_final():
    reached = {after for moves in ACTS.values() for afters in moves.values() for after in afters}
    assert reached == set(STATES)
    assert {s for s in STATES if not acts_in(s)} == {states.VOIDED}


@pytest.mark.parametrize("act", ACTS)
def test_acts_name_known_states_only(act):
    for before, afters in ACTS[act].items():
        assert before in {"", *STATES}
        assert afters <= set(STATES)


def test_nobody_is_inside_without_having_been_admitted():
    into = {(act, before) for act, m in ACTS.items() for before, a in m.items() if "inside" in a}
    assert into == {("admit", "waiting"), ("step_back", "left"), ("step_back", "closed")}


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(STATES)), max_size=30))
def test_any_run_of_acts_stays_on_the_table_and_counts_who_is_inside(run):
    state, inside = "", 0
    for act, wanted in run:
        if not may(act, state) or not leads(act, state, wanted):
            continue
        inside += (wanted == "inside") - (state == "inside")
        assert inside in (0, 1)
        assert inside == (wanted == "inside")
        state = wanted
    assert state in {"", *STATES}
    if state == states.VOIDED:
        assert not any(may(act, state) for act in ACTS)
