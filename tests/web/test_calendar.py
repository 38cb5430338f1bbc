"""The table of holidays as an administrator meets it."""

import html
import io
import re
from datetime import UTC, datetime

import pytest
import xlsxwriter

from core.deadlines import services
from core.deadlines.facts import DeadlineRule, NewDeadline
from core.deadlines.tables import CalendarDayRow
from core.i18n import N_
from core.permissions import SYSTEM

YEAR = """2027-01-01..2027-01-03,休,元旦
2027-02-05..2027-02-11,休,春节
2027-02-14,班,春节调休
2027-05-01,休,劳动节
2027-05-02,休,劳动节
2027-10-01..2027-10-07,休,国庆节"""


@pytest.mark.rule("CORE-10", "CORE-25")
async def test_a_due_date_is_tried_out_and_shows_how_it_is_reached(client):
    page = await client.get("/calendar?year=2026&start=2026-09-24&days=5&unit=working")
    assert page.status_code == 200
    assert "<strong>2026-10-09</strong>" in page.text
    assert "国庆节" in page.text
    for wrong in ("start=x&days=5", "start=2026-01-01&days=0", "start=9999-12-30&days=3000"):
        page = await client.get(f"/calendar?{wrong}")
        assert page.status_code == 200
        assert 'class="proof"' not in page.text
    assert (await client.get("/calendar?year=1999")).status_code == 200


@pytest.mark.rule("CORE-10")
async def test_a_year_is_pasted_looked_at_and_taken_and_moved_deadlines_are_listed(client):
    deadline = NewDeadline(
        record_kind="matter",
        record="1",
        name="handle",
        label=N_("Visitors"),
        rule=DeadlineRule(name="handle", length=5, unit="working"),
        started_on=datetime(2027, 2, 1, tzinfo=UTC).date(),
    )
    await services.start(deadline, actor=SYSTEM, at=datetime(2027, 2, 1, tzinfo=UTC))
    form = {"text": YEAR, "source": "国办通知"}
    page = await client.post("/calendar/preview", data=form)
    assert page.status_code == 200
    assert "2027-06-09" in page.text  # a provisional day that goes
    assert not await CalendarDayRow.exists()
    kept = re.search(r'name="text" hidden>\n(.*?)</textarea>', page.text, re.DOTALL)[1]
    answer = await client.post("/calendar/import", data={"text": kept, "source": "国办通知"})
    assert answer.status_code == 200
    assert "2027-02-10" in answer.text
    assert "2027-02-14" in answer.text
    assert (await client.post("/calendar/import", data=form)).status_code == 303


@pytest.mark.rule("CORE-10")
async def test_a_year_is_changed_from_its_own_text_and_put_back_as_delivered(client):
    page = await client.get("/calendar?year=2026&change=now")
    text = re.search(r'name="text"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)[1]
    assert "2026-10-01..2026-10-07, 休, 国庆节" in text
    form = {"text": f"{text}\n2026-04-18..2026-04-20, 休, 壮族三月三", "source": "自治区通知"}
    assert (await client.post("/calendar/import", data=form)).status_code == 303
    assert "壮族三月三" in (await client.get("/calendar?year=2026")).text
    page = await client.get("/calendar?year=2026&change=delivered")
    again = re.search(r'name="text"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)[1]
    assert again == text
    assert "国务院办公厅关于2026年" in page.text


@pytest.mark.rule("CORE-25")
async def test_the_day_from_which_is_counted_is_tried_out(client):
    for first, due in (("same_day", "2026-10-08"), ("next_working_day", "2026-10-09")):
        address = f"/calendar?year=2026&start=2026-09-24&days=5&unit=working&first={first}"
        assert f"<strong>{due}</strong>" in (await client.get(address)).text
    page = await client.get("/calendar?start=2026-09-24&days=5&first=never")
    assert page.status_code == 200
    assert 'class="proof"' not in page.text


async def test_a_line_that_cannot_be_read_comes_back_with_its_number(client):
    form = {"text": "2027-02-05,休\n2027-99-01,休", "source": "x"}
    for path in ("/calendar/preview", "/calendar/import"):
        page = await client.post(path, data=form)
        assert page.status_code == 422
        assert "2027-99-01" in page.text
    assert not await CalendarDayRow.exists()


async def test_who_may_only_read_changes_nothing(client_as):
    auditor = await client_as("auditor")
    page = await auditor.get("/calendar")
    assert page.status_code == 200
    assert "/calendar/preview" not in page.text
    answer = await auditor.post("/calendar/import", data={"text": YEAR, "source": "x"})
    assert answer.status_code in (403, 404)
    guard = await client_as("gatekeeper")
    assert (await guard.get("/calendar")).status_code in (403, 404)


async def upload(client, content, name="days.csv", **more):
    """Send a file to the page of holidays."""
    data = {"file_source": "国办通知", **more}
    return await client.post(
        "/calendar/preview-file",
        data=data,
        files={"file": (name, content, "application/octet-stream")},
    )


def kept(page):
    """The text that a preview carries on."""
    return re.search(r'name="text" hidden>\n(.*?)</textarea>', page.text, re.DOTALL)[1]


@pytest.mark.rule("CORE-10")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_years_own_file_comes_back_as_it_went(client, form):
    given = await client.get(f"/calendar/2026/{form}")
    assert given.status_code == 200
    assert f"holidays-2026.{form}" in given.headers["content-disposition"]
    page = await upload(client, given.content, f"x.{form}", file_source="国务院办公厅通知")
    assert page.status_code == 200, page.text
    text = html.unescape(kept(page))
    assert "2026-10-01, 休, 国庆节" in text
    assert "2026-10-10, 班" in text
    form = {"text": text, "source": "国务院办公厅通知"}
    assert (await client.post("/calendar/import", data=form)).status_code in (200, 303)
    days = {row.day.isoformat(): row.kind for row in await CalendarDayRow.objects()}
    assert days["2026-10-01"] == "off"
    assert days["2026-10-10"] == "work"
    assert sum(day.startswith("2026") for day in days) == len(
        [line for line in text.splitlines() if line.strip()]
    )


@pytest.mark.rule("CORE-10")
async def test_a_spreadsheet_that_keeps_days_as_numbers_is_read(client):
    book = io.BytesIO()
    made = xlsxwriter.Workbook(book, {"in_memory": True})
    sheet = made.add_worksheet()
    form = made.add_format({"num_format": "yyyy-mm-dd"})
    for number, head in enumerate(("序号", "日期", "类型", "说明")):
        sheet.write(2, number, head)
    sheet.write(3, 0, 1)
    sheet.write_datetime(3, 1, datetime(2027, 2, 14), form)  # noqa: DTZ001 - a day
    sheet.write(3, 2, "班")
    sheet.write(3, 3, "春节，调休")
    made.close()
    page = await upload(client, book.getvalue(), "days.xlsx")
    assert page.status_code == 200, page.text
    assert kept(page).strip() == "2027-02-14, 班, 春节、调休"


@pytest.mark.rule("CORE-10")
async def test_the_notice_is_taken_as_a_text_file_in_either_encoding(client):
    notice = (
        "国务院办公厅关于2027年部分节假日安排的通知\n"
        "一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。\n"
    )
    for encoding in ("utf-8", "gb18030"):
        page = await upload(client, notice.encode(encoding), "通知.txt")
        assert page.status_code == 200, page.text
        assert "2027-01-03" in page.text


@pytest.mark.rule("CORE-10")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("日期,类型\n2027-01-01,休\n2027-13-40,休\n".encode(), "第 3 行：2027-13-40：没有这个日期"),
        ("日期,类型\n2027-01-01,上学\n".encode(), "第 2 行"),
        ("2027-01-01,休\n2027-01-01,班\n".encode(), "第 2 行"),
        (b"", "请选择文件"),
        (b"PK\x03\x04 no workbook", "Excel"),
        ("没有日期的文字".encode(), "没有"),
        (b"2027-01-01,off\n" * 2001, "2000"),
        (b"x" * (1024 * 1024 + 10), "MB"),
    ],
)
async def test_a_bad_file_is_told_plainly_and_changes_nothing(client, content, said):
    page = await upload(client, content)
    assert page.status_code == 422
    assert said in page.text
    assert "国办通知" in page.text, "what was typed stays"
    assert not await CalendarDayRow.exists()


async def test_who_only_reads_the_table_brings_no_file(client_as):
    clerk = await client_as("gatekeeper")
    assert (await upload(clerk, b"2027-01-01,off")).status_code == 403
    assert not await CalendarDayRow.exists()


async def test_a_year_that_nobody_entered_is_no_file(client):
    assert (await client.get("/calendar/2050/csv")).status_code == 404
    assert (await client.get("/calendar/2026/exe")).status_code == 404
