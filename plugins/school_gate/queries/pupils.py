"""Pupils, classes and guardians: lists, search, one pupil; what each reader may see of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.permissions import Actor
from core.privacy.keys import keyring
from core.text import mask_phone
from core.visitors.search_tokens import Phrase, query_tokens
from plugins.school_gate.facts import INTERN, PUPIL
from plugins.school_gate.queries.rights import places, within
from plugins.school_gate.registered import OWN_CLASS, READ_PUPILS

PAGE = 50
SORTS = {
    "class": "g.position, g.name, c.position, c.name, p.number",
    "name": "p.name, p.number",
    "number": "p.number",
}
_FROM = (
    " FROM school_gate_pupil p JOIN school_gate_class c ON c.id = p.school_class"
    " JOIN school_gate_grade g ON g.id = c.grade"
)
_COLUMNS = (
    "p.id, p.site, p.number, p.name, p.kind, p.sex, p.boards, p.active, p.photo, p.school_class,"
    " p.version, g.name AS grade, c.name AS class"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilLine:
    """A pupil as lists show one. `badge` says whether a good badge was issued."""

    id: UUID
    site_id: UUID
    number: str
    name: str
    kind: str
    sex: str
    boards: bool
    active: bool
    photo: UUID | None
    class_id: UUID
    grade: str
    class_name: str
    version: int
    badge: bool = False

    @property
    def full_class(self) -> str:
        """Grade and class as they are said together."""
        return f"{self.grade}{self.class_name}"

    @property
    def pass_kind(self) -> str:
        """The kind of pass that is this pupil's badge."""
        return INTERN if self.kind == "intern" else PUPIL


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilFilter:
    """What a list of pupils is narrowed to; empty means all. `badge` is yes or no."""

    text: str = ""
    site_id: UUID | None = None
    class_id: UUID | None = None
    grade_id: UUID | None = None
    teacher_id: UUID | None = None
    boards: str = ""
    badge: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """A class with its numbers of pupils, boarders and badges."""

    id: UUID
    site_id: UUID
    grade_id: UUID
    grade: str
    name: str
    teacher: str
    pupils: int
    boarders: int
    badges: int

    @property
    def full_name(self) -> str:
        """Grade and class as they are said together."""
        return f"{self.grade}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianLine:
    """A guardian with a masked phone."""

    id: UUID
    name: str
    relation: str
    phone: str
    may_collect: bool
    photo: UUID | None = None


def _line(row: db.Row) -> PupilLine:
    return PupilLine(
        id=row["id"],
        site_id=row["site"],
        number=row["number"],
        name=row["name"],
        kind=row["kind"],
        sex=row["sex"],
        boards=bool(row["boards"]),
        active=bool(row["active"]),
        photo=row["photo"],
        class_id=row["school_class"],
        grade=row["grade"],
        class_name=row["class"],
        version=row["version"],
        badge=bool(row.get("badge", False)),
    )


def _seen_by(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition that keeps out what the actor may not see.

    Whoever may see pupils sees those of a site, a class teacher those of their own class.
    """
    condition, args = within(actor, "g.site", READ_PUPILS)
    if condition != "1 = 1" and actor.may(OWN_CLASS) and actor.host_id is not None:
        return f"({condition} OR c.teacher = {{}})", [*args, actor.host_id]
    return condition, args


def searched(text: str) -> tuple[str, list[Any]]:
    """Return the condition that a typed text asks for, in the words a pupil is found by."""
    query = query_tokens(text)
    terms: list[str] = []
    args: list[Any] = []
    for ways in query.terms:
        found: list[str] = []
        for way in ways:
            found.append("(" + " AND ".join(["p.tokens LIKE {}"] * len(way)) + ")")
            args += [_like(phrase) for phrase in way]
        terms.append("(" + " OR ".join(found) + ")")
    return " AND ".join(terms) or "1 = 0", args


def _like(phrase: Phrase) -> str:
    return "% " + " ".join(phrase.words) + ("%" if phrase.prefix else " %")


def _narrowed(actor: Actor, wanted: PupilFilter, at_ms: int) -> tuple[str, list[Any]]:
    condition, args = _seen_by(actor)
    conditions = [condition]
    if wanted.active:
        conditions.append("p.active")
    if wanted.site_id:
        conditions.append("p.site = {}")
        args.append(wanted.site_id)
    if wanted.class_id:
        conditions.append("p.school_class = {}")
        args.append(wanted.class_id)
    if wanted.grade_id:
        conditions.append("c.grade = {}")
        args.append(wanted.grade_id)
    if wanted.teacher_id:
        conditions.append("c.teacher = {}")
        args.append(wanted.teacher_id)
    if wanted.boards:
        conditions.append("p.boards" if wanted.boards == "yes" else "NOT p.boards")
    if wanted.badge:
        conditions.append(("" if wanted.badge == "yes" else "NOT ") + _BADGE)
        args.append(at_ms)
    if wanted.text:
        condition, more = searched(wanted.text)
        conditions.append(condition)
        args += more
    return " AND ".join(conditions), args


_BADGE = (
    "EXISTS (SELECT 1 FROM pass b WHERE b.holder = p.id"
    " AND b.kind IN ('school_gate.pupil', 'school_gate.intern')"
    " AND b.revoked_at IS NULL AND b.expires > {})"
)


async def pupils(
    actor: Actor,
    wanted: PupilFilter,
    *,
    at_ms: int,
    sort: str = "class",
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[PupilLine], int]:
    """Return one page of the pupils that the actor may see, and how many there are in all."""
    where, args = _narrowed(actor, wanted, at_ms)
    order = SORTS.get(sort.removeprefix("-"), SORTS["class"])
    if sort.startswith("-"):
        order = ", ".join(f"{part.strip()} DESC" for part in order.split(","))
    # Conditions and order are written in this module; what comes from outside are the arguments.
    count = await db.fetch(f"SELECT count(*) AS n{_FROM} WHERE {where}", *args)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}, {_BADGE} AS badge{_FROM} WHERE {where}"
        f" ORDER BY {order}, p.id LIMIT {{}} OFFSET {{}}",
        at_ms,
        *args,
        size,
        max(page - 1, 0) * size,
    )
    return [_line(row) for row in rows], count[0]["n"]


async def pupil(pupil_id: UUID, actor: Actor, *, at_ms: int = 0) -> PupilLine:
    """Return one pupil; NotFoundError when the actor may not see them."""
    condition, args = _seen_by(actor)
    rows = await db.fetch(
        f"SELECT {_COLUMNS}, {_BADGE} AS badge{_FROM} WHERE p.id = {{}} AND {condition}",
        at_ms,
        pupil_id,
        *args,
    )
    if not rows:
        raise NotFoundError
    return _line(rows[0])


async def pupils_of(ids: Sequence[UUID]) -> list[PupilLine]:
    """Return pupils by id, in the order of classes; for badges and figures, without regard to rights."""
    found: list[PupilLine] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = await db.fetch(
            f"SELECT {_COLUMNS}{_FROM} WHERE p.id IN ({places(part)}) ORDER BY {SORTS['class']}",
            *part,
        )
        found += [_line(row) for row in rows]
    return found


async def guardians_of(pupil_id: UUID) -> list[GuardianLine]:
    """Return a pupil's guardians with masked phones, in the roster's order."""
    rows = await db.fetch(
        "SELECT id, name, relation, phone_cipher, may_collect, photo FROM school_gate_guardian"
        " WHERE pupil = {} AND active ORDER BY position, name",
        pupil_id,
    )
    return [
        GuardianLine(
            id=row["id"],
            name=row["name"],
            relation=row["relation"],
            phone=mask_phone(clear_phone(row["id"], row["phone_cipher"])),
            may_collect=bool(row["may_collect"]),
            photo=row["photo"],
        )
        for row in rows
    ]


def clear_phone(guardian_id: UUID, cipher: str | None) -> str:
    """Return a guardian's phone in the clear, empty for none. For masking, never for a log."""
    if not cipher:
        return ""
    return keyring().decrypt(cipher, "school_gate_guardian", "phone_cipher", guardian_id)


async def classes(actor: Actor, *, at_ms: int, teacher_id: UUID | None = None) -> list[ClassLine]:
    """Return the active classes that the actor may see, or one teacher's, with their numbers."""
    condition, args = _seen_by(actor)
    if teacher_id is not None:
        condition, args = f"{condition} AND c.teacher = {{}}", [*args, teacher_id]
    rows = await db.fetch(
        "SELECT c.id, c.name, g.id AS grade_id, g.name AS grade, g.site, h.name AS teacher,"  # noqa: S608
        " count(p.id) AS pupils, coalesce(sum(CASE WHEN p.boards THEN 1 ELSE 0 END), 0) AS boarders,"
        f" coalesce(sum(CASE WHEN {_BADGE} THEN 1 ELSE 0 END), 0) AS badges"
        " FROM school_gate_class c JOIN school_gate_grade g ON g.id = c.grade"
        " LEFT JOIN host h ON h.id = c.teacher"
        " LEFT JOIN school_gate_pupil p ON p.school_class = c.id AND p.active"
        f" WHERE c.active AND {condition}"
        " GROUP BY c.id, c.name, c.position, g.id, g.name, g.position, g.site, h.name"
        " ORDER BY g.position, g.name, c.position, c.name",
        at_ms,
        *args,
    )
    return [
        ClassLine(
            id=row["id"],
            site_id=row["site"],
            grade_id=row["grade_id"],
            grade=row["grade"],
            name=row["name"],
            teacher=row["teacher"] or "",
            pupils=row["pupils"],
            boarders=int(row["boarders"]),
            badges=int(row["badges"]),
        )
        for row in rows
    ]
