"""Grades and the office of each, set by whoever keeps the roster."""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from core.errors import InvalidInputError
from core.i18n import N_
from core.permissions import Actor
from core.typed import uuid_in
from plugins.school_gate.registered import WRITE_PUPILS
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.services import offices


@post("/grades/{grade_id:uuid}/office", requires=WRITE_PUPILS)
async def set_office(
    grade_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Set which office stamps the slips of a grade."""
    chosen = uuid_in(data, "office")
    try:
        if chosen is None and data.get("office"):
            raise InvalidInputError({"office": N_("Please choose one of the options.")})
        await offices.set_office(grade_id, chosen, actor=actor, at=now)
    except InvalidInputError as error:
        flash("warning", error.problems["office"])
    else:
        flash("success", N_("Saved."))
    return Redirect("/school-gate/classes#grades", status_code=303)


router = Router(path="/school-gate", route_handlers=[set_office])
