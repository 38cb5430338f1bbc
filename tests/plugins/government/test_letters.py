"""Letters by batch, what superior bodies assign and calls: entered, dated and numbered."""

import re

import pytest

from core import clock, db
from plugins.government import clocks
from plugins.government.intake.tables import Call, Letter, LetterBatch
from plugins.government.matters.tables import Contact, Matter
from tests.plugins.government.channel_scene import (
    a_batch,
    a_form,
    a_scan,
    assigned,
    enter,
    letter,
    petition,
    send,
)
from tests.plugins.government.desk_scene import said
from tests.plugins.government.scene import an_id


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


@pytest.mark.rule("GOV-4", "GOV-5")
async def test_a_form_that_is_sent_twice_is_entered_once_and_another_letter_in_it_is_another(desk):
    batch = await a_batch(desk)
    page = (await desk.clerk.get(batch)).text
    drawn = {"once": re.search(r'name="once" value="([^"]+)"', page)[1]}
    same = letter(desk, **drawn)
    nothing = [("scans", ("", b"", "application/octet-stream"))]
    for _ in range(2):
        answer = await desk.clerk.post(batch, data=same, files=nothing)
        assert (answer.status_code, answer.headers["location"]) == (303, batch)
    assert await Contact.count() == await Matter.count() == await Letter.count() == 1
    assert "只登记了一次" in (await desk.clerk.get(batch)).text
    other = {**same, "name": "吴明", "phone": "13800002222", "document_number": an_id()}
    assert (await desk.clerk.post(batch, data=other, files=nothing)).status_code == 303
    assert await Matter.count() == 2, "who goes back and writes another letter loses nothing"

    page = (await desk.clerk.get("/government/calls/new")).text
    call = {
        **desk.form(decision="later", suggestion="forward", title="噪声扰民"),
        "do": "enter",
        "caller": "13907940009",
        "rings": "2",
        "started": re.search(r'name="started" value="(\d+)"', page)[1],
        "once": re.search(r'name="once" value="([^"]+)"', page)[1],
    }
    places = [(await desk.clerk.post("/government/calls", data=call)).headers["location"]
              for _ in range(2)]  # fmt: skip
    assert places[0] == places[1]
    assert await Call.count() == 1


@pytest.mark.rule("GOV-2")
async def test_the_desks_form_sent_twice_receives_somebody_without_papers_once(desk):
    page = (await desk.clerk.get("/government/desk")).text
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    form = desk.form(document_kind="", document_number="", phone="", once=once)
    first = await desk.clerk.post("/government/desk", data=form)
    again = await desk.clerk.post("/government/desk", data=form)
    assert (first.status_code, again.status_code) == (303, 303), said(again.text)
    assert first.headers["location"] == again.headers["location"]
    assert await Matter.count() == await Contact.count() == 1
    assert len(await db.fetch("SELECT id FROM registration")) == 1


@pytest.mark.rule("GOV-4", "CORE-20")
async def test_a_letter_of_two_hundred_scanned_pages_is_kept_as_one_file(desk):
    batch = await a_batch(desk)
    scan = b"%PDF-1.7\n" + bytes(20_000_000) + b"\n%%EOF\n"
    answer = await enter(desk, batch, [("信.pdf", scan, "application/pdf")], pages="200")
    assert answer.status_code == 303, said(answer.text)
    contact = await Contact.objects().first()
    page = (await desk.clerk.get(f"/government/contacts/{contact.id}")).text
    kept = await desk.clerk.get(re.search(r'href="(/government/files/[^"]+)"', page)[1])
    assert kept.content == scan
