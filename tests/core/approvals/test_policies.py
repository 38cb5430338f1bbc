"""What a step's votes amount to: brute force over every way of voting, and random chains."""

from fractions import Fraction
from itertools import permutations, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approvals import policies, states
from core.approvals.facts import ALL, ANY, Rule, Seat, Substitution, at_least, fraction
from core.decisions import Allow, Deny

PEOPLE = [UUID(int=number + 1) for number in range(12)]


def rules(n):
    yield ANY
    yield ALL
    yield from (at_least(k) for k in range(1, n + 1))
    yield from (fraction(*parts) for parts in ((1, 2), (2, 3), (3, 4), (1, 3), (1, 1)))


def seats_of(votes, must=()):
    return [
        Seat(holder=PEOPLE[i], must=i in must, choice=choice, voter=PEOPLE[i] if choice else None)
        for i, choice in enumerate(votes)
    ]


def in_words(rule, votes, must):
    """Say in the plainest way whether a step in which everybody voted passed."""
    approving = [i for i, choice in enumerate(votes) if choice == "approve"]
    if not set(must) <= set(approving):
        return "failed"
    share = Fraction(len(approving), len(votes))
    enough = {
        "any": len(approving) > 0,
        "all": len(approving) == len(votes),
        "at_least": len(approving) >= rule.parts,
        "fraction": rule.of > 0 and share >= Fraction(rule.parts, rule.of or 1),
    }[rule.kind]
    return "passed" if enough else "failed"


def completions(votes):
    open_seats = [i for i, choice in enumerate(votes) if not choice]
    for choices in product(("approve", "reject"), repeat=len(open_seats)):
        full = list(votes)
        for i, choice in zip(open_seats, choices, strict=True):
            full[i] = choice
        yield full


@pytest.mark.rule("CORE-9")
@pytest.mark.parametrize("n", range(1, 7))
def test_a_step_is_decided_exactly_when_no_further_vote_could_change_it(n):
    for rule in rules(n):
        for must in ((), (0,), (0, n - 1)):
            for votes in product(("", "approve", "reject"), repeat=n):
                ends = {in_words(rule, full, must) for full in completions(votes)}
                expected = ends.pop() if len(ends) == 1 else "undecided"
                assert policies.outcome(rule, seats_of(votes, must)) == expected


@pytest.mark.rule("CORE-9")
@pytest.mark.parametrize("n", range(1, 6))
def test_the_result_does_not_depend_on_the_order_of_votes(n):
    for rule in rules(n):
        for must in ((), (0,)):
            for final in product(("approve", "reject"), repeat=n):
                results = set()
                for order in permutations(range(n)):
                    votes = [""] * n
                    for i in order:  # voting stops as soon as the step is decided
                        votes[i] = final[i]
                        result = policies.outcome(rule, seats_of(votes, must))
                        if result != "undecided":
                            break
                    results.add(result)
                assert results == {in_words(rule, final, must)}


@given(n=st.integers(1, 400), of=st.integers(1, 50), data=st.data())
def test_a_fraction_is_exact(n, of, data):
    parts = data.draw(st.integers(1, of))
    need = policies.needed(fraction(parts, of), n)
    assert Fraction(need, n) >= Fraction(parts, of) > Fraction(need - 1, n)


def test_two_thirds_of_three_are_two_and_of_four_are_three():
    assert [policies.needed(fraction(2, 3), n) for n in (1, 2, 3, 4, 6, 7)] == [1, 2, 2, 3, 4, 5]


@given(
    holders=st.integers(1, 6),
    rule=st.sampled_from([ANY, ALL, at_least(2), fraction(2, 3)]),
    pairs=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8),
    attempts=st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 5), st.sampled_from(["approve", "reject"])),
        max_size=25,
    ),
    barred=st.sets(st.integers(0, 11), max_size=2),
)
def test_nobody_votes_twice_for_two_or_on_their_own_request(holders, rule, pairs, attempts, barred):
    seats = [Seat(holder=PEOPLE[i]) for i in range(holders) if i not in barred]
    instead = [Substitution(principal=PEOPLE[a], substitute=PEOPLE[b]) for a, b in pairs if a != b]
    shut_out = {PEOPLE[i] for i in barred}
    for who, where, choice in attempts:
        person = PEOPLE[who]
        allowed = policies.seats_open_to(person, seats, instead, shut_out)
        if not allowed:
            continue
        chosen = allowed[where % len(allowed)]
        at = seats.index(chosen)
        seats[at] = Seat(holder=chosen.holder, choice=choice, voter=person)
        assert not policies.seats_open_to(person, seats, instead, shut_out)
    voters = [seat.voter for seat in seats if seat.voter]
    assert len(voters) == len(set(voters))
    assert not shut_out & set(voters)
    pairs_held = {(one.principal, one.substitute) for one in instead}
    for seat in seats:
        assert seat.voter in (None, seat.holder) or (seat.holder, seat.voter) in pairs_held
    own = {seat.holder for seat in seats}
    assert all(s.voter == s.holder for s in seats if s.voter in own)


@pytest.mark.parametrize(
    ("rule", "holders", "must", "code"),
    [
        (ANY, [], [], "no_signer"),
        (at_least(3), PEOPLE[:2], [], "impossible_step"),
        (at_least(0), PEOPLE[:2], [], "impossible_step"),
        (fraction(3, 2), PEOPLE[:4], [], "impossible_step"),
        (Rule(kind="fraction"), PEOPLE[:4], [], "impossible_step"),
        (ALL, PEOPLE[:2], PEOPLE[2:3], "must_signer_missing"),
    ],
)
def test_a_step_that_could_never_pass_is_refused(rule, holders, must, code):
    decision = policies.may_begin(rule, holders, must)
    assert isinstance(decision, Deny)
    assert decision.code == code


def test_a_step_that_could_pass_is_allowed():
    assert policies.may_begin(fraction(2, 3), PEOPLE[:3], PEOPLE[:1]) == Allow()


def test_a_decided_request_moves_no_more():
    for state in states.DECIDED:
        assert not any(states.may(act, state) for act in states.ACTS)


def test_nobody_signs_instead_of_somebody_who_is_kept_out():
    seats = [Seat(holder=PEOPLE[0]), Seat(holder=PEOPLE[1])]
    instead = [Substitution(principal=PEOPLE[i], substitute=PEOPLE[5]) for i in (0, 1)]
    found = policies.seats_open_to(PEOPLE[5], seats, instead, {PEOPLE[0]})
    assert [one.holder for one in found] == [PEOPLE[1]]
