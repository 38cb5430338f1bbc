"""Asking after an item without an account: by code and document, one's rights, letters, satisfaction."""

import asyncio
import io
import re

import pypdf
import pytest

from core import clock, db
from plugins.government.asking import checking, news
from plugins.government.matters.tables import Matter
from tests.plugins.government.chain import handled_by, sign
from tests.plugins.government.scene import an_id

pytestmark = pytest.mark.anyio
WRONG = "查询码或证件号后四位不正确"


async def ask(client, code, tail):
    """Fill in the public form and send it."""
    await client.read_token("/government/ask")
    return await client.post("/government/ask", data={"code": code, "tail": tail})


async def opened(city, client, matter, tail):
    """Ask with the right code; returns the address of the item's page."""
    answer = await ask(client, await city.code(matter.id), tail)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.rule("GOV-36", "GOV-55")
async def test_code_and_document_tail_show_states_dates_rights_and_nothing_secret(city):
    document = an_id()
    chain = await handled_by(city, person={"document": document})
    phone = await city.anonymous()
    page = await phone.get(await opened(city, phone, chain.matter, document[-4:].lower()))
    assert chain.matter.number in page.text
    assert "您的信访事项正在办理" in page.text
    assert "2027-01-22" in page.text
    assert "市人力资源和社会保障局" in page.text
    for secret in ("周建国", "拖欠工资", "三万元", document, "内部", "接待员小陈"):
        assert secret not in page.text, secret
    assert "30" not in page.headers.get("set-cookie", "")

    await chain.issue()
    address = await opened(city, phone, chain.matter, document[-4:])
    page = await phone.get(address)
    assert "自意见书送达您之日起" in page.text
    assert "不予支持" not in page.text, "what was not delivered is not shown"
    await chain.deliver()
    page = await phone.get(address)
    assert "2026-12-23" in page.text
    assert "以书面形式申请复查" in page.text
    assert "临川市人民政府" in page.text, "who answers the review"


@pytest.mark.rule("GOV-36")
async def test_wrong_codes_and_wrong_documents_cannot_be_told_apart_and_are_limited(city):
    document = an_id()
    await city.client("petition_clerk")
    matter = await city.matter(person={"document": document})
    code = await city.code(matter.id)
    phone = await city.anonymous()

    def bare(text):
        text = re.sub(r'value="[^"]*"', "", text)
        return re.sub(r'(csrf-token" content=|x-csrftoken": )"[^"]*"', "", text)

    wrong_tail = await ask(phone, code, "0000")
    wrong_code = await ask(phone, "ABCDEFGHJK", document[-4:])
    assert (wrong_tail.status_code, wrong_code.status_code) == (422, 422)
    assert WRONG in wrong_tail.text
    assert bare(wrong_tail.text) == bare(wrong_code.text)
    codes = [(await ask(phone, code, "1111")).status_code for _ in range(8)]
    assert codes[-1] == 429
    right = await ask(phone, code, document[-4:])
    assert right.status_code == 429, "the right one has to wait, too"
    other = await city.anonymous()
    assert (await ask(other, code, document[-4:])).status_code == 429, "the code is tried out"
    clock.CLOCK.travel(city.travel("2026-11-23 10:10"), running=False)
    assert (await ask(other, code, document[-4:])).status_code == 303


@pytest.mark.rule("GOV-36")
async def test_many_tries_at_once_get_no_more_looks_than_one_after_the_other(city):
    document = an_id()
    await city.client("petition_clerk")
    matter = await city.matter(person={"document": document})
    code = await city.code(matter.id)
    phones = [await city.anonymous() for _ in range(4)]
    for phone in phones:
        await phone.read_token("/government/ask")
    tails = [f"{number:04}" for number in range(9000, 9024) if f"{number:04}" != document[-4:]]
    answers = await asyncio.gather(
        *(
            phones[order % 4].post("/government/ask", data={"code": code, "tail": tail})
            for order, tail in enumerate(tails)
        )
    )
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {422, 429}
    assert statuses.count(422) <= checking.BY_CODE.tries


@pytest.mark.rule("GOV-36")
async def test_a_whole_document_number_and_a_code_with_gaps_are_understood(city):
    document = an_id()
    await city.client("petition_clerk")
    matter = await city.matter(person={"document": document})
    code = await city.code(matter.id)
    phone = await city.anonymous()
    spaced = f" {code[:5].lower()}-{code[5:]} "
    assert (await ask(phone, spaced, document)).status_code == 303
    for _ in range(12):
        assert (await ask(phone, code, document[-4:])).status_code == 303, "right ones cost no try"


@pytest.mark.rule("GOV-36")
async def test_who_gave_no_document_is_known_by_the_tail_of_the_phone(city):
    await city.client("petition_clerk")
    matter = await city.matter(person={"document": "", "document_kind": ""})
    phone = await city.anonymous()
    assert (await ask(phone, await city.code(matter.id), "0001")).status_code == 303
    with_document = await city.matter()
    assert (await ask(phone, await city.code(with_document.id), "0001")).status_code == 422


@pytest.mark.rule("GOV-36", "GOV-55")
async def test_own_opinions_are_read_after_the_check_for_half_an_hour_and_others_never(city):
    document = an_id()
    chain = await handled_by(city, person={"document": document})
    await chain.issue()
    await chain.deliver()
    other = await handled_by(city)
    await other.issue()
    await other.deliver()
    phone = await city.anonymous()
    address = await opened(city, phone, chain.matter, document[-4:])
    page = await phone.get(address)
    link = re.search(rf'href="({address}/opinion/[^"]+)"', page.text)[1]
    letter = await phone.get(link)
    assert "不予支持" in letter.text
    assert "30日内" in letter.text, "the rights stand on it"
    number = (await chain.last()).label
    assert number.startswith("信访处〔2026〕")
    assert number in letter.text
    paper = re.search(rf'href="({address}/paper/[^"]+)"', letter.text)[1]
    printed = await phone.get(paper)
    assert printed.headers["content-type"] == "application/pdf"
    said = pypdf.PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    for text in ("不予支持", "市人力资源和社会保障局", "临川市人民政府", "30日"):
        assert text in "".join(said.split()), text
    foreign_paper = (await other.last()).document
    assert (await phone.get(f"{address}/paper/{foreign_paper}")).status_code == 404
    foreign = (await other.last()).id
    assert (await phone.get(f"{address}/opinion/{foreign}")).status_code == 404
    clock.CLOCK.travel(city.travel("2026-11-23 09:31"), running=False)
    for path in (address, link):
        gone = await phone.get(path)
        assert gone.status_code == 404
        assert "半小时" in gone.text
    assert (await phone.get("/government/ask/made-up")).status_code == 404


@pytest.mark.rule("GOV-36")
async def test_the_desk_tells_who_shows_document_and_receipt_and_a_reply_goes_through_sign_off(
    city,
):
    document = an_id()
    chain = await handled_by(city, person={"document": document})
    code = await city.code(chain.matter.id)
    wrong = await chain.clerk.post("/government/asking", data={"code": code, "tail": "0000"})
    assert wrong.status_code == 422
    told = await chain.clerk.post("/government/asking", data={"code": code, "tail": document[-4:]})
    assert "您的信访事项正在办理" in told.text
    acts = [row["act"] for row in await db.fetch("SELECT act FROM log_entry")]
    assert "government.asked" in acts

    head = await city.client("petition_head", name="主任老李")
    path = f"{chain.path}/reply"
    assert (await chain.clerk.post(path, data={"text": ""})).status_code == 422
    await chain.clerk.post(path, data={"text": "您反映的问题正在调查，预计十二月中旬答复。"})
    row = (await db.fetch("SELECT * FROM government_reply"))[0]
    assert row["state"] == "waiting"
    assert "十二月中旬" not in str(dict(row))
    early = await chain.clerk.post(
        f"/government/replies/{row['id']}/sent", data={"on": "2026-11-23", "method": "registered"}
    )
    assert early.status_code == 422
    await sign(head, row["approval"])
    await chain.clerk.post(
        f"/government/replies/{row['id']}/sent", data={"on": "2026-11-23", "method": "registered"}
    )
    phone = await city.anonymous()
    address = await opened(city, phone, chain.matter, document[-4:])
    page = await phone.get(address)
    link = re.search(rf'href="({address}/reply/[^"]+)"', page.text)[1]
    assert "十二月中旬" in (await phone.get(link)).text


@pytest.mark.rule("GOV-36")
async def test_an_email_says_only_that_there_is_news(city):
    chain = await handled_by(city, person={"email": "zhou@example.cn"})
    await chain.issue()
    await news.tell(city.travel("2026-11-23 09:30"))
    rows = await db.fetch("SELECT * FROM notice WHERE channel = 'email'")
    about = [row for row in rows if row["key"].startswith("government.news/")]
    assert len(about) == 1
    text = str(dict(about[0]))
    for secret in (chain.matter.number, "周建国", "不予支持", "zhou@example.cn"):
        assert secret not in text
    await news.tell(city.travel("2026-11-23 09:40"))
    again = await db.fetch("SELECT key FROM notice WHERE channel = 'email'")
    assert len([row for row in again if row["key"].startswith("government.news/")]) == 1


@pytest.mark.rule("GOV-52")
async def test_office_and_unit_are_rated_apart_once_and_the_unhappy_are_followed_up(city):
    document = an_id()
    chain = await handled_by(city, person={"document": document})
    phone = await city.anonymous()
    address = await opened(city, phone, chain.matter, document[-4:])
    early = await phone.post(
        f"{address}/rate", data={"target": "unit", "score": "satisfied"}, follow_redirects=True
    )
    assert "现在还不能评价" in early.text
    bare = await phone.post(f"{address}/rate", data={"target": "office", "score": ""})
    assert bare.status_code == 422
    await phone.post(f"{address}/rate", data={"target": "office", "score": "satisfied"})
    again = await phone.post(
        f"{address}/rate", data={"target": "office", "score": "unsatisfied"}, follow_redirects=True
    )
    assert "已经评价过了" in again.text
    await chain.issue()
    await chain.clerk.post(
        f"{chain.path}/rate",
        data={"target": "unit", "score": "unsatisfied", "means": "call", "remark": "没人理我"},
    )
    rows = await db.fetch(
        "SELECT target, score, means, unit FROM government_rating ORDER BY target"
    )
    assert [(r["target"], r["score"], r["means"]) for r in rows] == [
        ("office", "satisfied", "link"),
        ("unit", "unsatisfied", "call"),
    ]
    assert rows[1]["unit"] == city.units["labour"]
    listed = await chain.clerk.get("/government/satisfaction?open=yes")
    assert "没人理我" in listed.text
    found = (await db.fetch("SELECT id FROM government_rating WHERE target = 'unit'"))[0]["id"]
    bare = await chain.clerk.post(f"/government/satisfaction/{found}", data={"note": ""})
    assert bare.status_code == 422
    await chain.clerk.post(f"/government/satisfaction/{found}", data={"note": "已电话致歉"})
    assert "没人理我" not in (await chain.clerk.get("/government/satisfaction?open=yes")).text
    stranger = await city.client("petition_unit", unit="housing")
    assert (await stranger.get("/government/satisfaction")).status_code == 403


@pytest.mark.rule("GOV-52")
async def test_who_said_nothing_is_called_back_for_office_and_unit_at_once(city):
    chain = await handled_by(city, person={"phone": "13907940077"})
    await chain.issue()
    await chain.deliver()
    clerk = chain.clerk
    assert chain.matter.number not in (await clerk.get("/government/call-backs")).text
    await db.execute(
        "UPDATE government_matter SET stage = 'closed', closed_at = {} WHERE id = {}",
        clock.now(),
        chain.matter.id,
    )
    assert chain.matter.number in (await clerk.get("/government/call-backs")).text
    form = await clerk.get(f"{chain.path}/call-back")
    assert "13907940077" in form.text
    acts = [row["act"] for row in await db.fetch("SELECT act FROM log_entry")]
    assert "government.call_back_number" in acts, "who saw the number is on record"
    bare = await clerk.post(f"{chain.path}/call-back", data={"reached": "yes"})
    assert bare.status_code == 422
    missed = await clerk.post(f"{chain.path}/call-back", data={"reached": "no"})
    assert missed.status_code == 303
    assert chain.matter.number in (await clerk.get("/government/call-backs")).text
    said = {"reached": "yes", "office": "satisfied", "unit": "unsatisfied", "remark": "拖了太久"}
    assert (await clerk.post(f"{chain.path}/call-back", data=said)).status_code == 303
    rows = await db.fetch("SELECT target, score, means FROM government_rating ORDER BY target")
    assert [(row["target"], row["score"], row["means"]) for row in rows] == [
        ("office", "satisfied", "call"),
        ("unit", "unsatisfied", "call"),
    ]
    assert chain.matter.number not in (await clerk.get("/government/call-backs")).text
    assert (await clerk.get(f"{chain.path}/call-back")).status_code == 404
    assert (await chain.unit_clerk.get("/government/call-backs")).status_code == 403


@pytest.mark.rule("GOV-52", "GOV-50")
async def test_nobody_calls_back_about_an_item_they_may_not_see_nor_for_ever(city):
    chain = await handled_by(city, purpose="accusation")
    other = await handled_by(city)
    for one in (chain, other):
        await db.execute(
            "UPDATE government_matter SET stage = 'closed', closed_at = {} WHERE id = {}",
            clock.now(),
            one.matter.id,
        )
    page = (await chain.clerk.get("/government/call-backs")).text
    assert chain.matter.number not in page
    assert (await chain.clerk.get(f"{chain.path}/call-back")).status_code == 404
    for _ in range(3):
        assert other.matter.number in (await chain.clerk.get("/government/call-backs")).text
        await chain.clerk.post(f"{other.path}/call-back", data={"reached": "no"})
    assert other.matter.number not in (await chain.clerk.get("/government/call-backs")).text


@pytest.mark.rule("GOV-52")
async def test_a_note_is_not_lost_when_too_many_come_from_one_address(city):
    await city.client("petition_clerk")
    phone = await city.anonymous()
    await phone.read_token("/government/box")
    answers = [
        await phone.post("/government/box", data={"text": f"意见{number}"}) for number in range(21)
    ]
    assert {answer.status_code for answer in answers[:20]} == {303}
    assert answers[20].status_code == 429
    assert "意见20" in answers[20].text


@pytest.mark.rule("GOV-52")
async def test_the_opinions_box_takes_notes_without_a_name(city):
    clerk = await city.client("petition_clerk")
    phone = await city.anonymous()
    await phone.read_token("/government/box")
    assert (await phone.post("/government/box", data={"text": ""})).status_code == 422
    await phone.post("/government/box", data={"text": "窗口太少，排队太久"})
    await phone.post("/government/box", data={"text": "买药", "website": "http://x"})
    page = await clerk.get("/government/box/notes")
    assert "排队太久" in page.text
    assert "买药" not in page.text
    found = (await db.fetch("SELECT id, text_cipher FROM government_box_note"))[0]
    assert "排队" not in found["text_cipher"]
    await clerk.post(f"/government/box/notes/{found['id']}", data={"done": "已增设两个窗口"})
    assert "已增设两个窗口" in (await clerk.get("/government/box/notes")).text


@pytest.mark.rule("GOV-45")
async def test_the_head_keeps_up_what_the_public_reads(city):
    head = await city.client("petition_head")
    clerk = await city.client("petition_clerk")
    assert (await clerk.get("/government/office/edit")).status_code == 403
    bare = await head.post("/government/office/edit", data={"name": "", "phone": "0794-8220000"})
    assert bare.status_code == 422
    assert "0794-8220000" in bare.text
    await head.post(
        "/government/office/edit",
        data={
            "name": "临川市人民来访接待室",
            "address": "临川大道1号",
            "phone": "0794-8220000",
            "email": "lf@example.cn",
            "hours": "周一至周五 9:00-12:00",
            "how_to_query": "凭受理凭证和身份证查询",
            "workflow": "登记\n受理\n办理",
            "laws": "信访工作条例",
            "lawyers": "每周三上午",
        },
    )
    await head.post(
        f"/government/office/units/{city.units['county1_office']}",
        data={"phone": "0794-7770000", "hours": "工作日", "leader_days": "每月15日"},
    )
    phone = await city.anonymous()
    page = (await phone.get("/government/office")).text
    for text in (
        "临川大道1号", "0794-8220000", "lf@example.cn", "周一至周五", "信访工作条例", "每周三上午",
        "凭受理凭证和身份证查询", "东河县信访局", "0794-7770000", "每月15日", "/government/ask",
    ):  # fmt: skip
        assert text in page, text
    assert "西岭区信访局" not in page, "nothing is known of it yet"
    assert 'href="tel:07948220000"' in page
    assert 'href="mailto:lf@example.cn"' in page
    assert "/government/write" in page
    assert "如何到达" not in page, "what is empty is not shown"


@pytest.mark.rule("GOV-36")
async def test_a_destroyed_item_is_not_found_any_more(city):
    document = an_id()
    await city.client("petition_clerk")
    matter = await city.matter(person={"document": document})
    code = await city.code(matter.id)
    await Matter.update({Matter.stage: "destroyed"}).where(Matter.id == matter.id)
    answer = await ask(await city.anonymous(), code, document[-4:])
    assert answer.status_code == 422


@pytest.mark.rule("GOV-45")
async def test_the_bare_address_leads_a_petitioner_to_office_letter_and_query(city):
    await city.client("petition_clerk")  # without an account there is the set-up alone
    stranger = await city.anonymous()
    led = await stranger.get("/")
    page = await stranger.get(led.headers["location"])
    for path in ("/government/office", "/government/write", "/government/ask"):
        assert f'href="{path}"' in page.text, path
        assert (await stranger.get(path)).status_code == 200
    await db.execute("UPDATE site SET active = {}", False)
    bare = await stranger.get("/sign-in")
    assert "/government/" not in bare.text, "nothing is offered that is not there"


@pytest.mark.rule("GOV-36", "GOV-55")
async def test_the_notice_on_a_request_for_review_is_among_the_petitioners_own_papers(city):
    document = an_id()
    chain = await handled_by(city, person={"document": document})
    await chain.issue()
    await chain.deliver()
    assert (await chain.ask()).status_code == 303
    phone = await city.anonymous()
    address = await opened(city, phone, chain.matter, document[-4:])
    [notice] = await db.fetch(
        "SELECT id FROM issued_document WHERE kind = 'government.review_notice'"
    )
    page = (await phone.get(address)).text
    assert f"{address}/paper/{notice['id']}" in page
    printed = await phone.get(f"{address}/paper/{notice['id']}")
    assert printed.headers["content-type"] == "application/pdf"
