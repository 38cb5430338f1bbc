"""Bulletins: figures filled in, text by the clerk, signed level by level, issued with a number."""

import re
from datetime import date
from uuid import uuid4

import pytest

from core import clock, db
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.reports.facts import Asked
from core.sites.tables import Site
from plugins.government.bulletins import filling, services
from plugins.government.bulletins.tables import Bulletin
from plugins.government.figures import counting
from plugins.government.matters.tables import Barred
from tests.core.documents import papers
from tests.plugins.government.chain import sign_at
from tests.plugins.government.test_figures import came, october  # noqa: F401 - a fixture

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def signers(city):
    """Everybody who may have to sign has an account."""
    for role in ("petition_head", "petition_deputy", "petition_director"):
        await city.client(role)


async def begun(clerk, kind, day, **more):
    answer = await clerk.post("/government/bulletins", data={"kind": kind, "day": day, **more})
    assert answer.status_code == 303
    return answer.headers["location"]


async def sign(client, choice="approve", opinion=""):
    """Sign what waits for somebody's signature."""
    waiting = await client.get("/approvals")
    path = re.search(r'href="(/approvals/[0-9a-f-]{36})"', waiting.text)
    assert path, "nothing waits for a signature"
    led = (await client.get(path[1])).headers["location"]
    answer = await sign_at(client, led, choice, opinion or "同意")
    assert answer.status_code == 303


@pytest.mark.rule("GOV-41")
async def test_a_monthly_analysis_is_filled_in_written_signed_by_three_levels_and_issued(
    city,
    october,  # noqa: F811
):
    clerk = await city.client("petition_clerk")
    path = await begun(clerk, "monthly", "2026-10-20")
    page = await clerk.get(path)
    assert "共收到群众信访6件次，其中来访3批15人次" in page.text
    assert "劳动社保" in page.text
    assert "<svg" in page.text
    texts = {
        "heading": "10月全市信访情况分析",
        "overview": "本月信访总量平稳。",
        "problems": "欠薪",
    }
    empty = await clerk.post(path, data={**texts, "heading": ""})
    assert empty.status_code == 422
    assert "本月信访总量平稳。" in empty.text
    sent = await clerk.post(path, data={**texts, "do": "submit"})
    assert sent.status_code == 303
    for role in ("petition_head", "petition_deputy", "petition_director"):
        row = await Bulletin.objects().first()
        assert (row.state, row.label) == ("signing", "")
        await sign(await city.client(role))
    row = await Bulletin.objects().first()
    assert row.state == "issued"
    assert "第1期" in row.label
    assert "欠薪" not in row.texts_cipher
    paper = await clerk.get(f"{path}/paper")
    assert paper.content[:5] == b"%PDF-"
    assert (await clerk.post(path, data=texts)).status_code == 303
    assert "本月信访总量平稳。" in (await clerk.get(path)).text


@pytest.mark.rule("GOV-41")
@pytest.mark.parametrize("kind", ["daily", "weekly", "groups", "quarterly", "yearly"])
async def test_each_periodic_report_covers_its_own_time(city, october, kind):  # noqa: F811
    clerk = await city.client("petition_clerk")
    page = await clerk.get(await begun(clerk, kind, "2026-10-12"))
    row = await Bulletin.objects().first()
    days = {"daily": 1, "weekly": 7, "groups": 31, "quarterly": 92, "yearly": 365}
    assert (row.last - row.first).days + 1 == days[kind]
    assert page.status_code == 200


@pytest.mark.rule("GOV-42")
async def test_what_is_sent_back_is_written_anew_and_a_special_report_goes_to_the_top(
    city,
    october,  # noqa: F811
):
    clerk = await city.client("petition_clerk")
    path = await begun(clerk, "special", "2026-11-02")
    texts = {"heading": "关于欠薪问题的专报", "overview": "情况如下。", "do": "submit"}
    assert (await clerk.post(path, data=texts)).status_code == 303
    await sign(await city.client("petition_head"), "send_back", "请补充数据")
    again = {**texts, "overview": "情况和数据如下。"}
    assert (await clerk.post(path, data=again)).status_code == 303
    for role in ("petition_head", "petition_deputy", "petition_director"):
        await sign(await city.client(role))
    assert (await Bulletin.objects().first()).state == "issued"


@pytest.mark.rule("GOV-41", "CORE-9")
async def test_a_signer_reads_the_whole_bulletin_where_they_sign_it(city, october):  # noqa: F811
    clerk, head = await city.client("petition_clerk"), await city.client("petition_head")
    path = await begun(clerk, "monthly", "2026-10-20")
    texts = {"heading": "10月信访情况分析", "overview": "本月总量平稳。", "problems": "欠薪突出"}
    await clerk.post(path, data={**texts, "do": "submit"})
    row = await Bulletin.objects().first()
    page = f"/government/sign-bulletins/{row.approval}"
    assert page in (await head.get("/government/signing")).text
    assert (await head.get(f"/approvals/{row.approval}")).headers["location"] == page
    assert page in (await head.get(path)).text
    read = await head.get(page)
    for text in ("本月总量平稳。", "欠薪突出", "劳动社保", 'value="approve"'):
        assert text in read.text, text
    bare = await sign_at(head, page, "send_back")
    assert bare.status_code == 422
    assert "本月总量平稳。" in bare.text
    back = await sign_at(head, page, "send_back", "请补充去年同期")
    assert back.status_code == 303
    mine = await clerk.get(path)
    assert "请补充去年同期" in mine.text
    assert path in (await clerk.get(page)).text
    await clerk.post(path, data={**texts, "overview": "本月总量平稳，同比持平。", "do": "submit"})
    for role in ("petition_head", "petition_deputy", "petition_director"):
        signer = await city.client(role)
        assert "同比持平" in (await signer.get(page)).text
        assert (await sign_at(signer, page)).status_code == 303
    assert (await Bulletin.objects().first()).state == "issued"
    unit = await city.client("petition_unit", unit="labour")
    assert (await unit.get(page)).status_code == 404
    assert (await unit.post(page, data={"choice": "approve"})).status_code == 404


@pytest.mark.rule("GOV-43", "CORE-9")
async def test_a_batch_is_read_whole_and_signed_with_one_signature(city, october):  # noqa: F811
    clerk, head = await city.client("petition_clerk"), await city.client("petition_head")
    await clerk.post("/government/bulletins/units", data={"month": "2026-10"})
    rows = await Bulletin.objects()
    await clerk.post(
        f"/government/bulletins/{rows[0].id}",
        data={**services.texts(rows[0]), "overview": "概况", "do": "submit"},
    )
    row = await Bulletin.objects().first()
    page = (await head.get(f"/government/sign-bulletins/{row.approval}")).text
    for one in rows:
        assert services.texts(one)["heading"] in page
    assert f"{len(rows)}份" in page


@pytest.mark.rule("GOV-43")
async def test_each_county_and_department_gets_its_own_bulletin_and_sees_no_other(
    city,
    october,  # noqa: F811
):
    clerk = await city.client("petition_clerk")
    unit = await city.client("petition_unit", unit="county1")
    other = await city.client("petition_unit", unit="labour")
    answer = await clerk.post("/government/bulletins/units", data={"month": "2026-10"})
    assert answer.status_code == 303
    rows = await Bulletin.objects()
    assert len(rows) == 4
    path = f"/government/bulletins/{rows[0].id}"
    for row in rows:
        texts = {"heading": "10月信访情况通报", "overview": "请研究解决突出问题。"}
        assert (await clerk.post(f"/government/bulletins/{row.id}", data=texts)).status_code == 303
    await clerk.post(path, data={**texts, "do": "submit"})
    for role in ("petition_head", "petition_deputy"):
        await sign(await city.client(role))
    states = {row.state for row in await Bulletin.objects()}
    assert states == {"issued"}
    numbers = sorted(row.label for row in await Bulletin.objects())
    assert len(set(numbers)) == 4
    own = next(r for r in await Bulletin.objects() if r.unit == city.units["county1"])
    assert await Notice.count().where(Notice.user == unit.user_id) == 1
    page = await unit.get(f"/government/unit/bulletins/{own.id}")
    assert "请研究解决突出问题。" in page.text
    assert "&lt;5" in page.text
    assert "揭发控告" not in page.text
    assert (await unit.get(f"/government/unit/bulletins/{own.id}/paper")).content[:4] == b"%PDF"
    assert (await other.get(f"/government/unit/bulletins/{own.id}")).status_code == 404
    assert (await unit.get(f"/government/bulletins/{own.id}")).status_code == 403
    assert (await Bulletin.objects().get(Bulletin.id == own.id)).read_by_name
    twice = await clerk.post(
        "/government/bulletins/units", data={"month": "2026-10"}, follow_redirects=True
    )
    assert "本月通报已经生成" in twice.text


@pytest.mark.rule("GOV-44")
async def test_urgent_information_is_carried_on_until_its_event_is_closed(city, october):  # noqa: F811
    clerk, head = await city.client("petition_clerk"), await city.client("petition_head")
    number = october["secret"].number
    hidden = await clerk.post(
        "/government/bulletins", data={"kind": "urgent", "day": "2026-11-02", "matter": number}
    )
    assert hidden.status_code == 422
    path = await begun(clerk, "urgent", "2026-11-02", matter=october["group"].number)
    texts = {
        "heading": "群体聚集",
        "overview": "约60人聚集。",
        "advice": "已派员劝返。",
        "do": "submit",
    }
    assert (await clerk.post(path, data=texts)).status_code == 303
    await sign(head)
    row = await Bulletin.objects().first()
    director = await city.client("petition_director")
    assert await db.fetch(
        'SELECT id FROM notice WHERE "user" = {} AND url = {}',
        director.user_id,
        f"/government/bulletins/{row.id}",
    )
    home = await head.get("/")
    assert "未办结的紧急信息" in home.text
    follow = (await clerk.post(f"{path}/follow")).headers["location"]
    await clerk.post(follow, data={**texts, "overview": "人员已返回。"})
    await sign(head)
    page = await clerk.get(path)
    assert follow in page.text
    assert (await clerk.post(f"{path}/close")).status_code == 303
    assert "未办结的紧急信息" not in (await head.get("/")).text
    assert (await clerk.post(f"{path}/follow")).headers["location"] == path
    rows = await db.fetch("SELECT count(*) AS n FROM government_bulletin")
    assert rows[0]["n"] == 2


@pytest.mark.rule("GOV-41")
async def test_a_monthly_analysis_has_its_tables_what_stands_out_and_how_items_were_handled(
    city,
    october,  # noqa: F811
):
    clerk = await city.client("petition_clerk")
    path = await begun(clerk, "monthly", "2026-10-20")
    page = (await clerk.get(path)).text
    for title in ("按信访形式", "按信访目的", "按问题属地", "按责任单位", "办理情况"):
        assert f">{title}" in page, title
    assert "反映较多的有：" in page
    assert "劳动社保 2（" in page
    assert "集体访较多的有：劳动社保 2（100%）" in page
    assert "市委、市政府，省信访局" in page
    preview = await clerk.get(f"{path}/paper")
    assert preview.headers["content-type"] == "application/pdf"
    words = papers.text(preview.content)
    for said in ("预览", "表1按内容分类", "表2按信访形式", "办结", "东河县人民政府", "信访月报"):
        assert said in words, said


@pytest.mark.rule("GOV-43", "GOV-50")
async def test_a_bulletin_counts_nothing_that_does_not_exist_for_its_unit(city, october):  # noqa: F811
    """Not even where the unit was accused after it had the item."""
    county, october_ = city.units["county1"], services.covered("units", date(2026, 10, 5))

    async def counted():
        asked = Asked(period=october_, sites=frozenset({city.site.id}))
        cells = await counting.cells(asked, await filling.sight_of_unit(county))
        return sum(cell.sums.get("times", 0) for cell in cells)

    assert await counted() == 4
    for one in (october["group"], october["single"]):
        await Barred.insert(
            Barred(matter=one.id, unit=city.units["city"], why="accused", since=clock.now())
        )
    assert await counted() == 0


@pytest.mark.rule("GOV-42", "GOV-50")
async def test_the_paper_of_a_report_about_an_item_is_hidden_like_the_item(city, october):  # noqa: F811
    clerk, head = await city.client("petition_clerk"), await city.client("petition_head")
    path = await begun(clerk, "urgent", "2026-11-02", matter=october["group"].number)
    texts = {"heading": "群体聚集", "overview": "约60人聚集。", "do": "submit"}
    await clerk.post(path, data=texts)
    await sign(head)
    row = await Bulletin.objects().first()
    paper = f"/documents/{row.document}"
    supervisor, archivist = (
        await city.client("petition_supervisor"),
        await city.client("petition_archivist"),
    )
    for part in ("", "/paper"):
        assert (await supervisor.get(paper + part)).status_code == 200
        assert (await archivist.get(paper + part)).status_code == 404, "reads no bulletins"
    await Barred.insert(
        Barred(
            matter=october["group"].id,
            user=supervisor.user_id,
            why="recusal",
            since=clock.now(),
        )
    )
    for address in (paper, f"{paper}/paper", f"{paper}/copy", path, f"{path}/paper"):
        assert (await supervisor.get(address)).status_code == 404, address
    assert (await head.get(f"{paper}/paper")).status_code == 200


@pytest.mark.rule("GOV-41")
async def test_who_works_at_one_room_neither_reads_nor_writes_the_bulletins_of_another(city):
    clerk = await city.client("petition_clerk")
    elsewhere = uuid4()
    await Site.insert(Site(id=elsewhere, code="branch", name="分中心"))
    other = await services.begin(
        "weekly", site_id=elsewhere, day=date(2026, 11, 16), actor=SYSTEM, at=clock.now()
    )
    await db.execute(
        'UPDATE account_role SET site = {} WHERE "user" = {}', city.site.id, clerk.user_id
    )
    path = f"/government/bulletins/{other}"
    assert (await clerk.get(path)).status_code == 404
    assert (await clerk.get(f"{path}/paper")).status_code == 404
    assert (await clerk.post(path, data={"heading": "改写"})).status_code == 404
    assert (await clerk.post(f"{path}/count")).status_code == 404


@pytest.mark.rule("GOV-41", "CORE-9")
async def test_a_colleague_submits_again_what_the_signers_sent_back(city, october):  # noqa: F811
    clerk = await city.client("petition_clerk")
    path = await begun(clerk, "monthly", "2026-10-20")
    texts = {"heading": "10月信访情况分析", "overview": "本月总量平稳。", "do": "submit"}
    await clerk.post(path, data=texts)
    await sign(await city.client("petition_head"), "send_back", "请补充")
    colleague = await city.client("petition_clerk", name="接待员小郑")
    await colleague.post(path, data={**texts, "overview": "本月总量平稳，欠薪突出。"})
    for role in ("petition_head", "petition_deputy", "petition_director"):
        await sign(await city.client(role))
    assert (await Bulletin.objects().first()).state == "issued"


@pytest.mark.rule("GOV-41", "CORE-13")
async def test_figures_that_changed_meanwhile_are_counted_anew_before_anybody_signs(
    city,
    october,  # noqa: F811
):
    clerk = await city.client("petition_clerk")
    path = await begun(clerk, "monthly", "2026-10-20")
    row = await Bulletin.objects().first()
    said = services.texts(row)
    assert "共收到群众信访6件次" in said["overview"]
    await came(city, october["letter"], "phone", days=1)
    texts = {"heading": "10月信访情况分析", "overview": said["overview"] + "总量平稳。"}
    await clerk.post(path, data={**texts, "do": "submit"})
    row = await Bulletin.objects().first()
    assert row.state == "draft"
    page = (await clerk.get(path)).text
    assert "已重新统计" in page
    assert "共收到群众信访7件次" in services.texts(row)["overview"]
    assert services.texts(row)["overview"].endswith("总量平稳。"), "what was written stays"
    await clerk.post(path, data={**services.texts(row), "do": "submit"})
    assert (await Bulletin.objects().first()).state == "signing"
