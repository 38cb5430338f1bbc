"""Chains of approval as they are stored: JSON of their steps, and back."""

import json
from collections.abc import Sequence
from uuid import UUID

from core.approvals.facts import Rule, StepPlan
from core.i18n import Message


def dump(steps: Sequence[StepPlan]) -> str:
    """Return the steps as JSON."""
    return json.dumps(
        [
            {
                "label": step.label.dump(),
                "rule": [step.rule.kind, step.rule.parts, step.rule.of],
                "roles": list(step.roles),
                "users": [str(one) for one in step.users],
                "must": [str(one) for one in step.must],
            }
            for step in steps
        ],
        ensure_ascii=False,
    )


def load(text: str) -> tuple[StepPlan, ...]:
    """Read what `dump` wrote."""
    return tuple(
        StepPlan(
            label=Message.load(step["label"]),
            rule=Rule(kind=step["rule"][0], parts=step["rule"][1], of=step["rule"][2]),
            roles=tuple(step["roles"]),
            users=tuple(UUID(one) for one in step["users"]),
            must=tuple(UUID(one) for one in step["must"]),
        )
        for step in json.loads(text)
    )


def dump_ids(ids: Sequence[UUID]) -> str:
    """Return a JSON list of ids, each once."""
    return json.dumps(sorted({str(one) for one in ids}))


def load_ids(text: str) -> frozenset[UUID]:
    """Read what `dump_ids` wrote."""
    return frozenset(UUID(one) for one in json.loads(text))
