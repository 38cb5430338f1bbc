"""The reception desk through its one screen: recognised, registered, decided, the receipt in hand."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.permissions import SYSTEM
from core.visitors import watch
from core.visitors.matching import Person as Visiting
from plugins.government import sealing
from plugins.government.matters.tables import Barred, Contact, Matter
from plugins.government.people import services as people
from tests.plugins.government.desk_scene import said
from tests.plugins.government.scene import an_id

pytestmark = pytest.mark.anyio


def code_of(html):
    return re.search(r'class="query-code">([A-Z0-9]{10})<', html)[1]


@pytest.mark.rule("GOV-2", "CORE-1")
async def test_whoever_comes_straight_in_is_registered_with_the_visit_in_one_act(desk):
    answer = await desk.post()
    assert answer.status_code == 303, said(answer.text)
    done = (await desk.clerk.get(answer.headers["location"])).text
    row = await desk.city.latest()
    assert row.number in done
    assert code_of(done) == await desk.city.code(row.id)
    contact = await Contact.objects().first()
    assert (contact.number, contact.heads, contact.channel) == ("V2026-000001", 1, "visit")
    visit = await desk.registration(contact)
    assert (visit["state"], visit["purpose"]) == ("inside", "government.petition")
    assert visit["host_text"] == "临川市人民来访接待室"
    assert visit["reason"] == "", "the gate's book does not say what they come for"
    person = await people.petitioner(row.petitioner)
    assert (person.name, person.birth_year, person.address) == (
        "周建国",
        1970,
        "东河县城关镇解放路12号",
    )
    stored = str(await db.fetch("SELECT * FROM government_matter")) + str(
        await db.fetch("SELECT * FROM government_petitioner")
    )
    assert "拖欠" not in stored
    assert "周建国" not in stored
    log = str(await db.fetch("SELECT act, before, after FROM log_entry"))
    assert "government.register" in log
    assert "拖欠" not in log

    receipt = (await desk.clerk.get(f"/government/contacts/{contact.id}/receipt")).text
    assert await desk.city.code(row.id) in receipt
    assert "要求支付" not in receipt, "the demand is not printed on what lies about"
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    assert (await desk.registration(contact))["state"] == "closed"


@pytest.mark.rule("GOV-2")
async def test_few_fields_are_required_and_a_rejected_form_keeps_what_was_typed(desk):
    answer = await desk.post(
        name="", title="", purpose="", document_number="", document_kind="", phone="12"
    )
    assert answer.status_code == 422
    for name in ("name", "title", "purpose", "phone"):
        assert f'id="f-{name}-error"' in answer.text, name
    assert "要求支付拖欠的工资三万元" in answer.text
    assert not await Matter.exists()
    assert not await db.fetch("SELECT id FROM registration")
    row, _ = await desk.receive(
        document_kind="", document_number="", phone="", address="", subject="", place="", demand=""
    )
    assert row.stage == "accepted"


@pytest.mark.rule("CORE-1", "GOV-2")
async def test_an_arrival_that_came_through_the_gate_is_taken_over_without_retyping(desk):
    number = an_id("19850607")
    gate = await desk.city.client("gatekeeper", name="老周")
    page = await gate.get("/desk")
    assert "government.petition" in page.text
    answer = await gate.post(
        "/desk",
        data={
            "site": str(desk.city.site.id),
            "name": "陈秀英",
            "phone": "13607941234",
            "document_kind": "resident_id",
            "document_number": number,
            "purpose": "government.petition",
            "head_count": "2",
        },
    )
    assert answer.status_code == 303, said(answer.text)
    shown = (await desk.clerk.get("/government/desk")).text
    arrival = re.search(r"arrival=([0-9a-f-]{36})", shown)[1]
    assert "陈秀英" in shown
    form = (await desk.clerk.get(f"/government/desk?arrival={arrival}")).text
    assert 'value="陈秀英"' in form
    assert number not in form, "numbers stand there masked"
    masked = re.search(r'name="document_number"[^>]*value="(\**\w{4})"', form)
    row, contact = await desk.receive(
        arrival=arrival,
        name="陈秀英",
        phone="136****1234",
        document_number=masked[1] if masked else "*" * 14 + number[-4:],
        heads="2",
    )
    assert str(contact.registration) == arrival
    assert (await people.petitioner(row.petitioner)).document == number
    assert (await people.petitioner(row.petitioner)).phone == "13607941234"
    assert len(await db.fetch("SELECT id FROM registration")) == 1
    assert (await desk.registration(contact))["state"] == "inside"
    assert "陈秀英" not in re.findall(
        r'class="visit-name"[^>]*>([^<]+)<', (await desk.clerk.get("/government/desk")).text
    )


@pytest.mark.rule("GOV-3", "GOV-1")
async def test_a_known_person_with_the_same_matter_is_suggested_as_repeated_and_attached(desk):
    number = an_id()
    first, contact = await desk.receive(document_number=number)
    assert first.frequency == "first"
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    await desk.city.later("2026-12-01 09:30", desk.clerk)
    again = desk.form(document_number=number, decision="")
    panel = (await desk.clerk.post("/government/desk/known", data=again)).text
    assert first.number in panel
    assert "重复" in panel
    assert re.search(rf'value="attach:{first.id}" checked', panel)
    other = {**again, "title": "低保申请", "subject": str(desk.subjects["低保"])}
    panel = (await desk.clerk.post("/government/desk/known", data=other)).text
    assert "此前的事项均与本次不同" in panel
    stranger = {**again, "document_number": an_id(), "phone": "13800001111", "name": "吴明"}
    panel = (await desk.clerk.post("/government/desk/known", data=stranger)).text
    assert first.number in panel, "the same place and subject within a year is pointed out"
    assert "同一人同一事项" not in panel

    row, second = await desk.receive(document_number=number, same=f"attach:{first.id}", decision="")
    assert row.id == first.id, "one item, whatever the channel"
    assert second.frequency == "repeat"
    assert len(await Matter.objects()) == 1
    assert second.number in await desk.page(row)


@pytest.mark.rule("GOV-3")
async def test_the_clerk_overrules_the_suggestion_of_first_or_repeated(desk):
    number = an_id()
    _, contact = await desk.receive(document_number=number)
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    row, _ = await desk.receive(
        document_number=number, same="", frequency="first", title="另一件", subject=""
    )
    assert row.frequency == "first"
    _, contact = await desk.receive(
        name="吴明", phone="13800001111", frequency="repeat", title="土地", subject=""
    )
    assert contact.frequency == "repeat"


@pytest.mark.rule("GOV-3")
async def test_a_group_of_five_names_at_most_five_representatives(desk):
    answer = await desk.post(heads="23", representatives="")
    assert answer.status_code == 422
    assert "集体" in said(answer.text)
    six = "\n".join(f"代表{sign}" for sign in "甲乙丙丁戊己")
    answer = await desk.post(heads="23", representatives=six)
    assert answer.status_code == 422
    assert "5" in said(answer.text)
    five = "代表甲 13900000001\n代表乙，13900000002\n代表丙\n代表丁\n代表戊"
    row, contact = await desk.receive(heads="23", representatives=five)
    assert (row.size, contact.size, row.heads) == ("group", "group", 23)
    page = await desk.page(row)
    for name in ("代表甲", "代表乙", "代表丙", "代表丁", "代表戊"):
        assert name in page
    alone, _ = await desk.receive(name="吴明", phone="13800001111", heads="4")
    assert alone.size == "few"


@pytest.mark.rule("GOV-3")
async def test_coming_over_the_head_of_the_lower_body_needs_its_reason(desk):
    answer = await desk.post(skip_level="1", skip_reason="")
    assert answer.status_code == 422
    assert 'id="f-skip_reason-error"' in answer.text
    row, _ = await desk.receive(skip_level="1", skip_reason="县里三个月没有答复")
    assert row.skip_level
    assert "县里三个月没有答复" not in str(row.skip_reason)


@pytest.mark.rule("GOV-7")
async def test_a_visit_is_received_by_two_staff_who_are_named(desk):
    answer = await desk.post(receiver="")
    assert answer.status_code == 422
    assert 'id="f-receiver-error"' in answer.text
    _, contact = await desk.receive()
    assert contact.receivers == "林小梅、许志强"


@pytest.mark.rule("GOV-50", "GOV-3")
async def test_an_earlier_accusation_by_the_person_stays_unknown_to_a_clerk_who_may_not_see_it(
    desk,
):
    number = an_id()
    row = await desk.city.matter(
        purpose="accusation", title="举报村主任", person={"document": number, "name": "周建国"}
    )
    panel = await desk.clerk.post("/government/desk/known", data=desk.form(document_number=number))
    assert row.number not in panel.text
    assert "举报" not in panel.text
    address = f"/government/desk?petitioner={row.petitioner}"
    assert (await desk.clerk.get(address)).status_code == 404
    again, contact = await desk.receive(document_number=number)
    assert again.id != row.id
    assert contact.petitioner == row.petitioner, "the same person, known to the system alone"
    head = await desk.city.client("petition_head", name="主任")
    assert "举报村主任" in (await head.get(f"/government/matters/{row.id}")).text


@pytest.mark.rule("GOV-2")
async def test_the_petitioner_is_told_by_mail_that_there_is_news_and_not_the_code(desk):
    row, _ = await desk.receive(email="zhou@example.org", send_news="1")
    sent = await db.fetch("SELECT * FROM notice WHERE channel = 'email'")
    assert len(sent) == 1
    words = str(sent)
    assert await desk.city.code(row.id) not in words
    assert "拖欠" not in words
    assert row.number not in words
    assert "zhou@example.org" not in words, "the address lies encrypted"


@pytest.mark.rule("CORE-15", "CORE-1")
async def test_whoever_the_gate_holds_is_received_and_the_desk_is_told_why(desk):
    number = an_id()
    await watch.add(
        Visiting(name="周建国", document_kind="resident_id", document_number=number),
        action="barred",
        reason="曾扰乱秩序",
        until=None,
        actor=replace(SYSTEM, permissions=frozenset({"core:watch:write"})),
        at=clock.now(),
    )
    answer = await desk.post(document_number=number)
    assert answer.status_code == 303, said(answer.text)
    contact = await Contact.objects().first()
    assert (await desk.registration(contact))["state"] == "held"
    page = (await desk.clerk.get(answer.headers["location"])).text
    assert "门岗" in page


@pytest.mark.rule("GOV-1")
async def test_contacts_are_numbered_for_each_channel_without_gaps(desk):
    for n in range(3):
        _, contact = await desk.receive(name=f"访客{'甲乙丙'[n]}", phone=f"1390000100{n}")
        assert contact.number == f"V2026-00000{n + 1}"
    await desk.post(title="")
    _, contact = await desk.receive(name="访客丁", phone="13900001009")
    assert contact.number == "V2026-000004", "a rejected form takes no number"


async def test_the_texts_of_a_contact_open_only_with_the_plugins_key(desk):
    _, contact = await desk.receive()
    assert "要求" not in contact.summary_cipher
    text = sealing.unseal(
        contact.summary_cipher, "government_contact", "summary_cipher", contact.id
    )
    assert text.startswith("要求支付拖欠的工资")
    assert contact.ended_at is None
    assert clock.now() - contact.received_at < timedelta(minutes=1)


@pytest.mark.rule("GOV-3", "GOV-49")
async def test_nothing_is_joined_to_an_item_that_does_not_exist_for_who_enters_it(desk):
    hidden = await desk.city.matter()
    await Barred.insert(
        Barred(matter=hidden.id, user=desk.clerk.user_id, why="recusal", since=clock.now())
    )
    for chosen in (hidden.id, uuid4()):
        for how in ("again", "attach"):
            answer = await desk.post(same=f"{how}:{chosen}")
            assert answer.status_code == 404, how
    assert await Matter.count() == 1


@pytest.mark.rule("GOV-8")
async def test_a_suggestion_whose_grounds_are_too_long_is_not_entered_without_them(desk):
    row, _ = await desk.receive(decision="later", suggestion="accept")
    data = {"matter": str(row.id), "suggestion": "accept", "suggestion_text": "长" * 2001}
    answer = await desk.clerk.post("/government/day/suggest", data=data, follow_redirects=True)
    assert "2000" in answer.text
    kept = await db.fetch("SELECT count(*) AS n FROM government_suggestion")
    assert kept[0]["n"] == 1


async def test_an_item_is_found_by_its_number_without_the_year(desk):
    row, _ = await desk.receive()
    other, _ = await desk.receive(name="李雷", phone="13700001111", document_number=an_id())
    for text in ("1", "000001", row.number):
        page = (await desk.clerk.get("/government/matters", params={"text": text})).text
        found = page[page.index("<tbody") :]
        assert row.number in found, text
        assert other.number not in found, text
    await desk.receive(name="王芳", phone="13700010001", document_number=an_id())
    page = (await desk.clerk.get("/government/matters", params={"text": row.number})).text
    assert "王芳" not in page, "the number of an item is not taken for the end of a phone number"
    assert "王芳" in (await desk.clerk.get("/government/matters", params={"text": "0001"})).text
