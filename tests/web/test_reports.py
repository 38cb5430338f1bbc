"""Reports in the browser: figures, the rows behind them, files, and who sees what."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from python_calamine import CalamineWorkbook

from core.log.tables import LogEntry
from core.registrations import consent
from core.registrations.services import admit
from core.visitors.matching import Person
from tests.core.registrations.reception import ADMIN, MONDAY, Place, a_person, arrive

pytestmark = pytest.mark.anyio
TODAY = "kind=day&day=2026-11-23"


@pytest.fixture
async def busy(site, plugins, client_as):
    """Three visits on Monday: one admitted after 7 minutes, one of two people, one with a formula."""
    from core.sites.tables import Gate

    gate = await Gate.objects().where(Gate.site == site.id).first()
    place = Place(site.id, gate.id, None, plugins)
    given = {"host_id": None, "host_text": "张明"}
    one = await arrive(place, a_person(), **given)
    then = MONDAY + timedelta(minutes=7)
    await consent.note(
        one.id, given=True, by="张明", means="phone", actor=ADMIN, at=then, plugins=plugins
    )
    await admit(one.id, actor=ADMIN, at=then, plugins=plugins)
    await arrive(place, Person(name="李雷"), head_count=2, **given)
    await arrive(
        place, Person(name="=1+1"), at=MONDAY + timedelta(minutes=5),
        **{**given, "reason": "8613800001234567890"},
    )  # fmt: skip
    return place


def figures(page):
    """Return the lines of the table: texts by line."""
    body = re.search(r"data-table.*?<tbody>(.*?)</tbody>", page.text, re.S)[1]
    return [
        [
            unescape(re.sub(r"<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"<td.*?</td>", row, re.S)
        ]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def links(page, text):
    return [
        unescape(a)
        for a in re.findall(r'href="(/reports/[^"]+rows\?[^"]+)"', page.text)
        if text in a
    ]


@pytest.mark.rule("CORE-13")
async def test_a_report_shows_figures_and_each_leads_to_its_rows(client, busy):
    listed = await client.get("/reports")
    assert all(
        f'href="/reports/core.{name}"' in listed.text
        for name in ("visits", "waiting", "scans", "feedback")
    )
    page = await client.get(f"/reports/core.visits?{TODAY}&by=purpose")
    assert page.status_code == 200
    assert [line[1:4] for line in figures(page)] == [["3", "4", "1"], ["3", "4", "1"]]
    assert "2026-11-23" in page.text
    assert "<svg" in page.text
    rows = await client.get(links(page, "field=people")[0])
    assert rows.status_code == 200
    assert {"王小明", "李雷", "=1+1"} <= {cell for line in figures(rows) for cell in line}
    assert re.search(r'href="/registrations/[0-9a-f-]{36}"', rows.text)
    admitted = await client.get(links(page, "field=admitted")[-1])
    assert len(figures(admitted)) == 1


@pytest.mark.parametrize("name", ["core.visits", "core.waiting", "core.scans", "core.feedback"])
async def test_every_report_has_every_period(client, busy, name):
    for kind in ("day", "week", "month", "quarter", "year", "range"):
        page = await client.get(
            f"/reports/{name}?kind={kind}&day=2026-11-25&first=2026-11-01&last=2026-11-30"
        )
        assert page.status_code == 200
        if name == "core.visits":
            came = figures(page)[-1][1]
            assert came == ("0" if kind == "day" else "3")


async def test_waiting_times_show_the_median(client, busy):
    page = await client.get(f"/reports/core.waiting?{TODAY}&by=site")
    assert figures(page)[-1][1:5] == ["1", "7", "7", "7.0"]


async def test_a_line_of_a_week_leads_to_the_rows_of_its_day_alone(client, busy):
    page = await client.get("/reports/core.visits?kind=week&day=2026-11-23")
    hrefs = links(page, "field=came")
    assert any(parse_qs(urlsplit(h).query).get("day") == ["2026-11-23"] for h in hrefs)
    for href in hrefs:
        assert len(figures(await client.get(href))) == 3


async def test_files_hold_the_same_figures_and_nothing_runs_as_a_formula(client, busy):
    answer = await client.get(f"/reports/core.visits?{TODAY}&by=purpose&format=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[-1][1:4] == ["3", "4", "1"]
    path = links(await client.get(f"/reports/core.visits?{TODAY}&by=purpose"), "field=came")[0]
    rows = await client.get(f"{path}&format=csv")
    assert "'=1+1" in rows.content.decode()
    book = await client.get(f"{path}&format=xlsx")
    assert 'filename="core.visits-rows-2026-11-23.xlsx"' in book.headers["content-disposition"]
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    )
    cells = [cell for line in sheet for cell in line]
    assert "=1+1" in cells
    assert "8613800001234567890" in cells
    total = await client.get(f"/reports/core.visits?{TODAY}&format=xlsx")
    last = (
        CalamineWorkbook.from_filelike(io.BytesIO(total.content))
        .get_sheet_by_index(0)
        .to_python()[-1]
    )
    assert last[1:4] == [3, 4, 1]
    assert await LogEntry.count().where(LogEntry.act == "report.export") == 2


async def test_who_may_see_reports_and_no_more_than_their_sites(client_as, busy, site):
    guard = await client_as("gatekeeper")
    assert (await guard.get("/reports")).status_code in (403, 404)
    from tests.core.registrations.reception import a_site

    other, _ = await a_site("west", "西校区")
    desk = await client_as("desk", site_id=other)
    page = await desk.get(f"/reports/core.visits?{TODAY}")
    assert figures(page)[-1][1] == "0"
    for path in (
        f"/reports/core.visits?{TODAY}&site={site.id}",
        f"/reports/core.visits/rows?{TODAY}&field=came&site={site.id}",
        f"/reports/core.visits/rows?{TODAY}&field=nothing",
        f"/reports/core.visits/rows?{TODAY}&field=came&k.nothing=1",
        "/reports/core.nothing",
        "/reports/core.visits?site=x",
    ):
        assert (await desk.get(path)).status_code == 404, path
    rows = await desk.get(f"/reports/core.visits/rows?{TODAY}&field=came")
    assert "王小明" not in rows.text


async def test_odd_questions_get_an_answer(client, busy):
    for query in (
        "kind=x&day=zz",
        "kind=range&first=9999-12-31&last=0001-01-01",
        "by=x&split=y&measure=z",
        "day=1-1-1",
        "kind=range&first=1900-01-01&last=2200-12-31",
    ):
        assert (await client.get(f"/reports/core.visits?{query}")).status_code == 200, query


async def test_reports_speak_three_languages(client, busy):
    for language, word in (
        ("zh_Hans", "去年同期"),
        ("zh_Hant", "來訪情況"),
        ("en", "A year before"),
    ):
        await client.post(f"/language/{language}", data={"next": "/"})
        page = await client.get(f"/reports/core.visits?{TODAY}")
        assert word in page.text
