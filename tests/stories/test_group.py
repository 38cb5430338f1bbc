"""The story of a group of 23 over ten months: from the desk through every instance into the file."""

import pytest
from playwright.sync_api import expect

from core.log.verify import verify
from tests.plugins.government.scene import an_id
from tests.stories.acts import received, stage
from tests.stories.city import fill, typed

pytestmark = pytest.mark.browser


REPRESENTATIVES = ("周建国", "吴秀兰", "郑大海", "王玉梅", "冯长贵")


@pytest.mark.rule(
    "GOV-3", "GOV-17", "GOV-20", "GOV-22", "GOV-23", "GOV-24", "GOV-26", "GOV-27", "GOV-30", "GOV-33",
    "GOV-34", "GOV-36", "GOV-48", "GOV-52", "GOV-54", "GOV-55", "CORE-12",
)  # fmt: skip
def test_a_group_of_23_goes_through_every_instance(story):
    document = an_id()
    item = received(
        story, "clerk", picture="desk", document_number=document,
        name="周建国", phone="13907940001", sex="male", heads="23", title="拖欠工资",
        purpose="request", demand="要求支付二十三名工人半年工资", facts="在城东工地做工半年，工资至今未付。",
        decision="accept", place="东河县",
        representatives="\n".join(
            f"{name} 1390794000{number}" for number, name in enumerate(REPRESENTATIVES, 1)
        ),
    )  # fmt: skip
    code = the_receipt_is_printed(story)
    they_are_received_jointly(story, item)
    the_county_objects_and_is_right(story, item)
    it_is_coordinated_and_assigned(story, item)
    the_department_reports_and_gives_its_opinion(story, item)
    review_and_rereview(story, item)
    page = story.as_("clerk", item)
    fill(page, petitioner_signature=True, leader_signature=True, seals=True)
    story.act("clerk", item, "close", reason="concluded", note="三级意见均已送达")
    page = stage(story, item)
    assert "已办结" in page
    assert "23 · 集体（5人以上）" in page
    chain = story.as_("clerk", item).inner_text("#holder")
    for unit in (
        "来访接待室",
        "东河县人民政府",
        "市人力资源和社会保障局",
        "临川市人民政府",
        "省信访局",
    ):
        assert unit in chain, chain
    the_petitioner_asks_reads_and_rates(story, code, document)
    it_is_put_into_its_file(story, item)
    assert story.run(verify(story.here.settings.checkpoints_path)).intact


def the_receipt_is_printed(story):
    """The clerk prints the receipt; returns the code on it."""
    page = story.as_("clerk", "/government/day")
    page.locator("main a[href^='/government/contacts/']").first.click()
    page.locator("main a[href$='/receipt']").first.click()
    expect(page.locator(".paper-receipt")).to_contain_text("周建国")
    story.picture("receipt", page)
    return page.inner_text(".paper-code code").strip()


def the_petitioner_asks_reads_and_rates(story, code, document):
    """With the code and the document's end the petitioner sees the path's end, prints, rates twice."""
    page = story.anybody("petitioner", "/government/ask")
    fill(page, code=code, tail=document[-4:])
    asked = page.url.removeprefix(story.here.url)
    expect(page.locator("main")).to_contain_text("处理意见")
    story.picture("ask", page)
    letters = [one.get_attribute("href") for one in page.locator(f"main a[href^='{asked}/']").all()]
    opinions = [one for one in letters if "/opinion/" in one]
    assert len(opinions) == 3, letters
    page.goto(story.here.url + opinions[0])
    expect(page.locator("main")).to_contain_text("限期支付十五人工资")
    printed = [
        one.get_attribute("href") for one in page.locator(f"main a[href^='{asked}/paper/']").all()
    ] or [one for one in letters if "/paper/" in one]
    assert any("周建国" in story.paper(page, one) for one in printed), printed
    for target, score in (("office", "satisfied"), ("unit", "basically")):
        page.goto(story.here.url + asked)
        form = page.locator(f"main form:has([name=target][value={target}])")
        form.locator(f"[name=score][value={score}]").check()
        with page.expect_navigation():
            form.locator("button").last.click()
    page.goto(story.here.url + asked)
    expect(page.locator("#rate")).to_contain_text("基本满意")
    expect(page.locator("#rate form")).to_have_count(0)
    assert "周建国" in story.as_("clerk", "/government/satisfaction").inner_text("main") or (
        "2026-000001" in story.as_("clerk", "/government/satisfaction").inner_text("main")
    )


def it_is_put_into_its_file(story, item):
    """The archivist goes through the check-list, files it and prints the contents (GOV-48)."""
    page = story.as_("archivist", f"{item}/file")
    for title in ("处理意见", "复查意见", "复核意见"):
        expect(page.locator("#contents")).to_contain_text(title)
    with page.expect_navigation():
        page.locator("#kind-card button").click()
    expect(page.locator("#checks [role=alert]")).to_contain_text("签名")
    checks = {f"check-{name}": True for name in ("complete", "ordered", "signed", "copies")}
    typed(page, **checks)
    story.picture("file", page)
    fill(page, **checks)
    expect(page.locator("main")).to_contain_text("2026-专-0001")
    link = page.locator("main a[href^='/documents/']").first.get_attribute("href")
    contents = story.paper(page, f"{link}/paper")
    assert "卷内" in contents
    assert "复核意见" in contents
    assert "已归档" in stage(story, item)


def they_are_received_jointly(story, item):
    labour, county = (story.city.units[name].hex for name in ("labour", "county1"))
    story.act(
        "clerk", item, "joint", why="large_group", arrive_by="2026-03-02T10:00", place="一号接谈室",
        **{f"unit_{labour}": True, f"unit_{county}": True},
    )  # fmt: skip
    story.day("2026-03-02 09:10")
    for unit in ("人力资源", "东河县人民政府"):
        story.act("clerk", item, "joint-call", unit=unit, spoke_with="值班员")
    story.day("2026-03-02 09:50")
    for unit in ("人力资源", "东河县人民政府"):
        story.act(
            "clerk",
            item,
            "joint-arrival",
            unit=unit,
            arrived_at="2026-03-02T09:45",
            people="副职一人",
        )
    story.picture("duty", story.as_("head", "/government/duty"))
    story.act("clerk", item, "joint-end", outcome="transferred")
    assert "联合接访结束" in stage(story, item)


def the_county_objects_and_is_right(story, item):
    story.act(
        "clerk", item, "transfer", unit="东河县人民政府", reason="属地管理", due_on="2026-04-15"
    )
    page = story.as_("county1", "/government/unit")
    assert "2026-000001" in page.inner_text("main")
    story.picture("unit", page)
    letter = story.papers("county1", item)
    assert any("东河县人民政府" in one and "拖欠工资" in one for one in letter), letter
    told = story.papers("clerk", item)
    assert any("周建国" in one and "东河县人民政府" in one for one in told), told
    story.day("2026-03-05 10:00")
    story.act("county1", item, "acknowledge", person="东河经办", plan="先核实用工主体")
    story.act("county1", item, "object", reason="用工单位为市属企业", proposed="市人力资源")
    story.day("2026-03-06 09:00")
    story.act("clerk", item, "objection", granted="yes", reason="市属企业由市人社局处理")
    assert "异议成立" in stage(story, item)


def it_is_coordinated_and_assigned(story, item):
    labour = story.city.units["labour"].hex
    story.act(
        "clerk", item, "coordination", why="many", text="由人社局牵头，住建局配合核查工程款",
        meets_at="2026-03-09T15:00", **{f"unit_{labour}": True},
    )  # fmt: skip
    for login in ("head", "director"):
        story.sign(login)
    story.day("2026-03-09 17:00")
    story.act(
        "clerk", item, "meeting", minutes="市人社局牵头支付，住建局核查", agreed="yes",
        follow_1="核实并支付工资", follow_unit_1="人力资源", follow_day_1="2026-04-20",
        **{f"came_{labour}": True},
    )  # fmt: skip
    story.act(
        "clerk", item, "assign", unit="人力资源", ground="may_escalate", reason="会议确定",
        requirement="四月二十日前支付并报结果", due_on="2026-04-20",
    )  # fmt: skip
    assert "2026-04-20" not in story.as_("labour", "/government/unit").inner_text("main"), (
        "unsigned"
    )
    story.sign("deputy", "sign")
    assert "2026-04-20" in story.as_("labour", "/government/unit").inner_text("main")


def the_department_reports_and_gives_its_opinion(story, item):
    story.day("2026-03-11 09:00")
    story.act("labour", item, "acknowledge", person="人社经办", plan="核实工资表")
    story.act("labour", item, "contact", day="2026-03-11", means="phone", text="告知办理程序和期限")
    story.act("labour", item, "progress", text="已约谈企业")
    story.day("2026-04-18 10:00")
    result = {
        "course": "约谈、核查", "result": "支付十五人，八人证据不足",
        "basis": "保障农民工工资支付条例", "measures": "限期支付", "taken": "unhappy",
        "words": "八人不同意", "petitioner_signed": True, "sealed": True, "signed_by": "人社局长",
    }  # fmt: skip
    page = story.as_("labour", f"{item}/result")
    typed(page, **result)
    story.picture("result", page)
    fill(page, **result)
    points = ("matches", "facts", "law", "measures", "formalities")
    story.act("clerk", item, "check", **{f"point_{point}": "yes" for point in points})
    story.act(
        "labour", item, "opinion", outcome="explain", claims="支付二十三人工资",
        facts="十五人属实，八人证据不足", basis="保障农民工工资支付条例",
        decision="限期支付十五人工资，其余解释说明",
    )  # fmt: skip
    story.sign("labourhead")
    printed = story.papers("labour", item)
    assert any("限期支付十五人工资" in one and "复查" in one for one in printed), "rights printed"
    story.deliver("labour", item, "2026-04-20 10:00", taken="unhappy", led_to="to_review")
    assert "已作出处理意见" in stage(story, item)


def review_and_rereview(story, item):
    for asked, decided, delivered, unit, words, led_to in (
        ("2026-05-12", "2026-06-05", "2026-06-08", "city", "维持原处理意见", "to_review"),
        ("2026-07-01", "2026-07-25", "2026-07-28", "province", "维持复查意见", "heard"),
    ):
        story.day(f"{asked} 09:00")
        story.act(
            "clerk", item, "review", asked_on=asked, in_writing=True, reasons="八人证据可补充"
        )
        story.day(f"{decided} 09:00")
        story.act(
            unit, item, "opinion", outcome="uphold", claims="支付其余八人", facts="证据仍不足",
            basis="信访工作条例", decision=words,
        )  # fmt: skip
        story.sign(f"{unit}head")
        story.deliver(unit, item, f"{delivered} 10:00", taken="unhappy", led_to=led_to)
    assert "复核终结" in stage(story, item)
    story.picture("item", story.as_("clerk", item))
