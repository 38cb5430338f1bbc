"""The fold: the same events give the same presence, however late and in whatever order they come."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.gate.facts import IN, OUT, PassEvent, Presence
from core.gate.fold import (
    ALLOW,
    DENY,
    DOUBLE_ENTRY,
    ENTRY_AFTER_REVOCATION,
    EXIT_WITHOUT_ENTRY,
    HOLD,
    OVERRIDE,
    SECOND_SINGLE_ENTRY,
    STUB,
    UNDO,
    fold,
    step,
)

PASS = "ab" * 12
GATES = [UUID(int=1), UUID(int=2)]


def an_event(number, direction=IN, *, at=None, verdict=ALLOW, code="", corrects=None, gate=0):
    return PassEvent(
        id=number,
        device=GATES[gate],
        seq=number,
        at=number if at is None else at,
        direction=direction,
        verdict=verdict,
        code=code,
        corrects=corrects,
    )


def kinds(conflicts):
    return [(c.kind, c.first_event, c.second_event) for c in conflicts]


def test_nobody_is_inside_before_any_scan():
    assert fold(PASS, []) == (Presence(), [])


def test_in_and_out_again_leaves_one_entry_and_nobody_inside():
    presence, conflicts = fold(PASS, [an_event(1), an_event(2, OUT)])
    assert presence == Presence(entries=1, last_at=2, last_direction=OUT, last_event=2)
    assert conflicts == []


def test_held_and_refused_scans_change_nothing():
    events = [an_event(1), an_event(2, OUT, verdict=HOLD), an_event(3, OUT, verdict=DENY)]
    assert fold(PASS, events)[0].inside


def test_a_second_entry_is_a_conflict_with_the_first():
    presence, conflicts = fold(PASS, [an_event(1), an_event(2)])
    assert presence.inside
    assert kinds(conflicts) == [(DOUBLE_ENTRY, 1, 2)]


def test_an_exit_of_somebody_who_never_came_is_a_conflict():
    assert kinds(fold(PASS, [an_event(1, OUT)])[1]) == [(EXIT_WITHOUT_ENTRY, None, 1)]


def test_the_desk_lets_visitors_in_so_their_scans_alone_are_no_conflict():
    assert fold(PASS, [an_event(1, OUT)], is_visit=True)[1] == []


def test_an_entry_after_the_revocation_is_a_conflict():
    found = fold(PASS, [an_event(5)], revoked_at=4)[1]
    assert kinds(found) == [(ENTRY_AFTER_REVOCATION, None, 5)]


def test_a_second_entry_on_a_pass_for_one_is_a_conflict_although_its_holder_had_left():
    found = fold(PASS, [an_event(1), an_event(2, OUT), an_event(3)], single_entry=True)[1]
    assert kinds(found) == [(SECOND_SINGLE_ENTRY, 2, 3)]


def test_what_was_taken_back_does_not_count():
    events = [an_event(1), an_event(2, OUT), an_event(3, OUT, code=UNDO, corrects=2)]
    presence, conflicts = fold(PASS, events)
    assert presence.inside
    assert presence.last_event == 1
    assert conflicts == []


def test_what_was_released_counts_in_its_own_right():
    events = [an_event(1, verdict=HOLD), an_event(2, code=OVERRIDE, corrects=1)]
    assert fold(PASS, events)[0].inside


def test_a_stub_handed_back_is_no_second_exit():
    events = [an_event(1), an_event(2, OUT), an_event(3, OUT, code=STUB)]
    assert fold(PASS, events)[1] == []


def test_an_exit_delivered_late_closes_the_conflict_of_the_second_entry():
    early = [an_event(1, at=10), an_event(2, at=30)]
    assert kinds(fold(PASS, early)[1]) == [(DOUBLE_ENTRY, 1, 2)]
    assert fold(PASS, [*early, an_event(3, OUT, at=20, gate=1)])[1] == []


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([IN, OUT]),
        st.integers(0, 30),
        st.sampled_from([ALLOW, ALLOW, HOLD, DENY]),
        st.sampled_from([0, 1]),
        st.booleans(),
    ),
    max_size=25,
).map(
    lambda rows: [
        an_event(
            n,
            direction,
            at=at,
            verdict=verdict,
            gate=gate,
            corrects=n - 1 if undone and n > 1 else None,
            code=UNDO if undone and n > 1 else "",
        )
        for n, (direction, at, verdict, gate, undone) in enumerate(rows, 1)
    ]
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(events, random):
    shuffled = random.sample(events, len(events))
    assert fold(PASS, shuffled) == fold(PASS, events)


@given(EVENTS)
def test_inside_is_entries_less_exits_but_for_what_is_a_conflict(events):
    presence, conflicts = fold(PASS, events)
    gone = {e.corrects for e in events}
    counting = [e for e in events if e.verdict == ALLOW and e.code != UNDO and e.id not in gone]
    entries = sum(e.direction == IN for e in counting)
    exits = sum(e.direction == OUT for e in counting)
    doubled = sum(c.kind == DOUBLE_ENTRY for c in conflicts)
    unentered = sum(c.kind == EXIT_WITHOUT_ENTRY for c in conflicts)
    assert presence.inside == entries - exits - doubled + unentered
    assert presence.entries == entries


class Steps(RuleBasedStateMachine):
    """What the pipeline does step by step is what the fold finds from all events."""

    def __init__(self):
        super().__init__()
        self.events = []
        self.presence = Presence()
        self.conflicts = []

    @rule(direction=st.sampled_from([IN, OUT]))
    def scan(self, direction):
        number = len(self.events) + 1
        self.events.append(an_event(number, direction))
        self.presence, conflict = step(self.presence, direction, number, number)
        self.conflicts += [conflict] if conflict else []

    @rule()
    def refused(self):
        self.events.append(an_event(len(self.events) + 1, verdict=DENY))

    @invariant()
    def the_same(self):
        presence, conflicts = fold(PASS, self.events)
        assert presence == self.presence
        assert [c.kind for c in conflicts] == self.conflicts


test_step_by_step_is_the_fold = Steps.TestCase
