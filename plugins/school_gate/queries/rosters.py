"""What the roster holds already, compared with a file: what is new, changed, the same, or missing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import db
from core.errors import NotFoundError
from core.i18n import Message
from core.permissions import Actor
from core.privacy.keys import keyring
from plugins.school_gate.queries.pupils import clear_phone
from plugins.school_gate.queries.rights import permit, places, sites_of
from plugins.school_gate.registered import IMPORT_ROSTER
from plugins.school_gate.roster_checking import Checked, CheckedRow, Known
from plugins.school_gate.roster_columns import GUARDIANS, PUPILS, STAFF
from plugins.school_gate.tables import RosterImport

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a good row would do: new, changed (which fields, before and after), or nothing."""

    kind: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A file that was read, as its page shows it. `missing` are pupils that the file leaves out."""

    entry: RosterImport
    checked: Checked
    effects: Mapping[int, Effect]
    missing: Sequence[tuple[str, str, str]]

    def count(self, kind: str) -> int:
        """Return how many good rows have this effect."""
        return sum(effect.kind == kind for effect in self.effects.values())

    @property
    def bad(self) -> list[CheckedRow]:
        """The rows with problems."""
        return [row for row in self.checked.rows if not row.good]

    def title(self, key: str) -> str:
        """Return what the file calls a column."""
        return self.checked.titles.get(key, key)


async def known(site_id: UUID) -> Known:
    """Return what the checks need of a site's roster."""
    classes = await db.fetch(
        "SELECT g.name AS grade, c.name AS class FROM school_gate_class c"
        " JOIN school_gate_grade g ON g.id = c.grade WHERE g.site = {}",
        site_id,
    )
    numbers = await db.fetch("SELECT number FROM school_gate_pupil WHERE site = {}", site_id)
    staff = await db.fetch("SELECT number FROM school_gate_staff WHERE site = {}", site_id)
    return Known(
        frozenset((row["grade"], row["class"]) for row in classes),
        frozenset(row["number"] for row in numbers),
        frozenset(row["number"] for row in staff),
    )


# -- the checked rows, kept encrypted until they are applied


def packed(checked: Checked, import_id: UUID) -> str:
    """Return the checked rows encrypted for their import's row: they hold phone numbers."""
    plain = {
        "kind": checked.kind,
        "encoding": checked.encoding,
        "header": checked.header,
        "titles": checked.titles,
        "unknown": checked.unknown_columns,
        "rows": [
            {
                "row": row.row,
                "values": row.values,
                "typed": row.typed,
                "guardians": row.guardians,
                "problems": [[key, message.dump()] for key, message in row.problems],
                "new_class": row.new_class,
            }
            for row in checked.rows
        ],
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return keyring().encrypt(text, "school_gate_import", "rows_cipher", import_id)


def unpacked(entry: RosterImport) -> Checked | None:
    """Return the rows that `packed` kept; None once they were let go."""
    if not entry.rows_cipher:
        return None
    plain: dict[str, Any] = json.loads(
        keyring().decrypt(entry.rows_cipher, "school_gate_import", "rows_cipher", entry.id)
    )
    rows = [
        CheckedRow(
            row["row"],
            row["values"],
            row["typed"],
            row["guardians"],
            [(key, Message.load(text)) for key, text in row["problems"]],
            tuple(row["new_class"]) if row["new_class"] else None,
        )
        for row in plain["rows"]
    ]
    return Checked(
        plain["kind"],
        plain["encoding"],
        tuple(plain["header"]),
        plain["titles"],
        tuple(plain["unknown"]),
        rows,
    )


# -- effects


async def stored_pupils(site_id: UUID) -> dict[str, dict[str, Any]]:
    """Return a site's pupils by number, with the texts of their fields."""
    rows = await db.fetch(
        "SELECT p.id, p.number, p.name, p.kind, p.sex, p.boards, p.active, g.name AS grade,"
        " c.name AS class FROM school_gate_pupil p JOIN school_gate_class c ON c.id = p.school_class"
        " JOIN school_gate_grade g ON g.id = c.grade WHERE p.site = {}",
        site_id,
    )
    return {
        row["number"]: {
            **row,
            "boards": "yes" if row["boards"] else "",
            "active": "yes" if row["active"] else "",
        }
        for row in rows
    }


async def stored_guardians(pupil_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return the active guardians of pupils, phones in the clear: to compare, never to show."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for start in range(0, len(pupil_ids), 500):
        part = pupil_ids[start : start + 500]
        for row in await db.fetch(
            "SELECT id, pupil, name, relation, phone_cipher, may_collect FROM school_gate_guardian"  # noqa: S608
            f" WHERE active AND pupil IN ({places(part)})",
            *part,
        ):
            found.setdefault(row["pupil"], []).append(
                {
                    "id": row["id"],
                    "name": row["name"],
                    "relation": row["relation"],
                    "phone": clear_phone(row["id"], row["phone_cipher"]),
                    "may_collect": "yes" if row["may_collect"] else "",
                }
            )
    return found


async def stored_staff(site_id: UUID) -> dict[str, dict[str, Any]]:
    """Return a site's staff by number, with the texts of their fields, phones in the clear."""
    rows = await db.fetch(
        "SELECT s.id, s.number, s.active, h.id AS host, h.name, h.department, h.room,"
        " h.phone_cipher, h.email FROM school_gate_staff s JOIN host h ON h.id = s.host"
        " WHERE s.site = {}",
        site_id,
    )
    return {
        row["number"]: {
            **row,
            "active": "yes" if row["active"] else "",
            "phone": keyring().decrypt(row["phone_cipher"], "host", "phone_cipher", row["host"])
            if row["phone_cipher"]
            else "",
        }
        for row in rows
    }


def guardian_changes(
    row: CheckedRow, stored: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return what a row would change of the guardians, by their names; phones are not shown."""
    by_name = {one["name"]: one for one in stored}
    changes: dict[str, tuple[str, str]] = {}
    for one in row.guardians:
        old = by_name.get(one["name"])
        if old is None:
            changes[one["name"]] = ("", one["relation"])
        elif differing := differences(one, old, guardian_fields(titles)):
            shown = "relation" if "relation" in differing else ""
            changes[one["name"]] = (old[shown], one[shown]) if shown else ("…", "…")
    return changes


def guardian_fields(titles: Mapping[str, str]) -> list[str]:
    """Return which fields of guardians the file has a column for."""
    columns = {"relation": "relation", "guardian_phone": "phone", "may_collect": "may_collect"}
    return [field for column, field in columns.items() if column in titles]


def differences(
    row: Mapping[str, str], stored: Mapping[str, Any], fields: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Return the fields that a row says otherwise; what it leaves empty stays, save yes and no."""
    return {
        name: (str(stored[name]), row[name])
        for name in fields
        if row.get(name, "") != stored[name]
        and (row.get(name, "") or name in {"boards", "may_collect"})
    }


def fields_of(kind: str, titles: Mapping[str, str]) -> list[str]:
    """Return which fields of a kind of roster the file has a column for."""
    fields = {
        PUPILS: ("grade", "class", "name", "sex", "boards", "kind"),
        STAFF: ("name", "department", "room", "phone", "email"),
    }.get(kind, ())
    return [name for name in fields if name in titles]


async def effects(checked: Checked, site_id: UUID) -> dict[int, Effect]:
    """Return what each good row would do, by row number."""
    good = [row for row in checked.rows if row.good]
    fields = fields_of(checked.kind, checked.titles)
    if checked.kind == STAFF:
        staff = await stored_staff(site_id)
        taught = await _taught(site_id)
        return {row.row: _staff_effect(row, staff, taught, fields) for row in good}
    pupils = await stored_pupils(site_id)
    ids = [pupils[n]["id"] for row in good if (n := row.values["number"]) in pupils]
    guardians = await stored_guardians(ids)
    found: dict[int, Effect] = {}
    for row in good:
        old = pupils.get(row.values["number"])
        if old is None:
            found[row.row] = Effect(NEW, {})
            continue
        changes = guardian_changes(row, guardians.get(old["id"], ()), checked.titles)
        if checked.kind == GUARDIANS:
            kind = NEW if any(not before for before, _ in changes.values()) else CHANGED
            found[row.row] = Effect(kind if changes else SAME, changes)
            continue
        changes = {**differences(row.values, old, fields), **changes}
        if not old["active"]:
            changes["active"] = ("", "yes")
        found[row.row] = Effect(CHANGED if changes else SAME, changes)
    return found


async def _taught(site_id: UUID) -> set[tuple[str, UUID]]:
    rows = await db.fetch(
        "SELECT g.name AS grade, c.name AS class, c.teacher FROM school_gate_class c"
        " JOIN school_gate_grade g ON g.id = c.grade WHERE g.site = {} AND c.teacher IS NOT NULL",
        site_id,
    )
    return {(row["grade"] + row["class"], row["teacher"]) for row in rows}


def _staff_effect(
    row: CheckedRow,
    staff: Mapping[str, dict[str, Any]],
    taught: set[tuple[str, UUID]],
    fields: Sequence[str],
) -> Effect:
    old = staff.get(row.values["number"])
    if old is None:
        return Effect(NEW, {})
    changes = {
        name: ("…", "…") if name == "phone" else pair
        for name, pair in differences(row.values, old, fields).items()
    }
    if row.values["class_taught"] and (row.values["class_taught"], old["host"]) not in taught:
        changes["class_taught"] = ("", row.values["class_taught"])
    if not old["active"]:
        changes["active"] = ("", "yes")
    return Effect(CHANGED if changes else SAME, changes)


async def missing_pupils(checked: Checked, site_id: UUID) -> list[tuple[str, str, str]]:
    """Return number, class and name of active pupils of the file's classes that it leaves out."""
    if checked.kind != PUPILS:
        return []
    classes = {(row.values["grade"], row.values["class"]) for row in checked.rows if row.values}
    numbers = {row.values.get("number") for row in checked.rows}
    return [
        (number, pupil["grade"] + pupil["class"], pupil["name"])
        for number, pupil in sorted((await stored_pupils(site_id)).items())
        if pupil["active"] and (pupil["grade"], pupil["class"]) in classes and number not in numbers
    ]


# -- pages


async def imports(actor: Actor, limit: int = 20) -> list[RosterImport]:
    """Return the latest files that were read, newest first."""
    query = RosterImport.objects().order_by(RosterImport.created_at, ascending=False).limit(limit)
    sites = sites_of(actor, IMPORT_ROSTER)
    return await (query if sites is None else query.where(RosterImport.site.is_in(list(sites))))


async def import_of(import_id: UUID, actor: Actor) -> RosterImport:
    """Return one file that was read; NotFoundError at another site."""
    entry = await RosterImport.objects().where(RosterImport.id == import_id).first()
    if entry is None:
        raise NotFoundError
    permit(actor, entry.site, IMPORT_ROSTER)
    return entry


async def preview(import_id: UUID, actor: Actor) -> Preview:
    """Return a file as its page shows it; NotFoundError once its rows were let go."""
    entry = await import_of(import_id, actor)
    checked = unpacked(entry)
    if checked is None:
        raise NotFoundError
    return Preview(
        entry=entry,
        checked=checked,
        effects=await effects(checked, entry.site),
        missing=await missing_pupils(checked, entry.site),
    )
