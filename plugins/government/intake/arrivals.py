"""Visits at the gate taken over by the desk, and entered for those who came straight in (CORE-1).

The gate's book says only that somebody came to the reception room: no matter, a neutral host.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from core import db
from core.errors import NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations import leaving, services, states
from core.registrations.services import Arrival
from core.registrations.tables import Registration
from core.visitors import matching, protected
from core.visitors.matching import Person as Visiting
from core.visitors.tables import Visitor
from plugins.government.intake.facts import PURPOSE, Waiting
from plugins.government.matters.access import places
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.rights import REGISTER
from plugins.government.secrecy import belonging, guarding
from plugins.government.units.facts import OFFICE
from plugins.government.units.queries import units

_CORE = frozenset(
    {
        "core:registration:read",
        "core:registration:write",
        "core:appointment:read",
        "core:appointment:write",
    }
)
_WAITING = (
    "SELECT r.id, r.number, r.head_count, r.state, r.arrived_at, r.created_at, v.name, r.visitor"
    " FROM registration r JOIN visitor v ON v.id = r.visitor WHERE r.site = {} AND r.purpose = {}"
    " AND r.state IN ('waiting', 'held', 'inside')"
    " AND NOT EXISTS (SELECT 1 FROM government_contact c WHERE c.registration = r.id)"
    " ORDER BY r.created_at"
)


def at_reception(actor: Actor) -> Actor:
    """Return who keeps the desk, with what receiving takes of the core: the book and appointments."""
    if actor.kind != "user":
        return actor
    sites = actor.sites_with(REGISTER)
    return replace(
        actor,
        permissions=actor.permissions | _CORE,
        site_ids=sites if sites is not None else frozenset(),
        grants={},
    )


async def waiting(site_id: UUID, actor: Actor, at: datetime) -> list[Waiting]:
    """Return who came through the gate for the reception room and was not received yet.

    Whom the reader may know as a petitioner is named as one.
    """
    rows = await db.fetch(_WAITING, site_id, PURPOSE)
    known = await _known([row["visitor"] for row in rows], actor, at)
    return [
        Waiting(
            registration_id=row["id"],
            number=row["number"],
            name=row["name"],
            heads=row["head_count"],
            since=row["arrived_at"] or row["created_at"],
            state=row["state"],
            petitioner_id=known.get(row["visitor"]),
        )
        for row in rows
    ]


async def _known(visitors: Sequence[UUID], actor: Actor, at: datetime) -> dict[UUID, UUID]:
    """Return the petitioner that each of these visitors is, the one last written of first."""
    if not visitors:
        return {}
    rows = await db.fetch(
        "SELECT p.id, p.visitor FROM government_petitioner p WHERE p.erased_at IS NULL"
        f" AND p.visitor IN ({places(visitors)}) ORDER BY p.updated_at DESC",
        *visitors,
    )
    gone = await guarding.hidden(belonging.PETITIONER, [str(row["id"]) for row in rows], actor, at)
    found: dict[UUID, UUID] = {}
    for row in rows:
        if str(row["id"]) not in gone:
            found.setdefault(row["visitor"], await people.current(row["id"]))
    return found


async def person_at_gate(registration_id: UUID, site_ids: frozenset[UUID] | None) -> Person:
    """Return who a waiting visit is about, as the gate wrote them down."""
    row = await _row(registration_id)
    if site_ids is not None and row.site not in site_ids:
        raise NotFoundError
    visitor = await Visitor.objects().get(Visitor.id == row.visitor)
    if visitor is None or row.purpose != PURPOSE:
        raise NotFoundError
    return Person(
        name=visitor.name,
        sex=visitor.sex,
        phone=protected.clear_phone(visitor),
        document_kind=visitor.document_kind,
        document=protected.clear_document(visitor),
        visitor_id=visitor.id,
    )


async def heads_at_gate(registration_id: UUID) -> int:
    """Return how many came in on a visit."""
    return (await _row(registration_id)).head_count


async def _row(registration_id: UUID) -> Registration:
    row = await Registration.objects().get(Registration.id == registration_id)
    if row is None:
        raise NotFoundError
    return row


async def reception_room(site_id: UUID) -> str:
    """Return what the gate's book calls the host: the reception room, whatever the matter."""
    rooms = await units(OFFICE, site_id=site_id)
    return rooms[0].name if rooms else ""


async def take_over(
    registration_id: UUID, *, site_id: UUID, actor: Actor, at: datetime, plugins: Plugins
) -> tuple[UUID, UUID, Message | None]:
    """Receive a visit of the gate's book: visit, visitor, and why they are kept waiting, if so."""
    row = await _row(registration_id)
    if row.site != site_id or row.purpose != PURPOSE:
        raise NotFoundError
    if row.state not in (states.WAITING, states.HELD, states.INSIDE):
        raise WrongStateError(N_("This visitor is not waiting any more."))
    held = Message.load(row.decision_reason) if row.state == states.HELD else None
    if row.state == states.WAITING:
        held = await _admit(row.id, actor, at, plugins)
    return row.id, row.visitor, held


async def enter(
    person: Person,
    *,
    site_id: UUID,
    heads: int,
    shown: bool,
    by_eye: bool,
    same_person: bool,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> tuple[UUID, UUID, Message | None]:
    """Enter a visit for somebody whom the gate did not write down, or take over the open one."""
    visiting = Visiting(
        name=person.name,
        phone=person.phone,
        document_kind=person.document_kind if person.document else "",
        document_number=person.document,
        document_by_eye=by_eye,
        sex=person.sex,
        visitor_id=person.visitor_id,
        same_person=same_person,
    )
    open_visit = await _open_visit(visiting, site_id)
    if open_visit is not None:
        return await take_over(open_visit, site_id=site_id, actor=actor, at=at, plugins=plugins)
    made = await services.register(
        Arrival(
            site_id=site_id,
            person=visiting,
            purpose=PURPOSE,
            host_text=await reception_room(site_id),
            head_count=heads,
            document_shown=shown,
        ),
        actor=at_reception(actor),
        at=at,
        plugins=plugins,
    )
    if made.state == states.WAITING:
        return made.id, made.visitor_id, await _admit(made.id, actor, at, plugins)
    reason = getattr(made.decision, "reason", None)
    return made.id, made.visitor_id, reason


async def _open_visit(person: Visiting, site_id: UUID) -> UUID | None:
    ids = [person.visitor_id] if person.visitor_id else []
    ids += [one.visitor.id for one in await matching.likenesses(person) if one.certain]
    if not ids:
        return None
    row = (
        await Registration.objects()
        .where(
            Registration.visitor.is_in(ids),
            Registration.site == site_id,
            Registration.purpose == PURPOSE,
            Registration.state.is_in([states.WAITING, states.HELD, states.INSIDE]),
        )
        .first()
    )
    return row.id if row is not None else None


async def _admit(
    registration_id: UUID, actor: Actor, at: datetime, plugins: Plugins
) -> Message | None:
    decision = await services.admit(
        registration_id, actor=at_reception(actor), at=at, plugins=plugins
    )
    return getattr(decision, "reason", None)


async def leave(registration_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """Record that the visitor left, where the gate has not done so already."""
    row = await _row(registration_id)
    if row.state == states.INSIDE:
        await leaving.leave(row.id, actor=at_reception(actor), at=at, plugins=plugins)
