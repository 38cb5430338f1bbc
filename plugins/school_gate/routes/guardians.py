"""The adults of a pupil: a parent's own link."""

from datetime import datetime
from uuid import UUID

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from markupsafe import Markup

from core.i18n import N_
from core.passes.qr import qr_svg
from core.permissions import Actor
from core.settings import Settings
from plugins.school_gate.homes import parent
from plugins.school_gate.registered import OWN_CLASS, WRITE_PUPILS


@post("/guardians/{guardian_id:uuid}/link", requires=(WRITE_PUPILS, OWN_CLASS), status_code=200)
async def share(
    guardian_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    locale: NamedDependency[str],
    settings: NamedDependency[Settings],
) -> Template:
    """Make a parent's own link, shown once to be sent or scanned."""
    name, pupil_id, secret = await parent.share(guardian_id, actor=actor, at=now)
    address = f"{settings.base_url}/school-gate/p/{secret}"
    label = N_("QR code of the address").translate(locale)
    return Template(
        "school_gate/leave/link.html",
        context={
            "title": name,
            "back": f"/school-gate/pupils/{pupil_id}",
            "address": address,
            "qr": Markup(qr_svg(address, label)),  # noqa: S704 - paths and an escaped label
        },
    )


router = Router(path="/school-gate", route_handlers=[share])
