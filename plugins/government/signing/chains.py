"""Who signs: chains by name as the settings choose them, and the steps of one for somebody who asks."""

from collections.abc import Collection
from typing import Any

from core.approvals.facts import StepPlan
from core.i18n import N_, Message
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD
from plugins.government.signing.facts import AFTER, BEFORE, MAJOR, PLAN

# A chain by name: the roles of each step; within a step anybody of them may sign.
CHAINS: dict[str, tuple[tuple[str, ...], ...]] = {
    "none": (),
    "deputy": ((DEPUTY,),),
    "director_or_deputy": ((DIRECTOR, DEPUTY),),
    "director": ((DIRECTOR,),),
    "deputy_director": ((DEPUTY,), (DIRECTOR,)),
    "head_deputy": ((HEAD,), (DEPUTY,)),
    "head_bureau": ((HEAD,), (DIRECTOR, DEPUTY)),
    "head_deputy_director": ((HEAD,), (DEPUTY,), (DIRECTOR,)),
}
CHAIN_LABELS: tuple[tuple[str, Message], ...] = (
    ("none", N_("No signature")),
    ("deputy", N_("Deputy director")),
    ("director_or_deputy", N_("Director or deputy director")),
    ("director", N_("Director of the bureau")),
    ("deputy_director", N_("Deputy director, then director")),
    ("head_deputy", N_("Head of the room, then deputy director")),
    ("head_bureau", N_("Head of the room, then director or deputy director")),
    ("head_deputy_director", N_("Head of the room, deputy director, then director")),
)
STEP_LABELS: dict[tuple[str, ...], Message] = {
    (HEAD,): N_("The room's head signs"),
    (DEPUTY,): N_("The deputy director signs"),
    (DIRECTOR,): N_("The director signs"),
    (DIRECTOR, DEPUTY): N_("The director or a deputy signs"),
}


def chain_of(rules: Any, source: str, phase: str) -> str:
    """Return the chain's name that the rules give for a phase; before and after go by source."""
    if phase in (BEFORE, AFTER):
        return str(getattr(rules, f"chain_{phase}_{source}"))
    return str({PLAN: rules.chain_plan, MAJOR: rules.chain_major}[phase])


def steps(chain: str, own_roles: Collection[str]) -> tuple[StepPlan, ...]:
    """Return a chain's steps, without those at its beginning that whoever asks would sign themselves.

    The last step always stays: somebody else signs.
    """
    found = list(CHAINS[chain])
    while len(found) > 1 and set(found[0]) & set(own_roles):
        found.pop(0)
    return tuple(StepPlan(label=STEP_LABELS[roles], roles=roles) for roles in found)
