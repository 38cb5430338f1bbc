"""Taking over items of other platforms from a file: upload, preview, apply (GOV-6)."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import DomainError, InvalidInputError, NotFoundError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.sheets.files import MAX_BYTES
from core.sheets.labelled import FILE
from plugins.government import facts
from plugins.government.inputs import Flash, Form, Query, number_in, typed
from plugins.government.intake import forms, import_words, importing
from plugins.government.intake.desk_pages import place_of
from plugins.government.intake.entry_pages import Upload
from plugins.government.rights import REGISTER

PATH = "/government/online"
PAGE = 100


async def _page(
    query: Mapping[str, str], actor: Actor, values: Mapping[str, str], errors: Mapping[str, Message]
) -> Template:
    place = await place_of(actor, query)
    return Template(
        "government/intake/online.html",
        context={
            "site": place.site,
            "imports": await importing.imports(place.site.id),
            "fields_": (forms.PLATFORM, FILE),
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@get("/online", requires=REGISTER)
async def show_all(request: Query, actor: NamedDependency[Actor]) -> Template:
    """Show the form to upload a file, and the latest files."""
    return await _page(typed(request), actor, {}, {})


@get("/online/template.csv", requires=REGISTER)
async def template() -> Response[bytes]:
    """Give an empty file with the columns that are understood."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([names[0] for names in importing.COLUMNS.values()])
    return Response(
        b"\xef\xbb\xbf" + text.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="petitions.csv"'},
    )


@post("/online", requires=REGISTER, request_max_body_size=MAX_BYTES + 100_000)
async def upload(
    data: Upload, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None] | Template:
    """Read a file and go to its preview."""
    texts = {name: str(value) for name, value in data.items() if isinstance(value, str)}
    cleaned = read((forms.PLATFORM,), texts)
    problems: dict[str, Any] = dict(cleaned.problems)
    file = data.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        problems["file"] = N_("Please choose a file.")
    place = await place_of(actor, texts)
    if problems:
        return await _page(texts, actor, texts, problems)
    try:
        import_id = await importing.read(
            content,
            file.filename if isinstance(file, UploadFile) else "",
            cleaned.values["platform"],
            site_id=place.site.id,
            actor=actor,
            at=now,
        )
    except NotFoundError:
        raise
    except DomainError as error:
        return await _page(texts, actor, texts, {"file": error.message})
    return Redirect(f"{PATH}/{import_id}", status_code=303)


@get("/online/{import_id:uuid}", requires=REGISTER)
async def show(
    request: Query, import_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Template:
    """Show what a file would register, row by row; those with something wrong come first."""
    return await _preview(import_id, actor, number_in(typed(request), "page"), {}, {})


async def _preview(
    import_id: UUID,
    actor: Actor,
    page: int,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
) -> Template:
    entry, rows = await importing.preview(import_id, actor)
    known = await import_words.words(entry.site)
    unknown = known.unknown([row.values for row in rows if row.good])
    shown = sorted(rows, key=lambda row: (not row.problems, row.line))
    return Template(
        "government/intake/online_preview.html",
        context={
            "entry": entry,
            "rows": [(row, _meant(row, known)) for row in shown[(page - 1) * PAGE : page * PAGE]],
            "unknown": unknown,
            "offered": known.offered,
            "kinds": import_words.LABELS,
            "purposes": facts.PURPOSES,
            "values": values,
            "errors": errors,
            "total": len(rows),
            "page": page,
            "pages": max(1, -(-len(rows) // PAGE)),
            "good": sum(row.good for row in rows),
            "taken": sum(row.taken for row in rows),
            "labels": {field.name: field.label for field in importing.FIELDS},
        },
        status_code=422 if errors else 200,
    )


def _meant(row: importing.Row, known: import_words.Words) -> dict[str, str]:
    """Return what the words of a row are called in the office; empty for one that it does not have."""
    return {
        kind: known.names[found]
        if (found := known.found(kind, row.values.get(kind, ""))) is not None
        else ""
        for kind in import_words.LABELS
    }


@post("/online/{import_id:uuid}", requires=REGISTER)
async def finish(
    import_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Redirect | Template:
    """Register the good rows, or let the file go."""
    try:
        if data.get("do") == "discard":
            await importing.discard(import_id, actor=actor, at=now)
            flash("success", N_("The file was let go; nothing was registered."))
        else:
            good, bad = await importing.apply(import_id, data, actor=actor, at=now, plugins=plugins)
            flash("success", N_("Registered: {good}. Left out: {bad}.", good=good, bad=bad))
    except InvalidInputError as error:
        return await _preview(import_id, actor, 1, data, error.problems)
    except WrongStateError as error:
        flash("warning", error.message)
    return Redirect(PATH, status_code=303)


router = Router(path="/government", route_handlers=[show_all, template, upload, show, finish])
