"""The public page on which anybody writes a petition, without an account (GOV-6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.response import Template

from core.accounts.limits import Limit, TooOftenError, key_of, take_or_refuse
from core.errors import InvalidInputError
from core.forms import Field
from core.i18n import N_, Message
from core.permissions import ANONYMOUS
from core.plugins import Plugins
from core.registrations.judging import site_time
from core.sites.tables import Site
from plugins.government import facts
from plugins.government.inputs import Query, typed, uuid_in
from plugins.government.intake import forms, online
from plugins.government.intake.entry_forms import refuse
from plugins.government.intake.entry_pages import Upload, pictures_of, texts_of
from plugins.government.intake.facts import Reception
from plugins.government.subjects.queries import tree
from plugins.government.units import facts as unit_kinds
from plugins.government.units.queries import units

SENT = Limit(8, 450)
USUAL_DOCUMENT = "resident_id"
MOST_FILES, MAX_BYTES = 5, 40_000_000
# People do not see it and leave it empty; programs that fill in every field do not.
TRAP = Field(name="website", label=N_("Leave this empty"), max_length=200)
AGREE = Field(name="agree", label=N_("I have read this, and what I write is true"), kind="checkbox")
NAME = forms.NAME
ADDRESS = Field(
    name="address", label=N_("Address of the petitioner"), required=True, max_length=200
)
DEMAND = Field(
    name="demand",
    label=N_("Concrete demand"),
    kind="textarea",
    required=True,
    max_length=2000,
    rows=4,
    help=N_("What you want done, in one or two sentences."),
)
FACTS = Field(
    name="facts",
    label=N_("Facts and reasons"),
    kind="textarea",
    required=True,
    max_length=8000,
    rows=8,
    help=N_("When, where, who, what happened, and what was done about it so far."),
)
PURPOSE = Field(
    name="purpose",
    label=N_("Kind of petition"),
    kind="radio",
    required=True,
    options=tuple(facts.PURPOSES.items()),
)
KIND = replace(forms.DOCUMENT_KIND, label=N_("Kind of document"))
PHONE = replace(
    forms.PHONE,
    help=N_("You need the phone or the document to ask later how it stands: give at least one."),
)
PERSON = (NAME, PHONE, KIND, forms.DOCUMENT, ADDRESS, forms.EMAIL)


async def fields_of(site_id: UUID) -> tuple[Field, ...]:
    """Return the fields of a reception room's public form."""
    top = [(str(one.id), one.name) for one in await tree() if one.level == 1]
    places = await units(unit_kinds.COUNTY, site_id=site_id)
    return (
        *PERSON,
        PURPOSE,
        forms.TITLE,
        forms.subject_field(top),
        forms.place_field([(str(unit.id), unit.name) for unit in places]),
        DEMAND,
        FACTS,
    )


def _chosen(sites: list[Site], code: str) -> Site | None:
    if len(sites) == 1:
        return sites[0]
    return next((site for site in sites if site.code == code), None)


async def _page(
    sites: list[Site],
    site: Site | None,
    values: Mapping[str, str],
    errors: Mapping[str, Message],
    status: int = 200,
) -> Template:
    return Template(
        "government/intake/write.html",
        context={
            "sites": sites,
            "site": site,
            "fields_": await fields_of(site.id) if site else (),
            "trap": TRAP,
            "agree": AGREE,
            "most_bytes": MAX_BYTES - 1_000_000,
            "values": values,
            "errors": errors,
        },
        status_code=status,
    )


@get("/write", public=True)
async def show(
    request: Query, now: NamedDependency[datetime], plugins: NamedDependency[Plugins]
) -> Template:
    """Show the form; where there are several reception rooms, one is chosen first."""
    sites = await online.open_sites(plugins, at=now)
    site = _chosen(sites, typed(request).get("site", ""))
    fresh = {"once": str(uuid4()), "document_kind": USUAL_DOCUMENT}
    return await _page(sites, site, fresh, {})


@post("/write", public=True, request_max_body_size=MAX_BYTES)
async def write(
    data: Upload,
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    current: NamedDependency[Any],
) -> Template:
    """Take a petition and show its number and code, once."""
    carried, data = data, texts_of(data)
    sites = await online.open_sites(plugins, at=now)
    site = _chosen(sites, data.get("site", ""))
    if site is None:
        return await _page(sites, None, data, {}, 422)
    if not data.get("document_number", "").strip():  # the usual kind stands there already
        data = {**data, "document_kind": ""}
    cleaned = forms.cleaned(await fields_of(site.id), data)
    values, problems = cleaned.values, dict(cleaned.problems)
    person = forms.person_of(values, problems, today=site_time(now).date())
    once = uuid_in(data, "once") or uuid4()
    data = {**data, "once": str(once)}
    if not person.phone and not person.document:
        # Who gives neither could never ask after it, nor be answered.
        problems.setdefault("phone", N_("Give a phone number or an identity document."))
    if data.get(TRAP.name):
        problems[TRAP.name] = N_("Empty this field and send the form again.")
    if not data.get(AGREE.name):
        problems[AGREE.name] = N_("Please tick this to go on.")
    try:
        if problems:
            raise InvalidInputError(problems)
        await take_or_refuse(key_of("government.write", current.address), SENT, at=now)
        pictures = await pictures_of(carried, problems, most=MOST_FILES)
        refuse(problems)
        number, code = await online.write(
            Reception(
                site_id=site.id,
                channel=facts.ONLINE,
                matter=forms.matter_of(values, channel=facts.ONLINE, site_id=site.id),
                person=person,
                contact_id=once,
                summary=f"{values['demand']}\n{values['facts']}",
                details={"platform": site.name},
            ),
            pictures,
            actor=ANONYMOUS,
            at=now,
            plugins=plugins,
        )
    except InvalidInputError as error:
        return await _page(sites, site, data, error.problems, 422)
    except TooOftenError as error:  # a long text is not lost to whoever shares an address
        minutes = error.retry_after // 60 + 1
        wait = N_(
            "Too many petitions were sent from your network. Wait {minutes} minutes, then send again;"
            " what you wrote stays here.",
            minutes=minutes,
        )
        return await _page(sites, site, data, {"": wait}, 429)
    return Template(
        "government/intake/written.html",
        context={
            "number": number,
            "code": code,
            "site": site,
            "at": now,
            "by_phone": not person.document,
        },
        headers={"cache-control": "no-store"},
    )


router = Router(path="/government", route_handlers=[show, write])
