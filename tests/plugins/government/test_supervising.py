"""What the system finds late or passed around, units urged, then supervised; recommendations (GOV-28, 29)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.deadlines import services as deadlines
from core.deadlines import sweeping
from core.holding import services as holding
from core.holding.facts import Holder
from core.i18n import N_
from core.log.tables import LogEntry
from core.notices.tables import Notice
from core.permissions import SYSTEM
from plugins.government import clocks
from plugins.government.facts import MATTER
from plugins.government.matters.tables import Barred
from plugins.government.supervising import finding
from plugins.government.supervising.tables import Supervision, Urging
from tests.core.documents import papers
from tests.plugins.government.chain import sign_at

ALL = "/government/supervising"
MONDAY_FIRST = "2026-11-24 09:00"


@pytest.fixture
async def late(city):
    """An item with a county, whose sixty days ended ten days ago."""
    row = await city.matter(held_by="county1", title="canary-title")
    await start(row, clocks.HANDLE)
    city.travel("2027-02-01 09:00")
    return row


async def start(row, name):
    return await clocks.start(
        row.id, name, number=row.number, site_id=row.site, event=N_("Accepted"),
        actor=SYSTEM, at=clock.now(),
    )  # fmt: skip


async def urged(client, row, unit, **changed):
    form = {
        "unit": str(unit), "means": "phone", "spoke_with": "刘主任", "text": "canary-urging",
        "answer_by": (clock.now() + timedelta(days=3)).date().isoformat(),
    }  # fmt: skip
    return await client.post(f"/government/matters/{row.id}/urge", data=form | changed)


async def supervised(client, row, unit, **changed):
    form = {
        "unit": str(unit), "reason": "not_in_time", "requirement": "canary-requirement",
        "means": "letter", "with_whom": "", "unurged": "",
        "due_on": (clock.now() + timedelta(days=10)).date().isoformat(),
    }  # fmt: skip
    return await client.post(f"/government/matters/{row.id}/supervise", data=form | changed)


@pytest.mark.rule("GOV-28", "GOV-31")
async def test_an_item_over_its_time_is_found_by_itself_with_who_holds_it(city, late):
    head = await city.client("petition_head")
    page = await head.get(ALL)
    assert late.number in page.text
    assert "东河县人民政府" in page.text
    assert "未催办" in page.text
    home = await head.get("/")
    assert "超期信访件" in home.text
    file = await head.get(f"{ALL}?format=csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert f"{late.number},东河县人民政府" in file.content.decode("utf-8-sig")
    together = await head.get(f"{ALL}/clocks")
    assert late.number in together.text
    assert "已超期" in together.text or "超期" in together.text


@pytest.mark.rule("GOV-24", "GOV-31")
async def test_the_clocks_page_shows_the_first_date_beside_the_extended_one(city):
    row = await city.matter(held_by="county1")
    one = await start(row, clocks.HANDLE)
    await deadlines.extend(
        one, length=30, unit="calendar", reason="情况复杂", actor=SYSTEM, at=clock.now()
    )
    head = await city.client("petition_head")
    page = await head.get(f"{ALL}/clocks?clock=handle&track=statutory")
    assert "<s>2027-01-22</s>" in page.text
    assert "2027-02-21" in page.text
    assert "已延期" in page.text
    none = await head.get(f"{ALL}/clocks?track=internal")
    assert row.number not in none.text


@pytest.mark.rule("GOV-28", "GOV-54")
async def test_an_item_passed_around_or_left_lying_is_found(city):
    around, lying = await city.matter(), await city.matter(held_by="county1")
    at = clock.now()
    office = Holder("government_unit", str(city.units["office"]), "接待室")
    county = Holder("government_unit", str(city.units["county1"]), "东河县")
    if await db.fetch("SELECT 1 FROM holding WHERE record = {}", str(around.id)) == []:
        await holding.hold(MATTER, around.id, office, actor=SYSTEM, at=at)
    for _ in range(2):
        await holding.pass_on(MATTER, around.id, county, reason="x", actor=SYSTEM, at=at)
        await holding.give_back(MATTER, around.id, reason="x", actor=SYSTEM, at=at)
    actor = await city.actor(await city.client("petition_head"))
    found = await finding.find("bounced", actor, at=at)
    assert [one.matter_id for one in found] == [around.id]
    await db.execute("UPDATE government_matter SET stage = 'handling' WHERE id = {}", lying.id)
    assert await finding.find("idle", actor, at=at) == []
    later = city.travel("2026-12-20 09:00")
    [idle] = await finding.find("idle", actor, at=later)
    assert (idle.matter_id, idle.days) == (lying.id, 27)


@pytest.mark.rule("GOV-28", "GOV-29")
async def test_what_a_unit_leaves_unanswered_is_found_and_the_unit_is_told_at_once(city, late):
    head = await city.client("petition_head")
    unit = await city.client("petition_unit", unit="county1")
    await urged(head, late, city.units["county1"])
    assert (
        "有新消息" in (await unit.get("/notices")).text
        or late.number in (await unit.get("/notices")).text
    )
    actor = await city.actor(head)
    assert await finding.find("unanswered", actor, at=clock.now()) == []
    await city.later("2027-02-05 09:00", head, unit)
    [found] = await finding.find("unanswered", actor, at=clock.now())
    assert (found.matter_id, found.days, found.holder) == (late.id, 1, "东河县人民政府")
    assert await finding.count("unanswered", actor, at=clock.now()) == 1
    page = await head.get(f"{ALL}?list=unanswered")
    assert late.number in page.text
    assert "催办未答复" in page.text
    assert late.number not in (await head.get(f"{ALL}?list=unanswered&holder={uuid4()}")).text
    [row] = await Urging.objects()
    answer = {"answer": "本周内办结"}
    await unit.post(f"/government/matters/{late.id}/urgings/{row.id}", data=answer)
    assert await finding.count("unanswered", actor, at=clock.now()) == 0
    assert late.number in (await head.get("/notices")).text, "the room is told of the answer"


@pytest.mark.rule("GOV-28")
async def test_lists_are_paged_and_counted_and_an_item_stands_in_them_once(city):
    rows = [await city.matter(held_by="county1") for _ in range(3)]
    for row in rows:
        await start(row, clocks.HANDLE)
        await start(row, clocks.INFORM)
    actor = await city.actor(await city.client("petition_head"))
    now = city.travel("2027-02-01 09:00")
    assert await finding.count("late", actor, at=now) == 3
    pages = [await finding.find("late", actor, at=now, limit=2, offset=offset) for offset in (0, 2)]
    assert [one.number for page in pages for one in page] == [row.number for row in rows]
    assert {one.since.isoformat() for page in pages for one in page} == {"2026-12-08"}
    assert {one.why.translate("zh_Hans") for page in pages for one in page} == {"告知或转送"}


@pytest.mark.rule("GOV-29")
async def test_a_unit_is_urged_by_phone_and_answers_on_the_items_page(city, late):
    clerk = await city.client("petition_clerk")
    empty = await urged(clerk, late, city.units["county1"], text="", spoke_with="")
    assert empty.status_code == 422
    assert 'name="text"' in empty.text
    answer = await urged(clerk, late, city.units["county1"])
    assert answer.status_code == 303
    unit = await city.client("petition_unit", unit="county1")
    page = await unit.get(f"/government/matters/{late.id}")
    assert "canary-urging" in page.text
    assert "待答复的催办和督办" in (await unit.get("/")).text
    [row] = await Urging.objects()
    told = await unit.post(
        f"/government/matters/{late.id}/urgings/{row.id}", data={"answer": "本周内办结"}
    )
    assert told.status_code == 303
    page = await clerk.get(f"/government/matters/{late.id}")
    assert "本周内办结" in page.text
    found = await clerk.get(ALL)
    assert "1 次" in found.text
    stored = str(await db.fetch("SELECT * FROM government_urging"))
    assert "canary" not in stored
    assert not await LogEntry.count().where(LogEntry.after.like("%canary%"))


@pytest.mark.rule("GOV-28", "GOV-29")
async def test_a_supervision_follows_an_urging_or_says_why_there_was_none(city, late):
    head = await city.client("petition_head")
    county = city.units["county1"]
    refused = await supervised(head, late, county)
    assert refused.status_code == 422
    assert "请先电话或书面催办" in refused.text
    assert "canary-requirement" in refused.text, "what was typed comes back"
    assert (await supervised(head, late, county, unurged="情况紧急")).status_code == 303
    again = await supervised(head, late, county, unurged="情况紧急")
    assert again.status_code == 422
    assert await Supervision.count() == 1
    other = await city.matter(held_by="county2")
    assert (await urged(head, other, city.units["county2"])).status_code == 303
    assert (await supervised(head, other, city.units["county2"])).status_code == 303
    assert (await supervised(head, other, county)).status_code == 422, "no unit of this item"


@pytest.mark.rule("GOV-28")
async def test_a_supervision_runs_from_letter_to_talk_to_answer_to_the_supervision_office(
    city, late
):
    head = await city.client("petition_head")
    director = await city.client("petition_director")
    unit = await city.client("petition_unit_head", unit="county1")
    county = city.units["county1"]
    await urged(head, late, county)
    page = (await supervised(head, late, county)).headers["location"]
    await head.post(
        f"{page}/step", data={"means": "talk", "with_whom": "分管副县长", "text": "约谈要点"}
    )
    assert "canary-requirement" in (await unit.get(page)).text
    assert "移交督查机构" not in (await unit.get(page)).text
    assert (await unit.post(f"{page}/close", data={"outcome": "x"})).status_code == 404
    await unit.post(f"{page}/answer", data={"answer": "正在整改"})
    due = (clock.now() + timedelta(days=5)).date().isoformat()
    await head.post(f"{page}/insist", data={"text": "未见结果", "due_on": due})
    asked = await head.post(f"{page}/ask_over", data={"reason": "两次答复均不符合要求"})
    assert asked.status_code == 303
    row = await Supervision.objects().first()
    assert row.state == "asked"
    waiting = await director.get("/approvals")
    assert "移交督查机构" in waiting.text
    await sign_at(director, f"/government/signing/{row.approval}")
    row = await Supervision.objects().first()
    assert row.state == "handed"
    office = await city.client("petition_supervisor")
    assert "约谈要点" in (await office.get(page)).text
    closed = await office.post(f"{page}/close", data={"outcome": "督促办结"})
    assert closed.status_code == 303
    text = (await head.get(page)).text
    assert "督促办结" in text
    assert "督办办结" in text
    month = await head.get(f"{ALL}/monthly?month=2027-02")
    assert row.number in month.text
    given = {"month": "2027-02", "site": str(city.site.id)}
    await head.post(f"{ALL}/monthly", data=given)
    assert "已送交" in (await office.get(f"{ALL}/monthly?month=2027-02")).text


@pytest.mark.rule("GOV-28")
async def test_what_the_director_refuses_stays_with_the_office(city, late):
    head = await city.client("petition_head")
    director = await city.client("petition_director")
    page = (await supervised(head, late, city.units["county1"], unurged="情况紧急")).headers[
        "location"
    ]
    await head.post(f"{page}/ask_over", data={"reason": "x"})
    row = await Supervision.objects().first()
    await sign_at(director, f"/government/signing/{row.approval}", "reject", "再催一次")
    assert (await Supervision.objects().first()).state == "open"
    assert "再催一次" in (await head.get(f"/government/matters/{late.id}")).text


@pytest.mark.rule("GOV-28")
async def test_what_the_director_sends_back_is_asked_for_in_other_words(city, late):
    head = await city.client("petition_head")
    director = await city.client("petition_director")
    clerk = await city.client("petition_clerk")
    page = (await supervised(head, late, city.units["county1"], unurged="情况紧急")).headers[
        "location"
    ]
    await head.post(f"{page}/ask_over", data={"reason": "答复不符合要求"})
    row = await Supervision.objects().first()
    signing = f"/government/signing/{row.approval}"
    sent = await sign_at(director, signing, "send_back", "请附两次答复")
    assert sent.status_code == 303
    again = f"/government/signing/{row.approval}/again"
    assert again in (await head.get(f"/government/matters/{late.id}")).text
    assert again in (await head.get(page)).text
    assert again not in (await clerk.get(f"/government/matters/{late.id}")).text
    assert (await clerk.get(again)).status_code == 404
    assert (await head.post(again, data={"text": ""})).status_code == 422
    clock.CLOCK.advance(timedelta(minutes=1))  # what is said last is the later word
    done = await head.post(again, data={"text": "两次答复附后，均不符合要求"})
    assert done.headers["location"] == page
    shown = (await director.get(f"/government/signing/{row.approval}")).text
    assert "两次答复附后" in shown
    assert "答复不符合要求" in shown
    await sign_at(director, signing)
    assert (await Supervision.objects().first()).state == "handed"


@pytest.mark.rule("GOV-50")
async def test_who_may_not_see_an_item_finds_it_in_no_list_and_urges_nobody(city):
    secret = await city.matter(held_by="county1", purpose="accusation")
    one = await start(secret, clocks.HANDLE)
    head = await city.client("petition_head")
    page = (await supervised(head, secret, city.units["county1"], unurged="情况紧急")).headers[
        "location"
    ]
    city.travel("2027-02-01 09:00")
    for client in (await city.client("petition_clerk"), await city.client("petition_supervisor")):
        for path in (
            ALL,
            f"{ALL}/clocks",
            f"{ALL}/all",
            f"{ALL}/monthly?month=2026-11",
            "/deadlines",
        ):
            assert secret.number not in (await client.get(path)).text, path
        assert (await client.get(page)).status_code == 404
        assert (await client.get(f"/government/matters/{secret.id}/urge")).status_code == 404
    other = await city.client("petition_unit", unit="county2")
    assert (await other.get(page)).status_code == 404
    # The head of the room is accused later: from that moment it is gone for them as well.
    await Barred.insert(
        Barred(matter=secret.id, user=head.user_id, why="accused", since=clock.now())
    )
    await head.sign_in(head.login)
    assert (await head.get(page)).status_code == 404
    found = await head.get(ALL)
    assert found.status_code == 200
    assert secret.number not in found.text
    # Nobody of either is told of its deadline; the director, who may read it, holds no such role.
    await sweeping.sweep(clock.now(), city.plugins)
    assert await Notice.count() == 0
    [swept] = await db.fetch("SELECT fired FROM deadline_alarm WHERE deadline = {}", one)
    assert "overdue" in swept["fired"]


@pytest.mark.rule("GOV-28")
async def test_a_recommendation_is_answered_in_writing_by_its_unit_alone(city):
    head = await city.client("petition_head")
    form = {
        "unit": str(city.units["housing"]), "kind": "policy", "text": "canary-recommendation",
        "due_on": (clock.now() + timedelta(days=30)).date().isoformat(),
    }  # fmt: skip
    assert (await head.post(f"{ALL}/recommendations", data=form | {"kind": ""})).status_code == 422
    assert (await head.post(f"{ALL}/recommendations", data=form)).status_code == 303
    unit = await city.client("petition_unit", unit="housing")
    page = await unit.get(f"{ALL}/recommendations")
    assert "canary-recommendation" in page.text
    other = await city.client("petition_unit", unit="labour")
    assert "canary" not in (await other.get(f"{ALL}/recommendations")).text
    [row] = await db.fetch("SELECT id FROM government_recommendation")
    answer = {"feedback": "adopted", "feedback_text": "已修订办法"}
    path = f"{ALL}/recommendations/{row['id']}"
    assert (await other.post(path, data=answer)).status_code == 404
    assert (await unit.post(path, data=answer | {"feedback_text": ""})).status_code == 422
    assert (await unit.post(path, data=answer)).status_code == 303
    assert "已修订办法" in (await head.get(f"{ALL}/recommendations")).text
    assert "canary" not in str(await db.fetch("SELECT * FROM government_recommendation"))


@pytest.mark.rule("GOV-28", "GOV-29", "GOV-22")
async def test_letters_are_papers_with_numbers_and_assigned_items_are_listed_for_the_month(
    city, late
):
    head = await city.client("petition_head")
    county = city.units["county1"]
    await urged(head, late, county, means="letter", spoke_with="", text="请抓紧办理")
    await supervised(head, late, county)
    [note], [letter] = await Urging.objects(), await Supervision.objects()
    unit = await city.client("petition_unit", unit="county1")
    other = await city.client("petition_unit", unit="county2")
    for document in (note.document, letter.document):
        assert (await head.get(f"/documents/{document}")).status_code == 200
        assert (await unit.get(f"/documents/{document}")).status_code == 200
        assert (await other.get(f"/documents/{document}")).status_code == 404
    labels = [row["label"] for row in await db.fetch("SELECT label FROM issued_document")]
    assert any("信访催〔2027〕1号" in label for label in labels), labels
    assert any("信访督〔2027〕1号" in label for label in labels), labels
    await db.execute(
        "INSERT INTO government_forwarding (id, number, matter, unit, kind, state, ordered_at, sent_at)"
        " VALUES ({}, '2027-1', {}, {}, 'assignment', 'sent', {}, {})",
        uuid4(), late.id, county, clock.now(), clock.now(),
    )  # fmt: skip
    month = await head.get(f"{ALL}/monthly?month=2027-02")
    assert "交办件 · 1" in month.text
    assert "2027-02-01" in month.text, "when it was assigned"
    file = await head.get(f"{ALL}/monthly?month=2027-02&format=csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[4:]] == ["督办件", "交办件"]
    assert "交办件 · 0" in (await head.get(f"{ALL}/monthly?month=2027-01")).text


@pytest.mark.rule("GOV-29")
async def test_one_note_urges_a_unit_about_several_items_and_each_gets_its_entry(city, late):
    city.travel(MONDAY_FIRST)
    second = await city.matter(held_by="county1", title="道路损坏")
    await start(second, clocks.HANDLE)
    elsewhere = await city.matter(held_by="labour")
    await start(elsewhere, clocks.HANDLE)
    city.travel("2027-02-01 09:00")
    head, unit = (
        await city.client("petition_head"),
        await city.client("petition_unit", unit="county1"),
    )
    found = (await head.get(ALL)).text
    ticked = [f"{city.units['county1']}.{one.id}" for one in (late, second)]
    assert all(f'value="{one}"' in found for one in ticked)
    ticked.append(f"{city.units['labour']}.{elsewhere.id}")
    page = await head.get(f"{ALL}/urge", params={"item": ticked})
    assert late.number in page.text
    assert second.number in page.text
    assert elsewhere.number not in page.text, "one unit at a time"
    assert "市人力资源和社会保障局" in page.text
    form = {
        "unit": str(city.units["county1"]), "shown": f"{late.id} {second.id}", "means": "letter",
        f"item:{late.id}": "yes", f"item:{second.id}": "yes", "text": "请抓紧办理",
        "answer_by": "2027-02-08", "rest": ticked[2],
    }  # fmt: skip
    wanting = await head.post(f"{ALL}/urge", data={**form, "text": ""})
    assert wanting.status_code == 422
    assert ticked[2] in wanting.text
    assert not await Urging.exists()
    answer = await head.post(f"{ALL}/urge", data=form)
    assert answer.status_code == 303, answer.text
    assert ticked[2] in answer.headers["location"], "then the next unit's"
    made = await Urging.objects()
    assert {one.matter for one in made} == {late.id, second.id}
    assert len({one.document for one in made}) == 1
    paper = await head.get(f"/documents/{made[0].document}/paper")
    words = papers.text(paper.content).replace(" ", "")
    assert late.number in words
    assert second.number in words
    for one in (late, second):
        assert "请抓紧办理" in (await head.get(f"/government/matters/{one.id}")).text
    assert (await unit.get(f"/documents/{made[0].document}/paper")).status_code == 200
    told = await Notice.objects().where(Notice.user == unit.user_id)
    assert (
        len([one for one in told if "催办" in str(one.subject) or "urged" in str(one.subject)]) == 1
    )


@pytest.mark.rule("GOV-29", "GOV-49")
async def test_a_note_about_several_items_does_not_exist_for_whom_one_of_them_does_not(city, late):
    second = await city.matter(held_by="county1", title="道路损坏")
    head, clerk = await city.client("petition_head"), await city.client("petition_clerk")
    form = {
        "unit": str(city.units["county1"]), "shown": f"{late.id} {second.id}", "means": "letter",
        f"item:{late.id}": "yes", f"item:{second.id}": "yes", "text": "请抓紧办理",
        "answer_by": "2027-02-08",
    }  # fmt: skip
    await head.post(f"{ALL}/urge", data=form)
    made = await Urging.objects().first()
    assert (await clerk.get(f"/documents/{made.document}/paper")).status_code == 200
    await Barred.insert(
        Barred(id=uuid4(), matter=second.id, user=clerk.user_id, why="recusal", since=clock.now())
    )
    assert (await clerk.get(f"/documents/{made.document}/paper")).status_code == 404
    other = {**form, "shown": f"{second.id}", "text": "再次催办"}
    assert (await clerk.post(f"{ALL}/urge", data=other)).status_code == 404
    assert await Urging.count() == 2
