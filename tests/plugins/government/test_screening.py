"""What becomes of an item on its first day: grounds, notices, on-the-spot answers, suggestions."""

from datetime import timedelta

import pytest

from core import clock, db
from core.documents import deliveries
from core.documents.tables import IssuedDocument
from core.i18n import N_
from core.permissions import SYSTEM
from core.rulebooks import queries as rulebooks
from core.rulebooks.services import adopt
from plugins.government import clocks
from plugins.government.matters.tables import Matter
from plugins.government.rulebook import RULEBOOK
from plugins.government.screening.facts import GROUNDS, GUIDED
from plugins.government.screening.tables import Told
from tests.plugins.government.desk_scene import said, text_of
from tests.plugins.government.scene import an_id


async def names_of_clocks(row):
    found = await clocks.of_matter(row.id, at=clock.now())
    return {one.name.removeprefix("government."): one.state for one in found}


@pytest.mark.rule("GOV-10")
@pytest.mark.parametrize("code", [code for code, one in GROUNDS.items() if one.act == "refuse"])
async def test_not_accepted_needs_its_ground_and_shows_the_basis(desk, code):
    answer = await desk.post(decision="refuse", ground="")
    assert answer.status_code == 422
    assert "请选择理由" in said(answer.text)
    answer = await desk.post(decision="refuse", ground="end_1")
    assert answer.status_code == 422, "a ground of the other kind is none"
    body = "市中级人民法院" if GROUNDS[code].names_body else ""
    row, _ = await desk.receive(decision="refuse", ground=code, body=body)
    elsewhere = GROUNDS[code].standing == GUIDED
    assert row.stage == ("guided" if elsewhere else "refused"), "the regulation shows the way"
    page = await desk.page(row)
    assert GROUNDS[code].label.translate("zh_Hans") in page
    assert GROUNDS[code].basis.translate("zh_Hans") in page


@pytest.mark.rule("GOV-10", "GOV-12")
async def test_for_courts_and_other_lawful_ways_the_notice_names_the_competent_body(desk):
    for code in ("refuse_1", "refuse_2"):
        answer = await desk.post(decision="refuse", ground=code, body="")
        assert answer.status_code == 422
        assert 'id="f-body-error"' in answer.text
    assert not await Matter.exists()
    row, _ = await desk.receive(decision="refuse", ground="refuse_2", body="市仲裁委员会")
    told = await Told.objects().first()
    notice = await text_of(desk.clerk, told.document)
    assert "信访事项引导告知书" in notice, "by the regulation it is registered and shown the way"
    assert "向市仲裁委员会提出" in notice
    assert "不予受理" not in notice
    assert row.number in notice
    assert "仲裁" not in told.body_cipher
    paper = await desk.clerk.get(f"/documents/{told.document}")
    assert "信访引告" in paper.text, "the paper has its number at once"


@pytest.mark.rule("GOV-10", "GOV-12")
async def test_an_office_with_local_rules_writes_that_it_does_not_accept(desk):
    await adopt(
        RULEBOOK,
        {"guide_elsewhere": False, "says_refuse_2": "您反映的事项应当通过仲裁解决"},
        effective_from=clock.now(),
        note="按本机关规则出具告知书",
        actor=SYSTEM,
        at=clock.now(),
    )
    rulebooks.forget()
    await desk.receive(decision="refuse", ground="refuse_2", body="市仲裁委员会")
    row = await desk.city.latest()
    assert row.stage == "refused"
    notice = await text_of(desk.clerk, (await Told.objects().first()).document)
    assert "信访事项不予受理告知书" in notice
    assert "您反映的事项应当通过仲裁解决" in notice, "the office words its grounds"


@pytest.mark.rule("GOV-12")
async def test_a_written_notice_is_given_once_then_they_are_told_orally(desk):
    number = an_id()
    first, contact = await desk.receive(
        document_number=number, decision="refuse", ground="refuse_4", receipt="signed"
    )
    told = await Told.objects().first()
    assert told.manner == "written"
    assert [one.delivery.receiver for one in await deliveries.of_document(told.document)] == [
        "周建国"
    ]
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    await desk.city.later("2026-11-30 09:00", desk.clerk)
    again = await desk.post(
        document_number=number, same=f"attach:{first.id}", decision="refuse", ground="refuse_4"
    )
    assert again.status_code == 303, said(again.text)
    page = (await desk.clerk.get(again.headers["location"])).text
    assert "本次已作口头告知" in page
    manners = [row["manner"] for row in await db.fetch("SELECT manner FROM government_told")]
    assert sorted(manners) == ["oral", "written"]
    address = f"/government/matters/{first.id}/tell-again"
    refused = await desk.clerk.post(address, data={"manner": "written", "again_text": ""})
    assert refused.status_code == 422
    assert "只出具一次" in refused.text
    assert 'id="f-manner-error"' in refused.text
    log = await db.fetch("SELECT after FROM log_entry WHERE act = 'government.tell_denied'")
    assert "GOV-12" in log[0]["after"]
    again = await desk.clerk.post(address, data={"manner": "oral", "again_text": "请找仲裁委"})
    assert again.status_code == 303
    orals = await IssuedDocument.objects().where(IssuedDocument.kind == "government.oral_notice")
    oral = max(orals, key=lambda one: one.number)
    record = await text_of(desk.clerk, oral.id)
    assert "口头告知记录" in record
    assert "请找仲裁委" in record
    assert "信访不受告〔2026〕1号" in record, "the written notice of before is named"
    contact = (await db.fetch("SELECT id FROM government_contact ORDER BY received_at DESC"))[0]
    await desk.clerk.post(f"/government/contacts/{contact['id']}/leave")
    renewed, _ = await desk.receive(
        document_number=number, same=f"again:{first.id}", decision="refuse", ground="refuse_4"
    )
    assert renewed.same_as == first.id
    assert await Told.count().where(Told.manner == "written") == 1, "the same matter, repeated"
    other, _ = await desk.receive(
        name="吴明",
        document_number=an_id(),
        phone="13800001111",
        decision="refuse",
        ground="refuse_4",
    )
    assert (await Told.objects().get(Told.matter == other.id)).manner == "written"


@pytest.mark.rule("GOV-12")
async def test_the_handing_over_of_a_notice_is_noted_with_its_paper(desk):
    row, contact = await desk.receive(decision="refuse", ground="refuse_5")
    told = await Told.objects().first()
    address = f"/government/told/{told.id}/handed"
    await desk.clerk.post(address, data={"receipt": ""})
    assert await deliveries.of_document(told.document) == []
    answer = await desk.clerk.post(
        address, data={"receipt": "declined", "received": str(contact.id)}
    )
    assert answer.headers["location"] == f"/government/desk?received={contact.id}"
    said_of = (await deliveries.of_document(told.document))[0].delivery
    assert (said_of.refused, said_of.witness) == (True, "林小梅、许志强")
    assert "拒收" in await desk.page(row), "the time line tells it"
    await desk.clerk.post(address, data={"receipt": "signed"})
    assert len(await deliveries.of_document(told.document)) == 1, "it is noted once"


@pytest.mark.rule("GOV-11")
async def test_the_clocks_suggest_that_the_time_for_a_review_has_passed(desk):
    number = an_id()
    row = await desk.city.matter(
        person={"document": number}, title="拖欠工资", subject_id=desk.subjects["拖欠农民工工资"]
    )
    await Matter.update({Matter.stage: "opinion"}).where(Matter.id == row.id)
    await clocks.start(
        row.id,
        clocks.REVIEW_WINDOW,
        number=row.number,
        site_id=row.site,
        event=N_("Opinion given"),
        actor=SYSTEM,
        at=clock.now(),
    )
    form = desk.form(document_number=number, decision="")
    panel = (await desk.clerk.post("/government/desk/known", data=form)).text
    assert "期限已于" not in panel, "the window is open"
    await desk.city.later("2027-01-11 09:00", desk.clerk)
    panel = (await desk.clerk.post("/government/desk/known", data=form)).text
    assert "申请复查的期限已于" in panel
    assert "（二）无正当理由逾期未申请复查、复核" in panel
    assert "期限已于" in await desk.page(row)
    answer = await desk.post(
        document_number=number, same=f"again:{row.id}", decision="end", ground="end_2"
    )
    assert answer.status_code == 303, said(answer.text)
    assert (await desk.city.latest()).stage == "ended"


@pytest.mark.rule("GOV-11")
async def test_what_a_re_review_concluded_is_accepted_no_longer(desk):
    number = an_id()
    row = await desk.city.matter(person={"document": number})
    await Matter.update({Matter.stage: "final"}).where(Matter.id == row.id)
    panel = await desk.clerk.post(
        "/government/desk/known", data=desk.form(document_number=number, decision="")
    )
    assert "复核终结" in panel.text
    _, contact = await desk.receive(
        document_number=number, same=f"attach:{row.id}", decision="end", ground="end_1"
    )
    assert contact.matter == row.id
    assert (await desk.city.row(row.id)).stage == "final", "the telling moves nothing"
    assert (await Told.objects().get(Told.matter == row.id)).ground == "end_1"


@pytest.mark.rule("GOV-16")
async def test_a_clear_matter_is_answered_on_the_spot_and_its_clock_stops(desk):
    answer = await desk.post(decision="answer", told_text="")
    assert answer.status_code == 422
    assert 'id="f-told_text-error"' in answer.text
    row, _ = await desk.receive(
        decision="answer", told_text="养老金按月由社保局发放，请持卡领取。", purpose="consultation"
    )
    assert row.stage == "answered"
    assert "养老金按月由社保局发放" in await desk.page(row)
    assert await names_of_clocks(row) == {"inform": "finished"}


@pytest.mark.rule("GOV-16")
async def test_else_the_petitioner_is_told_the_time_limit_and_a_simple_one_has_three_days(desk):
    answer = await desk.post(decision="accept", simple="1")
    done = (await desk.clerk.get(answer.headers["location"])).text
    row = await desk.city.latest()
    assert await names_of_clocks(row) == {
        "inform": "finished",
        "answer": "running",
        "handle": "running",
        "handle_internal": "running",
    }
    found = await clocks.of_matter(row.id, at=clock.now())
    due = {one.name.removeprefix("government."): str(one.due) for one in found}
    assert due["answer"] == "2026-11-26"
    assert due["handle"] == "2027-01-22"
    assert "2027年1月22日" in done or "2027-01-22" in done


@pytest.mark.rule("GOV-8", "GOV-19")
async def test_a_suggestion_is_entered_on_the_day_and_an_urgent_one_marks_the_item(desk):
    answer = await desk.post(decision="later", suggestion="")
    assert answer.status_code == 422
    assert 'id="f-suggestion-error"' in answer.text
    row, _ = await desk.receive(
        decision="later", suggestion="urgent", suggestion_text="扬言集体上访"
    )
    assert (row.stage, row.urgency) == ("registered", 3)
    assert row.suggested_at is not None
    assert "扬言集体上访" in await desk.page(row)
    bare, _ = await desk.receive(name="吴明", phone="13800001111", decision="")
    assert bare.suggested_at is None
    assert "尚无拟办意见" in await desk.page(bare)
    answer = await desk.clerk.post(
        f"/government/matters/{bare.id}/suggest",
        data={"suggestion": "forward", "suggestion_text": "转东河县"},
    )
    assert answer.status_code == 303
    assert "尚无拟办意见" not in await desk.page(bare)


@pytest.mark.rule("GOV-12", "GOV-54")
async def test_the_time_line_tells_acts_papers_and_files_of_one_moment_together(desk):
    row, _ = await desk.receive(decision="refuse", ground="refuse_3", told_text="请向县里反映")
    told = await Told.objects().first()
    clock.CLOCK.advance(timedelta(minutes=5))
    await desk.clerk.post(f"/government/told/{told.id}/handed", data={"receipt": "signed"})
    page = await desk.page(row)
    course = page[page.index('id="happened"') :]
    entries = course.split('<li class="timeline-entry')[1:]
    assert "送达信访事项不予受理告知书" in entries[0]
    assert "林小梅" in entries[0]
    registered = entries[1]
    for sentence in (
        "已登记，编号",
        "出具信访事项不予受理告知书 信访不受告〔2026〕1号",
        "请向县里反映",
    ):
        assert sentence in registered, sentence
    assert registered.count("timeline-time") == 1, "one act, one moment"
    assert f"/documents/{told.document}/paper" in registered
    assert "信访人可查" in registered
