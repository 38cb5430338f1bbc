"""The desk hands a visit's slip to the visitor's own phone: a link, shown once as a QR code to scan."""

from datetime import datetime
from uuid import UUID

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core.i18n import N_
from core.permissions import Actor
from core.registrations import phone_slip
from core.registrations.tables import Registration
from core.settings import Settings
from web.pages.public import drawn


@post(
    "/registrations/{registration_id:uuid}/share",
    requires="core:registration:write",
    status_code=200,
)
async def share(
    registration_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Make the link, with the visit's pass while the visitor waits or is inside."""
    secret = await phone_slip.share(registration_id, actor=actor, at=now)
    row = await Registration.objects().where(Registration.id == registration_id).first()
    address = f"{settings.base_url}/s/{secret}"
    return Template(
        "registrations/phone_slip.html",
        context={
            "registration_id": registration_id,
            "number": row.number if row is not None else "",
            "address": address,
            "qr": drawn(address, N_("QR code of the slip's address")),
        },
    )


router = Router(path="", route_handlers=[share])
