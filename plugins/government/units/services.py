"""Units entered, changed and switched off; staff named and withdrawn. Stored of staff: their account alone."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.holders import accounts_of
from core.errors import InvalidInputError, NotFoundError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from plugins.government.rights import SETTINGS
from plugins.government.units import queries
from plugins.government.units.facts import KINDS
from plugins.government.units.tables import Unit, UnitMember

RECORD = "government_unit"


async def add(
    *,
    site_id: UUID,
    kind: str,
    code: str,
    name: str,
    actor: Actor,
    at: datetime,
    parent_id: UUID | None = None,
    order: int = 100,
    phone: str = "",
    address: str = "",
) -> UUID:
    """Enter a unit; a code is given once at a site."""
    _keeps(site_id, actor)
    if kind not in KINDS or not name.strip() or not code.strip():
        raise InvalidInputError({"name": N_("Please fill this in.")})
    async with db.writing():
        if await Unit.exists().where(Unit.site == site_id, Unit.code == code):
            raise InvalidInputError({"code": N_("There is a unit with this code already.")})
        row = Unit(
            id=uuid4(),
            site=site_id,
            parent=parent_id,
            kind=kind,
            code=code,
            name=name,
            phone=phone,
            address=address,
            order=order,
        )
        await Unit.insert(row)
        shown = {"kind": kind, "code": code, "name": name}
        await record(actor, "government.unit_add", RECORD, row.id, at=at, after=shown)
    return row.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is said of a unit and may change."""

    name: str
    kind: str
    parent_id: UUID | None
    phone: str
    address: str
    active: bool


async def change(unit_id: UUID, wanted: Particulars, *, actor: Actor, at: datetime) -> None:
    """Change what is said of a unit, or switch it off or on; what it was called stays in the log.

    Raises InvalidInputError for a body above that is the unit itself or below it, another kind for
    a unit that had items, and switching off who still answers for one.
    """
    async with db.writing():
        await _kept(unit_id, actor)
        now = await queries.unit(unit_id)
        problems = {}
        if wanted.kind != now.kind and await queries.was_given_items(unit_id):
            problems["kind"] = N_("Items were handed to this unit: its kind stays.")
        if wanted.parent_id and unit_id in await queries.with_ancestors([wanted.parent_id]):
            problems["parent"] = N_("This body is the unit itself or stands below it.")
        if now.active and not wanted.active and await queries.holds_open_items(unit_id):
            problems["active"] = N_("It still answers for open items: hand them over first.")
        if problems:
            raise InvalidInputError(problems)
        before = Particulars(
            name=now.name,
            kind=now.kind,
            parent_id=now.parent_id,
            phone=now.phone,
            address=now.address,
            active=now.active,
        )
        if before == wanted:
            return
        await Unit.update(
            {
                Unit.name: wanted.name,
                Unit.kind: wanted.kind,
                Unit.parent: wanted.parent_id,
                Unit.phone: wanted.phone,
                Unit.address: wanted.address,
                Unit.active: wanted.active,
            }
        ).where(Unit.id == unit_id)
        await record(
            actor,
            "government.unit_change",
            RECORD,
            unit_id,
            at=at,
            before=asdict(before),
            after=asdict(wanted),
        )


def _keeps(site_id: UUID, actor: Actor) -> None:
    """Raise NotFoundError for who keeps no units of this reception room."""
    if actor.kind != "system" and not actor.may_at(SETTINGS, site_id):
        raise NotFoundError


async def _kept(unit_id: UUID, actor: Actor) -> None:
    """Raise NotFoundError unless there is such a unit and somebody keeps those of its room."""
    row = await Unit.objects().get(Unit.id == unit_id)
    if row is None:
        raise NotFoundError
    _keeps(row.site, actor)


async def name_member(
    unit_id: UUID, user_id: UUID, *, head: bool, actor: Actor, at: datetime, post: str = ""
) -> None:
    """Let a user work for a unit, or change whether they head it."""
    async with db.writing():
        await _kept(unit_id, actor)
        if not await accounts_of([user_id]):
            raise NotFoundError
        now = await UnitMember.objects().get(
            (UnitMember.unit == unit_id) & (UnitMember.user == user_id) & UnitMember.until.is_null()
        )
        if now is None:
            now = UnitMember(id=uuid4(), unit=unit_id, user=user_id, head=head, post=post, since=at)
            await UnitMember.insert(now)
        else:
            now.head, now.post = head, post
            await now.save()
        shown = {"user": user_id, "head": head}
        await record(actor, "government.unit_member", RECORD, unit_id, at=at, after=shown)


async def withdraw_member(unit_id: UUID, user_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Let somebody no longer work for a unit, from now on."""
    async with db.writing():
        await _kept(unit_id, actor)
        await UnitMember.update({UnitMember.until: at}).where(
            UnitMember.unit == unit_id, UnitMember.user == user_id, UnitMember.until.is_null()
        )
        shown = {"user": user_id}
        await record(actor, "government.unit_member_end", RECORD, unit_id, at=at, before=shown)
