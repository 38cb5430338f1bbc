"""Papers printed from what is stored: forms of the unit, sheets of signatures, minutes, rota, lists."""

from html.parser import HTMLParser

import pytest

from core import clock, db
from core.documents.tables import IssuedDocument
from plugins.government.archive.tables import HandOver
from plugins.government.supervising.tables import Supervision
from tests.core.documents import papers
from tests.plugins.government import (
    test_coordination,
    test_signing,
    test_supervising,
)
from tests.plugins.government.chain import handled_by
from tests.plugins.government.handling_scene import returned
from tests.plugins.government.test_archive import at_its_end, filed

pytestmark = pytest.mark.anyio


async def preview(client, matter, name, **form):
    """What a paper written from the item's page says, as its page fills it in, without white space."""
    address = f"/government/matters/{matter.id}/papers/{name}"
    page = await client.get(address)
    assert page.status_code == 200, page.text
    answer = await client.post(address, data={**typed_in(page.text), **form, "act": "preview"})
    assert answer.status_code == 200, answer.text
    return papers.text(answer.content)


def typed_in(page):
    """What the fields of a page hold."""
    found, stack = {}, []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            attrs = dict(attrs)
            if tag == "input" and attrs.get("type") == "text":
                found[attrs["name"]] = attrs.get("value") or ""
            elif tag == "textarea":
                stack.append(attrs["name"])
                found[attrs["name"]] = ""

        def handle_data(self, data):
            if stack:
                found[stack[-1]] += data

        def handle_endtag(self, tag):
            if tag == "textarea":
                stack.pop()

    Reader().feed(page)
    return found


async def labels(matter):
    """The numbers of an item's papers, by kind."""
    rows = await IssuedDocument.select(IssuedDocument.kind, IssuedDocument.label).where(
        IssuedDocument.record == matter.id
    )
    return {row["kind"]: row["label"] for row in rows}


async def paper_of(client, matter, kind):
    """What an issued paper of an item says."""
    found = await IssuedDocument.objects().get(
        (IssuedDocument.record == matter.id) & (IssuedDocument.kind == f"government.{kind}")
    )
    assert found is not None, kind
    answer = await client.get(f"/documents/{found.id}/paper")
    assert answer.status_code == 200, answer.text
    return papers.text(answer.content)


@pytest.mark.rule("GOV-22", "GOV-23", "GOV-24")
async def test_the_unit_prints_its_result_form_and_report_from_what_it_returned(city):
    clerk = await city.client("petition_clerk")
    unit = await city.client("petition_unit", unit="county1", name="经办人老孙")
    row = await returned(city, clerk, unit)
    page = (await unit.get(f"/government/matters/{row.id}")).text
    assert "/papers/result_form" in page
    assert "/papers/registration_form" not in page
    assert (
        await unit.get(f"/government/matters/{row.id}/papers/approval_sheet")
    ).status_code == 404
    letter = (await labels(row))["government.transfer_county"]
    form = await preview(unit, row, "result_form")
    report = await preview(unit, row, "completion_report")
    for text in (form, report):
        for says in ("走访工地，核对工资表", "用人单位已补发工资三万元", letter, row.number):
            assert says in text, says
    assert "2026年12月23日" in form, "until when the unit reports back"
    assert "年底前再查一次" in report
    other = await city.client("petition_unit", unit="county2")
    assert (await other.get(f"/government/matters/{row.id}/papers/result_form")).status_code == 404


@pytest.mark.rule("GOV-20", "GOV-28")
async def test_letters_name_whom_to_call_what_goes_with_them_and_the_letter_before(city):
    await db.execute(
        "UPDATE government_unit SET phone = '0794-5551234' WHERE id = {}", city.units["office"]
    )
    clerk = await city.client("petition_clerk")
    head = await city.client("petition_head")
    unit = await city.client("petition_unit", unit="county1", name="经办人老孙")
    row = await returned(city, clerk, unit)
    text = await paper_of(clerk, row, "transfer_county")
    assert "临川市人民来访接待室0794-5551234" in text
    assert "附件：来访登记表" in text
    answer = await test_supervising.supervised(
        head, row, city.units["county1"], unurged="情况紧急", requirement="请主要负责同志过问"
    )
    assert answer.status_code == 303, answer.text
    assert await Supervision.count() == 1
    text = await paper_of(head, row, "supervision_letter")
    letter = (await labels(row))["government.transfer_county"]
    assert f"2026年11月23日，我单位以{letter}将周建国反映的" in text


@pytest.mark.rule("GOV-33", "GOV-55")
async def test_a_request_for_review_is_answered_with_a_notice_also_when_it_came_too_late(city):
    chain = await handled_by(city)
    found = await chain.issue()
    await chain.deliver()
    await chain.ask()
    text = await paper_of(chain.clerk, chain.matter, "review_notice")
    for says in (
        "信访事项复查申请受理告知书",
        found.label,
        "第三十五条",
        "30日内（2026年12月23日前）",
    ):
        assert says in text, says
    opinion = await paper_of(chain.clerk, chain.matter, "opinion")
    assert "的规定" not in opinion.split("综上")[1]
    late = await handled_by(city, person={"name": "李雷"})
    await late.issue()
    await late.deliver()
    await late.travel("2027-03-01 09:00")
    answer = await late.ask(do="refuse")
    assert answer.status_code == 303, answer.text
    text = await paper_of(late.clerk, late.matter, "review_notice")
    assert "信访事项复查申请不予受理告知书" in text
    assert "该申请超过规定期限" in text


@pytest.mark.rule("GOV-30")
async def test_the_sheet_of_signatures_says_who_signed_what(city):
    people = {
        "clerk": await city.client("petition_clerk", name="接待员小陈"),
        "deputy": await city.client("petition_deputy", name="副局长高明"),
    }
    for role in ("petition_head", "petition_director"):
        await city.client(role)
    row = await city.matter()
    await people["clerk"].post(
        f"/government/matters/{row.id}/assign", data=test_signing.assign_form(city)
    )
    await test_signing.sign(city, people["deputy"], opinion="请抓紧办理")
    text = await preview(people["clerk"], row, "approval_sheet")
    for says in ("信访事项呈批表", "副局长高明", "同意：请抓紧办理", "接待员小陈"):
        assert says in text, says
    form = await preview(people["clerk"], row, "assignment_form")
    assert "查清欠薪数额并督促支付" in form
    assert "2027年1月22日" in form


@pytest.mark.rule("GOV-28", "GOV-50")
async def test_the_months_assigned_items_are_printed_for_the_supervision_office(city):
    people = {
        "clerk": await city.client("petition_clerk", name="接待员小陈"),
        "deputy": await city.client("petition_deputy", name="副局长高明"),
    }
    for role in ("petition_head", "petition_director"):
        await city.client(role)
    rows = []
    for title in ("城东工地拖欠工资", "某局领导收受礼品"):
        rows.append(await city.matter(title=title))
        await people["clerk"].post(
            f"/government/matters/{rows[-1].id}/assign", data=test_signing.assign_form(city)
        )
        await test_signing.sign(city, people["deputy"])
    await db.execute("UPDATE government_matter SET secret = {} WHERE id = {}", True, rows[1].id)
    supervisor = await city.client("petition_supervisor")
    answer = await supervisor.get("/government/supervising/monthly/paper?month=2026-11")
    text = papers.text(answer.content)
    for says in (
        "交办信访事项备案表",
        rows[0].number,
        "城东工地拖欠工资",
        "市人力资源和社会保障局",
    ):
        assert says in text, says
    assert rows[1].number not in text
    assert "某局领导" not in text


@pytest.mark.rule("GOV-27")
async def test_minutes_of_a_coordination_are_a_paper(city):
    people = {
        "clerk": await city.client("petition_clerk", name="接待员小陈"),
        "head": await city.client("petition_head", name="室主任老周"),
        "deputy": await city.client("petition_deputy", name="副局长高明"),
        "leader": await city.client("petition_leader", name="副市长何平"),
    }
    row = await test_coordination.planned(city, people, "labour", "housing")
    form = {
        test_coordination.box(city, "labour", "came_"): "1",
        "minutes": "会议核对了工程款支付凭证。",
        "agreed": "yes",
        "follow_1": "督促支付工资",
        "follow_unit_1": str(city.units["labour"]),
        "follow_day_1": "2026-12-10",
    }
    held = await people["clerk"].post(f"/government/matters/{row.id}/meeting", data=form)
    assert held.status_code == 303, held.text
    text = await preview(people["clerk"], row, "minutes")
    for says in ("会议核对了工程款支付凭证。", "督促支付工资", "三楼会议室"):
        assert says in text, says


@pytest.mark.rule("GOV-48")
async def test_a_hand_over_is_printed_for_both_sides_to_sign_and_all_files_go_at_once(city):
    archivist = await city.client("petition_archivist")
    files = [await filed(city, archivist, await at_its_end(city)) for _ in range(3)]
    done = await archivist.post(
        "/government/archive/hand-overs", data={"all": "yes", "taken_by": "市档案馆 吴敏"}
    )
    row = await HandOver.objects().first()
    assert (row.total, row.taken_by_name) == (3, "市档案馆 吴敏")
    assert done.headers["location"].endswith(str(row.id))
    text = papers.text((await archivist.get(f"{done.headers['location']}/paper")).content)
    for says in ("信访档案移交清单", row.number, "吴敏", *(one["number"] for one in files)):
        assert says in text, says
    cover = f"/government/matters/{files[0]['matter']}/file/cover"
    assert cover in (await archivist.get(cover.removesuffix("/cover"))).text
    text = papers.text((await archivist.get(cover)).content)
    for says in ("信访档案", "卷内备考表", files[0]["number"], "拖欠工资", "周建国"):
        assert says in text, says
    listed = await archivist.get("/government/archive?list=handed")
    assert row.number in listed.text
    clerk = await city.client("petition_clerk")
    assert (await clerk.get(f"{done.headers['location']}/paper")).status_code == 403
    assert clock.now() >= row.at


@pytest.mark.rule("GOV-28")
@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("improve", "改进工作建议书"),
        ("policy", "完善政策建议书"),
        ("accountability", "追究责任建议书"),
    ],
)
async def test_each_of_the_three_recommendations_goes_out_as_a_numbered_letter(city, kind, title):
    head = await city.client("petition_head")
    form = {"unit": str(city.units["labour"]), "kind": kind, "due_on": "2026-12-23"}
    form["text"] = "建议建立工资支付台账。\n建议按月核查。"
    page = "/government/supervising/recommendations"
    assert (await head.post(page, data=form)).status_code == 303
    paper = await IssuedDocument.objects().get(
        IssuedDocument.kind == "government.recommendation_letter"
    )
    assert paper.label == "信访建〔2026〕1号"
    unit = await city.client("petition_unit", unit="labour")
    assert f"/documents/{paper.id}/paper" in (await unit.get(page)).text
    text = papers.text((await unit.get(f"/documents/{paper.id}/paper")).content)
    for says in (
        *(title, "市人力资源和社会保障局：", paper.label, "《信访工作条例》第四十条"),
        *("建议建立工资支付台账。", "建议按月核查。", "2026年12月23日前书面反馈采纳情况"),
    ):
        assert says in text, says
    other = await city.client("petition_unit", unit="housing")
    assert (await other.get(f"/documents/{paper.id}/paper")).status_code == 404
    assert (
        await (await city.client("administrator")).get(f"/documents/{paper.id}")
    ).status_code == 404


@pytest.mark.rule("GOV-28")
async def test_a_recommendation_without_a_letter_gets_one_and_only_one(city):
    head = await city.client("petition_head")
    form = {"unit": str(city.units["labour"]), "kind": "improve", "due_on": "2026-12-23"}
    page = "/government/supervising/recommendations"
    await head.post(page, data=form | {"text": "建议完善回访制度。"})
    paper = await IssuedDocument.objects().get(
        IssuedDocument.kind == "government.recommendation_letter"
    )
    again = f"{page}/{paper.record}/paper"
    assert "已出具建议书" in (await head.post(again, follow_redirects=True)).text
    await head.post(f"/documents/{paper.id}/void", data={"reason": "有错字"})
    assert again in (await head.get(page)).text
    made = await head.post(again)
    text = papers.text((await head.get(f"{made.headers['location']}/paper")).content)
    assert "信访建〔2026〕2号" in text
    assert (await (await city.client("petition_director")).post(again)).status_code == 403
