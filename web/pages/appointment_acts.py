"""What can be done with one appointment: answer, move, call off, receive, give out its link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.appointments import arrival_forms, forms, moves, on_link, queries, services
from core.appointments.arriving import arrive as register_arrival
from core.errors import InvalidInputError, NotFoundError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from web.acting import version_of
from web.current import Current
from web.pages.appointment_page import page
from web.pages.desk import said_of
from web.pages.public import drawn
from web.place import place_of
from web.plugins import WebPlugins

WRITE, OWN = moves.WRITE, moves.OWN
ARRIVE = "core:registration:write"
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
_DONE: Mapping[str, Message] = {
    "confirm": N_("Confirmed."),
    "refuse": N_("Refused."),
    "cancel": N_("The appointment is called off."),
    "no_show": N_("Noted as not come."),
    "reschedule": N_("Moved to the new time."),
}


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, when, and with what at hand."""

    actor: Actor
    now: datetime
    plugins: WebPlugins
    flash: Flash

    @property
    def common(self) -> dict[str, Any]:
        """The arguments that every act takes."""
        return {"actor": self.actor, "at": self.now, "plugins": self.plugins}


def _acting(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Acting:
    return Acting(actor, now, plugins, flash)


async def _again(
    appointment_id: UUID,
    act: str,
    data: Mapping[str, str],
    error: InvalidInputError,
    acting: Acting,
) -> Template:
    """Return the page with the form that could not be taken."""
    return await page(
        appointment_id,
        actor=acting.actor,
        now=acting.now,
        plugins=acting.plugins,
        act=act,
        values=data,
        errors=forms.placed(error.problems),
    )


async def _with_note(
    appointment_id: UUID, act: str, data: dict[str, str], acting: Acting
) -> Response[None] | Template:
    typed = read([forms.NOTE], data)
    try:
        if typed.problems:
            raise InvalidInputError(typed.problems)
        await getattr(services, act)(
            appointment_id, note=typed.values["note"], version=version_of(data), **acting.common
        )
    except InvalidInputError as error:
        return await _again(appointment_id, act, data, error, acting)
    return _done(appointment_id, act, acting)


def _done(appointment_id: UUID, act: str, acting: Acting) -> Response[None]:
    acting.flash("success", _DONE[act])
    return Redirect(f"/appointments/{appointment_id}", status_code=303)


@post("/appointments/{appointment_id:uuid}/confirm", requires=(WRITE, OWN))
async def confirm(
    appointment_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Say that the visit may take place."""
    return await _with_note(appointment_id, "confirm", data, acting)


@post("/appointments/{appointment_id:uuid}/refuse", requires=(WRITE, OWN))
async def refuse(
    appointment_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Say that it cannot."""
    return await _with_note(appointment_id, "refuse", data, acting)


@post("/appointments/{appointment_id:uuid}/cancel", requires=(WRITE, OWN))
async def cancel(
    appointment_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Call it off."""
    return await _with_note(appointment_id, "cancel", data, acting)


@post("/appointments/{appointment_id:uuid}/no-show", requires=(WRITE, OWN))
async def no_show(
    appointment_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None]:
    """Note that the visitor did not come."""
    await services.no_show(appointment_id, version=version_of(data), **acting.common)
    return _done(appointment_id, "no_show", acting)


@post("/appointments/{appointment_id:uuid}/move", requires=(WRITE, OWN))
async def move(
    appointment_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Move it to another time; what the new time clashes with is shown on the page that follows."""
    try:
        window = await forms.read_window(data, at=acting.now)
        await services.reschedule(
            appointment_id,
            window,
            agreed=bool(data.get("agreed")),
            version=version_of(data),
            **acting.common,
        )
    except InvalidInputError as error:
        return await _again(appointment_id, "reschedule", data, error, acting)
    return _done(appointment_id, "reschedule", acting)


@post("/appointments/{appointment_id:uuid}/arrive", requires=ARRIVE)
async def arrive(
    appointment_id: FromPath[UUID],
    data: Form,
    acting: NamedDependency[Acting],
    current: NamedDependency[Current],
) -> Response[None] | Template:
    """Register the visitor who stands at the desk; the page of the visit follows."""
    card = await queries.appointment(appointment_id, actor=acting.actor)
    if not moves.may_change(acting.actor, card.site_id, card.host_id):
        raise NotFoundError
    place = await place_of(current)
    gate_id = place.gate_id if place is not None and place.site.id == card.site_id else None
    try:
        seen = await arrival_forms.read_arrival(
            data, card, gate_id=gate_id, at=acting.now, plugins=acting.plugins
        )
        done = await register_arrival(
            appointment_id, seen, version=version_of(data), **acting.common
        )
    except InvalidInputError as error:
        return await _again(appointment_id, "arrive", data, error, acting)
    acting.flash(*said_of(done))
    return Redirect(f"/registrations/{done.id}", status_code=303)


@post("/appointments/{appointment_id:uuid}/share", requires=(WRITE, OWN), status_code=200)
async def share(
    appointment_id: FromPath[UUID],
    acting: NamedDependency[Acting],
    settings: NamedDependency[Settings],
) -> Template:
    """Make a link for the visitor and show it once, as text and as QR code."""
    secret = await on_link.share(appointment_id, actor=acting.actor, at=acting.now)
    address = f"{settings.base_url}/a/{secret}"
    return await page(
        appointment_id,
        actor=acting.actor,
        now=acting.now,
        plugins=acting.plugins,
        shared={"address": address, "qr": drawn(address, N_("QR code of the visitor's link"))},
    )


router = Router(
    path="",
    route_handlers=[confirm, refuse, cancel, no_show, move, arrive, share],
    dependencies={"acting": Provide(_acting, sync_to_thread=False)},
)
