"""The receipt of a contact, and the end of a visit (GOV-16, CORE-1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.documents.queries import of_record
from core.errors import NotFoundError
from core.i18n import N_
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import clocks, facts, sealing
from plugins.government.facts import MATTER
from plugins.government.inputs import Flash, Form
from plugins.government.intake import queries
from plugins.government.intake import services as intake
from plugins.government.intake.desk_pages import DESK
from plugins.government.intake.facts import DETAILS
from plugins.government.matters import queries as matters
from plugins.government.matters import states
from plugins.government.papers.filling import office_of
from plugins.government.papers.kinds import KINDS
from plugins.government.rights import HANDLE, REGISTER
from plugins.government.screening import queries as screening
from plugins.government.screening.facts import DECISIONS, INTERVIEW_WHY, MANNERS


async def receipt_of(contact_id: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the receipt shows: the contact, its item, the code, what was told."""
    contact = await queries.contact(contact_id, actor, now)
    if contact.matter_id is None:
        raise NotFoundError
    matter = await matters.matter(contact.matter_id, actor, now)
    interviews = [
        one for one in await screening.interviews(matter.id) if one.contact_id == contact_id
    ]
    told = [one for one in await screening.told(matter.id) if one.at == contact.received_at]
    further = [
        (one, await matters.matter(one.matter_id, actor, now))
        for one in await queries.of_visit(contact, actor, now)
        if one.matter_id is not None
    ]
    return {
        "contact": contact,
        "office": await office_of(contact.site_id),
        "further": [
            {"contact": one, "line": own.line, "code": matter_code(own.row)} for one, own in further
        ],
        "matter": matter,
        "code": matter_code(matter.row),
        "told": told,
        "papers": {
            one.id: one for one in await of_record(MATTER, matter.id, actor=actor, kinds=KINDS)
        },
        "interviews": interviews,
        "clocks": [
            one
            for one in await clocks.of_matter(matter.id, at=now)
            if one.state == "running" and one.track == "statutory"
        ],
        "may_hand": actor.may_at(HANDLE, contact.site_id),
        "decisions": DECISIONS,
        "manners": MANNERS,
        "why": INTERVIEW_WHY,
        "details": DETAILS,
    }


def matter_code(row: Mapping[str, Any]) -> str:
    """Return the code by which the petitioner asks for an item; it stands on paper only."""
    return sealing.unseal(row["query_cipher"], "government_matter", "query_cipher", row["id"])


@get("/contacts/{contact_id:uuid}/receipt", requires=REGISTER)
async def receipt(
    contact_id: FromPath[UUID], actor: NamedDependency[Actor], now: NamedDependency[datetime]
) -> Template:
    """Show the receipt as it is printed and handed over."""
    return Template(
        "government/intake/receipt.html",
        context={
            **await receipt_of(contact_id, actor, now),
            "channels": facts.CHANNELS,
            "purposes": facts.PURPOSES,
            "stages": states.STAGES,
        },
    )


@post("/contacts/{contact_id:uuid}/leave", requires=REGISTER)
async def leave(
    contact_id: FromPath[UUID],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[Plugins],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Note that a visitor left the reception room."""
    await intake.end_visit(contact_id, actor=actor, at=now, plugins=plugins)
    flash("success", N_("The visit is ended."))
    return Redirect(DESK if data.get("from") == "desk" else "/government/day", status_code=303)


router = Router(path="/government", route_handlers=[receipt, leave])
