"""Telling those who may decide that somebody is held, whoever held them and wherever."""

from collections.abc import Collection
from uuid import UUID

from core import db
from core.accounts.holders import holders
from core.events import Event
from core.i18n import N_
from core.notices.services import IN_APP, notify
from core.registrations import states
from core.registrations.tables import Registration


async def tell_who_may_decide(event: Event, roles: Collection[str]) -> None:
    """Put a notice into the inbox of everyone with one of the roles at the visit's site, once."""
    if event.payload.get("state") != states.HELD or not event.name.startswith("registration."):
        return
    visit_id = UUID(event.record)
    visit = await Registration.objects().get(Registration.id == visit_id)
    if visit is None or visit.state != states.HELD:
        return  # decided meanwhile
    async with db.writing():
        for holder in await holders(roles, event.site_id):
            await notify(
                key=f"held/{visit_id}/{event.id}/{holder.id}",
                channel=IN_APP,
                user=holder.id,
                subject=N_("A visit is held"),
                body=N_("Visit {number} waits for a decision.", number=visit.number),
                at=event.at,
                url=f"/registrations/{visit_id}",
            )
