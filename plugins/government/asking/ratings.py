"""Satisfaction (GOV-52): given by link, at the desk or in a call-back; unhappy ones followed up."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db
from core.decisions import Deny
from core.errors import InvalidInputError, NotFoundError, RefusedError
from core.i18n import N_
from core.log.services import record
from core.permissions import Actor
from core.registrations.judging import site_time
from plugins.government import sealing
from plugins.government.asking import policies, queries
from plugins.government.asking.facts import (
    CALL,
    DESK,
    LINK,
    OFFICE,
    UNIT,
    UNSATISFIED,
    Figures,
    Said,
)
from plugins.government.asking.tables import Rating
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.matters.tables import Matter
from plugins.government.rights import HANDLE

TABLE = "government_rating"
_PETITIONER = Actor(kind="link", name="petitioner")
PAGE = 50


async def give(
    matter_id: UUID,
    *,
    target: str,
    score: str,
    remark: str,
    at: datetime,
    means: str = LINK,
    actor: Actor = _PETITIONER,
) -> None:
    """Keep how a petitioner found the office or the unit; said once, it stands.

    At the desk and in a call-back whoever asks must see the item; a link was checked by its page.
    """
    if means not in (LINK, DESK, CALL):
        raise InvalidInputError({"means": N_("Please choose one of the options.")})
    async with db.writing():
        if means != LINK:
            await access.require_act(matter_id, actor, at)
        await db.fetch("SELECT id FROM government_matter WHERE id = {} FOR UPDATE", matter_id)
        row = await Matter.objects().get(Matter.id == matter_id)
        if row is None:
            raise NotFoundError
        unit_id = await queries.rated_unit(matter_id) if target == UNIT else None
        rated = await Rating.exists().where(Rating.matter == matter_id, Rating.target == target)
        decision = policies.may_rate(
            row.stage, target, score, has_unit=unit_id is not None, rated=rated
        )
        if isinstance(decision, Deny):
            raise RefusedError(decision)
        found = uuid4()
        await Rating.insert(
            Rating(
                id=found,
                matter=matter_id,
                target=target,
                unit=unit_id,
                score=score,
                remark_cipher=sealing.seal(remark.strip(), TABLE, "remark_cipher", found),
                means=means,
                day=site_time(at).date(),
                at=at,
                by_name="" if means == LINK else actor.name,
            )
        )
        shown = {"target": target, "score": score, "means": means}
        await record(actor, "government.rate", MATTER, matter_id, at=at, after=shown)


async def follow_up(rating_id: UUID, *, note: str, actor: Actor, at: datetime) -> None:
    """Keep what was done about an unhappy petitioner; a later note takes the former's place."""
    if not note.strip():
        raise InvalidInputError({"note": N_("Say what was done.")})
    async with db.writing():
        row = await Rating.objects().get(Rating.id == rating_id)
        if row is None:
            raise NotFoundError
        await access.require_act(row.matter, actor, at)
        await access.require_at(row.matter, HANDLE, actor)
        row.follow_up_cipher = sealing.seal(note.strip(), TABLE, "follow_up_cipher", row.id)
        row.followed_up_at, row.followed_up_by_name = at, actor.name
        await row.save()
        await record(actor, "government.rate_follow", MATTER, row.matter, at=at)


async def said(
    actor: Actor,
    *,
    at: datetime,
    score: str = "",
    only_open: bool = False,
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
) -> tuple[list[Said], int]:
    """Return one page of the ratings of items that the reader handles, the newest first."""
    seen, args = await access.seen_by(actor, at)
    here, sites = access.within(actor, HANDLE)
    where, values = f"{seen} AND {here}", [*args, *sites]
    if score:
        where, values = f"{where} AND r.score = {{}}", [*values, score]
    for condition, day in (("r.day >= {}", since), ("r.day <= {}", until)):
        if day is not None:
            where, values = f"{where} AND {condition}", [*values, day]
    if only_open:
        where += " AND r.score = {} AND r.followed_up_at IS NULL"
        values.append(UNSATISFIED)
    source = (
        " FROM government_rating r JOIN government_matter m ON m.id = r.matter"
        f" LEFT JOIN government_unit u ON u.id = r.unit WHERE {where}"
    )
    count = await db.count(source, *values)
    rows = await db.fetch(
        f"SELECT r.*, m.number, u.name AS unit_name{source} ORDER BY r.at DESC, r.id"
        " LIMIT {} OFFSET {}",
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    return [_said(row) for row in rows], count


def _said(row: Any) -> Said:
    return Said(
        id=row["id"],
        matter_id=row["matter"],
        number=row["number"],
        target=row["target"],
        unit=row["unit_name"] or "",
        score=row["score"],
        remark=sealing.unseal(row["remark_cipher"], TABLE, "remark_cipher", row["id"]),
        means=row["means"],
        at=row["at"],
        follow_up=sealing.unseal(row["follow_up_cipher"], TABLE, "follow_up_cipher", row["id"]),
        followed_up_at=row["followed_up_at"],
        followed_up_by=row["followed_up_by_name"],
    )


async def rating(rating_id: UUID, actor: Actor, at: datetime) -> Said:
    """Return one rating; NotFoundError for whom its item does not exist."""
    rows = await db.fetch(
        "SELECT r.*, m.number, u.name AS unit_name FROM government_rating r"
        " JOIN government_matter m ON m.id = r.matter"
        " LEFT JOIN government_unit u ON u.id = r.unit WHERE r.id = {}",
        rating_id,
    )
    if not rows:
        raise NotFoundError
    await access.require(rows[0]["matter"], actor, at)
    return _said(rows[0])


async def figures(
    actor: Actor, *, at: datetime, since: date | None = None, until: date | None = None
) -> list[Figures]:
    """Return how many said what, of the office and of each unit; for lists and assessment."""
    seen, args = await access.seen_by(actor, at)
    where, values = seen, list(args)
    if since is not None:
        where, values = f"{where} AND r.day >= {{}}", [*values, since]
    if until is not None:
        where, values = f"{where} AND r.day <= {{}}", [*values, until]
    rows = await db.fetch(
        "SELECT r.target, r.unit, u.name AS unit_name, r.score, count(*) AS n"
        " FROM government_rating r JOIN government_matter m ON m.id = r.matter"
        f" LEFT JOIN government_unit u ON u.id = r.unit WHERE {where}"
        " GROUP BY r.target, r.unit, u.name, r.score",
        *values,
    )
    found: dict[tuple[str, Any], Figures] = {}
    for row in rows:
        key = (row["target"], row["unit"])
        one = found.setdefault(
            key, Figures(target=key[0], unit_id=key[1], unit=row["unit_name"] or "")
        )
        one.by_score[row["score"]] = row["n"]
    return sorted(found.values(), key=lambda one: (one.target != OFFICE, one.unit))


async def of_matter(matter_id: UUID) -> Sequence[Rating]:
    """Return the ratings of an item."""
    return await Rating.objects().where(Rating.matter == matter_id)


async def open_count(actor: Actor, *, at: datetime) -> int:
    """Return how many unhappy petitioners wait to be followed up."""
    return (await said(actor, at=at, only_open=True))[1]
