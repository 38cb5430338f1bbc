"""The portal's API: the public form and the query by code and tail, for a token that may relay them.

Everything here is what the public pages do, by the same services, limits and secrecy: a wrong code
and a wrong tail are the same 404, tries count against the code wherever they come from.
"""

import hashlib
from datetime import datetime
from typing import Any

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from core.accounts.limits import key_of, take_or_refuse
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field
from core.i18n import N_
from core.permissions import ANONYMOUS, Actor, Permission, Role
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import facts
from plugins.government.asking import checking, queries
from plugins.government.intake import forms, online
from plugins.government.intake.facts import Reception
from plugins.government.intake.online_routes import SENT, fields_of
from plugins.government.parts import Part
from plugins.government.portal.structs import (
    Choice,
    DueOut,
    FieldOut,
    HandedIn,
    LetterOut,
    PetitionIn,
    QueryIn,
    RoomOut,
    StandingOut,
    ToldOut,
)

RELAY = "government:portal:relay"
PORTAL = "petition_portal"
_MARK = 200  # the longest mark of a visitor


def _caller(actor: Actor, visitor: str) -> str:
    """Return by what tries are counted: the account that calls, and the person behind it."""
    visitor = visitor.strip()
    if not visitor or len(visitor) > _MARK:
        raise InvalidInputError({"visitor": N_("Name the visitor by a mark of at most 200 signs.")})
    digest = hashlib.sha256(f"{actor.id}\0{visitor}".encode()).hexdigest()
    return f"portal:{digest}"


@get("/api/v1/petitions/rooms", requires=RELAY, tags=["petitions"])
async def rooms(
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    locale: NamedDependency[str],
) -> list[RoomOut]:
    """List the reception rooms to which the public may write, each with the fields of its form."""
    return [
        RoomOut(
            site=site.id,
            name=site.name,
            fields=[_field(one, locale) for one in await fields_of(site.id)],
        )
        for site in await online.open_sites(plugins, at=now)
    ]


def _field(one: Field, locale: str) -> FieldOut:
    return FieldOut(
        name=one.name,
        label=one.label.translate(locale),
        kind=one.kind,
        required=one.required,
        max_length=one.max_length,
        options=[
            Choice(value=value, label=label if isinstance(label, str) else label.translate(locale))
            for value, label in one.options
        ],
    )


@post("/api/v1/petitions", requires=RELAY, tags=["petitions"])
async def hand_in(
    data: JSONBody[PetitionIn],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
) -> HandedIn:
    """Take a petition as the public form does; number and query code come back once."""
    site = next(
        (one for one in await online.open_sites(plugins, at=now) if one.id == data.site), None
    )
    if site is None:
        raise NotFoundError
    cleaned = forms.cleaned(await fields_of(site.id), data.fields)
    values, problems = cleaned.values, dict(cleaned.problems)
    person = forms.person_of(values, problems, today=site_time(now).date())
    if not person.phone and not person.document:
        problems.setdefault("phone", N_("Give a phone number or an identity document."))
    if not data.agreed:
        problems["agreed"] = N_("Please tick this to go on.")
    if problems:
        raise InvalidInputError(problems)
    await take_or_refuse(key_of("government.write", _caller(actor, data.visitor)), SENT, at=now)
    number, code = await online.write(
        Reception(
            site_id=site.id,
            channel=facts.ONLINE,
            matter=forms.matter_of(values, channel=facts.ONLINE, site_id=site.id),
            person=person,
            contact_id=data.once,
            summary=f"{values['demand']}\n{values['facts']}",
            details={"platform": actor.name},
        ),
        actor=ANONYMOUS,
        at=now,
        plugins=plugins,
    )
    return HandedIn(number=number, code=code)


@post("/api/v1/petitions/query", requires=RELAY, status_code=200, tags=["petitions"])
async def query(
    data: JSONBody[QueryIn],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
) -> StandingOut:
    """Tell how a petition stands, by its code and the end of the document, as the public page does."""
    caller = _caller(actor, data.visitor)
    matter_id = await checking.looked_up(data.code[:60], data.tail[:60], caller, at=now)
    shown = await queries.shown(matter_id, at=now)
    return StandingOut(
        number=shown.number,
        registered_on=shown.day,
        stage=shown.plain.translate(locale),
        held_by=shown.held_by,
        told=[ToldOut(on=one.on, text=one.text.translate(locale)) for one in shown.told],
        dues=[
            DueOut(
                label=one.label.translate(locale),
                due=one.due,
                provisional=one.provisional,
                proof=[line.translate(locale) for line in one.proof],
            )
            for one in shown.dues
        ],
        rights=[one.translate(locale) for one in shown.rights],
        letters=[
            LetterOut(title=one.title.translate(locale), number=one.label, on=one.on)
            for one in shown.letters
        ],
    )


ROUTERS: tuple[Any, ...] = (Router(path="", route_handlers=[rooms, hand_in, query]),)
PART = Part(
    permissions=(Permission(RELAY, N_("Hand in and query petitions for the public (JSON API)")),),
    roles=(Role(PORTAL, N_("City portal (JSON API)"), frozenset({RELAY}), program=True),),
    routers=ROUTERS,
)
