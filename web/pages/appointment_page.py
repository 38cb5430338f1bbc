"""One appointment's page, as it is shown and as it comes back with a form that could not be taken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar.response import Template

from core.appointments import arrival_forms, forms, history, moves, queries, states
from core.i18n import Message
from core.permissions import Actor
from core.registrations.services import purpose_named
from core.visitors import forms as people
from core.visitors import queries as visitors
from web.plugins import WebPlugins

ARRIVE = "core:registration:write"


async def page(
    appointment_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    plugins: WebPlugins,
    act: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
    shared: Mapping[str, Any] | None = None,
) -> Template:
    """Return one appointment's page; `act` names the form that came back with `errors`."""
    card = await queries.appointment(appointment_id, actor=actor)
    purpose = purpose_named(card.purpose, plugins)
    may_change = moves.may_change(actor, card.site_id, card.host_id)
    may_arrive = actor.may_at(moves.WRITE, card.site_id) and actor.may_at(ARRIVE, card.site_id)
    arriving = may_arrive and states.may("arrive", card.state)
    clashes = []
    if card.state in states.OPEN:
        clashes = await queries.clashes(
            card.window, host_id=card.host_id, visitor_id=card.visitor_id, but=card.id
        )
    known = await visitors.visitor(card.visitor_id)
    return Template(
        "appointments/appointment.html",
        context={
            "card": card,
            "purpose": purpose.label if purpose is not None else card.purpose,
            "visitor": known,
            "may_change": may_change,
            "may_see_visitor": actor.may("core:visitor:read"),
            "may_see_visit": actor.may_at("core:registration:read", card.site_id),
            "own": moves.is_own(actor, card.host_id),
            "acts": states.acts_in(card.state),
            "clashes": [one for one in clashes if moves.may_see(actor, one.site_id, one.host_id)],
            "when": (forms.DAY, forms.BEGINS, forms.ENDS),
            "note": forms.NOTE,
            "agreed": forms.AGREED,
            "window": forms.prefilled_window(card.window),
            "arrival": arrival_forms.arrival_form(card, plugins) if arriving else None,
            "known": await arrival_forms.prefilled(card) if arriving else {},
            "by_eye": people.BY_EYE,
            "started": card.window.starts_at <= now,
            "lines": await history.timeline(card.id),
            "act": act,
            "values": values or {},
            "errors": errors or {},
            "shared": shared,
            "back": "/appointments" if actor.may(moves.READ) else "/my-visitors",
        },
        status_code=422 if errors else 200,
    )
