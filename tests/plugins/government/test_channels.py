"""Letters by batch, calls, the public form, other platforms, letters after a visit, the day list."""

import asyncio
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image

from core import clock, db
from core.permissions import SYSTEM
from core.privacy.facts import Erasing
from plugins.government import clocks
from plugins.government.intake import after_visit, keeping, letters, today
from plugins.government.intake.tables import AfterVisitLetter, Call, Letter, LetterBatch
from plugins.government.matters.tables import Contact, Matter
from tests.plugins.government.desk_scene import said
from tests.plugins.government.scene import an_id

pytestmark = pytest.mark.anyio


def a_scan(colour="white"):
    file = io.BytesIO()
    Image.new("RGB", (200, 280), colour).save(file, "JPEG")
    return file.getvalue()


async def a_batch(desk, **changed):
    data = {"received_on": "2026-11-23", "pieces": "3", "carrier": "邮局", **changed}
    answer = await desk.clerk.post("/government/letters", data=data)
    assert answer.status_code == 303, said(answer.text)
    return answer.headers["location"]


def letter(desk, **changed):
    return {
        **desk.form(decision="later", suggestion="forward"),
        "do": "enter",
        "envelope": "whole",
        "stamp": "registered",
        "postmark": "东河 11-21",
        "pages": "4",
        **changed,
    }


async def enter(desk, batch, files=(), **changed):
    """Send the form of a letter as a browser does: without a scan an empty part stands there."""
    files = [("scans", one) for one in files or [("", b"", "application/octet-stream")]]
    return await desk.clerk.post(batch, data=letter(desk, **changed), files=files)


@pytest.mark.rule("GOV-4")
async def test_letters_of_a_delivery_are_numbered_with_envelope_stamp_and_scans(desk):
    batch = await a_batch(desk)
    files = [
        ("scans", ("信封.jpg", a_scan(), "image/jpeg")),
        ("scans", ("信.jpg", a_scan("grey"), "")),
    ]
    answer = await desk.clerk.post(batch, data=letter(desk), files=files)
    assert answer.status_code == 303, said(answer.text)
    contact = await Contact.objects().first()
    assert (contact.number, contact.channel) == ("L2026-000001", "letter")
    row = await Letter.objects().first()
    assert (row.envelope, row.stamp, row.pages) == ("whole", "registered", 4)
    page = (await desk.clerk.get(f"/government/contacts/{contact.id}")).text
    assert "东河 11-21" in page
    assert "挂号信" in page
    scans = re.findall(r'img src="(/government/files/[0-9a-f-]{36})"', page)
    assert len(set(scans)) == 2
    shown = await desk.clerk.get(scans[0])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    stranger = await desk.city.client("petition_unit", unit="labour")
    assert (await stranger.get(scans[0])).status_code in (403, 404)
    listed = (await desk.clerk.get("/government/letters")).text
    assert "1 / 3" in listed
    refused = await desk.clerk.post(
        batch, data=letter(desk), files=[("scans", ("a.svg", b"<svg onload=alert(1)>", ""))]
    )
    assert refused.status_code == 422
    assert await Contact.count() == 1


@pytest.mark.rule("GOV-4")
async def test_an_anonymous_letter_is_entered_like_others(desk):
    batch = await a_batch(desk)
    answer = await enter(
        desk, batch, anonymous="1", name="", phone="", document_number="", document_kind=""
    )
    assert answer.status_code == 303, said(answer.text)
    row = await desk.city.latest()
    assert (row.anonymous, row.petitioner, row.number) == (True, None, "2026-000001")
    assert "匿名" in await desk.page(row)


@pytest.mark.rule("GOV-4")
async def test_letters_that_were_not_opened_on_their_day_are_marked(desk):
    batch = await a_batch(desk, received_on="2026-11-20")
    assert "未在收信当日拆封" in (await desk.clerk.get(batch)).text
    assert "未当日拆封" in (await desk.clerk.get("/government/letters")).text
    wrong = await desk.clerk.post(
        "/government/letters", data={"received_on": "2026-11-24", "pieces": "1"}
    )
    assert wrong.status_code == 422
    assert await LetterBatch.count() == 1


@pytest.mark.rule("GOV-1", "GOV-4")
async def test_a_letter_on_a_matter_that_was_raised_in_person_belongs_to_that_item(desk):
    number = an_id()
    first, _ = await desk.receive(document_number=number)
    batch = await a_batch(desk)
    answer = await enter(
        desk, batch, document_number=number, same=f"attach:{first.id}", decision=""
    )
    assert answer.status_code == 303, said(answer.text)
    assert await Matter.count() == 1
    channels = [row["channel"] for row in await db.fetch("SELECT channel FROM government_contact")]
    assert sorted(channels) == ["letter", "visit"]
    page = await desk.page(first)
    assert "L2026-000001" in page
    assert "V2026-000001" in page


@pytest.mark.rule("GOV-4", "GOV-31")
async def test_the_time_of_a_letter_counts_from_the_day_it_came(desk):
    batch = await a_batch(desk, received_on="2026-11-20")
    assert (await enter(desk, batch)).status_code == 303
    row = await desk.city.latest()
    found = {one.name: one for one in await clocks.of_matter(row.id, at=clock.now())}
    inform = found["government.inform"]
    assert (inform.started_on.isoformat(), inform.due.isoformat()) == ("2026-11-20", "2026-12-05")
    assert "本机关收到" in await desk.page(row), "the proof of the date names the event"


def assigned(desk, **changed):
    return {
        **desk.form(decision="later", suggestion="assign"),
        "do": "enter",
        "source": "province",
        "assigned_by": "省信访局",
        "source_number": "赣信交〔2026〕88号",
        "received_on": "2026-11-21",
        "report_by": "2027-01-20",
        "instruction": "请依法处理并报结果。",
        **changed,
    }


async def send(client, path, data):
    """Send a form that may carry files, as a browser does without one."""
    nothing = [("scans", ("", b"", "application/octet-stream"))]
    return await client.post(path, data=data, files=nothing)


@pytest.mark.rule("GOV-1", "GOV-30", "GOV-31")
async def test_an_item_that_a_superior_body_assigned_keeps_its_source_number_and_day(desk):
    wrong = await send(desk.clerk, "/government/assigned", assigned(desk, source=""))
    assert wrong.status_code == 422
    late = assigned(desk, received_on="2026-11-24")
    assert 'id="f-received_on-error"' in (await send(desk.clerk, "/government/assigned", late)).text
    early = assigned(desk, report_by="2026-11-21")
    refused = await send(desk.clerk, "/government/assigned", early)
    assert 'id="f-report_by-error"' in refused.text
    assert "赣信交〔2026〕88号" in refused.text, "what was typed stays"
    assert not await Matter.exists()
    answer = await send(desk.clerk, "/government/assigned", assigned(desk))
    assert answer.status_code == 303, said(answer.text)
    row = await desk.city.latest()
    assert (row.channel, row.source, row.source_number) == (
        "superior",
        "province",
        "赣信交〔2026〕88号",
    )
    assert (await Contact.objects().first()).number == "S2026-000001"
    due = {one.name: one.due for one in await clocks.of_matter(row.id, at=clock.now())}
    assert due["government.report_up"].isoformat() == "2027-01-20"
    page = await desk.page(row)
    assert "省级以上交办 赣信交〔2026〕88号" in page
    assert "请依法处理并报结果。" in page


@pytest.mark.rule("GOV-1")
async def test_what_a_superior_body_assigns_on_a_known_matter_belongs_to_its_item(desk):
    number = an_id()
    first, _ = await desk.receive(document_number=number)
    data = assigned(desk, document_number=number, same=f"attach:{first.id}", decision="")
    assert (await send(desk.clerk, "/government/assigned", data)).status_code == 303
    assert await Matter.count() == 1
    row = await Matter.objects().first()
    assert row.source == "province", "from now on the answer goes up"
    assert "上级就同一事项交办（S2026-000001）" in await desk.page(row)


@pytest.mark.rule("GOV-6")
async def test_what_stands_on_another_platform_is_entered_by_hand_once(desk):
    data = {
        **desk.form(decision="later", suggestion="forward"),
        "do": "enter",
        "platform": "市长信箱",
        "foreign_number": "SZXX-77",
        "sent_on": "2026-11-22",
    }
    answer = await send(desk.clerk, "/government/online/new", data)
    assert answer.status_code == 303, said(answer.text)
    page = (await desk.clerk.get(answer.headers["location"])).text
    assert "市长信箱" in page
    assert "SZXX-77" in page
    again = await send(desk.clerk, "/government/online/new", {**data, "document_number": an_id()})
    assert again.status_code == 422
    assert 'id="f-foreign_number-error"' in again.text
    assert await Matter.count() == 1


@pytest.mark.rule("GOV-3", "GOV-6")
async def test_what_somebody_writes_again_by_internet_is_marked_as_repeated(desk):
    number = an_id()
    public = await desk.city.anonymous()
    for _ in range(2):
        once = await a_form(public)
        answer = await send(
            public, "/government/write", petition(once=once, document_number=number)
        )
        assert answer.status_code in (200, 201), said(answer.text)
        assert "重复" not in answer.text, "whoever writes is told nothing of it"
    first, second = await Matter.objects().order_by(Matter.number)
    assert (first.frequency, second.frequency) == ("first", "repeat")
    assert second.same_as == first.id
    page = await desk.page(second)
    assert first.number in page
    assert "同一事项" in page


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


@pytest.mark.rule("GOV-3", "GOV-50")
async def test_an_earlier_accusation_leaves_no_trace_on_what_is_written_later(desk):
    number = an_id()
    public = await desk.city.anonymous()
    for purpose in ("accusation", "opinion"):
        data = petition(once=await a_form(public), document_number=number, purpose=purpose)
        assert (await send(public, "/government/write", data)).status_code in (200, 201)
    first, second = await Matter.objects().order_by(Matter.number)
    assert first.secret
    assert (second.frequency, second.same_as) == ("first", None)


@pytest.mark.rule("GOV-3", "GOV-5")
async def test_who_it_may_be_is_picked_without_losing_what_was_typed(desk):
    first, _ = await desk.receive()
    typed = {
        **desk.form(document_number="", document_kind="", title="另一件事", demand="要求答复"),
        "started": "",
        "caller": "0794-8220001",
    }
    look = await desk.clerk.post("/government/calls", data={**typed, "phone": "", "do": "look"})
    assert "可能是" in look.text
    chosen = str(first.petitioner)
    assert f'name="pick" value="{chosen}"' in look.text
    picked = await desk.clerk.post(
        "/government/calls", data={**typed, "phone": "", "do": "", "pick": chosen}
    )
    assert "另一件事" in picked.text
    assert "要求答复" in picked.text
    assert "139****0001" in picked.text, "what is known fills the gaps"
    assert first.number in picked.text


@pytest.mark.rule("GOV-5")
async def test_a_call_is_entered_with_its_number_rings_and_length(desk):
    form = (await desk.clerk.get("/government/calls/new")).text
    started = re.search(r'name="started" value="(\d+)"', form)[1]
    clock.CLOCK.advance(clock.from_ms(247_000) - clock.from_ms(0))
    data = {
        **desk.form(decision="later", suggestion="answer"),
        "do": "enter",
        "started": started,
        "caller": "0794-8220001",
        "rings": "5",
    }
    answer = await desk.clerk.post("/government/calls", data={**data, "rings": "x"})
    assert answer.status_code == 422
    answer = await desk.clerk.post("/government/calls", data=data)
    assert answer.status_code == 303, said(answer.text)
    call = await Call.objects().first()
    assert (call.rings, call.seconds) == (5, 247)
    page = (await desk.clerk.get(answer.headers["location"])).text
    assert "0794-8220001" in page
    assert "4:07" in page
    assert "超过规定" in page, "answered later than the third ring"
    assert "8220001" not in str(await db.fetch("SELECT * FROM government_contact"))


def petition(**changed):
    return {
        "name": "吴明",
        "document_kind": "resident_id",
        "document_number": an_id(),
        "phone": "13800001111",
        "address": "西岭区人民路3号",
        "purpose": "opinion",
        "title": "建议增设公交站",
        "demand": "在人民路增设公交站",
        "facts": "最近的车站在两公里外。",
        "website": "",
        "agree": "1",
        **changed,
    }


async def a_form(client):
    page = await client.read_token("/government/write")
    return re.search(r'name="once" value="([0-9a-f-]{36})"', page.text)[1]


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


async def after(desk, **changed):
    data = {"name": "周建国", "phone": "13907940001", "summary": "来信再次说明欠薪经过", **changed}
    return await desk.clerk.post("/government/after-visit", data=data)


@pytest.mark.rule("GOV-35")
async def test_a_letter_after_a_visit_is_acted_on_kept_or_put_aside(desk):
    row, _ = await desk.receive()
    for number in (row.number, row.number, ""):
        answer = await after(desk, number=number, written_on="2026-11-20")
        assert answer.status_code == 303, said(answer.text)
    assert (await after(desk, number="2026-009999")).status_code == 422
    assert (await after(desk, summary="")).status_code == 422
    letters = (
        await Contact.objects().where(Contact.channel == "after_visit").order_by(Contact.number)
    )
    first, second, third = (f"/government/after-visit/{one.id}" for one in letters)
    assert (await desk.clerk.post(first, data={})).status_code == 422
    await desk.clerk.post(first, data={"disposition": "keep"})
    assert "留存入档" in await desk.page(row)
    missing = await desk.clerk.post(second, data={"disposition": "idle"})
    assert missing.status_code == 422
    await desk.clerk.post(second, data={"disposition": "idle", "why_idle": "repeated"})
    nowhere = await desk.clerk.post(third, data={"disposition": "keep"})
    assert nowhere.status_code == 422, "no item is known on whose file it could be kept"
    answer = await desk.clerk.post(
        third,
        data={"disposition": "act", "title": "另有欠薪", "purpose": "request", "demand": "请查处"},
    )
    assert answer.status_code == 303, said(answer.text)
    made = await desk.city.latest()
    assert (made.channel, made.stage) == ("after_visit", "registered")
    stored = await AfterVisitLetter.objects().order_by(AfterVisitLetter.decided_at)
    assert sorted(one.disposition for one in stored) == ["act", "idle", "keep"]
    assert all(one.destroyed_at is None for one in stored), "the archive destroys, once a year"
    again = await desk.clerk.post(third, data={"disposition": "keep"}, follow_redirects=True)
    assert "已处理" in again.text


@pytest.mark.rule("GOV-35", "CORE-24")
async def test_a_letter_that_two_decide_at_once_becomes_one_item(desk):
    await after(desk)
    one = await Contact.objects().where(Contact.channel == "after_visit").first()
    data = {"disposition": "act", "title": "拖欠工资", "purpose": "request"}
    address = f"/government/after-visit/{one.id}"
    answers = await asyncio.gather(*(desk.clerk.post(address, data=data) for _ in range(2)))
    assert sorted(answer.headers["location"] for answer in answers) == [
        "/government/after-visit",
        f"/government/matters/{(await desk.city.latest()).id}",
    ]
    assert await Matter.count() == 1


@pytest.mark.rule("GOV-35")
async def test_a_threat_in_a_letter_is_told_to_the_unit_at_once(desk):
    unit = await desk.city.client("petition_unit", unit="county1_office")
    answer = await after(desk, threat="1", summary="扬言将到市里闹事")
    assert answer.status_code == 422
    for name in ("told_unit", "told_means", "told_to"):
        assert f'id="f-{name}-error"' in answer.text, name
    answer = await after(
        desk,
        threat="1",
        summary="扬言将到市里闹事",
        told_unit=str(desk.city.units["county1_office"]),
        told_means="phone",
        told_to="值班员小刘",
    )
    assert answer.status_code == 303, said(answer.text)
    row = await AfterVisitLetter.objects().first()
    assert row.told_at == clock.now()
    notices = (await unit.get("/notices")).text
    assert "扬言滋事" in notices
    assert "周建国" not in notices
    assert "值班员小刘" in (await desk.clerk.get(answer.headers["location"])).text


@pytest.mark.rule("GOV-8", "GOV-1")
async def test_the_day_list_holds_every_channel_and_names_what_lacks_a_suggestion(desk):
    visited, _ = await desk.receive(decision="")
    batch = await a_batch(desk)
    await enter(desk, batch, name="吴明", phone="13800001111")
    call = {**desk.form(decision="", name="何平", phone="13800002222"), "do": "enter"}
    await desk.clerk.post("/government/calls", data=call)
    page = (await desk.clerk.get("/government/day")).text
    for number in ("V2026-000001", "L2026-000001", "P2026-000001"):
        assert number in page
    lacking = (await desk.clerk.get("/government/day?lacking=yes")).text
    assert "V2026-000001" in lacking
    assert "L2026-000001" not in lacking
    assert "已过 17:30" not in page
    assert "尚无拟办意见" in (await desk.clerk.get("/")).text

    desk.city.travel("2026-11-23 17:32")
    await today.minute(clock.now())
    await today.minute(clock.now())
    await desk.city.later("2026-11-23 17:33", desk.clerk)
    notices = (await desk.clerk.get("/notices")).text
    assert notices.count("今日有 2 件尚无拟办意见") == 1
    assert "已过 17:30" in (await desk.clerk.get("/government/day")).text
    nothing = await desk.clerk.post(
        "/government/day/suggest", data={"matter": str(visited.id)}, follow_redirects=True
    )
    assert "请先选择拟办意见" in nothing.text
    answer = await desk.clerk.post(
        "/government/day/suggest", data={"matter": str(visited.id), "suggestion": "assign"}
    )
    assert answer.headers["location"] == "/government/day?lacking=yes", "on with the next one"
    assert "V2026-000001" not in (await desk.clerk.get("/government/day?lacking=yes")).text


@pytest.mark.rule("GOV-50", "GOV-8")
async def test_nobody_suggests_in_the_list_on_an_item_that_does_not_exist_for_them(desk):
    row = await desk.city.matter(title="举报某局长", purpose="accusation")
    answer = await desk.clerk.post(
        "/government/day/suggest", data={"matter": str(row.id), "suggestion": "forward"}
    )
    assert answer.status_code == 404


@pytest.mark.rule("GOV-35")
async def test_long_lists_have_pages(desk, monkeypatch):
    monkeypatch.setattr(after_visit, "PAGE", 2)
    monkeypatch.setattr(letters, "PAGE", 1)
    for summary in ("第一封", "第二封", "第三封"):
        await after(desk, summary=summary)
    await a_batch(desk)
    await a_batch(desk)
    first = (await desk.clerk.get("/government/after-visit")).text
    assert ("第三封" in first, "第一封" in first) == (True, False)
    assert "第一封" in (await desk.clerk.get("/government/after-visit?page=2")).text
    assert "2026-000001" in (await desk.clerk.get("/government/letters?page=2")).text


@pytest.mark.rule("GOV-50", "GOV-8")
async def test_the_day_list_leaves_out_what_a_clerk_may_not_see(desk):
    public = await desk.city.anonymous()
    once = await a_form(public)
    await send(
        public, "/government/write", petition(once=once, purpose="accusation", title="举报某局长")
    )
    assert await Matter.count() == 1
    page = (await desk.clerk.get("/government/day")).text
    assert "举报某局长" not in page
    assert "N2026-000001" not in page
    contact = await Contact.objects().first()
    assert (await desk.clerk.get(f"/government/contacts/{contact.id}")).status_code == 404
    head = await desk.city.client("petition_head", name="主任")
    assert "举报某局长" in (await head.get("/government/day")).text


@pytest.mark.rule("GOV-2")
async def test_subjects_are_a_tree_of_three_levels_that_the_head_edits(desk):
    head = await desk.city.client("petition_head", name="主任")
    page = (await head.get("/government/subjects")).text
    assert "拖欠农民工工资" in page
    add = {"name": "物业纠纷", "parent": str(desk.subjects["城乡建设"])}
    assert (await head.post("/government/subjects", data=add)).status_code == 303
    assert (await head.post("/government/subjects", data=add)).status_code == 422
    assert "物业纠纷" in (await desk.clerk.get("/government/desk")).text
    odd = await head.post("/government/subjects", data={**add, "name": "别的", "code": "1/2"})
    assert 'id="f-code-error"' in odd.text, "a code is one step of a path"
    address = f"/government/subjects/{desk.subjects['宅基地']}"
    double = await head.post(address, data={"name": "土地承包", "do": "keep"})
    assert double.status_code == 422
    assert f'id="s-{desk.subjects["宅基地"]}-error"' in double.text
    await head.post(address, data={"name": "宅基地", "do": "off"})
    assert "农村农业 / 宅基地" not in (await desk.clerk.get("/government/desk")).text
    assert (await desk.clerk.get("/government/subjects")).status_code in (403, 404)


@pytest.mark.rule("CORE-21", "GOV-6")
async def test_a_file_that_nobody_applied_is_let_go_after_a_month(desk):
    text = "编号,标题,信访目的\nP-1,物业乱收费,求决\n".encode()
    await desk.clerk.post(
        "/government/online",
        data={"platform": "省信访网"},
        files={"file": ("网上.csv", text, "text/csv")},
    )
    rule = keeping.RULES[0]
    assert await rule.find(clock.now(), 10, 0) == []
    clock.CLOCK.advance(timedelta(days=31))
    due = await rule.find(clock.now() - timedelta(days=rule.days), 10, 0)
    assert len(due) == 1

    async def nobody(visitor_id):
        raise AssertionError

    await rule.erase([due[0].record], Erasing(actor=SYSTEM, at=clock.now(), visitor=nobody))
    assert await rule.find(clock.now(), 10, 0) == []
    assert not await Matter.exists()


@pytest.mark.rule("CORE-21")
async def test_what_the_petition_office_stores_about_somebody_is_told_without_their_matter(desk):
    _, contact = await desk.receive()
    visit = await desk.registration(contact)
    told = await keeping.personal_data(visit["visitor"])
    words = str([(str(one.label), one.value) for part in told for one in part.details])
    assert "周建国" in words
    assert "139****0001" in words
    assert "拖欠" not in words
