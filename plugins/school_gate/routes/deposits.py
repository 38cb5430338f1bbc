"""Things kept at the lodge: told of, handed out, put away; the teacher's list (SCH-10)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import clock, signatures
from core.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    WrongStateError,
)
from core.forms import Field, read
from core.gate.photos import photo_path
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from core.text import TextError
from core.typed import number_in
from plugins.school_gate import forms
from plugins.school_gate.deposit_policies import (
    DISPOSED,
    KEPT,
    KINDS,
    MEAL,
    RETURNED,
    STATES,
    is_collection_time,
    said_hours,
)
from plugins.school_gate.lodge_registered import KEEP_DEPOSITS
from plugins.school_gate.papers.parts import PAPERS
from plugins.school_gate.queries import deposits
from plugins.school_gate.queries.deposits import DepositFilter
from plugins.school_gate.registered import OWN_CLASS
from plugins.school_gate.routes.deposits_taken_in import BASE, Query, new, take_in
from plugins.school_gate.routes.inputs import Flash, Form
from plugins.school_gate.routes.lodge_pages import paper_answer, rules_at
from plugins.school_gate.services import deposits as service
from plugins.school_gate.services import lodge_papers

MEANS = Field(
    name="means", label=N_("How"), kind="select", required=True, options=tuple(service.TOLD.items())
)
WHY_NOW = Field(name="reason", label=N_("Why at another time"), max_length=200)
WHY = Field(name="reason", label=N_("Reason"), required=True, max_length=200)


@get("/deposits", requires=KEEP_DEPOSITS)
async def show_all(
    request: Query,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """List what is at the lodge, the longest kept first; also what left it."""
    query = {name: str(value) for name, value in request.query_params.items()}
    rules = await rules_at(now)
    page = number_in(query, "page")
    wanted = DepositFilter(
        text=query.get("q", "").strip()[:100],
        state=query.get("state", KEPT),
        kind=query.get("kind", ""),
    )
    found, total = await deposits.deposits(actor, wanted, at=now, rules=rules, page=page)
    return Template(
        "school_gate/deposits.html",
        context={
            "deposits": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // deposits.PAGE)),
            "query": {"state": KEPT} | query,
            "states": [("overdue", N_("Overdue")), *STATES.items()],
            "state_names": STATES,
            "kinds": KINDS,
            "counts": await deposits.counts(actor, at=now, rules=rules),
            "hours": said_hours(rules),
            "is_open": is_collection_time(clock.local(now, settings.zone), rules),
        },
    )


# -- one of them


@get("/deposits/{deposit_id:uuid}", requires=KEEP_DEPOSITS)
async def show(
    deposit_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Template:
    """Show one, and what may be done with it now."""
    return await _page(deposit_id, actor, now, settings)


async def _page(
    deposit_id: UUID,
    actor: Actor,
    now: datetime,
    settings: Settings,
    *,
    where: str = "",
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, Message] | None = None,
    refused: RefusedError | None = None,
) -> Template:
    rules = await rules_at(now)
    line = await deposits.deposit(deposit_id, actor, at=now, rules=rules)
    return Template(
        "school_gate/deposit.html",
        context={
            "deposit": line,
            "photo": photo_path(line.photo),
            "kinds": KINDS,
            "state_names": STATES,
            "signings": service.SIGNINGS,
            "told_names": service.TOLD,
            "relation_label": forms.relation_label,
            "hours": said_hours(rules),
            "is_open": line.kind == MEAL
            or is_collection_time(clock.local(now, settings.zone), rules),
            "is_meal": line.kind == MEAL,
            "means": MEANS,
            "why_now": WHY_NOW,
            "why": WHY,
            "where": where,
            "values": values or {},
            "errors": problems or {},
            "refused": refused.decision if refused else None,
        },
        status_code=422 if problems or refused else 200,
    )


@post("/deposits/{deposit_id:uuid}/told", requires=(KEEP_DEPOSITS, OWN_CLASS))
async def told(
    deposit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Note that the pupil knows."""
    back = BASE if actor.may(KEEP_DEPOSITS) else "/school-gate/my-deposits"
    try:
        await service.told(deposit_id, data.get("means", ""), actor=actor, at=now)
    except (InvalidInputError, WrongStateError) as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Noted: the pupil knows."))
    if back == BASE:
        back = f"{BASE}/{deposit_id}"
    return Redirect(back, status_code=303)


@post("/deposits/{deposit_id:uuid}/collect", requires=KEEP_DEPOSITS)
async def collect(
    deposit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Hand it to the pupil, who signs."""
    typed = read((WHY_NOW,), data)
    problems = dict(typed.problems)
    signature = ""
    try:
        signature = signatures.clean(data.get("signature", ""))
    except TextError as error:
        problems["signature"] = error.message
    if problems:
        return await _page(
            deposit_id, actor, now, settings, where="collect", values=data, problems=problems
        )
    signing = data.get("signing", "") or (service.SCREEN if signature else "")
    try:
        await service.hand_out(
            deposit_id,
            signing=signing if signing in service.SIGNINGS else "",
            signature=signature,
            reason=typed.values["reason"],
            actor=actor,
            at=now,
        )
    except RefusedError as error:
        return await _page(
            deposit_id, actor, now, settings, where="collect", values=data, refused=error
        )
    except WrongStateError as error:
        flash("warning", error.message)
    else:
        flash("success", N_("Handed out."))
    return Redirect(f"{BASE}/{deposit_id}", status_code=303)


@post("/deposits/{deposit_id:uuid}/put-away", requires=KEEP_DEPOSITS)
async def put_away(
    deposit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Give it back, or dispose of it."""
    typed = read((WHY,), data)
    if typed.problems:
        return await _page(
            deposit_id, actor, now, settings, where="away", values=data, problems=typed.problems
        )
    try:
        await service.put_away(
            deposit_id,
            data.get("state", ""),
            reason=typed.values["reason"],
            actor=actor,
            at=now,
        )
    except (InvalidInputError, WrongStateError) as error:
        flash("warning", error.message)
    else:
        done = {RETURNED: N_("Given back."), DISPOSED: N_("Disposed of, with the reason.")}
        flash("success", done[data["state"]])
    return Redirect(f"{BASE}/{deposit_id}", status_code=303)


@post("/deposits/{deposit_id:uuid}/slip.pdf", requires=KEEP_DEPOSITS, status_code=200)
async def print_slip(
    deposit_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Response[bytes]:
    """Give the slip on A4 or 80 mm paper, the same however often it is printed."""
    paper = data.get("paper", "a4")
    if paper not in PAPERS:
        raise NotFoundError
    line = await deposits.deposit(deposit_id, actor, at=now, rules=await rules_at(now))
    pdf = await lodge_papers.deposit_slip(
        line, paper, settings=settings, locale=locale, actor=actor, at=now
    )
    return paper_answer(pdf, f"deposit-{line.number}")


# -- the class teacher


@get("/my-deposits", requires=OWN_CLASS)
async def for_my_class(actor: NamedDependency[Actor], now: NamedDependency[datetime]) -> Template:
    """List what lies at the lodge for the pupils of one's own class."""
    rules = await rules_at(now)
    found, _ = await deposits.deposits(actor, DepositFilter(), at=now, rules=rules)
    return Template(
        "school_gate/my_deposits.html",
        context={
            "deposits": found,
            "kinds": KINDS,
            "told_names": service.TOLD,
            "hours": said_hours(rules),
        },
    )


router = Router(
    path="/school-gate",
    route_handlers=[
        show_all,
        new,
        take_in,
        show,
        told,
        collect,
        put_away,
        print_slip,
        for_my_class,
    ],
)
