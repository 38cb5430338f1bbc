"""Lists as files: made without keeping anybody waiting, and read by a spreadsheet as they are meant."""

import asyncio
import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from core.reports import export

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_others_are_served_while_a_long_list_is_written(form):
    row = ["拖欠工资", "东河县人民政府", 12, None] * 4
    sheet = export.Sheet(title="清单", columns=["列"] * len(row), rows=[row] * 20_000)
    turns = 0

    async def others():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(others())
    await asyncio.sleep(0)
    before = turns
    made = await export.made(sheet, form, at=AT)
    task.cancel()
    assert turns - before > 3
    assert made.startswith(b"\xef\xbb\xbf" if form == "csv" else b"PK")


LIST = export.Sheet(
    title="督查: 月清单 [2026-11] 呈市委督查室及各有关单位主要负责同志阅示",
    notes=["填报单位：临川市人民来访接待室"],
    columns=["编号", "电话", "日期", "时间", "人数段", "件数"],
    rows=[["=1+1", "01012345678", date(2026, 11, 23), datetime(2026, 11, 23, 9, 5), "5-10", 7]],  # noqa: DTZ001 - the site's own clock
    foot=["填表人："],
)


def test_a_workbook_keeps_numbers_of_phones_as_text_and_days_as_days():
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.as_xlsx(LIST, at=AT)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[-3] == [
        *("=1+1", "01012345678", date(2026, 11, 23), datetime(2026, 11, 23, 9, 5)),  # noqa: DTZ001
        *("5-10", 7),
    ]
    assert rows[-1][0] == "填表人："
    # Excel refuses longer names of sheets, and some signs in them.
    assert book.sheet_names == ["督查  月清单  2026-11  呈市委督查室及各有关单位主要"[:31].rstrip()]


def test_a_printed_workbook_repeats_its_heads_and_counts_its_pages():
    with zipfile.ZipFile(io.BytesIO(export.as_xlsx(LIST, at=AT))) as book:
        assert "Print_Titles" in book.read("xl/workbook.xml").decode()
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "&amp;P / &amp;N" in page
    assert 'fitToWidth="1"' in page or 'fitToHeight="0"' in page


def test_a_csv_says_its_title_and_nothing_in_it_is_read_as_another_thing():
    text = export.as_csv(LIST).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[:2] == [[LIST.title], list(LIST.notes)]
    assert lines[-1] == [
        "'=1+1",
        '="01012345678"',
        "2026-11-23",
        "2026-11-23 09:05",
        '="5-10"',
        "7",
    ]
