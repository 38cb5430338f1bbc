"""Who answered for the demonstration's items in turn, from the day each was registered (GOV-54)."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from core.holding import reasons
from core.holding.facts import PASS_ON, RETURN, TAKE
from plugins.government import sealing
from plugins.government.city.places import ROOM
from plugins.government.city.plans import Plan
from plugins.government.city.rows import insert
from plugins.government.city.staffing import Made
from plugins.government.facts import MATTER

UNIT = "government_unit"
_SENT, _BACK = "属该单位职责范围", "承办单位提出异议，经审核同意退回"


async def write(plans: Sequence[Plan], made: Made) -> None:
    """Write who held each item, each span with its reason."""
    held, spans = [], []
    for plan in plans:
        row, own = _of(plan, made)
        held.append(row)
        spans += own
    await insert("holding", held)
    await insert("holding_span", spans)


def _of(plan: Plan, made: Made) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    holding, room = uuid4(), made.clerks[plan.id.int % len(made.clerks)]
    spans: list[dict[str, Any]] = []
    turns = plan.holders
    for position, (code, since) in enumerate(turns):
        returned = position > 0 and code == ROOM
        key = uuid4()
        reason = _BACK if returned else _SENT if position else ""
        charge = room if code == ROOM else made.clerk_of(code) if code in made.staff else None
        spans.append(
            {
                "id": key,
                "holding": holding,
                "record_kind": MATTER,
                "record": str(plan.id),
                "position": position,
                "unit_kind": UNIT,
                "unit_id": str(made.units[code]),
                "unit_label": made.names[code],
                "since": since,
                "until": turns[position + 1][1] if position + 1 < len(turns) else None,
                "how": TAKE if not position else RETURN if returned else PASS_ON,
                "given_by": position - 1 if position and not returned else None,
                "person": charge.id if charge else None,
                "person_name": charge.name if charge else "",
                "reason_cipher": reasons.sealed(sealing.DOMAIN, key, reason),
                "by_name": room.name,
            }
        )
    first = spans[0]
    return {
        "id": holding,
        "record_kind": MATTER,
        "record": str(plan.id),
        "taken_at": plan.at,
        "ended_at": plan.closed_at,
        "first_kind": UNIT,
        "first_id": first["unit_id"],
        "first_label": first["unit_label"],
        "first_person": room.id,
        "first_person_name": room.name,
        "first_person_label": first["unit_label"],
        "returns": sum(span["how"] == RETURN for span in spans),
        "domain": sealing.DOMAIN,
    }, spans
