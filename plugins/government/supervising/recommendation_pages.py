"""The three recommendations: listed, made, and answered in writing by their unit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.inputs import Flash, Form, Query, day_in, number_in, typed, uuid_in
from plugins.government.rights import UNIT
from plugins.government.supervising import forms, papers, queries, recommending
from plugins.government.supervising.facts import FEEDBACKS, RECOMMENDATIONS
from plugins.government.supervising.rights import SEE, SUPERVISE
from plugins.government.units import queries as units
from plugins.government.units.facts import CITY, COUNTY, COUNTY_OFFICE, DEPARTMENT


async def _fields(actor: Actor) -> list[Any]:
    found = await units.units(COUNTY, COUNTY_OFFICE, DEPARTMENT, CITY)
    return forms.recommend(
        [(one.id, one.name) for one in found if actor.may_at(SUPERVISE, one.site_id)]
    )


@get("/supervising/recommendations", requires=(SEE, UNIT))
async def show(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """List the recommendations and their feedback."""
    return await _list(actor, now, page=number_in(typed(request), "page"))


async def _list(
    actor: Actor,
    now: datetime,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Any] | None = None,
    failed: UUID | None = None,
    page: int = 1,
    status: int = 200,
) -> Template:
    lines, total = await queries.recommendations(actor, page=page)
    own = await units.units_of(actor) if actor.may(UNIT) else ()
    rules = (await clocks.in_force(now)).values
    begin = {"due_on": forms.later(site_time(now).date(), rules.supervise_days)}
    return Template(
        "government/supervising/recommendations.html",
        context={
            "lines": lines,
            "page": page,
            "pages": max(1, -(-total // queries.PAGE)),
            "total": total,
            "query": {},
            "kinds": RECOMMENDATIONS,
            "feedbacks": FEEDBACKS,
            "fields_": await _fields(actor) if actor.may(SUPERVISE) else [],
            "feedback_fields": forms.FEEDBACK,
            "values": values if values is not None else begin,
            "errors": errors or {},
            "failed": failed,
            "today": site_time(now).date(),
            "may_make": actor.may(SUPERVISE),
            "letters": {one.id for one in lines if actor.may_at(SUPERVISE, one.site_id)},
            "may_answer": {
                one.id
                for one in lines
                if actor.may_at(SUPERVISE, one.site_id) or one.unit_id in own
            },
        },
        status_code=status,
    )


@post("/supervising/recommendations", requires=SUPERVISE)
async def make(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Make a recommendation to a unit."""
    cleaned = read(await _fields(actor), data)
    unit_id = uuid_in(cleaned.values, "unit")
    try:
        if cleaned.problems or unit_id is None:
            raise InvalidInputError(cleaned.problems)
        unit = await units.unit(unit_id)
        if not actor.may_at(SUPERVISE, unit.site_id):
            raise NotFoundError
        await recommending.recommend(
            site_id=unit.site_id,
            unit_id=unit_id,
            kind=cleaned.values["kind"],
            text=cleaned.values["text"],
            due_on=day_in(cleaned.values, "due_on"),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _list(actor, now, values=cleaned.values, errors=error.problems, status=422)
    flash("success", N_("The recommendation is made and its letter numbered: print it."))
    return Redirect("/government/supervising/recommendations", status_code=303)


@post("/supervising/recommendations/{recommendation_id:uuid}", requires=(SUPERVISE, UNIT))
async def answer(
    recommendation_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take a unit's feedback on a recommendation."""
    cleaned = read(forms.FEEDBACK, data)
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        await recommending.give_feedback(
            recommendation_id,
            feedback=cleaned.values["feedback"],
            text=cleaned.values["feedback_text"],
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _list(
            actor, now, values=cleaned.values, errors=error.problems, failed=recommendation_id,
            status=422,
        )  # fmt: skip
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("The feedback is written down."))
    return Redirect("/government/supervising/recommendations", status_code=303)


@post("/supervising/recommendations/{recommendation_id:uuid}/paper", requires=SUPERVISE)
async def print_letter(
    recommendation_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Issue the letter of a recommendation that has none."""
    try:
        made = await papers.issue(recommendation_id, actor=actor, at=now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect("/government/supervising/recommendations", status_code=303)
    return Redirect(f"/documents/{made}", status_code=303)


router = Router(path="/government", route_handlers=[show, make, answer, print_letter])
