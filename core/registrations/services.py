"""A visit registered on arrival and admitted. Leaving, consent, holds, corrections: the files beside.

Stored of a visit: who, with whom, whom they visit, why, when in and out, what was decided and by which
rule. core/privacy decides how long; its log rows hold no phone or document number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.decisions import Allow, Decision, Deny, Hold
from core.errors import InvalidInputError, NotFoundError, RefusedError
from core.hosts.tables import Host
from core.i18n import N_
from core.log.services import record
from core.notices.services import tell
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import judging, moves, states
from core.registrations.facts import Purpose
from core.registrations.numbers import next_number
from core.registrations.rulebook import reception
from core.registrations.tables import Companion, Registration
from core.sites.tables import Gate, Site
from core.visitors import services as visitors
from core.visitors import watch
from core.visitors.matching import Person
from core.visitors.tables import Visitor

PRESENT = (states.WAITING, states.HELD, states.INSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is noted of an arrival. `answers` are the values of the purpose's own fields.

    `document_shown` is what the desk saw now, whatever is known from earlier visits. `host_id` is a
    host of the directory, `host_text` whom the visitor named otherwise.
    """

    site_id: UUID
    person: Person
    purpose: str
    reason: str = ""
    gate_id: UUID | None = None
    host_id: UUID | None = None
    host_text: str = ""
    head_count: int = 1
    companions: tuple[Person, ...] = ()
    document_shown: bool = False
    goods: str = ""
    remark: str = ""
    expected_leave_at: datetime | None = None
    appointment_id: UUID | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An arrival that is now in the book, whatever was decided about it."""

    id: UUID
    number: str
    state: str
    decision: Decision
    visitor_id: UUID
    known_visitor: bool


def purposes(plugins: Plugins, site_id: UUID) -> list[Purpose]:
    """Return the purposes that can be chosen at a site."""
    return [
        purpose
        for purpose in plugins.register_purposes()
        if purpose.plugin == "core" or plugins.is_on(purpose.plugin, site_id)
    ]


def purpose_named(name: str, plugins: Plugins) -> Purpose | None:
    """Return a purpose by name; None when nobody registers it any more."""
    return next((p for p in plugins.register_purposes() if p.name == name), None)


async def register(arrival: Arrival, *, actor: Actor, at: datetime, plugins: Plugins) -> Registered:
    """Enter an arrival in the book (CORE-1); what is decided makes it waiting, held or refused."""
    async with db.writing():
        await _check_place(arrival, actor, plugins)
        number = await next_number(judging.site_time(at).date())
        remembered = await visitors.remember(arrival.person, actor=actor, at=at)
        visitor = remembered.visitor
        await _not_here_already(visitor, arrival.site_id)
        companions = [
            (await visitors.remember(one, actor=actor, at=at)).visitor for one in arrival.companions
        ]
        row = await _new_row(arrival, number, visitor, len(companions), actor=actor, at=at)
        facts = judging.facts(
            row,
            visitor,
            host_name=await judging.host_name(row),
            watched=await watch.matches(
                [watch.watched(one) for one in (visitor, *companions)], at=at
            ),
            at=at,
            answers=arrival.answers,
        )
        decision = await plugins.check_registration(facts)
        row.state = judging.state_after(decision)
        for name, value in moves.decision_columns(decision).items():
            setattr(row, name, value)
        await Registration.insert(row)
        for one in companions:
            await Companion.insert(Companion(id=uuid4(), registration=row.id, visitor=one.id))
        await plugins.do_register(
            judging.facts(
                row,
                visitor,
                host_name=facts.host_name,
                watched=facts.watch,
                at=at,
                answers=arrival.answers,
            )
        )
        await _tell_registered(row, decision, actor=actor, at=at, plugins=plugins)
    return Registered(
        id=row.id,
        number=number,
        state=row.state,
        decision=decision,
        visitor_id=visitor.id,
        known_visitor=remembered.known,
    )


async def _check_place(arrival: Arrival, actor: Actor, plugins: Plugins) -> None:
    moves.permit(actor, moves.WRITE, arrival.site_id)
    if not await Site.exists().where(Site.id == arrival.site_id, Site.active.eq(True)):
        raise NotFoundError
    problems = {}
    if arrival.purpose not in {p.name for p in purposes(plugins, arrival.site_id)}:
        problems["purpose"] = N_("Please choose one of the options.")
    if arrival.gate_id is not None and not await Gate.exists().where(
        Gate.id == arrival.gate_id, Gate.site == arrival.site_id
    ):
        problems["gate"] = N_("Please choose one of the options.")
    if arrival.host_id is not None and not await Host.exists().where(
        Host.id == arrival.host_id,
        Host.active.eq(True),
        (Host.site == arrival.site_id) | Host.site.is_null(),
    ):
        problems["host"] = N_("This host is not in the directory.")
    if problems:
        raise InvalidInputError(problems)


async def _not_here_already(visitor: Visitor, site_id: UUID) -> None:
    """Refuse a second entry in the book while the first is open: presence would count twice."""
    row = (
        await Registration.objects()
        .where(
            Registration.visitor == visitor.id,
            Registration.site == site_id,
            Registration.state.is_in(list(PRESENT)),
        )
        .first()
    )
    if row is not None:
        raise InvalidInputError(
            {
                "name": N_(
                    "{name} is in the book already with number {number}. Record the leaving there "
                    "first.",
                    name=visitor.name,
                    number=row.number,
                )
            }
        )


async def _new_row(
    arrival: Arrival,
    number: str,
    visitor: Visitor,
    companions: int,
    *,
    actor: Actor,
    at: datetime,
) -> Registration:
    stay = timedelta(minutes=(await reception(at)).stay_minutes)
    return Registration(
        id=uuid4(),
        number=number,
        site=arrival.site_id,
        gate=arrival.gate_id,
        visitor=visitor.id,
        head_count=max(arrival.head_count, 1 + companions),
        purpose=arrival.purpose,
        reason=arrival.reason,
        host=arrival.host_id,
        host_text=arrival.host_text,
        appointment=arrival.appointment_id,
        state=states.WAITING,
        document_shown=arrival.document_shown,
        plate=arrival.person.plate,
        goods=arrival.goods,
        remark=arrival.remark,
        created_at=at,
        created_by=actor.id,
        received_by=actor.name,
        arrived_at=at,
        expected_leave_at=arrival.expected_leave_at or at + stay,
        version=1,
    )


async def _tell_registered(
    row: Registration, decision: Decision, *, actor: Actor, at: datetime, plugins: Plugins
) -> None:
    after = {
        "number": row.number,
        "state": row.state,
        "purpose": row.purpose,
        "site": row.site,
        "gate": row.gate,
        "head_count": row.head_count,
        "document_shown": row.document_shown,
        **moves.logged_decision(decision),
    }
    await record(actor, "registration.register", "registration", row.id, at=at, after=after)
    payload = {"state": row.state, "purpose": row.purpose}
    await tell(plugins, "registration.register", row.id, at=at, site_id=row.site, payload=payload)


async def admit(
    registration_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    version: int | None = None,
) -> Decision:
    """Let a waiting visitor in; return the decision, which may be a Hold: then the visit is held.

    A Deny raises RefusedError and changes nothing but the log, so that the desk can do what is
    missing and admit again.
    """
    async with db.writing():
        row = await moves.take(registration_id, "admit", actor=actor, version=version)
        decision = await plugins.check_admission(await judging.facts_of(row, at=at))
        if isinstance(decision, Allow):
            await moves.write(
                row,
                "admit",
                {"state": states.INSIDE, "entered_at": at, **moves.decision_columns(decision)},
                actor=actor,
                at=at,
                plugins=plugins,
            )
            members = await judging.party(row)
            await visitors.note_visit([one.id for one in members], at=at)
        elif isinstance(decision, Hold):
            await moves.write(
                row,
                "admit",
                {"state": states.HELD, **moves.decision_columns(decision)},
                actor=actor,
                at=at,
                plugins=plugins,
                note=moves.logged_decision(decision),
            )
        else:
            await record(
                actor,
                "registration.admit_denied",
                "registration",
                row.id,
                at=at,
                after=moves.logged_decision(decision),
            )
    if isinstance(decision, Deny):
        raise RefusedError(decision)
    return decision
