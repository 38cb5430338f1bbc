"""The yearly notice of holidays read as it is worded, checked, and written back as lines."""

import pytest

from core.deadlines import pasting, shipped

N2026 = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。"""
N2025 = """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""


def read(text):
    return pasting.read(text, source="国办", provisional=False)


@pytest.mark.rule("CORE-10")
@pytest.mark.parametrize(("year", "text"), [(2025, N2025), (2026, N2026)])
def test_the_notice_in_its_own_words_gives_the_days_of_its_year(year, text):
    found = read(text)
    assert (found.problems, found.warnings) == ((), ())
    expected = sorted(shipped.days_of(year), key=lambda one: one.day)
    assert [(one.day, one.kind, one.note) for one in found.days] == [
        (one.day, one.kind, one.note) for one in expected
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "word"),
    [
        ("共9天", "共8天", 5, "春节"),
        ("1月4日（周日）", "1月4日（周六）", 4, "元旦"),
        ("4月4日（周六）至6日", "4月6日（周一）至4日", 6, "清明节"),
        ("5月9日（周六）", "5月39日（周六）", 7, "劳动节"),
        ("6月19日（周五）至21日（周日）放假，共3天", "时间另行通知", 8, "端午节"),
    ],
)
def test_a_slip_in_a_copied_notice_is_found_and_named(right, wrong, line, word):
    assert right in N2026
    [(number, said)] = read(N2026.replace(right, wrong)).problems
    assert number == line
    assert word in said.translate("zh_Hans")


def test_a_day_of_the_year_before_is_not_taken_for_the_whole_of_that_year():
    text = N2026.replace(
        "1月1日（周四）至3日（周六）放假调休，共3天", "2025年12月31日至2026年1月3日放假调休，共4天"
    )
    found = read(text)
    assert {one.day.year for one in found.days} == {2026}
    assert "2025-12-31" in found.warnings[0].translate("zh_Hans")


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_what_is_written_back_is_read_as_the_same_days(year):
    days = sorted(shipped.days_of(year), key=lambda one: one.day)
    again = read(pasting.write(days))
    assert again.problems == ()
    assert [(one.day, one.kind, one.note) for one in again.days] == [
        (one.day, one.kind, one.note) for one in days
    ]
