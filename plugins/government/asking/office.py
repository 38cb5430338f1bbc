"""The office's public page and those of units (GOV-45), kept up by the head of the room."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.errors import NotFoundError
from core.log.services import record
from core.permissions import Actor
from core.sites.queries import sites
from core.sites.tables import Site
from plugins.government.asking.tables import OfficePage, UnitPage
from plugins.government.rights import SETTINGS
from plugins.government.units import queries as units
from plugins.government.units.facts import (
    COUNTY,
    COUNTY_OFFICE,
    DEPARTMENT,
    UnitLine,
)

FIELDS = (
    "name", "address", "postcode", "email", "phone", "hours", "directions", "how_to_query",
    "workflow", "laws", "lawyers", "notice",
)  # fmt: skip
UNIT_FIELDS = ("address", "phone", "email", "hours", "leader_days")
_DIALLED = re.compile(r"\+?\d[\d\s()-]{1,18}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitInfo:
    """A unit with what the public reads about it."""

    unit: UnitLine
    values: Mapping[str, str]

    @property
    def known(self) -> bool:
        """Whether anything is entered."""
        return any(self.values.values())


async def rooms() -> list[tuple[UUID, str, str]]:
    """Return the reception rooms: site, its code, the name the public reads."""
    rows = await db.fetch(
        "SELECT s.id, s.code, s.name, o.name AS own FROM site s"
        " LEFT JOIN government_office_page o ON o.site = s.id WHERE s.active"
        " AND EXISTS (SELECT 1 FROM government_unit u WHERE u.site = s.id) ORDER BY s.name"
    )
    return [(row["id"], row["code"], row["own"] or row["name"]) for row in rows]


async def rooms_for(actor: Actor) -> list[tuple[UUID, str, str]]:
    """Return the rooms as staff choose among them; where no unit was entered yet, the actor's sites."""
    return await rooms() or [(one.id, one.code, one.name) for one in await sites(actor)]


async def page(site_id: UUID) -> dict[str, str]:
    """Return the texts of a room's page, empty ones where nothing was entered."""
    row = await OfficePage.objects().get(OfficePage.site == site_id)
    return {name: getattr(row, name) if row is not None else "" for name in FIELDS}


async def save(site_id: UUID, values: Mapping[str, str], *, actor: Actor, at: datetime) -> None:
    """Change a room's page; it is public at once."""
    if not actor.may_at(SETTINGS, site_id):
        raise NotFoundError
    async with db.writing():
        if not await Site.exists().where(Site.id == site_id):
            raise NotFoundError
        before = await page(site_id)
        texts: dict[str, Any] = {name: values.get(name, "") for name in FIELDS}
        await OfficePage.delete().where(OfficePage.site == site_id)
        await OfficePage.insert(
            OfficePage(
                None, id=uuid4(), site=site_id, changed_at=at, changed_by_name=actor.name, **texts
            )
        )
        changed = [name for name in FIELDS if before[name] != texts[name]]
        shown = {"fields": changed}
        await record(actor, "government.office_page", "site", site_id, at=at, after=shown)


async def unit_pages(site_id: UUID) -> list[UnitInfo]:
    """Return the counties and departments with what the public reads about their offices."""
    rows = {row.unit: row for row in await UnitPage.objects()}
    return [
        UnitInfo(
            unit=unit,
            values={
                name: getattr(rows[unit.id], name) if unit.id in rows else ""
                for name in UNIT_FIELDS
            },
        )
        for unit in await units.units(COUNTY, COUNTY_OFFICE, DEPARTMENT, site_id=site_id)
    ]


async def save_unit(
    unit_id: UUID, values: Mapping[str, str], *, actor: Actor, at: datetime
) -> None:
    """Change what the public reads about a unit's own office."""
    unit = await units.unit(unit_id)
    if not actor.may_at(SETTINGS, unit.site_id):
        raise NotFoundError
    async with db.writing():
        texts: dict[str, Any] = {name: values.get(name, "") for name in UNIT_FIELDS}
        await UnitPage.delete().where(UnitPage.unit == unit_id)
        await UnitPage.insert(
            UnitPage(
                None, id=uuid4(), unit=unit_id, changed_at=at, changed_by_name=actor.name, **texts
            )
        )
        await record(actor, "government.unit_page", "government_unit", unit_id, at=at, after=texts)


def dialled(text: str) -> str:
    """Return the first number of a text about phones as a phone dials it; empty for none."""
    found = _DIALLED.search(text)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""
