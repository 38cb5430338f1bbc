"""Opinions through the pages: written, signed, delivered, made known; more time."""

import pytest

from core import clock, db
from plugins.government.opinions import queries
from plugins.government.screening import queries as screening
from tests.plugins.government.chain import handled_by, sign


@pytest.mark.rule("GOV-32", "GOV-55")
async def test_an_opinion_is_written_signed_by_the_unit_head_and_issued(city):
    chain = await handled_by(city)
    form = await chain.unit_clerk.get(f"{chain.path}/opinion")
    assert "要求支付拖欠的工资三万元" in form.text, "the demand is there already"
    bare = await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion(basis=""))
    assert bare.status_code == 422
    assert "经查，劳动关系不成立。" in bare.text
    answer = await chain.unit_clerk.post(
        f"{chain.path}/opinion", data=chain.opinion(do="keep", facts="")
    )
    assert answer.status_code == 303
    assert await chain.stage() == "handling"

    await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    found = await chain.last()
    assert (found.state, found.outcome) == ("waiting", "not_supported")
    assert found.approval is not None
    page = await chain.unit_clerk.get(chain.path)
    assert "待签批" in page.text
    assert (
        "不予支持"
        not in (await db.fetch("SELECT texts_cipher FROM government_opinion"))[0]["texts_cipher"]
    )
    await sign(chain.unit_head, found.approval)
    found = await chain.last()
    assert (found.state, found.signed_by) == ("issued", "局长老钱")
    assert await chain.stage() == "opinion"
    assert (await chain.clock("handle")).state == "finished"
    assert (await chain.clock("handle_internal")).state == "finished"


@pytest.mark.rule("GOV-32")
async def test_what_the_signers_send_back_is_changed_and_signed_again(city):
    chain = await handled_by(city)
    await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    found = await chain.last()
    await sign(chain.unit_head, found.approval, "send_back", "依据不足")
    page = await chain.unit_clerk.get(chain.path)
    assert "已退回修改" in page.text
    await chain.unit_clerk.post(f"/government/opinions/{found.id}/take-back")
    await chain.unit_clerk.post(
        f"{chain.path}/opinion", data=chain.opinion(basis="《劳动合同法》第七条")
    )
    found = await chain.last()
    assert found.state == "waiting"
    await sign(chain.unit_head, found.approval)
    assert await chain.stage() == "opinion"


@pytest.mark.rule("GOV-32", "GOV-33")
async def test_the_delivery_starts_the_petitioners_window_which_rolls_over_days_off(city):
    chain = await handled_by(city)
    await chain.travel("2026-12-02 10:00")
    await chain.issue()
    for changed, sentence in (
        ({"receiver": ""}, "f-receiver-error"),
        ({"refused": "1", "receiver": ""}, "f-witness-error"),
        ({"at": "2026-12-01T10:00"}, "f-at-error"),
        ({"at": "2026-12-02T10:01"}, "f-at-error"),
        ({"at": "gestern"}, "f-at-error"),
        ({"method": "registered"}, "f-tracking-error"),
    ):
        answer = await chain.deliver(**changed)
        assert answer.status_code == 422, changed
        assert sentence in answer.text, changed
    assert (await chain.deliver()).status_code == 303
    window = await chain.clock("review_window")
    # The thirtieth day is New Year's Day, a Friday; 4 January 2027 is the next working day.
    assert window.due.isoformat() == "2027-01-04"
    page = await chain.clerk.get(chain.path)
    assert "2027-01-04" in page.text
    assert "申请复查" in page.text
    assert (await chain.deliver()).status_code == 422, "once only"


@pytest.mark.rule("GOV-32")
async def test_what_came_of_it_may_be_told_orally_but_only_the_delivery_starts_the_window(city):
    chain = await handled_by(city)
    await chain.issue()
    found = await chain.last()
    path = f"/government/opinions/{found.id}"
    told = {"on": "2026-11-23", "means": "phone", "note": "canary-told：已告知结果"}
    for changed in ({"note": " "}, {"means": ""}, {"on": "2026-11-24"}, {"on": "2026-11-22"}):
        answer = await chain.unit_clerk.post(f"{path}/tell", data={**told, **changed})
        assert answer.status_code == 422, changed
        assert "canary-told" in answer.text or changed.get("note") == " "
    assert (await chain.unit_clerk.post(f"{path}/tell", data=told)).status_code == 303
    page = (await chain.unit_clerk.get(chain.path)).text
    assert "口头告知" in page
    assert "未送达" in page
    assert [one for one in await chain.clocks() if one.name == "government.review_window"] == []
    taken = await chain.unit_clerk.post(f"{path}/taken", data={"taken": "content"})
    assert taken.status_code == 303
    rows = await db.fetch("SELECT * FROM log_entry")
    assert "canary" not in str([dict(one) for one in rows])


@pytest.mark.rule("GOV-32", "GOV-33")
async def test_a_delivery_noted_wrongly_is_taken_back_and_the_window_with_it(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    found = await chain.last()
    path = f"/government/opinions/{found.id}/undeliver"
    assert (await chain.unit_clerk.post(path, data={"reason": ""})).status_code == 422
    done = await chain.unit_clerk.post(path, data={"reason": "canary-错登了别人的回证"})
    assert done.status_code == 303
    assert (await chain.clock("review_window")).state == "cancelled"
    assert chain.matter.number in (await chain.clerk.get("/government/opinions")).text
    stored = await db.fetch("SELECT void_reason FROM document_delivery")
    stored += await db.fetch("SELECT * FROM log_entry")
    assert "canary" not in str([dict(one) for one in stored])
    assert (await chain.deliver()).status_code == 303
    assert (await chain.clock("review_window")).state == "running"
    answer = await chain.unit_clerk.post(
        f"/government/opinions/{found.id}/taken", data={"taken": "content"}
    )
    assert answer.status_code == 303
    late = await chain.unit_clerk.post(path, data={"reason": "再改"})
    assert late.status_code == 422, "what followed from it is on record"


@pytest.mark.rule("CORE-12", "CORE-14")
async def test_why_an_items_paper_is_void_is_read_on_its_page_and_nowhere_in_clear(city):
    chain = await handled_by(city)
    await chain.issue()
    found = await chain.last()
    paper = f"/documents/{found.document}"
    aside = await chain.clerk.post(f"{paper}/void", data={"reason": "canary-姓名写错"})
    assert aside.status_code == 404, "there is one place for it"
    done = await chain.clerk.post(
        f"/government/opinions/{found.id}/void", data={"reason": "canary-姓名写错"}
    )
    assert done.status_code == 303, done.text
    assert "canary-姓名写错" in (await chain.clerk.get(paper)).text
    stored = await db.fetch("SELECT void_reason FROM issued_document")
    stored += await db.fetch("SELECT * FROM log_entry")
    assert "canary" not in str([dict(one) for one in stored])


@pytest.mark.rule("GOV-32", "CORE-12")
async def test_an_opinions_paper_leads_to_where_its_delivery_counts(city):
    chain = await handled_by(city)
    await chain.issue()
    found = await chain.last()
    paper = f"/documents/{found.document}"
    page = await chain.unit_clerk.get(paper)
    assert f"/government/opinions/by-paper/{found.document}" in page.text
    aside = await chain.unit_clerk.post(
        f"{paper}/deliver",
        data={"method": "direct", "at": "2026-11-23T09:00", "receiver": "周建国"},
    )
    assert aside.status_code == 404, "there is one place for it"
    led = await chain.unit_clerk.get(f"/government/opinions/by-paper/{found.document}")
    assert led.headers["location"] == f"/government/opinions/{found.id}/deliver"
    other = await city.client("petition_unit", unit="housing")
    assert (await other.get(f"/government/opinions/by-paper/{found.document}")).status_code == 404
    await chain.deliver(relation="本人", place="县信访局")
    page = await chain.unit_clerk.get(paper)
    assert "县信访局" in page.text
    receipt = await chain.unit_clerk.get(f"{paper}/receipt")
    assert receipt.headers["content-type"] == "application/pdf"


@pytest.mark.rule("GOV-32")
async def test_an_unhappy_petitioner_is_heard_again_handled_again_or_told_of_review(city):
    chain = await handled_by(city)
    await chain.issue()
    found = await chain.last()
    path = f"/government/opinions/{found.id}/taken"
    early = await chain.unit_clerk.post(path, data={"taken": "content"})
    assert early.status_code == 422
    assert "请先登记送达或者口头告知" in early.text
    await chain.deliver()
    bare = await chain.unit_clerk.post(path, data={"taken": "unhappy", "led_to": ""})
    assert bare.status_code == 422
    answer = await chain.unit_clerk.post(
        path, data={"taken": "unhappy", "led_to": "rehandled", "note": "不服，要求重新调查"}
    )
    assert answer.status_code == 303
    assert await chain.stage() == "handling"
    assert (await chain.clock("review_window")).state == "cancelled"
    assert (await chain.clock("redo")).state == "running"
    again = await chain.issue(outcome="support", decision="支持。")
    assert again.round == 2
    assert (await chain.clock("redo")).state == "finished"


@pytest.mark.rule("GOV-32")
async def test_a_result_is_made_known_only_with_consent_and_in_a_named_circle(city):
    chain = await handled_by(city)
    await chain.issue(outcome="support")
    await chain.deliver()
    found = await chain.last()
    await chain.unit_clerk.post(
        f"/government/opinions/{found.id}/taken", data={"taken": "content", "note": "满意"}
    )
    path = f"/government/opinions/{found.id}/publish"
    refused = await chain.unit_clerk.post(path, data={"circle": "城关镇解放路社区"})
    assert refused.status_code == 422
    assert "须经信访人同意" in refused.text
    await chain.unit_clerk.post(
        f"/government/opinions/{found.id}/taken", data={"taken": "content", "consent": "1"}
    )
    assert (await chain.unit_clerk.post(path, data={"circle": ""})).status_code == 422
    assert (
        await chain.unit_clerk.post(path, data={"circle": "城关镇解放路社区"})
    ).status_code == 303
    assert "城关镇解放路社区" in (await chain.clerk.get(chain.path)).text


@pytest.mark.rule("GOV-11", "GOV-33")
async def test_a_window_that_was_missed_is_suggested_after_the_item_is_closed_for_it(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    await chain.travel("2026-12-28 09:00")
    closed = await chain.clerk.post(f"{chain.path}/close", data={"reason": "review_lapsed"})
    assert closed.status_code == 303, closed.text
    hint = await screening.lapsed(chain.matter.id, await chain.stage(), clock.now())
    assert (hint.ground, hint.day.isoformat()) == ("end_2", "2026-12-23")
    assert "申请复查的期限已于" in (await chain.clerk.get(chain.path)).text


@pytest.mark.rule("GOV-11")
async def test_a_matter_handled_again_at_the_petitioners_word_has_missed_no_window(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    found = await chain.last()
    form = {"taken": "unhappy", "led_to": "rehandled", "note": "仍未支付"}
    answer = await chain.unit_clerk.post(f"/government/opinions/{found.id}/taken", data=form)
    assert answer.status_code == 303, answer.text
    now = await chain.travel("2027-01-11 09:00")
    assert await queries.ended_because(chain.matter.id, at=now) == ""


@pytest.mark.rule("GOV-31")
async def test_more_time_needs_a_reason_the_heads_approval_and_a_notice(city):
    chain = await handled_by(city)
    assert (await chain.clock("handle")).due.isoformat() == "2027-01-22"
    path = f"{chain.path}/extension"
    for changed in ({"reason": ""}, {"days": "31"}, {"days": "0"}):
        answer = await chain.unit_clerk.post(
            path, data={"reason": "complex", "days": "30", "note": "需实地走访", **changed}
        )
        assert answer.status_code == 422, changed
        assert "需实地走访" in answer.text
        assert f'id="f-{next(iter(changed))}-error"' in answer.text, changed
    await chain.unit_clerk.post(
        path, data={"reason": "complex", "days": "30", "note": "需实地走访"}
    )
    request = (await db.fetch("SELECT id, payload, detail FROM approval_request"))[0]
    assert "需实地走访" not in str(dict(request)), "free text stays with the item"
    assert (await chain.clock("handle")).due.isoformat() == "2027-01-22"
    page = await sign(chain.unit_head, request["id"])
    assert "情况复杂" in page.text
    assert "需实地走访" in page.text, "who grants it reads why"
    assert 'value="send_back"' in page.text, "it can be asked for in other words"
    assert (await chain.clock("handle")).due.isoformat() == "2027-02-21"
    assert (await chain.clock("handle_internal")).due.isoformat() == "2027-01-22"
    page = await chain.unit_clerk.get(chain.path)
    assert "尚未告知信访人" in page.text
    due = await chain.clerk.get("/government/opinions?due=untold")
    assert chain.matter.number in due.text
    found = (await db.fetch("SELECT id FROM government_extension"))[0]["id"]
    told = await chain.unit_clerk.post(
        f"/government/extensions/{found}/told", data={"on": "2026-11-23", "method": "registered"}
    )
    assert told.status_code == 303
    again = await chain.unit_clerk.post(path, data={"reason": "complex", "days": "5"})
    assert again.status_code == 422
    assert "只能延长一次" in again.text
    log = str([dict(r) for r in await db.fetch("SELECT * FROM log_entry")])
    assert "需实地走访" not in log


@pytest.mark.rule("GOV-31")
async def test_why_it_is_late_goes_to_the_office_before_the_limit_and_is_read_there(city):
    chain = await handled_by(city)
    path = f"{chain.path}/delay"
    bare = await chain.unit_clerk.post(path, data={"reason": "measures", "note": ""})
    assert bare.status_code == 422
    await chain.unit_clerk.post(path, data={"reason": "measures", "note": "款项分期支付至三月"})
    due = await chain.clerk.get("/government/opinions?due=delays")
    assert chain.matter.number in due.text
    found = (await db.fetch("SELECT id, in_time FROM government_delay_reason"))[0]
    assert found["in_time"]
    await chain.clerk.post(f"/government/delays/{found['id']}/seen")
    due = await chain.clerk.get("/government/opinions?due=delays")
    assert chain.matter.number not in due.text
    await chain.travel("2027-01-23 09:00")
    await chain.unit_clerk.post(path, data={"reason": "measures", "note": "仍在支付"})
    assert "逾期后才说明" in (await chain.clerk.get(chain.path)).text


@pytest.mark.rule("GOV-55")
async def test_other_units_know_nothing_of_opinions(city):
    chain = await handled_by(city)
    await chain.issue()
    found = await chain.last()
    other = await city.client("petition_unit", unit="housing")
    for path in (
        f"{chain.path}/opinion",
        f"{chain.path}/extension",
        f"/government/opinions/{found.id}/deliver",
        f"/government/opinions/{found.id}/taken",
    ):
        assert (await other.get(path)).status_code == 404, path
        assert (await other.post(path, data={"on": "2026-11-23"})).status_code == 404, path


@pytest.mark.rule("GOV-31")
async def test_more_time_signed_after_the_opinion_was_given_is_no_time_and_no_notice(city):
    chain = await handled_by(city)
    asked = {"reason": "complex", "days": "30", "note": ""}
    await chain.unit_clerk.post(f"{chain.path}/extension", data=asked)
    request = (await db.fetch("SELECT request FROM government_extension"))[0]["request"]
    await chain.issue()
    ended = await chain.clock("handle")
    await sign(chain.unit_head, request)
    assert (await db.fetch("SELECT state FROM government_extension"))[0]["state"] == "refused"
    assert (
        await db.fetch("SELECT id FROM issued_document WHERE kind = 'government.extension_notice'")
        == []
    )
    assert (await chain.clock("handle")).due == ended.due
    assert await db.fetch("SELECT id FROM government_step WHERE act = 'extend'") == []
    assert "未批准延期" in (await chain.unit_clerk.get(chain.path)).text


@pytest.mark.rule("CORE-9", "GOV-32")
async def test_a_colleague_takes_an_opinion_back_from_the_signers(city):
    chain = await handled_by(city)
    await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    found = await chain.last()
    colleague = await city.client("petition_unit", unit="labour", name="经办人小郑")
    answer = await colleague.post(f"/government/opinions/{found.id}/take-back")
    assert answer.status_code == 303, answer.text
    assert (await chain.last()).state == "draft"
    state = await db.fetch("SELECT state FROM approval_request WHERE id = {}", found.approval)
    assert state[0]["state"] == "withdrawn"


@pytest.mark.rule("GOV-32", "CORE-12", "CORE-25")
async def test_an_opinion_with_a_mistake_is_void_and_given_anew_before_anybody_has_it(city):
    chain = await handled_by(city)
    first = await chain.issue()
    due = (await chain.clock("handle")).due
    await chain.travel("2026-12-01 09:00")
    path = f"/government/opinions/{first.id}/void"
    assert path in (await chain.unit_clerk.get(chain.path)).text
    assert (await chain.unit_clerk.post(path, data={"reason": ""})).status_code == 422
    answer = await chain.unit_clerk.post(path, data={"reason": "金额写错"})
    assert answer.status_code == 303, answer.text
    assert await chain.stage() == "handling"
    runs = await chain.clock("handle")
    assert (runs.state, runs.due, runs.finished_on) == ("running", due, None)
    form = (await chain.unit_clerk.get(f"{chain.path}/opinion")).text
    assert "经查，劳动关系不成立。" in form, "nothing is typed twice"
    second = await chain.issue(
        facts="经查，劳动关系成立。", outcome="support", decision="予以支持。"
    )
    assert (first.label, second.label) == ("信访处〔2026〕1号", "信访处〔2026〕2号")
    assert (await chain.clock("handle")).state == "finished"
    assert (await chain.deliver()).status_code == 303
    late = await chain.unit_clerk.post(
        f"/government/opinions/{second.id}/void", data={"reason": "金额写错"}
    )
    assert (await chain.stage(), (await chain.last()).state) == ("opinion", "issued"), late.text


@pytest.mark.rule("CORE-9")
async def test_what_was_sent_back_is_submitted_again_where_it_is_put_right_and_nowhere_else(city):
    chain = await handled_by(city)
    await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    found = await chain.last()
    await sign(chain.unit_head, found.approval, "send_back", "请补充依据")
    aside = f"/approvals/{found.approval}"
    assert f"{aside}/resubmit" not in (await chain.unit_clerk.get(aside)).text
    led = await chain.unit_clerk.post(f"{aside}/resubmit")
    assert led.headers["location"] == f"{chain.path}#opinions"
    state = await db.fetch("SELECT state FROM approval_request WHERE id = {}", found.approval)
    assert state[0]["state"] == "sent_back", "nobody signs what is being changed"
