"""The page on which one unit is urged about several items at once (GOV-29)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.errors import InvalidInputError, NotFoundError
from core.forms import read
from core.i18n import N_
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import clocks
from plugins.government.inputs import Flash, Form, Query, day_in, typed, uuid_in
from plugins.government.rights import HANDLE
from plugins.government.supervising import forms, urging_several
from plugins.government.supervising.facts import LATE, LISTS
from plugins.government.supervising.rights import SUPERVISE
from plugins.government.units import queries as units

PATH = "/government/supervising"
_ITEM = "item:"  # and an item's id: the box that has it among those urged


def _by_unit(texts: Sequence[str]) -> dict[UUID, list[UUID]]:
    """Return the items that were ticked, by the unit that is urged; `unit.item` each."""
    found: dict[UUID, list[UUID]] = {}
    for text in texts[: urging_several.MOST]:
        unit, _, matter = text.partition(".")
        unit_id, matter_id = uuid_in({"id": unit}, "id"), uuid_in({"id": matter}, "id")
        if unit_id is not None and matter_id is not None:
            found.setdefault(unit_id, []).append(matter_id)
    return found


@get("/supervising/urge", requires=(HANDLE, SUPERVISE))
async def show(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Show the form for the items that were ticked, one unit at a time."""
    chosen = _by_unit([str(one) for one in request.query_params.getall("item", [])])
    listed = typed(request).get("list", LATE)
    listed = listed if listed in LISTS else LATE
    if not chosen:
        flash("info", N_("Tick the items first, then urge about them together."))
        return Redirect(f"{PATH}?list={listed}", status_code=303)
    first, *others = chosen
    rules = (await clocks.in_force(now)).values
    values = {
        "means": "letter",
        "answer_by": forms.later(site_time(now).date(), rules.urge_answer_days),
    }
    return await _page(
        first,
        chosen[first],
        {**values, **{f"{_ITEM}{one}": "yes" for one in chosen[first]}},
        {},
        actor,
        now,
        listed=listed,
        others=[(await units.unit(one), chosen[one]) for one in others],
    )


async def _page(
    unit_id: UUID,
    items: Sequence[UUID],
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    listed: str,
    others: Sequence[Any] = (),
) -> Template:
    lines = await urging_several.lines(unit_id, items, actor, now)
    if not lines:
        raise NotFoundError
    return Template(
        "government/supervising/urge_several.html",
        context={
            "unit": await units.unit(unit_id),
            "lines": lines,
            "others": others,
            "rest": " ".join(f"{other.id}.{one}" for other, own in others for one in own)
            or values.get("rest", ""),
            "listed": listed,
            "fields_": forms.urge_several(),
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/supervising/urge", requires=(HANDLE, SUPERVISE))
async def urge(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Urge a unit about all items whose box is ticked."""
    unit_id = uuid_in(data, "unit")
    if unit_id is None:
        raise NotFoundError
    named = [uuid_in({"id": one}, "id") for one in data.get("shown", "").split()]
    items = [one for one in named if one is not None][: urging_several.MOST]
    ticked = [one for one in items if data.get(f"{_ITEM}{one}")]
    listed = data.get("list", LATE) if data.get("list") in LISTS else LATE
    cleaned = read(forms.urge_several(), data)
    try:
        if cleaned.problems:
            raise InvalidInputError(cleaned.problems)
        if not ticked:
            raise InvalidInputError({"": N_("Tick at least one item.")})
        count = await urging_several.urge(
            unit_id,
            ticked,
            means=cleaned.values["means"],
            text=cleaned.values["text"],
            spoke_with=cleaned.values["spoke_with"],
            answer_by=day_in(cleaned.values, "answer_by"),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _page(unit_id, items, data, error.problems, actor, now, listed=listed)
    flash("success", N_("Urged about {count} items; each has its entry.", count=count))
    rest = _by_unit(data.get("rest", "").split())
    if rest:
        more = "".join(f"&item={unit}.{one}" for unit, own in rest.items() for one in own)
        return Redirect(f"{PATH}/urge?list={listed}{more}", status_code=303)
    return Redirect(f"{PATH}?list={listed}", status_code=303)


router = Router(path="/government", route_handlers=[show, urge])
