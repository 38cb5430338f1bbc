"""What is due now: how a gate stands, for its page; what waits for a reader, for their first page."""

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.gate.facts import GateLine
from core.i18n import N_, Message
from core.navigation import HomeAct, HomeCard, HomeItem
from core.permissions import Actor
from core.registrations.judging import site_time
from core.shifts.facts import OpenItem
from plugins.school_gate.facts import CLOSED, DISMISSAL, OPEN, STATES
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import within
from plugins.school_gate.queries.timetable import GateNow
from plugins.school_gate.registered import (
    IMPORT_ROSTER,
    ISSUE_BADGES,
    READ_OFFENCES,
    RECORD_GATE,
)

_TONES = {OPEN: "allow", DISMISSAL: "allow", CLOSED: "info"}


def said(now: GateNow) -> Message:
    """Return how a gate stands and what comes next, in one sentence."""
    state = now.state
    if state.next_at is None:
        return N_("{state}. No change is planned.", state=STATES[state.state])
    words = {
        CLOSED: N_("closes at {time}", time=_time(now, state.next_at)),
        OPEN: N_("opens at {time}", time=_time(now, state.next_at)),
        DISMISSAL: N_("dismissal at {time}", time=_time(now, state.next_at)),
    }
    return N_("{state}, {next}.", state=STATES[state.state], next=words[state.next_state])


def _time(now: GateNow, moment: datetime) -> str:
    same_day = moment.date() == now.day.day
    return moment.strftime("%H:%M" if same_day else "%m-%d %H:%M")


async def gate_lines(gate_id: UUID, site_id: UUID, at: datetime) -> list[GateLine]:
    """Return what the gate's page shows of the gate itself."""
    now = await timetable.gate_now(gate_id, site_id, at)
    path = f"/school-gate/gates/{gate_id}"
    lines = [
        GateLine(
            text=said(now),
            tone=_TONES[now.state.state],
            changes_at=now.state.next_at,
            path=path,
            action=N_("Record opening or closing"),
        )
    ]
    if now.state.unclosed:
        lines.append(
            GateLine(
                text=N_("An opening is recorded without its closing."),
                tone="hold",
                path=path,
                action=N_("Record the closing"),
            )
        )
    lines.append(
        GateLine(
            text=N_("A pupil without a badge is not let through."),
            path=f"/school-gate/no-badge?gate={gate_id}",
            action=N_("Record a pupil without a badge"),
        )
    )
    return lines


async def open_items(gate_id: UUID) -> list[OpenItem]:
    """Return what the next shift at the gate must know of: an opening without its closing (SCH-1)."""
    present = await timetable.present_opening(gate_id)
    if present is None:
        return []
    return [
        OpenItem(
            kind="school_gate.opening",
            label=N_("Gate recorded as open"),
            reference=str(present.id),
            text=present.note or present.opened_by_name,
            since=present.opened_at,
            url=f"/school-gate/gates/{gate_id}",
        )
    ]


async def home_cards(actor: Actor) -> list[HomeCard]:
    """Return what waits for this reader."""
    now = clock.now()
    cards: list[HomeCard] = []
    if actor.may(READ_OFFENCES):
        count = await _count(
            "SELECT count(DISTINCT o.pupil) AS n FROM school_gate_offence o"
            " JOIN school_gate_pupil p ON p.id = o.pupil WHERE o.voided_at IS NULL"
            " AND o.reported_at >= {}",
            actor,
            READ_OFFENCES,
            site_time(now).replace(hour=0, minute=0, second=0, microsecond=0),
        )
        cards.append(
            HomeCard(
                title=N_("Pupils reported to the discipline office today"),
                count=count,
                path="/school-gate/offences",
                level="warning",
                icon="warning",
            )
        )
    if actor.may(RECORD_GATE):
        unclosed = 0
        for gate in await timetable.gates_of(actor, RECORD_GATE):
            state = await timetable.gate_now(gate.id, gate.site, site_time(now))
            unclosed += state.state.unclosed
        cards.append(
            HomeCard(
                title=N_("Gates whose closing is not recorded"),
                count=unclosed,
                path="/school-gate/gates",
                level="warning",
                icon="clock",
            )
        )
    if actor.may(ISSUE_BADGES):
        count = await _count(
            "SELECT count(*) AS n FROM school_gate_pupil p WHERE p.active AND NOT EXISTS (SELECT 1"
            " FROM pass b WHERE b.holder = p.id AND b.revoked_at IS NULL AND b.expires > {}"
            " AND b.kind IN ('school_gate.pupil', 'school_gate.intern'))",
            actor,
            ISSUE_BADGES,
            clock.to_ms(now),
        )
        cards.append(
            HomeCard(
                title=N_("Pupils without a valid badge"),
                count=count,
                path="/school-gate/pupils?badge=no",
                icon="qr",
            )
        )
    if actor.may(IMPORT_ROSTER):
        count = await _count(
            "SELECT count(*) AS n FROM school_gate_import p WHERE p.state = 'preview'",
            actor,
            IMPORT_ROSTER,
        )
        cards.append(
            HomeCard(
                title=N_("Roster files that wait to be applied"),
                count=count,
                path="/school-gate/roster",
                icon="upload",
            )
        )
    return cards


async def _count(sql: str, actor: Actor, permission: str, *args: object) -> int:
    condition, sites = within(actor, "p.site", permission)
    rows = await db.fetch(f"{sql} AND {condition}", *args, *sites)
    return int(rows[0]["n"])


async def first_steps(actor: Actor) -> list[HomeItem]:
    """Return what a new school lacks: its roster."""
    if not actor.may(IMPORT_ROSTER) or await db.fetch("SELECT 1 FROM school_gate_pupil LIMIT 1"):
        return []
    return [
        HomeItem(
            title=N_("The school's roster"),
            lines=(
                N_("Classes, pupils, guardians and staff, from CSV or Excel files."),
                N_("No school here? Switch “School gate” off under Sites and gates."),
            ),
            path="/school-gate/roster",
            act=HomeAct(label=N_("Import a roster"), path="/school-gate/roster", icon="upload"),
        )
    ]
