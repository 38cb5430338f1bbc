"""Rulebooks on pages: drawn from the struct, previewed, adopted from a moment on, withdrawn."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.permissions import SYSTEM
from core.registrations.rulebook import RULEBOOK, reception
from core.rulebooks import queries
from core.rulebooks import services as rulebooks
from core.rulebooks.tables import RulebookVersion
from tests.web.scenes import today_at


@pytest.fixture(autouse=True)
def _fresh():
    queries.forget()


async def form_of(client, path="/rulebooks/core/adopt"):
    """Return what the form holds, as a browser would send it back."""
    page = await client.get(path)
    assert page.status_code == 200
    form = page.text[page.text.index("/rulebooks/") :]
    data = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            data[name[1]] = value[1] if value else ""
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S
    ):
        data[name] = text
    data.pop("_csrf_token", None)
    data.pop("next", None)
    return data


@pytest.mark.rule("CORE-22")
async def test_a_change_is_shown_first_then_adopted_and_the_history_tells_what_differs(client):
    data = await form_of(client)
    assert data["waiting_amber_minutes"] == "10"
    data |= {"waiting_amber_minutes": "１５", "note": "高峰期人手不足，校长办公会定"}
    seen = await client.post("/rulebooks/core/adopt", data=data)
    assert seen.status_code == 200
    assert re.search(r"<del>10 分钟</del> → <ins>15 分钟</ins>", seen.text)
    assert not await RulebookVersion.count()
    done = await client.post("/rulebooks/core/adopt", data={**data, "step": "adopt"})
    assert (done.status_code, done.headers["location"]) == (303, "/rulebooks/core/1")
    assert (await reception(clock.now())).waiting_amber_minutes == 15
    for path in ("/rulebooks", "/rulebooks/core", "/rulebooks/core/1", "/rulebooks/core/0"):
        page = await client.get(path)
        assert page.status_code == 200
        assert "core/1" in page.text
    page = await client.get("/rulebooks/core")
    assert "校长办公会定" in page.text
    assert re.search(r"<del>10 分钟</del> → <ins>15 分钟</ins>", page.text)
    assert "CORE-18" in page.text, "each setting names its basis"


async def test_a_version_that_comes_later_waits_and_can_be_withdrawn_with_a_reason(client):
    data = await form_of(client)
    day = today_at(0, days=7).date().isoformat()
    data |= {"stay_minutes": "60", "note": "试行", "day": day, "time": "08:00", "step": "adopt"}
    assert (await client.post("/rulebooks/core/adopt", data=data)).status_code == 303
    [version] = await RulebookVersion.objects()
    assert clock.from_ms(version.effective_from) == today_at(8, days=7)
    assert (await reception(clock.now())).stay_minutes == 120
    path = "/rulebooks/core/1/withdraw"
    assert (await client.post(path, data={"reason": ""})).status_code == 422
    assert (await client.post(path, data={"reason": "改主意"})).status_code == 303
    assert "已撤回" in (await client.get("/rulebooks/core/1")).text
    again = await client.post(path, data={"reason": "再撤"})
    assert again.status_code == 303
    assert (
        await client.post("/rulebooks/core/9/withdraw", data={"reason": "x"})
    ).status_code == 404
    huge = f"/rulebooks/core/{2**70}/withdraw"
    assert (await client.post(huge, data={"reason": "x"})).status_code == 404


OUT_OF_BOUNDS = (
    ({"waiting_amber_minutes": "0"}, "waiting_amber_minutes"),
    ({"waiting_amber_minutes": "241"}, "waiting_amber_minutes"),
    ({"waiting_amber_minutes": ""}, "waiting_amber_minutes"),
    ({"waiting_amber_minutes": "9" * 400}, "waiting_amber_minutes"),
    ({"stay_minutes": "一小时"}, "stay_minutes"),
    ({"note": ""}, "note"),
    ({"note": "x" * 501}, "note"),
    ({"day": "2020-01-01"}, "day"),
    ({"day": "昨天"}, "day"),
    ({"day": "不是日期"}, "day"),
    ({"day": "2027-01-01", "time": "25:00"}, "time"),
    ({"organisation_name": "a\x00b"}, "organisation_name"),
)


async def test_what_is_out_of_bounds_comes_back_beside_its_field(client):
    form = {**await form_of(client), "note": "试行", "step": "adopt", "stay_minutes": "90"}
    for given, field in OUT_OF_BOUNDS:
        answer = await client.post("/rulebooks/core/adopt", data={**form, **given})
        assert answer.status_code == 422, given
        assert f'id="f-{field}-error"' in answer.text, given
        assert not await RulebookVersion.count(), given


async def test_what_somebody_adopted_meanwhile_is_shown_before_it_is_overridden(client, client_as):
    data = {**await form_of(client), "note": "试行", "step": "adopt", "stay_minutes": "90"}
    other = await client_as("administrator")
    mine = {**await form_of(other), "note": "先行", "step": "adopt", "stay_minutes": "45"}
    assert (await other.post("/rulebooks/core/adopt", data=mine)).status_code == 303
    answer = await client.post("/rulebooks/core/adopt", data=data)
    assert answer.status_code == 200
    assert re.search(r"<del>45 分钟</del> → <ins>90 分钟</ins>", answer.text)
    assert (await reception(clock.now())).stay_minutes == 45


async def test_no_change_is_no_version(client):
    data = {**await form_of(client), "note": "无", "step": "adopt"}
    answer = await client.post("/rulebooks/core/adopt", data=data)
    assert answer.status_code == 422
    assert not await RulebookVersion.count()


async def test_boxes_and_lines_are_taken_as_they_are(client):
    path = "/rulebooks/appointments/adopt"
    data = {**await form_of(client, path), "note": "试行", "step": "adopt"}
    assert data.pop("public_form") == "1"
    data["house_rules"] = "佩戴会客单\n<b>勿拍照</b>\n\n"
    assert (await client.post(path, data=data)).status_code == 303
    page = await client.get("/rulebooks/appointments/1")
    assert "&lt;b&gt;勿拍照&lt;/b&gt;" in page.text
    from core.appointments.rulebook import visits_ahead

    values = await visits_ahead(clock.now())
    assert (values.public_form, values.house_rules) == (False, ("佩戴会客单", "<b>勿拍照</b>"))
    again = await form_of(client, path)
    assert "public_form" not in again


async def test_every_rulebook_can_be_read_and_its_form_drawn(client, plugins):
    for book in plugins.register_rulebooks():
        for path in ("", "/0", "/adopt", "/adopt?number=0"):
            assert (await client.get(f"/rulebooks/{book.plugin}{path}")).status_code == 200
        for name in book.presets:
            page = await client.get(f"/rulebooks/{book.plugin}/adopt?preset={name}")
            assert page.status_code == 200
    for missing in (
        "nobody",
        "core/99",
        f"core/{2**70}",
        "core/adopt?number=x",
        "core/adopt?preset=x",
    ):
        assert (await client.get(f"/rulebooks/{missing}")).status_code == 404


@pytest.mark.rule("CORE-14")
async def test_an_auditor_reads_rulebooks_and_changes_nothing(client_as, site):
    auditor, desk = await client_as("auditor"), await client_as("desk")
    assert (await auditor.get("/rulebooks/core")).status_code == 200
    assert "/rulebooks/core/adopt" not in (await auditor.get("/rulebooks/core")).text
    assert (await auditor.get("/rulebooks/core/adopt")).status_code == 403
    assert (await auditor.post("/rulebooks/core/adopt", data={})).status_code == 403
    assert (await desk.get("/rulebooks")).status_code == 403


async def test_an_earlier_version_can_be_adopted_again(client, stopped_clock):
    for minutes in (30, 45):
        await rulebooks.adopt(
            RULEBOOK, {"stay_minutes": minutes}, effective_from=clock.now(), note="", at=clock.now(),
            actor=SYSTEM,
        )  # fmt: skip
        stopped_clock.advance(timedelta(hours=1))
    data = await form_of(client, "/rulebooks/core/adopt?number=1")
    assert data["stay_minutes"] == "30"
