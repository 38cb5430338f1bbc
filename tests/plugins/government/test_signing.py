"""Signatures by source, assignments that wait for them, major items put to the leaders, instructions."""

from uuid import uuid4

import pytest

from core import clock, db
from core.approvals import queries as approvals
from core.approvals import substitutes
from core.permissions import SYSTEM
from plugins.government.handling import queries
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Barred
from plugins.government.signing import queries as signing
from tests.plugins.government.chain import filled, sign_at
from tests.plugins.government.handling_scene import POINTS, RESULT, transfer_form


@pytest.fixture
async def people(city):
    """Those who sign: head of the room, deputy, director, government leader."""
    return {
        "clerk": await city.client("petition_clerk", name="接待员小陈"),
        "head": await city.client("petition_head", name="室主任老周"),
        "deputy": await city.client("petition_deputy", name="副局长高明"),
        "director": await city.client("petition_director", name="局长严正"),
        "leader": await city.client("petition_leader", name="副市长何平"),
    }


def assign_form(city, unit="labour", **changed):
    """What is typed for an assignment."""
    return transfer_form(
        city,
        unit,
        ground="should_be_solved",
        requirement="查清欠薪数额并督促支付",
        due_on="2027-01-22",
        meeting_on="",
        **changed,
    )


async def waiting(city, client):
    """The requests that wait for somebody's signature."""
    return await approvals.waiting_for(await city.actor(client), at=clock.now())


async def sign(city, client, choice="approve", opinion=""):
    """Sign the only thing that waits for somebody, on the leaders' page."""
    [line] = await waiting(city, client)
    assert (await client.get("/government/signing")).text.count(str(line.id)) >= 1
    answer = await sign_at(client, f"/government/signing/{line.id}", choice, opinion)
    assert answer.status_code == 303, answer.text
    return line.id


@pytest.mark.rule("GOV-22")
@pytest.mark.rule("GOV-30")
async def test_an_own_item_is_assigned_once_the_deputy_has_signed(city, people):
    row = await city.matter()
    base = f"/government/matters/{row.id}"
    answer = await people["clerk"].post(f"{base}/assign", data=assign_form(city))
    assert answer.status_code == 303, answer.text
    assert (await city.row(row.id)).stage == "registered"
    unit = await city.client("petition_unit", unit="labour")
    assert (await unit.get(base)).status_code == 404
    await sign(city, people["deputy"], opinion="同意，请抓紧")
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("forwarded", city.units["labour"])
    sent = await queries.current(row.id)
    assert (sent.kind, sent.ground, sent.requirement) == (
        "assignment",
        "should_be_solved",
        "查清欠薪数额并督促支付",
    )
    page = (await unit.get(base)).text
    assert "查清欠薪数额并督促支付" in page
    assert "同意，请抓紧" not in page
    assert "同意，请抓紧" in (await people["clerk"].get(base)).text


@pytest.mark.rule("GOV-22")
async def test_an_assignment_without_ground_or_requirement_is_rejected(city, people):
    row = await city.matter()
    answer = await people["clerk"].post(
        f"/government/matters/{row.id}/assign",
        data=assign_form(city) | {"ground": "", "requirement": ""},
    )
    assert answer.status_code == 422
    assert 'id="f-ground-error"' in answer.text
    assert 'id="f-requirement-error"' in answer.text


@pytest.mark.rule("GOV-30")
async def test_an_item_from_the_province_is_signed_before_and_its_report_goes_up_signed(
    city, people
):
    row = await city.matter(source="province", source_number="省访〔2026〕88号")
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/transfer", data=transfer_form(city, "labour"))
    assert (await city.row(row.id)).stage == "registered"
    assert len(await waiting(city, people["deputy"])) == 1
    await sign(city, people["director"])
    unit = await city.client("petition_unit", unit="labour", name="人社经办")
    await unit.post(f"{base}/acknowledge", data={"person": str(unit.user_id), "plan": ""})
    await unit.post(f"{base}/result", data=RESULT)
    await people["clerk"].post(f"{base}/check", data={**POINTS, "findings": "", "new_day": ""})
    shown = (await people["clerk"].get(f"{base}/preliminary-opinion")).text
    assert "用人单位已补发工资三万元" in shown  # the unit's result is there already
    answer = await people["clerk"].post(
        f"{base}/preliminary-opinion", data={"text": "拟同意承办单位意见，上报省局"}
    )
    assert answer.status_code == 303
    await sign(city, people["deputy"])
    assert (await city.row(row.id)).stage == "reported"
    await sign(city, people["director"])
    row = await city.row(row.id)
    assert (row.stage, row.close_reason) == ("closed", "sent_up")


@pytest.mark.rule("GOV-30")
async def test_an_item_from_the_citys_bureau_is_signed_by_the_deputy_first(city, people):
    row = await city.matter(source="city")
    await people["clerk"].post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, "labour")
    )
    assert len(await waiting(city, people["deputy"])) == 1
    assert await waiting(city, people["director"]) == []
    await sign(city, people["deputy"])
    assert (await city.row(row.id)).stage == "forwarded"


@pytest.mark.rule("GOV-30")
async def test_what_a_signer_rejects_never_reaches_the_unit(city, people):
    row = await city.matter(source="city")
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/transfer", data=transfer_form(city, "labour"))
    [line] = await waiting(city, people["deputy"])
    silent = await sign_at(people["deputy"], f"/government/signing/{line.id}", "reject")
    assert silent.status_code == 422
    await sign(city, people["deputy"], "reject", "应由住建部门办理")
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("registered", city.units["office"])
    assert [one.state for one in await queries.forwardings(row.id)] == ["refused"]
    assert "应由住建部门办理" in (await people["clerk"].get(base)).text


@pytest.mark.rule("GOV-50")
async def test_a_unit_accused_while_the_assignment_waits_gets_nothing_when_it_is_signed(
    city, people
):
    row = await city.matter(purpose="accusation")
    await people["head"].post(f"/government/matters/{row.id}/assign", data=assign_form(city))
    await Barred.insert(
        Barred(
            id=uuid4(), matter=row.id, unit=city.units["labour"], why="accused", since=clock.now()
        )
    )
    await sign(city, people["deputy"])
    row = await city.row(row.id)
    assert (row.stage, row.holder) == ("registered", city.units["office"])
    unit = await city.client("petition_unit", unit="labour")
    assert (await unit.get(f"/government/matters/{row.id}")).status_code == 404


@pytest.mark.rule("GOV-19")
async def test_a_major_item_goes_over_the_heads_to_the_leaders_and_is_done_as_they_instruct(
    city, people
):
    row = await city.matter(heads=40)
    base = f"/government/matters/{row.id}"
    text = "建议由市领导牵头，人社、住建部门当日到场处置"
    assert (await people["clerk"].post(f"{base}/major", data={"text": text})).status_code == 303
    assert (await city.row(row.id)).urgency == 3
    assert "批示" not in (await people["leader"].get("/government/signing")).text.split("<main")[1]
    await sign(city, people["head"])
    await sign(city, people["director"])
    shown = (await people["leader"].get("/government/signing")).text
    assert text in shown
    answer = await people["leader"].post(
        f"{base}/instruction", data={"text": "请人社局今日到场，三日内报结果"}
    )
    assert answer.status_code == 303, answer.text
    [told] = await signing.instructions(row.id)
    assert (told.leader, told.text) == ("副市长何平", "请人社局今日到场，三日内报结果")
    form = (await people["clerk"].get(f"{base}/assign")).text
    assert "请人社局今日到场，三日内报结果" in form
    assert '<option value="leaders" selected' in form
    answer = await people["clerk"].post(
        f"{base}/carry-out",
        data={"instruction": str(told.id), "text": "已交办人社局，当日到场"},
    )
    assert answer.status_code == 303, answer.text
    assert "已交办人社局，当日到场" in (await people["leader"].get(base)).text


@pytest.mark.rule("GOV-19")
async def test_an_item_marked_major_is_due_to_the_leaders_the_same_day(city, people):
    row = await city.matter(urgency=3)
    page = (await people["clerk"].get(f"/government/matters/{row.id}")).text
    assert f"{row.id}/major" in page
    assert "须当日报请领导" in page


async def test_nobody_without_the_item_in_sight_sees_or_signs_it(city, people):
    row = await city.matter(purpose="accusation")
    await people["head"].post(f"/government/matters/{row.id}/assign", data=assign_form(city))
    [line] = await waiting(city, people["deputy"])
    await Barred.insert(
        Barred(
            id=uuid4(),
            matter=row.id,
            user=people["deputy"].user_id,
            why="recusal",
            since=clock.now(),
        )
    )
    page = await people["deputy"].get("/government/signing")
    assert str(line.id) not in page.text
    assert (await people["deputy"].get(f"/government/signing/{line.id}")).status_code == 404
    answer = await people["deputy"].post(
        f"/government/signing/{line.id}", data={"choice": "approve", "opinion": ""}
    )
    assert answer.status_code == 404
    assert (await city.row(row.id)).stage == "registered"


async def test_what_signers_say_is_nowhere_in_clear(city, people):
    row = await city.matter(source="city")
    await people["clerk"].post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, "labour")
    )
    await sign(city, people["deputy"], opinion="事关张某亲属，慎重")
    rows = await db.fetch("SELECT opinion FROM approval_seat")
    rows += await db.fetch("SELECT body_cipher AS opinion FROM government_step")
    assert rows
    assert all("张某" not in one["opinion"] for one in rows)


@pytest.mark.rule("GOV-30")
async def test_what_the_signers_send_back_is_put_right_and_signed_again(city, people):
    row = await city.matter()
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/assign", data=assign_form(city))
    await sign(city, people["deputy"], "send_back", "要求不具体，请补充时限")
    page = (await people["clerk"].get(base)).text
    assert "签批人已退回" in page
    form = await people["clerk"].get(f"{base}/put-right")
    assert "要求不具体，请补充时限" in form.text
    assert "查清欠薪数额并督促支付" in form.text
    [asked] = await signing.rounds(row.id)
    data = {"signing": str(asked.id), "text": "十二月底前支付到位", "due_on": ""}
    early = await people["clerk"].post(f"{base}/put-right", data={**data, "due_on": "2026-11-20"})
    assert early.status_code == 422
    assert "十二月底前支付到位" in early.text
    bare = await people["clerk"].post(f"{base}/put-right", data={**data, "text": " "})
    assert bare.status_code == 422
    done = await people["clerk"].post(f"{base}/put-right", data={**data, "due_on": "2026-12-31"})
    assert done.status_code == 303
    [line] = await waiting(city, people["deputy"])
    assert (
        "十二月底前支付到位" in (await people["deputy"].get(f"/government/signing/{line.id}")).text
    )
    await sign(city, people["deputy"])
    [sent] = await queries.forwardings(row.id)
    assert (sent.state, sent.requirement) == ("sent", "十二月底前支付到位")
    assert sent.due_on.isoformat() == "2026-12-31"
    again = await people["clerk"].get(f"{base}/put-right")
    assert again.status_code == 303, "nothing is left to be put right"


@pytest.mark.rule("GOV-30")
async def test_a_colleague_takes_back_what_waits_for_signatures(city, people):
    row = await city.matter()
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/assign", data=assign_form(city))
    [asked] = await signing.rounds(row.id)
    other = await city.client("petition_clerk", name="接待员小李")
    unit = await city.client("petition_unit", unit="labour")
    data = {"signing": str(asked.id)}
    assert (await unit.post(f"{base}/withdraw-signing", data=data)).status_code == 403
    assert (await other.post(f"{base}/withdraw-signing", data=data)).status_code == 303
    assert await waiting(city, people["deputy"]) == []
    assert [one.state for one in await queries.forwardings(row.id)] == ["refused"]
    anew = await other.post(f"{base}/assign", data=assign_form(city, "housing"))
    assert anew.status_code == 303, "it can be ordered anew"


@pytest.mark.rule("GOV-30", "CORE-9")
async def test_nothing_is_signed_but_on_the_page_that_shows_its_text(city, people):
    row = await city.matter(source="city")
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/transfer", data=transfer_form(city, "labour"))
    deputy = people["deputy"]
    [line] = await waiting(city, deputy)
    page = f"/government/signing/{line.id}"
    led = await deputy.get(f"/approvals/{line.id}")
    assert (led.status_code, led.headers["location"]) == (303, page)
    past = await deputy.post(f"/approvals/{line.id}/vote", data={"choice": "approve"})
    assert (past.status_code, past.headers["location"]) == (303, page)
    unread = await deputy.post(page, data={"choice": "approve", "version": "1"})
    assert unread.status_code == 422
    assert "事发地在该县" in unread.text, "the text is there to be read now"
    assert len(await waiting(city, deputy)) == 1, "nothing was signed"
    assert (await city.row(row.id)).stage == "registered"
    assert (await sign_at(deputy, page)).status_code == 303
    assert (await city.row(row.id)).stage == "forwarded"


@pytest.mark.rule("GOV-30", "CORE-9")
async def test_what_was_worded_anew_meanwhile_is_not_signed_by_the_form_of_the_old_text(
    city, people
):
    row = await city.matter(source="city")
    base = f"/government/matters/{row.id}"
    await people["clerk"].post(f"{base}/transfer", data=transfer_form(city, "labour"))
    [line] = await waiting(city, people["deputy"])
    page = f"/government/signing/{line.id}"
    old = filled(await people["deputy"].get(page))
    await sign_at(people["deputy"], page, "send_back", "请写明依据")
    [signing] = await db.fetch("SELECT id FROM government_signing")
    again = {"signing": str(signing["id"]), "text": "依据条例第二十二条", "due_on": ""}
    assert (await people["clerk"].post(f"{base}/put-right", data=again)).status_code == 303
    late = await people["deputy"].post(page, data={**old, "version": ""})
    assert late.status_code == 422
    assert "依据条例第二十二条" in late.text
    assert (await city.row(row.id)).stage == "registered"


@pytest.mark.rule("GOV-30", "CORE-9")
async def test_who_signs_for_somebody_away_reads_what_they_sign_of_an_item_they_may_not_see(
    city, people
):
    row = await city.matter(purpose="accusation")
    await people["head"].post(f"/government/matters/{row.id}/assign", data=assign_form(city))
    [line] = await waiting(city, people["deputy"])
    friend = await city.client("host", name="代签人")
    page = f"/government/signing/{line.id}"
    assert (await friend.get(page)).status_code == 404
    day = clock.now().date()
    await substitutes.appoint(
        people["deputy"].user_id, friend.user_id, first_day=day, last_day=day, actor=SYSTEM,
        at=clock.now(),
    )  # fmt: skip
    led = await friend.get(f"/approvals/{line.id}")
    assert led.headers["location"] == page
    shown = await friend.get(page)
    assert "查清欠薪数额并督促支付" in shown.text
    assert f"/government/matters/{row.id}" not in shown.text
    assert (await friend.get(f"/government/matters/{row.id}")).status_code in (403, 404)
    done = await sign_at(friend, page, opinion="同意")
    assert (done.status_code, done.headers["location"]) == (303, "/approvals")
    assert (await city.row(row.id)).stage == "forwarded"
    assert (await friend.get(page)).status_code == 404, "what is signed is theirs no more"


@pytest.mark.rule("GOV-30", "GOV-50")
async def test_nobody_reads_for_a_signer_who_may_not_see_the_item_any_more(city, people):
    row = await city.matter(purpose="accusation")
    await people["head"].post(f"/government/matters/{row.id}/assign", data=assign_form(city))
    [line] = await waiting(city, people["deputy"])
    friend = await city.client("host", name="代签人")
    day = clock.now().date()
    await substitutes.appoint(
        people["deputy"].user_id, friend.user_id, first_day=day, last_day=day, actor=SYSTEM,
        at=clock.now(),
    )  # fmt: skip
    await db.execute("DELETE FROM government_matter_reader WHERE matter = {}", row.id)
    assert (await friend.get(f"/government/signing/{line.id}")).status_code == 404


@pytest.mark.rule("GOV-30")
async def test_the_directors_read_the_whole_opinion_that_they_sign_for_the_office(city, people):
    row = await city.matter(purpose="accusation")
    base = f"/government/matters/{row.id}"
    assert (await people["deputy"].get(base)).status_code == 404, "a confidential item"
    async with db.writing():
        taken = await matters.take(row.id, SYSTEM, clock.now())
        await matters.move(taken, "accept", actor=SYSTEM, at=clock.now())
        await matters.move(taken, "take_up", actor=SYSTEM, at=clock.now())
    opinion = {
        "outcome": "support",
        "claims": "要求查处",
        "facts": "经查属实。",
        "basis": "《信访工作条例》第三十条",
        "decision": "责令整改并反馈。",
    }
    sent = await people["head"].post(f"{base}/opinion", data=opinion)
    assert sent.status_code == 303, sent.text
    for role in ("deputy", "director"):
        [line] = await waiting(city, people[role])
        page = (await people[role].get(f"/government/signing/{line.id}")).text
        for text in ("经查属实。", "责令整改并反馈。", "第三十条", "要求查处"):
            assert text in page
        assert (await people[role].get(base)).status_code == 200
        await sign(city, people[role])
    assert (await city.row(row.id)).stage == "opinion"
