"""What somebody had to do with an item is taken from them the moment they are barred (GOV-49, GOV-50).

Access ends by the row in `government_barred` itself; here it is about seats, charge, holders, notices.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from core import clock, db, hiding
from core.accounts.holders import holders
from core.approvals import services as approvals
from core.errors import RefusedError, WrongStateError
from core.holding import queries as held
from core.holding import services as holding
from core.i18n import N_, Message
from core.notices.services import IN_APP, notify
from core.notices.tables import Notice
from core.permissions import SYSTEM, Actor
from core.plugins import Plugins
from plugins.government.facts import MATTER
from plugins.government.handling import ending
from plugins.government.handling import holders as holding_units
from plugins.government.handling.facts import OWED
from plugins.government.handling.tables import Forwarding
from plugins.government.matters import services as matters
from plugins.government.matters import states
from plugins.government.matters.access import places
from plugins.government.matters.tables import Matter, MatterReader, MatterUnit
from plugins.government.rights import DIRECTOR, HEAD
from plugins.government.secrecy import belonging, guarding
from plugins.government.units.facts import OFFICE

_REASON = N_("Taken from a unit that must have nothing to do with it.")


async def take_away(
    row: Matter,
    *,
    users: Collection[UUID] = (),
    unit_id: UUID | None = None,
    accused: UUID | None = None,
    actor: Actor,
    at: datetime,
    plugins: Plugins,
) -> None:
    """Take an item from these users, or from a unit and the bodies below; joins the transaction.

    `accused` is somebody by their account: it is taken from the units for which they work, too.
    """
    gone = set(users)
    if unit_id is not None:
        below = (await guarding.with_descendants([unit_id]))[unit_id]
        gone |= (await guarding.barred_from([row.id], at)).get(row.id, frozenset())
        await _take_from_units(row, below, actor, at)
    if accused is not None:
        gone |= {accused} | await _take_from_units_of(row, accused, actor, at)
    if not gone:
        return
    await _end_readings(row.id, gone, at)
    await _take_from_seats(row.id, at, plugins)
    await _take_from_charge(row, gone, actor, at)
    await _read_notices(row.id, gone, at)


async def _take_from_units_of(row: Matter, accused: UUID, actor: Actor, at: datetime) -> set[UUID]:
    """Take an item from the units of an accused person; return who works there.

    Nobody accuses these units: no row bars them, so that what they had must be gone for them to
    read it no more. The reception room stays: others of it go on with the item.
    """
    rows = await db.fetch(
        "SELECT m.unit FROM government_unit_member m JOIN government_unit u ON u.id = m.unit"
        ' WHERE m."user" = {} AND m.until IS NULL AND u.kind <> {}',
        accused,
        OFFICE,
    )
    if not rows:
        return set()
    found = await guarding.with_descendants({line["unit"] for line in rows})
    office = await holding_units.office_of(row.site)
    below = frozenset().union(*found.values()) - ({office.id} if office is not None else set())
    await _take_from_units(row, below, actor, at)
    await MatterUnit.delete().where(MatterUnit.matter == row.id, MatterUnit.unit.is_in(list(below)))
    staff = await db.fetch(
        'SELECT "user" FROM government_unit_member WHERE until IS NULL'
        f" AND unit IN ({places(sorted(below))})",
        *sorted(below),
    )
    return {line["user"] for line in staff}


async def _take_from_units(
    row: Matter, below: Collection[UUID], actor: Actor, at: datetime
) -> None:
    await MatterUnit.update({MatterUnit.until: at}).where(
        MatterUnit.matter == row.id,
        MatterUnit.unit.is_in(list(below)),
        MatterUnit.until.is_null(),
    )
    await ending.end(row.id, units=below, actor=actor, at=at)
    await Forwarding.update({Forwarding.letter: ""}).where(
        Forwarding.matter == row.id, Forwarding.unit.is_in(list(below)), Forwarding.letter == OWED
    )
    if row.holder not in below:
        return
    office = await holding_units.office_of(row.site)
    now = await held.current(MATTER, row.id)
    if office is None or office.id in below or (now is not None and now.ended_at is not None):
        return  # of a closed item it stays on record who answered for it
    if states.may("take_back", row.stage):
        await matters.move(row, "take_back", actor=actor, at=at)
    await holding_units.pass_to(
        row, office, reason=_REASON.translate("zh_Hans"), returning=False, actor=actor, at=at
    )


async def _end_readings(matter_id: UUID, gone: Collection[UUID], at: datetime) -> None:
    await MatterReader.update({MatterReader.until: at}).where(
        MatterReader.matter == matter_id,
        MatterReader.user.is_in(list(gone)),
        MatterReader.until.is_null() | (MatterReader.until > at),
    )


async def _take_from_seats(matter_id: UUID, at: datetime, plugins: Plugins) -> None:
    """Name the signers of open requests anew; a request that nobody else can sign waits for its owner."""
    rows = await db.fetch(
        "SELECT id, record_kind, record FROM approval_request WHERE state = 'open'"
        " AND record_kind LIKE 'government%'"
    )
    by_kind: dict[str, list[db.Row]] = {}
    for row in rows:
        by_kind.setdefault(row["record_kind"], []).append(row)
    for kind, requests in by_kind.items():
        if not belonging.is_known(kind):
            continue
        found = await belonging.matters_of(kind, [one["record"] for one in requests])
        for one in requests:
            if matter_id in found.get(one["record"], ()):
                await _reseat(one["id"], at, plugins)


async def _reseat(request_id: UUID, at: datetime, plugins: Plugins) -> None:
    try:
        async with db.savepoint():
            await approvals.reseat(request_id, actor=SYSTEM, at=at, plugins=plugins)
    except (RefusedError, WrongStateError):
        # The barred one cannot vote any more; an administrator names somebody else.
        return


async def _take_from_charge(
    row: Matter, gone: Collection[UUID], actor: Actor, at: datetime
) -> None:
    now = await held.current(MATTER, row.id)
    if now is not None and now.person in gone and now.ended_at is None:
        await holding.put_in_charge(MATTER, row.id, person=None, name="", actor=actor, at=at)


async def _read_notices(matter_id: UUID, gone: Collection[UUID], at: datetime) -> None:
    """Let unread notices about the item count no more: they are hidden from now on."""
    users = list(gone)
    rows = await db.fetch(
        'SELECT id, "user", url FROM notice WHERE read_at IS NULL AND channel = {}'
        f' AND "user" IN ({places(users)}) AND url <> {{}}',
        IN_APP,
        *users,
        "",
    )
    wanted: dict[UUID, set[str]] = {}
    for row in rows:
        wanted.setdefault(row["user"], set()).add(row["url"])
    hidden = await hiding.hidden_from(wanted, at=at)
    ids = [row["id"] for row in rows if row["url"] in hidden.get(row["user"], ())]
    if ids:
        await Notice.update({Notice.read_at: clock.to_ms(at)}).where(Notice.id.is_in(ids))


async def tell_head(row: Matter, key: str, text: Message, *, at: datetime) -> None:
    """Tell the head of the room, and the director, that something changed about who knows of an item."""
    for one in await holders([HEAD, DIRECTOR], row.site):
        await notify(
            key=f"government:secrecy:{key}:{one.id}",
            channel=IN_APP,
            subject=N_("Who knows of item {number}", number=row.number),
            body=text,
            at=at,
            user=one.id,
            url=f"/government/matters/{row.id}#secrecy",
        )
