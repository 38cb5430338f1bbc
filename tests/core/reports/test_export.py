"""Long lists as files are made without keeping anybody waiting."""

import asyncio
from datetime import UTC, datetime

import pytest

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
