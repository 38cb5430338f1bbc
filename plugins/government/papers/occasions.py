"""What papers say of one occasion in an item's course: a talk agreed on, a meeting, a round of signatures.

The caller has judged who asks.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from core.approvals.facts import APPROVE, SEND_BACK
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.registrations.judging import site_time
from plugins.government.coordination import queries as coordination
from plugins.government.screening import queries as screening
from plugins.government.screening.facts import FOLLOW_UPS
from plugins.government.signing import queries as signing
from plugins.government.signing.facts import PHASES

_CHOICES = {APPROVE: "同意", SEND_BACK: "退回"}


async def appointment(matter_id: UUID) -> dict[str, Value]:
    """Return the talk that was agreed on last: when, why, what to bring."""
    found = next(iter(await screening.follow_ups(matter_id)), None)
    if found is None:
        return {"started": "", "reason": "", "materials": ""}
    why = FOLLOW_UPS[found["why"]].translate("zh_Hans") if found["why"] in FOLLOW_UPS else ""
    return {
        "started": moment(found["starts_at"]),
        "reason": why,
        "materials": found["text"],
        "interviewers": "",
        "interview_place": "",
    }


async def minutes(matter_id: UUID) -> dict[str, Value]:
    """Return the last meeting that coordinated an item: who came, what was said and agreed."""
    held = [one for one in await coordination.coordinations(matter_id) if one.held_at is not None]
    if not held:
        return {}
    one = held[0]
    agreed = tuple(f"{it.unit}：{it.text}（{chinese_date(it.due_on)}前）" for it in one.follow_ups)
    return {
        "started": moment(one.held_at),
        "interview_place": one.place,
        "attended": tuple(name for _, name, came in one.units if came),
        "minutes": tuple(one.minutes.splitlines()),
        "agreed": agreed or tuple(one.decision.splitlines()),
    }


async def signatures(matter_id: UUID) -> dict[str, Value]:
    """Return every round of signatures on an item as rows, the first first, and leaders' instructions."""
    rows: list[tuple[str, ...]] = []
    for one in reversed(await signing.rounds(matter_id)):
        phase = PHASES[one.phase].translate("zh_Hans")
        rows.append(
            (phase, one.asked_by, _line(one.text), chinese_date(site_time(one.asked_at).date()))
        )
        rows += [
            (
                "",
                said.name,
                "：".join(filter(None, (_CHOICES.get(said.choice, "不同意"), _line(said.text)))),
                chinese_date(site_time(said.at).date()),
            )
            for said in one.opinions
        ]
    told = await signing.instructions(matter_id)
    instructed = tuple(f"{one.text}　{one.leader}" for one in told)
    return {"signatures": tuple(rows), "instructions": instructed}


def _line(text: str) -> str:
    return " ".join(text.split())


OF_KIND: Mapping[str, Callable[[UUID], Awaitable[dict[str, Value]]]] = {
    "appointment_slip": appointment,
    "minutes": minutes,
    "approval_sheet": signatures,
}


def moment(at: datetime | None) -> str:
    """Return a moment as papers say it: 2026年11月23日 9时15分."""
    if at is None:
        return ""
    local = site_time(at)
    return f"{chinese_date(local.date())} {local.hour}时{local.minute:02}分"
