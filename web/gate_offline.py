"""What a gate device asks so as to go on without the server, and what it delivers afterwards."""

from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from core import clock
from core.gate import faces
from core.gate.delivering import delivering
from web.gate_app import DEVICE, GateOfApp
from web.gate_delivery import MOST_BYTES, read_upload
from web.gate_structs import BundleOut, FacesOut, QuarantinedOut, UploadOut


@get("/bundle")
async def bundle(
    request: Request[Any, Any, Any],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    gate: NamedDependency[GateOfApp],
    held: FromQuery[str] = "",
) -> BundleOut:
    """Tell the device what it must know to go on without the server, signed."""
    secret = request.headers.get(DEVICE, "")
    device = await gate.stations.device(secret)
    made = await gate.bundles.make(device, secret, locale=locale, at=now, held=held)
    return BundleOut(
        bundle=made.bundle,
        key=str(made.key),
        signature=made.signature,
        signatures={str(key): signature for key, signature in made.signatures.items()},
        still=made.still,
    )


@get("/faces")
async def small_photos(
    request: Request[Any, Any, Any], gate: NamedDependency[GateOfApp], passes: FromQuery[str] = ""
) -> FacesOut:
    """Give the device small photos to keep, each sealed under its own pass."""
    device = await gate.stations.device(request.headers.get(DEVICE, ""))
    return FacesOut(faces=await gate.bundles.faces(device, faces.wanted(passes)))


@post("/events", status_code=200, request_max_body_size=MOST_BYTES)
async def events(
    request: Request[Any, Any, Any],
    now: NamedDependency[datetime],
    gate: NamedDependency[GateOfApp],
) -> UploadOut:
    """Take in what the device did without the server; none is refused for what it says."""
    device = await delivering(request.headers.get(DEVICE, ""))
    done = await gate.ingest.take(await read_upload(request), device, at=now)
    return UploadOut(
        acked=list(done.acked),
        quarantined=[QuarantinedOut(seq=seq, code=code) for seq, code in done.quarantined],
        last_seq=done.last_seq,
        now=clock.to_ms(now),
    )
