"""Units from a file, with who works for them: every row is checked first; all are entered, or none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core import db
from core.accounts.logins import known_form
from core.accounts.tables import User
from core.errors import InvalidInputError
from core.forms import Field, read
from core.i18n import LOCALES, N_, Message
from core.permissions import Actor
from core.sheets.labelled import rows_under, same_word
from plugins.government.units import queries, services
from plugins.government.units.facts import KINDS

MOST_ROWS = 500
FIELDS = (
    Field(name="name", label=N_("Name of the unit"), required=True, max_length=100),
    Field(name="kind", label=N_("Kind of unit"), required=True),
    Field(name="code", label=N_("Code"), required=True, max_length=20),
    Field(name="parent", label=N_("Next higher body"), max_length=100),
    Field(name="phone", label=N_("Phone"), max_length=40),
    Field(name="address", label=N_("Address"), max_length=200),
    Field(name="staff", label=N_("Clerks (logins)"), max_length=400),
    Field(name="heads", label=N_("Heads (logins)"), max_length=400),
)
_BETWEEN = re.compile(r"[\s、，,;；]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row with what is wrong in it; `staff` are (login, whether they head it)."""

    line: int
    values: Mapping[str, str]
    problems: Mapping[str, Message]
    kind: str
    staff: tuple[tuple[str, bool], ...]


async def check(data: bytes, site_id: UUID) -> list[Row]:
    """Read a file and say what is wrong in each row; SheetFileError for a file that is no such table."""
    rows = rows_under(data, FIELDS, most=MOST_ROWS)
    kinds = {
        same_word(word): kind
        for kind, label in KINDS.items()
        for word in (kind, *(label.translate(locale) for locale in LOCALES))
    }
    units = await queries.units(site_id=site_id, active_only=False)
    codes = {one.code for one in units}
    above = {word for one in units for word in (one.code, one.name)}
    above |= {row.values.get(key, "") for row in rows for key in ("code", "name")}
    logins = {row["login"] for row in await User.select(User.login).where(User.active.eq(True))}
    checked = []
    for row in rows:
        cleaned = read(FIELDS, row.values)
        values, problems = cleaned.values, dict(cleaned.problems)
        kind = kinds.get(same_word(values["kind"]), "")
        if not kind:
            problems.setdefault("kind", N_("Please choose one of the options."))
        if values["code"] in codes:
            problems["code"] = N_("There is a unit with this code already.")
        codes.add(values["code"])
        if values["parent"] in (values["code"], values["name"]) and values["parent"]:
            problems["parent"] = N_("This body is the unit itself or stands below it.")
        elif values["parent"] and values["parent"] not in above:
            problems["parent"] = N_("There is no unit “{word}”.", word=values["parent"])
        staff = []
        for name in ("staff", "heads"):
            for word in filter(None, _BETWEEN.split(values[name])):
                staff.append((known_form(word), name == "heads"))
                if known_form(word) not in logins:
                    problems[name] = N_("There is no account “{word}”.", word=word)
        checked.append(
            Row(line=row.line, values=values, problems=problems, kind=kind, staff=tuple(staff))
        )
    return _without_circles(checked)


def _without_circles(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, with a problem in each that stands below itself."""
    by_word = {word: row for row in rows for word in (row.values["code"], row.values["name"])}
    found = []
    for row in rows:
        seen, at = [row.line], by_word.get(row.values["parent"])
        while at is not None and at.line not in seen:
            seen.append(at.line)
            at = by_word.get(at.values["parent"])
        if at is row and "parent" not in row.problems:
            problem = N_("This body is the unit itself or stands below it.")
            row = replace(row, problems={**row.problems, "parent": problem})
        found.append(row)
    return found


async def enter(rows: Sequence[Row], site_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Enter the units with their staff, all or none; return how many."""
    if any(row.problems for row in rows):
        raise InvalidInputError({"file": N_("Some rows cannot be taken; nothing was entered.")})
    async with db.writing():
        ids = {row["login"]: row["id"] for row in await User.select(User.login, User.id)}
        known = await queries.units(site_id=site_id, active_only=False)
        made = {word: one.id for one in known for word in (one.name, one.code)}
        waiting, order = list(rows), 10 * (len(known) + 1)
        while waiting:
            ready = [row for row in waiting if row.values["parent"] in ("", *made)]
            for row in ready:
                unit_id = await services.add(
                    site_id=site_id,
                    kind=row.kind,
                    code=row.values["code"],
                    name=row.values["name"],
                    parent_id=made.get(row.values["parent"]),
                    order=order + 10 * rows.index(row),
                    phone=row.values["phone"],
                    address=row.values["address"],
                    actor=actor,
                    at=at,
                )
                made |= {row.values["name"]: unit_id, row.values["code"]: unit_id}
                for login, head in row.staff:
                    await services.name_member(unit_id, ids[login], head=head, actor=actor, at=at)
            waiting = [row for row in waiting if row not in ready]
    return len(rows)
