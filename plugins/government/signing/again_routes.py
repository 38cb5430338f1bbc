"""The page on which the writer words anew what the signers sent back, and submits it again."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.approvals import remarks
from core.decisions import Deny, Hold
from core.errors import InvalidInputError, RefusedError, WrongStateError
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government.inputs import Flash, Form
from plugins.government.matters import queries as matters
from plugins.government.rights import HANDLE, UNIT
from plugins.government.signing import policies, rewording, wordings
from plugins.government.supervising.rights import SUPERVISE

WRITERS = (HANDLE, UNIT, SUPERVISE)


async def _page(
    found: rewording.Returned,
    actor: Actor,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    refused: Deny | Hold | None = None,
) -> Template:
    matter = await matters.matter(found.read.matter_id, actor, now)
    return Template(
        "government/signing/again.html",
        context={
            "found": found,
            "line": matter.line,
            "votes": (await remarks.votes([found.request])).get(found.request, ()),
            "said_words": policies.SAID,
            "earlier": await wordings.of_request(found.request),
            "values": found.form.values if typed is None else typed,
            "errors": problems or {},
            "refused": refused,
        },
        status_code=422 if problems or refused else 200,
    )


@get("/signing/{request_id:uuid}/again", requires=WRITERS)
async def show(
    request_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Show what was sent back, why, and the form to word it anew."""
    try:
        return await _page(await rewording.returned(request_id, actor, now), actor, now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect("/approvals", status_code=303)


@post("/signing/{request_id:uuid}/again", requires=WRITERS)
async def put_right(
    request_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take the new wording and submit it again."""
    try:
        found = await rewording.returned(request_id, actor, now)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect("/approvals", status_code=303)
    try:
        cleaned = read(found.form.fields, data)
        if cleaned.problems:
            return await _page(found, actor, now, typed=data, problems=cleaned.problems)
        await rewording.put_right(request_id, cleaned.values, actor=actor, at=now, plugins=plugins)
    except InvalidInputError as error:
        return await _page(found, actor, now, typed=data, problems=error.problems)
    except RefusedError as error:
        return await _page(found, actor, now, typed=data, refused=error.decision)
    except WrongStateError as error:
        flash("warning", error.message)
        return Redirect("/approvals", status_code=303)
    flash("success", N_("Submitted again: every step signs anew."))
    return Redirect(found.url, status_code=303)


router = Router(path="/government", route_handlers=[show, put_right])
