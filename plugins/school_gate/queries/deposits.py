"""Things kept at the lodge: lists, one of them, what is due; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from core.privacy.keys import keyring
from core.text import mask_phone
from plugins.school_gate import deposit_policies as policies
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.lodge_registered import KEEP_DEPOSITS
from plugins.school_gate.queries.pupils import searched
from plugins.school_gate.queries.rights import within
from plugins.school_gate.registered import OWN_CLASS

PAGE = 50
TABLE = "school_gate_deposit"
_FROM = (
    " FROM school_gate_deposit d JOIN school_gate_pupil p ON p.id = d.pupil"
    " JOIN school_gate_class c ON c.id = p.school_class JOIN school_gate_grade g ON g.id = c.grade"
    " LEFT JOIN gate t ON t.id = d.gate"
)
_COLUMNS = (
    "d.*, p.name AS pupil_name, p.number AS pupil_number, p.photo, p.active AS pupil_active,"
    " g.name AS grade, c.name AS class, c.teacher, t.name AS gate_name"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositLine:
    """One thing kept for a pupil. `phone` is masked; `signature` only on its own page."""

    id: UUID
    number: str
    site_id: UUID
    gate_name: str
    pupil_id: UUID
    pupil_name: str
    pupil_number: str
    pupil_active: bool
    photo: UUID | None
    class_name: str
    kind: str
    what: str
    pieces: int
    shelf: str
    remark: str
    giver_name: str
    giver_relation: str
    phone: str
    state: str
    kept_at: datetime
    kept_by_name: str
    told_at: datetime | None
    told_means: str
    told_by_name: str
    ended_at: datetime | None
    ended_by_name: str
    signing: str
    signature: str
    late_reason: str
    end_reason: str
    overdue: bool
    age: timedelta

    @property
    def days(self) -> int:
        """How many whole days it has been, or was, at the lodge."""
        return self.age.days


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFilter:
    """What a list is narrowed to. `state` is a state, `overdue`, or empty for all."""

    text: str = ""
    state: str = policies.KEPT
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def _seen_by(actor: Actor) -> tuple[str, list[Any]]:
    """Return what keeps out what one may not see: the lodge sees its site, a teacher the own class."""
    condition, args = within(actor, "d.site", KEEP_DEPOSITS)
    if condition != "1 = 1" and actor.may(OWN_CLASS) and actor.host_id is not None:
        return f"({condition} OR c.teacher = {{}})", [*args, actor.host_id]
    return condition, args


def _line(row: db.Row, at: datetime, rules: SchoolRules, *, whole: bool = False) -> DepositLine:
    cipher = row["giver_phone_cipher"]
    phone = keyring().decrypt(cipher, TABLE, "giver_phone_cipher", row["id"]) if cipher else ""
    signature = row["signature_cipher"] if whole else None
    return DepositLine(
        id=row["id"],
        number=row["number"],
        site_id=row["site"],
        gate_name=row["gate_name"] or "",
        pupil_id=row["pupil"],
        pupil_name=row["pupil_name"],
        pupil_number=row["pupil_number"],
        pupil_active=bool(row["pupil_active"]),
        photo=row["photo"],
        class_name=f"{row['grade']}{row['class']}",
        kind=row["kind"],
        what=row["what"],
        pieces=row["pieces"],
        shelf=row["shelf"],
        remark=row["remark"],
        giver_name=row["giver_name"],
        giver_relation=row["giver_relation"],
        phone=mask_phone(phone) if phone else "",
        state=row["state"],
        kept_at=row["kept_at"],
        kept_by_name=row["kept_by_name"],
        told_at=row["told_at"],
        told_means=row["told_means"],
        told_by_name=row["told_by_name"],
        ended_at=row["ended_at"],
        ended_by_name=row["ended_by_name"],
        signing=row["signing"],
        signature=keyring().decrypt(signature, TABLE, "signature_cipher", row["id"])
        if signature
        else "",
        late_reason=row["late_reason"],
        end_reason=row["end_reason"],
        overdue=row["state"] == policies.KEPT
        and policies.is_overdue(row["kept_at"], at, row["kind"], rules),
        age=(row["ended_at"] or at) - row["kept_at"],
    )


def _narrowed(
    actor: Actor, wanted: DepositFilter, at: datetime, rules: SchoolRules
) -> tuple[str, list[Any]]:
    condition, args = _seen_by(actor)
    conditions = [condition]
    if wanted.state == "overdue":
        conditions.append(_OVERDUE)
        args += _overdue_args(at, rules)
    elif wanted.state in policies.STATES:
        conditions.append("d.state = {}")
        args.append(wanted.state)
    if wanted.kind in policies.KINDS:
        conditions.append("d.kind = {}")
        args.append(wanted.kind)
    for moment, sign in ((wanted.since, ">="), (wanted.until, "<")):
        if moment is not None:
            conditions.append(f"d.kept_at {sign} {{}}")
            args.append(moment)
    if wanted.text:
        by_pupil, more = searched(wanted.text)
        conditions.append(f"(d.number = {{}} OR {by_pupil})")
        args += [wanted.text, *more]
    return " AND ".join(conditions), args


_OVERDUE = (
    "d.state = 'kept' AND ((d.kind = 'meal' AND d.kept_at <= {})"
    " OR (d.kind <> 'meal' AND d.kept_at <= {}))"
)


def _overdue_args(at: datetime, rules: SchoolRules) -> list[datetime]:
    return [at - timedelta(hours=rules.meal_hours), at - timedelta(days=rules.deposit_days)]


async def deposits(
    actor: Actor, wanted: DepositFilter, *, at: datetime, rules: SchoolRules, page: int = 1
) -> tuple[list[DepositLine], int]:
    """Return one page of what one may see, the longest kept first, and how many there are."""
    where, args = _narrowed(actor, wanted, at, rules)
    # Conditions are written in this module; what comes from outside are the arguments.
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where}", *args)
    order = "d.kept_at, d.number" if wanted.state in {"kept", "overdue"} else "d.kept_at DESC"
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE {where} ORDER BY {order} LIMIT {{}} OFFSET {{}}",
        *args,
        PAGE,
        max(page - 1, 0) * PAGE,
    )
    return [_line(row, at, rules) for row in rows], count[0]["n"]


async def deposit(
    deposit_id: UUID, actor: Actor, *, at: datetime, rules: SchoolRules
) -> DepositLine:
    """Return one with its signature; NotFoundError when one may not see it."""
    condition, args = _seen_by(actor)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE d.id = {{}} AND {condition}", deposit_id, *args
    )
    if not rows:
        raise NotFoundError
    return _line(rows[0], at, rules, whole=True)


async def of_pupil(
    pupil_id: UUID, actor: Actor, *, at: datetime, rules: SchoolRules
) -> list[DepositLine]:
    """Return what is kept for a pupil now."""
    condition, args = _seen_by(actor)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE d.pupil = {{}} AND d.state = 'kept' AND {condition}"
        " ORDER BY d.kept_at",
        pupil_id,
        *args,
    )
    return [_line(row, at, rules) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many things one sees at the lodge, how many of them too long, how many not yet told of."""

    kept: int
    overdue: int
    untold: int


async def counts(actor: Actor, *, at: datetime, rules: SchoolRules, own: bool = False) -> Counts:
    """Count what is kept; `own` counts only what is for the actor's own class."""
    condition, args = _seen_by(actor)
    if own:
        condition, args = "c.teacher = {}", [actor.host_id]
    [row] = await db.fetch(
        "SELECT count(*) AS kept,"
        f" coalesce(sum(CASE WHEN {_OVERDUE} THEN 1 ELSE 0 END), 0) AS overdue,"
        " coalesce(sum(CASE WHEN d.told_at IS NULL THEN 1 ELSE 0 END), 0) AS untold"
        f"{_FROM} WHERE d.state = 'kept' AND {condition}",
        *_overdue_args(at, rules),
        *args,
    )
    return Counts(kept=row["kept"], overdue=int(row["overdue"]), untold=int(row["untold"]))


async def open_at(site_id: UUID, *, at: datetime, rules: SchoolRules) -> Sequence[DepositLine]:
    """Return what is kept at a site, the longest first, for a handover."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS}{_FROM} WHERE d.site = {{}} AND d.state = 'kept'"
        " ORDER BY d.kept_at LIMIT 300",
        site_id,
    )
    return [_line(row, at, rules) for row in rows]


async def teacher_users(pupil_id: UUID) -> list[UUID]:
    """Return the accounts of the pupil's class teacher."""
    rows = await db.fetch(
        "SELECT a.id FROM school_gate_pupil p JOIN school_gate_class c ON c.id = p.school_class"
        " JOIN account a ON a.host = c.teacher WHERE p.id = {} AND a.active",
        pupil_id,
    )
    return [row["id"] for row in rows]
