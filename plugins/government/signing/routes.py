"""What waits for my signature: items to sign and to instruct on, good on a phone (GOV-19, GOV-30)."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.approvals import queries as approvals
from core.decisions import Deny, Hold
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleError,
    WrongStateError,
)
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import facts
from plugins.government.acts import routes_of
from plugins.government.handling import queries as handling
from plugins.government.inputs import Flash, Form, uuid_in
from plugins.government.matters import access, states
from plugins.government.matters import queries as matters
from plugins.government.rights import SIGN
from plugins.government.signing import policies, queries, services
from plugins.government.signing.acts import ACTS
from plugins.government.signing.facts import PHASES

OPINION = Field(
    name="opinion",
    label=N_("Opinion or instruction"),
    kind="textarea",
    max_length=2000,
    help=N_("Needed to reject or send back."),
)


@get("/signing", requires=SIGN)
async def show_all(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """List what waits for the reader's signature and instruction, the oldest first."""
    return Template(
        "government/signing/list.html",
        context={
            "to_sign": await queries.to_sign(actor, now),
            "to_instruct": await queries.to_instruct(actor, now),
            "others": await queries.others_to_sign(actor, now),
            "phases": PHASES,
            "stages": states.STAGES,
            "sources": facts.SOURCES,
        },
    )


@get("/signing/{request_id:uuid}", requires=SIGN)
async def show(
    request_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show one thing to sign with the item it is about."""
    return await _page(request_id, actor, now)


async def _page(
    request_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    refused: Deny | Hold | None = None,
) -> Template:
    signing = await queries.by_request(request_id)
    if signing is None:
        await access.nowhere(actor, now)
        raise NotFoundError
    matter = await matters.matter(signing.matter_id, actor, now)
    request = await approvals.shown(request_id, actor=actor, at=now)
    rounds = await queries.rounds(signing.matter_id)
    ordered = [one for one in await handling.forwardings(matter.id) if one.approval == request_id]
    stand_in = bool(request.open_seats) and request.open_seats[0][0] != actor.id
    return Template(
        "government/signing/sign.html",
        context={
            "signing": next(one for one in rounds if one.id == signing.id),
            "request_": request,
            "matter": matter,
            "line": matter.line,
            "sent": ordered[0] if ordered else None,
            "result": next(iter(await handling.results(matter.id)), None),
            "instructions": await queries.instructions(matter.id),
            "phases": PHASES,
            "said_words": policies.SAID,
            "stages": states.STAGES,
            "sources": facts.SOURCES,
            "purposes": facts.PURPOSES,
            "opinion": OPINION,
            "instead": request.open_seats if stand_in else (),
            "values": typed or {},
            "errors": problems or {},
            "refused": refused,
        },
        status_code=422 if problems or refused else 200,
    )


@post("/signing/{request_id:uuid}", requires=SIGN)
async def sign(
    request_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Sign, send back or reject."""
    choice, version = data.get("choice", ""), data.get("version", "")
    if choice not in policies.SAID:
        return await _page(
            request_id,
            actor,
            now,
            typed=data,
            problems={"": N_("Please choose one of the options.")},
        )
    try:
        await services.sign(
            request_id,
            choice,
            data.get("opinion", "")[: OPINION.max_length],
            actor=actor,
            at=now,
            plugins=plugins,
            instead_of=uuid_in(data, "instead_of"),
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except InvalidInputError as error:
        return await _page(request_id, actor, now, typed=data, problems=error.problems)
    except RefusedError as error:
        return await _page(request_id, actor, now, typed=data, refused=error.decision)
    except (StaleError, WrongStateError) as error:
        flash("warning", error.message)
        return Redirect("/government/signing", status_code=303)
    flash("success", policies.SAID[choice])
    return Redirect("/government/signing", status_code=303)


router = Router(
    path="/government",
    route_handlers=[
        show_all,
        show,
        sign,
        *chain.from_iterable(routes_of(act) for act in ACTS),
    ],
)
