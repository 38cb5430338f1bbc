"""The list of the day, letters after a visit, subjects, and what is kept of people."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.permissions import SYSTEM
from core.privacy.facts import Erasing
from plugins.government.intake import after_visit, keeping, letters, today
from plugins.government.intake.tables import AfterVisitLetter
from plugins.government.matters.tables import Contact, Matter
from tests.plugins.government.channel_scene import a_batch, a_form, enter, petition, send
from tests.plugins.government.desk_scene import said


async def after(desk, **changed):
    data = {"name": "周建国", "phone": "13907940001", "summary": "来信再次说明欠薪经过", **changed}
    return await desk.clerk.post("/government/after-visit", data=data)


@pytest.mark.rule("GOV-35")
async def test_a_letter_after_a_visit_is_acted_on_kept_or_put_aside(desk):
    row, _ = await desk.receive()
    for number in (row.number, row.number, ""):
        answer = await after(desk, number=number, written_on="2026-11-20")
        assert answer.status_code == 303, said(answer.text)
    assert (await after(desk, number="2026-009999")).status_code == 422
    assert (await after(desk, summary="")).status_code == 422
    ahead = await after(desk, written_on="2026-11-24")
    assert ahead.status_code == 422
    assert 'id="f-written_on-error"' in ahead.text
    letters = (
        await Contact.objects().where(Contact.channel == "after_visit").order_by(Contact.number)
    )
    first, second, third = (f"/government/after-visit/{one.id}" for one in letters)
    assert (await desk.clerk.post(first, data={})).status_code == 422
    await desk.clerk.post(first, data={"disposition": "keep"})
    assert "留存入档" in await desk.page(row)
    missing = await desk.clerk.post(second, data={"disposition": "idle"})
    assert missing.status_code == 422
    await desk.clerk.post(second, data={"disposition": "idle", "why_idle": "repeated"})
    nowhere = await desk.clerk.post(third, data={"disposition": "keep"})
    assert nowhere.status_code == 422, "no item is known on whose file it could be kept"
    answer = await desk.clerk.post(
        third,
        data={"disposition": "act", "title": "另有欠薪", "purpose": "request", "demand": "请查处"},
    )
    assert answer.status_code == 303, said(answer.text)
    made = await desk.city.latest()
    assert (made.channel, made.stage) == ("after_visit", "registered")
    stored = await AfterVisitLetter.objects().order_by(AfterVisitLetter.decided_at)
    assert sorted(one.disposition for one in stored) == ["act", "idle", "keep"]
    assert all(one.destroyed_at is None for one in stored), "the archive destroys, once a year"
    again = await desk.clerk.post(third, data={"disposition": "keep"}, follow_redirects=True)
    assert "已处理" in again.text


@pytest.mark.rule("GOV-35", "CORE-24")
async def test_a_letter_that_two_decide_at_once_becomes_one_item(desk):
    await after(desk)
    one = await Contact.objects().where(Contact.channel == "after_visit").first()
    data = {"disposition": "act", "title": "拖欠工资", "purpose": "request"}
    address = f"/government/after-visit/{one.id}"
    answers = await asyncio.gather(*(desk.clerk.post(address, data=data) for _ in range(2)))
    assert sorted(answer.headers["location"] for answer in answers) == [
        "/government/after-visit",
        f"/government/matters/{(await desk.city.latest()).id}",
    ]
    assert await Matter.count() == 1


@pytest.mark.rule("GOV-35")
async def test_a_threat_in_a_letter_is_told_to_the_unit_at_once(desk):
    unit = await desk.city.client("petition_unit", unit="county1_office")
    answer = await after(desk, threat="1", summary="扬言将到市里闹事")
    assert answer.status_code == 422
    for name in ("told_unit", "told_means", "told_to"):
        assert f'id="f-{name}-error"' in answer.text, name
    answer = await after(
        desk,
        threat="1",
        summary="扬言将到市里闹事",
        told_unit=str(desk.city.units["county1_office"]),
        told_means="phone",
        told_to="值班员小刘",
    )
    assert answer.status_code == 303, said(answer.text)
    row = await AfterVisitLetter.objects().first()
    assert row.told_at == clock.now()
    notices = (await unit.get("/notices")).text
    assert "扬言滋事" in notices
    assert "周建国" not in notices
    assert "值班员小刘" in (await desk.clerk.get(answer.headers["location"])).text


@pytest.mark.rule("GOV-8", "GOV-1")
async def test_the_day_list_holds_every_channel_and_names_what_lacks_a_suggestion(desk):
    visited, _ = await desk.receive(decision="")
    batch = await a_batch(desk)
    await enter(desk, batch, name="吴明", phone="13800001111")
    call = {**desk.form(decision="", name="何平", phone="13800002222"), "do": "enter"}
    await desk.clerk.post("/government/calls", data=call)
    page = (await desk.clerk.get("/government/day")).text
    for number in ("V2026-000001", "L2026-000001", "P2026-000001"):
        assert number in page
    lacking = (await desk.clerk.get("/government/day?lacking=yes")).text
    assert "V2026-000001" in lacking
    assert "L2026-000001" not in lacking
    assert "已过 17:30" not in page
    assert "尚无拟办意见" in (await desk.clerk.get("/")).text

    desk.city.travel("2026-11-23 17:32")
    await today.minute(clock.now())
    await today.minute(clock.now())
    await desk.city.later("2026-11-23 17:33", desk.clerk)
    notices = (await desk.clerk.get("/notices")).text
    assert notices.count("今日有 2 件尚无拟办意见") == 1
    assert "已过 17:30" in (await desk.clerk.get("/government/day")).text
    nothing = await desk.clerk.post(
        "/government/day/suggest", data={"matter": str(visited.id)}, follow_redirects=True
    )
    assert "请先选择拟办意见" in nothing.text
    answer = await desk.clerk.post(
        "/government/day/suggest", data={"matter": str(visited.id), "suggestion": "assign"}
    )
    assert answer.headers["location"] == "/government/day?lacking=yes", "on with the next one"
    assert "V2026-000001" not in (await desk.clerk.get("/government/day?lacking=yes")).text


@pytest.mark.rule("GOV-50", "GOV-8")
async def test_nobody_suggests_in_the_list_on_an_item_that_does_not_exist_for_them(desk):
    row = await desk.city.matter(title="举报某局长", purpose="accusation")
    answer = await desk.clerk.post(
        "/government/day/suggest", data={"matter": str(row.id), "suggestion": "forward"}
    )
    assert answer.status_code == 404


@pytest.mark.rule("GOV-35")
async def test_long_lists_have_pages(desk, monkeypatch):
    monkeypatch.setattr(after_visit, "PAGE", 2)
    monkeypatch.setattr(letters, "PAGE", 1)
    for summary in ("第一封", "第二封", "第三封"):
        await after(desk, summary=summary)
    await a_batch(desk)
    await a_batch(desk)
    first = (await desk.clerk.get("/government/after-visit")).text
    assert ("第三封" in first, "第一封" in first) == (True, False)
    assert "第一封" in (await desk.clerk.get("/government/after-visit?page=2")).text
    assert "2026-000001" in (await desk.clerk.get("/government/letters?page=2")).text


@pytest.mark.rule("GOV-50", "GOV-8")
async def test_the_day_list_leaves_out_what_a_clerk_may_not_see(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    await send(
        public, "/government/write", petition(once=once, purpose="accusation", title="举报某局长")
    )
    assert await Matter.count() == 1
    page = (await desk.clerk.get("/government/day")).text
    assert "举报某局长" not in page
    assert "N2026-000001" not in page
    contact = await Contact.objects().first()
    assert (await desk.clerk.get(f"/government/contacts/{contact.id}")).status_code == 404
    head = await desk.city.client("petition_head", name="主任")
    assert "举报某局长" in (await head.get("/government/day")).text


@pytest.mark.rule("GOV-2")
async def test_subjects_are_a_tree_of_three_levels_that_the_head_edits(desk):
    head = await desk.city.client("petition_head", name="主任")
    page = (await head.get("/government/subjects")).text
    assert "拖欠农民工工资" in page
    add = {"name": "物业纠纷", "parent": str(desk.subjects["城乡建设"])}
    assert (await head.post("/government/subjects", data=add)).status_code == 303
    assert (await head.post("/government/subjects", data=add)).status_code == 422
    assert "物业纠纷" in (await desk.clerk.get("/government/desk")).text
    odd = await head.post("/government/subjects", data={**add, "name": "别的", "code": "1/2"})
    assert 'id="f-code-error"' in odd.text, "a code is one step of a path"
    address = f"/government/subjects/{desk.subjects['宅基地']}"
    double = await head.post(address, data={"name": "土地承包", "do": "keep"})
    assert double.status_code == 422
    assert f'id="s-{desk.subjects["宅基地"]}-error"' in double.text
    await head.post(address, data={"name": "宅基地", "do": "off"})
    assert "农村农业 / 宅基地" not in (await desk.clerk.get("/government/desk")).text
    assert (await desk.clerk.get("/government/subjects")).status_code in (403, 404)


@pytest.mark.rule("CORE-21", "GOV-6")
async def test_a_file_that_nobody_applied_is_let_go_after_a_month(desk):
    text = "编号,标题,信访目的\nP-1,物业乱收费,求决\n".encode()
    await desk.clerk.post(
        "/government/online",
        data={"platform": "省信访网"},
        files={"file": ("网上.csv", text, "text/csv")},
    )
    rule = keeping.RULES[0]
    assert await rule.find(clock.now(), 10, 0) == []
    clock.CLOCK.advance(timedelta(days=31))
    due = await rule.find(clock.now() - timedelta(days=rule.days), 10, 0)
    assert len(due) == 1

    async def nobody(visitor_id):
        raise AssertionError

    await rule.erase([due[0].record], Erasing(actor=SYSTEM, at=clock.now(), visitor=nobody))
    assert await rule.find(clock.now(), 10, 0) == []
    assert not await Matter.exists()


@pytest.mark.rule("CORE-21")
async def test_what_the_petition_office_stores_about_somebody_is_told_without_their_matter(desk):
    _, contact = await desk.receive()
    visit = await desk.registration(contact)
    told = await keeping.personal_data(visit["visitor"])
    words = str([(str(one.label), one.value) for part in told for one in part.details])
    assert "周建国" in words
    assert "139****0001" in words
    assert "拖欠" not in words
