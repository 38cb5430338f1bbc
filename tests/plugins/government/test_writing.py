"""The public form, and items taken over from other platforms."""

import asyncio
import re
from uuid import uuid4

import pytest

from core import db
from plugins.government.matters.tables import Contact, Matter
from tests.plugins.government.channel_scene import a_form, a_scan, petition, send
from tests.plugins.government.desk_scene import said
from tests.plugins.government.scene import an_id


@pytest.mark.rule("GOV-6")
async def test_a_form_that_is_sent_twice_at_once_is_one_item_and_tells_its_code_twice(desk):
    public = await desk.city.anonymous()
    data = petition(once=await a_form(public), document_number=an_id())
    answers = await asyncio.gather(
        *(send(public, "/government/write", data) for _ in range(2)), return_exceptions=True
    )
    assert {getattr(one, "status_code", one) for one in answers} <= {200, 201}
    assert await Matter.count() == 1
    code = await desk.city.code((await desk.city.latest()).id)
    for answer in answers:
        assert code in re.sub(r"[\s-]", "", answer.text)


@pytest.mark.rule("GOV-6", "GOV-50")
async def test_papers_sent_with_a_petition_are_kept_with_it_and_given_to_nobody_else(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    many = [("scans", (f"{n}.jpg", a_scan(), "image/jpeg")) for n in range(6)]
    refused = await public.post("/government/write", data=petition(once=once), files=many)
    assert refused.status_code == 422
    assert 'id="f-scans"' in refused.text
    bad = [("scans", ("a.svg", b"<svg onload=alert(1)>", "image/svg+xml"))]
    assert (
        await public.post("/government/write", data=petition(once=once), files=bad)
    ).status_code == 422
    assert not await Matter.exists()
    answer = await public.post("/government/write", data=petition(once=once), files=many[:2])
    assert answer.status_code in (200, 201), said(answer.text)
    page = await desk.page(await desk.city.latest())
    found = re.findall(r"/government/files/[0-9a-f-]{36}", page)
    assert len(set(found)) == 2
    assert (await desk.clerk.get(found[0])).headers["content-type"] == "image/jpeg"
    assert (await public.get(found[0])).status_code in (303, 401, 403, 404)


@pytest.mark.rule("GOV-6")
async def test_anybody_writes_on_the_public_page_and_gets_number_and_code_once(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    rejected = await send(
        public, "/government/write", petition(once=once, demand="", agree="", phone="1")
    )
    assert rejected.status_code == 422
    assert "最近的车站在两公里外。" in rejected.text
    for name in ("demand", "agree", "phone"):
        assert f'id="f-{name}-error"' in rejected.text, name
    answer = await send(public, "/government/write", petition(once=once))
    assert answer.status_code in (200, 201), said(answer.text)
    row = await desk.city.latest()
    assert row.number in answer.text
    assert await desk.city.code(row.id) in answer.text
    again = await send(public, "/government/write", petition(once=once))
    assert row.number in again.text
    assert await Matter.count() == 1, "the same form sent twice is one petition"
    contact = await Contact.objects().first()
    assert (contact.channel, contact.number) == ("online", "N2026-000001")
    day = (await desk.clerk.get("/government/day")).text
    assert "建议增设公交站" in day
    assert ">尚无拟办意见<" in day, "a suggestion of the office is still missing"


@pytest.mark.rule("GOV-6")
async def test_programs_and_floods_are_kept_from_the_public_page(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    answer = await send(public, "/government/write", petition(once=once, website="http://x"))
    assert answer.status_code == 422
    assert not await Matter.exists()
    for _ in range(12):  # who makes mistakes does not lose the right to send it
        wrong = await send(public, "/government/write", petition(title=""))
        assert wrong.status_code == 422
    for _ in range(8):
        await send(public, "/government/write", petition(once=str(uuid4())))
    assert await Matter.count() == 8
    flood = await send(public, "/government/write", petition(once=str(uuid4())))
    assert flood.status_code == 429
    assert "最近的车站在两公里外。" in flood.text, "a long text is not lost"
    other = await desk.city.anonymous()
    once = await a_form(other)
    assert (await send(other, "/government/write", petition(once=once))).status_code in (
        200,
        201,
    )


@pytest.mark.rule("GOV-6", "GOV-36")
async def test_a_form_sent_again_later_or_by_another_hand_tells_no_code(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    await send(public, "/government/write", petition(once=once))
    row = await desk.city.latest()
    desk.city.travel("2026-11-23 11:30")
    late = await send(public, "/government/write", petition(once=once))
    assert late.status_code == 422
    assert await desk.city.code(row.id) not in late.text
    assert await Matter.count() == 1
    without = await send(public, "/government/write", petition(once=""))
    assert without.status_code in (200, 201), "a form without its mark is taken all the same"
    by_phone = await send(
        public,
        "/government/write",
        petition(once=str(uuid4()), document_kind="", document_number=""),
    )
    assert "填手机号后四位" in by_phone.text
    unreachable = await send(
        public, "/government/write", petition(once=str(uuid4()), phone="", document_number="")
    )
    assert unreachable.status_code == 422
    assert 'id="f-phone-error"' in unreachable.text


@pytest.mark.rule("GOV-6")
async def test_items_of_another_platform_are_taken_over_once_from_a_file(desk):
    text = (
        "信访编号,姓名,电话,信访目的,标题,诉求,内容分类,问题属地,人数\n"
        "P-1,郑芳,13700002222,求决,物业乱收费,退还费用,物业管理,东河县,1\n"
        "P-2,,,咨询,公租房条件,,房地产开发,西岭区,\n"
        "P-3,何平,12,求决,,要求,其他,,x\n"
        "P-1,郑芳,13700002222,求决,物业乱收费,退还费用,物业管理,东河县,1\n"
    ).encode("gb18030")

    async def upload():
        answer = await desk.clerk.post(
            "/government/online",
            data={"platform": "省信访网"},
            files={"file": ("网上.csv", text, "text/csv")},
        )
        assert answer.status_code == 303, said(answer.text)
        return answer.headers["location"]

    address = await upload()
    page = (await desk.clerk.get(address)).text
    assert not await Matter.exists(), "a preview registers nothing"
    assert "重复" in page
    assert "物业乱收费" not in str(await db.fetch("SELECT * FROM government_online_import"))
    await desk.clerk.post(address, data={"do": "apply"})
    assert await Matter.count() == 2
    first = await Matter.objects().get(Matter.number == "2026-000001")
    assert (first.channel, first.purpose) == ("online", "request")
    assert first.place == desk.city.units["county1"]
    assert first.subject == desk.subjects["物业管理"]
    contact = await Contact.objects().get(Contact.matter == first.id)
    page = (await desk.clerk.get(f"/government/contacts/{contact.id}")).text
    assert "省信访网" in page
    assert "P-1" in page
    again = await upload()
    assert "此前已导入" in (await desk.clerk.get(again)).text
    await desk.clerk.post(again, data={"do": "apply"})
    assert await Matter.count() == 2
    no_table = await desk.clerk.post(
        "/government/online",
        data={"platform": "省信访网"},
        files={"file": ("x.csv", b"a,b\n1,2\n", "text/csv")},
    )
    assert no_table.status_code == 422
    assert "表头" in no_table.text


@pytest.mark.rule("GOV-6")
async def test_a_subject_or_place_that_the_office_does_not_have_is_asked_for_and_never_left_out(
    desk,
):
    text = (
        "信访编号,姓名,标题,内容分类,问题属地\n"
        "Q-1,郑芳,物业乱收费,物业服务收费,东河\n"
        "Q-2,何平,楼道堆物,物业服务收费,城关镇\n"
        "Q-3,李雷,公租房条件,物业管理,临川市西岭区\n"
    ).encode()
    answer = await desk.clerk.post(
        "/government/online",
        data={"platform": "省信访网"},
        files={"file": ("网上.csv", text, "text/csv")},
    )
    address = answer.headers["location"]
    page = (await desk.clerk.get(address)).text
    assert 'name="subject:物业服务收费"' in page
    assert "共 2 条" in page
    assert 'name="place:城关镇"' in page
    assert 'name="place:东河"' not in page, "a part of one name alone is understood"
    assert 'name="place:临川市西岭区"' not in page
    assert "西岭区人民政府" in page, "what a row's words mean stands in it"
    wanting = {"do": "apply", "place:城关镇": "none"}
    refused = await desk.clerk.post(address, data=wanting)
    assert refused.status_code == 422
    assert "物业服务收费" in refused.text
    assert '<option value="none" selected' in refused.text, "what was chosen stays chosen"
    assert not await Matter.exists()
    chosen = {**wanting, "subject:物业服务收费": str(desk.subjects["物业管理"])}
    assert (await desk.clerk.post(address, data=chosen)).status_code == 303
    rows = await Matter.objects().order_by(Matter.number)
    assert [one.subject for one in rows] == [desk.subjects["物业管理"]] * 3
    assert [one.place for one in rows] == [
        desk.city.units["county1"],
        None,
        desk.city.units["county2"],
    ]


@pytest.mark.rule("GOV-6")
async def test_who_gives_a_phone_alone_is_not_asked_for_the_number_of_the_usual_document(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    data = petition(once=once, document_kind="resident_id", document_number=" ")
    answer = await send(public, "/government/write", data)
    assert answer.status_code in (200, 201), answer.text
    assert "填手机号后四位" in answer.text
