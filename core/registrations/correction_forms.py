"""The form of a correction (CORE-8): what stands in it, and what it means."""

from collections.abc import Mapping
from datetime import datetime

from core.errors import InvalidInputError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import forms, judging
from core.registrations.correcting import Correction
from core.registrations.services import purpose_named
from core.registrations.tables import Registration
from core.visitors import forms as people
from core.visitors.queries import row as visitor_row

CORRECTION = (
    people.DOCUMENT_KIND,
    people.DOCUMENT_NUMBER,
    people.BY_EYE,
    people.SAME_PERSON,
    forms.HOST,
    forms.REASON,
    forms.HEAD_COUNT,
    forms.LEAVE_AT,
    people.PLATE,
    forms.GOODS,
    forms.REMARK,
    forms.HIDDEN[1],
)


async def correction_values(row: Registration) -> dict[str, str]:
    """Return what the form of a correction stands filled in with."""
    visitor = await visitor_row(row.visitor)
    shown = people.prefilled(visitor)
    leave = judging.site_time(row.expected_leave_at) if row.expected_leave_at else None
    return {
        "document_kind": shown["document_kind"] if row.document_shown else people.NONE_SHOWN,
        "document_number": shown["document_number"] if row.document_shown else "",
        "host": await judging.host_name(row),
        "host_id": str(row.host) if row.host else "",
        "reason": row.reason,
        "head_count": str(row.head_count),
        "leave_at": f"{leave:%H:%M}" if leave else "",
        "plate": row.plate,
        "goods": row.goods,
        "remark": row.remark,
    }


async def read_correction(
    data: Mapping[str, str],
    row: Registration,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Correction:
    """Return the correction that a form describes; InvalidInputError names every field to correct."""
    visitor = await visitor_row(row.visitor)
    plain, _, keep_document = people.keep_masked(data, visitor)
    typed = read(CORRECTION, plain)
    values, problems = typed.values, dict(typed.problems)
    local = judging.site_time(at)
    person = people.person_of(
        {**values, "name": visitor.name},
        problems,
        today=local.date(),
        known=visitor,
        keep_document=keep_document,
    )
    purpose = purpose_named(row.purpose, plugins)
    if purpose is not None and purpose.needs_host and not values["host"]:
        problems.setdefault("host", N_("Please fill this in."))
    host_id, host_text = None, ""
    if "host" not in problems:
        host_id, host_text = await forms.host_meant(values, row.site, actor)
    stays = values["leave_at"] == (await correction_values(row))["leave_at"]
    correction = Correction(
        reason=values["reason"],
        host_id=host_id,
        host_text=host_text,
        head_count=int(values["head_count"] or 1) if "head_count" not in problems else 1,
        document_shown=bool(person.document_number) or keep_document,
        plate=values["plate"],
        goods=values["goods"],
        remark=values["remark"],
        expected_leave_at=None if stays else forms.moment_of(values["leave_at"], problems, local),
        person=person if person.document_number else None,
    )
    if problems:
        raise InvalidInputError(problems)
    return correction
