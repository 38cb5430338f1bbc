"""The tree of subjects: shown, entered, named anew, switched off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, WrongStateError
from core.forms import Field, read
from core.i18n import N_
from core.permissions import Actor
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.rights import SETTINGS
from plugins.government.subjects import queries, services

PATH = "/government/subjects"
NAME = Field(name="name", label=N_("Name of the subject"), required=True, max_length=60)


async def _fields() -> tuple[Field, ...]:
    above = [(str(s.id), s.full) for s in await queries.tree() if s.level < services.LEVELS]
    return (
        NAME,
        Field(
            name="parent",
            label=N_("Belongs to"),
            kind="select",
            options=above,
            help=N_("Empty: a subject of the first level"),
        ),
        Field(
            name="code",
            label=N_("Code"),
            max_length=10,
            help=N_("Empty: the next number"),
        ),
    )


async def _page(
    values: dict[str, Any],
    errors: dict[str, Any],
    status: int = 200,
    *,
    changing: UUID | None = None,
) -> Template:
    return Template(
        "government/subjects/list.html",
        context={
            "subjects": await queries.tree(active_only=False),
            "fields_": await _fields(),
            "values": values,
            "errors": errors,
            "changing": changing,
        },
        status_code=status,
    )


@get("/subjects", requires=SETTINGS)
async def show_all() -> Template:
    """Show the tree."""
    return await _page({}, {})


@post("/subjects", requires=SETTINGS)
async def add(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Enter a subject, or the usual tree where there is none yet."""
    if data.get("do") == "usual":
        try:
            await services.enter_usual(actor=actor, at=now)
        except WrongStateError as error:
            flash("warning", error.message)
        else:
            flash("success", N_("The usual subjects were entered. Change what your office needs."))
        return Redirect(PATH, status_code=303)
    cleaned = read(await _fields(), data)
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        await services.add(
            cleaned.values["name"],
            parent_id=uuid_in(cleaned.values, "parent"),
            code=cleaned.values["code"],
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _page(dict(cleaned.values), dict(error.problems), 422)
    flash("success", N_("The subject was entered."))
    return Redirect(PATH, status_code=303)


@post("/subjects/{subject_id:uuid}", requires=SETTINGS)
async def change(
    subject_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Name a subject anew, switch it off or on."""
    cleaned = read((NAME,), data)
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        await services.change(
            subject_id,
            name=cleaned.values["name"],
            active=data.get("do") != "off",
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _page(dict(cleaned.values), dict(error.problems), 422, changing=subject_id)
    flash("success", N_("The subject was changed."))
    return Redirect(f"{PATH}#s-{subject_id}", status_code=303)


router = Router(path="/government", route_handlers=[show_all, add, change])
