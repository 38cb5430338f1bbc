"""Parents who come to an event: scanned, ticked on the guard's list, or registered at the desk."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from core import clock, db
from core.decisions import Allow, Decision, Deny
from core.errors import NotFoundError, RefusedError, WrongStateError
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
from core.log.services import record
from core.permissions import SYSTEM, Actor
from core.registrations.facts import RegistrationFacts
from core.registrations.judging import site_time
from plugins.school_gate import forms
from plugins.school_gate.events import policies, queries
from plugins.school_gate.events.facts import DESK, LIST, SCAN, Admission
from plugins.school_gate.events.queries import EventLine, GuestLine
from plugins.school_gate.events.rights import ADMIT_EVENT
from plugins.school_gate.events.services import RECORD
from plugins.school_gate.events.tables import EventGuest
from plugins.school_gate.facts import CLASS_EVENT, EVENT_PASS, NAME
from plugins.school_gate.queries import timetable
from plugins.school_gate.queries.rights import permit

LOOKED_BACK = timedelta(days=8)


# -- by code


async def cards_of_passes(passes: Sequence[PassFacts], locale: str) -> dict[str, HolderCard]:
    """Return the cards of those passes that are invitations, by pass id; one query for a batch."""
    ours = [one for one in passes if one.kind == EVENT_PASS]
    if not ours:
        return {}
    found = {one.id: one for one in await queries.guests_by_id([p.holder_id for p in ours])}
    events = {
        event_id: line
        for event_id in {guest.event_id for guest in found.values()}
        if (line := await queries.event_by_id(event_id)) is not None
    }
    return {
        one.pass_id: card_of(found[one.holder_id], events[found[one.holder_id].event_id], locale)
        for one in ours
        if one.holder_id in found and found[one.holder_id].event_id in events
    }


def card_of(guest: GuestLine, line: EventLine, locale: str) -> HolderCard:
    """Return what a verdict shows of a parent: the child, the class, the event."""
    relation = forms.relation_label(guest.relation).translate(locale)
    facts = {
        "state": line.state,
        "admits_from": clock.to_ms(line.admits_from),
        "ends": clock.to_ms(line.ends_at),
        "listed": not guest.removed,
        "gate": str(line.gate_id or ""),
        "gate_name": line.gate_name,
        "came_at": clock.to_ms(guest.came_at) if guest.came_at else 0,
    }
    return HolderCard(
        name=guest.name,
        lines=(
            f"{line.class_name} {guest.pupil_name}" + (f" · {relation}" if relation else ""),
            line.title,
        ),
        details={"event": json.dumps(facts)},
    )


async def card_of_holder(kind: str, holder_id: UUID, locale: str) -> HolderCard | None:
    """Return one parent's card, None when the kind is not an invitation or nobody is known."""
    if kind != EVENT_PASS:
        return None
    found = await queries.guests_by_id([holder_id])
    line = await queries.event_by_id(found[0].event_id) if found else None
    return card_of(found[0], line, locale) if line is not None else None


async def judged_scan(scan: ScanFacts) -> Decision | None:
    """Return what the school says of an invitation's scan, None for other passes."""
    if scan.scanned.kind != EVENT_PASS:
        return None
    rulebook = await timetable.in_force(scan.at)
    if scan.direction == OUT:
        return Allow()
    if scan.holder is None or "event" not in scan.holder.details:
        return Deny(
            "not_on_list",
            N_("This person is not on the list of the event. Call the class teacher."),
            "SCH-12",
            rulebook.name,
        )
    came = scan.scanned.last_at if scan.scanned.entries else 0
    facts = _admission(scan.holder, scan.gate_id, scan.at, came)
    return policies.may_admit(facts, rulebook.name)


def _admission(card: HolderCard, gate_id: UUID, at: datetime, came_at: int = 0) -> Admission:
    """Return a parent's facts as the card bears them; `came_at` is the pass's own last entry."""
    facts = json.loads(card.details["event"])
    came = facts["came_at"] or came_at
    return Admission(
        state=facts["state"],
        admits_from=site_time(clock.from_ms(facts["admits_from"])),
        ends=site_time(clock.from_ms(facts["ends"])),
        listed=facts["listed"],
        gate_fits=facts["gate"] in ("", str(gate_id)),
        gate_name=facts["gate_name"],
        came_at=site_time(clock.from_ms(came)) if came else None,
        at=at,
    )


async def offline_rules(asked: OfflineAsked) -> list[OfflineRule]:
    """Return what holds for each invitation while a gate is cut off: before, in and after its window."""
    found: list[OfflineRule] = []
    for one in asked.passes:
        card = asked.cards.get(one.pass_id) if one.kind == EVENT_PASS else None
        if card is None or "event" not in card.details:
            continue
        facts = json.loads(card.details["event"])
        edges = [asked.since, facts["admits_from"], facts["ends"] + 1, asked.until]
        edges = sorted({min(max(edge, asked.since), asked.until) for edge in edges})
        rulebook = await timetable.in_force(clock.from_ms(asked.since))
        came = one.last_at if one.entries else 0
        for starts, ends in pairwise(edges):
            at = site_time(clock.from_ms(starts))
            admission = _admission(card, asked.gate_id, at, came)
            found.append(
                OfflineRule(
                    kinds=(EVENT_PASS,),
                    pass_id=one.pass_id,
                    direction=IN,
                    starts=starts,
                    ends=ends,
                    decision=policies.may_admit(admission, rulebook.name),
                )
            )
    return found


async def settle(at: datetime) -> None:
    """Put on the lists who was let in by code; done twice, it is the same.

    A scan that the guard took back is taken off the list again.
    """
    await db.execute(
        "UPDATE school_gate_event_guest SET came_at = NULL, came_how = '', came_gate = NULL,"
        " came_event = NULL WHERE came_how = {} AND came_at >= {} AND EXISTS (SELECT 1"
        " FROM scan_event u WHERE u.pass_id = school_gate_event_guest.pass_id"
        " AND u.corrects = school_gate_event_guest.came_event)",
        SCAN,
        at - timedelta(days=1),
    )
    found = await queries.came_by_scan(at - LOOKED_BACK)
    if not found:
        return
    first: dict[UUID, db.Row] = {}
    for row in found:
        first.setdefault(row["guest"], row)
    async with db.writing():
        for guest_id, row in first.items():
            written = await db.execute(
                "UPDATE school_gate_event_guest SET came_at = {}, came_how = {}, came_gate = {},"
                " came_event = {} WHERE id = {} AND came_at IS NULL",
                clock.from_ms(row["at"]),
                SCAN,
                row["gate"],
                row["scan"],
                guest_id,
            )
            if written:
                await record(
                    SYSTEM, "school_gate.event_came", RECORD, guest_id, at=at,
                    after={"how": SCAN, "event": row["scan"]},
                )  # fmt: skip


# -- on the guard's list


def _facts(line: EventLine, guest: GuestLine, gate_id: UUID | None, at: datetime) -> Admission:
    return Admission(
        state=line.state,
        admits_from=line.admits_from,
        ends=line.ends_at,
        listed=not guest.removed,
        gate_fits=line.gate_id is None or gate_id is None or line.gate_id == gate_id,
        gate_name=line.gate_name,
        came_at=site_time(guest.came_at) if guest.came_at else None,
        at=site_time(at),
    )


async def tick(
    event_id: UUID, guest_id: UUID, *, gate_id: UUID | None, actor: Actor, at: datetime
) -> None:
    """Register a parent who came, by a tick on the list."""
    rulebook = await timetable.in_force(at)
    async with db.writing():
        line, guest = await _on_list(event_id, guest_id, actor)
        if gate_id is not None:
            await timetable.gate_of(gate_id, actor, ADMIT_EVENT)
        decision = policies.may_admit(_facts(line, guest, gate_id, at), rulebook.name)
        if not isinstance(decision, Allow):
            if isinstance(decision, Deny):
                await record(
                    actor, "school_gate.event_refused_at_gate", RECORD, event_id, at=at,
                    after={"guest": guest_id, "code": decision.code, "rule": decision.rule},
                )  # fmt: skip
            refused = RefusedError(decision)
        else:
            refused = None
            await _came(guest_id, LIST, gate_id, actor, at)
    if refused is not None:
        raise refused


async def untick(event_id: UUID, guest_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take back a tick that was a mistake, on the same day; a scan is taken back at the gate."""
    async with db.writing():
        _, guest = await _on_list(event_id, guest_id, actor)
        if guest.came_how != LIST or guest.came_at is None:
            raise WrongStateError(N_("Only a tick on the list can be taken back here."))
        if site_time(guest.came_at).date() != site_time(at).date():
            raise WrongStateError(N_("Only a tick of today can be taken back."))
        await EventGuest.update(
            {
                EventGuest.came_at: None,
                EventGuest.came_how: "",
                EventGuest.came_gate: None,
                EventGuest.recorded_by_name: "",
            }
        ).where(EventGuest.id == guest_id)
        await record(
            actor, "school_gate.event_untick", RECORD, event_id, at=at, after={"guest": guest_id}
        )


async def _on_list(event_id: UUID, guest_id: UUID, actor: Actor) -> tuple[EventLine, GuestLine]:
    await db.fetch("SELECT id FROM school_gate_event_guest WHERE id = {} FOR UPDATE", guest_id)
    line = await queries.event(event_id, actor)
    permit(actor, line.site_id, ADMIT_EVENT)
    guest = next((one for one in await queries.guests(event_id) if one.id == guest_id), None)
    if guest is None:
        raise NotFoundError
    return line, guest


async def _came(guest_id: UUID, how: str, gate_id: UUID | None, actor: Actor, at: datetime) -> None:
    await EventGuest.update(
        {
            EventGuest.came_at: at,
            EventGuest.came_how: how,
            EventGuest.came_gate: gate_id,
            EventGuest.recorded_by_name: actor.name,
        }
    ).where(EventGuest.id == guest_id)
    await record(
        actor,
        "school_gate.event_came",
        RECORD,
        guest_id,
        at=at,
        after={"how": how, "gate": gate_id},
    )


# -- at the desk


async def judged_arrival(registration: RegistrationFacts, about: str) -> Decision | None:
    """Judge a parent who registers at the desk for a class event, None for other purposes."""
    if registration.purpose != CLASS_EVENT:
        return None
    rulebook = await timetable.in_force(registration.asked_at)
    found = await _invited(registration, about)
    if found is None:
        return policies.nothing_on(rulebook.name)
    line, guest = found
    if guest is None:
        facts = Admission(
            state=line.state,
            admits_from=line.admits_from,
            ends=line.ends_at,
            listed=False,
            gate_fits=True,
            gate_name=line.gate_name,
            came_at=None,
            at=registration.asked_at,
        )
        return policies.may_admit(facts, rulebook.name)
    return Allow()


async def _invited(
    registration: RegistrationFacts, about: str
) -> tuple[EventLine, GuestLine | None] | None:
    """Return the event of the pupil's class that is on now, and the visitor's place on its list."""
    rows = await db.fetch(
        "SELECT p.id, p.school_class FROM school_gate_pupil p WHERE p.site = {} AND p.active"
        " AND (p.number = {} OR p.name = {})",
        registration.site_id,
        about,
        about,
    )
    lines: list[tuple[UUID, EventLine]] = []
    for row in rows:
        on_now = await queries.of_class_now(row["school_class"], registration.asked_at)
        lines += [(row["id"], line) for line in on_now]
    for pupil_id, line in lines:
        for guest in await queries.guests(line.id):
            if guest.pupil_id == pupil_id and guest.name == registration.visitor_name:
                return line, guest
    return (lines[0][1], None) if lines else None


async def note_arrival(registration: RegistrationFacts, about: str) -> None:
    """Tick a parent who registered at the desk on the list of the event."""
    if registration.purpose != CLASS_EVENT or registration.state == "refused":
        return
    found = await _invited(registration, about)
    if found is not None and found[1] is not None and found[1].came_at is None:
        desk = Actor(kind="system", name=NAME)
        await _came(found[1].id, DESK, registration.gate_id, desk, registration.asked_at)


def expected(guests: Sequence[GuestLine]) -> Mapping[str, int]:
    """Return how many of a list came, and how many did not."""
    came = sum(guest.came_at is not None for guest in guests)
    return {"all": len(guests), "came": came, "missing": len(guests) - came}
