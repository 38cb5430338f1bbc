"""The rota of a month as the paper that is posted up (GOV-46)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.documents.facts import Value
from core.errors import WrongStateError
from core.i18n import N_
from core.permissions import Actor
from plugins.government.asking import office
from plugins.government.papers import services as papers
from plugins.government.reception import queries
from plugins.government.reception.facts import CANCELLED, DIRECTOR, DayLine

_PAPER = "zh_Hans"


async def rota(site_id: UUID, month: str, *, actor: Actor, at: datetime) -> UUID:
    """Issue the rota of a month such as 2026-12; return the paper. WrongStateError for an empty one."""
    first = _first(month)
    found: list[DayLine] = []
    if first is not None:
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        found = await queries.days(actor, since=first, until=last, site_id=site_id)
    days = [one for one in found if one.state != CANCELLED]
    if first is None or not days:
        raise WrongStateError(N_("No reception day is planned in this month."))
    data: dict[str, Value] = {
        "contact": (await office.page(site_id))["phone"] or "—",
        "period": f"{first.year}年{first.month}月",
        "rows": tuple([await _row(one) for one in days]),
    }
    async with db.writing():
        made = await papers.take_list(
            "reception_rota", data, record_kind="site", record_id=site_id, actor=actor, at=at
        )
    found_id: UUID = made.id
    return found_id


def _first(month: str) -> date | None:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return None


async def _row(one: DayLine) -> tuple[str, ...]:
    there = [
        f"{name}（{heads}）" if heads else name for _, name, heads in await queries.sections(one.id)
    ]
    notes = [one.kind_label.translate(_PAPER)] if one.kind == DIRECTOR else []
    if one.delegate:
        notes.append(f"代{one.leader}")
    return (
        f"{one.day.month}月{one.day.day}日",
        one.weekday.translate(_PAPER),
        f"{one.begins}—{one.ends}",
        one.receiver,
        one.delegate_post if one.delegate else one.post,
        "、".join(there),
        one.place,
        "，".join(notes),
    )
