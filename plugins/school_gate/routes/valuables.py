"""Valuables carried out: the form at the gate, the list, one of them with its paper (SCH-17)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from core.attachments import services as attachments
from core.decisions import Deny
from core.errors import DomainError, InvalidInputError, NotFoundError
from core.forms import Cleaned, Field, read
from core.i18n import N_
from core.permissions import Actor
from core.settings import Settings
from core.typed import number_in, uuid_in
from core.visitors.forms import clean_name
from plugins.school_gate.lodge_registered import RELEASE_VALUABLES
from plugins.school_gate.papers.parts import PAPERS
from plugins.school_gate.queries import stays, timetable, valuables
from plugins.school_gate.routes.inputs import Flash, Form, site_of
from plugins.school_gate.routes.lodge_pages import paper_answer, rules_at
from plugins.school_gate.services import lodge_papers
from plugins.school_gate.services import valuables as service
from plugins.school_gate.stay_policies import PROOFS, VOUCHER

BASE = "/school-gate/valuables"
MAX_PHOTO = 20_000_000
PERSON = Field(
    name="person", label=N_("Who carries it out"), required=True, max_length=50, clean=clean_name
)
ITEM = Field(name="item", label=N_("What is carried out"), required=True, max_length=200)
MARK = Field(name="mark", label=N_("Brand, serial number"), max_length=100)
PROOF = Field(name="proof", label=N_("Proof"), kind="radio", options=tuple(PROOFS.items()))
PROOF_TEXT = Field(
    name="proof_text",
    label=N_("What was shown"),
    max_length=200,
    help=N_("Such as: slip of the general office no. 12, invoice in the person's name."),
)
PRESENT = Field(
    name="voucher_present", label=N_("They stand here and vouch for it"), kind="checkbox"
)
FIELDS = (PERSON, ITEM, MARK, PROOF, PROOF_TEXT, PRESENT)
STATES = [(service.RELEASED, N_("Released")), (service.REFUSED, N_("Refused"))]
REASONS = {
    "no_proof": N_("Neither a proof nor somebody of the school who vouches in person."),
    "voucher_absent": N_("Who vouches was not there in person."),
}
Query = Request[Any, Any, Any]


@get("/valuables", requires=RELEASE_VALUABLES)
async def show_all(request: Query, actor: NamedDependency[Actor]) -> Template:
    """List what was carried out or refused, the latest first."""
    query = {name: str(value) for name, value in request.query_params.items()}
    page = number_in(query, "page")
    found, total = await valuables.valuables(
        actor, text=query.get("q", "").strip()[:100], state=query.get("state", ""), page=page
    )
    return Template(
        "school_gate/valuables.html",
        context={
            "valuables": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // valuables.PAGE)),
            "query": query,
            "states": STATES,
            "proofs": PROOFS,
        },
    )


@get("/valuables/new", requires=RELEASE_VALUABLES)
async def new(
    request: Query, actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the form; a typed name finds who may vouch."""
    query = {name: str(value) for name, value in request.query_params.items()}
    return await _form(actor, now, Cleaned(query, {}))


async def _form(actor: Actor, now: datetime, typed: Cleaned, status: int = 200) -> Template:
    site, _ = await site_of(actor, typed.values, RELEASE_VALUABLES)
    if site is None:
        return Template("school_gate/no_site.html")
    values: Mapping[str, str] = typed.values
    stay_id = uuid_in(values, "stay")
    stay = None
    if stay_id is not None:
        try:
            stay = await stays.stay(stay_id, actor, at=now, rules=await rules_at(now))
        except NotFoundError:
            stay = None
    searched = values.get("voucher_q", "")[:50]
    gates = [g for g in await timetable.gates_of(actor, RELEASE_VALUABLES) if g.site == site.id]
    return Template(
        "school_gate/valuable_new.html",
        context={
            "site": site,
            "gates": gates,
            "stay": stay,
            "vouchers": await valuables.vouchers(searched, site.id),
            "searched": searched,
            "fields_": FIELDS,
            "person": PERSON,
            "item": ITEM,
            "mark": MARK,
            "proof": PROOF,
            "proof_text": PROOF_TEXT,
            "present": PRESENT,
            "values": {"person": stay.person if stay else "", **values},
            "errors": typed.problems,
        },
        status_code=status,
    )


@post("/valuables", requires=RELEASE_VALUABLES)
async def decide(
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Release or refuse; either is written down."""
    if "find" in data:
        return await _form(actor, now, Cleaned(data, {}), 200)
    typed = read(FIELDS, data)
    site, _ = await site_of(actor, data, RELEASE_VALUABLES)
    if typed.problems or site is None:
        return await _form(actor, now, Cleaned({**data, **typed.values}, typed.problems), 422)
    values = typed.values
    try:
        valuable_id, decision = await service.decide(
            service.Carried(
                site_id=site.id,
                gate_id=uuid_in(data, "gate"),
                person=values["person"],
                item=values["item"],
                mark=values["mark"],
                proof=values["proof"],
                proof_text=values["proof_text"],
                voucher=data.get("voucher", "") if values["proof"] == VOUCHER else "",
                voucher_present=values["voucher_present"] == "yes",
                stay_id=uuid_in(data, "stay"),
            ),
            actor=actor,
            at=now,
        )
    except InvalidInputError as error:
        return await _form(actor, now, Cleaned({**data, **values}, error.problems), 422)
    if isinstance(decision, Deny):
        flash("warning", N_("Not released: {reason}", reason=decision.reason))
    else:
        flash("success", N_("Released, with your name."))
    return Redirect(f"{BASE}/{valuable_id}", status_code=303)


@get("/valuables/{valuable_id:uuid}", requires=RELEASE_VALUABLES)
async def show(valuable_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Template:
    """Show one."""
    return await _page(valuable_id, actor)


async def _page(valuable_id: UUID, actor: Actor, error: DomainError | None = None) -> Template:
    return Template(
        "school_gate/valuable.html",
        context={
            "valuable": await valuables.valuable(valuable_id, actor),
            "proofs": PROOFS,
            "reasons": REASONS,
            "error": error.message if error else None,
        },
        status_code=422 if error else 200,
    )


@post(
    "/valuables/{valuable_id:uuid}/photo",
    requires=RELEASE_VALUABLES,
    request_max_body_size=MAX_PHOTO + 10_000,
)
async def add_photo(
    valuable_id: FromPath[UUID],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[None] | Template:
    """Add a picture of the thing."""
    file = data.get("photo")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        return await _page(valuable_id, actor, DomainError(N_("Please choose a file.")))
    try:
        await service.attach_photo(valuable_id, content, actor=actor, at=now)
    except NotFoundError:
        raise
    except DomainError as error:
        return await _page(valuable_id, actor, error)
    return Redirect(f"{BASE}/{valuable_id}", status_code=303)


@get("/valuables/{valuable_id:uuid}/photos/{photo_id:uuid}", requires=RELEASE_VALUABLES)
async def photo(
    valuable_id: FromPath[UUID], photo_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Give a picture to whoever may see the release."""
    line = await valuables.valuable(valuable_id, actor)
    if photo_id not in line.photos:
        raise NotFoundError
    row, data = await attachments.open_attachment(photo_id)
    return Response(data, media_type=row.media_type, headers={"cache-control": "no-store"})


@post("/valuables/{valuable_id:uuid}/release.pdf", requires=RELEASE_VALUABLES, status_code=200)
async def print_release(
    valuable_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Response[bytes]:
    """Give the paper of a release, on A4 or 80 mm."""
    size = data.get("paper", "a4")
    line = await valuables.valuable(valuable_id, actor)
    if size not in PAPERS or line.state != service.RELEASED:
        raise NotFoundError
    pdf = await lodge_papers.release_slip(
        line, size, settings=settings, locale=locale, actor=actor, at=now
    )
    return paper_answer(pdf, f"release-{line.number}")


router = Router(
    path="/school-gate",
    route_handlers=[show_all, new, decide, show, add_photo, photo, print_release],
)
