"""Review and re-review through the pages: one chain with a clock for each step."""

import pytest

from core import clock
from plugins.government.opinions import queries
from plugins.government.screening import queries as screening
from tests.plugins.government.chain import handled_by


@pytest.mark.rule("GOV-33", "GOV-55")
async def test_review_goes_to_the_next_higher_body_and_to_another_only_when_confirmed(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    form = await chain.clerk.get(f"{chain.path}/review")
    city_id = str(city.units["city"])
    assert f'value="{city_id}" selected' in form.text, "the next higher body is chosen already"
    for changed, sentence in (
        ({"in_writing": ""}, "应当以书面形式提出"),
        ({"reasons": ""}, "请填写"),
        ({"body": str(city.units["labour"])}, "不得复查自己"),
        ({"body": str(city.units["housing"])}, "不是上一级机关"),
    ):
        answer = await chain.ask(**changed)
        assert answer.status_code == 422, changed
        assert sentence in answer.text, changed
    assert await chain.stage() == "opinion"
    await chain.travel("2026-12-10 09:00")
    assert (await chain.ask()).status_code == 303
    assert await chain.stage() == "review"
    row = await city.row(chain.matter.id)
    assert row.holder == city.units["city"]
    assert (await chain.clock("review")).due.isoformat() == "2027-01-09"
    assert (await chain.clock("review_window")).state == "finished"


@pytest.mark.rule("GOV-33")
async def test_a_late_request_is_refused_unless_a_good_reason_is_recorded(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    now = await chain.travel("2026-12-28 09:00")
    assert await queries.ended_because(chain.matter.id, at=now) == "window_missed"
    form = await chain.clerk.get(f"{chain.path}/review")
    assert "2026-12-23" in form.text
    answer = await chain.ask()
    assert answer.status_code == 422
    assert "2026-12-23" in answer.text
    refused = await chain.ask(do="refuse")
    assert refused.status_code == 303
    assert await chain.stage() == "opinion"
    assert "逾期" in (await chain.clerk.get(chain.path)).text
    taken = await chain.ask(good_reason="住院治疗，12月1日至26日，有出院证明")
    assert taken.status_code == 303
    assert await chain.stage() == "review"


@pytest.mark.rule("GOV-33", "GOV-55")
async def test_revoked_opinions_go_back_and_the_new_one_must_not_be_the_same(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    await chain.ask()
    city_clerk = await city.client("petition_unit", unit="city", name="市政府经办")
    city_head = await city.client("petition_unit_head", unit="city", head=True, name="副市长")
    wrong = await city_clerk.post(
        f"{chain.path}/opinion", data=chain.opinion(outcome="not_supported")
    )
    assert wrong.status_code == 422
    await chain.issue(
        by=city_clerk,
        signer=city_head,
        level="review",
        outcome="revoke",
        decision="撤销，重新办理。",
    )
    assert await chain.stage() == "handling"
    row = await city.row(chain.matter.id)
    assert row.holder == city.units["labour"], "back to the unit that gave it"
    assert (await chain.clock("redo")).due.isoformat() == "2026-12-23"
    assert (await chain.clock("review")).state == "finished"
    page = await chain.unit_clerk.get(chain.path)
    assert "不得与原意见相同" in page.text
    same = await chain.unit_clerk.post(
        f"{chain.path}/opinion", data=chain.opinion(facts="重新调查，结论不变。")
    )
    assert same.status_code == 422
    assert "不得与原意见相同" in same.text
    again = await chain.issue(outcome="support", decision="支持，责令支付三万元。")
    assert (again.round, await chain.stage()) == (2, "opinion")


@pytest.mark.rule("GOV-33", "GOV-34", "GOV-55")
async def test_re_review_rests_for_a_hearing_then_the_path_ends_and_the_file_must_be_complete(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    await chain.ask()
    city_clerk = await city.client("petition_unit", unit="city", name="市政府经办")
    city_head = await city.client("petition_unit_head", unit="city", head=True, name="副市长")
    await chain.issue(by=city_clerk, signer=city_head, level="review", outcome="uphold")
    assert await chain.stage() == "reviewed"
    await chain.travel("2026-12-10 09:00")
    await chain.deliver("review", by=city_clerk)
    await chain.travel("2026-12-20 09:00")
    assert (await chain.ask()).status_code == 303
    assert await chain.stage() == "rereview"
    assert (await city.row(chain.matter.id)).holder == city.units["province"]
    assert (await chain.clock("rereview")).due.isoformat() == "2027-01-19"
    rest = await chain.clerk.post(
        f"{chain.path}/hearing", data={"do": "begin", "day": "2026-12-19"}
    )
    assert rest.status_code == 422, "the clock cannot rest before its first day"
    await chain.travel("2026-12-25 09:00")
    await chain.clerk.post(f"{chain.path}/hearing", data={"do": "begin", "day": "2026-12-25"})
    assert (await chain.clock("rereview")).state == "paused"
    await chain.travel("2027-01-04 09:00")
    await chain.clerk.post(f"{chain.path}/hearing", data={"do": "end", "day": "2027-01-04"})
    assert (await chain.clock("rereview")).due.isoformat() == "2027-01-29"

    # Nobody of the province works here: its opinion is recorded as it came on paper.
    await chain.clerk.post(f"{chain.path}/opinion", data=chain.opinion(outcome="uphold", do="keep"))
    found = await chain.last("rereview")
    answer = await chain.clerk.post(
        f"/government/opinions/{found.id}/received",
        data={"label": "省信复核〔2027〕3号", "signed_by": "省信访局", "issued_on": "2027-01-04"},
    )
    assert answer.status_code == 303, answer.text
    assert await chain.stage() == "final"
    page = await chain.clerk.get(chain.path)
    assert "信访程序到此终结" in page.text
    assert (await chain.clerk.get(f"{chain.path}/review")).status_code == 200
    assert (await chain.ask()).status_code == 422

    refused = await chain.clerk.post(f"{chain.path}/close", data={"reason": "concluded"})
    assert refused.status_code == 422
    assert "终结事项的材料不齐" in refused.text
    await chain.deliver("rereview", by=chain.clerk)
    kept = await chain.clerk.post(
        f"{chain.path}/filing",
        data={"petitioner_signature": "1", "leader_signature": "1"},
        follow_redirects=True,
    )
    assert "仍有缺项" in kept.text
    refused = await chain.clerk.post(f"{chain.path}/close", data={"reason": "concluded"})
    assert refused.status_code == 422
    await chain.clerk.post(
        f"{chain.path}/filing",
        data={"petitioner_signature": "1", "leader_signature": "1", "seals": "1"},
    )
    closed = await chain.clerk.post(f"{chain.path}/close", data={"reason": "concluded"})
    assert closed.status_code == 303
    row = await city.row(chain.matter.id)
    assert (row.stage, row.close_reason) == ("closed", "concluded")
    hint = await screening.lapsed(row.id, row.stage, clock.now())
    assert (hint.ground, hint.day.isoformat()) == ("end_1", "2027-01-04")


@pytest.mark.rule("GOV-33")
async def test_an_item_is_closed_for_a_lapsed_window_only_when_it_is_over(city):
    chain = await handled_by(city)
    await chain.issue()
    early = await chain.clerk.post(f"{chain.path}/close", data={"reason": "review_lapsed"})
    assert early.status_code == 422
    await chain.deliver()
    open_ = await chain.clerk.post(f"{chain.path}/close", data={"reason": "review_lapsed"})
    assert open_.status_code == 422
    assert "2026-12-23" in open_.text
    await chain.travel("2026-12-24 09:00")
    assert "1" in (await chain.clerk.get("/government/opinions?due=lapsed")).text
    assert chain.matter.number in (await chain.clerk.get("/government/opinions?due=lapsed")).text
    closed = await chain.clerk.post(f"{chain.path}/close", data={"reason": "review_lapsed"})
    assert closed.status_code == 303
    assert (await city.row(chain.matter.id)).stage == "closed"
    assert (await chain.clock("review_window")).state == "cancelled"


@pytest.mark.rule("GOV-31", "GOV-33", "GOV-51")
async def test_an_opinion_that_came_on_paper_ended_its_time_on_its_own_day(city):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    await chain.ask()
    assert (await chain.clock("review")).due.isoformat() == "2026-12-23"
    await chain.travel("2026-12-28 09:00")
    await chain.clerk.post(f"{chain.path}/opinion", data=chain.opinion(outcome="uphold", do="keep"))
    found = await chain.last("review")
    answer = await chain.clerk.post(
        f"/government/opinions/{found.id}/received",
        data={"label": "临府复查〔2026〕9号", "signed_by": "副市长", "issued_on": "2026-12-22"},
    )
    assert answer.status_code == 303, answer.text
    ended = await chain.clock("review")
    assert (ended.finished_on.isoformat(), ended.level) == ("2026-12-22", "met")
