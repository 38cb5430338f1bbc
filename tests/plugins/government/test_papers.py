"""The petition office's papers: every form drawn, filled in from what is stored, hidden with its item."""

import re

import pytest

from core import clock, db
from core.documents import drawing
from core.documents.drawing import Sheet
from core.documents.tables import IssuedDocument
from core.errors import InvalidInputError
from core.permissions import SYSTEM
from plugins.government.papers import services as paper_services
from plugins.government.papers.filling import named
from plugins.government.papers.kinds import DIRECT, KINDS, kind
from plugins.government.screening.tables import Told
from tests.core.documents import papers
from tests.plugins.government.chain import handled_by
from tests.plugins.government.desk_scene import text_of
from tests.plugins.government.scene import an_id

NAMES = [one.name.partition(".")[2] for one in KINDS]
OFFICE = "临川市人民来访接待室"


def drawn(name, data=None):
    one = kind(name)
    clean = drawing.checked(one, one.sample if data is None else data)
    number = one.number.text(2026, 12) if one.number else ""
    given = {**clean, "office": OFFICE, "date": "2026年11月23日", "number": number}
    return drawing.pdf(Sheet(source=drawing.shipped(one), data=given))


@pytest.mark.rule("CORE-12")
@pytest.mark.parametrize("name", NAMES)
def test_every_paper_is_drawn_on_a4_with_office_and_number(name):
    pdf = drawn(name)
    one = kind(name)
    text = papers.text(pdf)
    assert OFFICE in text
    assert not one.number or one.number.text(2026, 12) in text
    sizes = set(papers.page_sizes_mm(pdf))
    assert sizes <= {(210.0, 297.0), (297.0, 210.0)}
    assert len(papers.page_sizes_mm(pdf)) <= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_paper_can_be_left_to_be_written_by_hand(name):
    one = kind(name)
    needed = {field.name: field.sample for field in one.fields if field.required}
    assert drawn(name, needed).startswith(b"%PDF")


@pytest.mark.parametrize("name", NAMES)
def test_every_paper_says_all_that_it_is_given(name):
    """A field that its template forgets would be typed for nothing."""
    one = kind(name)
    source = drawing.shipped(one)
    forgotten = [
        field.name for field in one.fields if not re.search(rf"\bd\.{field.name}\b", source)
    ]
    assert not forgotten


@pytest.mark.parametrize("name", NAMES)
def test_long_texts_go_on_and_break_nothing(name):
    one = kind(name)
    long = {}
    for field in one.fields:
        value = field.sample
        if isinstance(value, str):
            long[field.name] = value if field.name in ("qr", "chart") else value * 3
        elif value and isinstance(value[0], str) and field.name != "table_heads":
            long[field.name] = value * 12
        else:
            long[field.name] = value
    pages = papers.page_sizes_mm(drawn(name, long))
    assert len(pages) >= 1


@pytest.mark.rule("GOV-55")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("opinion", ["30日内，向东河县人民政府书面请求复查", "逾期未请求复查的，不再受理"]),
        ("review_opinion", ["30日内，向临川市人民政府书面请求复核", "该信访事项的终结意见"]),
        ("rereview_opinion", ["信访处理程序至此结束", "不再受理"]),
    ],
)
def test_each_opinion_prints_the_rights_that_follow(name, says):
    text = papers.text(drawn(name))
    assert all(one in text for one in says)


@pytest.mark.rule("GOV-12")
def test_a_refusal_names_ground_basis_and_competent_body():
    text = papers.text(drawn("refusal"))
    assert "属于劳动争议" in text
    assert "《信访工作条例》第三十一条" in text
    assert "向东河县劳动人事争议仲裁委员会提出" in text


@pytest.mark.rule("GOV-26")
def test_a_transfer_says_that_it_is_not_passed_on_and_until_when_to_object():
    for name in ("transfer_county", "transfer_department"):
        text = papers.text(drawn(name))
        assert "5个工作日内" in text
        assert "不得自行转送、退回" in text


@pytest.mark.parametrize(
    ("names", "heads", "said"),
    [
        ([], 1, "匿名"),
        (["周建国"], 1, "周建国"),
        (["周建国"], 5, "周建国等5人"),
        (["周建国", "李秀兰"], 2, "周建国、李秀兰"),
        (["周建国", "李秀兰"], 23, "周建国等23人"),
    ],
)
def test_a_party_is_called_as_offices_do(names, heads, said):
    assert named(names, heads) == said


@pytest.mark.anyio
@pytest.mark.rule("GOV-20", "GOV-21")
async def test_what_is_stored_stands_on_the_paper_and_the_rest_is_asked_for(city):
    row = await city.matter(title="城东工地拖欠工资", heads=5)
    about = {"actor": SYSTEM, "at": clock.now()}
    async with db.writing():
        letter = await paper_services.take(
            "transfer_county", row.id, {"unit": "东河县人民政府", "report_by": ""}, **about
        )
    assert letter.label == "信访转〔2026〕1号"
    assert letter.title == ""
    clerk = await city.client("petition_clerk")
    text = papers.text((await clerk.get(f"/documents/{letter.id}/paper")).content)
    for said in (
        "东河县人民政府",
        "周建国等5人",
        "城东工地拖欠工资",
        row.number,
        "5个工作日内",
        OFFICE,
    ):
        assert said in text

    async def refuse():
        async with db.writing():
            await paper_services.take("refusal", row.id, **about)

    with pytest.raises(InvalidInputError) as error:
        await refuse()
    assert set(error.value.problems) == {"ground", "basis"}


@pytest.mark.anyio
@pytest.mark.rule("GOV-2", "GOV-14")
@pytest.mark.parametrize("name", DIRECT)
async def test_a_form_is_previewed_and_made_from_the_item_without_typing(city, name):
    row = await city.matter()
    clerk = await city.client("petition_clerk")
    address = f"/government/matters/{row.id}/papers/{name}"
    matter = await clerk.get(f"/government/matters/{row.id}")
    assert address in matter.text
    page = await clerk.get(address)
    assert row.number in page.text
    given = {"matter_number": row.number, "petitioner": "周建国", "query_code": "7K3Q-X2ZP"}
    given["started"] = "2026年11月24日 9时"
    preview = await clerk.post(address, data={**given, "act": "preview"})
    assert preview.headers["content-type"] == "application/pdf"
    assert "预览" in papers.text(preview.content)
    assert not await IssuedDocument.exists().where(IssuedDocument.record == row.id)
    made = await clerk.post(address, data=given)
    assert made.status_code == 303, made.text
    pdf = await clerk.get(f"{made.headers['location']}/paper")
    assert row.number in papers.text(pdf.content)
    matter = await clerk.get(f"/government/matters/{row.id}")
    assert made.headers["location"] in matter.text


@pytest.mark.anyio
async def test_what_is_missing_is_asked_for_beside_the_field(city):
    row = await city.matter()
    clerk = await city.client("petition_clerk")
    address = f"/government/matters/{row.id}/papers/query_code"
    answer = await clerk.post(address, data={"petitioner": "周建国"})
    assert answer.status_code == 422
    assert "周建国" in answer.text
    refusal = f"/government/matters/{row.id}/papers/refusal"
    assert (await clerk.get(refusal)).status_code == 404


@pytest.mark.anyio
@pytest.mark.rule("GOV-50")
async def test_a_paper_is_hidden_from_whoever_may_not_see_its_item(city):
    row = await city.matter(concerns=["county1"])
    async with db.writing():
        notice = await paper_services.take(
            "transfer_notice", row.id, {"unit": "东河县人民政府"}, actor=SYSTEM, at=clock.now()
        )
        letter = await paper_services.take(
            "transfer_county", row.id, {"unit": "东河县人民政府"}, actor=SYSTEM, at=clock.now()
        )
    address = f"/documents/{letter.id}"
    county = await city.client("petition_unit", unit="county1")
    assert (await county.get(f"{address}/paper")).status_code == 200
    assert (await county.get(f"/documents/{notice.id}/paper")).status_code == 404
    for client in (
        await city.client("petition_unit", unit="county2"),
        await city.client("administrator"),
        await city.client("desk"),
    ):
        for part in ("", "/paper", "/copy", "/receipt"):
            assert (await client.get(address + part)).status_code == 404, part


@pytest.mark.anyio
@pytest.mark.rule("GOV-32", "GOV-55")
async def test_a_signed_opinion_is_a_numbered_paper_of_the_body_that_gives_it(city):
    chain = await handled_by(city)
    found = await chain.issue()
    assert found.label == "信访处〔2026〕1号"
    text = await text_of(chain.unit_clerk, found.document)
    for says in (
        *("市人力资源和社会保障局", found.label, "要求支付拖欠的工资三万元", "劳动关系不成立"),
        *("本单位的处理意见为：不支持", "30日内，向临川市人民政府书面请求复查"),
    ):
        assert says in text
    assert await text_of(chain.clerk, found.document) == text
    other = await city.client("petition_unit", unit="county2")
    assert (await other.get(f"/documents/{found.document}/paper")).status_code == 404


@pytest.mark.anyio
@pytest.mark.rule("GOV-12")
async def test_a_refusal_is_written_once_and_the_second_time_recorded_as_told_orally(desk):
    number = an_id()
    first, contact = await desk.receive(
        document_number=number, decision="refuse", ground="refuse_3"
    )
    told = await Told.objects().first()
    written = await text_of(desk.clerk, told.document)
    assert "信访事项不予受理告知书" in written
    assert "《信访工作条例》第十九条" in written
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    await desk.city.later("2026-11-30 09:00", desk.clerk)
    again = await desk.post(
        document_number=number, same=f"attach:{first.id}", decision="refuse", ground="refuse_4"
    )
    assert again.status_code == 303
    kinds = await IssuedDocument.select(IssuedDocument.kind).order_by(IssuedDocument.issued_at)
    assert [row["kind"] for row in kinds] == ["government.refusal", "government.oral_notice"]


@pytest.mark.anyio
@pytest.mark.rule("GOV-16", "GOV-31")
async def test_who_is_accepted_is_given_the_notice_with_the_limits(desk):
    await desk.receive(decision="accept")
    told = await Told.objects().first()
    text = await text_of(desk.clerk, told.document)
    assert "信访受告〔2026〕1号" in text
    assert "自受理之日起60日内办结" in text
    assert "延长期限不得超过30日" in text
