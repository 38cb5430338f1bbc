"""Visitors, the watch list, hosts, sites: each form with what it takes and what it refuses."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.hosts.tables import Host
from core.log.tables import LogEntry
from core.registrations.tables import Registration
from core.sites.tables import Gate, Site
from core.visitors.tables import Visitor, VisitorMerge, WatchEntry
from tests.core.registrations.reception import LI, WANG
from tests.web.visits import act, arrive


def beside(page, field):
    """Say whether a page shows an error beside a field, tied to it for a screen reader."""
    shown = re.search(rf'id="f-{field}"[^>]*>', page)
    return (
        f'id="f-{field}-error"' in page
        and shown is not None
        and f"f-{field}-error" in shown[0]
        and 'aria-invalid="true"' in shown[0]
    )


async def visitor_of(client):
    await arrive(client)
    return (await Visitor.objects().first()).id


# -- visitors


@pytest.mark.rule("CORE-3")
async def test_full_numbers_are_shown_once_for_a_reason_that_is_logged(desk, client_as, host):
    visitor = await visitor_of(desk)
    assert (await desk.post(f"/visitors/{visitor}/unmask", data={"reason": "x"})).status_code == 403
    assert "unmask" not in (await desk.get(f"/visitors/{visitor}")).text
    chief = await client_as("duty_officer", name="孙队")
    page = await chief.get(f"/visitors/{visitor}")
    assert "13800001234" not in page.text
    empty = await chief.post(f"/visitors/{visitor}/unmask", data={"reason": " "})
    assert empty.status_code == 422
    assert beside(empty.text, "reason")
    assert WANG not in empty.text
    shown = await chief.post(f"/visitors/{visitor}/unmask", data={"reason": "失物招领"})
    assert WANG in shown.text
    assert "13800001234" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    entries = await LogEntry.objects().where(LogEntry.act == "visitor.unmask")
    assert [(e.actor_name, e.record_id) for e in entries] == [("孙队", str(visitor))]
    assert "失物招领" in entries[0].after
    assert WANG not in (await chief.get(f"/visitors/{visitor}")).text


@pytest.mark.rule("CORE-2")
async def test_two_records_are_compared_and_merged_by_who_may(desk, client_as, host):
    first = await visitor_of(desk)
    await arrive(desk, name="王小红", document_kind="passport", document_number="E12345678")
    second = (await Visitor.objects().where(Visitor.name == "王小红").first()).id
    head = await client_as("desk")
    assert f"/visitors/{first}/merge?other={second}" in (await head.get(f"/visitors/{first}")).text
    assert "merge?other" not in (await desk.get(f"/visitors/{first}")).text
    assert (
        await desk.get(f"/visitors/{first}/merge", params={"other": str(second)})
    ).status_code == 403
    sheet = await head.get(f"/visitors/{first}/merge", params={"other": str(second)})
    assert sheet.text.count("保留此记录") == 2
    await head.post(f"/visitors/{first}/merge", data={"other": str(second)})
    assert await VisitorMerge.count() == 1
    gone = await head.get(f"/visitors/{second}")
    assert gone.headers["location"] == f"/visitors/{first}"
    page = (await head.get(f"/visitors/{first}")).text
    assert page.count("/registrations/") >= 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "<b>"}, "name"),
        ({"phone": "12"}, "phone"),
        ({"document_number": "110105194912310021"}, "document_number"),
        ({"document_kind": "", "document_number": "E1234567"}, "document_kind"),
        ({"plate": "#"}, "plate"),
        ({"remark": "a\x00"}, "remark"),
    ],
)
async def test_a_rejected_correction_of_a_visitor_comes_back(desk, host, typed, field):
    visitor = await visitor_of(desk)
    data = {
        "version": "1",
        "name": "王小明",
        "phone": "138****1234",
        "document_kind": "resident_id",
        "document_number": "*" * 14 + "002X",
        **typed,
    }
    answer = await desk.post(f"/visitors/{visitor}/correct", data=data)
    assert answer.status_code == 422
    assert beside(answer.text, field)
    assert (await Visitor.objects().first()).version == 1


async def test_a_correction_of_a_visitor_is_kept_in_the_log(desk, host):
    visitor = await visitor_of(desk)
    data = {
        "version": "1",
        "name": "王晓明",
        "phone": "138****1234",
        "document_kind": "resident_id",
        "document_number": "*" * 14 + "002X",
    }
    assert (await desk.post(f"/visitors/{visitor}/correct", data=data)).status_code == 303
    page = (await desk.get(f"/visitors/{visitor}")).text
    assert "王晓明" in page
    assert "138****1234" in page
    entry = await LogEntry.objects().where(LogEntry.act == "visitor.correct").first()
    assert "王小明" in entry.before


# -- watch list


@pytest.mark.rule("CORE-15")
async def test_the_watch_list_holds_a_visit_and_who_decides_is_named(desk, client_as, host):
    chief = await client_as("duty_officer", name="孙队")
    entry = {
        "name": "赵四",
        "phone": "13700001111",
        "action": "barred",
        "reason": "曾与门卫冲突",
        "until": f"{clock.now() + timedelta(days=30):%Y-%m-%d}",
    }
    assert (await desk.post("/watch", data=entry)).status_code == 403
    assert (await chief.post("/watch", data=entry)).status_code == 303
    page = (await chief.get("/watch")).text
    assert "曾与门卫冲突" in page
    assert "13700001111" not in page
    visit = await arrive(desk, name="赵四", phone="13700001111", document_number=LI)
    assert (await Registration.objects().first()).state == "held"
    assert "曾与门卫冲突" in (await desk.get(f"/registrations/{visit}")).text
    await act(chief, visit, "refuse", reason="仍在禁入期")
    assert (await Registration.objects().first()).state == "refused"
    stored = await WatchEntry.objects().first()
    empty = await chief.post(f"/watch/{stored.id}/void", data={"reason": ""})
    assert empty.status_code == 422
    assert f'id="why-{stored.id}-error"' in empty.text
    await chief.post(f"/watch/{stored.id}/void", data={"reason": "误会"})
    assert "曾与门卫冲突" not in (await chief.get("/watch")).text
    assert "误会" in (await chief.get("/watch", params={"ended": "yes"})).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"action": ""}, "action"),
        ({"action": "shoot"}, "action"),
        ({"reason": ""}, "reason"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "someday"}, "until"),
        ({"phone": "x"}, "phone"),
        ({"document_kind": "resident_id", "document_number": "1"}, "document_number"),
    ],
)
async def test_a_rejected_entry_of_the_watch_list_comes_back(client_as, typed, field):
    chief = await client_as("duty_officer")
    entry = {"name": "赵四", "action": "barred", "reason": "冲突", **typed}
    answer = await chief.post("/watch", data=entry)
    assert answer.status_code == 422
    assert beside(answer.text, field)
    assert await WatchEntry.count() == 0


# -- hosts and sites


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "abc"}, "phone"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@b.cn>, x@y.cn"}, "email"),
        ({"site": "elsewhere"}, "site"),
        ({"room": "x" * 51}, "room"),
    ],
)
async def test_a_rejected_host_comes_back(client, typed, field):
    answer = await client.post("/hosts", data={"name": "张明", "active": "1", **typed})
    assert answer.status_code == 422
    assert beside(answer.text, field)
    assert await Host.count() == 0


async def test_a_host_is_entered_changed_and_no_longer_offered(client, site):
    data = {
        "name": "张明",
        "phone": "０７５５－２６００１２３４",
        "email": "Zhang@School.CN",
        "active": "1",
    }
    assert (await client.post("/hosts", data=data)).status_code == 303
    row = await Host.objects().first()
    assert row.email == "Zhang@school.cn"
    assert "26001234" not in str(await Host.select())
    page = (await client.get(f"/hosts/{row.id}")).text
    assert "0755-26001234" in page
    await client.post(f"/hosts/{row.id}", data={**data, "active": ""})
    assert str(row.id) not in (await client.get("/desk/hosts", params={"host": "张"})).text
    assert str(row.id) in (await client.get("/hosts", params={"inactive": "yes"})).text
    entry = await LogEntry.objects().where(LogEntry.act == "host.change").first()
    assert '"active": false' in entry.after
    assert "26001234" not in entry.before + entry.after


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": "has space"}, "code"),
        ({"code": "main"}, "code"),
        ({"name": ""}, "name"),
        ({"audience": "70000"}, "audience"),
        ({"audience": "-1"}, "audience"),
    ],
)
async def test_a_rejected_site_comes_back(client, site, typed, field):
    data = {"code": "east", "name": "东校区", "audience": "1", **typed}
    answer = await client.post("/sites", data=data)
    assert answer.status_code == 422
    assert beside(answer.text, field)
    assert await Site.count() == 1


async def test_a_site_gets_gates_and_is_closed(client, site):
    made = await client.post(
        "/sites", data={"code": "ＥＡＳＴ", "name": "东校区", "audience": "１"}
    )
    path = made.headers["location"]
    bad = await client.post(f"{path}/gates", data={"code": "a", "name": "东门", "zone": "16"})
    assert bad.status_code == 422
    assert beside(bad.text, "zone")
    assert (
        await client.post(f"{path}/gates", data={"code": "a", "name": "东门", "zone": "3"})
    ).status_code == 303
    twice = await client.post(f"{path}/gates", data={"code": "a", "name": "东门", "zone": "3"})
    assert twice.status_code == 422
    gate = await Gate.objects().where(Gate.code == "a").first()
    await client.post(f"/gates/{gate.id}", data={"name": "大东门", "zone": "4", "active": "1"})
    assert "大东门" in (await client.get(path)).text
    await client.post(path, data={"name": "东校区"})
    east = await Site.objects().where(Site.code == "east").first()
    assert not east.active
    assert "东校区" not in (await client.get("/desk")).text


@pytest.mark.rule("CORE-23")
async def test_a_plugin_switched_off_at_a_site_rests_there_and_only_there(
    client, desk, site, plugins
):
    name = plugins.names[0]
    own = next(p for p in plugins.register_purposes() if p.plugin == name)
    try:
        assert own.name in (await desk.get("/desk")).text
        await client.post(f"/sites/{site.id}/plugins/{name}", data={"on": "no"})
        assert own.name not in (await desk.get("/desk")).text
        answer = await desk.post("/desk", data={"name": "王", "purpose": own.name})
        assert answer.status_code == 422
        await client.post(f"/sites/{site.id}/plugins/{name}", data={"on": "yes"})
        assert own.name in (await desk.get("/desk")).text
    finally:
        plugins.switch_off({})
    acts = [e.after for e in await LogEntry.objects().where(LogEntry.act == "site.plugin")]
    assert len(acts) == 2
    unknown = await client.post(f"/sites/{site.id}/plugins/no_such", data={"on": "no"})
    assert unknown.status_code == 422
