"""Units from a file: the form, what is wrong row by row, and an empty file to fill in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.errors import NotFoundError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from core.sheets.files import MAX_BYTES, SheetFileError
from core.sheets.labelled import FILE
from core.sheets.labelled import template as empty_file
from core.sites.queries import sites
from plugins.government.inputs import Flash, uuid_in
from plugins.government.intake.entry_pages import Upload
from plugins.government.rights import SETTINGS
from plugins.government.units import importing
from plugins.government.units.facts import KINDS


async def _fields(actor: Actor) -> tuple[Field, Field]:
    own = [(str(one.id), one.name) for one in await sites(actor) if actor.may_at(SETTINGS, one.id)]
    site = Field(name="site", label=N_("Reception room"), kind="select", required=True, options=own)
    return site, FILE


async def _page(
    actor: Actor,
    values: dict[str, Any],
    errors: dict[str, Any],
    rows: Sequence[importing.Row] = (),
) -> Template:
    fields = await _fields(actor)
    if len(fields[0].options) == 1:
        values = {"site": fields[0].options[0][0], **values}
    return Template(
        "government/units/import.html",
        context={
            "fields_": fields,
            "values": values,
            "errors": errors,
            "bad": [row for row in rows if row.problems],
            "labels": {one.name: one.label for one in importing.FIELDS},
            "kinds": KINDS,
        },
        status_code=422 if errors or rows else 200,
    )


@get("/units/import", requires=SETTINGS)
async def show(actor: NamedDependency[Actor]) -> Template:
    """Show the form, with what may stand in its columns."""
    return await _page(actor, {}, {})


@get("/units/import/template.csv", requires=SETTINGS)
async def template(locale: NamedDependency[str]) -> Response[bytes]:
    """Give an empty file with the columns."""
    return Response(
        empty_file(importing.FIELDS, locale),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="units.csv"'},
    )


@post("/units/import", requires=SETTINGS, request_max_body_size=MAX_BYTES + 100_000)
async def upload(
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter the units of a file; with a bad row none."""
    texts = {name: value for name, value in data.items() if isinstance(value, str)}
    cleaned = read((await _fields(actor))[:1], texts)
    problems: dict[str, Any] = dict(cleaned.problems)
    file = data.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        problems["file"] = N_("Please choose a file.")
    if problems:
        return await _page(actor, texts, problems)
    site_id = uuid_in(cleaned.values, "site")
    if site_id is None:
        raise NotFoundError
    try:
        rows = await importing.check(content, site_id)
    except SheetFileError as error:
        return await _page(actor, texts, {"file": error.message})
    if any(row.problems for row in rows):
        return await _page(actor, texts, {}, rows)
    entered = await importing.enter(rows, site_id, actor=actor, at=now)
    flash("success", N_("Units entered: {number}.", number=entered))
    return Redirect("/government/units", status_code=303)


router = Router(path="/government", route_handlers=[show, template, upload])
