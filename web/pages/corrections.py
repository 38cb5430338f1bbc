"""Correcting a visit that was entered wrongly (CORE-8)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, StaleError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import correcting, correction_forms, history
from core.registrations.rulebook import reception
from web.acting import Acting, acting, version_of
from web.pages.registrations import WRITE

Form = URLEncodedBody[dict[str, str]]


async def _visit_to_correct(registration_id: UUID, actor: Actor, now: datetime) -> history.Full:
    return await history.registration(
        registration_id, actor=actor, now=now, times=await reception(now)
    )


def _correction(
    full: history.Full,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    shown = [
        field
        for field in correction_forms.CORRECTION
        if field.name not in ("document_by_eye", "same_person")
        or values.get(field.name)
        or (field.name == "document_by_eye" and "document_number" in errors)
        or (field.name == "same_person" and "same_person" in errors)
    ]
    context = {
        "visit": full,
        "card": full.card,
        "fields_": shown,
        "values": values,
        "errors": errors,
    }
    return Template("registrations/correct.html", context=context, status_code=status)


@get("/registrations/{registration_id:uuid}/correct", requires=WRITE)
async def show_correction(
    registration_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Template:
    """Show the form of a correction."""
    full = await _visit_to_correct(registration_id, actor, now)
    return _correction(full, await correction_forms.correction_values(full.row), {})


@post("/registrations/{registration_id:uuid}/correct", requires=WRITE)
async def correct(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Correct a registration."""
    full = await _visit_to_correct(registration_id, acting.actor, acting.now)
    try:
        correction = await correction_forms.read_correction(
            data, full.row, actor=acting.actor, at=acting.now, plugins=acting.plugins
        )
        await correcting.correct(
            registration_id,
            correction,
            version=version_of(data) or 0,
            **acting.common,
        )
    except InvalidInputError as error:
        return _correction(full, data, error.problems, 422)
    except (StaleError, WrongStateError) as error:
        acting.flash("error", error.message)
    else:
        acting.flash("success", N_("Corrected; the earlier values are kept in the log."))
    return Redirect(f"/registrations/{registration_id}", status_code=303)


router = Router(
    path="",
    route_handlers=[show_correction, correct],
    dependencies={"acting": Provide(acting, sync_to_thread=False)},
)
