"""Contacts that a reader may see: one, those of an item, those of a day with what still lacks (GOV-8).

A contact of an item is seen by whom the item is seen; one without an item by the office of its site.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from plugins.government import sealing
from plugins.government.matters import access
from plugins.government.rights import READ, REGISTER

PAGE = 100
_TABLE, _MATTER, _PERSON = "government_contact", "government_matter", "government_petitioner"
_JOINED = "FROM government_contact c LEFT JOIN government_matter m ON m.id = c.matter"
_SELECT = (
    "SELECT c.*, m.number AS matter_number, m.stage, m.suggested_at, m.title_cipher, m.purpose,"
    " m.secret, m.urgency, s.name AS subject_name, p.name_cipher,"
    " (SELECT g.kind FROM government_suggestion g WHERE g.matter = m.id ORDER BY g.at DESC, g.id"
    " LIMIT 1) AS suggestion"
    f" {_JOINED} LEFT JOIN government_subject s ON s.id = m.subject"
    " LEFT JOIN government_petitioner p ON p.id = c.petitioner"
)
_LACKING = "m.stage = 'registered' AND m.suggested_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One coming, writing or calling, opened for a reader who may see it.

    `lacking` says that its item still has no suggestion.
    """

    id: UUID
    number: str
    site_id: UUID
    channel: str
    day: date
    received_at: datetime
    ended_at: datetime | None
    state: str
    heads: int
    size: str
    frequency: str
    receivers: str
    by: str
    registration_id: UUID | None
    visit_id: UUID | None
    leads: bool
    matter_id: UUID | None
    matter_number: str
    stage: str
    purpose: str
    title: str
    subject: str
    secret: bool
    urgency: int
    suggestion: str
    lacking: bool
    petitioner_id: UUID | None
    petitioner: str
    summary: str
    details: Mapping[str, str]


def opened(row: db.Row) -> ContactLine:
    """Return a row of `_SELECT` with its texts opened."""
    details = sealing.unseal(row["details_cipher"], _TABLE, "details_cipher", row["id"])
    return ContactLine(
        id=row["id"],
        number=row["number"],
        site_id=row["site"],
        channel=row["channel"],
        day=row["day"],
        received_at=row["received_at"],
        ended_at=row["ended_at"],
        state=row["state"],
        heads=row["heads"],
        size=row["size"],
        frequency=row["frequency"],
        receivers=row["receivers"],
        by=row["recorded_by_name"],
        registration_id=row["registration"],
        visit_id=row["visit"],
        leads=bool(row["leads"]),
        matter_id=row["matter"],
        matter_number=row["matter_number"] or "",
        stage=row["stage"] or "",
        purpose=row["purpose"] or "",
        title=sealing.unseal(row["title_cipher"] or "", _MATTER, "title_cipher", row["matter"])
        if row["matter"]
        else "",
        subject=row["subject_name"] or "",
        secret=bool(row["secret"]),
        urgency=row["urgency"] or 0,
        suggestion=row["suggestion"] or "",
        lacking=row["stage"] == "registered" and row["suggested_at"] is None,
        petitioner_id=row["petitioner"],
        petitioner=sealing.unseal(
            row["name_cipher"] or "", _PERSON, "name_cipher", row["petitioner"]
        )
        if row["petitioner"]
        else "",
        summary=sealing.unseal(row["summary_cipher"], _TABLE, "summary_cipher", row["id"]),
        details=json.loads(details) if details else {},
    )


async def visible(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    """Return the condition on `government_contact c`, joined with its item as `m`."""
    seen, args = await access.seen_by(actor, at)
    sites = actor.sites_with(READ)
    if sites is None:
        loose, more = "c.matter IS NULL", []
    elif sites:
        loose = f"(c.matter IS NULL AND c.site IN ({access.places(list(sites))}))"
        more = sorted(sites)
    else:
        loose, more = "1 = 0", []
    return f"({loose} OR (m.id IS NOT NULL AND {seen}))", [*more, *args]


async def contact(contact_id: UUID, actor: Actor, at: datetime) -> ContactLine:
    """Return one contact; NotFoundError for whom it does not exist."""
    condition, args = await visible(actor, at)
    rows = await db.fetch(f"{_SELECT} WHERE c.id = {{}} AND {condition}", contact_id, *args)
    if not rows:
        raise NotFoundError
    return opened(rows[0])


async def contacts(ids: Sequence[UUID], actor: Actor, at: datetime) -> dict[UUID, ContactLine]:
    """Return several contacts by their ids, those that the reader may see."""
    if not ids:
        return {}
    condition, args = await visible(actor, at)
    rows = await db.fetch(
        f"{_SELECT} WHERE c.id IN ({access.places(ids)}) AND {condition}", *ids, *args
    )
    return {row["id"]: opened(row) for row in rows}


async def of_visit(contact: ContactLine, actor: Actor, at: datetime) -> list[ContactLine]:
    """Return the other matters of the visit that a contact is of, those that the reader may see."""
    if contact.visit_id is None:
        return []
    condition, args = await visible(actor, at)
    rows = await db.fetch(
        f"{_SELECT} WHERE c.visit = {{}} AND c.id <> {{}} AND {condition} ORDER BY c.number",
        contact.visit_id,
        contact.id,
        *args,
    )
    return [opened(row) for row in rows]


async def of_matter(matter_id: UUID) -> list[ContactLine]:
    """Return the contacts of an item, the latest first; the caller has judged who asks."""
    rows = await db.fetch(
        f"{_SELECT} WHERE c.matter = {{}} ORDER BY c.received_at DESC, c.number DESC", matter_id
    )
    return [opened(row) for row in rows]


async def of_day(
    actor: Actor,
    *,
    at: datetime,
    day: date | None = None,
    since: date | None = None,
    channel: str = "",
    lacking: bool = False,
    batch: UUID | None = None,
    page: int = 1,
) -> tuple[list[ContactLine], int]:
    """Return what came on a day by all channels, the latest first, and how many in all.

    `lacking` keeps to what has no suggestion yet, `since` to what came from then on, of any day,
    `batch` to the letters of a delivery.
    """
    condition, args = await visible(actor, at)
    parts = [condition]
    for text, value in (
        ("c.day = {}", day),
        ("c.day >= {}", since),
        ("c.channel = {}", channel or None),
    ):
        if value is not None:
            parts.append(text)
            args.append(value)
    if batch is not None:
        parts.append("c.id IN (SELECT l.contact FROM government_letter l WHERE l.batch = {})")
        args.append(batch)
    if lacking:
        parts.append(_LACKING)
        if actor.may(REGISTER):  # what waits for the reader, not for another room they look into
            here, sites = access.within(actor, REGISTER, "c.site")
            parts.append(here)
            args += sites
    where = " AND ".join(parts)
    count = await db.count(f"{_JOINED} WHERE {where}", *args)
    rows = await db.fetch(
        f"{_SELECT} WHERE {where} ORDER BY c.received_at DESC, c.number DESC LIMIT {{}} OFFSET {{}}",
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    return [opened(row) for row in rows], count


async def number_lacking(actor: Actor, *, at: datetime) -> int:
    """Return how many of any day have no suggestion yet, in the rooms where somebody registers."""
    condition, args = await visible(actor, at)
    here, sites = access.within(actor, REGISTER, "c.site")
    return await db.count(f"{_JOINED} WHERE {condition} AND {_LACKING} AND {here}", *args, *sites)


async def figures_of_day(actor: Actor, *, at: datetime, day: date) -> dict[str, int]:
    """Return how many came on a day by each channel, how many people, and how many lack a suggestion."""
    condition, args = await visible(actor, at)
    rows = await db.fetch(
        "SELECT c.channel, count(*) AS n, sum(CASE WHEN c.leads THEN c.heads ELSE 0 END)"
        " AS heads, sum(CASE WHEN m.stage = 'registered'"
        " AND m.suggested_at IS NULL THEN 1 ELSE 0 END) AS lacking FROM government_contact c"
        f" LEFT JOIN government_matter m ON m.id = c.matter WHERE c.day = {{}} AND {condition}"
        " GROUP BY c.channel",
        day,
        *args,
    )
    found = {row["channel"]: int(row["n"]) for row in rows}
    found["heads"] = sum(int(row["heads"] or 0) for row in rows)
    found["lacking"] = sum(int(row["lacking"] or 0) for row in rows)
    return found
