"""An item as its petitioner reads it on the public page and at the desk; no name, nothing secret."""

from datetime import datetime
from uuid import UUID

from core import db
from core.deadlines import proofs
from core.deadlines.facts import STATUTORY
from core.documents.tables import IssuedDocument
from core.errors import NotFoundError
from core.i18n import N_
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.asking import policies
from plugins.government.asking.facts import (
    OFFICE,
    PLAIN,
    UNIT,
    Due,
    Letter,
    Shown,
    Told,
)
from plugins.government.asking.tables import Rating
from plugins.government.facts import MATTER, NAME
from plugins.government.matters import states, timeline
from plugins.government.matters.tables import Matter
from plugins.government.opinions import queries as opinions
from plugins.government.opinions.facts import ISSUED, OpinionView
from plugins.government.papers.kinds import kind
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE as OFFICE_KIND


async def shown(matter_id: UUID, *, at: datetime) -> Shown:
    """Return an item as told to its petitioner; the caller has checked who asks."""
    row = await Matter.objects().get(Matter.id == matter_id)
    if row is None or row.stage not in PLAIN:
        raise NotFoundError
    today = site_time(at).date()
    given = await opinions.of_matter(matter_id)
    last = opinions.latest(given)
    unit_id = await rated_unit(matter_id)
    rated = await Rating.objects().where(Rating.matter == matter_id)
    done = {one.target for one in rated}
    return Shown(
        matter_id=matter_id,
        site_id=row.site,
        number=row.number,
        day=row.day,
        stage=row.stage,
        plain=PLAIN[row.stage],
        held_by=await _held_by(row),
        told=await _told(matter_id),
        dues=await _dues(matter_id, at=at),
        rights=policies.rights(
            row.stage,
            window_ends=await opinions.window_ends(last, at=at),
            delivered=last is not None and last.delivered is not None,
            above=await _above(last),
            today=today,
            days=(await clocks.in_force(at)).values.review_window_days,
        ),
        letters=(*await notices(matter_id), *await letters(matter_id, given)),
        ended=row.stage == states.FINAL,
        may_rate=tuple(
            target
            for target in (OFFICE, UNIT)
            if target not in done
            and row.stage in policies.ratable(target)
            and (target == OFFICE or unit_id is not None)
        ),
        rated=tuple((one.target, one.score) for one in rated),
        unit=(await units.unit(unit_id)).name if unit_id is not None else "",
    )


async def rated_unit(matter_id: UUID) -> UUID | None:
    """Return the unit that handled an item, for its rating."""
    rows = await db.fetch(
        "SELECT o.unit FROM government_opinion o JOIN government_unit u ON u.id = o.unit"
        " WHERE o.matter = {} AND o.level = 'handling' AND o.state = 'issued' AND u.kind <> {}"
        " ORDER BY o.issued_at DESC",
        matter_id,
        OFFICE_KIND,
    )
    if rows:
        found: UUID = rows[0]["unit"]
        return found
    rows = await db.fetch(
        "SELECT m.holder FROM government_matter m JOIN government_unit u ON u.id = m.holder"
        " WHERE m.id = {} AND u.kind <> {}",
        matter_id,
        OFFICE_KIND,
    )
    return rows[0]["holder"] if rows else None


async def _held_by(row: Matter) -> str:
    if row.secret or row.holder is None or row.stage not in states.OPEN:
        return ""
    return (await units.unit(row.holder)).name


async def _above(last: OpinionView | None) -> str:
    if last is None or last.unit_id is None:
        return ""
    parent = (await units.unit(last.unit_id)).parent_id
    return (await units.unit(parent)).name if parent is not None else ""


async def _told(matter_id: UUID) -> tuple[Told, ...]:
    return tuple(
        Told(on=site_time(entry.at).date(), text=entry.text)
        for entry in await timeline.entries(matter_id, timeline.PETITIONER)
    )


async def _dues(matter_id: UUID, *, at: datetime) -> tuple[Due, ...]:
    """Return the statutory dates that still run; the office's own clock is nobody else's business."""
    found = []
    for clock in await clocks.of_matter(matter_id, at=at):
        named = clocks.CLOCKS.get(clock.name.removeprefix("government."))
        if named is None or clock.track != STATUTORY or clock.name == "government.object":
            continue
        if clock.state in ("running", "paused"):
            found.append(
                Due(
                    label=named.label,
                    due=clock.due,
                    left=clock.left,
                    window=named.window,
                    provisional=clock.provisional,
                    moved_from=clock.moved_from,
                    proof=tuple(proofs.plainly(clock.steps, event=clock.event, basis="")),
                )
            )
    return tuple(found)


# Papers for the petitioner that other rooms issue; opinions come by themselves, once delivered.
NOTICES = (
    "acceptance",
    "guidance",
    "refusal",
    "no_longer",
    "transfer_notice",
    "extension_notice",
    "review_notice",
)


async def notices(matter_id: UUID) -> tuple[Letter, ...]:
    """Return the notices to the petitioner that stand."""
    rows = await IssuedDocument.objects().where(
        IssuedDocument.record_kind == MATTER,
        IssuedDocument.record == matter_id,
        IssuedDocument.kind.is_in([f"{NAME}.{one}" for one in NOTICES]),
        IssuedDocument.voided_at.is_null(),
    )
    return tuple(
        Letter(
            kind="paper",
            id=row.id,
            title=kind(row.kind.removeprefix(f"{NAME}.")).label,
            label=row.label,
            on=site_time(row.issued_at).date(),
        )
        for row in sorted(rows, key=lambda one: one.issued_at)
    )


async def letters(matter_id: UUID, given: list[OpinionView]) -> tuple[Letter, ...]:
    """Return what the petitioner may read and print: delivered opinions, replies that were sent."""
    found = [
        Letter(
            kind="opinion",
            id=one.id,
            title=one.level_label,
            label=one.label,
            on=one.issued_on,
        )
        for one in given
        if one.state == ISSUED and one.delivered is not None
    ]
    rows = await db.fetch(
        "SELECT id, label, sent_on FROM government_reply WHERE matter = {} AND state = 'sent'"
        " ORDER BY sent_on",
        matter_id,
    )
    found += [
        Letter(
            kind="reply",
            id=row["id"],
            title=N_("Reply letter"),
            label=row["label"],
            on=row["sent_on"],
        )
        for row in rows
    ]
    return tuple(found)
