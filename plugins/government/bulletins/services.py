"""Bulletins begun, written, counted again, closed and read; how they are issued stands in issuing.py."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from core import db
from core.approvals.tables import ApprovalRequest
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from core.reports.facts import MONTH, Period, period
from core.settings import load as settings
from plugins.government import sealing
from plugins.government.bulletins import filling
from plugins.government.bulletins.facts import (
    CLOSED,
    DRAFT,
    GROUPS,
    ISSUED,
    KINDS,
    MONTHLY,
    QUARTERLY,
    RECORD,
    SIGNING,
    SINGLE,
    UNITS,
    URGENT,
    YEARLY,
    parts_of,
)
from plugins.government.bulletins.rights import WRITE_BULLETINS
from plugins.government.bulletins.tables import Bulletin
from plugins.government.matters import access
from plugins.government.matters.services import lock as lock_matter
from plugins.government.units.facts import COUNTY, DEPARTMENT
from plugins.government.units.queries import units

# To whom copies go by themselves (GOV-41, GOV-43); the clerk may change it.
_COPIES: dict[str, Message] = {
    kind: N_("City Party committee and government, provincial petition bureau")
    for kind in (MONTHLY, GROUPS, QUARTERLY, YEARLY)
} | {UNITS: N_("City Party committee and government; organisation and personnel departments")}
_TABLE = "government_bulletin"


def covered(kind: str, day: date) -> Period:
    """Return the days that a bulletin of a kind covers; one without figures is of its day."""
    return period(KINDS[kind].period or "day", day, settings().zone)


def texts(row: Bulletin) -> dict[str, str]:
    """Return what stands in a bulletin beside its figures."""
    return opened(row.id, row.texts_cipher)


def opened(bulletin_id: UUID, texts_cipher: str) -> dict[str, str]:
    """Return the texts that a bulletin's column holds."""
    found = sealing.unseal(texts_cipher, _TABLE, "texts_cipher", bulletin_id)
    return dict(json.loads(found)) if found else {}


def _seal(bulletin_id: UUID, said: Mapping[str, str]) -> str:
    return sealing.seal(
        json.dumps(dict(said), ensure_ascii=False), _TABLE, "texts_cipher", bulletin_id
    )


async def begin(
    kind: str,
    *,
    site_id: UUID,
    day: date,
    actor: Actor,
    at: datetime,
    matter_id: UUID | None = None,
    follows: UUID | None = None,
) -> UUID:
    """Begin a bulletin: its figures are filled in, the text is left to be written."""
    _require_writer(site_id, actor)
    if kind not in SINGLE:
        raise InvalidInputError({"kind": N_("Please choose one of the options.")})
    if matter_id is not None:
        await access.require_act(matter_id, actor, at)
    found = await _counted(kind, site_id, day, None)
    async with db.writing():
        row = await _made(kind, site_id, day, None, found, uuid4(), actor, at)
        row.matter = matter_id
        if follows is not None:
            row.matter, row.follows = await _carried_on(follows), follows
        await row.save()
    return row.id


async def _carried_on(bulletin_id: UUID) -> UUID | None:
    first = await _row(bulletin_id)
    if first.kind != URGENT or first.state != ISSUED or first.follows is not None:
        raise WrongStateError(N_("Only urgent information that is still open is carried on."))
    matter: UUID | None = first.matter
    return matter


async def _counted(
    kind: str, site_id: UUID, day: date, unit_id: UUID | None
) -> filling.Figures | None:
    """Count a bulletin's figures, before anything is written; None for a kind without any."""
    about = KINDS[kind]
    if not about.period:
        return None
    return await filling.filled(about, kind, covered(kind, day), site_id, unit_id)


async def _made(
    kind: str,
    site_id: UUID,
    day: date,
    unit: tuple[UUID, str] | None,
    found: filling.Figures | None,
    batch: UUID,
    actor: Actor,
    at: datetime,
) -> Bulletin:
    span, about, key = covered(kind, day), KINDS[kind], uuid4()
    heading = f"{_span_name(span) if about.period else ''}{unit[1] if unit else ''}"
    said = {
        "heading": f"{heading}{filling.say(about.label)}",
        "overview": filling.sentence(found) if found else "",
        "problems": filling.outstanding(found) if found else "",
        "cc": filling.say(_COPIES[kind]) if kind in _COPIES else "",
    }
    row = Bulletin(
        id=key,
        site=site_id,
        kind=kind,
        state=DRAFT,
        batch=batch,
        first=span.first,
        last=span.last,
        unit=unit[0] if unit else None,
        figures=filling.dump(found) if found else "",
        texts_cipher=_seal(key, said),
        created_at=at,
        created_by=actor.id,
        created_by_name=actor.name,
    )
    await Bulletin.insert(row)
    shown = {"kind": kind, "first": span.first, "unit": unit[0] if unit else None}
    await record(actor, "government.bulletin_begin", RECORD, key, at=at, after=shown)
    return row


def _span_name(span: Period) -> str:
    first, last = span.first, span.last
    if span.kind == "month":
        return filling.say(N_("{year}-{month} (month)", year=first.year, month=first.month))
    if span.kind == "quarter":
        return filling.say(
            N_("Quarter {number} of {year}", number=(first.month + 2) // 3, year=first.year)
        )
    if span.kind == "year":
        return filling.say(N_("Year {year}", year=first.year))
    return f"{first.isoformat()} " if first == last else f"{first:%m-%d}—{last:%m-%d} "


async def begin_for_units(*, site_id: UUID, month: date, actor: Actor, at: datetime) -> list[UUID]:
    """Begin the month's bulletin to each county and department; they are signed together (GOV-43)."""
    span = period(MONTH, month, settings().zone)
    if span.last >= site_time(at).date():
        raise WrongStateError(N_("The month is not over yet."))
    counted = [
        (one, await _counted(UNITS, site_id, span.first, one.id))
        for one in await units(COUNTY, DEPARTMENT, site_id=site_id)
    ]
    async with db.writing():
        # Two clerks at once: the second waits here, and is told.
        await db.fetch("SELECT id FROM site WHERE id = {} FOR UPDATE", site_id)
        if await Bulletin.exists().where(
            Bulletin.site == site_id, Bulletin.kind == UNITS, Bulletin.first == span.first
        ):
            raise WrongStateError(N_("The bulletins of this month have been begun already."))
        batch = uuid4()
        made = [
            await _made(UNITS, site_id, span.first, (one.id, one.name), found, batch, actor, at)
            for one, found in counted
        ]
    return [row.id for row in made]


async def write(bulletin_id: UUID, said: Mapping[str, str], *, actor: Actor, at: datetime) -> None:
    """Write the text of a bulletin that is not signed yet."""
    async with db.writing():
        row = await taken(bulletin_id, actor, at)
        await refuse_unless_open(row)
        if not said.get("heading", "").strip():
            raise InvalidInputError({"heading": N_("Please fill this in.")})
        known = {name: said.get(name, "") for name in parts_of(row.kind)}
        row.texts_cipher = _seal(row.id, known)
        row.version += 1
        await row.save([Bulletin.texts_cipher, Bulletin.version])
        shown = {"fields": sorted(name for name, text in known.items() if text)}
        await record(actor, "government.bulletin_write", RECORD, row.id, at=at, after=shown)


async def count_again(bulletin_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Fill in the figures anew from what is on record now; say whether they were others.

    Sentences of the text that still say the former figures say the new ones.
    """
    about = await _row(bulletin_id)
    found = await _counted(about.kind, about.site, about.first, about.unit)
    if found is None:
        return False
    async with db.writing():
        row = await taken(bulletin_id, actor, at)
        await refuse_unless_open(row)
        before, row.figures = row.figures, filling.dump(found)
        if row.figures == before:
            return False
        row.texts_cipher = _seal(row.id, _said_anew(texts(row), filling.load(before), found))
        row.version += 1
        await row.save([Bulletin.figures, Bulletin.texts_cipher, Bulletin.version])
        await record(actor, "government.bulletin_count", RECORD, row.id, at=at)
    return True


def _said_anew(
    said: Mapping[str, str], before: filling.Figures | None, found: filling.Figures
) -> dict[str, str]:
    new = dict(said)
    for name, say in (("overview", filling.sentence), ("problems", filling.outstanding)):
        if before is not None and (former := say(before)):
            new[name] = new.get(name, "").replace(former, say(found))
    return new


async def batch_counted_again(bulletin_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Count anew all that is signed together with a bulletin; say whether any figure was another."""
    rows = await db.fetch(
        "SELECT b.id FROM government_bulletin b JOIN government_bulletin o ON o.batch = b.batch"
        " WHERE o.id = {} ORDER BY b.created_at, b.id",
        bulletin_id,
    )
    changed = [await count_again(row["id"], actor=actor, at=at) for row in rows]
    return any(changed)


async def approval_state(row: Bulletin) -> str:
    """Return how the request for signatures stands; empty without one."""
    if row.approval is None:
        return ""
    found = await ApprovalRequest.objects().get(ApprovalRequest.id == row.approval)
    return found.state if found else ""


async def refuse_unless_open(row: Bulletin) -> None:
    """Raise WrongStateError for a bulletin that changes no more."""
    if row.state == DRAFT or (row.state == SIGNING and await approval_state(row) == "sent_back"):
        return
    raise WrongStateError(N_("The bulletin is with the signers or issued; it changes no more."))


async def close(bulletin_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Say that what urgent information told of is over: no more follow-ups (GOV-44)."""
    async with db.writing():
        row = await taken(bulletin_id, actor, at)
        if row.kind != URGENT or row.state != ISSUED or row.follows is not None:
            raise WrongStateError(N_("Only urgent information that is still open is closed."))
        row.state, row.closed_at, row.closed_by_name = CLOSED, at, actor.name
        await row.save([Bulletin.state, Bulletin.closed_at, Bulletin.closed_by_name])
        await record(actor, "government.bulletin_close", RECORD, row.id, at=at)


async def confirm_read(bulletin_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Note that the unit has read its bulletin; the first time counts."""
    async with db.writing():
        row = await _row(bulletin_id)
        if row.read_at is None:
            row.read_at, row.read_by_name = at, actor.name
            await row.save([Bulletin.read_at, Bulletin.read_by_name])
            await record(actor, "government.bulletin_read", RECORD, row.id, at=at)


async def _row(bulletin_id: UUID) -> Bulletin:
    row = await Bulletin.objects().get(Bulletin.id == bulletin_id)
    if row is None:
        raise NotFoundError
    return row


async def lock(bulletin_id: UUID) -> None:
    """Lock a bulletin with its whole batch, which is signed as one; the item it is about first."""
    for row in await db.fetch(
        "SELECT matter FROM government_bulletin WHERE id = {} AND matter IS NOT NULL", bulletin_id
    ):
        await lock_matter(row["matter"])
    await db.fetch(
        "SELECT id FROM government_bulletin WHERE batch ="
        " (SELECT batch FROM government_bulletin WHERE id = {}) ORDER BY id FOR UPDATE",
        bulletin_id,
    )


async def taken(bulletin_id: UUID, actor: Actor, at: datetime) -> Bulletin:
    """Return a bulletin for an act; NotFoundError for whom its item does not exist."""
    await lock(bulletin_id)
    row = await _row(bulletin_id)
    _require_writer(row.site, actor)
    if row.matter is not None:
        await access.require_act(row.matter, actor, at)
    return row


def _require_writer(site_id: UUID, actor: Actor) -> None:
    """Raise NotFoundError for who writes no bulletins of this reception room."""
    if actor.kind != "system" and not actor.may_at(WRITE_BULLETINS, site_id):
        raise NotFoundError
