"""Walls between sites: who works at one site neither reaches nor sees what belongs to another."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.appointments.tables import Appointment
from core.gate.tables import Device, ScanConflict
from core.hosts.tables import Host
from core.passes.tables import Pass
from core.registrations.tables import Registration
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor
from tests.web import access_matrix

# What the far site's records are called: found on a page, it shows more than it may.
MARKS = ("远校区", "远大门", "远方来客", "远处主人", "FAR-0001", "远A99999")


@pytest.fixture
def database(sqlite_database):
    """One engine is enough: what is seen is decided by the same queries on both."""
    return sqlite_database


@dataclass
class Far:
    """A site with one record of each kind; `ids` are by the names that paths use."""

    site: Site
    ids: dict[str, str] = field(default_factory=dict)


@pytest.fixture
async def far(app, site):
    now = clock.now()
    away = Site(id=uuid4(), code="far", name="远校区")
    gate = Gate(id=uuid4(), site=away.id, code="f", name="远大门")
    host = Host(id=uuid4(), site=away.id, name="远处主人")
    visitor = Visitor(id=uuid4(), name="远方来客", created_at=now)
    visit = Registration(
        id=uuid4(),
        number="FAR-0001",
        site=away.id,
        gate=gate.id,
        visitor=visitor.id,
        host=host.id,
        purpose="core.visit",
        state="waiting",
        plate="远A99999",
        created_at=now,
        arrived_at=now,
    )
    appointment = Appointment(
        id=uuid4(),
        site=away.id,
        visitor=visitor.id,
        host=host.id,
        purpose="core.visit",
        state="proposed",
        proposed_by="visitor",
        starts_at=now + timedelta(minutes=30),
        ends_at=now + timedelta(hours=1),
        created_at=now,
    )
    held = Pass(
        id="f" * 24,
        kind="core.visit",
        holder=visit.id,
        site=away.id,
        registration=visit.id,
        not_before=0,
        expires=4_000_000_000,
        issued_at=clock.to_ms(now),
    )
    device = Device(id=uuid4(), name="远大门 1", gate=gate.id, created_at=now)
    conflict = ScanConflict(
        id=uuid4(), kind="double_entry", key="far", site=away.id, opened_at=clock.to_ms(now)
    )
    for row in (away, gate, host, visitor, visit, appointment, held, device, conflict):
        await type(row).insert(row)
    return Far(
        away,
        {
            "site_id": str(away.id),
            "gate_id": str(gate.id),
            "host_id": str(host.id),
            "registration_id": str(visit.id),
            "appointment_id": str(appointment.id),
            "pass_id": held.id,
            "device_id": str(device.id),
            "conflict_id": str(conflict.id),
        },
    )


def address(rule, ids):
    """Return the path of the far site's record, or None where the path names none of them."""
    parts, found = [], False
    for part, filler in zip(rule.path.split("/"), rule.address().split("/"), strict=True):
        name = part.strip("{}").partition(":")[0]
        if part.startswith("{") and name in ids:
            parts.append(ids[name])
            found = True
        else:
            parts.append(filler)
    return "/".join(parts) if found else None


async def every_role(client_as, plugins, site_id):
    return await client_as(*plugins.register_roles(), site_id=site_id)


@pytest.mark.rule("CORE-14")
async def test_what_belongs_to_another_site_is_not_found(app, client_as, plugins, site, far):
    near = await every_role(client_as, plugins, site.id)
    wrong = []
    for key, rule in access_matrix.rules_of(app).items():
        if rule.who != "permissions" or (path := address(rule, far.ids)) is None:
            continue
        answer = await near.request(rule.method, path)
        # An empty form may be refused before the record is looked for, and then shows nothing of it.
        unseen = answer.status_code in (400, 422) and not any(m in answer.text for m in MARKS)
        if answer.status_code != 404 and not unseen:
            wrong.append((key, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.rule("CORE-14")
async def test_no_list_or_page_shows_what_belongs_to_another_site(
    app, client_as, plugins, site, far
):
    near = await every_role(client_as, plugins, site.id)
    app.broadcaster.close()
    shown = []
    for key, rule in access_matrix.rules_of(app).items():
        if rule.method != "GET" or rule.who in ("gate device", "public") or "{" in rule.path:
            continue
        for path in (rule.path, f"{rule.path}?q=%E8%BF%9C", f"{rule.path}?text=%E8%BF%9C"):
            page = (await near.get(path)).text
            shown += [(key, mark) for mark in MARKS if mark in page]
    assert not shown, "\n".join(map(str, shown))


async def test_who_works_there_sees_it_all(app, client_as, plugins, far):
    """The other two tests could not fail if nobody saw these records."""
    there = await every_role(client_as, plugins, far.site.id)
    seen = set()
    for rule in access_matrix.rules_of(app).values():
        if rule.method == "GET" and rule.who == "permissions":
            path = address(rule, far.ids) or ("" if "{" in rule.path else rule.path)
            if path and not path.startswith("/live"):
                answer = await there.get(path)
                seen |= {mark for mark in MARKS if mark in answer.text}
    assert seen == set(MARKS)
