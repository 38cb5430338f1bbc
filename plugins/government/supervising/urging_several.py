"""One unit urged about several items at once: one call or one note, an entry on each item (GOV-29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import db
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.errors import InvalidInputError
from core.i18n import N_
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from plugins.government.handling import telling
from plugins.government.matters import access, queries
from plugins.government.matters.facts import MatterLine
from plugins.government.matters.queries import Filter
from plugins.government.papers import services as papers
from plugins.government.papers.filling import named, office_of
from plugins.government.rights import HANDLE
from plugins.government.supervising import urging
from plugins.government.supervising.facts import BY_LETTER
from plugins.government.supervising.rights import SUPERVISE
from plugins.government.supervising.seeing import URGING
from plugins.government.supervising.tables import Urging
from plugins.government.units import queries as units

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item about which a unit is urged: until when it should have answered, how often it was urged."""

    matter: MatterLine
    due_on: date | None
    urged: int


async def lines(
    unit_id: UUID, matter_ids: Sequence[UUID], actor: Actor, at: datetime
) -> list[Line]:
    """Return the items among these that the unit has to do with now and the reader urges about."""
    ids = list(dict.fromkeys(matter_ids))[:MOST]
    if not ids:
        return []
    handled, sites = access.within(actor, HANDLE, "x.site")
    supervised, others = access.within(actor, SUPERVISE, "x.site")
    found, _ = await queries.matters(
        actor,
        Filter(),
        at=at,
        size=MOST,
        among=(
            "SELECT mu.matter FROM government_matter_unit mu JOIN government_matter x"
            " ON x.id = mu.matter WHERE mu.unit = {} AND mu.until IS NULL"
            f" AND mu.matter IN ({access.places(ids)}) AND ({handled} OR {supervised})",
            [unit_id, *ids, *sites, *others],
        ),
    )
    if not found:
        return []
    own = [line.id for line in found]
    due = await db.fetch(
        "SELECT matter, max(due_on) AS due FROM government_forwarding"
        f" WHERE unit = {{}} AND matter IN ({access.places(own)}) GROUP BY matter",
        unit_id,
        *own,
    )
    times = await db.fetch(
        "SELECT matter, count(*) AS n FROM government_urging"
        f" WHERE unit = {{}} AND matter IN ({access.places(own)}) GROUP BY matter",
        unit_id,
        *own,
    )
    days = {row["matter"]: _day(row["due"]) for row in due}
    urged = {row["matter"]: int(row["n"]) for row in times}
    return [
        Line(matter=line, due_on=days.get(line.id), urged=urged.get(line.id, 0))
        for line in sorted(found, key=lambda one: one.number)
    ]


def _day(value: date | str | None) -> date | None:
    """Return a day that was aggregated: SQLite gives it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


async def urge(
    unit_id: UUID | None,
    matter_ids: Sequence[UUID],
    *,
    means: str,
    text: str,
    spoke_with: str,
    answer_by: date | None,
    actor: Actor,
    at: datetime,
) -> int:
    """Urge a unit about several items; return about how many. By letter one note names them all."""
    async with db.writing():
        found = await lines(unit_id, matter_ids, actor, at) if unit_id is not None else []
        if unit_id is None or not found or len(found) < len(set(matter_ids)):
            raise InvalidInputError(
                {"": N_("Some of these items are no longer with this unit. Choose them again.")}
            )
        made = [
            await urging.write(
                one.matter.id,
                unit_id=unit_id,
                means=means,
                text=text,
                spoke_with=spoke_with,
                answer_by=answer_by,
                actor=actor,
                at=at,
            )
            for one in found
        ]
        if means == BY_LETTER and answer_by is not None:
            await _write_note(unit_id, found, made, text.strip(), answer_by, actor, at)
        await _tell(unit_id, found, made[0], at)
    return len(found)


async def _write_note(
    unit_id: UUID,
    found: Sequence[Line],
    made: Sequence[UUID],
    said: str,
    by: date,
    actor: Actor,
    at: datetime,
) -> None:
    """Issue one urging note that lists the items with their numbers."""
    unit = await units.unit(unit_id)
    rows = tuple(
        (
            one.matter.number,
            named([one.matter.petitioner] if one.matter.petitioner else [], one.matter.heads),
            one.matter.title,
            chinese_date(one.due_on) if one.due_on else "",
            f"第{one.urged + 1}次",
        )
        for one in found
    )
    data: dict[str, Value] = {
        "office": await office_of(unit.site_id),
        "unit": unit.name,
        "report_by": chinese_date(by),
        "findings": tuple(said.splitlines()),
        "rows": rows,
    }
    paper = await papers.take_list(
        "urge_list", data, record_kind=URGING, record_id=made[0], actor=actor, at=at
    )
    await Urging.update({Urging.document: paper.id}).where(Urging.id.is_in(list(made)))


async def _tell(unit_id: UUID, found: Sequence[Line], first: UUID, at: datetime) -> None:
    """Tell the unit's staff once; each of the items that exist for them."""
    for user_id, _, _ in await units.staff(unit_id):
        numbers = [
            one.matter.number
            for one in found
            if user_id not in await telling.barred(one.matter.id, at)
        ]
        if not numbers:
            continue
        await notify(
            key=f"government:urge_several/{first}:{user_id}",
            channel=IN_APP,
            subject=N_(
                "{count} items of your unit are urged, as {number}",
                count=len(numbers),
                number=numbers[0],
            ),
            body=N_("Sign in to read it."),
            at=at,
            user=user_id,
            url="/government/unit",
        )
