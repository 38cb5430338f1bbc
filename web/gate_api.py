"""What gate devices ask: enrolment, shifts, scans, corrections, the state of the gate.

A device proves itself by its own secret (`X-Gate-Device`) and, for all that concerns scans, by the
secret of its operator's shift (`X-Gate-Shift`); neither is a cookie, so no page of another site can
use them. Turnstiles use `/api/v1/scans` with an API token of scope `core:gate:scan` instead. All go
through one pipeline.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath, FromQuery, JSONBody

from core import clock
from core.attachments.services import open_attachment
from core.errors import DomainError, NotFoundError
from core.gate import correcting, devices, queries, sealing
from core.gate.correcting import Act, may_override
from core.gate.devices import NotEnrolledError, ShiftOverError, WrongCodeError, WrongPinError
from core.gate.facts import IN, OUT
from core.gate.photos import is_photo_mark
from core.gate.scans import GateBusyError, NotStoredError, Scan, Station
from core.gate.stations import operator_at
from core.passes import keys as pass_keys
from core.permissions import Actor
from core.sites.tables import Gate, Site
from web import errors
from web.current import Current
from web.current import locale as current_locale
from web.gate_answers import gate_line_out, line_out, today_out, verdict_out
from web.gate_app import DEVICE, GateOfApp, gate_of
from web.gate_delivery import BadDeliveryError
from web.gate_offline import bundle, events, small_photos
from web.gate_structs import (
    CorrectionIn,
    EnrolIn,
    EnrolOut,
    OperatorOut,
    ScanIn,
    ShiftIn,
    ShiftOut,
    StateOut,
    TurnstileScanIn,
    VerdictOut,
)

_DIRECTIONS: dict[str, int | None] = {"in": IN, "out": OUT, "auto": None}
_RECENT_MS = 12 * 3600 * 1000
_STATUS: dict[type[DomainError], int] = {
    NotEnrolledError: 401,
    ShiftOverError: 401,
    WrongPinError: 403,
    WrongCodeError: 403,
    GateBusyError: 503,
    NotStoredError: 503,
    BadDeliveryError: 400,
}


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a failed request as problem+json, with the status that its kind has at the gate."""
    status = _STATUS.get(type(error)) if isinstance(error, DomainError) else None
    if status is None or not isinstance(error, DomainError):
        return errors.answer(request, error)
    body = {
        "type": f"about:blank#{error.code}",
        "status": status,
        "code": error.code,
        "title": error.code.replace("_", " "),
        "detail": error.message.translate(current_locale()),
    }
    headers = {"retry-after": "1"} if status == 503 else {}
    return Response(
        body, status_code=status, media_type="application/problem+json", headers=headers
    )


async def _scan(gate: GateOfApp, station: Station, data: ScanIn, locale: str) -> VerdictOut:
    gate.limits.take(station.device_id)
    verdict = await gate.pipeline.submit(
        Scan(
            station=station,
            text=data.token,
            direction=_DIRECTIONS[data.direction],
            seq=data.seq,
            boot=data.boot,
            wall=data.wall,
            mono=data.mono,
            source=data.source,
            bundle=data.bundle,
        )
    )
    return verdict_out(gate, verdict, station, data.seq, locale)


@post("/enrol", status_code=200)
async def enrol(
    data: JSONBody[EnrolIn], current: NamedDependency[Current], now: NamedDependency[datetime],
    gate: NamedDependency[GateOfApp],
) -> EnrolOut:  # fmt: skip
    """Exchange an enrolment code for the device's secret."""
    made = await devices.enrol(data.code, at=now, address=current.address)
    gate.stations.forget()
    await pass_keys.prepare(at=now)
    published = await pass_keys.published()
    return EnrolOut(
        device=made.device_id,
        secret=made.secret,
        name=made.name,
        gate=made.gate_name,
        bundle_keys={str(key.id): sealing.text(key.public) for key in published},
    )


@get("/operators")
async def operators(
    request: Request[Any, Any, Any], gate: NamedDependency[GateOfApp]
) -> list[OperatorOut]:
    """List who may take over this device."""
    device = await gate.stations.device(request.headers.get(DEVICE, ""))
    found = await devices.operators(device, roles=gate.stations.roles)
    return [OperatorOut(id=one.id, name=one.name) for one in found]


@post("/shift", status_code=200)
async def begin_shift(
    request: Request[Any, Any, Any],
    data: JSONBody[ShiftIn],
    now: NamedDependency[datetime],
    gate: NamedDependency[GateOfApp],
) -> ShiftOut:
    """Sign an operator in by PIN."""
    device = await gate.stations.device(request.headers.get(DEVICE, ""))
    shift = await devices.begin_shift(
        device, data.operator, data.pin, roles=gate.stations.roles, at=now
    )
    gate.stations.forget()
    return ShiftOut(
        secret=shift.secret, operator=shift.operator_name, expires_at=clock.to_ms(shift.expires_at)
    )


@post("/shift/end", status_code=204)
async def end_shift(
    request: Request[Any, Any, Any],
    now: NamedDependency[datetime],
    gate: NamedDependency[GateOfApp],
) -> None:
    """Sign the operator out."""
    station = await gate.station(request)
    device = await gate.stations.device(request.headers.get(DEVICE, ""))
    await devices.end_shift(device, actor=station.actor, at=now)
    gate.stations.forget()


@post("/scan", status_code=200)
async def scan(request: Request[Any, Any, Any], data: JSONBody[ScanIn]) -> VerdictOut:
    """Judge and store one scan."""
    gate = gate_of(request)
    return await _scan(gate, await gate.station(request), data, current_locale())


@post("/undo", status_code=200)
async def undo(
    request: Request[Any, Any, Any],
    data: JSONBody[CorrectionIn],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    gate: NamedDependency[GateOfApp],
) -> VerdictOut:
    """Take a mistaken scan back by a new event."""
    station = await gate.station(request)
    gate.limits.take(station.device_id)
    verdict = await correcting.undo(
        _act(station, data), at=now, plugins=gate.plugins, zone=gate.settings.zone
    )
    return verdict_out(gate, verdict, station, data.seq, locale)


@post("/override", status_code=200)
async def override(
    request: Request[Any, Any, Any],
    data: JSONBody[CorrectionIn],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    gate: NamedDependency[GateOfApp],
) -> VerdictOut:
    """Release a held scan, with a reason."""
    station = await gate.station(request)
    gate.limits.take(station.device_id)
    verdict = await correcting.override(
        _act(station, data), at=now, plugins=gate.plugins, zone=gate.settings.zone
    )
    return verdict_out(gate, verdict, station, data.seq, locale)


def _act(station: Station, data: CorrectionIn) -> Act:
    return Act(
        station=station,
        event_id=data.event,
        seq=data.seq,
        reason=data.reason,
        boot=data.boot,
        wall=data.wall,
        mono=data.mono,
    )


@get("/state")
async def state_of_gate(
    request: Request[Any, Any, Any],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    gate: NamedDependency[GateOfApp],
    waiting: FromQuery[int | None] = None,
    bundle: FromQuery[int | None] = None,
) -> StateOut:
    """Tell the gate's name, its last scans, today's counts, who is inside, the server's time."""
    station = await gate.station(request)
    at = clock.to_ms(now)
    recent = await queries.recent_scans(station.gate_id, since=at - _RECENT_MS)
    cards = await queries.holders([line.pass_id for line in recent if line.pass_id], gate.plugins)
    await devices.note_contact(station.device_id, at=now, waiting=waiting, bundle=bundle)
    device = await gate.stations.device(request.headers.get(DEVICE, ""))
    lines, missing = await gate.plugins.collect_gate_lines(
        station.gate_id, station.site_id, clock.local(now, gate.settings.zone)
    )
    return StateOut(
        gate=station.gate_name,
        device=device.name,
        operator=station.actor.name,
        now=at,
        last_seq=await queries.last_seq(station.device_id),
        may_override=may_override(station.actor, station.site_id),
        today=await today_out(station.gate_id, now, gate.settings),
        inside=dict(await queries.inside_by_kind(station.site_id)),
        lines=[gate_line_out(line, locale) for line in lines],
        missing=missing,
        recent=[line_out(line, cards, locale) for line in recent],
    )


@get("/photos/{photo:uuid}/{mark:str}")
async def photo(photo: FromPath[UUID], mark: FromPath[str]) -> Response[bytes]:
    """Show a holder's photo to who was given its address with a verdict."""
    if not is_photo_mark(photo, mark):
        raise NotFoundError
    row, data = await open_attachment(photo)
    return Response(
        data, media_type=row.media_type, headers={"cache-control": "private, max-age=86400"}
    )


@post("/api/v1/scans", status_code=200, requires=devices.SCAN)
async def turnstile_scan(
    data: JSONBody[TurnstileScanIn],
    actor: NamedDependency[Actor],
    current: NamedDependency[Current],
    locale: NamedDependency[str],
    gate: NamedDependency[GateOfApp],
) -> VerdictOut:
    """Judge and store one scan of a turnstile that signs in with an API token."""
    if current.token_id is None:
        raise PermissionDeniedException
    place = await Gate.objects(Gate.site).where(Gate.id == data.gate, Gate.active.eq(True)).first()
    if place is None or not actor.may_at(devices.SCAN, place.site.id):
        raise NotFoundError
    site: Site = place.site
    station = Station(
        device_id=current.token_id,
        gate_id=place.id,
        gate_name=place.name,
        site_id=site.id,
        zone=place.zone,
        audience=site.audience,
        actor=operator_at(actor, place.name, place.id),
        locale=locale,
    )
    return await _scan(gate, station, data, locale)


_DEPENDENCIES = {"gate": Provide(gate_of, sync_to_thread=False)}
_HANDLERS = [
    enrol, operators, begin_shift, end_shift, scan, undo, override, state_of_gate, photo, bundle,
    events,
    small_photos,
]  # fmt: skip

router = Router(
    path="/gate/api",
    route_handlers=_HANDLERS,
    dependencies=_DEPENDENCIES,
    exception_handlers={Exception: _answer},
    opt={"public": True, "csrf": False, "limited": False},
)
turnstile_router = Router(
    path="/",
    route_handlers=[turnstile_scan],
    dependencies=_DEPENDENCIES,
    exception_handlers={Exception: _answer},
    opt={"limited": False},
)
ROUTERS = [router, turnstile_router]
