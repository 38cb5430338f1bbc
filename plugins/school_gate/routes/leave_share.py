"""A slip leaves the house: on paper, or as a link on the parent's phone (SCH-5)."""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from core.errors import NotFoundError, WrongStateError
from core.i18n import N_
from core.passes.qr import qr_svg
from core.permissions import Actor
from core.settings import Settings
from core.typed import uuid_in
from plugins.school_gate.leave import paper, queries, sharing
from plugins.school_gate.leave.rights import ISSUE_LEAVE, SEE_LEAVE
from plugins.school_gate.papers.parts import PAPERS
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.routes.lodge_pages import paper_answer


@post("/leave/{slip_id:uuid}/paper", requires=SEE_LEAVE, status_code=200)
async def print_slip(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
    flash: NamedDependency[Flash],
) -> Response[bytes] | Response[None]:
    """Give the slip as a PDF: A4 or 80 mm, as it was first made."""
    size = data.get("paper", "a4")
    if size not in PAPERS:
        raise NotFoundError
    line = await queries.slip(slip_id, actor, at=now)
    try:
        pdf = await paper.slip(line, size, settings=settings, locale=locale, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)
    return paper_answer(pdf, f"leave-{line.number}")


@post("/leave/{slip_id:uuid}/link", requires=ISSUE_LEAVE, status_code=200)
async def share(
    slip_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
    flash: NamedDependency[Flash],
) -> Template | Response[None]:
    """Make a parent's link to the slip, shown once to be sent or scanned."""
    guardian_id = uuid_in(data, "guardian")
    if guardian_id is None:
        flash("warning", N_("Choose to whom the link goes."))
        return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)
    try:
        name, secret = await sharing.share(slip_id, guardian_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"/school-gate/leave/{slip_id}", status_code=303)
    address = f"{settings.base_url}/school-gate/l/{secret}"
    label = N_("QR code of the address").translate(locale)
    return Template(
        "school_gate/leave/link.html",
        context={
            "title": name,
            "back": f"/school-gate/leave/{slip_id}",
            "address": address,
            "qr": Markup(qr_svg(address, label)),  # noqa: S704 - paths and an escaped label
        },
    )


router = Router(path="/school-gate", route_handlers=[print_slip, share])
