"""Pages that a link opens without an account: the host's answer, and the slip on a visitor's phone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from markupsafe import Markup

from core.appointments import on_link
from core.errors import NotFoundError, StaleError, WrongStateError
from core.forms import Field, read
from core.i18n import N_, Message
from core.passes.qr import qr_svg
from core.registrations import consent, phone_slip
from core.registrations.services import purpose_named
from web import link_guard
from web.acting import version_of
from web.current import Current, locale
from web.plugins import WebPlugins

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
REMARK = Field(
    name="note",
    label=N_("Note for the desk or the visitor (optional)"),
    max_length=200,
    help=N_("For example: please come to room 302."),
)
_MEANWHILE = N_("Somebody answered meanwhile. Look at what stands here now.")


@get("/c/{secret:str}", public=True)
async def ask(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Ask the host: of a visitor who waits, or of an appointment somebody proposes."""
    return await link_guard.opened(_question(secret, now, plugins, {}, {}), current)


async def _question(
    secret: str,
    now: datetime,
    plugins: WebPlugins,
    values: dict[str, str],
    errors: Any,
) -> Template:
    context = {"secret": secret, "values": values, "errors": errors, "note": REMARK}
    status = 422 if errors else 200
    try:
        context["question"] = await consent.question(secret, at=now)
        return Template("public/consent.html", context=context, status_code=status)
    except NotFoundError:
        shown = await on_link.asked(secret, at=now)
    purpose = purpose_named(shown.purpose, plugins)
    context |= {"shown": shown, "purpose": purpose.label if purpose else shown.purpose}
    return Template("public/appointment_answer.html", context=context, status_code=status)


@post("/c/{secret:str}", public=True)
async def answer(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Take the host's answer; one given meanwhile by somebody else is shown and not overwritten."""
    await link_guard.sending(current)
    typed = read([REMARK], data)
    problems = dict(typed.problems)
    if data.get("given") not in ("yes", "no"):
        problems["given"] = N_("Please choose one of the options.")
    if problems:
        return await link_guard.opened(_question(secret, now, plugins, data, problems), current)
    try:
        await link_guard.opened(
            _take_answer(secret, data, typed.values["note"], now, plugins), current
        )
    except StaleError:
        flash("warning", _MEANWHILE)
    except WrongStateError as error:
        flash("warning", error.message)
    return Redirect(f"/c/{secret}", status_code=303)


async def _take_answer(
    secret: str, data: dict[str, str], note: str, now: datetime, plugins: WebPlugins
) -> None:
    given = data["given"] == "yes"
    try:
        await consent.answer(
            secret, given=given, remark=note, seen=data.get("seen", ""), at=now, plugins=plugins
        )
    except NotFoundError:
        version = version_of(data) or 0
        await on_link.answer(
            secret, given=given, note=note, version=version, at=now, plugins=plugins
        )


@get("/s/{secret:str}", public=True)
async def slip(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show the slip; it is fetched anew by itself while the page is open."""
    found = await link_guard.opened(phone_slip.behind(secret, at=now, plugins=plugins), current)
    context = slip_context(found, f"/s/{secret}", secret, plugins)
    name = "public/_slip.html" if current.htmx else "public/slip.html"
    return Template(name, context=context)


def slip_context(
    found: phone_slip.PhoneSlip, address: str, secret: str, plugins: WebPlugins
) -> dict[str, Any]:
    """Return what the slip's template needs; `secret` opens the question how it was."""
    purpose = purpose_named(found.purpose, plugins)
    return {
        "slip": found,
        "address": address,
        "feedback": f"/f/{secret}" if found.may_rate else "",
        "purpose": purpose.label if purpose is not None else found.purpose,
        "qr": drawn(found.token, N_("QR code of your pass")) if found.token else "",
    }


def drawn(text: str, label: Message) -> Markup:
    """Return a text as QR code, drawn in the page itself."""
    return Markup(qr_svg(text, label.translate(locale())))  # noqa: S704 - paths and an escaped label


router = Router(
    path="",
    route_handlers=[ask, answer, slip],
    exception_handlers=link_guard.HANDLERS,
)
