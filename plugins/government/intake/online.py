"""Petitions written on the public page, and items taken over from other platforms (GOV-6).

A form is sent once: its contact's id is chosen when the form is drawn, and a second sending of the
same form finds the first. The code is shown once on the page and is never mailed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import db
from core.errors import InvalidInputError
from core.i18n import N_
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from core.sites.tables import Site
from plugins.government import clocks, sealing
from plugins.government.facts import NAME
from plugins.government.intake import desk, once, recognition, scans, services
from plugins.government.intake.desk import Done, Screened
from plugins.government.intake.facts import Received, Reception
from plugins.government.intake.tables import ImportedRow
from plugins.government.matters import access
from plugins.government.matters.tables import Contact, Matter
from plugins.government.secrecy import files
from plugins.government.secrecy.files import Safe
from plugins.government.units.facts import OFFICE
from plugins.government.units.queries import units

_SENT_AGAIN = timedelta(hours=1)


async def open_sites(plugins: Plugins, *, at: datetime) -> list[Site]:
    """Return the reception rooms to which the public may write now."""
    if not (await clocks.in_force(at)).values.online_open:
        return []
    rooms = {unit.site_id for unit in await units(OFFICE)}
    found = await Site.objects().where(Site.active.eq(True)).order_by(Site.name)
    return [site for site in found if site.id in rooms and plugins.is_on(NAME, site.id)]


async def write(
    new: Reception,
    pictures: Sequence[Safe] = (),
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> tuple[str, str]:
    """Take what somebody wrote, with their papers; return the item's number and the code (GOV-6)."""
    async with db.writing():
        if new.contact_id is not None:
            await once.one_by_one(new.contact_id)
            sent = await Contact.objects().get(Contact.id == new.contact_id)
            if sent is not None:
                # The same form again: its code is told to whoever just sent it, and nobody later.
                if sent.recorded_by is not None or at - sent.received_at > _SENT_AGAIN:
                    raise InvalidInputError({"": N_("This form was sent already.")})
                return await _number_and_code(sent.matter)
        new = await recognition.frequency_of(new, at)
        received = await services.receive(new, actor=actor, at=at, plugins=plugins)
        # Whoever writes sees no item: the system keeps the papers with it.
        await scans.keep(received.contact_id, pictures, kind=files.EVIDENCE, actor=SYSTEM, at=at)
        await desk.send_news(received, new, at=at)
    return await _number_and_code(received.matter_id)


async def _number_and_code(matter_id: UUID) -> tuple[str, str]:
    row = await Matter.objects().get(Matter.id == matter_id)
    assert row is not None  # noqa: S101 - a contact's item is never removed
    code = sealing.unseal(row.query_cipher, "government_matter", "query_cipher", row.id)
    return row.number, code


def index_of(number: str) -> str:
    """Return the keyed index of a number of another platform."""
    return str(sealing.index_of("platform", number))


async def is_taken(site_id: UUID, platform: str, number: str) -> bool:
    """Say whether an item of another platform was taken over already."""
    return await ImportedRow.exists().where(
        ImportedRow.site == site_id,
        ImportedRow.platform == platform,
        ImportedRow.number_index == index_of(number),
    )


async def taken(site_id: UUID, platform: str, numbers: Sequence[str]) -> set[str]:
    """Return those of several numbers of another platform that were taken over already."""
    by_index = {index_of(number): number for number in numbers if number}
    if not by_index:
        return set()
    rows = await db.fetch(
        "SELECT number_index FROM government_online_row WHERE site = {} AND platform = {}"
        f" AND number_index IN ({access.places(list(by_index))})",
        site_id,
        platform,
        *by_index,
    )
    return {by_index[row["number_index"]] for row in rows}


async def take_over(
    new: Reception,
    *,
    platform: str,
    number: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Received | None:
    """Take over an item of another platform; None when it was taken over already."""
    async with db.writing():
        if await is_taken(new.site_id, platform, number):
            return None
        new = await recognition.frequency_of(new, at)
        received = await services.receive(new, actor=actor, at=at, plugins=plugins)
        await mark_taken(new.site_id, platform, number, received.contact_id)
    return received


async def mark_taken(site_id: UUID, platform: str, number: str, contact_id: UUID) -> None:
    """Remember that an item of another platform is here; joins the caller's transaction."""
    await ImportedRow.insert(
        ImportedRow(
            id=uuid4(),
            site=site_id,
            platform=platform,
            number_index=index_of(number),
            contact=contact_id,
        )
    )


async def enter(
    new: Reception,
    screened: Screened,
    pictures: Sequence[Safe],
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Done:
    """Enter by hand what stands on another platform, or what a superior body assigned (GOV-1, GOV-6)."""
    platform, number = new.details.get("platform", ""), new.details.get("foreign_number", "")
    async with db.writing():
        await once.refuse_again(new.contact_id)
        if number and await is_taken(new.site_id, platform, number):
            raise InvalidInputError(
                {"foreign_number": N_("This number of the platform was taken over already.")}
            )
        done = await desk.receive(new, screened, actor=actor, at=at, plugins=plugins)
        contact_id = done.received.contact_id
        if number:
            await mark_taken(new.site_id, platform, number, contact_id)
        await scans.keep(contact_id, pictures, actor=actor, at=at)
    return done
