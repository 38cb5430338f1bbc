"""A petitioner's page with all their items; records that may be one person's, joined and parted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.visitors.forms import SEXES
from plugins.government import facts
from plugins.government.inputs import Flash, Form, Query, typed, uuid_in
from plugins.government.joining import forms, policies, queries, services
from plugins.government.joining.facts import SIGNS, Entry
from plugins.government.joining.knowing import moved_of
from plugins.government.matters import states
from plugins.government.people import services as people
from plugins.government.rights import JOIN, READ, REGISTER
from plugins.government.secrecy import belonging, guarding

PATH = "/government/petitioners"
_REPEAT = "repeat:"  # and an item's id: the box that has it counted as repeated
_WORDS = {
    "stages": states.STAGES,
    "sexes": dict(SEXES),
    "belongings": facts.BELONGINGS,
    "signs": SIGNS,
}


@get("/petitioners", requires=JOIN)
async def show_twins(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None] | Template:
    """List records that may be one person's; or find two by the numbers of their items."""
    query = typed(request)
    problems: dict[str, Message] = {}
    if "first" in query or "other" in query:
        cleaned = read(forms.FIND, query)
        problems = dict(cleaned.problems)
        found = {
            field.name: await queries.by_item(cleaned.values[field.name], actor, now)
            for field in forms.FIND
            if field.name not in problems
        }
        for name, one in found.items():
            if one is None:
                problems[name] = N_("No item with a named petitioner has this number.")
        if not problems and found["first"] == found["other"]:
            problems["other"] = N_("Both items are of the same record already.")
        if not problems:
            return Redirect(f"{PATH}/join?one={found['first']}&other={found['other']}")
    return Template(
        "government/joining/list.html",
        context={
            "pairs": await queries.twins(actor, now),
            "find": forms.FIND,
            "values": query,
            "errors": problems,
            **_WORDS,
        },
        status_code=422 if problems else 200,
    )


@get("/petitioners/{petitioner_id:uuid}", requires=READ)
async def show(
    petitioner_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None] | Template:
    """Show a petitioner with the items one may see; an old address leads to the record that stayed."""
    gone = await guarding.hidden(belonging.PETITIONER, [str(petitioner_id)], actor, now)
    if gone:
        raise NotFoundError
    current = await people.current(petitioner_id)
    entry = await queries.entry(current, actor, now)
    if current != petitioner_id:
        return Redirect(f"{PATH}/{current}", status_code=303)
    may_join = actor.may(JOIN)
    return Template(
        "government/joining/petitioner.html",
        context={
            "entry": entry,
            "twins": await queries.twins_of(entry.id, actor, now) if may_join else [],
            "joinings": await queries.joinings(entry.id, actor, now),
            "may_join": may_join,
            "may_register": actor.may(REGISTER),
            **_WORDS,
        },
    )


@get("/petitioners/join", requires=JOIN)
async def show_join(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Response[None] | Template:
    """Show two records side by side and what joining them moves."""
    query = typed(request)
    try:
        return await _join_page(query, {}, actor, now)
    except WrongStateError:
        found = uuid_in(query, "one")
        return Redirect(f"{PATH}/{found}" if found else PATH, status_code=303)


async def _join_page(
    data: Mapping[str, Any], errors: Mapping[str, Message], actor: Actor, now: datetime
) -> Template:
    one, other = await _entries(data, actor, now)
    kept, joined = policies.stays(one, other)
    if policies.may_choose(one, other) and uuid_in(data, "keep") == joined.id:
        kept, joined = joined, kept
    return Template(
        "government/joining/join.html",
        context={
            "one": one,
            "other": other,
            "kept": kept,
            "joined": joined,
            "may_choose": policies.may_choose(one, other),
            "confidential": not (one.whole or other.whole),
            "gaps": policies.gaps(kept.person, joined.person) if joined.whole else {},
            "contradict": policies.contradicts(one.person, other.person),
            "repeats": policies.repeats(one, other),
            "field_": forms.REASON,
            "values": data,
            "errors": errors,
            **_WORDS,
        },
        status_code=422 if errors else 200,
    )


async def _entries(data: Mapping[str, Any], actor: Actor, now: datetime) -> tuple[Entry, Entry]:
    """Return the two records that a form names; WrongStateError where they are one by now."""
    found = [uuid_in(data, name) for name in ("one", "other")]
    ids = [await people.current(one) for one in found if one is not None]
    if len(ids) != len(found):
        raise NotFoundError
    if ids[0] == ids[1]:
        raise WrongStateError(N_("These are one and the same record."))
    return await queries.entry(ids[0], actor, now), await queries.entry(ids[1], actor, now)


@post("/petitioners/join", requires=JOIN)
async def join(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Join two records: the one chosen stays."""
    chosen = [uuid_in({"id": name.removeprefix(_REPEAT)}, "id") for name in data if _REPEAT in name]
    repeated = [one for one in chosen if one is not None]
    try:
        one, other = await _entries(data, actor, now)
        keep = uuid_in(data, "keep")
        if keep not in (one.id, other.id):
            raise InvalidInputError({"keep": N_("Choose which record stays.")})
        kept, joined = (one, other) if keep == one.id else (other, one)
        await services.join(
            kept.id,
            joined.id,
            reason=data.get("reason", ""),
            repeated=repeated,
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _join_page(data, error.problems, actor, now)
    except RefusedError as error:
        return await _join_page(data, {"": error.message}, actor, now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(PATH, status_code=303)
    flash("success", N_("The records are joined: everything hangs on one now."))
    return Redirect(f"{PATH}/{kept.id}", status_code=303)


@get("/petitioners/joinings/{joining_id:uuid}", requires=JOIN)
async def show_part(
    joining_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show what parting two records again would do."""
    return await _part_page(joining_id, {}, {}, actor, now)


async def _part_page(
    joining_id: UUID,
    data: Mapping[str, Any],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
) -> Template:
    row = await services.taken(joining_id, actor, now)
    back = {one.id for one in await queries.seen(moved_of(row), actor, now)}
    entry = await queries.entry(row["kept"], actor, now)
    return Template(
        "government/joining/part.html",
        context={
            "joining": row,
            "entry": entry,
            "back": [line for line in entry.matters if line.id in back],
            "stay": [line for line in entry.matters if line.id not in back],
            "field_": forms.PART_REASON,
            "values": data,
            "errors": errors,
            **_WORDS,
        },
        status_code=422 if errors else 200,
    )


@post("/petitioners/joinings/{joining_id:uuid}", requires=JOIN)
async def part(
    joining_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Part two records again."""
    kept: UUID = (await services.taken(joining_id, actor, now))["kept"]
    try:
        parted = await services.part(joining_id, reason=data.get("reason", ""), actor=actor, at=now)
    except InvalidInputError as error:
        return await _part_page(joining_id, data, error.problems, actor, now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect(f"{PATH}/{await people.current(kept)}", status_code=303)
    flash("success", N_("The records are parted again. What came since stays where it is."))
    return Redirect(f"{PATH}/{parted}", status_code=303)


router = Router(
    path="/government", route_handlers=[show_twins, show, show_join, join, show_part, part]
)
