"""What is due next on an item, by whom and by when, and the acts that do it."""

from collections.abc import Sequence
from datetime import datetime

from core.deadlines.queries import Clock
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.coordination import queries as coordination
from plugins.government.coordination.facts import (
    AGREED,
    APPROVED,
    DECIDED,
    UNDECIDED,
)
from plugins.government.facts import MAJOR as MAJOR_GRADE
from plugins.government.handling import due_stage, queries
from plugins.government.handling.due import LEADERS, OFFICE, SIGNERS, Due, due, of
from plugins.government.handling.facts import OWED, RETURNED, SENT, SIGNING, TAKEN, Sent
from plugins.government.matters import access, states
from plugins.government.matters.facts import MatterView
from plugins.government.rights import HANDLE, INSTRUCT, LEADER, READ
from plugins.government.signing import queries as signing
from plugins.government.signing.facts import AFTER, BEFORE, MAJOR, OPEN, PHASES, PLAN
from plugins.government.supervising.rights import SUPERVISE


async def due_next(matter: MatterView, actor: Actor, at: datetime) -> list[Due]:
    """Return what is due next on an item, the most pressing first; acts only for who may do them."""
    running = [one for one in await clocks.of_matter(matter.id, at=at) if one.state == "running"]
    sents = await queries.forwardings(matter.id)
    office = actor.may_at(HANDLE, matter.line.site_id)
    inside = actor.may_at(READ, matter.line.site_id)
    found = [
        *(await _coordination(matter, office, actor) if inside else await _measures(matter, actor)),
        *(await _leaders(matter, office, actor) if inside and matter.stage in states.OPEN else ()),
        *(await _signatures(matter, sents, office) if inside else ()),
        *await _returned(matter, actor, office=office),
        *await _unit(matter, sents, running, actor, office),
        *await due_stage.of_stage(matter, sents, running, actor, office),
    ]
    for one in sents:
        if office and one.urgent and one.letter == OWED and one.state != SIGNING:
            what = N_("Letter to {unit} is owed after the call", unit=one.unit)
            found.append(due(what, OFFICE, None, ("letter", N_("Letter sent"))))
    return found


async def _coordination(matter: MatterView, office: bool, actor: Actor) -> list[Due]:
    found: list[Due] = []
    together = await coordination.current_joint(matter.id)
    if together is not None:
        acts = (
            ("joint-call", N_("Call a unit")),
            ("joint-arrival", N_("A unit arrived")),
            ("joint-end", N_("End of the joint reception")),
        )
        found.append(due(N_("A joint reception goes on"), OFFICE, None, *(acts if office else ())))
    now = await coordination.current(matter.id)
    if now is None:
        return found
    off = (("coordination-off", N_("Call the coordination off")),) if office else ()
    meeting = (("meeting", N_("Meeting of the coordination")), *off) if office else ()
    measure = (("follow-up", N_("Measure carried out")),) if office else ()
    decision = (
        (("coordination-decision", N_("Decision of the government leader")),)
        if actor.may_at(INSTRUCT, matter.line.site_id)
        else ()
    )
    waits = [one.due_on for one in now.follow_ups if one.done_at is None]
    table = {
        APPROVED: due(
            N_("The coordination's meeting is to be held"),
            OFFICE,
            None,
            *meeting,
            day=site_time(now.meets_at).date() if now.meets_at else None,
        ),
        UNDECIDED: due(
            N_("The units did not agree: the leader decides"), LEADERS, None, *decision, *off
        ),
        AGREED: due(
            N_("Agreed measures are to be carried out"),
            OFFICE,
            None,
            *measure,
            day=min(waits, default=None),
        ),
        DECIDED: due(
            N_("Decided measures are to be carried out"),
            OFFICE,
            None,
            *measure,
            day=min(waits, default=None),
        ),
    }
    return [*found, table[now.state]] if now.state in table else found


async def _measures(matter: MatterView, actor: Actor) -> list[Due]:
    """Return what a coordination laid on the reader's own unit."""
    now = await coordination.current(matter.id)
    own = await access.own_units(actor, matter.id) if now is not None else []
    return [
        due(
            N_("Agreed measure: {text}", text=one.text[:60]),
            one.unit,
            None,
            ("follow-up", N_("Measure carried out")),
            day=one.due_on,
        )
        for one in (now.follow_ups if now is not None else ())
        if one.done_at is None and one.unit_id in own
    ]


async def _leaders(matter: MatterView, office: bool, actor: Actor) -> list[Due]:
    found: list[Due] = []
    if matter.line.urgency == MAJOR_GRADE and not any(
        one.phase == MAJOR for one in await signing.rounds(matter.id)
    ):
        acts = (("major", N_("Major or urgent: put it to the leaders")),) if office else ()
        found.append(
            due(N_("To be put to the leaders today"), OFFICE, None, *acts, day=matter.line.day)
        )
    if await signing.put_to_leaders(matter.id) is not None:
        acts = (
            (("instruction", N_("Instruction of a leader")),)
            if actor.may_at(INSTRUCT, matter.line.site_id) or LEADER in actor.roles
            else ()
        )
        found.append(due(N_("A leader's instruction is awaited"), LEADERS, None, *acts))
    if any(one.done_at is None for one in await signing.instructions(matter.id)):
        acts = (("carry-out", N_("Instruction carried out")),) if office else ()
        found.append(due(N_("A leader's instruction is to be carried out"), OFFICE, None, *acts))
    return found


async def _signatures(matter: MatterView, sents: Sequence[Sent], office: bool) -> list[Due]:
    """Return what waits for signatures, and what the signers sent back to be put right."""
    unit = next((one.unit for one in sents if one.state == SIGNING), "")
    table = {
        BEFORE: N_("Sign before {unit} gets the item", unit=unit),
        AFTER: N_("The preliminary opinion is to be signed"),
        MAJOR: N_("The suggestion to the leaders is to be signed"),
        PLAN: N_("The plan of the coordination is to be signed"),
    }
    back = (("withdraw-signing", N_("Take it back from the signers")),) if office else ()
    right = (("put-right", N_("Put it right and submit it again")),) if office else ()
    found: list[Due] = []
    for one in await signing.rounds(matter.id):
        if one.returned:
            what = N_("Sent back by the signers: {phase}", phase=PHASES[one.phase])
            found.append(due(what, OFFICE, None, *right, *back))
        elif one.state == OPEN:
            found.append(due(table[one.phase], SIGNERS, None, *back))
    return found


_RETURNED = {
    "reply": N_("Reply letter"),
    "outline": N_("Outline of the answer"),
    "time": N_("Ask for more time"),
    "over": N_("Hand over to the supervision office"),
}


async def _returned(matter: MatterView, actor: Actor, *, office: bool) -> list[Due]:
    """Return what else the signers sent back: replies, outlines, more time, hand-overs."""
    found: list[Due] = []
    for request, what, unit_id in await signing.returned_elsewhere(matter.id):
        mine = what == "time" and unit_id in await access.own_units(actor, matter.id)
        supervises = what == "over" and actor.may_at(SUPERVISE, matter.line.site_id)
        if not (mine or supervises or (office and what != "over")):
            continue
        act = (f"/government/signing/{request}/again", N_("Put it right and submit it again"))
        said = N_("Sent back by the signers: {phase}", phase=_RETURNED[what])
        found.append(due(said, matter.line.holder if mine else OFFICE, None, act))
    return found


async def _unit(
    matter: MatterView,
    sents: Sequence[Sent],
    running: Sequence[Clock],
    actor: Actor,
    office: bool,
) -> list[Due]:
    now = next((one for one in sents if one.state in (SENT, TAKEN, RETURNED)), None)
    if now is None:
        return []
    found: list[Due] = []
    waiting = [one for one in await queries.objections(matter.id) if one.granted is None]
    if waiting:
        decide = (("objection", N_("Decide on the objection")),) if office else ()
        found.append(due(N_("The unit's objection is to be decided"), OFFICE, None, *decide))
    acts: tuple[tuple[str, Message], ...]
    report = of(running, clocks.REPORT)
    mine = now.unit_id in await access.own_units(actor, matter.id)
    if now.state == SENT:
        acts = (
            (("acknowledge", N_("Acknowledge the item")), ("object", N_("Object"))) if mine else ()
        )
        if waiting:
            acts = acts[:1]
        found.append(due(N_("The item is to be acknowledged"), now.unit, report, *acts))
    elif now.state == TAKEN:
        acts = (
            (
                ("result", N_("Return the result")),
                ("progress", N_("Report progress")),
                ("contact", N_("Talk with the petitioner")),
                ("plan", N_("Plan and person in charge")),
                ("object", N_("Object")),
            )
            if mine
            else ()
        )
        if waiting:
            acts = acts[1:4]
        found.append(due(N_("The result is to be returned"), now.unit, report, *acts))
    else:
        acts = (("check", N_("Check the result")),) if office else ()
        found.append(due(N_("The result is to be checked"), OFFICE, report, *acts))
    return found


def more_acts(matter: MatterView, actor: Actor, sents: Sequence[Sent]) -> list[tuple[str, Message]]:
    """Return what the reception room may do at any time while an item is open."""
    if matter.stage not in states.OPEN or not actor.may_at(HANDLE, matter.line.site_id):
        return []
    with_unit = any(one.state in (SENT, TAKEN, RETURNED) for one in sents)
    acts: list[tuple[str, Message]] = []
    if with_unit:
        acts += [
            ("take-back", N_("Take the item back")),
            ("transfer", N_("Transfer to another unit")),
            ("assign", N_("Assign to another unit")),
        ]
    return [
        *acts,
        ("grade", N_("Grade the urgency")),
        ("major", N_("Major or urgent: put it to the leaders")),
        ("instruction", N_("Instruction of a leader")),
        ("coordination", N_("Plan a coordination")),
        ("joint", N_("Joint reception")),
    ]
