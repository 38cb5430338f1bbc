"""What papers say of the unit that has an item: how it was sent there, what it answered (GOV-22, 23).

The caller has judged who asks.
"""

from datetime import date
from uuid import UUID

from core import db
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.registrations.judging import site_time
from plugins.government.facts import MATTER, NAME
from plugins.government.handling import queries as handling
from plugins.government.handling.facts import (
    GROUNDS,
    REFUSED,
    SIGNING,
    TAKINGS,
    Returned,
    Sent,
)
from plugins.government.signing import queries as signing
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

LETTERS = tuple(
    f"{NAME}.{one}" for one in ("transfer_county", "transfer_department", "assignment_letter")
)
# Papers about an item that a unit has, or had last.
KINDS = frozenset(
    (
        "assignment_form",
        "urge_note",
        "supervision_letter",
        "result_form",
        "completion_report",
    )
)


async def latest(matter_id: UUID) -> Sent | None:
    """Return the transfer or assignment that went out last."""
    found = await handling.forwardings(matter_id)
    return next((one for one in found if one.state not in (SIGNING, REFUSED)), None)


async def of_matter(matter_id: UUID) -> dict[str, Value]:
    """Return what is known of the last transfer or assignment, and of the result returned for it."""
    sent = await latest(matter_id)
    if sent is None:
        return {}
    results = await handling.results(matter_id)
    answered = next((one for one in results if one.forwarding_id == sent.id), None)
    told = next(iter(await signing.instructions(matter_id)), None)
    data: dict[str, Value] = {
        "unit": sent.unit,
        "cc": sent.copy,
        "due_on": _day(sent.due_on),
        "report_by": _day(sent.due_on),
        "requirements": tuple(sent.requirement.splitlines()),
        "reason": GROUNDS[sent.ground].translate("zh_Hans") if sent.ground in GROUNDS else "",
        "instruction": f"{told.text}　{told.leader}" if told is not None else "",
        "person_in_charge": sent.person,
        **(await _reference(matter_id)),
        **(_result(answered) if answered is not None else {}),
    }
    return {key: value for key, value in data.items() if value}


async def by_unit(matter_id: UUID) -> dict[str, Value]:
    """Return who issues what the unit itself prints: the unit, to the office that sent the item."""
    sent = await latest(matter_id)
    if sent is None:
        return {}
    unit = await units.unit(sent.unit_id)
    rooms = await units.units(OFFICE, site_id=unit.site_id)
    return {
        "office": unit.name,
        "contact": units.contact(unit),
        "to": rooms[0].name if rooms else "",
    }


async def forwarded(matter_id: UUID, unit_id: UUID, office: str) -> dict[str, Value]:
    """Return who sent an item to a unit and when the unit got it; empty where nobody did."""
    found = [one for one in await handling.forwardings(matter_id) if one.unit_id == unit_id]
    got = next((one.taken_at or one.sent_at for one in found if one.sent_at is not None), None)
    if got is None or not office:
        return {}
    return {"forwarded_by": office, "forwarded_on": chinese_date(site_time(got).date())}


async def _reference(matter_id: UUID) -> dict[str, Value]:
    """Return number and day of the letter by which the item was sent."""
    rows = await db.fetch(
        "SELECT label, issued_at FROM issued_document WHERE record_kind = {} AND record = {}"
        f" AND kind IN ({', '.join('{}' for _ in LETTERS)}) AND voided_at IS NULL"
        " ORDER BY issued_at DESC LIMIT 1",
        MATTER,
        matter_id,
        *LETTERS,
    )
    if not rows:
        return {}
    day = chinese_date(site_time(rows[0]["issued_at"]).date())
    return {"reference": rows[0]["label"], "reference_on": day}


def _result(found: Returned) -> dict[str, Value]:
    taken = TAKINGS[found.taken].translate("zh_Hans") if found.taken in TAKINGS else ""
    return {
        "process": tuple(found.course.splitlines()),
        "result": tuple(found.result.splitlines()),
        "law": tuple(found.basis.splitlines()),
        "measures": tuple(found.measures.splitlines()),
        "petitioner_opinion": "：".join(filter(None, (taken, found.words))),
    }


def _day(day: date | None) -> str:
    return chinese_date(day) if day is not None else ""
