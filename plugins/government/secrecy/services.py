"""Accused persons and units named and withdrawn, staff who step back, hands that items must not reach.

GOV-49, GOV-50. Stored: names and reasons, encrypted. The log says that and who, never why or whom an
item accuses. What bars somebody takes effect with the commit, in open pages too.
"""

from datetime import datetime
from uuid import UUID, uuid4

from core import clock, db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError, WrongStateError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from plugins.government import sealing
from plugins.government.facts import MATTER
from plugins.government.matters import counted, timeline
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Barred, Matter
from plugins.government.rights import HANDLE, REGISTER
from plugins.government.secrecy import policies, queries
from plugins.government.secrecy.facts import ACCUSED, DECLARED, NAMED, PERSON, RECUSAL, UNIT
from plugins.government.secrecy.queries import ACCUSED_TABLE, RECUSAL_TABLE
from plugins.government.secrecy.rights import NAME
from plugins.government.secrecy.tables import Accused, Recusal
from plugins.government.secrecy.taking_away import take_away, tell_head

LONGEST_REASON = 1000
LONGEST_NAME = 100


async def refuse_accused(matter_id: UUID, unit_id: UUID, at: datetime | None = None) -> None:
    """Raise RefusedError (GOV-50) when a unit, or a body above it, is accused in an item.

    Ask it before an item, a copy, a letter or a meeting goes to a unit.
    """
    decision = policies.may_hand_to(await queries.handing(matter_id, unit_id, at or clock.now()))
    if isinstance(decision, Deny):
        raise RefusedError(decision)


async def accuse(
    matter_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
    name: str = "",
    unit_id: UUID | None = None,
    user_id: UUID | None = None,
) -> UUID:
    """Name whom an item accuses, at registration or later; joins the caller's transaction.

    A unit alone, or a person by name, with their account and the unit they work for where known.
    From the commit on the item exists for none of them, nor for the bodies below the unit; it is
    taken from the units for which the account works.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name and unit_id is None and user_id is None:
        raise InvalidInputError({"name": N_("Name a person or a unit.")})
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        _may_write(row, actor)
        await _check_known(unit_id, user_id)
        made = Accused(
            id=uuid4(),
            matter=matter_id,
            kind=PERSON if name or user_id else UNIT,
            unit=unit_id,
            user=user_id,
            since=at,
            by_name=actor.name,
        )
        made.name_cipher = sealing.seal(name, ACCUSED_TABLE, "name_cipher", made.id)
        await Accused.insert(made)
        if user_id is not None:
            await _bar(matter_id, ACCUSED, actor, at, user_id=user_id)
        if unit_id is not None:
            await _bar(matter_id, ACCUSED, actor, at, unit_id=unit_id)
        if not row.secret:
            await _make_secret(row, actor, at)
        text = (
            N_("An accused person was named")
            if made.kind == PERSON
            else N_("An accused unit was named")
        )
        await timeline.note(matter_id, "accuse", text, actor=actor, at=at, shown_to=timeline.OFFICE)
        shown = {"kind": made.kind}
        await record(actor, "government.accuse", MATTER, matter_id, at=at, after=shown)
        await take_away(
            row,
            accused=user_id,
            unit_id=unit_id,
            actor=actor,
            at=at,
            plugins=plugins,
        )
        told = N_("Somebody the item accuses was named: it was taken from whoever is concerned.")
        await tell_head(row, f"accuse:{made.id}", told, at=at)
    return made.id


def _may_write(row: Matter, actor: Actor) -> None:
    if actor.kind == "system":
        return
    if not any(actor.may_at(one, row.site) for one in (HANDLE, REGISTER)):
        raise NotFoundError


async def _check_known(unit_id: UUID | None, user_id: UUID | None) -> None:
    wrong = N_("Please choose one of the options.")
    if unit_id and not await db.fetch("SELECT id FROM government_unit WHERE id = {}", unit_id):
        raise InvalidInputError({"unit": wrong})
    if user_id and not await db.fetch("SELECT id FROM account WHERE id = {}", user_id):
        raise InvalidInputError({"user": wrong})


async def _make_secret(row: Matter, actor: Actor, at: datetime) -> None:
    """Make an item confidential; whoever does so goes on seeing it."""
    await matters.change(row, "make_secret", {Matter.secret: True}, actor=actor, at=at)
    await counted.lead_anew(row.id)
    row.secret = True
    if actor.kind == "user" and actor.id is not None and row.registered_by != actor.id:
        await matters.let_read(row.id, actor.id, why="named", at=at)


async def _bar(
    matter_id: UUID,
    why: str,
    actor: Actor,
    at: datetime,
    *,
    user_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> None:
    known = Barred.unit == unit_id if unit_id else Barred.user == user_id
    if await Barred.exists().where(
        Barred.matter == matter_id, Barred.why == why, Barred.until.is_null(), known
    ):
        return
    await Barred.insert(
        Barred(
            id=uuid4(),
            matter=matter_id,
            user=user_id,
            unit=unit_id,
            why=why,
            since=at,
            by_name=actor.name,
        )
    )


async def withdraw(accused_id: UUID, *, reason: str, actor: Actor, at: datetime) -> UUID:
    """Take back that an item accuses somebody, with a reason; return the item."""
    said = _reason(reason)
    async with db.writing():
        line = await Accused.objects().get(Accused.id == accused_id)
        if line is None:
            raise NotFoundError
        row = await matters.take(line.matter, actor, at)
        _may_name(row, actor)
        await line.refresh()
        if line.withdrawn_at is not None:
            raise WrongStateError(N_("This was taken back already."))
        line.withdrawn_at, line.withdrawn_by_name = at, actor.name
        line.reason_cipher = sealing.seal(said, ACCUSED_TABLE, "reason_cipher", line.id)
        await line.save()
        await _end_unless_named_again(line, at)
        text = N_("It was taken back that somebody is accused")
        await timeline.note(
            row.id, "accuse_withdraw", text, actor=actor, at=at, body=said,
            shown_to=timeline.OFFICE,
        )  # fmt: skip
        await record(actor, "government.accuse_withdraw", MATTER, row.id, at=at)
        told = N_("It was taken back that somebody is accused: they may see the item again.")
        await tell_head(row, f"withdraw:{line.id}", told, at=at)
    return row.id


def _may_name(row: Matter, actor: Actor) -> None:
    if actor.kind != "system" and not actor.may_at(NAME, row.site):
        raise NotFoundError


def _reason(text: str) -> str:
    said = text.strip()[:LONGEST_REASON]
    if not said:
        raise InvalidInputError({"reason": N_("Say why.")})
    return said


async def _end_unless_named_again(line: Accused, at: datetime) -> None:
    """Let in again whom this line kept out, unless another line still accuses them."""
    others = (
        (Accused.matter == line.matter) & Accused.withdrawn_at.is_null() & (Accused.id != line.id)
    )
    ended = (Barred.matter == line.matter) & (Barred.why == ACCUSED) & Barred.until.is_null()
    if line.user and not await Accused.exists().where(others, Accused.user == line.user):
        await Barred.update({Barred.until: at}).where(ended, Barred.user == line.user)
    if line.unit and not await Accused.exists().where(others, Accused.unit == line.unit):
        await Barred.update({Barred.until: at}).where(ended, Barred.unit == line.unit)


async def step_back(
    matter_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Declare a direct interest in an item: whoever does loses it at once (GOV-49)."""
    if actor.kind != "user" or actor.id is None:
        raise NotFoundError
    said = _reason(reason)
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        return await _recuse(row, actor.id, DECLARED, said, actor, at, plugins)


async def name(
    matter_id: UUID, user_id: UUID, *, reason: str, actor: Actor, at: datetime, plugins: Plugins
) -> UUID:
    """Name somebody who must not deal with an item; the head of the room does (GOV-49)."""
    said = _reason(reason)
    async with db.writing():
        row = await matters.take(matter_id, actor, at)
        _may_name(row, actor)
        await _check_known(None, user_id)
        if user_id == actor.id:
            raise InvalidInputError({"user": N_("Declare your own interest by yourself.")})
        return await _recuse(row, user_id, NAMED, said, actor, at, plugins)


async def _recuse(
    row: Matter,
    user_id: UUID,
    how: str,
    reason: str,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> UUID:
    if await Recusal.exists().where(
        Recusal.matter == row.id, Recusal.user == user_id, Recusal.lifted_at.is_null()
    ):
        raise WrongStateError(N_("This person has nothing to do with the item already."))
    [found] = await db.fetch("SELECT name FROM account WHERE id = {}", user_id)
    made = Recusal(
        id=uuid4(),
        matter=row.id,
        user=user_id,
        user_name=found["name"],
        how=how,
        since=at,
        by_name=actor.name,
    )
    made.reason_cipher = sealing.seal(reason, RECUSAL_TABLE, "reason_cipher", made.id)
    await Recusal.insert(made)
    await _bar(row.id, RECUSAL, actor, at, user_id=user_id)
    text = N_("{name} has nothing to do with it from now on", name=found["name"])
    await timeline.note(
        row.id, "recuse", text, actor=actor, at=at, body=reason, shown_to=timeline.OFFICE
    )
    shown = {"how": how, "user": str(user_id)}
    await record(actor, "government.recuse", MATTER, row.id, at=at, after=shown)
    await take_away(row, users=[user_id], actor=actor, at=at, plugins=plugins)
    told = N_("{name} has nothing to do with it from now on", name=found["name"])
    await tell_head(row, f"recuse:{made.id}", told, at=at)
    return made.id


async def lift(recusal_id: UUID, *, reason: str, actor: Actor, at: datetime) -> UUID:
    """Let somebody deal with an item again, with a reason; return the item. Never oneself."""
    said = _reason(reason)
    async with db.writing():
        line = await Recusal.objects().get(Recusal.id == recusal_id)
        if line is None:
            raise NotFoundError
        row = await matters.take(line.matter, actor, at)
        _may_name(row, actor)
        await line.refresh()
        if line.lifted_at is not None:
            raise WrongStateError(N_("This was lifted already."))
        line.lifted_at, line.lifted_by_name = at, actor.name
        line.lift_reason_cipher = sealing.seal(said, RECUSAL_TABLE, "lift_reason_cipher", line.id)
        await line.save()
        await Barred.update({Barred.until: at}).where(
            Barred.matter == row.id,
            Barred.user == line.user,
            Barred.why == RECUSAL,
            Barred.until.is_null(),
        )
        text = N_("{name} may deal with it again", name=line.user_name)
        await timeline.note(
            row.id, "recuse_lift", text, actor=actor, at=at, body=said, shown_to=timeline.OFFICE
        )
        shown = {"user": str(line.user)}
        await record(actor, "government.recuse_lift", MATTER, row.id, at=at, after=shown)
    return row.id
