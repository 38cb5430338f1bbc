"""What the pages of letters, calls and other entries share: the form, its files, what was typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Template

from core.errors import DomainError
from core.i18n import N_, Message
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import facts
from plugins.government.intake import entry_forms, forms, scans
from plugins.government.intake.desk import Screened
from plugins.government.intake.desk_pages import (
    choices_at,
    known_context,
    known_of,
    place_of,
    recognised,
)
from plugins.government.intake.entry_forms import Sort
from plugins.government.intake.facts import Reception
from plugins.government.screening.facts import STANDINGS
from plugins.government.secrecy.files import Safe

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
UPLOAD_BYTES = scans.MAX_BYTES + 100_000


async def entry_page(
    sort: Sort,
    data: Mapping[str, str],
    errors: Mapping[str, Message],
    actor: Actor,
    now: datetime,
    **more: Any,
) -> Template:
    """Return the form of an entry, after a rejection with what was typed."""
    place = await place_of(actor, data)
    choices = await choices_at(place.site.id, actor)
    found = entry_forms.fields(choices, sort.own)
    return Template(
        "government/intake/entry.html",
        context={
            "batch": None,
            "rings_most": None,
            **await known_context(data, actor, now),
            "sort": sort,
            "once": data.get("once") or str(uuid4()),
            "site": place.site,
            "errors": errors,
            "named": {field.name: field for field in found},
            "person_more": forms.PERSON_MORE,
            "matter_more": forms.MATTER_MORE,
            "standings": STANDINGS,
            **more,
        },
        status_code=422 if errors else 200,
    )


async def fresh(
    site_id: UUID, query: Mapping[str, str], actor: Actor, now: datetime
) -> dict[str, str]:
    """Return the values of an empty form, or of one about a petitioner who was chosen."""
    values = {"heads": "1", "belonging": facts.MAINLAND, "site": str(site_id), "pages": "1"}
    if "petitioner" in query:
        values["petitioner"] = query["petitioner"]
    known = await known_of(query, actor, now)
    return values | (forms.prefilled(known) if known is not None else {})


def texts_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed in a form that carries files too."""
    return {name: str(value) for name, value in data.items() if isinstance(value, str)}


async def uploaded(data: Mapping[str, Any]) -> list[bytes]:
    """Return the files of a form, empty ones left out."""
    given = data.get("scans")
    files = given if isinstance(given, list) else [given]
    found = [await one.read() for one in files if isinstance(one, UploadFile)]
    return [content for content in found if content]


async def pictures_of(
    data: Mapping[str, Any], problems: dict[str, Message], *, most: int = scans.MOST
) -> list[Safe]:
    """Return the files of a form made safe; a bad one joins `problems`. Only looked at when all is well."""
    if problems:
        return []
    files = await uploaded(data)
    if len(files) > most:
        problems["scans"] = N_("At most {count} files.", count=most)
        return []
    try:
        return await scans.prepared(files)
    except DomainError as error:
        problems["scans"] = error.message
        return []


async def typed_entry(
    sort: Sort, data: Mapping[str, str], site_id: UUID, actor: Actor, now: datetime
) -> tuple[Reception, Screened, dict[str, str], dict[str, Message]]:
    """Return what an entry says, its cleaned values, and the problems found."""
    seen = None if data.get("anonymous") else await recognised(data, actor, now)
    return entry_forms.read_entry(
        data,
        await choices_at(site_id, actor),
        sort.own,
        channel=sort.channel,
        site_id=site_id,
        known=await known_of(data, actor, now),
        own_name=actor.name,
        today=site_time(now).date(),
        suggested=seen.suggested.frequency if seen else facts.FIRST,
    )
