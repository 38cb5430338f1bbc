"""Accounts from a file, for administrators: the form, what is wrong row by row, the first passwords."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Template

from core.accounts import importing
from core.accounts.actors import ADMIN, refuse_local
from core.i18n import N_, Message
from core.permissions import Actor
from core.sheets.files import MAX_BYTES, SheetFileError
from core.sheets.labelled import FILE
from core.sheets.labelled import template as empty_file
from core.sites import queries as sites
from web.sessions import Authentication

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/users/import", requires=ADMIN)
async def show(
    actor: NamedDependency[Actor], authentication: NamedDependency[Authentication]
) -> Template:
    """Show the form, with what may stand in its columns."""
    refuse_local(actor)
    return await _page(actor, authentication)


@get("/users/import/template.csv", requires=ADMIN)
async def template(locale: NamedDependency[str]) -> Response[bytes]:
    """Give an empty file with the columns."""
    return Response(
        empty_file(importing.FIELDS, locale),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="users.csv"'},
    )


@post("/users/import", requires=ADMIN, request_max_body_size=MAX_BYTES + 100_000)
async def upload(
    data: Upload,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    authentication: NamedDependency[Authentication],
) -> Template:
    """Make the accounts of a file and show their first passwords, once; with a bad row make none."""
    refuse_local(actor)
    file = data.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        problem = {"file": N_("Please choose a file.")}
        return await _page(actor, authentication, errors=problem)
    places = {word: site.id for site in await sites.sites(actor) for word in (site.name, site.code)}
    try:
        rows = await importing.check(content, known_roles=authentication.roles, sites=places)
    except SheetFileError as error:
        return await _page(actor, authentication, errors={"file": error.message})
    if any(row.problems for row in rows):
        return await _page(actor, authentication, rows=rows)
    made = await importing.make(rows, actor=actor, at=now, known_roles=authentication.roles)
    return Template("users/imported.html", context={"made": made, "roles": authentication.roles})


async def _page(
    actor: Actor,
    authentication: Authentication,
    *,
    rows: Sequence[importing.Row] = (),
    errors: dict[str, Message] | None = None,
) -> Template:
    return Template(
        "users/import.html",
        context={
            "fields_": (FILE,),
            "errors": errors or {},
            "bad": [row for row in rows if row.problems],
            "total": len(rows),
            "labels": {one.name: one.label for one in importing.FIELDS},
            "roles": authentication.roles,
            "sites": await sites.sites(actor),
        },
        status_code=422 if errors or rows else 200,
    )


router = Router(path="", route_handlers=[show, template, upload])
