"""What a desk does on a visit: each button and small form of its page, answered with that page."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.decisions import Allow, Hold
from core.documents.slip import Paper
from core.errors import (
    InvalidInputError,
    NotFoundError,
    WrongStateError,
)
from core.forms import read
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations import consent, judging, leaving, slip_paper
from core.registrations.rulebook import organisation_name
from core.registrations.services import admit
from core.settings import Settings
from web.acting import Acting, acting, version_of
from web.pages.registrations import ANSWERED_AT, BY, MEANS, WRITE

Form = URLEncodedBody[dict[str, str]]


@post("/registrations/{registration_id:uuid}/ask", requires=WRITE)
async def ask_host(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Send the host the question."""

    def said(result: tuple[str, list[str]]) -> tuple[str, Message]:
        if result[1]:
            return "success", N_("The host was asked; the answer appears here.")
        return "warning", N_(
            "The directory has no address of this host. Call, and note the answer."
        )

    work = consent.ask(registration_id, **acting.common)
    return await acting.done(registration_id, data, "consent", work, said)


@post("/registrations/{registration_id:uuid}/consent", requires=WRITE)
async def note_consent(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Note the host's answer."""

    async def work() -> None:
        typed = read((BY, MEANS, ANSWERED_AT), data)
        if typed.problems:
            raise InvalidInputError(typed.problems)
        if data.get("given") not in ("yes", "no"):
            raise InvalidInputError({"given": N_("Please choose one of the options.")})
        await consent.note(
            registration_id,
            given=data["given"] == "yes",
            by=typed.values["by"],
            means=typed.values["means"],
            answered_at=_earlier(typed.values["answered_at"], acting.now),
            **acting.common,
        )

    message = N_("The host agrees.") if data.get("given") == "yes" else N_("The host refuses.")
    return await acting.done(registration_id, data, "consent", work(), message)


def _earlier(text: str, now: datetime) -> datetime | None:
    """Return the last moment at which the clock showed this time."""
    if not text:
        return None
    local = judging.site_time(now)
    hour, minute = (int(part) for part in text.split(":"))
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return moment if moment <= local else moment - timedelta(days=1)


@post("/registrations/{registration_id:uuid}/admit", requires=WRITE)
async def let_in(
    registration_id: FromPath[UUID],
    data: Form,
    acting: NamedDependency[Acting],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Response[None] | Template:
    """Let the visitor in, and print the slip when asked to."""
    paper = data.get("paper", "")

    async def work() -> Any:
        decision = await admit(registration_id, version=version_of(data), **acting.common)
        if isinstance(decision, Allow) and paper in slip_paper.PAPERS:
            await _print(registration_id, paper, acting, settings, locale)
        return decision

    def said(decision: Any) -> tuple[str, Message]:
        if isinstance(decision, Hold):
            return "warning", N_("Held: {reason}", reason=decision.reason)
        return "success", N_("Admitted.")

    return await acting.done(registration_id, data, "admit", work(), said)


async def _print(
    registration_id: UUID, paper: str, acting: Acting, settings: Settings, locale: str
) -> None:
    name = await organisation_name(acting.now) or settings.organisation_name
    await slip_paper.print_slip(
        registration_id,
        cast("Paper", paper),
        organisation=name,
        locale=locale,
        **acting.common,
    )


@post("/registrations/{registration_id:uuid}/slip", requires=WRITE)
async def print_slip(
    registration_id: FromPath[UUID],
    data: Form,
    acting: NamedDependency[Acting],
    settings: NamedDependency[Settings],
    locale: NamedDependency[str],
) -> Response[None] | Template:
    """Make the slip and show it."""
    paper = data.get("paper", "a4")
    if paper not in slip_paper.PAPERS:
        raise NotFoundError
    try:
        await _print(registration_id, paper, acting, settings, locale)
    except WrongStateError as error:
        acting.flash("error", error.message)
        return Redirect(f"/registrations/{registration_id}", status_code=303)
    return Redirect(f"/registrations/{registration_id}/slip/{paper}.pdf", status_code=303)


@get("/registrations/{registration_id:uuid}/slip/{name:str}", requires=WRITE)
async def show_slip(
    registration_id: FromPath[UUID], name: FromPath[str], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Give the slip as it was printed."""
    number, pdf = await slip_paper.printed(registration_id, name.removesuffix(".pdf"), actor=actor)
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="slip-{number}.pdf"',
            "cache-control": "no-store",
        },
    )


@post("/registrations/{registration_id:uuid}/leave", requires=WRITE)
async def let_out(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Record that the visitor left, with or without the stub."""
    work = leaving.leave(
        registration_id,
        version=version_of(data),
        stub_returned=bool(data.get("stub")),
        signed=bool(data.get("signed")),
        **acting.common,
    )
    return await acting.done(registration_id, data, "leave", work, _left)


def _left(decision: Any) -> tuple[str, Message]:
    if isinstance(decision, Allow):
        return "success", N_("The visit is closed.")
    return "warning", N_("The visitor left; still open: {reason}", reason=decision.reason)


@post("/registrations/{registration_id:uuid}/stub", requires=WRITE)
async def stub_is_back(
    registration_id: FromPath[UUID], data: Form, acting: NamedDependency[Acting]
) -> Response[None] | Template:
    """Note that the stub came back."""

    def said(decision: Any) -> tuple[str, Message]:
        if isinstance(decision, Allow):
            return "success", N_("The stub is back.")
        return _left(decision)

    work = leaving.return_stub(registration_id, signed=bool(data.get("signed")), **acting.common)
    return await acting.done(registration_id, data, "stub", work, said)


router = Router(
    path="",
    route_handlers=[
        ask_host,
        note_consent,
        let_in,
        print_slip,
        show_slip,
        let_out,
        stub_is_back,
    ],
    dependencies={"acting": Provide(acting, sync_to_thread=False)},
)
