"""The rota of a month as the paper that is posted up; the slip of a booking (GOV-46)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core import db
from core.documents import issuing
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government.asking import office
from plugins.government.papers import services as papers
from plugins.government.papers.filling import office_of
from plugins.government.papers.kinds import kind
from plugins.government.papers.occasions import moment
from plugins.government.reception import queries
from plugins.government.reception.facts import CALLED_OFF, CANCELLED, DIRECTOR, DayLine
from plugins.government.rights import HANDLE

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


async def slip(booking_id: UUID, *, actor: Actor, at: datetime) -> bytes:
    """Return the slip of a booking, for the leader's room and the petitioner who has come."""
    one, day = await queries.booking(booking_id, actor, at=at)
    if not actor.may_at(HANDLE, day.site_id) or one.state == CALLED_OFF or day.state == CANCELLED:
        raise NotFoundError
    post = day.delegate_post if day.delegate else day.post
    delegated = f"（代{day.leader}）" if day.delegate else ""
    weekday = day.weekday.translate(_PAPER)
    there = [name for _, name, _ in await queries.sections(day.id)]
    data: dict[str, Value] = {
        "office": await office_of(day.site_id),
        "petitioner": one.name or "—",
        "phone": one.phone,
        "heads": str(one.heads),
        "matter_number": one.matter_number,
        "title": one.topic,
        "leader": "　".join(filter(None, (day.receiver, post))) + delegated,
        "position": str(one.position),
        "sections": "、".join(there),
        "started": f"{chinese_date(day.day)}　{weekday}　{day.begins}—{day.ends}",
        "interview_place": day.place,
        "received_at": moment(at) if day.day == site_time(at).date() else "",
    }
    return await issuing.drawn(kind("reception_slip"), data, at=at)


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
