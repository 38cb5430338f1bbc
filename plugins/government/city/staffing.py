"""The city's reception room, its units and everybody who signs in for them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import clock, db
from core.demo.facts import DemoFacts
from core.demo.people import People
from core.log.services import as_json, entry, record_many
from core.permissions import Actor
from core.sites import services as sites
from plugins.government.city import places
from plugins.government.city.rows import insert
from plugins.government.rights import CLERK, UNIT_CLERK, UNIT_HEAD

_MORE_CLERKS = 3


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works somewhere: account, name, login, whether they head it."""

    actor: Actor
    login: str
    head: bool


@dataclass(frozen=True, slots=True)
class Made:
    """The units by code, the staff of each, the room's own clerks, and who leads it all."""

    site_id: UUID
    begun: datetime
    units: dict[str, UUID]
    names: dict[str, str]
    staff: dict[str, list[Staff]]
    clerks: list[Actor]
    roles: dict[str, Actor]
    # Code, phone and address of each unit.
    where: list[tuple[str, str, str]]

    def clerk_of(self, code: str) -> Actor:
        """Return who works on items for a unit; the room's first clerk where it has nobody."""
        return next((one.actor for one in self.staff.get(code, ()) if not one.head), self.clerks[0])

    def head_of(self, code: str) -> Actor:
        """Return who heads a unit; the head of the room where it has nobody."""
        return next(
            (one.actor for one in self.staff.get(code, ()) if one.head), self.roles["petition_head"]
        )


async def make(demo: DemoFacts, people: People) -> Made:
    """Set up the reception room and its units, with a clerk and a head for each."""
    begun = demo.at - timedelta(days=430)
    site_id = await sites.add_site(
        code=places.SITE_CODE, name=places.SITE_NAME, audience=2, actor=demo.actor, at=demo.at
    )
    await sites.add_gate(
        site_id, code="hall", name=places.DESK, zone=0, actor=demo.actor, at=demo.at
    )
    roles = await _roles(demo)
    units = await _units(site_id, demo, begun)
    names = {code: name for code, _, name, _, _ in places.plan()}
    accounts = _Accounts(demo, people, begun, await _password(demo))
    clerks = [roles[CLERK]]
    for number in range(2, _MORE_CLERKS + 2):
        clerks.append(accounts.add(f"clerk{number}", CLERK))
    staff: dict[str, list[Staff]] = {}
    for code, _ in places.staffed():
        own = [
            Staff(accounts.add(code, UNIT_CLERK), code, head=False),
            Staff(accounts.add(f"{code}-head", UNIT_HEAD), f"{code}-head", head=True),
        ]
        if code == places.SHOWN:
            own += [
                Staff(roles[UNIT_CLERK], UNIT_CLERK, head=False),
                Staff(roles[UNIT_HEAD], UNIT_HEAD, head=True),
            ]
            own.reverse()
        staff[code] = own
    await accounts.write()
    await db.execute(
        "UPDATE account_role SET site = {} WHERE role LIKE {} AND site IS NULL",
        site_id,
        "petition_%",
    )
    await insert(
        "government_unit_member",
        [
            {
                "id": uuid4(),
                "unit": units[code],
                "user": one.actor.id,
                "head": one.head,
                "post": "负责人" if one.head else "经办人",
                "since": begun,
            }
            for code, found in staff.items()
            for one in found
        ],
    )
    demo.also.extend(
        (f"{code}, {code}-head", names[code]) for code in staff if not code.endswith("-xf")
    )
    where = [(code, *_where(place)) for place, (code, *_) in enumerate(places.plan())]
    return Made(site_id, begun, units, names, staff, clerks, roles, where)


async def _roles(demo: DemoFacts) -> dict[str, Actor]:
    rows = await db.fetch("SELECT id, name FROM account")
    names = {row["id"]: row["name"] for row in rows}
    return {
        role: replace(demo.actor, kind="user", id=user_id, name=names[user_id])
        for role, user_id in demo.users.items()
    }


async def _password(demo: DemoFacts) -> str:
    rows = await db.fetch("SELECT password_hash FROM account WHERE id = {}", demo.users[UNIT_CLERK])
    return str(rows[0]["password_hash"])


def _where(place: int) -> tuple[str, str]:
    """Return the phone and the address of a unit by its place in the plan."""
    return f"0579-88{place:02}6{place:03}", f"{places.CITY_NAME}人民路{place * 6 + 8}号"


async def _units(site_id: UUID, demo: DemoFacts, begun: datetime) -> dict[str, UUID]:
    made: dict[str, UUID] = {}
    for place, (code, kind, name, short, parent) in enumerate(places.plan()):
        made[code] = uuid4()
        await insert(
            "government_unit",
            [
                {
                    "id": made[code],
                    "site": site_id,
                    "parent": made.get(parent),
                    "kind": kind,
                    "code": code,
                    "name": name,
                    "short_name": short,
                    "phone": _where(place)[0],
                    "address": _where(place)[1],
                    "order": place * 10,
                }
            ],
        )
    await record_many(
        [
            entry(
                demo.actor,
                "government.unit_add",
                "government_unit",
                made[code],
                clock.to_ms(begun),
                "",
                as_json({"kind": kind, "code": code, "name": name}),
            )
            for code, kind, name, _, _ in places.plan()
        ]
    )
    return made


class _Accounts:
    """Accounts that share the demonstration's password; hashing it for each would take long."""

    def __init__(self, demo: DemoFacts, people: People, begun: datetime, hashed: str) -> None:
        self.demo, self.people, self.begun, self.hashed = demo, people, begun, hashed
        self.made: list[tuple[UUID, str, str, str]] = []

    def add(self, login: str, role: str) -> Actor:
        """Plan an account with one role."""
        user_id, name = uuid4(), self.people.name()
        self.made.append((user_id, login, name, role))
        return replace(self.demo.actor, kind="user", id=user_id, name=name)

    async def write(self) -> None:
        """Write the accounts planned."""
        at = self.begun
        await insert(
            "account",
            [
                {
                    "id": user_id,
                    "login": login,
                    "name": name,
                    "password_hash": self.hashed,
                    "created_at": at,
                }
                for user_id, login, name, _ in self.made
            ],
        )
        await insert(
            "account_role",
            [
                {"id": uuid4(), "user": user_id, "role": role, "site": None}
                for user_id, _, _, role in self.made
            ],
        )
        await record_many(
            [
                entry(
                    self.demo.actor,
                    "account.create",
                    "account",
                    user_id,
                    clock.to_ms(at),
                    "",
                    as_json({"login": login, "name": name, "roles": [role]}),
                )
                for user_id, login, name, role in self.made
            ]
        )
