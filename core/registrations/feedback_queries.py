"""What visitors said, in lists and figures, under the reader's rights; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor

READ = "core:feedback:read"
RATINGS = (1, 2, 3, 4, 5)
UNHAPPY = 2  # this rating and those below are followed up


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one visitor said, with the visit it is about."""

    id: UUID
    registration_id: UUID
    number: str
    site_name: str
    visitor_name: str
    host_name: str
    rating: int
    remark: str
    at: datetime
    unhappy: bool
    followed_up_at: datetime | None
    followed_up_by: str
    follow_up: str

    @property
    def open(self) -> bool:
        """Whether somebody should still follow it up."""
        return self.unhappy and self.followed_up_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many said what: by rating, in all, and how many unhappy ones wait to be followed up."""

    by_rating: Mapping[int, int]
    open: int

    @property
    def count(self) -> int:
        """How many said something."""
        return sum(self.by_rating.values())

    @property
    def average(self) -> float | None:
        """The mean rating, None where nobody said anything."""
        if not self.count:
            return None
        return sum(rating * n for rating, n in self.by_rating.items()) / self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the list is narrowed to; `only_open` are unhappy ones nobody has followed up."""

    only_open: bool = False
    site_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    rating: int | None = None


_FROM = (
    " FROM feedback f JOIN registration r ON r.id = f.registration JOIN visitor v ON v.id = r.visitor"
    " JOIN site s ON s.id = r.site LEFT JOIN host h ON h.id = r.host"
)
_COLUMNS = (
    "f.id, f.registration, r.number, s.name AS site_name, v.name AS visitor_name,"
    " h.name AS host_name, r.host_text, f.rating, f.remark, f.at, f.followed_up_at,"
    " f.followed_up_by, f.follow_up"
)
_OPEN = f"f.rating <= {UNHAPPY} AND f.followed_up_at IS NULL"


async def said(
    wanted: Filter, *, actor: Actor, page: int = 1, size: int = 50
) -> tuple[list[Said], int]:
    """Return one page of what visitors said, newest first, and how much there is."""
    where, args = _where(wanted, actor)
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where}", *args)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE {where} ORDER BY f.at DESC, f.id"
        f" LIMIT {size} OFFSET {(page - 1) * size}",
        *args,
    )
    return [_said(row) for row in rows], count[0]["n"]


async def figures(wanted: Filter, *, actor: Actor) -> Figures:
    """Return how many gave each rating, under the same filter as the list."""
    where, args = _where(wanted, actor)
    rows = await db.fetch(
        f"SELECT f.rating, count(*) AS n{_FROM} WHERE {where} GROUP BY f.rating", *args
    )
    by_rating: dict[int, int] = dict.fromkeys(RATINGS, 0)
    by_rating.update({row["rating"]: row["n"] for row in rows})
    waiting = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where} AND {_OPEN}", *args)
    return Figures(by_rating=by_rating, open=waiting[0]["n"])


async def open_count(*, actor: Actor) -> int:
    """Return how many unhappy visitors wait to be followed up, where the actor may see them."""
    if not actor.may(READ):
        return 0
    where, args = _where(Filter(only_open=True), actor)
    rows = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where}", *args)
    return int(rows[0]["n"])


def _where(wanted: Filter, actor: Actor) -> tuple[str, Sequence[Any]]:
    if not actor.may(READ):
        raise NotFoundError
    conditions: list[str] = []
    args: list[Any] = []

    def add(condition: str, *values: Any) -> None:
        conditions.append(condition)
        args.extend(values)

    add("1 = 1")
    sites = actor.sites_with(READ)
    if wanted.site_id is not None:
        if not actor.may_at(READ, wanted.site_id):
            raise NotFoundError
        add("r.site = {}", wanted.site_id)
    elif sites is not None:
        add(f"r.site IN ({', '.join('{}' for _ in sites)})", *sites)
    if wanted.only_open:
        add(_OPEN)
    if wanted.rating is not None:
        add("f.rating = {}", wanted.rating)
    if wanted.since is not None:
        add("f.at >= {}", wanted.since)
    if wanted.until is not None:
        add("f.at < {}", wanted.until)
    return " AND ".join(conditions), args


def _said(row: Mapping[str, Any]) -> Said:
    return Said(
        id=row["id"],
        registration_id=row["registration"],
        number=row["number"],
        site_name=row["site_name"],
        visitor_name=row["visitor_name"],
        host_name=row["host_name"] or row["host_text"],
        rating=row["rating"],
        remark=row["remark"],
        at=row["at"],
        unhappy=row["rating"] <= UNHAPPY,
        followed_up_at=row["followed_up_at"],
        followed_up_by=row["followed_up_by"],
        follow_up=row["follow_up"],
    )
