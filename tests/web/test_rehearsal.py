"""Rehearsing a rulebook in the browser and on the command line."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.privacy import keys
from core.registrations import consent
from core.registrations.services import admit
from core.rulebooks import queries
from core.rulebooks.tables import RulebookVersion
from core.sites.tables import Gate, Site
from tests.core.registrations.reception import ADMIN, Place, a_person, arrive

pytestmark = pytest.mark.anyio


async def waited(site, plugins, minutes):
    """Register somebody two days ago who waited so long; return the visit's number."""
    gate = await Gate.objects().where(Gate.site == site.id).first()
    place = Place(site.id, gate.id, None, plugins)
    at = clock.now() - timedelta(days=2)
    visit = await arrive(
        place, a_person(phone="", number=""), at=at, host_id=None, host_text="张明"
    )
    then = at + timedelta(minutes=minutes)
    acting = {"actor": ADMIN, "plugins": plugins}
    await consent.note(visit.id, given=True, by="张明", means="phone", at=then, **acting)
    await admit(visit.id, at=then, **acting)
    return visit.number


VALUES = {
    "organisation_name": "", "waiting_amber_minutes": "5", "waiting_red_minutes": "20",
    "stay_minutes": "120", "slip_grace_minutes": "240", "consent_link_minutes": "120",
}  # fmt: skip


@pytest.mark.rule("CORE-24")
async def test_a_draft_is_rehearsed_and_lists_the_rows_that_would_differ(client, site, plugins):
    queries.forget()
    number = await waited(site, plugins, 7)
    form = await client.get("/rehearsal/core")
    assert form.status_code == 200
    assert 'name="waiting_amber_minutes"' in form.text
    page = await client.post("/rehearsal/core", data=VALUES)
    assert page.status_code == 200
    assert number in page.text
    assert re.search(r'href="/registrations/[0-9a-f-]{36}"', page.text)
    assert 'action="/rulebooks/core/adopt"' in page.text
    assert not await RulebookVersion.exists()
    same = await client.post("/rehearsal/core", data={**VALUES, "waiting_amber_minutes": "10"})
    assert number not in same.text
    went_on = await client.post(
        "/rulebooks/core/adopt", data={**VALUES, "time": "00:00", "note": "试过了"}
    )
    assert went_on.status_code == 200
    assert not await RulebookVersion.exists()


async def test_what_cannot_be_taken_comes_back_with_the_reason(client, site):
    page = await client.post("/rehearsal/core", data={**VALUES, "stay_minutes": "0", "first": "x"})
    assert page.status_code == 422
    assert page.text.count("aria-invalid") >= 1
    far = await client.post("/rehearsal/core", data={**VALUES, "first": "2020-01-01"})
    assert far.status_code == 422
    assert (await client.get("/rehearsal/nothing")).status_code == 404
    assert (await client.post("/rehearsal/nothing", data=VALUES)).status_code == 404


async def test_a_rulebook_without_cases_says_so(client, site):
    page = await client.get("/rehearsal/retention")
    assert page.status_code == 200
    assert '<form method="post" action="/rehearsal' not in page.text


async def test_only_who_reads_rulebooks_rehearses_and_sees_the_rows_of_their_sites(
    client_as, site, plugins
):
    queries.forget()
    number = await waited(site, plugins, 7)
    guard = await client_as("gatekeeper")
    assert (await guard.get("/rehearsal/core")).status_code in (403, 404)
    other = Site(id=uuid4(), code="west", name="西校区")
    await Site.insert(other)
    auditor = await client_as("auditor", site_id=other.id)
    page = await auditor.post("/rehearsal/core", data=VALUES)
    assert page.status_code == 200
    assert number not in page.text
    assert "/adopt" not in page.text
    here = await client_as("auditor", site_id=site.id)
    assert number in (await here.post("/rehearsal/core", data=VALUES)).text


async def test_the_command_says_the_same(sqlite_database, tmp_path, plugins, laifang):
    queries.forget()
    keys.open(tmp_path / "data" / "keys" / "keyring.json")
    site = Site(id=uuid4(), code="main", name="主校区")
    await Site.insert(site)
    await Gate.insert(Gate(id=uuid4(), site=site.id, code="south", name="南门"))
    number = await waited(site, plugins, 7)
    await db.close()

    def rehearse(*words):
        where = {"data_dir": tmp_path / "data", "url": sqlite_database}
        return laifang("rules", "rehearse", "core", *words, **where)

    done = rehearse("waiting_amber_minutes=5")
    assert done.returncode == 0, done.stderr
    assert "1 cases, 1 otherwise" in done.stdout
    assert f"{number}: Nobody is alerted. -> The host is reminded." in done.stdout
    assert rehearse("nothing=5").returncode == 1
    assert rehearse("stay_minutes=0").returncode == 1
