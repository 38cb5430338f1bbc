"""Urging units by phone or letter before they are supervised (催办, GOV-29)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.handling import telling
from plugins.government.matters import timeline
from plugins.government.matters.services import lock, take, take_open
from plugins.government.papers import services as papers
from plugins.government.supervising.facts import BY_LETTER, URGE_MEANS
from plugins.government.supervising.tables import Urging
from plugins.government.supervising.writing import (
    log,
    may_answer,
    may_supervise,
    needed,
    tell_office,
    unit_of,
)
from plugins.government.units import queries as units


async def urge(
    matter_id: UUID,
    *,
    unit_id: UUID | None,
    means: str,
    text: str,
    spoke_with: str,
    answer_by: date | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Urge a unit about an item, by phone or letter (GOV-29)."""
    async with db.writing():
        urging_id = await write(
            matter_id,
            unit_id=unit_id,
            means=means,
            text=text,
            spoke_with=spoke_with,
            answer_by=answer_by,
            actor=actor,
            at=at,
        )
        row = await take(matter_id, actor, at)
        unit = await unit_of(matter_id, unit_id)
        if means == BY_LETTER and answer_by is not None:
            await _write_note(row.id, unit, urging_id, text.strip(), answer_by, actor, at)
        await telling.unit(row, unit, f"urge/{urging_id}", at=at)
    return urging_id


async def write(
    matter_id: UUID,
    *,
    unit_id: UUID | None,
    means: str,
    text: str,
    spoke_with: str,
    answer_by: date | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Write an urging down on its item; note and notice are the caller's."""
    problems: dict[str, Message] = {}
    said = needed(problems, "text", text)
    if means not in URGE_MEANS:
        problems["means"] = N_("Please choose one of the options.")
    if means != BY_LETTER and not spoke_with.strip():
        problems["spoke_with"] = N_("Say with whom you spoke.")
    if answer_by is None or answer_by < site_time(at).date():
        problems["answer_by"] = N_("Choose today or a later day.")
    async with db.writing():
        row = await take_open(matter_id, actor, at)
        if not await may_supervise(matter_id, actor):
            raise NotFoundError
        unit = await unit_of(matter_id, unit_id)
        if problems or answer_by is None:
            raise InvalidInputError(problems)
        urging_id = uuid4()
        await Urging.insert(
            Urging(
                id=urging_id,
                matter=row.id,
                unit=unit,
                means=means,
                spoke_with=spoke_with.strip()[:100],
                text_cipher=sealing.seal(said, "government_urging", "text_cipher", urging_id),
                answer_by=answer_by,
                at=at,
                by=actor.id,
                by_name=actor.name,
            )
        )
        await timeline.note(row.id, "urge", URGE_MEANS[means], actor=actor, at=at, body=said)
        await log(actor, "urge", MATTER, row.id, at, {"unit": unit, "means": means})
    return urging_id


async def _write_note(
    matter_id: UUID, unit: UUID, urging_id: UUID, said: str, by: date, actor: Actor, at: datetime
) -> None:
    """Issue the urging note (催办单) with what the urging says."""
    times = await Urging.count().where(Urging.matter == matter_id, Urging.unit == unit)
    given: dict[str, Value] = {
        "unit": (await units.unit(unit)).name,
        "times": f"第{times}次",
        "report_by": chinese_date(by),
        "findings": tuple(said.splitlines()),
    }
    paper = await papers.take("urge_note", matter_id, given, actor=actor, at=at)
    await Urging.update({Urging.document: paper.id}).where(Urging.id == urging_id)


async def answer_urging(urging_id: UUID, *, text: str, actor: Actor, at: datetime) -> UUID:
    """Write down what the unit answered, by itself or told on the phone; return the item."""
    problems: dict[str, Message] = {}
    said = needed(problems, "answer", text)
    async with db.writing():
        for found in await db.fetch(
            "SELECT matter FROM government_urging WHERE id = {}", urging_id
        ):
            await lock(found["matter"])
        await db.fetch("SELECT id FROM government_urging WHERE id = {} FOR UPDATE", urging_id)
        row = await Urging.objects().get(Urging.id == urging_id)
        if row is None or not await may_answer(row.matter, row.unit, actor, at):
            raise NotFoundError
        if problems:
            raise InvalidInputError(problems)
        if row.answered_at is not None:
            raise WrongStateError(N_("This was answered already."))
        if (await take(row.matter, actor, at)).closed_at is not None:
            raise WrongStateError(N_("The item is further along than that. Look at it again."))
        sealed = sealing.seal(said, "government_urging", "answer_cipher", row.id)
        await Urging.update({Urging.answer_cipher: sealed, Urging.answered_at: at}).where(
            Urging.id == row.id
        )
        await timeline.note(
            row.matter,
            "urge_answer",
            N_("The unit answered the urging"),
            actor=actor,
            at=at,
            body=said,
        )
        await log(actor, "urge_answer", MATTER, row.matter, at, {"unit": row.unit})
        await tell_office(row.matter, f"urge_answer/{row.id}", actor, at)
    return row.matter
