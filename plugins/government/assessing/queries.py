"""The counts behind a unit's marks, and what staff did, as the records have it.

Confidential items are in no unit's marks: a count of a unit would say that one lies there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.registrations.judging import site_time
from core.reports.facts import Period
from plugins.government import sealing
from plugins.government.assessing.policies import (
    ACCEPT,
    IN_TIME,
    QUALITY,
    RATES,
    SATISFACTION,
    Marked,
    Rate,
    mark,
    ranked,
)
from plugins.government.assessing.tables import COMMENDATION
from plugins.government.matters.access import places
from plugins.government.rights import CLERK, DEPUTY, HEAD
from plugins.government.rulebook import GovernmentRules
from plugins.government.units.facts import COUNTY, DEPARTMENT
from plugins.government.units.queries import units

PAGE = 20
STAFF = (CLERK, HEAD, DEPUTY)
STAFF_POINTS = ("attitude", "speed", "results", "satisfaction")
_LONGEST = timedelta(days=400)  # no clock of an item runs longer
_ACCEPT = (
    "SELECT f.unit, f.sent_at, f.taken_at"
    " FROM government_forwarding f JOIN government_matter m ON m.id = f.matter"
    " WHERE m.site = {} AND NOT m.secret AND f.sent_at >= {} AND f.sent_at < {}"
)
# Who answers for how an item went: the unit that gave the opinion, also while a body above reviews
# it; without one, whoever holds it.
_UNIT = (
    "COALESCE((SELECT o.unit FROM government_opinion o WHERE o.matter = m.id"
    " AND o.level = 'handling' AND o.state = 'issued' ORDER BY o.issued_at DESC LIMIT 1), m.holder)"
)
_IN_TIME = (
    "SELECT x.unit, count(*) AS whole, sum(x.good) AS good FROM (SELECT"
    f" {_UNIT} AS unit,"
    " CASE WHEN d.finished_on IS NOT NULL AND d.finished_on <= d.due THEN 1 ELSE 0 END AS good"
    " FROM government_matter m JOIN deadline d ON d.record_kind = 'government_matter'"
    " AND d.record = CAST(m.id AS varchar(36)) AND d.name = 'government.handle'"
    " WHERE m.site = {} AND NOT m.secret AND m.day >= {} AND m.day <= {}"
    " AND ((d.finished_on >= {} AND d.finished_on <= {})"
    " OR (d.state = 'running' AND d.due >= {} AND d.due <= {} AND d.due < {}))) x"
    " GROUP BY x.unit"
)
_QUALITY = (
    "SELECT r.unit, count(*) AS whole, sum(CASE WHEN r.passed = {} THEN 1 ELSE 0 END) AS good"
    " FROM government_result r JOIN government_matter m ON m.id = r.matter"
    " WHERE m.site = {} AND NOT m.secret AND r.round = 1 AND r.passed IS NOT NULL"
    " AND r.returned_at >= {} AND r.returned_at < {} GROUP BY r.unit"
)
_SATISFIED = (
    "SELECT r.unit, count(*) AS whole,"
    " sum(CASE WHEN r.score IN ('satisfied', 'basically') THEN 1 ELSE 0 END) AS good"
    " FROM government_rating r JOIN government_matter m ON m.id = r.matter"
    " WHERE m.site = {} AND NOT m.secret AND r.unit IS NOT NULL AND r.day >= {} AND r.day <= {}"
    " GROUP BY r.unit"
)
_ITEMS = (
    f"SELECT x.unit, count(*) AS whole, 0 AS good FROM (SELECT {_UNIT} AS unit"
    " FROM government_matter m WHERE m.site = {} AND NOT m.secret AND m.day >= {} AND m.day <= {}) x"
    " GROUP BY x.unit"
)


def _by_unit(rows: list[db.Row]) -> dict[UUID, Rate]:
    # What a statement computes comes as text on SQLite.
    return {
        UUID(str(row["unit"])): Rate(int(row["good"] or 0), int(row["whole"]))
        for row in rows
        if row["unit"] is not None
    }


def _taken_up(rows: list[db.Row], limit: timedelta, now: datetime) -> dict[UUID, Rate]:
    """Return who took up in time; what still has time to be taken up is not judged."""
    found: dict[UUID, Rate] = {}
    for row in rows:
        good = row["taken_at"] is not None and row["taken_at"] - row["sent_at"] <= limit
        if row["taken_at"] is None and now - row["sent_at"] <= limit:
            continue
        known = found.get(row["unit"], Rate(0, 0))
        found[row["unit"]] = Rate(known.good + good, known.whole + 1)
    return found


async def rates(
    period: Period, site_id: UUID, rules: GovernmentRules, now: datetime
) -> dict[str, dict[UUID, Rate]]:
    """Return every rate by unit."""
    first, last = period.first, period.last
    sent = await db.fetch(_ACCEPT, site_id, period.since, period.until)
    return {
        ACCEPT: _taken_up(sent, timedelta(days=rules.inform_days), now),
        IN_TIME: _by_unit(
            await db.fetch(
                _IN_TIME,
                site_id,
                first - _LONGEST,
                last,
                first,
                last,
                first,
                last,
                site_time(now).date(),
            )
        ),
        QUALITY: _by_unit(await db.fetch(_QUALITY, True, site_id, period.since, period.until)),
        SATISFACTION: _by_unit(await db.fetch(_SATISFIED, site_id, first, last)),
    }


async def marked(
    period: Period, site_id: UUID, rules: GovernmentRules, now: datetime
) -> list[Marked]:
    """Return counties and departments with their marks, the best first."""
    found = await rates(period, site_id, rules, now)
    items = _by_unit(await db.fetch(_ITEMS, site_id, period.first, period.last))
    weights = weights_of(rules)
    lines = []
    for one in await units(COUNTY, DEPARTMENT, site_id=site_id):
        own = {name: found[name].get(one.id, Rate(0, 0)) for name in RATES}
        held = items.get(one.id, Rate(0, 0)).whole
        lines.append(
            Marked(unit_id=one.id, name=one.name, items=held, rates=own, mark=mark(own, weights))
        )
    return ranked(lines, rules.assess_fewest)


def weights_of(rules: GovernmentRules) -> dict[str, int]:
    """Return the weight of each rate."""
    return {
        ACCEPT: rules.weight_accept,
        IN_TIME: rules.weight_in_time,
        QUALITY: rules.weight_quality,
        SATISFACTION: rules.weight_satisfaction,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """What one of the office's staff did in a period, and how the head found it."""

    id: UUID
    name: str
    received: int
    handled: int
    marks: Mapping[str, int]
    note: str = ""
    marked_by: str = ""
    marked_at: datetime | None = None


async def staff_lines(period: Period, site_id: UUID) -> list[StaffLine]:
    """Return the office's staff with what they received and the acts they took on items."""
    places = ", ".join(["{}"] * len(STAFF))
    rows = await db.fetch(
        "SELECT DISTINCT a.id, a.name FROM account a JOIN account_role r"
        f' ON r."user" = a.id WHERE a.active AND r.role IN ({places})'
        " AND (r.site IS NULL OR r.site = {}) ORDER BY a.name",
        *STAFF,
        site_id,
    )
    received = await _counted(
        "SELECT c.recorded_by AS who, count(*) AS n FROM government_contact c"
        " WHERE c.site = {} AND c.day >= {} AND c.day <= {} GROUP BY c.recorded_by",
        site_id,
        period.first,
        period.last,
    )
    handled = await _counted(
        "SELECT s.actor AS who, count(*) AS n FROM government_step s JOIN government_matter m"
        " ON m.id = s.matter WHERE m.site = {} AND s.at >= {} AND s.at < {} GROUP BY s.actor",
        site_id,
        period.since,
        period.until,
    )
    marks = {
        row["user"]: row
        for row in await db.fetch(
            "SELECT * FROM government_staff_mark WHERE site = {} AND first = {}",
            site_id,
            period.first,
        )
    }
    return [
        StaffLine(
            id=row["id"],
            name=row["name"],
            received=received.get(row["id"], 0),
            handled=handled.get(row["id"], 0),
            **_mark_of(marks.get(row["id"])),
        )
        for row in rows
    ]


def _mark_of(row: db.Row | None) -> dict[str, Any]:
    if row is None:
        return {"marks": {}}
    return {
        "marks": {name: row[name] for name in STAFF_POINTS},
        "note": sealing.unseal(
            row["note_cipher"], "government_staff_mark", "note_cipher", row["id"]
        ),
        "marked_by": row["by_name"],
        "marked_at": row["at"],
    }


async def _counted(sql: str, *args: Any) -> dict[UUID, int]:
    return {row["who"]: row["n"] for row in await db.fetch(sql, *args) if row["who"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commended:
    """A unit's commendation as shown."""

    unit: str
    reason: str
    at: datetime
    by_name: str


def _commended(row: db.Row) -> Commended:
    return Commended(
        unit=row["unit_name"],
        reason=sealing.unseal(row["reason_cipher"], COMMENDATION, "reason_cipher", row["id"]),
        at=row["at"],
        by_name=row["by_name"],
    )


async def of_units(units: Sequence[UUID], *, limit: int = 20) -> list[Commended]:
    """Return for what these units were commended lately, the latest first."""
    if not units:
        return []
    rows = await db.fetch(
        "SELECT c.*, u.name AS unit_name FROM government_commendation c"
        f" JOIN government_unit u ON u.id = c.unit WHERE c.unit IN ({places(units)})"
        " AND c.reason_cipher <> '' ORDER BY c.at DESC, c.id LIMIT {}",
        *units,
        limit,
    )
    return [_commended(row) for row in rows]


async def commendations(site_id: UUID, *, page: int = 1) -> tuple[list[Commended], int]:
    """Return one page of a room's commendations with the unit's name, the latest first."""
    count = await db.fetch(
        "SELECT count(*) AS n FROM government_commendation WHERE site = {}", site_id
    )
    rows = await db.fetch(
        "SELECT c.*, u.name AS unit_name FROM government_commendation c"
        " JOIN government_unit u ON u.id = c.unit WHERE c.site = {}"
        " ORDER BY c.at DESC, c.id LIMIT {} OFFSET {}",
        site_id,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_commended(row) for row in rows], count[0]["n"]
