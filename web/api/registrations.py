"""Registrations for programs: registered, listed and acted on by the services that the pages use."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from core.decisions import Allow, Decision, verdict_of
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from core.registrations import (
    consent,
    correcting,
    forms,
    history,
    holding,
    leaving,
    queries,
    states,
)
from core.registrations.roll_call import roll_call
from core.registrations.rulebook import reception
from core.registrations.services import admit, register
from web.api.registration_structs import (
    ActIn,
    DecisionOut,
    InsideGroup,
    InsideKind,
    InsideOut,
    InsideParty,
    PageOut,
    RegisteredOut,
    RegisterIn,
    RegistrationOut,
)
from web.plugins import WebPlugins

READ, WRITE = "core:registration:read", "core:registration:write"
MOST = 200


def decision_out(decision: Decision, locale: str) -> DecisionOut:
    """Return a decision as the API shows it."""
    if isinstance(decision, Allow):
        return DecisionOut(verdict="allow")
    return DecisionOut(
        verdict=verdict_of(decision),
        code=decision.code,
        reason=decision.reason.translate(locale),
        rule=decision.rule,
        version=decision.version,
    )


def _out(card: queries.Card, locale: str) -> RegistrationOut:
    standing = None
    if card.decision_reason is not None:
        standing = DecisionOut(
            verdict="deny" if card.state == states.REFUSED else "hold",
            code=card.decision_code,
            reason=card.decision_reason.translate(locale),
            rule=card.decision_rule,
        )
    return RegistrationOut(
        id=card.id,
        number=card.number,
        site=card.site_id,
        visitor=card.visitor_id,
        visitor_name=card.visitor_name,
        head_count=card.head_count,
        purpose=card.purpose,
        reason=card.reason,
        host=card.host_name,
        state=card.state,
        consent=card.consent,
        level=card.level,
        overdue=card.overdue,
        created_at=card.created_at,
        entered_at=card.entered_at,
        expected_leave_at=card.expected_leave_at,
        left_at=card.left_at,
        version=card.version,
        decision=standing,
    )


@get("/api/v1/registrations", requires=READ, tags=["registrations"])
async def all_of_them(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    site: FromQuery[UUID | None] = None,
    status: FromQuery[str] = "",
    purpose: FromQuery[str] = "",
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    page: FromQuery[int] = 1,
    size: FromQuery[int] = 50,
) -> PageOut:
    """List registrations, newest first."""
    for moment in (since, until):
        if moment is not None and moment.tzinfo is None:
            raise InvalidInputError({"since": N_("A moment needs its time zone.")})
    size, page = min(max(size, 1), MOST), min(max(page, 1), 100_000)
    wanted = queries.Filter(site_id=site, state=status, purpose=purpose, since=since, until=until)
    cards, total = await queries.registrations(
        wanted, actor=actor, now=now, times=await reception(now), page=page, size=size
    )
    return PageOut(
        registrations=[_out(card, locale) for card in cards],
        total=total,
        page=page,
        pages=max(1, -(-total // size)),
    )


@get("/api/v1/registrations/{registration_id:uuid}", requires=READ, tags=["registrations"])
async def one(
    registration_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
) -> RegistrationOut:
    """Show one registration."""
    return await _shown(registration_id, actor, now, locale)


async def _shown(
    registration_id: UUID, actor: Actor, now: datetime, locale: str
) -> RegistrationOut:
    full = await history.registration(
        registration_id, actor=actor, now=now, times=await reception(now)
    )
    return _out(full.card, locale)


@post("/api/v1/registrations", requires=WRITE, tags=["registrations"])
async def arrive(
    data: JSONBody[RegisterIn],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    locale: NamedDependency[str],
) -> RegisteredOut:
    """Register an arrival."""
    arrival = await forms.read_arrival(
        data.fields, site_id=data.site, gate_id=data.gate, actor=actor, at=now, plugins=plugins
    )
    done = await register(arrival, actor=actor, at=now, plugins=plugins)
    return RegisteredOut(
        id=done.id,
        number=done.number,
        state=done.state,
        visitor=done.visitor_id,
        known_visitor=done.known_visitor,
        decision=decision_out(done.decision, locale),
    )


_TEXTS = (
    Field(name="reason", label=N_("Why"), kind="textarea", max_length=500),
    Field(name="by", label=N_("Who answered"), max_length=100),
)


def _cleaned(data: ActIn) -> ActIn:
    """Return the act with its texts cleaned as a form's are."""
    typed = read(_TEXTS, {"reason": data.reason, "by": data.by})
    if typed.problems:
        raise InvalidInputError(typed.problems)
    return msgspec.structs.replace(data, reason=typed.values["reason"], by=typed.values["by"])


Act = Callable[[UUID, ActIn, dict[str, Any]], Awaitable[Any]]


async def _note_consent(visit: UUID, data: ActIn, common: dict[str, Any]) -> None:
    if data.given is None:
        raise InvalidInputError({"given": N_("Please choose one of the options.")})
    await consent.note(visit, given=data.given, by=data.by, means=data.means, **common)


ACTS: dict[str, Act] = {
    "ask-consent": lambda visit, data, common: consent.ask(visit, **common),
    "note-consent": _note_consent,
    "admit": lambda visit, data, common: admit(visit, version=data.version, **common),
    "leave": lambda visit, data, common: leaving.leave(
        visit,
        version=data.version,
        stub_returned=data.stub_returned,
        signed=data.signed,
        **common,
    ),
    "return-stub": lambda visit, data, common: leaving.return_stub(
        visit, signed=data.signed, **common
    ),
    "explain-stub": lambda visit, data, common: leaving.explain_stub(
        visit, reason=data.reason, **common
    ),
    "release": lambda visit, data, common: holding.release(
        visit, reason=data.reason, version=data.version, **common
    ),
    "refuse": lambda visit, data, common: holding.refuse(
        visit, reason=data.reason, version=data.version, **common
    ),
    "judge": lambda visit, data, common: correcting.judge_again(visit, **common),
    "cancel": lambda visit, data, common: correcting.cancel(visit, reason=data.reason, **common),
    "void": lambda visit, data, common: correcting.void(visit, reason=data.reason, **common),
    "step-back": lambda visit, data, common: correcting.step_back(
        visit, reason=data.reason, **common
    ),
}


@post(
    "/api/v1/registrations/{registration_id:uuid}/{act:str}",
    requires=WRITE,
    status_code=200,
    tags=["registrations"],
)
async def do(
    registration_id: FromPath[UUID],
    act: FromPath[str],
    data: JSONBody[ActIn],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    locale: NamedDependency[str],
) -> RegistrationOut:
    """Act on a registration: admit, leave, note-consent, release and the rest.

    The acts: ask-consent, note-consent, admit, leave, return-stub, explain-stub, release, refuse,
    judge, cancel, void, step-back.
    """
    if act not in ACTS:
        raise NotFoundError
    data = _cleaned(data)
    await ACTS[act](registration_id, data, {"actor": actor, "at": now, "plugins": plugins})
    return await _shown(registration_id, actor, now, locale)


@get("/api/v1/sites/{site_id:uuid}/inside", requires=READ, tags=["registrations"])
async def inside(
    site_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    locale: NamedDependency[str],
) -> InsideOut:
    """Tell who is inside a site: visitors by name, holders of passes by kind and group."""
    roll = await roll_call(
        site_id, actor=actor, now=now, times=await reception(now), plugins=plugins
    )
    return InsideOut(
        site=site_id,
        at=roll.at,
        total=roll.total,
        visitors=[
            InsideParty(
                registration=party.card.id,
                number=party.card.number,
                name=party.card.visitor_name,
                companions=list(party.companions),
                people=party.card.head_count,
                host=party.card.host_name,
                since=party.card.entered_at,
                overdue=party.card.overdue,
            )
            for party in roll.parties
        ],
        passes=[
            InsideKind(
                kind=kind.name,
                label=kind.label.translate(locale),
                count=kind.count,
                groups=[InsideGroup(name=g.name, names=list(g.names)) for g in kind.groups],
            )
            for kind in roll.kinds
        ],
    )


router = Router(path="", route_handlers=[all_of_them, one, arrive, do, inside])
