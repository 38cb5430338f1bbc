"""Assessments fixed, units commended, staff marked (GOV-51)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from core.registrations.judging import site_time
from core.reports.facts import Period
from plugins.government import clocks, sealing
from plugins.government.assessing import queries
from plugins.government.assessing.policies import RATES, Marked, Rate
from plugins.government.assessing.tables import (
    COMMENDATION,
    Assessment,
    Commendation,
    StaffMark,
)
from plugins.government.units.queries import staff
from plugins.government.units.queries import unit as unit_of

RECORD = "government_assessment"


def dump(units: Sequence[Marked]) -> str:
    """Return an assessment as JSON."""
    return json.dumps(
        [
            {
                "unit": str(one.unit_id),
                "name": one.name,
                "items": one.items,
                "rates": {name: [rate.good, rate.whole] for name, rate in one.rates.items()},
                "mark": one.mark,
                "place": one.place,
            }
            for one in units
        ],
        ensure_ascii=False,
    )


def opened(content: str) -> list[Marked]:
    """Return an assessment as it was fixed."""
    return [
        Marked(
            unit_id=UUID(one["unit"]),
            name=one["name"],
            items=one["items"],
            rates={name: Rate(*one["rates"].get(name, (0, 0))) for name in RATES},
            mark=one["mark"],
            place=one["place"],
        )
        for one in json.loads(content)
    ]


async def fix(period: Period, site_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Keep the marks of a quarter or year as they stand; once, and not before it is over."""
    if period.last >= site_time(at).date():
        raise WrongStateError(N_("The time is not over yet."))
    rules = await clocks.in_force(at)
    async with db.writing():
        if await kept(period, site_id) is not None:
            raise WrongStateError(N_("This assessment is fixed already."))
        units = await queries.marked(period, site_id, rules.values, at)
        row = Assessment(
            id=uuid4(),
            site=site_id,
            period=period.kind,
            first=period.first,
            content=dump(units),
            version=rules.name,
            fixed_at=at,
            fixed_by_name=actor.name,
        )
        await Assessment.insert(row)
        shown = {"period": period.kind, "first": period.first, "version": rules.name}
        await record(actor, "government.assessment_fix", RECORD, row.id, at=at, after=shown)


async def kept(period: Period, site_id: UUID) -> Assessment | None:
    """Return an assessment as fixed, if it was."""
    return await Assessment.objects().get(
        (Assessment.site == site_id)
        & (Assessment.period == period.kind)
        & (Assessment.first == period.first)
    )


async def commend(site_id: UUID, unit_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Commend a unit by circular; its staff are told. The reason names no petitioner."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say why.")})
    async with db.writing():
        unit = await unit_of(unit_id)
        if unit.site_id != site_id or not unit.active:
            raise NotFoundError
        made = uuid4()
        row = Commendation(
            id=made,
            site=site_id,
            unit=unit_id,
            reason_cipher=sealing.seal(reason, COMMENDATION, "reason_cipher", made),
            at=at,
            by_name=actor.name,
        )
        await Commendation.insert(row)
        shown = {"unit": unit_id, "name": unit.name}
        await record(actor, "government.commend", "government_unit", unit_id, at=at, after=shown)
        for user_id, _, _ in await staff(unit_id):
            await notify(
                key=f"government.commendation/{row.id}/{user_id}",
                channel=IN_APP,
                subject=N_("Your unit was commended by the petition office"),
                body=N_("Sign in to read it."),
                at=at,
                user=user_id,
                url="/government/unit/bulletins#commendations",
            )


async def mark_staff(
    period: Period,
    site_id: UUID,
    user_id: UUID,
    points: Mapping[str, int],
    note: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Mark one of the staff for a quarter, 1 to 5 on each point; nobody marks themselves."""
    if user_id == actor.id:
        raise WrongStateError(N_("Nobody marks themselves."))
    problems = {
        name: N_("Give 1 to 5 on each point.")
        for name in queries.STAFF_POINTS
        if not 1 <= points.get(name, 0) <= 5
    }
    if problems:
        raise InvalidInputError(problems)
    if user_id not in {one.id for one in await queries.staff_lines(period, site_id)}:
        raise NotFoundError
    async with db.writing():
        row = await StaffMark.objects().get(
            (StaffMark.site == site_id)
            & (StaffMark.user == user_id)
            & (StaffMark.first == period.first)
        )
        if row is None:
            row = StaffMark(id=uuid4(), site=site_id, user=user_id, first=period.first)
        values: dict[str, Any] = {name: points[name] for name in queries.STAFF_POINTS}
        for name, number in values.items():
            setattr(row, name, number)
        row.note_cipher = sealing.seal(note, "government_staff_mark", "note_cipher", row.id)
        row.at, row.by_name = at, actor.name
        await row.save()
        shown = {"user": user_id, "first": period.first}
        await record(
            actor, "government.staff_mark", "government_staff_mark", row.id, at=at, after=shown
        )
