"""Counting from the records: contacts and items of a period, by what is asked, as far as one may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core import clock, db
from core.permissions import Actor
from core.reports.facts import Asked, Cell
from plugins.government.figures import facts
from plugins.government.figures.facts import (
    CHANNEL,
    DAY,
    FREQUENCY,
    ITEMS,
    NOT_BROKEN_DOWN,
    PLACE,
    PURPOSE,
    SIZE,
    SUBJECT,
    UNIT,
    VEILED,
)
from plugins.government.matters import access
from plugins.government.rights import READ
from plugins.government.units.queries import units

_CONTACTS = " FROM government_contact c LEFT JOIN government_matter m ON m.id = c.matter"
_ITEMS = " FROM government_matter m"


@dataclass(frozen=True, slots=True)
class Sight:
    """What is counted: a condition on contacts, one on items, and whether secret ones are veiled.

    Veiled, a secret item is counted in every total, and named in no line of subject, place or unit.
    """

    contacts: tuple[str, list[Any]]
    items: tuple[str, list[Any]]
    veiled: bool = False


async def sight_of(actor: Actor) -> Sight:
    """Return what a reader may see counted: the items they may read, and contacts without an item."""
    seen, args = await access.seen_by(actor, clock.now())
    sites = actor.sites_with(READ)
    if actor.kind == "system" or sites is None:
        loose, own = "1 = 1", list[UUID]()
    elif not sites:
        loose, own = "1 = 0", []
    else:
        own = sorted(sites)
        loose = f"c.site IN ({access.places(own)})"
    contacts = f"((m.id IS NULL AND {loose}) OR (m.id IS NOT NULL AND {seen}))"
    return Sight((contacts, [*own, *args]), (seen, args))


OFFICIAL = Sight(("1 = 1", []), ("1 = 1", []), veiled=True)


def _columns(alias: str, *, veiled: bool) -> dict[str, str]:
    """Return the column of each dimension; `alias` is the record that was received or registered."""
    found = {
        DAY: f"CAST({alias}.day AS varchar(10))",
        CHANNEL: f"{alias}.channel",
        SIZE: f"{alias}.size",
        FREQUENCY: f"{alias}.frequency",
        PURPOSE: "coalesce(m.purpose, '')",
        SUBJECT: "coalesce(CAST(m.subject AS varchar(36)), '')",
        PLACE: "coalesce(CAST(m.place AS varchar(36)), '')",
        UNIT: "coalesce(CAST(m.holder AS varchar(36)), '')",
    }
    if veiled:
        for name in VEILED:
            found[name] = (
                f"CASE WHEN m.secret = {{}} THEN '{NOT_BROKEN_DOWN}' ELSE {found[name]} END"
            )
    return found


async def sites_of(asked: Asked) -> list[UUID]:
    """Return the sites to be counted: those asked for, or every one that has units."""
    if asked.sites is not None:
        return sorted(asked.sites)
    return sorted({one.site_id for one in await units(active_only=False)})


async def cells(asked: Asked, sight: Sight) -> list[Cell]:
    """Count contacts and items of the period by what is asked."""
    sites = await sites_of(asked)
    if not sites:
        return []
    tops = await tops_of_subjects() if SUBJECT in asked.by else {}
    columns = [f"k_{name}" for name in asked.by]
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for rows in (await _received(asked, sight, sites), await _registered(asked, sight, sites)):
        fields = [name for name in facts.FIELDS if rows and name in rows[0]]
        for row in rows:
            if SUBJECT in asked.by and row[f"k_{SUBJECT}"] not in ("", NOT_BROKEN_DOWN):
                row[f"k_{SUBJECT}"] = tops.get(row[f"k_{SUBJECT}"], "")
            sums = found.setdefault(tuple([row[column] for column in columns]), {})
            for name in fields:
                if number := row[name]:
                    sums[name] = sums.get(name, 0) + int(number)
    return [
        Cell(keys=dict(zip(asked.by, key, strict=True)), sums=sums) for key, sums in found.items()
    ]


async def tops_of_subjects() -> dict[str, str]:
    """Return the first level's key of every subject, by the subject's own id."""
    rows = await db.fetch("SELECT id, path FROM government_subject")
    return {str(row["id"]): row["path"].split("/")[0] for row in rows}


async def _received(asked: Asked, sight: Sight, sites: Sequence[UUID]) -> list[db.Row]:
    fields = ", ".join(
        [
            *(
                f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}"
                for name, condition in facts.conditions().items()
            ),
            *(
                f"sum(CASE WHEN {condition} THEN c.heads ELSE 0 END) AS {name}"
                for name, condition in facts.heads().items()
            ),
        ]
    )
    return await _grouped(asked, sight, sites, "c", fields, _CONTACTS, sight.contacts)


async def _registered(asked: Asked, sight: Sight, sites: Sequence[UUID]) -> list[db.Row]:
    return await _grouped(asked, sight, sites, "m", f"count(*) AS {ITEMS}", _ITEMS, sight.items)


async def _grouped(
    asked: Asked,
    sight: Sight,
    sites: Sequence[UUID],
    alias: str,
    fields: str,
    source: str,
    seen: tuple[str, list[Any]],
) -> list[db.Row]:
    columns = _columns(alias, veiled=sight.veiled)
    chosen = "".join(f"{columns[name]} AS k_{name}, " for name in asked.by)
    veils = [True for name in asked.by if sight.veiled and name in VEILED]
    grouped = f" GROUP BY {', '.join(str(n) for n in range(1, len(asked.by) + 1))}"
    where, args = within(alias, sites, asked.period.first, asked.period.last)
    return await db.fetch(
        f"SELECT {chosen}{fields}{source} WHERE {where} AND {seen[0]}{grouped if asked.by else ''}",
        *veils,
        *args,
        *seen[1],
    )


def within(alias: str, sites: Sequence[UUID], first: date, last: date) -> tuple[str, list[Any]]:
    """Return the condition that keeps a record to sites and days, as their index has them."""
    return (
        f"{alias}.site IN ({access.places(sites)}) AND {alias}.day >= {{}} AND {alias}.day <= {{}}",
        [*sites, first, last],
    )


async def narrowed(keys: Mapping[str, str], alias: str) -> tuple[str, list[Any]]:
    """Return the condition of one line and column of a table."""
    columns = _columns(alias, veiled=False)
    parts, args = ["1 = 1"], list[Any]()
    for name, key in keys.items():
        if name == SUBJECT and key:
            parts.append(
                "m.subject IN (SELECT id FROM government_subject WHERE path = {} OR path LIKE {})"
            )
            args += [key, f"{key}/%"]
        elif name == SUBJECT:
            parts.append("m.subject IS NULL")
        else:
            parts.append(f"{columns[name]} = {{}}")
            args.append(key)
    return " AND ".join(parts), args
