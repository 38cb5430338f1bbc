"""Approvals as their administrator sees them: every open request, and who signs instead of whom."""

from collections.abc import Callable, Mapping
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from core.accounts import naming
from core.approvals import overview, queries, substitutes
from core.errors import DomainError, InvalidInputError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import Actor
from web.pages.approvals import SUBSTITUTE, dated

PRINCIPAL = Field(
    name="principal", label=N_("Name or login of who is away"), required=True, max_length=60
)
FIELDS = (PRINCIPAL, *SUBSTITUTE)
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/approvals/all", requires=queries.READ)
async def show(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """List the open requests, those that go no further by themselves first."""
    found = await overview.open_requests(actor, at=now)
    return Template(
        "approvals/all.html",
        context={
            "requests": found,
            "stuck": sum(one.stuck for one in found),
            "most": queries.MOST,
            "may_appoint": actor.may(queries.ADMIN),
        },
    )


@get("/approvals/substitutes/all", requires=queries.ADMIN)
async def show_substitutes(now: NamedDependency[datetime]) -> Template:
    """List who signs instead of whom, now and later."""
    return await _page(now, {}, {})


async def _page(
    now: datetime, values: Mapping[str, str], errors: Mapping[str, Message]
) -> Template:
    return Template(
        "approvals/substitutes.html",
        context={
            "substitutes": await substitutes.everybodys(at=now),
            "fields_": FIELDS,
            "values": values,
            "errors": errors,
        },
        status_code=422 if errors else 200,
    )


@post("/approvals/substitutes/others", requires=queries.ADMIN)
async def appoint(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Name a substitute for somebody who is away and cannot do it."""
    cleaned, days, problems = dated(FIELDS, data)
    principal, no_principal = await naming.meant(cleaned["principal"])
    known, unknown = await naming.meant(cleaned["login"])
    for name, problem in (("principal", no_principal), ("login", unknown)):
        if problem is not None:
            problems.setdefault(name, problem)
    if problems or principal is None or known is None:
        return await _page(now, data, problems)
    try:
        await substitutes.appoint(
            principal.id,
            known.id,
            first_day=days["first_day"],
            last_day=days["last_day"],
            reason=cleaned["reason"],
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _page(now, data, error.problems)
    except DomainError as error:
        return await _page(now, data, {"login": error.message})
    flash(
        "success",
        N_("{name} signs instead of {principal} on these days.",
           name=known.name, principal=principal.name),
    )  # fmt: skip
    return Redirect("/approvals/substitutes/all", status_code=303)


router = Router(path="", route_handlers=[show, show_substitutes, appoint])
