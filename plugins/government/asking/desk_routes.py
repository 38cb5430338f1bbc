"""Asking at the desk with document and receipt, and the acts of this room on an item."""

from datetime import datetime
from itertools import chain
from typing import Any

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.response import Template

from core.forms import read
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.government.act_pages import routes_of
from plugins.government.asking import acts, checking, forms, queries
from plugins.government.asking.facts import SCORES, TARGETS
from plugins.government.facts import MATTER
from plugins.government.inputs import Form
from plugins.government.matters import access
from plugins.government.rights import HANDLE

_WRONG = N_("The code or the last four signs are wrong. Look at your receipt, or ask at the desk.")


@get("/asking", requires=HANDLE)
async def ask_form() -> Template:
    """Show the form of asking at the desk, by document and receipt."""
    return _asked({}, {}, None)


def _asked(values: dict[str, str], errors: dict[str, Any], shown: object) -> Template:
    return Template(
        "government/asking/desk.html",
        context={
            "fields_": forms.ASK,
            "values": values,
            "errors": errors,
            "shown": shown,
            "targets": TARGETS,
            "scores": SCORES,
        },
        status_code=422 if errors else 200,
    )


@post("/asking", requires=HANDLE)
async def ask(
    data: Form, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Tell at the desk where an item stands; that somebody asked is logged."""
    cleaned = read(forms.ASK, data)
    if cleaned.problems:
        return _asked(data, dict(cleaned.problems), None)
    matter_id = await checking.found(cleaned.values["code"], cleaned.values["tail"])
    if matter_id is None or not await access.visible(matter_id, actor, now):
        return _asked(data, {"": _WRONG}, None)
    shown = await queries.shown(matter_id, at=now)
    await record(actor, "government.asked", MATTER, matter_id, at=now)
    return _asked({}, {}, shown)


router = Router(
    path="/government",
    route_handlers=[ask_form, ask, *chain.from_iterable(routes_of(page) for page in acts.PAGES)],
)
