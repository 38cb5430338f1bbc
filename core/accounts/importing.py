"""Accounts from a file: every row is checked before the first is made; all are made, or none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import db
from core.accounts.actors import refuse_local
from core.accounts.logins import clean_login
from core.accounts.passwords import hash_secret
from core.accounts.services import insert_user, new_password
from core.accounts.tables import User
from core.errors import InvalidInputError
from core.forms import Field, read
from core.i18n import LOCALES, N_, Message
from core.permissions import Actor, Role
from core.sheets.labelled import LabelledRow, rows_under, same_word

MOST_ROWS = 300
FIELDS = (
    Field(name="name", label=N_("Name"), required=True),
    Field(name="login", label=N_("Login"), required=True, max_length=60, clean=clean_login),
    Field(name="role", label=N_("Role"), max_length=300),
    Field(name="site", label=N_("Where"), max_length=100),
    Field(name="email", label=N_("E-mail"), max_length=200),
)
_BETWEEN = re.compile(r"[、，,;；]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row with what is wrong in it, by field."""

    line: int
    values: Mapping[str, str]
    problems: Mapping[str, Message]
    roles: tuple[str, ...] = ()
    site_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account that was made, with its first password, which is shown once."""

    id: UUID
    name: str
    login: str
    roles: tuple[str, ...]
    password: str


async def check(
    data: bytes, *, known_roles: Mapping[str, Role], sites: Mapping[str, UUID]
) -> list[Row]:
    """Read a file and say what is wrong in each row; `sites` are ids by name and by code.

    Raises SheetFileError for a file that is no such table.
    """
    rows = rows_under(data, FIELDS, most=MOST_ROWS)
    taken = {row["login"] for row in await User.select(User.login)}
    names = {
        same_word(label): name
        for name, role in known_roles.items()
        for label in (name, *(role.label.translate(locale) for locale in LOCALES))
    }
    places = {same_word(name): site_id for name, site_id in sites.items()}
    checked = []
    for row in rows:
        found = _checked(row, names, places, taken)
        taken.add(found.values["login"])
        checked.append(found)
    return checked


def _checked(
    row: LabelledRow, names: Mapping[str, str], places: Mapping[str, UUID], taken: set[str]
) -> Row:
    cleaned = read(FIELDS, row.values)
    problems = dict(cleaned.problems)
    values = cleaned.values
    if "login" not in problems and values["login"] in taken:
        problems["login"] = N_("This login exists already.")
    words = [word for word in _BETWEEN.split(values["role"]) if word.strip()]
    roles = [names.get(same_word(word), "") for word in words]
    if "" in roles:
        word = words[roles.index("")].strip()
        problems["role"] = N_("There is no role “{word}”.", word=word)
    site_id = places.get(same_word(values["site"]))
    if values["site"] and site_id is None:
        problems["site"] = N_("There is no site “{word}”.", word=values["site"])
    return Row(
        line=row.line,
        values=values,
        problems=problems,
        roles=tuple(dict.fromkeys(roles)),
        site_id=site_id,
    )


async def make(
    rows: Sequence[Row], *, actor: Actor, at: datetime, known_roles: Mapping[str, Role]
) -> list[NewAccount]:
    """Make the accounts, all or none, each with a password made up and to be changed."""
    refuse_local(actor)
    if any(row.problems for row in rows):
        raise InvalidInputError({"file": N_("Some rows cannot be taken; nothing was entered.")})
    # Hashed before the transaction: it takes long, and holds up nobody there.
    passwords = [new_password() for _ in rows]
    hashes = [await hash_secret(password) for password in passwords]
    made = []
    async with db.writing():
        for row, password, hashed in zip(rows, passwords, hashes, strict=True):
            user = User(
                id=uuid4(),
                login=row.values["login"],
                name=row.values["name"],
                password_hash=hashed,
                email=row.values["email"],
                must_change_password=True,
                created_at=at,
            )
            roles = [(role, row.site_id) for role in row.roles]
            await insert_user(user, roles, known_roles=known_roles, actor=actor)
            made.append(
                NewAccount(
                    id=user.id,
                    name=user.name,
                    login=user.login,
                    roles=row.roles,
                    password=password,
                )
            )
    return made
