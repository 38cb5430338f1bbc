"""What a step's votes amount to, and for whom somebody may sign. Pure.

A step's outcome is read from the set of its votes, so their order cannot matter; it is known as soon
as no further vote could change it. A seat has one vote, and a person has one vote in a step: a
substitute for two is one vote.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from core.approvals.facts import APPROVE, REJECT, Rule, Seat, Substitution
from core.decisions import Allow, Decision, Deny
from core.i18n import N_

PASSED, FAILED, UNDECIDED = "passed", "failed", "undecided"


def needed(rule: Rule, signers: int) -> int:
    """Return how many of so many signers must approve; a fraction is rounded up exactly."""
    if rule.kind == "any":
        return 1
    if rule.kind == "all":
        return signers
    if rule.kind == "at_least":
        return rule.parts
    return -(-signers * rule.parts // rule.of)


def outcome(rule: Rule, seats: Sequence[Seat]) -> str:
    """Return whether a step has passed, has failed, or still waits for a vote that matters."""
    need = needed(rule, len(seats))
    approved = sum(seat.choice == APPROVE for seat in seats)
    rejected = sum(seat.choice == REJECT for seat in seats)
    musts = [seat for seat in seats if seat.must]
    if any(seat.choice == REJECT for seat in musts) or len(seats) - rejected < need:
        return FAILED
    if approved >= need and all(seat.choice == APPROVE for seat in musts):
        return PASSED
    return UNDECIDED


def may_begin(rule: Rule, holders: Collection[UUID], must: Collection[UUID]) -> Decision:
    """Judge whether a step could ever pass with these signers."""
    if rule.kind == "fraction" and not 0 < rule.parts <= rule.of:
        return Deny("impossible_step", N_("A fraction lies between 0 and 1."), "CORE-9")
    if not holders:
        return Deny(
            "no_signer",
            N_("Nobody can sign this step: whoever asks cannot sign. Name another signer."),
            "CORE-9",
        )
    if not set(must) <= set(holders):
        return Deny(
            "must_signer_missing",
            N_("Somebody who must sign cannot sign this request. Change the chain."),
            "CORE-9",
        )
    need = needed(rule, len(holders))
    if not 1 <= need <= len(holders):
        return Deny(
            "impossible_step",
            N_(
                "This step needs {need} signatures and has {number} signers.",
                need=need,
                number=len(holders),
            ),
            "CORE-9",
        )
    return Allow()


def seats_open_to(
    person: UUID,
    seats: Sequence[Seat],
    substitutions: Sequence[Substitution],
    barred: Collection[UUID],
) -> list[Seat]:
    """Return the open seats for which a person may vote now: their own, else as a substitute.

    Nobody who is barred (the requester is) votes at all, nor anybody instead of them, and nobody
    votes twice in a step. Who has a seat of their own signs for nobody else in that step.
    """
    if person in barred or any(seat.voter == person for seat in seats):
        return []
    own = [seat for seat in seats if seat.holder == person]
    if own:
        return [seat for seat in own if not seat.choice]
    principals = {s.principal for s in substitutions if s.substitute == person} - set(barred)
    return [seat for seat in seats if seat.holder in principals and not seat.choice]


def may_substitute(principal: UUID, substitute: UUID) -> Decision:
    """Judge an appointment: nobody stands in for themselves."""
    if principal == substitute:
        return Deny("own_substitute", N_("A substitute is somebody else."), "CORE-9")
    return Allow()
