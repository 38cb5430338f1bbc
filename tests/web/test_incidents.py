"""Incidents from the page, as a guard with a phone meets them."""

import re
from io import BytesIO

import pytest
from PIL import Image

from core.incidents import queries
from core.incidents.tables import Incident
from core.permissions import SYSTEM

FORM = {"kind": "core.illness", "seen": "一位老人倒在地上，不应答", "spot": "大厅"}


async def noted(client, **given):
    answer = await client.post("/incidents", data={**FORM, **given})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.rule("CORE-16")
async def test_a_guard_notes_an_incident_works_through_it_and_closes_it(client_as):
    guard = await client_as("gatekeeper")
    page = await guard.get("/incidents/new")
    for kind in ("core.disorder", "core.illness", "core.lost_badge", "core.other"):
        assert f'value="{kind}"' in page.text
    here = await noted(guard)
    page = await guard.get(here)
    assert FORM["seen"] in page.text
    steps = re.findall(r'name="step" value="([^"]+)"', page.text)
    wrong = await guard.post(f"{here}/done", data={"step": steps[0], "called": ""})
    assert wrong.status_code == 422
    shown = await queries.shown((await Incident.objects().first()).id, actor=SYSTEM)
    for step in shown.steps:
        form = {"step": str(step.id), "called": "120", "called_at": "00:00" if step.call else ""}
        assert (await guard.post(f"{here}/done", data=form)).status_code == 303
    assert (await guard.post(f"{here}/close", data={"result": "送医"})).status_code == 303
    page = await guard.get(here)
    assert "送医" in page.text
    assert FORM["spot"] in (await guard.get("/incidents?status=closed")).text


async def test_a_form_that_cannot_be_taken_comes_back_as_it_was_typed(client_as):
    guard = await client_as("gatekeeper")
    page = await guard.post("/incidents", data={**FORM, "kind": "", "happened": "25:99"})
    assert page.status_code == 422
    assert FORM["seen"] in page.text
    assert not await Incident.exists()


@pytest.mark.rule("CORE-14")
async def test_who_may_not_see_incidents_gets_none_and_knows_of_none(client_as):
    guard, other = await client_as("gatekeeper"), await client_as("gatekeeper")
    host = await client_as("host")
    here = await noted(guard)
    assert (await host.get(here)).status_code in (403, 404)
    assert (await other.get(here)).status_code == 200
    row = await Incident.objects().first()
    await Incident.update({Incident.state: "closed"}).where(Incident.id == row.id)
    assert (await other.get(here)).status_code == 404
    assert (await guard.post(f"{here}/explode")).status_code == 404


async def test_a_picture_is_added_and_seen_by_whoever_sees_the_incident(client_as):
    guard, host = await client_as("gatekeeper"), await client_as("host")
    here = await noted(guard)
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    bad = await guard.post(f"{here}/photos", files={"photo": ("a.jpg", b"MZ no picture")})
    assert bad.status_code == 422
    files = {"photo": ("a.jpg", data.getvalue(), "image/jpeg")}
    assert (await guard.post(f"{here}/photos", files=files)).status_code == 303
    photo = re.search(rf'src="({re.escape(here)}/photos/[^"]+)"', (await guard.get(here)).text)[1]
    answer = await guard.get(photo)
    assert answer.headers["content-type"] == "image/jpeg"
    assert "no-store" in answer.headers["cache-control"]
    assert (await host.get(photo)).status_code in (403, 404)


@pytest.mark.rule("CORE-8")
async def test_a_correction_and_a_note_stand_on_the_page(client_as):
    guard = await client_as("gatekeeper")
    here = await noted(guard)
    correct = {"seen": "一位老太太倒在地上", "kind": "core.other", "reason": ""}
    assert (await guard.post(f"{here}/correct", data=correct)).status_code == 422
    await guard.post(f"{here}/correct", data={**correct, "reason": "看清了"})
    await guard.post(f"{here}/note", data={"text": "家属已到"})
    page = await guard.get(here)
    for text in ("一位老太太倒在地上", FORM["seen"], "看清了", "家属已到"):
        assert text in page.text
