"""One contact received, whatever the channel: person, visit at the gate, item, clocks (GOV-1 to 7).

The log gets ids, codes and numbers; what was said lies encrypted.
"""

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.documents.numbering import number_label
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import clocks, sealing
from plugins.government.facts import VISIT, size_of
from plugins.government.intake import arrivals, items, once, policies, queries, recognition
from plugins.government.intake.facts import (
    CONTACT,
    ENDED,
    OPEN,
    SIGNS,
    Received,
    Reception,
)
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Contact
from plugins.government.numbers import next_number
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.rights import REGISTER
from plugins.government.rulebook import GovernmentRules

_TABLE = "government_contact"


class ReceivedAlreadyError(InvalidInputError):
    """A visitor who is being received already; what they bring now may be a further matter."""

    def __init__(self, contact_id: UUID) -> None:
        super().__init__({"name": N_("This visitor was received already. Look at the day list.")})
        self.contact_id = contact_id


_OWN_ENTRY = frozenset({"system", "anonymous"})


async def receive(new: Reception, *, actor: Actor, at: datetime, plugins: Plugins) -> Received:
    """Receive somebody; joins the caller's transaction, and either all of it is written or nothing."""
    if actor.kind not in _OWN_ENTRY and not actor.may_at(REGISTER, new.site_id):
        raise NotFoundError
    rules: GovernmentRules = (await clocks.in_force(at)).values
    _check(new, rules)
    async with db.writing():
        await once.refuse_again(new.contact_id)
        # People before items, as joining two records does, so that neither waits for the other.
        petitioner_id, person = await petitioner_of(new, actor, at)
        party = [await _representative(one, actor, at) for one in new.representatives]
        registration_id, held = None, None
        visit = await _visit_beside(new.beside, actor, at) if new.beside is not None else None
        if visit is None and new.channel == VISIT:
            registration_id, held = await _visit(
                new, petitioner_id, person, actor=actor, at=at, plugins=plugins
            )
        attached = new.attach_to is not None
        row = (
            await items.attach(new, petitioner_id, actor, at)
            if attached
            else await items.register_item(new, petitioner_id, actor, at)
        )
        contact = await write_contact(
            new,
            row.id,
            petitioner_id,
            registration_id=registration_id,
            visit_id=visit.id if visit is not None else None,
            actor=actor,
            at=at,
        )
        if visit is not None:
            await _lead(visit, contact, secret=row.secret)
        if attached:
            await items.note_again(new, row, contact, actor, at)
        for one in party:
            await matters.add_person(row.id, one, "representative")
    return Received(
        contact_id=contact.id,
        contact_number=contact.number,
        matter_id=row.id,
        matter_number=row.number,
        attached=attached,
        held=held,
    )


def _check(new: Reception, rules: GovernmentRules) -> None:
    problems: dict[str, Message] = {}
    problems |= policies.problems_of_party(
        channel=new.channel,
        heads=new.heads,
        representatives=len(new.representatives),
        most=rules.representatives_most,
        group_from=rules.group_from,
    )
    problems |= policies.problems_of_receivers(
        new.channel, new.receivers, least=rules.receivers_least
    )
    if new.channel == VISIT and (new.person is None or not new.person.name):
        problems["name"] = N_("Please fill this in.")
    if problems:
        raise InvalidInputError(problems)


async def petitioner_of(
    new: Reception, actor: Actor, at: datetime
) -> tuple[UUID | None, Person | None]:
    """Return who petitions, known again or entered; a known one is brought up to date."""
    if new.person is None or new.person.anonymous:
        return None, None
    person = new.person
    known_id = new.petitioner_id or await _surely_known(person, actor, at)
    if known_id is None:
        return await people.enter(person, actor=actor, at=at), person
    # Records that are being joined: this waits, and goes on with the one that stays.
    known_id = await people.held(known_id)
    before = await people.petitioner(known_id)
    merged = replace(
        before,
        **{
            name: value
            for name in Person.__slots__
            if (value := getattr(person, name)) not in ("", None, False)
        },
    )
    if merged != before and actor.kind not in _OWN_ENTRY:
        await people.correct(known_id, merged, actor=actor, at=at)
    return known_id, merged


async def _representative(person: Person, actor: Actor, at: datetime) -> UUID:
    known = await _surely_known(person, actor, at)
    if known is None:
        return await people.enter(person, actor=actor, at=at)
    return await people.held(known)


async def _surely_known(person: Person, actor: Actor, at: datetime) -> UUID | None:
    """Return the petitioner that somebody surely is.

    One of whom whoever enters them may not know is joined only where nothing is stored that was not
    said now: else a name and a number would bring up what a hidden item told of them.
    """
    for one in await people.known(person):
        same_name = people.folded(one.person.name) == people.folded(person.name)
        sure = one.by in ("document", "visitor") or (
            one.by == "phone" and not _contradict(person, one.person)
        )
        if not (same_name and sure):
            continue
        if _says_it_all(person, one.person) or await _may_join(one.id, actor, at):
            return one.id
    return None


def _says_it_all(person: Person, stored: Person) -> bool:
    told = (name for name in Person.__slots__ if name != "visitor_id")
    return all(getattr(stored, name) in ("", None, getattr(person, name)) for name in told)


async def _may_join(petitioner_id: UUID, actor: Actor, at: datetime) -> bool:
    if actor.kind in _OWN_ENTRY:  # read by the whole office later on
        rows = await db.fetch(
            "SELECT m.secret FROM government_matter_person mp JOIN government_matter m"
            " ON m.id = mp.matter WHERE mp.petitioner = {}",
            petitioner_id,
        )
        return not rows or not all(row["secret"] for row in rows)
    try:
        await recognition.may_know(petitioner_id, actor, at)
    except NotFoundError:
        return False
    return True


def _contradict(one: Person, other: Person) -> bool:
    return bool(one.document and other.document and one.document != other.document)


async def _visit(
    new: Reception,
    petitioner_id: UUID | None,
    person: Person | None,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> tuple[UUID, Message | None]:
    if new.arrival_id is not None:
        registration_id, visitor_id, held = await arrivals.take_over(
            new.arrival_id, site_id=new.site_id, actor=actor, at=at, plugins=plugins
        )
    else:
        assert person is not None  # noqa: S101 - _check refused a visit of nobody
        registration_id, visitor_id, held = await arrivals.enter(
            person,
            site_id=new.site_id,
            heads=new.heads,
            shown=new.document_shown,
            by_eye=new.document_by_eye,
            same_person=new.same_person,
            actor=actor,
            at=at,
            plugins=plugins,
        )
    if petitioner_id is not None and person is not None and person.visitor_id != visitor_id:
        linked = replace(person, visitor_id=visitor_id)
        await people.correct(petitioner_id, linked, actor=actor, at=at)
    # Two desks that receive the same visit: the second waits here, and is told.
    await db.fetch("SELECT id FROM registration WHERE id = {} FOR UPDATE", registration_id)
    before = await Contact.objects().get(Contact.registration == registration_id)
    if before is not None:
        raise ReceivedAlreadyError(before.id)
    return registration_id, held


async def _visit_beside(contact_id: UUID, actor: Actor, at: datetime) -> Contact:
    """Return the contact with the gate's registration of the visit that brings a further matter."""
    known = await queries.contact(contact_id, actor, at)
    first_id = known.visit_id or known.id
    # Several matters of one visit come one after another: one of them leads.
    await db.fetch("SELECT id FROM government_contact WHERE id = {} FOR UPDATE", first_id)
    found = await Contact.objects().get(Contact.id == first_id)
    if found is None or found.channel != VISIT or found.day != site_time(at).date():
        raise InvalidInputError(
            {"": N_("This visit is not of today. Receive the visitor as one who comes now.")}
        )
    if found.ended_at is not None:
        raise InvalidInputError(
            {"": N_("The visitor has left already. Receive them as one who comes now.")}
        )
    if found.visit is None:
        found.visit = found.id
        await found.save([Contact.visit])
    return found


async def _lead(visit: Contact, further: Contact, *, secret: bool) -> None:
    """Let one contact of a visit count as the batch: where some item is confidential, an open one.

    Else whoever may not see it would find a visit that has no batch.
    """
    rows = await db.fetch(
        "SELECT c.id, m.secret FROM government_contact c JOIN government_matter m ON m.id = c.matter"
        " WHERE c.visit = {} AND c.leads = {} AND c.id <> {}",
        visit.id,
        True,
        further.id,
    )
    leads = not rows or (bool(rows[0]["secret"]) and not secret)
    for one, is_it in ((further.id, leads), *((row["id"], not leads) for row in rows)):
        await Contact.update({Contact.leads: is_it}).where(Contact.id == one)


async def write_contact(
    new: Reception,
    matter_id: UUID | None,
    petitioner_id: UUID | None,
    *,
    registration_id: UUID | None = None,
    visit_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Contact:
    """Write down one coming, writing or calling; joins the caller's transaction."""
    contact_id = new.contact_id or uuid4()
    day = site_time(at).date()
    kind = f"government.contact.{new.channel}"
    number = SIGNS[new.channel] + number_label(day.year, await next_number(kind, day.year, at=at))
    summary = new.summary or new.matter.demand
    details = {name: value for name, value in new.details.items() if value}
    contact = Contact(
        id=contact_id,
        number=number,
        site=new.site_id,
        matter=matter_id,
        registration=registration_id,
        visit=visit_id,
        petitioner=petitioner_id,
        channel=new.channel,
        day=day,
        received_at=at,
        heads=new.heads,
        size=size_of(new.heads),
        frequency="repeat" if new.attach_to is not None else new.frequency,
        receivers="、".join(new.receivers),
        summary_cipher=sealing.seal(summary, _TABLE, "summary_cipher", contact_id),
        details_cipher=sealing.seal(
            json.dumps(details, ensure_ascii=False) if details else "",
            _TABLE,
            "details_cipher",
            contact_id,
        ),
        state=OPEN if new.channel == VISIT else ENDED,
        recorded_by=actor.id,
        recorded_by_name=actor.name,
        ended_at=None if new.channel == VISIT else at,
    )
    await Contact.insert(contact)
    shown = {"number": number, "matter": matter_id, "channel": new.channel, "heads": new.heads}
    await record(actor, "government.receive", CONTACT, contact_id, at=at, after=shown)
    return contact


async def end_visit(contact_id: UUID, *, actor: Actor, at: datetime, plugins: Plugins) -> None:
    """Note that a visitor left the reception room, and the house as far as the desk sees."""
    async with db.writing():
        contact = await Contact.objects().get(Contact.id == contact_id)
        if contact is None or not actor.may_at(REGISTER, contact.site):
            raise NotFoundError
        if contact.matter is not None:
            await matters.take(contact.matter, actor, at)
        if contact.ended_at is not None:
            return
        every = [contact]
        if contact.visit is not None:
            every = await Contact.objects().where(Contact.visit == contact.visit)
        for one in every:
            if one.ended_at is None:
                one.state, one.ended_at = ENDED, at
                await one.save([Contact.state, Contact.ended_at])
                await record(actor, "government.visit_end", CONTACT, one.id, at=at)
            if one.registration is not None:
                await arrivals.leave(one.registration, actor=actor, at=at, plugins=plugins)
