"""What hours without network could have hidden: whoever decided without knowing all, and no others."""

from hypothesis import given
from hypothesis import strategies as st

from core.gate.exposure import ALONE, UNAWARE, Entry, Spell, exposed, spells

TIMES = st.integers(0, 50)
ACTS = st.lists(st.tuples(TIMES, TIMES), max_size=12)


def an_entry(at, alone=False, number=1):
    return Entry(number, at, alone, double=False)


def test_a_gate_that_decided_alone_knew_nothing_of_the_others():
    assert [how for _, how in exposed([an_entry(5, alone=True)], [])] == [ALONE]


def test_with_the_server_all_is_known_while_nothing_waits():
    assert exposed([an_entry(5)], []) == []


def test_while_another_gate_holds_its_acts_back_the_server_does_not_know_all():
    within = spells([(10, 20)])
    assert [e.at for e, how in exposed([an_entry(n) for n in (10, 11, 19, 20)], within)] == [11, 19]
    assert {how for _, how in exposed([an_entry(11)], within)} == {UNAWARE}


def test_times_that_touch_are_one():
    assert spells([(1, 5), (5, 8), (20, 30), (22, 25), (40, 40)]) == [Spell(1, 8), Spell(20, 30)]


@given(ACTS, st.lists(TIMES, max_size=12))
def test_an_entry_is_exposed_just_when_some_act_before_it_was_not_delivered(acts, moments):
    entries = [an_entry(at, number=n) for n, at in enumerate(moments)]
    found = {entry.id for entry, _ in exposed(entries, spells(acts))}
    for entry in entries:
        unknown = any(done < entry.at < delivered for done, delivered in acts)
        # An act done and another one delivered at the very moment join two times into one.
        joined = any(spell.starts < entry.at < spell.ends for spell in spells(acts))
        assert (entry.id in found) == joined
        assert not unknown or joined
