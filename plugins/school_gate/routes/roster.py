"""Importing rosters: upload, preview with errors by row, apply, what was left over (SCH-21)."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from core.errors import DomainError, NotFoundError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from core.sheets.files import MAX_BYTES
from core.text import guard_formula
from core.typed import number_in
from plugins.school_gate import roster_columns as columns
from plugins.school_gate.queries import rosters
from plugins.school_gate.registered import IMPORT_ROSTER
from plugins.school_gate.routes.inputs import Flash, Form, site_of
from plugins.school_gate.services import rosters as service

KINDS = {
    columns.PUPILS: N_("Pupils with their guardians"),
    columns.GUARDIANS: N_("Guardians of pupils"),
    columns.STAFF: N_("School staff"),
}
EFFECTS = {
    rosters.NEW: N_("New on the roster"),
    rosters.CHANGED: N_("Changed"),
    rosters.SAME: N_("Unchanged"),
}
FIELDS = {
    "grade": N_("Grade"),
    "class": N_("Class"),
    "name": N_("Name"),
    "sex": N_("Sex"),
    "boards": N_("Boarder"),
    "kind": N_("Kind"),
    "active": N_("On the roster"),
    "department": N_("Department"),
    "room": N_("Room"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "class_taught": N_("Class teacher of"),
}
KIND = Field(
    name="kind",
    label=N_("What the file holds"),
    kind="select",
    required=True,
    options=tuple(KINDS.items()),
)
FILE = Field(
    name="file",
    label=N_("File"),
    kind="file",
    required=True,
    help=N_("CSV (UTF-8 or GBK) or Excel .xlsx, at most 5 MB and 10,000 rows"),
)
ROWS = 100
Query = Request[Any, Any, Any]


async def _upload_page(
    request: Query, actor: Actor, kind: str, problems: dict[str, Message], status: int = 200
) -> Template:
    site, sites = await site_of(actor, request.query_params, IMPORT_ROSTER)
    return Template(
        "school_gate/roster.html",
        context={
            "fields_": (KIND, FILE),
            "values": {"kind": kind},
            "errors": problems,
            "site": site,
            "sites": sites,
            "imports": await rosters.imports(actor),
            "kinds": KINDS,
        },
        status_code=status,
    )


@get("/roster", requires=IMPORT_ROSTER)
async def show_all(request: Query, actor: NamedDependency[Actor]) -> Template:
    """Show the form to upload a roster, and the latest files."""
    return await _upload_page(request, actor, columns.PUPILS, {})


@post("/roster", requires=IMPORT_ROSTER, request_max_body_size=MAX_BYTES + 100_000)
async def upload(
    request: Query,
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[None] | Template:
    """Read a file and go to its preview; the roster stays as it is."""
    kind = str(data.get("kind", ""))
    file = data.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not isinstance(file, UploadFile) or not content:
        problem = {"file": N_("Please choose a file.")}
        return await _upload_page(request, actor, kind, problem, 422)
    site, _ = await site_of(actor, request.query_params, IMPORT_ROSTER)
    if site is None:
        raise NotFoundError
    try:
        import_id = await service.read(kind, site.id, file.filename, content, actor=actor, at=now)
    except NotFoundError:
        raise
    except DomainError as error:
        return await _upload_page(request, actor, kind, {"file": error.message}, 422)
    return Redirect(f"/school-gate/roster/{import_id}", status_code=303)


@get("/roster/{import_id:uuid}", requires=IMPORT_ROSTER)
async def show(
    request: Query, import_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Template:
    """Show what a file would do, row by row, or what it did."""
    entry = await rosters.import_of(import_id, actor)
    if entry.rows_cipher is None:
        return Template("school_gate/imported.html", context={"entry": entry, "kinds": KINDS})
    preview = await rosters.preview(import_id, actor)
    page = number_in(request.query_params, "page")
    good = [row for row in preview.checked.rows if row.good]
    return Template(
        "school_gate/preview.html"
        if entry.state == service.PREVIEW
        else "school_gate/imported.html",
        context={
            "entry": entry,
            "preview": preview,
            "good": good[(page - 1) * ROWS : page * ROWS],
            "total": len(good),
            "page": page,
            "pages": max(1, -(-len(good) // ROWS)),
            "query": {name: str(value) for name, value in request.query_params.items()},
            "kinds": KINDS,
            "effects": EFFECTS,
            "field_labels": FIELDS,
        },
    )


@post("/roster/{import_id:uuid}/apply", requires=IMPORT_ROSTER)
async def apply(
    import_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Apply a file's good rows, all or none."""
    try:
        entry = await service.apply(
            import_id, create_classes=bool(data.get("create_classes")), actor=actor, at=now
        )
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash(
            "success",
            N_(
                "Applied: {added} new, {changed} changed, {same} the same.",
                added=entry.added,
                changed=entry.changed,
                same=entry.same,
            ),
        )
    return Redirect(f"/school-gate/roster/{import_id}", status_code=303)


@post("/roster/{import_id:uuid}/discard", requires=IMPORT_ROSTER)
async def discard(
    import_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Let a file go that was not applied."""
    try:
        await service.discard(import_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The file is discarded; the roster is as it was."))
    return Redirect("/school-gate/roster", status_code=303)


@get("/roster/{import_id:uuid}/bad-rows.csv", requires=IMPORT_ROSTER)
async def bad_rows(
    import_id: FromPath[UUID], actor: NamedDependency[Actor], locale: NamedDependency[str]
) -> Response[bytes]:
    """Give the rows that are not good, as they were typed, with what is wrong in each."""
    preview = await rosters.preview(import_id, actor)
    top = [*preview.checked.header, N_("Row").translate(locale), N_("Problem").translate(locale)]
    rows = [
        [
            *(row.typed + [""] * (len(preview.checked.header) - len(row.typed))),
            str(row.row),
            "; ".join(
                f"{preview.title(key)}: {message.translate(locale)}"
                for key, message in row.problems
            ),
        ]
        for row in preview.bad
    ]
    return as_csv([top, *rows], "bad-rows.csv")


def as_csv(rows: Sequence[Sequence[str]], name: str) -> Response[bytes]:
    """Return a CSV for Excel: with a mark of its encoding, and no cell that reads as a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([guard_formula(cell) for cell in row] for row in rows)
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        },
    )


@get("/roster/template/{kind:str}", requires=IMPORT_ROSTER)
async def template(kind: FromPath[str]) -> Response[bytes]:
    """Give a file with the columns of a kind of roster and an example, to be filled in."""
    if kind not in columns.TEMPLATES:
        raise NotFoundError
    return as_csv([columns.TEMPLATES[kind], columns.EXAMPLES[kind]], f"roster-{kind}.csv")


router = Router(
    path="/school-gate",
    route_handlers=[show_all, upload, show, apply, discard, bad_rows, template],
)
