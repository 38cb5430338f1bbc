"""The adults of a pupil: their photo for collecting, a parent's own link."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from core.errors import DomainError, InvalidInputError
from core.forms import Cleaned
from core.i18n import N_
from core.passes.qr import qr_svg
from core.permissions import Actor
from core.settings import Settings
from plugins.school_gate.homes import parent
from plugins.school_gate.queries.adults import pupil_of_adult
from plugins.school_gate.registered import OWN_CLASS, WRITE_PUPILS
from plugins.school_gate.routes.inputs import Flash
from plugins.school_gate.routes.pupils import MAX_PHOTO, page_of
from plugins.school_gate.services import guardians


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


@post(
    "/guardians/{guardian_id:uuid}/photo",
    requires=(WRITE_PUPILS, OWN_CLASS),
    request_max_body_size=MAX_PHOTO + 10_000,
)
async def set_photo(
    guardian_id: FromPath[UUID],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep the photo by which the guard knows an adult who collects."""
    pupil_id = await pupil_of_adult(guardian_id, actor)
    file = next((one for one in data.values() if isinstance(one, UploadFile)), None)
    content = await file.read() if file is not None else b""
    try:
        if not content:
            raise InvalidInputError({"photo": N_("Please choose a file.")})
        await guardians.set_photo(guardian_id, content, actor=actor, at=now)
    except DomainError as error:
        if error.code == "not_found":
            raise
        told = error.problems["photo"] if isinstance(error, InvalidInputError) else error.message
        problem = Cleaned({}, {f"photo-{guardian_id}": told})
        return await page_of(pupil_id, actor, now, typed=problem, status=422)
    flash("success", N_("The photo is kept. The guard sees it when the pupil is collected."))
    return Redirect(f"/school-gate/pupils/{pupil_id}#adults", status_code=303)


@post("/guardians/{guardian_id:uuid}/photo/remove", requires=(WRITE_PUPILS, OWN_CLASS))
async def remove_photo(
    guardian_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Erase an adult's photo."""
    pupil_id = await guardians.remove_photo(guardian_id, actor=actor, at=now)
    flash("success", N_("The photo is erased."))
    return Redirect(f"/school-gate/pupils/{pupil_id}#adults", status_code=303)


router = Router(path="/school-gate", route_handlers=[share, set_photo, remove_photo])
