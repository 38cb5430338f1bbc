"""Stories of a petition office, over months, each with its people in browsers of their own."""

import pytest
from playwright.sync_api import expect

from tests.plugins.government.scene import an_id
from tests.stories.acts import press, received
from tests.stories.city import fill, put

pytestmark = pytest.mark.browser


@pytest.mark.rule("GOV-50", "CORE-14")
def test_what_a_department_head_is_accused_of_stays_unknown_to_the_department(story):
    item = received(
        story, "head", name="吴秀兰", phone="13907940077", sex="female", title="举报住建局长收受工程款",
        purpose="accusation", demand="查处", facts="承包商向其送现金二十万元。", decision="accept",
    )  # fmt: skip
    page = story.as_("head", item)
    fill(page, accused_name="住建局长", accused_unit="住房和城乡", accused_user="住建局长")
    story.picture("secrecy", page, top="#secrecy")
    # In a page that is open already it is gone at the next click, and it was never in a list.
    for login in ("housing", "housinghead", "clerk", "county2", "administrator"):
        answer = story.as_(login, item)
        assert "举报" not in answer.content(), login
        assert answer.locator("h1").inner_text() in ("找不到该页面", "您没有此项权限"), login
    assert "2026-000001" not in story.as_("housing", "/government/unit").inner_text("main")
    page = story.as_("head", f"{item}/transfer")
    fill(page, unit="住房和城乡", reason="属地管理", due_on="2026-03-20")
    expect(page.locator("main")).to_contain_text("不得转送")
    expect(page.locator("main")).to_contain_text("GOV-50")
    story.act(
        "head", item, "assign", unit="东河县人民政府", ground="leaders", reason="异地核查",
        requirement="核查属实与否", due_on="2026-04-01",
    )  # fmt: skip
    story.sign("deputy")
    assert "举报住建局长" in story.as_("county1", "/government/unit").inner_text("main")
    assert "2026-000001" not in story.as_("housing", "/government/unit").inner_text("main")
    for login in ("housing", "housinghead"):
        for path in ("/approvals", "/notices", "/deadlines"):
            assert "2026-000001" not in story.as_(login, path).content(), (login, path)


@pytest.mark.rule("GOV-4", "GOV-12", "GOV-35")
def test_an_anonymous_letter_an_abusive_one_and_a_visitor_who_was_told_already(story):
    page = story.as_("clerk", "/government/letters")
    fill(page, received_on="2026-03-02", pieces="1", carrier="邮政")
    fill(
        page, envelope="whole", stamp="whole", pages="2", anonymous=True, title="反映村务不公开",
        purpose="opinion", demand="公开账目", facts="三年未公布账目。", decision="accept",
    )  # fmt: skip
    story.picture("letters", page)
    letter = story.as_("clerk", "/government/day").inner_text("main")
    assert "反映村务不公开" in letter
    page = story.as_("clerk", "/government/after-visit")
    fill(
        page, anonymous=True, written_on="2026-03-01", summary="辱骂接待人员，扬言闹事", threat=True,
        told_unit="东河县人民政府", told_means="phone", told_to="值班室",
    )  # fmt: skip
    fill(page, disposition="idle", why_idle="pointless")
    assert "统一存放" in page.inner_text("main")
    told = {
        "name": "郑大海", "phone": "13907940088", "sex": "male", "document_number": an_id(),
        "title": "不服法院判决", "purpose": "appeal", "demand": "改判", "facts": "判决不公",
        "decision": "refuse", "ground": "refuse_1", "body": "市中级人民法院",
    }  # fmt: skip
    first = received(story, "clerk", **told, receipt="signed")
    notices = [one for one in story.papers("clerk", first) if "市中级人民法院" in one]
    assert len(notices) == 1, "the notice names the competent body"
    assert "〔2026〕1号" in notices[0]
    # He comes again about the same: he is known, told orally, and gets no second notice.
    story.day("2026-03-20 10:00")
    desk = story.as_("clerk", "/government/desk")
    for name in ("name", "document_number"):
        desk.fill(f"[name={name}]", told[name])
    desk.get_by_role("button", name="查以往事项").click()
    story.picture("known", desk, top="#known")
    desk.locator(f"[name=same][value='attach:{first.rpartition('/')[2]}']").check()
    typed = {name: value for name, value in told.items() if name not in ("name", "document_number")}
    fill(desk, document_kind="resident_id", receiver="许志强", **typed)
    expect(desk.locator("main")).to_contain_text("本次已作口头告知")
    told_again = [one for one in story.papers("clerk", first) if "口头告知记录" in one]
    written = [one for one in story.papers("clerk", first) if "〔2026〕1号" in one]
    assert len(told_again) == 1
    assert len([one for one in written if one not in told_again]) == 1, "no second notice"


@pytest.mark.rule("GOV-40", "GOV-41", "GOV-43", "CORE-13")
def test_a_month_and_a_quarter_of_the_office(story):
    for number, (day, heads, purpose) in enumerate(
        [
            ("03-02", 1, "request"),
            ("03-10", 7, "request"),
            ("03-19", 2, "appeal"),
            ("03-27", 1, "opinion"),
        ]
    ):
        story.day(f"2026-{day} 09:00")
        received(
            story, "clerk", name=f"王{'甲乙丙丁'[number]}", phone=f"139079400{number}1", sex="male",
            heads=str(heads), title="物业服务", purpose=purpose, demand="整改", facts="长期不整改。",
            decision="accept", place="东河县",
            representatives="王甲 13907940001" if heads >= 5 else "",
        )  # fmt: skip
    story.day("2026-04-01 09:00")
    the_tables_of_the_month_are_checked_sent_and_confirmed(story)
    the_figures_reconcile(story)
    for kind, heading, signers in (
        ("daily", "三月二十七日信访简报", ("head",)),
        ("monthly", "三月信访情况分析", ("head", "deputy", "director")),
        ("quarterly", "一季度信访情况分析", ("head", "deputy", "director")),
    ):
        a_bulletin_is_written_signed_and_printed(story, kind, heading, signers)
    every_unit_gets_its_bulletin_and_confirms_it(story)
    story.picture("rules", story.as_("administrator", "/rulebooks/government"))
    story.picture("units", story.as_("administrator", "/government/units"))


def the_tables_of_the_month_are_checked_sent_and_confirmed(story):
    page = story.as_("head", "/government/figures/2026-03")
    assert "合计\t4\t4\t11\t1\t7" in page.inner_text("main")
    fill(page, remark="已核对")
    story.picture("figures", page)
    press(page, "报送")
    assert "11" in story.as_("director", "/government/figures/2026-03").inner_text("main")
    press(story.as_("director", "/government/figures/2026-03"), "确认")


def the_figures_reconcile(story):
    """However the month is broken down, the lines add up to the same; each leads to its rows."""
    month = "kind=month&day=2026-03-15"
    for by in ("channel", "purpose", "place", "frequency", "size"):
        page = story.as_("head", f"/reports/government.petitions?{month}&by={by}")
        href = page.locator("main a[href*='csv']").first.get_attribute("href")
        answer = page.context.request.get(story.here.url + href)
        lines = [line.split(",") for line in answer.text().lstrip("\ufeff").splitlines() if line]
        head = next(place for place, line in enumerate(lines) if "件次" in line)
        rows = [line for line in lines[head + 1 :] if len(line) == len(lines[head])]
        column = lines[head].index("件次")
        total = [line for line in rows if line[0].startswith("合计")]
        parts = [int(line[column]) for line in rows if line not in total]
        assert sum(parts) == int(total[0][column]) == 4, (by, lines)
    rows = story.as_("head", f"/reports/government.petitions/rows?{month}&by=channel&field=items")
    assert rows.locator("main a[href^='/government/matters/']").count() == 4


def a_bulletin_is_written_signed_and_printed(story, kind, heading, signers):
    """Figures are filled in, the clerk writes, level by level it is signed, then it has its number."""
    page = story.as_("clerk", "/government/bulletins")
    fill(page, kind=kind, day="2026-03-27")
    times = "4件次，其中来访4批11人次" if kind != "daily" else "1件次，其中来访1批1人次"
    assert f"共收到群众信访{times}" in page.content()
    path = page.url.removeprefix(story.here.url)
    form = page.locator("main form:has([name=heading])")
    put(form, "heading", heading)
    put(form, "overview", "总量平稳，物业问题突出。")
    page.locator("main button[name=do][value=submit]").click()
    assert "号" not in story.as_("clerk", path).locator("h1").inner_text()
    for login in signers:
        story.sign(login)
    page = story.as_("clerk", path)
    assert "第1期" in page.inner_text("main")
    if kind == "monthly":
        story.picture("bulletin", page)
    printed = story.paper(page, f"{path}/paper")
    assert heading in printed
    assert "总量平稳，物业问题突出。" in printed


def every_unit_gets_its_bulletin_and_confirms_it(story):
    page = story.as_("clerk", "/government/bulletins")
    fill(page, month="2026-03")
    page = story.as_("clerk", "/government/bulletins?kind=units")
    page.locator("main td.name a").first.click()
    form = page.locator("main form:has([name=overview])")
    put(form, "overview", "三月各单位办理情况总体平稳。")
    page.locator("main button[name=do][value=submit]").click()
    for login in ("head", "deputy"):
        story.sign(login)
    page = story.as_("county1", "/government/unit/bulletins")
    page.locator("main a[href^='/government/unit/bulletins/']").first.click()
    path = page.url.removeprefix(story.here.url)
    assert "东河县人民政府" in story.paper(page, f"{path}/paper")
    confirmed = story.as_("clerk", "/government/bulletins?kind=units").inner_text("main")
    assert "2026-04-01" in confirmed or "4月1日" in confirmed
