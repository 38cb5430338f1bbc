"""Figures of petitions: counted from the records, reconciled, checked, sent; nobody is singled out."""

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.notices.tables import Notice
from core.registrations.judging import site_time
from plugins.government.facts import size_of
from plugins.government.matters.tables import Barred, Contact, Subject
from tests.web.test_reports import figures as table_of

pytestmark = pytest.mark.anyio
OCTOBER = "kind=month&day=2026-10-15"


async def came(city, matter, channel="visit", *, heads=1, frequency="first", days=0):
    """Somebody came about an item so many days after it was registered."""
    at = matter.registered_at + timedelta(days=days)
    key = uuid4()
    await Contact.insert(
        Contact(
            id=key,
            number=f"C{key.hex[:12]}",
            site=city.site.id,
            matter=matter.id,
            channel=channel,
            day=site_time(at).date(),
            received_at=at,
            heads=heads,
            size=size_of(heads),
            frequency=frequency,
        )
    )


@pytest.fixture
async def october(city):
    """A month: two visits of a group of 7, a single visit, a letter, a call; one accusation."""
    city.travel("2026-10-12 09:00")
    subject = Subject(id=uuid4(), code="02", path="02", name="劳动社保")
    await Subject.insert(subject)
    group = await city.matter(heads=7, subject_id=subject.id, concerns=["county1"])
    await came(city, group, heads=7)
    await came(city, group, heads=7, frequency="repeat", days=3)
    single = await city.matter(held_by="labour", person={"name": "李雷"})
    await came(city, single)
    await came(city, single, "phone", frequency="repeat", days=2)
    letter = await city.matter(channel="letter", purpose="opinion", place_id=city.units["county2"])
    await came(city, letter, "letter")
    secret = await city.matter(channel="letter", purpose="accusation", held_by="housing")
    await came(city, secret, "letter")
    city.travel("2026-11-02 09:00")
    return {"group": group, "single": single, "letter": letter, "secret": secret}


def line(page, table, name):
    """The figures of one line of one monthly table."""
    part = page.text.split(f'id="{table}"', 1)[1].split("</table>", 2)
    rows = re.findall(r"<tr.*?</tr>", "".join(part), re.S)
    for row in rows:
        cells = [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<td.*?</td>", row, re.S)]
        if cells and cells[0] == name:
            return [int(cell) for cell in cells[1:]]
    return None


@pytest.mark.rule("GOV-40")
async def test_a_months_tables_count_times_batches_and_persons_from_the_records(city, october):
    head = await city.client("petition_head")
    page = await head.get("/government/figures/2026-10")
    assert page.status_code == 200, page.text
    assert 'id="reconciled"' in page.text
    # times, batches, persons, batches and persons of groups, joint letters, first, repeated, items
    assert line(page, "channel", "来访") == [3, 3, 15, 2, 14, 0, 2, 1, 2, 0, 0]
    assert line(page, "channel", "来信") == [2, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0]
    assert line(page, "kind", "揭发控告")[0] == 1
    assert line(page, "subject", "劳动社保")[0] == 2
    assert line(page, "unit", "市人力资源和社会保障局")[0] == 2
    assert line(page, "size", "集体（5人以上）")[:3] == [2, 2, 14]
    for table in ("channel", "kind", "subject", "place", "unit", "size", "frequency"):
        assert line(page, table, "合计")[:3] == [6, 3, 15], table


@pytest.mark.rule("GOV-50")
async def test_a_secret_item_is_counted_but_named_in_no_line_of_unit_place_or_subject(
    city, october
):
    clerk = await city.client("petition_clerk")
    page = await clerk.get("/government/figures/2026-10")
    assert line(page, "unit", "市住房和城乡建设局") is None
    assert line(page, "unit", "不分列（涉密）")[0] == 1
    assert line(page, "place", "不分列（涉密）")[0] == 1
    # What a clerk may not read is not among the rows either, nor in the clerk's own figures.
    report = await clerk.get(f"/reports/government.petitions?{OCTOBER}&by=kind")
    assert "揭发控告" not in {row[0] for row in table_of(report)}
    head = await city.client("petition_head")
    report = await head.get(f"/reports/government.petitions?{OCTOBER}&by=kind")
    assert "揭发控告" in {row[0] for row in table_of(report)}
    rows = await head.get(f"/reports/government.petitions/rows?{OCTOBER}&field=times")
    assert rows.text.count('href="/government/matters/') == 6
    rows = await clerk.get(f"/reports/government.petitions/rows?{OCTOBER}&field=times")
    assert rows.text.count('href="/government/matters/') == 5
    assert str(october["secret"].id) not in rows.text


@pytest.mark.rule("GOV-49")
async def test_whoever_is_barred_from_an_item_does_not_find_it_in_figures(city, october):
    head = await city.client("petition_head")
    before = await head.get(f"/reports/government.petitions?{OCTOBER}&by=kind&measure=times")
    await Barred.insert(
        Barred(
            id=uuid4(),
            matter=october["single"].id,
            user=head.user_id,
            why="recusal",
            since=clock.now(),
        )
    )
    after = await head.get(f"/reports/government.petitions?{OCTOBER}&by=kind&measure=times")
    assert table_of(before)[-1][1] == "6"
    assert table_of(after)[-1][1] == "4"
    rows = await head.get(f"/reports/government.petitions/rows?{OCTOBER}&field=times")
    assert str(october["single"].id) not in rows.text


@pytest.mark.rule("GOV-40")
async def test_units_see_their_own_figures_and_nothing_below_five(city, october):
    unit = await city.client("petition_unit", unit="labour")
    page = await unit.get(f"/reports/government.petitions?{OCTOBER}&by=channel&measure=times")
    assert page.status_code == 200
    assert {row[1] for row in table_of(page)} == {"<5"}
    assert (await unit.get("/government/figures/2026-10")).status_code == 403
    assert (
        await unit.get(f"/reports/government.petitions/rows?{OCTOBER}&field=times")
    ).status_code == 404


@pytest.mark.rule("GOV-40")
async def test_the_head_checks_and_sends_the_tables_and_the_director_confirms(city, october):
    head = await city.client("petition_head")
    clerk = await city.client("petition_clerk")
    director = await city.client("petition_director")
    assert (await clerk.post("/government/figures/2026-10/check")).status_code in (403, 404)
    for garbled in ("0001-01", "9999-12", "2026-13", "x"):
        assert (await head.get(f"/government/figures/{garbled}")).status_code == 404
    early = await head.post("/government/figures/2026-11/check", follow_redirects=True)
    assert "本月尚未结束" in early.text
    done = await head.post("/government/figures/2026-10/check", data={"remark": "已核对"})
    assert done.status_code == 303
    # What is entered late shows beside the checked figures, which stay.
    await came(city, october["single"], "phone", frequency="repeat", days=5)
    page = await head.get("/government/figures/2026-10")
    assert 'id="difference"' in page.text
    assert "6 → 7" in page.text
    kept = await head.get("/government/figures/2026-10?format=csv")
    read = list(csv.reader(io.StringIO(kept.content.decode("utf-8-sig"))))
    assert read[-1][2] == "6"
    assert (await head.post("/government/figures/2026-10/send")).status_code == 303
    assert await Notice.count().where(Notice.user == director.user_id) == 1
    again = await head.post("/government/figures/2026-10/check", follow_redirects=True)
    assert "已经报送" in again.text
    assert (await head.post("/government/figures/2026-10/receive")).status_code in (403, 404)
    assert (await director.post("/government/figures/2026-10/receive")).status_code == 303
    row = (await db.fetch("SELECT state FROM government_monthly"))[0]
    assert row["state"] == "received"
    sheet = await head.get("/government/figures/2026-10?format=xlsx")
    assert sheet.content[:2] == b"PK"


@pytest.mark.rule("GOV-40")
async def test_each_line_stands_beside_the_month_before_and_a_year_before(city, october):
    head = await city.client("petition_head")
    for day, times in (("2026-09-14 09:00", 2), ("2025-10-13 09:00", 4)):
        city.travel(day)
        row = await city.matter(channel="letter")
        for _ in range(times):
            await came(city, row, "letter")
    await city.later("2026-11-02 09:00", head)
    page = await head.get("/government/figures/2026-10")
    letters = re.search(r"<tr><td class=\"name\">来信</td>.*?</tr>", page.text, re.S)[0]
    cells = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<td.*?</td>", letters, re.S)]
    assert cells[-2:] == ["2 (+0%)", "4 (-50%)"]
    file = await head.get("/government/figures/2026-10?format=csv")
    read = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    heads = next(row for row in read if "环比 (%)" in row)
    total = dict(zip(heads, read[-1], strict=True))
    assert (total["环比 (%)"], total["同比 (%)"]) == ("200.0", "50.0")


@pytest.mark.rule("CORE-13")
async def test_figures_lead_to_rows_and_reconcile_with_the_log(city, october):
    head = await city.client("petition_head")
    for by in ("day", "channel", "kind", "subject", "place", "unit", "size", "frequency"):
        page = await head.get(f"/reports/government.petitions?{OCTOBER}&by={by}")
        assert page.status_code == 200, by
        assert "alert-danger" not in page.text, by
        assert table_of(page)[-1][1] == "6", by
        for link in re.findall(r'href="(/reports/[^"]+rows\?[^"]+field=items)"', page.text)[:3]:
            rows = await head.get(link.replace("&amp;", "&"))
            assert 'href="/government/matters/' in rows.text, link
    logged = await db.fetch("SELECT count(*) AS n FROM log_entry WHERE act = 'government.register'")
    items = await db.fetch("SELECT count(*) AS n FROM government_matter")
    assert logged[0]["n"] == items[0]["n"] == 4
