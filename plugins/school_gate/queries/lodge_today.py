"""What is due at the lodge: for the handover of a shift, and for a reader's first page."""

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.i18n import N_
from core.navigation import HomeCard
from core.permissions import Actor
from core.registrations.facts import Detail
from core.registrations.judging import site_time
from core.shifts.facts import OpenItem
from plugins.school_gate import stay_policies as policies
from plugins.school_gate.deposit_policies import is_collection_time
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.lodge_registered import EXPLAIN_SLIPS, KEEP_DEPOSITS, WRITE_STAY
from plugins.school_gate.queries import deposits, slips, stays, timetable
from plugins.school_gate.registered import OWN_CLASS


async def open_items(site_id: UUID, at: datetime) -> list[OpenItem]:
    """Return what the next shift takes over at the lodge; people by surname and number alone."""
    rules: SchoolRules = (await timetable.in_force(at)).values
    kept = [
        OpenItem(
            kind="school_gate.deposit",
            label=N_("Things kept for pupils"),
            reference=str(one.id),
            text=f"{one.number} {one.class_name} {one.pupil_name[:1]}** {one.what} ×{one.pieces}"
            + (f" [{one.shelf}]" if one.shelf else ""),
            since=one.kept_at,
            url=f"/school-gate/deposits/{one.id}",
        )
        for one in await deposits.open_at(site_id, at=at, rules=rules)
    ]
    over = [
        OpenItem(
            kind="school_gate.stay",
            label=N_("Long stays that are over"),
            reference=str(one.id),
            text=f"{one.number} {one.person[:1]}** {one.place}",
            since=one.registered_at,
            url=f"/school-gate/stays/{one.id}",
        )
        for one in await stays.overdue_at(site_id, at=at, rules=rules)
    ]
    return kept + over


async def home_cards(actor: Actor) -> list[HomeCard]:
    """Return what waits for this reader at the lodge."""
    now = clock.now()
    rules: SchoolRules = (await timetable.in_force(now)).values
    cards: list[HomeCard] = []
    if actor.may(KEEP_DEPOSITS):
        counts = await deposits.counts(actor, at=now, rules=rules)
        is_open = is_collection_time(site_time(now), rules)
        cards += [
            HomeCard(
                title=N_("Things to hand out now") if is_open else N_("Things kept for pupils"),
                count=counts.kept,
                path="/school-gate/deposits",
                level="warning" if is_open else "info",
                order=40,
                icon="inbox",
            ),
            HomeCard(
                title=N_("Things that nobody collected"),
                count=counts.overdue,
                path="/school-gate/deposits?state=overdue",
                level="warning",
                order=41,
                icon="overdue",
            ),
        ]
    if actor.may(OWN_CLASS) and actor.host_id is not None:
        own = await deposits.counts(actor, at=now, rules=rules, own=True)
        cards.append(
            HomeCard(
                title=N_("Things at the lodge to tell my pupils of"),
                count=own.untold,
                path="/school-gate/my-deposits",
                level="warning",
                order=20,
                icon="inbox",
            )
        )
    if actor.may(EXPLAIN_SLIPS):
        cards.append(
            HomeCard(
                title=N_("Slips whose stub is missing"),
                count=await slips.missing(actor),
                path="/school-gate/slips",
                level="warning",
                order=42,
                icon="document",
            )
        )
    if actor.may(WRITE_STAY):
        cards += await _stays(actor, now, rules)
    return cards


async def _stays(actor: Actor, now: datetime, rules: SchoolRules) -> list[HomeCard]:
    counts = await stays.counts(actor, at=now, rules=rules)
    looks = (
        (policies.NOTIFIED, N_("Long stays to be registered"), "warning", "bell"),
        (stays.OVER, N_("Long stays that are over"), "danger", "overdue"),
        (stays.ENDING, N_("Long stays that end soon"), "info", "clock"),
    )
    return [
        HomeCard(
            title=title,
            count=counts[view],
            path=f"/school-gate/stays?view={view}",
            level=level,
            order=25,
            icon=icon,
        )
        for view, title, level, icon in looks
    ]


async def shift_figures(
    site_id: UUID, gate_id: UUID, since: datetime, until: datetime
) -> list[Detail]:
    """Return what guards wrote down of gate and lodge during a shift; the lodge is the site's."""
    questions = (
        (N_("Openings recorded"), _OPENINGS, gate_id),
        (N_("Pupils without a badge"), _OFFENCES, gate_id),
        (N_("Things taken in"), _TAKEN_IN, site_id),
        (N_("Things handed out"), _HANDED_OUT, site_id),
        (N_("Valuables released or refused"), _VALUABLES, site_id),
    )
    found: list[Detail] = []
    for label, sql, place in questions:
        [row] = await db.fetch(sql, place, since, until)
        found.append(Detail(label=label, value=str(row["n"])))
    return found


_OPENINGS = (
    "SELECT count(*) AS n FROM school_gate_opening WHERE gate = {} AND opened_at >= {}"
    " AND opened_at < {}"
)
_OFFENCES = (
    "SELECT count(*) AS n FROM school_gate_offence WHERE gate = {} AND at >= {} AND at < {}"
    " AND kind = 'no_badge' AND voided_at IS NULL"
)
_TAKEN_IN = (
    "SELECT count(*) AS n FROM school_gate_deposit WHERE site = {} AND kept_at >= {}"
    " AND kept_at < {}"
)
_HANDED_OUT = (
    "SELECT count(*) AS n FROM school_gate_deposit WHERE site = {} AND ended_at >= {}"
    " AND ended_at < {} AND state = 'collected'"
)
_VALUABLES = (
    "SELECT count(*) AS n FROM school_gate_valuable WHERE site = {} AND at >= {} AND at < {}"
)
