"""Pages of review, more time and closing: reasons of delay read, the file of final items, the acts."""

from datetime import datetime
from itertools import chain
from uuid import UUID

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from core.errors import WrongStateError
from core.i18n import N_
from core.permissions import Actor
from plugins.government.act_pages import routes_of
from plugins.government.inputs import Flash, Form
from plugins.government.matters import access
from plugins.government.opinions import closing, extending, review_acts
from plugins.government.opinions.facts import FILING
from plugins.government.rights import HANDLE


@post("/delays/{delay_id:uuid}/seen", requires=HANDLE)
async def seen(
    delay_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note that the office has read a reason of delay."""
    matter_id = await extending.see_delay(delay_id, actor=actor, at=now)
    flash("success", N_("Noted as read."))
    return Redirect(f"/government/matters/{matter_id}#time", status_code=303)


@post("/matters/{matter_id:uuid}/filing", requires=HANDLE)
async def filing(
    matter_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Keep what was found in the file of a final item."""
    await access.require(matter_id, actor, now)
    ticked = [name for name in FILING if data.get(name)]
    try:
        complete = await closing.confirm_filing(matter_id, ticked, actor=actor, at=now)
    except WrongStateError as error:
        flash("error", error.message)
    else:
        if complete:
            flash("success", N_("The file is complete: the item can be closed."))
        else:
            flash("warning", N_("Kept. Something is still missing."))
    return Redirect(f"/government/matters/{matter_id}#closing", status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        *(seen, filing),
        *chain.from_iterable(routes_of(page) for page in review_acts.PAGES),
    ],
)
