"""Keeping times in the browser and on the command line."""

from datetime import timedelta

import pytest

from core import clock, db
from core.permissions import SYSTEM
from core.privacy import keys, services
from core.registrations import correcting
from core.sites.tables import Gate
from core.visitors.tables import Visitor
from tests.core.registrations.reception import ADMIN, Place, a_person, arrive

pytestmark = pytest.mark.anyio
LONG_AGO = timedelta(days=400)


async def gone(site, plugins, name, ago=LONG_AGO):
    """Register somebody so long ago who went at once; return the visitor's id."""
    gate = await Gate.objects().where(Gate.site == site.id).first()
    place = Place(site.id, gate.id, None, plugins)
    at = clock.now() - ago
    visit = await arrive(
        place, a_person(name=name, phone="", number=""), at=at, host_id=None, host_text="张明"
    )
    await correcting.cancel(visit.id, reason="走了", actor=ADMIN, at=at, plugins=plugins)
    return visit.visitor_id


@pytest.mark.rule("CORE-21")
async def test_an_administrator_sees_what_is_erased_next_and_why_and_erases_it(
    client, site, plugins
):
    await gone(site, plugins, "旧客")
    await gone(site, plugins, "将满", ago=timedelta(days=350))
    await gone(site, plugins, "新客", ago=timedelta(days=3))
    held = await gone(site, plugins, "被留")
    await services.place_hold("visitor", held, reason="调查", actor=SYSTEM, at=clock.now())
    page = await client.get("/retention")
    assert page.status_code == 200
    assert all(name in page.text for name in ("旧客", "将满", "被留", "retention/0"))
    assert "新客" not in page.text
    assert f'href="/visitors/{held}"' in page.text
    answer = await client.post("/retention/run")
    assert answer.status_code == 303
    after = await client.get("/retention")
    assert "旧客" not in after.text
    assert "被留" in after.text
    left = {row["name"] for row in await Visitor.select(Visitor.name)}
    assert left == {"", "将满", "新客", "被留"}


async def test_nobody_else_sees_or_starts_it(client_as, site, plugins):
    await gone(site, plugins, "旧客")
    for role in ("desk", "gatekeeper", "duty_officer"):
        other = await client_as(role)
        assert (await other.get("/retention")).status_code in (403, 404)
        assert (await other.post("/retention/run")).status_code in (403, 404)
    assert await Visitor.exists().where(Visitor.name == "旧客")


async def test_the_command_lists_and_runs(sqlite_database, tmp_path, plugins, laifang):
    from uuid import uuid4

    from core.sites.tables import Site

    keys.open(tmp_path / "data" / "keys" / "keyring.json")
    site = Site(id=uuid4(), code="main", name="主校区")
    await Site.insert(site)
    await Gate.insert(Gate(id=uuid4(), site=site.id, code="south", name="南门"))
    visitor = await gone(site, plugins, "旧客")
    await db.close()

    def retention(word):
        done = laifang("retention", word, data_dir=tmp_path / "data", url=sqlite_database)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = retention("list")
    assert "visitor: Visitors without a visit since, 365 days (retention/0); due 1," in listed
    assert str(visitor) in listed
    assert "旧客" not in listed
    assert "visitor: 1 erased, 0 kept, 0 failed" in retention("run")
    assert str(visitor) not in retention("list")
