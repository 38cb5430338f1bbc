"""Letters that come after a visit (GOV-35): act on them, keep them on file, or put them aside.

What is put aside is destroyed together once a year, by the archive. A threat is told to the unit at once.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.notices.services import IN_APP, notify
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.intake import items, once, queries, services
from plugins.government.intake.facts import AGAIN, CONTACT, Received, Reception
from plugins.government.intake.tables import AfterVisitLetter
from plugins.government.matters import access, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Contact
from plugins.government.rights import REGISTER
from plugins.government.secrecy import policies
from plugins.government.secrecy import queries as secrecy
from plugins.government.units.queries import staff

ACT, KEEP, IDLE = "act", "keep", "idle"
DISPOSITIONS: dict[str, Message] = {
    ACT: N_("Act on it, as an item"),
    KEEP: N_("Keep it on the item's file"),
    IDLE: N_("Put aside until the yearly destruction"),
}
WHY_IDLE: dict[str, Message] = {
    "unclear": N_("Content unclear"),
    "repeated": N_("Repeats an earlier letter"),
    "pointless": N_("Without substance for the office"),
}
MEANS: dict[str, Message] = {
    "phone": N_("By phone"),
    "person": N_("In person"),
    "message": N_("By internal message"),
}
_TABLE = "government_after_visit_letter"
PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter as it came. `threat` names the unit that was told, by what means, and whom there."""

    reception: Reception
    matter_id: UUID | None
    written_on: date | None = None
    threat: bool = False
    told_unit: UUID | None = None
    told_means: str = ""
    told_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter after a visit with its contact, opened for a reader who may see it."""

    contact: queries.ContactLine
    id: UUID
    matter_id: UUID | None
    written_on: date | None
    disposition: str
    why_idle: str
    decided_at: datetime | None
    decided_by: str
    threat: bool
    told_unit: str
    told_at: datetime | None
    told_means: str
    told_to: str
    destroyed_at: datetime | None


async def enter(new: NewLetter, *, actor: Actor, at: datetime) -> UUID:
    """Enter a letter; one with a threat is entered only with the unit that was told at once."""
    if not actor.may_at(REGISTER, new.reception.site_id):
        raise NotFoundError
    if problems := _problems(new, at):
        raise InvalidInputError(problems)
    async with db.writing():
        await once.refuse_again(new.reception.contact_id)
        if new.matter_id is not None:
            await matters.take(new.matter_id, actor, at)
            await _refuse_accused(new, at)
        petitioner_id, _ = await services.petitioner_of(new.reception, actor, at)
        contact = await services.write_contact(
            new.reception, new.matter_id, petitioner_id, actor=actor, at=at
        )
        letter_id = uuid4()
        await AfterVisitLetter.insert(
            AfterVisitLetter(
                id=letter_id,
                contact=contact.id,
                matter=new.matter_id,
                written_on=new.written_on,
                threat=new.threat,
                told_unit=new.told_unit if new.threat else None,
                told_at=at if new.threat else None,
                told_means=new.told_means if new.threat else "",
                told_to_cipher=sealing.seal(
                    new.told_to if new.threat else "", _TABLE, "told_to_cipher", letter_id
                ),
            )
        )
        if new.threat and new.told_unit is not None:
            await _tell_unit(new.told_unit, contact, actor, at)
    return contact.id


def _problems(new: NewLetter, at: datetime) -> dict[str, Message]:
    """Return what is missing or cannot be, by field."""
    problems: dict[str, Message] = {}
    if not new.reception.summary.strip():
        problems["summary"] = N_("Please fill this in.")
    if new.written_on is not None and new.written_on > site_time(at).date():
        problems["written_on"] = N_("This day has not come yet.")
    if new.threat:
        if new.told_unit is None:
            problems["told_unit"] = N_("A threat is told to the unit at once: name it.")
        if new.told_means not in MEANS:
            problems["told_means"] = N_("Please choose one of the options.")
        if not new.told_to:
            problems["told_to"] = N_("Name who took it in there.")
    return problems


async def _refuse_accused(new: NewLetter, at: datetime) -> None:
    """Raise InvalidInputError when the unit to be told is one that the item accuses (GOV-50)."""
    if new.threat and new.matter_id is not None and new.told_unit is not None:
        decision = policies.may_hand_to(await secrecy.handing(new.matter_id, new.told_unit, at))
        if isinstance(decision, Deny):
            raise InvalidInputError({"told_unit": decision.reason})


async def _tell_unit(unit_id: UUID, contact: Contact, actor: Actor, at: datetime) -> None:
    """Leave a notice for the unit's staff too: that something was told, no name and no word of it."""
    for user_id, _, _ in await staff(unit_id):
        await notify(
            key=f"government.threat/{contact.id}/{user_id}",
            channel=IN_APP,
            subject=N_("The reception room tells your unit of an announced disturbance"),
            body=N_("Letter {number}. Ask the reception room by phone.", number=contact.number),
            at=at,
            user=user_id,
        )
    shown = {"unit": unit_id}
    await record(actor, "government.threat_told", CONTACT, contact.id, at=at, after=shown)


async def decide(
    contact_id: UUID,
    disposition: str,
    *,
    why_idle: str = "",
    reception: Reception | None = None,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> Received | None:
    """Decide what becomes of a letter: act (`reception` says as which item), keep, or put aside."""
    async with db.writing():
        await db.fetch(f"{_LOCK} FOR UPDATE", contact_id)  # two decisions: the second is refused
        line = await letter(contact_id, actor, at)
        if not actor.may_at(REGISTER, line.contact.site_id):
            raise NotFoundError
        if line.disposition:
            raise WrongStateError(N_("This letter was decided on already."))
        if disposition == IDLE and why_idle not in WHY_IDLE:
            raise InvalidInputError({"why_idle": N_("Please choose one of the options.")})
        if disposition == KEEP:
            if line.matter_id is None:
                raise InvalidInputError(
                    {"disposition": N_("No item is known on whose file it could be kept.")}
                )
            await matters.take(line.matter_id, actor, at)
        received = None
        values: dict[Any, Any] = {
            AfterVisitLetter.disposition: disposition,
            AfterVisitLetter.why_idle: why_idle if disposition == IDLE else "",
            AfterVisitLetter.decided_at: at,
            AfterVisitLetter.decided_by_name: actor.name,
        }
        if disposition == ACT:
            if reception is None:
                raise InvalidInputError({"title": N_("Please fill this in.")})
            received = await _act(contact_id, line, reception, actor=actor, at=at)
            values[AfterVisitLetter.matter] = received.matter_id
        elif disposition not in DISPOSITIONS:
            raise InvalidInputError({"disposition": N_("Please choose one of the options.")})
        await AfterVisitLetter.update(values).where(AfterVisitLetter.contact == contact_id)
        if disposition == KEEP and line.matter_id is not None:
            await timeline.note(
                line.matter_id,
                "after_visit",
                N_("Letter {number} kept on file", number=line.contact.number),
                actor=actor,
                at=at,
                shown_to=timeline.OFFICE,
            )
        shown = {"disposition": disposition, "why": why_idle}
        await record(
            actor, "government.after_visit_decide", CONTACT, contact_id, at=at, after=shown
        )
    return received


async def _act(
    contact_id: UUID, line: LetterLine, reception: Reception, *, actor: Actor, at: datetime
) -> Received:
    """Let a letter become an item of its own, or belong to the one it is about (GOV-1)."""
    if line.matter_id is not None:
        row = await matters.take(line.matter_id, actor, at)
        await timeline.note(
            row.id,
            "contact",
            replace(AGAIN[reception.channel], values={"number": line.contact.number}),
            actor=actor,
            at=at,
            body=line.contact.summary,
            shown_to=timeline.OFFICE,
        )
    else:
        came = replace(reception, received_on=line.contact.day)
        row = await items.register_item(came, line.contact.petitioner_id, actor, at)
        await Contact.update({Contact.matter: row.id}).where(Contact.id == contact_id)
    return Received(
        contact_id=contact_id,
        contact_number=line.contact.number,
        matter_id=row.id,
        matter_number=row.number,
        attached=line.matter_id is not None,
    )


async def letter(contact_id: UUID, actor: Actor, at: datetime) -> LetterLine:
    """Return one letter; NotFoundError for whom it does not exist."""
    found = await queries.contact(contact_id, actor, at)
    rows = await db.fetch(f"{_SELECT} WHERE l.contact = {{}}", contact_id)
    if not rows:
        raise NotFoundError
    return _line(rows[0], found)


_LOCK = "SELECT id FROM government_after_visit_letter WHERE contact = {}"
_SELECT = (
    "SELECT l.*, u.name AS unit_name FROM government_after_visit_letter l"
    " LEFT JOIN government_unit u ON u.id = l.told_unit"
)


def _line(row: db.Row, contact: queries.ContactLine) -> LetterLine:
    return LetterLine(
        contact=contact,
        id=row["id"],
        matter_id=row["matter"],
        written_on=row["written_on"],
        disposition=row["disposition"],
        why_idle=row["why_idle"],
        decided_at=row["decided_at"],
        decided_by=row["decided_by_name"],
        threat=bool(row["threat"]),
        told_unit=row["unit_name"] or "",
        told_at=row["told_at"],
        told_means=row["told_means"],
        told_to=sealing.unseal(row["told_to_cipher"], _TABLE, "told_to_cipher", row["id"]),
        destroyed_at=row["destroyed_at"],
    )


async def all_letters(
    actor: Actor, *, at: datetime, disposition: str = "", page: int = 1
) -> tuple[list[LetterLine], int]:
    """Return a page of the letters that a reader may see, undecided ones first, and how many there are."""
    condition, args = await queries.visible(actor, at)
    if disposition:
        condition, args = f"{condition} AND l.disposition = {{}}", [*args, disposition]
    joined = (
        " FROM government_after_visit_letter l JOIN government_contact c ON c.id = l.contact"
        f" LEFT JOIN government_matter m ON m.id = c.matter WHERE {condition}"
    )
    count = await db.count(joined, *args)
    ids = await db.fetch(
        f"SELECT l.contact{joined} ORDER BY (CASE WHEN l.disposition = '' THEN 0 ELSE 1 END),"
        " c.received_at DESC, c.number DESC LIMIT {} OFFSET {}",
        *args,
        PAGE,
        (page - 1) * PAGE,
    )
    wanted = [row["contact"] for row in ids]
    found = await queries.contacts(wanted, actor, at)
    rows = (
        await db.fetch(f"{_SELECT} WHERE l.contact IN ({access.places(wanted)})", *wanted)
        if wanted
        else []
    )
    by_contact = {row["contact"]: row for row in rows}
    lines = [_line(by_contact[one], found[one]) for one in wanted if one in found]
    return lines, count


async def undecided(actor: Actor, *, at: datetime) -> int:
    """Return how many letters wait for a reader's decision."""
    condition, args = await queries.visible(actor, at)
    here, sites = access.within(actor, REGISTER, "c.site")
    condition, args = f"{condition} AND {here}", [*args, *sites]
    return await db.count(
        "FROM government_after_visit_letter l JOIN government_contact c ON c.id = l.contact"
        f" LEFT JOIN government_matter m ON m.id = c.matter WHERE l.disposition = '' AND {condition}",
        *args,
    )
