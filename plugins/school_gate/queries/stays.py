"""Long stays: lists, one of them, who holds their badges; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock, db
from core.decisions import Allow, Decision
from core.errors import NotFoundError
from core.gate.facts import (
    IN,
    OUT,
    HolderCard,
    OfflineAsked,
    OfflineRule,
    PassFacts,
    ScanFacts,
)
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.facts import RESIDENT, SchoolRules
from plugins.school_gate.lodge_registered import NOTIFY_STAY, WRITE_STAY
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import places, within

PAGE = 50
_FROM = (
    " FROM school_gate_stay s JOIN visitor v ON v.id = s.visitor"
    " LEFT JOIN registration r ON r.id = s.registration LEFT JOIN host h ON h.id = s.host"
    " LEFT JOIN pass b ON b.id = s.badge"
)
_COLUMNS = (
    "s.*, v.name AS person, r.number AS visit_number, r.state AS visit_state, h.name AS host_now,"
    " b.inside AS badge_inside, b.revoked_at AS badge_revoked, b.expires AS badge_expires"
)
ENDING, OVER = "ending", "over"
VIEWS = {
    "": N_("Now"),
    policies.NOTIFIED: policies.STATES[policies.NOTIFIED],
    ENDING: N_("Ending soon"),
    OVER: N_("Over, not ended"),
    policies.ENDED: policies.STATES[policies.ENDED],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StayLine:
    """One long stay. `over`: its last day has passed and nobody ended it. `has_badge`: a good one."""

    id: UUID
    number: str
    site_id: UUID
    visitor_id: UUID
    person: str
    registration_id: UUID | None
    visit_number: str
    kind: str
    host_id: UUID | None
    host: str
    place: str
    first_day: date | None
    last_day: date | None
    remark: str
    state: str
    badge: str
    has_badge: bool
    inside: bool
    over: bool
    ending: bool
    notified_at: datetime
    notified_by_name: str
    registered_at: datetime | None
    registered_by_name: str
    ended_at: datetime | None
    ended_by_name: str
    end_reason: str
    version: int


def _line(row: db.Row, at: datetime, rules: SchoolRules) -> StayLine:
    today = site_time(at).date()
    last = row["last_day"]
    registered = row["state"] == policies.REGISTERED
    return StayLine(
        id=row["id"],
        number=row["number"],
        site_id=row["site"],
        visitor_id=row["visitor"],
        person=row["person"],
        registration_id=row["registration"],
        visit_number=row["visit_number"] or "",
        kind=row["kind"],
        host_id=row["host"],
        host=row["host_now"] or row["host_name"],
        place=row["place"],
        first_day=row["first_day"],
        last_day=last,
        remark=row["remark"],
        state=row["state"],
        badge=row["badge"],
        has_badge=bool(row["badge"])
        and row["badge_revoked"] is None
        and (row["badge_expires"] or 0) > clock.to_ms(at),
        inside=bool(row["badge_inside"]) or row["visit_state"] == "inside",
        over=registered and last is not None and last < today,
        ending=registered and last is not None and policies.is_ending(last, today, rules),
        notified_at=row["notified_at"],
        notified_by_name=row["notified_by_name"],
        registered_at=row["registered_at"],
        registered_by_name=row["registered_by_name"],
        ended_at=row["ended_at"],
        ended_by_name=row["ended_by_name"],
        end_reason=row["end_reason"],
        version=row["version"],
    )


def _view(view: str, today: date, rules: SchoolRules) -> tuple[str, list[Any]]:
    if view == policies.NOTIFIED or view == policies.ENDED:
        return "s.state = {}", [view]
    if view == ENDING:
        soon = today + timedelta(days=rules.stay_warning_days)
        return "s.state = 'registered' AND s.last_day >= {} AND s.last_day <= {}", [today, soon]
    if view == OVER:
        return "s.state = 'registered' AND s.last_day < {}", [today]
    return "s.state <> 'ended'", []


async def stays(
    actor: Actor,
    *,
    at: datetime,
    rules: SchoolRules,
    view: str = "",
    text: str = "",
    page: int = 1,
) -> tuple[list[StayLine], int]:
    """Return one page of the stays that one may see; those that end first come first."""
    seen, args = within(actor, "s.site", WRITE_STAY, NOTIFY_STAY)
    condition, more = _view(view, site_time(at).date(), rules)
    where = f"{seen} AND {condition}"
    args += more
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        where += " AND (v.name LIKE {} OR s.place LIKE {} OR s.number = {})"
        args += [like, like, text]
    # Conditions are written in this module; what comes from outside are the arguments.
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where}", *args)
    order = "s.ended_at DESC" if view == policies.ENDED else "s.state, s.last_day, s.number"
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE {where} ORDER BY {order} LIMIT {{}} OFFSET {{}}",
        *args,
        PAGE,
        max(page - 1, 0) * PAGE,
    )
    return [_line(row, at, rules) for row in rows], count[0]["n"]


async def stay(stay_id: UUID, actor: Actor, *, at: datetime, rules: SchoolRules) -> StayLine:
    """Return one; NotFoundError when one may not see it."""
    seen, args = within(actor, "s.site", WRITE_STAY, NOTIFY_STAY)
    rows = await db.fetch(f"SELECT {_COLUMNS}{_FROM} WHERE s.id = {{}} AND {seen}", stay_id, *args)
    if not rows:
        raise NotFoundError
    return _line(rows[0], at, rules)


async def counts(actor: Actor, *, at: datetime, rules: SchoolRules) -> dict[str, int]:
    """Return how many stays there are in each view, without the ended ones."""
    seen, args = within(actor, "s.site", WRITE_STAY, NOTIFY_STAY)
    today = site_time(at).date()
    found: dict[str, int] = {}
    for view in ("", policies.NOTIFIED, ENDING, OVER):
        condition, more = _view(view, today, rules)
        rows = await db.fetch(
            f"SELECT count(*) AS n FROM school_gate_stay s WHERE {seen} AND {condition}",  # noqa: S608 - written here
            *args,
            *more,
        )
        found[view] = rows[0]["n"]
    return found


async def overdue_at(site_id: UUID, *, at: datetime, rules: SchoolRules) -> list[StayLine]:
    """Return the stays of a site that are over and were not ended, for a handover."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE s.site = {{}} AND s.state = 'registered'"
        " AND s.last_day < {} ORDER BY s.last_day",
        site_id,
        site_time(at).date(),
    )
    return [_line(row, at, rules) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideNow:
    """A visit that a long stay may begin from."""

    id: UUID
    number: str
    person: str
    purpose: str
    entered_at: datetime | None


async def visits_inside(site_ids: Sequence[UUID]) -> list[InsideNow]:
    """Return who is inside or waits now and is in no long stay yet."""
    if not site_ids:
        return []
    rows = await db.fetch(
        "SELECT r.id, r.number, r.purpose, r.entered_at, v.name FROM registration r"  # noqa: S608 - places only
        f" JOIN visitor v ON v.id = r.visitor WHERE r.site IN ({places(site_ids)})"
        " AND r.state IN ('waiting', 'inside') AND NOT EXISTS (SELECT 1 FROM school_gate_stay s"
        " WHERE s.visitor = r.visitor AND s.state <> 'ended') ORDER BY r.created_at DESC LIMIT 100",
        *site_ids,
    )
    return [
        InsideNow(
            id=row["id"],
            number=row["number"],
            person=row["name"],
            purpose=row["purpose"],
            entered_at=row["entered_at"],
        )
        for row in rows
    ]


# -- badges at the gate


async def cards_of_passes(passes: Sequence[PassFacts], locale: str) -> dict[str, HolderCard]:
    """Return the cards of residents' badges, by pass id."""
    ours = [one for one in passes if one.kind == RESIDENT]
    cards = await _cards([one.holder_id for one in ours], locale)
    return {one.pass_id: cards[one.holder_id] for one in ours if one.holder_id in cards}


async def card_of(kind: str, holder_id: UUID, locale: str) -> HolderCard | None:
    """Return a resident's card, None for other kinds."""
    return (await _cards([holder_id], locale)).get(holder_id) if kind == RESIDENT else None


async def _cards(ids: Sequence[UUID], locale: str) -> Mapping[UUID, HolderCard]:
    if not ids:
        return {}
    wanted = list(dict.fromkeys(ids))
    rows = await db.fetch(
        "SELECT s.id, s.kind, s.state, s.place, s.first_day, s.last_day, v.name"  # noqa: S608 - places only
        " FROM school_gate_stay s JOIN visitor v ON v.id = s.visitor"
        f" WHERE s.id IN ({places(wanted)})",
        *wanted,
    )
    return {
        row["id"]: HolderCard(
            name=row["name"],
            lines=tuple(
                filter(
                    None,
                    (
                        policies.KINDS[row["kind"]].translate(locale),
                        row["place"],
                        N_("until {day}", day=str(row["last_day"])).translate(locale)
                        if row["last_day"]
                        else "",
                    ),
                )
            ),
            details={
                "state": row["state"],
                "first_day": str(row["first_day"] or ""),
                "last_day": str(row["last_day"] or ""),
            },
        )
        for row in rows
    }


async def judged_scan(scan: ScanFacts) -> Decision | None:
    """Return what is said of a resident's badge, None for passes of other kinds."""
    if scan.scanned.kind != RESIDENT:
        return None
    rulebook = await timetable.in_force(scan.at)
    details = scan.holder.details if scan.holder else {}
    facts = policies.ResidentScan(
        known=scan.holder is not None,
        state=details.get("state", ""),
        first_day=_day(details.get("first_day", "")),
        last_day=_day(details.get("last_day", "")),
        day=scan.at.date(),
        leaving=scan.direction == OUT,
    )
    return policies.may_pass(facts, rulebook.name)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def offline_rules(asked: OfflineAsked) -> list[OfflineRule]:
    """Return what holds for residents' badges at a gate that is cut off.

    A badge says itself from when until when it is good, and one of an ended stay is revoked.
    """
    return [
        OfflineRule(
            kinds=(RESIDENT,),
            direction=direction,
            starts=asked.since,
            ends=asked.until,
            decision=Allow(),
        )
        for direction in (IN, OUT)
    ]
