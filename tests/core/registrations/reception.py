"""A reception to test with: a site, people at the desk, visitors, and a plugin that judges as told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

from core import hookimpl
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.permissions import Actor
from core.plugins import Plugins
from core.registrations.services import Arrival, register
from core.sites.tables import Gate, Site
from core.visitors.matching import Person

# A Monday, ten in the morning in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WANG = "11010519491231002X"
LI = "440524188001010014"


def actor(role="gatekeeper", name="门卫老周", **given):
    """Return somebody with a role of the core."""
    from core.default_plugin import ROLES

    permissions = next(r.permissions for r in ROLES if r.name == role)
    return Actor(kind="user", id=uuid4(), name=name, permissions=permissions, **given)


GUARD = actor()
CHIEF = actor("duty_officer", "值班长孙")
ADMIN = actor("administrator", "管理员")


@dataclass
class Place:
    """A site with a gate and a host."""

    site_id: UUID
    gate_id: UUID
    host_id: UUID
    plugins: Plugins


async def a_site(code="main", name="主校区"):
    """Set up a site with one gate; return both ids."""
    site = Site(id=uuid4(), code=code, name=name)
    await Site.insert(site)
    gate = Gate(id=uuid4(), site=site.id, code="south", name="南门")
    await Gate.insert(gate)
    return site.id, gate.id


async def a_place(plugins=None, at=MONDAY):
    """Set up a site, a gate and a host with an address."""
    site_id, gate_id = await a_site()
    entry = HostEntry(
        name="张明", department="教务处", phone="0755-12345678", email="zhang@school.test"
    )
    host_id = await hosts.add(entry, actor=ADMIN, at=at)
    return Place(site_id, gate_id, host_id, plugins or Plugins({}))


def a_person(name="王小明", phone="13800001234", number=WANG, **given):
    """Return a person with an identity card."""
    kind = "resident_id" if number else ""
    return Person(name=name, phone=phone, document_kind=kind, document_number=number, **given)


def an_arrival(place, person=None, **given):
    """Return an arrival for a plain visit with a document shown."""
    plain = {
        "site_id": place.site_id,
        "gate_id": place.gate_id,
        "person": person or a_person(),
        "purpose": "core.visit",
        "reason": "谈合同",
        "host_id": place.host_id,
        "document_shown": True,
    }
    return Arrival(**(plain | given))


async def arrive(place, person=None, *, by=GUARD, at=MONDAY, **given):
    """Register an arrival."""
    return await register(
        an_arrival(place, person, **given), actor=by, at=at, plugins=place.plugins
    )


def a_judge(**decisions):
    """Return plugins in which one plugin judges as told: `admission=Deny(...)`, changeable later.

    Returned beside them: what it was asked, and the decisions it gives.
    """
    asked = []

    @hookimpl
    async def check_registration(registration):
        asked.append(("registration", registration))
        return decisions.get("registration")

    @hookimpl
    async def check_admission(registration):
        asked.append(("admission", registration))
        return decisions.get("admission")

    @hookimpl
    async def check_departure(registration):
        asked.append(("departure", registration))
        return decisions.get("departure")

    @hookimpl
    async def do_register(registration):
        asked.append(("register", registration))
        if isinstance(decisions.get("failure"), Exception):
            raise decisions["failure"]

    judge = SimpleNamespace(
        check_registration=check_registration,
        check_admission=check_admission,
        check_departure=check_departure,
        do_register=do_register,
    )
    return Plugins({"judge": judge}), asked, decisions
