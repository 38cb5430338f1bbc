"""Interviews, talks and people from abroad; registration data put right."""

import asyncio
import re

import pytest

from core import db
from plugins.government.matters.tables import Matter
from plugins.government.people import services as people
from tests.plugins.government.chain import sign_at
from tests.plugins.government.desk_scene import said


@pytest.mark.rule("GOV-13")
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"heads": "6", "representatives": "代表甲", "purpose": "opinion"}, "group"),
        ({}, "first"),
        ({"heads": "3", "purpose": "appeal"}, "first"),
        ({"frequency": "repeat", "should_be_solved": "1"}, "should"),
        ({"frequency": "repeat"}, None),
        ({"purpose": "consultation"}, None),
        ({"purpose": "consultation", "interview": "1"}, "desk"),
        ({"decision": "refuse", "ground": "refuse_4"}, None),
    ],
)
async def test_an_interview_gets_its_number_and_stamp_when_it_is_due(desk, changed, why):
    row, contact = await desk.receive(**changed)
    found = await db.fetch("SELECT number, why, contact, stamped_by_name FROM government_interview")
    if why is None:
        assert found == []
        return
    assert (found[0]["number"], found[0]["why"]) == ("2026-000001", why)
    assert (found[0]["contact"], found[0]["stamped_by_name"]) == (contact.id, "林小梅")
    assert "2026-000001" in await desk.page(row)


@pytest.mark.rule("GOV-14", "CORE-8")
async def test_the_interview_is_recorded_and_wrong_registration_data_put_right(desk):
    row, _ = await desk.receive()
    address = re.search(r"/government/interviews/[0-9a-f-]{36}", await desk.page(row))[0]
    page = (await desk.clerk.get(address)).text
    assert "在城东工地做工半年" in page, "nothing is typed twice"
    answer = await desk.clerk.post(
        address, data={"version": "1", "interviewers": "林小梅、许志强", "facts": ""}
    )
    assert answer.status_code == 422
    record = {
        "version": "1",
        "room": "2号接谈室",
        "interviewers": "林小梅、许志强",
        "identity": "resident_id",
        "identity_checked": "1",
        "facts": "二十三人均未领到工资",
        "demands": "月底前付清",
        "history": "曾向县劳动监察大队反映",
        "why_came": "县里推诿",
        "abnormal": "情绪激动",
        "joint": "请住建局派人",
    }
    assert (await desk.clerk.post(address, data=record)).status_code == 303
    page = (await desk.clerk.get(address)).text
    for text in ("二十三人均未领到工资", "曾向县劳动监察大队反映", "县里推诿", "请住建局派人"):
        assert text in page
    paper = (await desk.clerk.get(f"/government/matters/{row.id}/papers/interview_record")).text
    assert "二十三人均未领到工资" in paper, "the paper is filled in from the record"
    assert "2号接谈室" in paper
    assert "二十三人" not in str(await db.fetch("SELECT * FROM government_interview"))
    stale = await desk.clerk.post(address, data=record)
    assert stale.status_code == 422, "another hand wrote meanwhile"

    put_right = f"/government/matters/{row.id}/correct"
    form = (await desk.clerk.get(f"{put_right}?interview={address.rpartition('/')[2]}")).text
    right = {
        "version": re.search(r'name="version" value="(\d+)"', form)[1],
        "interview": address.rpartition("/")[2],
        "name": "周建华",
        "sex": "male",
        "document_kind": "resident_id",
        "document_number": re.search(r'value="([^"]*)" id="f-document_number"', form)[1],
        "belonging": "mainland",
        "phone": "139****0001",
        "address": "东河县城关镇解放路12号",
        "birth_year": re.search(r'value="([^"]*)" id="f-birth_year"', form)[1],
        "heads": "6",
        "purpose": "appeal",
        "frequency": "repeat",
        "title": "拖欠工资三万元",
        "demand": "要求支付拖欠的工资三万元",
        "facts": "在城东工地做工半年，工资至今未付。",
        "subject": str(desk.subjects["拖欠农民工工资"]),
        "place": str(desk.city.units["county2"]),
    }
    wrong = await desk.clerk.post(put_right, data={**right, "heads": "0", "skip_level": "1"})
    assert wrong.status_code == 422
    assert "拖欠工资三万元" in wrong.text
    number = (await people.petitioner(row.petitioner)).document
    assert (await desk.clerk.post(put_right, data=right)).headers["location"] == address
    page = await desk.page(row)
    assert "拖欠工资三万元" in page
    assert "周建国" in page, "what was there before stays in the course of events"
    corrected = await people.petitioner(row.petitioner)
    assert (corrected.name, corrected.phone, corrected.document) == (
        "周建华",
        "13907940001",
        number,
    )
    now = await desk.city.row(row.id)
    assert (now.heads, now.size, now.frequency) == (6, "group", "repeat")
    stale = await desk.clerk.post(put_right, data=right)
    assert stale.status_code == 422, "somebody else changed it meanwhile"
    logged = await db.fetch("SELECT after FROM log_entry WHERE act = 'government.correct'")
    assert "title" in logged[0]["after"]
    assert "拖欠" not in logged[0]["after"]


@pytest.mark.rule("GOV-15", "CORE-4")
async def test_another_talk_is_an_appointment_that_the_gate_sees_without_the_matter(desk):
    row, contact = await desk.receive()
    address = f"/government/matters/{row.id}/talk"
    wrong = await desk.clerk.post(address, data={"day": "2026-11-20", "begins": "09:30", "why": ""})
    assert wrong.status_code == 422
    data = {"day": "2026-11-26", "begins": "09:30", "ends": "10:30", "why": "material"}
    answer = await desk.clerk.post(address, data={**data, "talk_text": "劳动合同复印件"})
    assert answer.status_code == 303, said(answer.text)
    found = (await db.fetch("SELECT * FROM appointment"))[0]
    assert (found["state"], found["purpose"]) == ("confirmed", "government.petition")
    assert found["host_text"] == "临川市人民来访接待室"
    assert "劳动" not in str(found)
    assert "劳动合同复印件" in await desk.page(row)
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    await desk.city.later("2026-11-26 09:20", desk.clerk)
    gate = await desk.city.client("gatekeeper", name="老周")
    arrive = await gate.post(
        f"/appointments/{found['id']}/arrive",
        data={"document_kind": "none", "version": str(found["version"])},
    )
    assert arrive.status_code == 303, said(arrive.text)
    assert "周建国" in (await desk.clerk.get("/government/desk")).text


@pytest.mark.rule("GOV-18")
async def test_whoever_comes_from_abroad_is_reported_at_once_and_answered_by_an_approved_outline(
    desk,
):
    head = await desk.city.client("petition_head", name="主任")
    director = await desk.city.client("petition_director", name="局长")
    answer = await desk.post(belonging="taiwan", decision="answer", told_text="可以办理")
    assert answer.status_code == 422
    assert "答复提纲" in said(answer.text)
    assert not await Matter.exists(), "all of it or nothing"
    row, _ = await desk.receive(belonging="taiwan", decision="later", suggestion="answer")
    for client in (head, director):
        assert row.number in (await client.get("/notices")).text
    path = f"/government/matters/{row.id}"
    data = {"decision": "answer", "told_text": "可以办理"}
    assert (await desk.clerk.post(f"{path}/decide", data=data)).status_code == 422
    await desk.clerk.post(f"{path}/outline", data={"outline": "一、核实身份；二、说明政策"})
    for client in (head, director):
        request = re.search(r"/approvals/([0-9a-f-]{36})", (await client.get("/approvals")).text)
        assert request, "waits for this signature"
        assert (await desk.clerk.post(f"{path}/decide", data=data)).status_code == 422
        voted = await sign_at(client, f"/government/signing/{request[1]}", opinion="同意")
        assert voted.status_code == 303, said(voted.text)
    assert (await desk.clerk.post(f"{path}/decide", data=data)).status_code == 303
    assert (await desk.city.row(row.id)).stage == "answered"


@pytest.mark.rule("GOV-18")
async def test_an_outline_that_was_sent_back_is_worded_anew_and_both_heads_sign_again(desk):
    head = await desk.city.client("petition_head", name="主任")
    await desk.city.client("petition_director", name="局长")
    row, _ = await desk.receive(belonging="taiwan", decision="later", suggestion="answer")
    path = f"/government/matters/{row.id}"
    await desk.clerk.post(f"{path}/outline", data={"outline": "一、核实身份"})
    request = re.search(r"/approvals/([0-9a-f-]{36})", (await head.get("/approvals")).text)[1]
    sent = await sign_at(head, f"/government/signing/{request}", "send_back", "请写明政策依据")
    assert sent.status_code == 303
    assert "已退回" in await desk.page(row)
    again = f"/government/signing/{request}/again"
    assert again in await desk.page(row)
    text = "一、核实身份；二、说明惠台政策"
    assert (await desk.clerk.post(again, data={"text": text})).status_code == 303
    page = (await head.get(f"/government/signing/{request}")).text
    assert text in page
    assert "修改前的内容" in page


@pytest.mark.rule("GOV-14", "CORE-24")
async def test_of_two_records_of_an_interview_kept_at_once_the_second_is_shown_the_first(desk):
    row, _ = await desk.receive()
    address = re.search(r"/government/interviews/[0-9a-f-]{36}", await desk.page(row))[0]
    records = (
        {
            "version": "1",
            "interviewers": "林小梅、许志强",
            "identity": "resident_id",
            "facts": facts,
        }
        for facts in ("上午的笔录", "下午的笔录")
    )
    answers = await asyncio.gather(*(desk.clerk.post(address, data=one) for one in records))
    assert sorted(answer.status_code for answer in answers) == [303, 422]


async def test_another_unit_cannot_decide_or_look_at_an_interview(desk):
    row, _ = await desk.receive()
    address = re.search(r"/government/interviews/[0-9a-f-]{36}", await desk.page(row))[0]
    unit = await desk.city.client("petition_unit", unit="labour")
    assert (await unit.get(address)).status_code in (403, 404)
    answer = await unit.post(f"/government/matters/{row.id}/decide", data={"decision": "refuse"})
    assert answer.status_code in (403, 404)
    assert (await desk.city.row(row.id)).stage == "accepted"


@pytest.mark.rule("GOV-13", "GOV-14")
async def test_interviews_wait_in_a_list_until_their_record_is_kept(desk):
    row, _ = await desk.receive(
        heads="8", representatives="周建国 13907940001\n李秀兰（13907940002）"
    )
    page = (await desk.clerk.get("/government/interviews")).text
    assert row.number in page
    assert "集体访" in page
    interview = (await db.fetch("SELECT id FROM government_interview"))[0]["id"]
    assert str(interview) in page
    assert "待接谈" in (await desk.clerk.get("/")).text
    form = (await desk.clerk.get(f"/government/interviews/{interview}")).text
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    await desk.clerk.post(
        f"/government/interviews/{interview}",
        data={"interviewers": "林小梅、许志强", "facts": "八人反映拖欠工资。", "version": version},
    )
    assert row.number not in (await desk.clerk.get("/government/interviews")).text
    assert "林小梅、许志强" in (await desk.clerk.get("/government/interviews?state=held")).text
    stranger = await desk.city.client("petition_unit", unit="county2")
    assert (await stranger.get("/government/interviews")).status_code in (403, 404)


@pytest.mark.rule("GOV-50", "GOV-13")
async def test_interviews_on_hidden_items_are_in_nobodys_list(desk):
    head = await desk.city.client("petition_head", name="主任")
    row = await desk.city.matter(title="举报某局长", purpose="accusation")
    await head.post(f"/government/matters/{row.id}/interview")
    assert row.number in (await head.get("/government/interviews")).text
    assert row.number not in (await desk.clerk.get("/government/interviews")).text


@pytest.mark.rule("CORE-8", "GOV-50")
async def test_a_registration_put_right_as_an_accusation_becomes_confidential(desk):
    row, _ = await desk.receive()
    address = f"/government/matters/{row.id}/correct"
    data = {
        **desk.form(purpose="accusation"),
        "version": str((await desk.city.row(row.id)).version),
    }
    assert (await desk.clerk.post(address, data=data)).status_code == 303
    assert (await desk.city.row(row.id)).secret
    colleague = await desk.city.client("petition_clerk", name="别的接待员")
    assert (await colleague.get(f"/government/matters/{row.id}")).status_code == 404


@pytest.mark.rule("GOV-4", "CORE-8")
async def test_an_anonymous_item_gets_its_name_when_it_is_known(desk):
    nobody = {"name": "", "document_number": "", "document_kind": "", "phone": ""}
    call = desk.form(**nobody, anonymous="1", decision="later", suggestion="forward", do="enter")
    assert (await desk.clerk.post("/government/calls", data=call)).status_code == 303
    row = await desk.city.latest()
    address = f"/government/matters/{row.id}/correct"
    data = {
        **desk.form(**nobody),
        "version": str(row.version),
    }
    unchanged = {**data, "title": "拖欠工资"}
    assert (await desk.clerk.post(address, data=unchanged)).status_code == 303
    assert (await desk.city.row(row.id)).petitioner is None
    version = str((await desk.city.row(row.id)).version)
    named = {**unchanged, "name": "吴明", "version": version}
    assert (await desk.clerk.post(address, data=named)).status_code == 303
    assert "吴明" in await desk.page(row)
