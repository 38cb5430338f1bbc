"""A city whose petition office the tests visit: units, staff with accounts, petitioners, items."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core import clock, db
from core.accounts.actors import actor_of
from core.permissions import SYSTEM
from core.visitors.identity_documents import check_letter
from plugins.government import numbers, sealing
from plugins.government.handling import holders
from plugins.government.matters import services as matters
from plugins.government.matters.facts import NewMatter
from plugins.government.matters.tables import Matter
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.units import facts as kinds
from plugins.government.units import queries as unit_queries
from plugins.government.units import services as units
from tests.app import an_account, new_client

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = "2026-11-23 09:00"
_numbers = count(101)

# Key, kind, code, name, key of the next higher body.
UNITS = (
    ("province", kinds.PROVINCE, "P00", "省信访局", None),
    ("city", kinds.CITY, "C00", "临川市人民政府", "province"),
    ("office", kinds.OFFICE, "C01", "临川市人民来访接待室", "city"),
    ("county1", kinds.COUNTY, "X01", "东河县人民政府", "city"),
    ("county1_office", kinds.COUNTY_OFFICE, "X01-1", "东河县信访局", "county1"),
    ("county2", kinds.COUNTY, "X02", "西岭区人民政府", "city"),
    ("county2_office", kinds.COUNTY_OFFICE, "X02-1", "西岭区信访局", "county2"),
    ("labour", kinds.DEPARTMENT, "D01", "市人力资源和社会保障局", "city"),
    ("housing", kinds.DEPARTMENT, "D02", "市住房和城乡建设局", "city"),
)


def at(text):
    """A moment of the site: `2026-11-23 09:00`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def page_of(row):
    """Return the path of an item's page."""
    return f"/government/matters/{row.id}"


def an_id(born="19700312", area="362501"):
    """Return the number of a resident identity card that nobody else in the test has."""
    digits = f"{area}{born}{next(_numbers):03}"
    return digits + check_letter(digits + "0")


@dataclass
class City:
    """A city and how to reach what is in it."""

    app: object
    plugins: object
    site: object
    units: dict[str, UUID]
    stack: AsyncExitStack
    signed_in: dict = field(default_factory=dict)

    def travel(self, text):
        """Put the clock to a moment of the site, where it stands; returns that moment."""
        clock.CLOCK.travel(at(text), running=False)
        return clock.now()

    async def client(self, *roles, unit="", head=False, name=""):
        """A signed-in client: the same one for the same roles, unit and name.

        `unit` is a key of `units`; `head` says whether they sign for it.
        """
        key = (roles, unit, head, name)
        if key not in self.signed_in:
            client = await self.stack.enter_async_context(new_client(self.app))
            client.user_id, client.login = await an_account(self.plugins, *roles, name=name)
            if unit:
                await units.name_member(
                    self.units[unit], client.user_id, head=head, actor=SYSTEM, at=clock.now()
                )
            answer = await client.sign_in(client.login)
            assert answer.status_code == 303, answer.text
            self.signed_in[key] = client
        return self.signed_in[key]

    async def later(self, text, *clients):
        """Put the clock to a moment and sign these clients in anew (all: none named).

        Their sessions ended meanwhile.
        """
        now = self.travel(text)
        for client in clients or self.signed_in.values():
            client.cookies.clear()
            answer = await client.sign_in(client.login)
            assert answer.status_code == 303, answer.text
        return now

    async def anonymous(self):
        """A client that nobody has signed in, with an address of its own."""
        return await self.stack.enter_async_context(new_client(self.app))

    async def actor(self, client):
        """Who a client is to the services."""
        row = (await db.fetch("SELECT * FROM account WHERE id = {}", client.user_id))[0]
        held = await db.fetch(
            'SELECT role, site FROM account_role WHERE "user" = {}', client.user_id
        )
        user = {"user_id": row["id"], "name": row["name"], "host_id": None, "locale": ""}
        return actor_of(
            user, [(one["role"], one["site"]) for one in held], self.plugins.register_roles()
        )

    async def petitioner(self, **changed):
        """Enter a petitioner; returns the id."""
        person = Person(
            name="周建国",
            phone="13907940001",
            document_kind="resident_id",
            document=an_id(),
            address="东河县城关镇解放路12号",
        )
        return await people.enter(replace(person, **changed), actor=SYSTEM, at=clock.now())

    async def matter(self, *, actor=SYSTEM, held_by="office", concerns=(), person=None, **changed):
        """Register an item, held by a unit and concerning it and others; returns its row.

        `person` are changes of the petitioner, `changed` those of the item.
        """
        petitioner_id = changed.pop("petitioner_id", None) or await self.petitioner(
            **(person or {})
        )
        new = NewMatter(
            site_id=self.site.id,
            channel="visit",
            purpose="request",
            title="拖欠工资",
            demand="要求支付拖欠的工资三万元",
            facts="在城东工地做工半年，工资至今未付。",
            place_id=self.units["county1"],
            petitioner_id=petitioner_id,
        )
        async with db.writing():
            row = await matters.register(replace(new, **changed), actor=actor, at=clock.now())
            for key in dict.fromkeys(
                [*concerns, *([held_by] if held_by not in ("", "office") else [])]
            ):
                await matters.concern(row.id, self.units[key], at=clock.now())
            if held_by and row.holder != self.units[held_by]:
                unit = await unit_queries.unit(self.units[held_by])
                await holders.pass_to(
                    row, unit, reason="转送", returning=False, actor=SYSTEM, at=clock.now()
                )
        return await self.row(row.id)

    async def row(self, matter_id):
        """An item as stored now."""
        return await Matter.objects().get(Matter.id == UUID(str(matter_id)))

    async def latest(self):
        """The item that was registered last."""
        return await Matter.objects().order_by(Matter.number, ascending=False).first()

    async def code(self, matter_id):
        """The code by which the petitioner asks for an item."""
        row = await self.row(matter_id)
        return sealing.unseal(row.query_cipher, "government_matter", "query_cipher", row.id)


@pytest.fixture
async def city(app, plugins, site, tmp_path, monkeypatch):
    """A city on Monday 23 November 2026 at nine, with its units; the clock stands."""
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(numbers, "ONE_IN", 0)  # tests count on; gaps have a test of their own
    clock.CLOCK.travel(at(MONDAY), running=False)
    made = {}
    for order, (key, kind, code, name, parent) in enumerate(UNITS):
        made[key] = await units.add(
            site_id=site.id,
            kind=kind,
            code=code,
            name=name,
            parent_id=made.get(parent),
            order=order,
            actor=SYSTEM,
            at=clock.now(),
        )
    async with AsyncExitStack() as stack:
        yield City(app, plugins, site, made, stack)
    clock.CLOCK.reset()
