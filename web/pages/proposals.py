"""Pages on which visitors propose an appointment without an account, and follow what becomes of it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from core.appointments import forms, on_link
from core.appointments.rulebook import visits_ahead
from core.errors import InvalidInputError, NotFoundError, StaleError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import ANONYMOUS
from core.registrations import judging, phone_slip
from core.registrations.services import purpose_named
from core.settings import Settings
from core.sites.tables import Site
from web import calendar_file, link_guard
from web.acting import version_of
from web.current import Current
from web.pages.public import drawn, slip_context
from web.plugins import WebPlugins

Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]
# People do not see it and leave it empty; programs that fill in every field do not.
TRAP = Field(name="website", label=N_("Leave this empty"), max_length=200)
AGREE = Field(
    name="agree",
    label=N_("I have read this and agree"),
    kind="checkbox",
    required=True,
)


@get("/v", public=True)
async def show(
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    site: FromQuery[str] = "",
) -> Template:
    """Show the form; where there are several sites, the visitor chooses one first."""
    sites = await on_link.public_sites(plugins, at=now)
    chosen = _chosen(sites, site)
    if chosen is None:
        return Template("public/sites.html", context={"sites": sites})
    tomorrow = judging.site_time(now).date() + timedelta(days=1)
    values = {"day": tomorrow.isoformat(), "head_count": "1"}
    return await _form(chosen, sites, values, {}, now, plugins)


def _chosen(sites: list[Site], typed: str) -> Site | None:
    if len(sites) == 1:
        return sites[0]
    return next((site for site in sites if site.code == typed), None)


async def _form(
    site: Site,
    sites: list[Site],
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    now: datetime,
    plugins: WebPlugins,
) -> Template:
    form = forms.form_for(on_link.public_purposes(plugins, site.id), kind="visitor")
    today = judging.site_time(now).date()
    return Template(
        "public/propose.html",
        context={
            "site": site,
            "several": len(sites) > 1,
            "form": form,
            "values": values,
            "errors": errors,
            "trap": TRAP,
            "agree": AGREE,
            "first_day": today.isoformat(),
            "last_day": (today + timedelta(days=(await visits_ahead(now)).days_ahead)).isoformat(),
            "contact": (await visits_ahead(now)).data_contact,
        },
        status_code=422 if errors else 200,
    )


@post("/v", public=True)
async def propose(
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
) -> Response[None] | Template:
    """Take a proposal and lead to the page of its link."""
    await link_guard.sending(current)
    sites = await on_link.public_sites(plugins, at=now)
    site = _chosen(sites, data.get("site", ""))
    if site is None:
        raise NotFoundError
    form = forms.form_for(on_link.public_purposes(plugins, site.id), kind="visitor")
    problems: dict[str, Message] = {}
    if data.get(TRAP.name):
        problems[TRAP.name] = N_("Empty this field and send the form again.")
    if not data.get(AGREE.name):
        problems[AGREE.name] = N_("Without your agreement no appointment can be made here.")
    try:
        wanted = await forms.read_proposal(
            data, form, site_id=site.id, actor=ANONYMOUS, at=now, kind="visitor"
        )
        if not problems:
            secret = await on_link.propose(wanted, at=now, plugins=plugins)
            return Redirect(f"/a/{secret}?new=1", status_code=303)
    except InvalidInputError as error:
        problems |= forms.placed(error.problems)
    return await _form(site, sites, data, problems, now, plugins)


@get("/a/{secret:str}", public=True)
async def follow(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    new: FromQuery[str] = "",
) -> Template:
    """Show what became of an appointment; once the visitor has arrived, their slip."""
    shown = await link_guard.opened(on_link.shown(secret, at=now), current)
    if current.htmx and shown.registration_id is not None:
        visit = await _visit(shown.registration_id, now, plugins)
        return Template(
            "public/_slip.html", context=slip_context(visit, f"/a/{secret}", secret, plugins)
        )
    return await _page(secret, shown, now, plugins, settings, new=bool(new))


async def _visit(registration_id: UUID, now: datetime, plugins: WebPlugins) -> phone_slip.PhoneSlip:
    return await phone_slip.of_visit(registration_id, at=now, plugins=plugins)


async def _page(
    secret: str,
    shown: on_link.Shown,
    now: datetime,
    plugins: WebPlugins,
    settings: Settings,
    *,
    new: bool = False,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message] | None = None,
) -> Template:
    purpose = purpose_named(shown.purpose, plugins)
    address = f"{settings.base_url}/a/{secret}"
    context: dict[str, Any] = {
        "shown": shown,
        "secret": secret,
        "purpose": purpose.label if purpose is not None else shown.purpose,
        "new": new,
        "address": address,
        "address_qr": drawn(address, N_("QR code of this page's address")),
        "code_qr": drawn(shown.code, N_("QR code of your appointment")),
        "when": (forms.DAY, forms.BEGINS, forms.ENDS),
        "values": values or forms.prefilled_window(shown.window),
        "errors": errors or {},
        "over": shown.window.ends_at < now,
    }
    if shown.registration_id is not None:
        visit = await _visit(shown.registration_id, now, plugins)
        context |= slip_context(visit, f"/a/{secret}", secret, plugins)
    return Template("public/appointment.html", context=context, status_code=422 if errors else 200)


@post("/a/{secret:str}/move", public=True)
async def move(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    settings: NamedDependency[Settings],
    flash: NamedDependency[Flash],
) -> Response[None] | Template:
    """Let the visitor ask for another time."""
    await link_guard.sending(current)
    shown = await link_guard.opened(on_link.shown(secret, at=now), current)
    try:
        window = await forms.read_window(data, at=now)
        await on_link.move(secret, window, version=version_of(data) or 0, at=now, plugins=plugins)
        flash("success", N_("You asked for another time. The person visited is told."))
    except InvalidInputError as error:
        problems = forms.placed(error.problems)
        return await _page(secret, shown, now, plugins, settings, values=data, errors=problems)
    except (StaleError, WrongStateError) as error:
        flash("warning", error.message)
    return Redirect(f"/a/{secret}", status_code=303)


@post("/a/{secret:str}/cancel", public=True)
async def cancel(
    secret: FromPath[str],
    data: Form,
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Let the visitor call it off."""
    await link_guard.sending(current)
    call_off = on_link.call_off(secret, version=version_of(data) or 0, at=now, plugins=plugins)
    try:
        await link_guard.opened(call_off, current)
        flash("success", N_("The appointment is called off."))
    except (StaleError, WrongStateError) as error:
        flash("warning", error.message)
    return Redirect(f"/a/{secret}", status_code=303)


@get("/a/{secret:str}/visit.ics", public=True)
async def calendar(
    secret: FromPath[str],
    now: NamedDependency[datetime],
    current: NamedDependency[Current],
    settings: NamedDependency[Settings],
) -> Response[str]:
    """Give the appointment as an entry for the visitor's own calendar."""
    shown = await link_guard.opened(on_link.shown(secret, at=now), current)
    text = calendar_file.entry(
        uid=str(shown.id),
        window=shown.window,
        title=N_("Visit to {host}", host=shown.host_name).translate(current.locale),
        place=" ".join(part for part in (shown.site_name, shown.room) if part),
        url=f"{settings.base_url}/a/{secret}",
        now=now,
    )
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="visit.ics"'},
    )


router = Router(
    path="",
    route_handlers=[show, propose, follow, move, cancel, calendar],
    exception_handlers=link_guard.HANDLERS,
)
