"""Gate devices, for administrators: added to a gate, enrolled by a code used once, shut out."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core import clock
from core.errors import InvalidInputError, NotFoundError
from core.forms import Field, read
from core.gate import devices, queries
from core.gate.devices import Enrolment
from core.gate.queries import DeviceLine
from core.i18n import N_, Message
from core.passes.qr import qr_png
from core.permissions import Actor
from core.settings import Settings
from core.sites import queries as sites
from web.current import Current

DEVICE = "core:gate:device"
IN_CONTACT = timedelta(seconds=60)  # an open gate page asks every ten seconds
NAME = Field(name="name", label=N_("Device"), required=True)
REASON = Field(name="reason", label=N_("Why"), required=True, max_length=200)
SURE = Field(
    name="sure",
    label=N_("The scans that wait on it may be lost, or have to be settled one by one. Do it."),
    kind="checkbox",
    required=True,
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/devices", requires=DEVICE)
async def show_all(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """List the devices of the gates where the reader may enrol some."""
    return await _page(actor, now)


@post("/devices", requires=DEVICE)
async def add(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    settings: NamedDependency[Settings],
) -> Template:
    """Add a device and show its code, once."""
    typed = read([NAME, await _gate_field(actor)], data)
    if typed.problems:
        return await _page(actor, now, values=typed.values, problems=typed.problems)
    gate_id = UUID(typed.values["gate"])
    try:
        made = await devices.add_device(typed.values["name"], gate_id, actor=actor, at=now)
    except InvalidInputError as error:
        return await _page(actor, now, values=typed.values, problems=error.problems)
    return await _page(actor, now, code=_shown(made, current, settings))


@post("/devices/{device_id:uuid}/code", requires=DEVICE)
async def renew(
    device_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    settings: NamedDependency[Settings],
) -> Template:
    """Show a new code for a device, once; while scans wait on it, only for who says to be sure."""
    device = await _own(device_id, actor)
    if device.waiting and data.get("sure") != "yes":
        return Template("devices/renew.html", context={"device": device})
    made = await devices.renew_code(device_id, actor=actor, at=now)
    return await _page(actor, now, code=_shown(made, current, settings))


@get("/devices/{device_id:uuid}/revoke", requires=DEVICE)
async def ask_why(device_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Ask why a device is to be shut out."""
    return _revoke_form(await _own(device_id, actor), {}, {})


@post("/devices/{device_id:uuid}/revoke", requires=DEVICE)
async def revoke(
    device_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Shut a device out."""
    device = await _own(device_id, actor)
    fields = [REASON, SURE] if device.waiting else [REASON]
    typed = read(fields, data)
    if typed.problems:
        return _revoke_form(device, typed.values, typed.problems, 422)
    await devices.revoke_device(device_id, reason=typed.values["reason"], actor=actor, at=now)
    flash("success", N_("The device {name} is shut out.", name=device.name))
    return Redirect("/devices", status_code=303)


def _revoke_form(
    device: DeviceLine,
    values: Mapping[str, str],
    problems: Mapping[str, Message],
    status: int = 200,
) -> Template:
    return Template(
        "devices/revoke.html",
        context={
            "device": device,
            "reason": REASON,
            "sure": SURE,
            "values": values,
            "errors": problems,
        },
        status_code=status,
    )


async def _page(
    actor: Actor,
    now: datetime,
    *,
    code: Mapping[str, object] | None = None,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
) -> Template:
    lines = await _lines(actor)
    since = clock.to_ms(now - IN_CONTACT)
    return Template(
        "devices/devices.html",
        context={
            "devices": [line for line in lines if line.revoked_at is None],
            "revoked": [line for line in lines if line.revoked_at is not None],
            "states": {line.id: _state(line, since) for line in lines},
            "code": code,
            "fields_": [NAME, await _gate_field(actor)],
            "values": values or {},
            "errors": problems or {},
        },
        status_code=422 if problems else 200,
    )


def _state(line: DeviceLine, since: int) -> str:
    if line.revoked_at is not None:
        return "revoked"
    if line.enrolled_at is None:
        return "pending"
    return "online" if line.last_contact >= since else "offline"


async def _lines(actor: Actor) -> list[DeviceLine]:
    places = actor.sites_with(DEVICE)
    return await queries.devices(None if places is None else sorted(places))


async def _own(device_id: UUID, actor: Actor) -> DeviceLine:
    """Return a device of a site where the actor may; NotFoundError for any other."""
    for line in await _lines(actor):
        if line.id == device_id:
            return line
    raise NotFoundError


async def _gate_field(actor: Actor) -> Field:
    options = [
        (str(gate.id), f"{site.name} · {gate.name}")
        for site in await sites.sites(actor)
        if actor.may_at(DEVICE, site.id)
        for gate in await sites.gates(site.id)
    ]
    return Field(name="gate", label=N_("Gate"), kind="select", required=True, options=options)


def _shown(made: Enrolment, current: Current, settings: Settings) -> dict[str, object]:
    """Return a code as the page shows it: to be typed, or to be scanned with the device."""
    address = f"{_address(current, settings)}/gate"
    picture = b64encode(qr_png(f"{address}#{made.code}")).decode()
    return {
        "text": made.code,
        "address": address,
        "picture": f"data:image/png;base64,{picture}",
        "expires_at": made.expires_at,
    }


def _address(current: Current, settings: Settings) -> str:
    """Return where devices reach this server: as it is set, or else as the reader reached it."""
    if urlsplit(settings.base_url).hostname not in _LOOPBACK:
        return settings.base_url
    return f"{'https' if current.secure else 'http'}://{current.host}"


router = Router(path="", route_handlers=[show_all, add, renew, ask_why, revoke])
