"""Things kept at the lodge: taken in, told of, handed out, put away; the teacher's list (SCH-10)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
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
from core.forms import Cleaned, Field, read
from core.gate.photos import photo_path
from core.i18n import N_, Message
from core.permissions import Actor
from core.settings import Settings
from core.text import TextError, normalise_phone
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
from plugins.school_gate.queries import deposits, pupils, timetable
from plugins.school_gate.queries.deposits import DepositFilter
from plugins.school_gate.queries.pupils import PupilFilter
from plugins.school_gate.registered import OWN_CLASS
from plugins.school_gate.routes.inputs import Flash, Form, number_in, uuid_in
from plugins.school_gate.routes.lodge_pages import paper_answer, rules_at
from plugins.school_gate.services import deposits as service
from plugins.school_gate.services import lodge_papers

FEW = 8


def _clean_pieces(text: str) -> str:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= service.MOST_PIECES:
        raise TextError("pieces", N_("From 1 to {count}.", count=service.MOST_PIECES))
    return str(int(text))


BASE = "/school-gate/deposits"
FIELDS = (
    Field(name="kind", label=N_("Kind"), kind="select", required=True, options=tuple(KINDS.items())),
    Field(name="what", label=N_("What exactly"), required=True, max_length=200),
    Field(name="pieces", label=N_("Pieces"), kind="number", required=True, max_length=2,
          inputmode="numeric", clean=_clean_pieces),
    Field(name="shelf", label=N_("Shelf"), max_length=40),
    Field(name="giver_name", label=N_("Left by"), required=True, max_length=100),
    Field(name="giver_relation", label=N_("Relation to the pupil"), kind="select",
          options=tuple(forms.RELATIONS.items())),
    Field(name="giver_phone", label=N_("Phone"), kind="tel", max_length=40, inputmode="tel",
          clean=normalise_phone),
    Field(name="remark", label=N_("Remark"), max_length=200),
)  # fmt: skip
MEANS = Field(
    name="means", label=N_("How"), kind="select", required=True, options=tuple(service.TOLD.items())
)
WHY_NOW = Field(name="reason", label=N_("Why at another time"), max_length=200)
WHY = Field(name="reason", label=N_("Reason"), required=True, max_length=200)
Query = Request[Any, Any, Any]


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


# -- taking in


@get("/deposits/new", requires=KEEP_DEPOSITS)
async def new(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Find the pupil, then show the form."""
    query = {name: str(value) for name, value in request.query_params.items()}
    pupil_id = uuid_in(query, "pupil")
    if pupil_id is not None:
        return await _form(pupil_id, actor, now, Cleaned({"pieces": "1"}, {}), query)
    text = query.get("q", "").strip()
    found, total = (
        await pupils.pupils(actor, PupilFilter(text=text), at_ms=clock.to_ms(now), size=FEW)
        if text
        else ([], 0)
    )
    return Template(
        "school_gate/deposit_find.html",
        context={"query": query, "found": found, "total": total, "photo_path": photo_path},
    )


async def _form(
    pupil_id: UUID,
    actor: Actor,
    now: datetime,
    typed: Cleaned,
    query: Mapping[str, str],
    *,
    refused: RefusedError | None = None,
    status: int = 200,
) -> Template:
    pupil = await pupils.pupil(pupil_id, actor)
    rules = await rules_at(now)
    return Template(
        "school_gate/deposit_new.html",
        context={
            "pupil": pupil,
            "photo": photo_path(pupil.photo),
            "guardians": await pupils.guardians_of(pupil_id),
            "relation_label": forms.relation_label,
            "kept": await deposits.of_pupil(pupil_id, actor, at=now, rules=rules),
            "gates": await timetable.gates_of(actor, KEEP_DEPOSITS),
            "gate": query.get("gate", ""),
            "kinds": KINDS,
            "hours": said_hours(rules),
            "fields_": FIELDS,
            "values": typed.values,
            "errors": typed.problems,
            "refused": refused.decision if refused else None,
        },
        status_code=status,
    )


@post("/deposits", requires=KEEP_DEPOSITS)
async def take_in(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Keep a thing for a pupil."""
    pupil_id = uuid_in(data, "pupil")
    if pupil_id is None:
        raise InvalidInputError({"pupil": N_("Please choose one of the options.")})
    typed = read(FIELDS, data)
    if typed.problems:
        return await _form(pupil_id, actor, now, typed, data, status=422)
    values = typed.values
    try:
        deposit_id = await service.take_in(
            service.NewDeposit(
                pupil_id=pupil_id,
                kind=values["kind"],
                what=values["what"],
                pieces=int(values["pieces"]),
                shelf=values["shelf"],
                remark=values["remark"],
                giver_name=values["giver_name"],
                giver_relation=values["giver_relation"],
                giver_phone=values["giver_phone"],
                gate_id=uuid_in(data, "gate"),
            ),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _form(pupil_id, actor, now, Cleaned(values, error.problems), data, status=422)
    except RefusedError as error:
        return await _form(pupil_id, actor, now, typed, data, refused=error, status=422)
    flash("success", N_("Taken in. Print the slip and put it with the thing."))
    return Redirect(f"{BASE}/{deposit_id}", status_code=303)


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
