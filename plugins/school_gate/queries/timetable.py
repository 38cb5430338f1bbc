"""How gates stand: the timetable, the school calendar, what was recorded; kept for some seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core import clock
from core.errors import NotFoundError
from core.permissions import Actor
from core.registrations.judging import site_time
from core.rulebooks import queries as rulebooks
from core.rulebooks.facts import InForce
from core.sites.tables import Gate
from plugins.school_gate.facts import RULEBOOK, DayPlan, GateState, Opening, SchoolRules, Window
from plugins.school_gate.queries.rights import permit, sites_of
from plugins.school_gate.states import (
    default_windows,
    is_last_school_day,
    kind_of_day,
    state_of_gate,
    time_of,
)
from plugins.school_gate.tables import CalendarDay, GateOpening, GateWindow

DAYS_AHEAD = 15
KEPT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class GateNow:
    """How a gate stands at a moment, the kind of day, and the rulebook version that says so."""

    state: GateState
    day: DayPlan
    last_school_day: bool
    rules: SchoolRules
    version: str


@dataclass(slots=True)
class _Kept:
    read_at: float
    version: str
    plans: list[DayPlan]
    openings: list[Opening]
    now: GateNow | None = None
    since: datetime | None = None
    until: datetime | None = None

    def at(self, moment: datetime, rules: SchoolRules) -> GateNow:
        """Return how the gate stands; found once until its next change."""
        if (
            self.now is None
            or self.since is None
            or moment < self.since
            or (self.until is not None and moment >= self.until)
        ):
            state = state_of_gate(self.plans, self.openings, moment, rules)
            last = is_last_school_day(self.plans, moment.date())
            self.now = GateNow(state, self.plans[0], last, rules, self.version)
            self.since, self.until = moment, state.next_at
        return self.now


_kept: dict[tuple[UUID, date], _Kept] = {}


def forget() -> None:
    """Read the timetable anew at the next question."""
    _kept.clear()
    _warm.clear()


async def in_force(at: datetime) -> InForce:
    """Return the school's rulebook version in force."""
    return await rulebooks.in_force(RULEBOOK, at)


_warm: dict[UUID, float] = {}


async def warm(site_id: UUID) -> None:
    """Read how all gates of a site stand, unless that was done just now: then judging reads nothing."""
    if clock.monotonic() - _warm.get(site_id, float("-inf")) < KEPT_SECONDS / 2:
        return
    _warm[site_id] = clock.monotonic()
    at = site_time(clock.now())
    for gate in await Gate.select(Gate.id).where(Gate.site == site_id, Gate.active.eq(True)):
        _kept.pop((gate["id"], at.date()), None)
        await gate_now(gate["id"], site_id, at)


async def gate_now(gate_id: UUID, site_id: UUID, at: datetime) -> GateNow:
    """Return how a gate stands at `at`, the site's local time. Reads nothing for some seconds."""
    rulebook = await in_force(at)
    rules: SchoolRules = rulebook.values
    key = gate_id, at.date()
    kept = _kept.get(key)
    if (
        kept is None
        or kept.version != rulebook.name
        or clock.monotonic() - kept.read_at > KEPT_SECONDS
    ):
        if len(_kept) > 500:
            _kept.clear()
        kept = _Kept(
            clock.monotonic(),
            rulebook.name,
            await plans(gate_id, site_id, at.date(), rules),
            await openings(gate_id, at),
        )
        _kept[key] = kept
    return kept.at(at, rules)


async def plans(gate_id: UUID, site_id: UUID, first: date, rules: SchoolRules) -> list[DayPlan]:
    """Return a gate's days from `first` onward, as far as the next change is looked for."""
    days = [first + timedelta(days=n) for n in range(DAYS_AHEAD)]
    written = await calendar(site_id, days[0], days[-1])
    own = await windows_of(gate_id)
    return [_plan(day, kind_of_day(day, written.get(day)), own, rules) for day in days]


def _plan(day: date, kind: str, own: Sequence[GateWindow], rules: SchoolRules) -> DayPlan:
    if own:
        fitting = [w for w in own if w.day_kind == kind and _is_on(w, day)]
        windows = tuple(Window(time_of(w.starts), time_of(w.ends), w.kind) for w in fitting)
    else:
        plan = DayPlan(day, kind, ())
        windows = default_windows(rules) if plan.has_school else ()
    return DayPlan(day, kind, tuple(sorted(windows, key=lambda w: w.starts)))


def _is_on(window: GateWindow, day: date) -> bool:
    return (
        bool(window.weekdays >> day.weekday() & 1)
        and (window.first_day is None or window.first_day <= day)
        and (window.last_day is None or day <= window.last_day)
    )


async def windows_of(gate_id: UUID) -> list[GateWindow]:
    """Return the lines of a gate's own timetable, by hour; none where it keeps the rulebook's."""
    return (
        await GateWindow.objects()
        .where(GateWindow.gate == gate_id, GateWindow.voided_at.is_null())
        .order_by(GateWindow.day_kind, GateWindow.starts)
    )


async def calendar(site_id: UUID, first: date, last: date) -> Mapping[date, str]:
    """Return what the school calendar says of the days of a range; unwritten days are left out."""
    rows = await calendar_days(site_id, first, last)
    return {row.day: row.kind for row in rows}


async def calendar_days(site_id: UUID, first: date, last: date) -> list[CalendarDay]:
    """Return the written days of a range, in order."""
    return (
        await CalendarDay.objects()
        .where(CalendarDay.site == site_id, CalendarDay.day >= first, CalendarDay.day <= last)
        .order_by(CalendarDay.day)
    )


async def openings(gate_id: UUID, at: datetime) -> list[Opening]:
    """Return what was recorded of a gate since yesterday, and what is still open, in `at`'s zone."""
    since = at - timedelta(days=1)
    rows = await GateOpening.objects().where(
        GateOpening.gate == gate_id,
        (GateOpening.opened_at >= since) | GateOpening.closed_at.is_null(),
    )
    return [
        Opening(
            row.kind,
            row.opened_at.astimezone(at.tzinfo),
            row.closed_at.astimezone(at.tzinfo) if row.closed_at else None,
        )
        for row in rows
    ]


async def recorded(gate_id: UUID, since: datetime, limit: int = 60) -> list[GateOpening]:
    """Return the openings that guards recorded since a moment, the latest first."""
    return (
        await GateOpening.objects()
        .where(GateOpening.gate == gate_id, GateOpening.opened_at >= since)
        .order_by(GateOpening.opened_at, ascending=False)
        .limit(limit)
    )


async def present_opening(gate_id: UUID) -> GateOpening | None:
    """Return the recorded opening that nobody closed yet."""
    return (
        await GateOpening.objects()
        .where(GateOpening.gate == gate_id, GateOpening.closed_at.is_null())
        .first()
    )


async def gates_of(actor: Actor, *permissions: str) -> list[Gate]:
    """Return the active gates of the sites where the actor holds one of the permissions."""
    query = Gate.objects().where(Gate.active.eq(True)).order_by(Gate.site, Gate.code)
    sites = sites_of(actor, *permissions)
    if sites is not None:
        query = (
            query.where(Gate.site.is_in(list(sites))) if sites else query.where(Gate.id.is_null())
        )
    return await query


async def gate_of(gate_id: UUID, actor: Actor, *permissions: str) -> Gate:
    """Return one gate; NotFoundError where the actor holds none of the permissions."""
    gate = await Gate.objects().where(Gate.id == gate_id, Gate.active.eq(True)).first()
    if gate is None:
        raise NotFoundError
    permit(actor, gate.site, *permissions)
    return gate
