"""The desk as a clerk meets it: forms in, pages out, nothing typed lost."""

import re

import pytest

from core import clock
from core.permissions import SYSTEM
from core.registrations.tables import Companion, Registration
from core.visitors.tables import Visitor
from tests.core.registrations.reception import LI, WANG
from tests.web.visits import ARRIVAL, WRONG_DIGIT, act, arrive, state_of


@pytest.mark.rule("CORE-1", "CORE-3")
async def test_an_arrival_is_registered_and_its_page_says_what_to_do_next(desk, host):
    page = await desk.get("/desk")
    assert page.status_code == 200
    assert "南门" in page.text
    visit = await arrive(desk)
    row = await Registration.objects().first()
    assert (row.id, row.host, row.document_shown) == (visit, host, True)
    shown = await desk.get(f"/registrations/{visit}")
    for text in ("王小明", row.number, "张明", "谈合同", "138****1234", "0755-12345678"):
        assert text in shown.text
    assert "13800001234" not in shown.text
    assert WANG not in shown.text
    assert f'action="/registrations/{visit}/admit"' in shown.text


@pytest.mark.rule("CORE-5", "CORE-6", "CORE-12")
async def test_the_whole_way_by_buttons(desk, host):
    visit = await arrive(desk)
    asked = await act(desk, visit, "admit", version=1)
    assert asked.status_code == 303
    assert "请先联系" in (await desk.get(asked.headers["location"])).text
    await act(desk, visit, "consent", by="张明", means="phone", given="yes")
    admitted = await act(desk, visit, "admit", paper="a4")
    assert admitted.headers["location"] == f"/registrations/{visit}"
    assert await state_of(visit) == "inside"
    slip = await desk.get(f"/registrations/{visit}/slip/a4.pdf")
    assert slip.headers["content-type"] == "application/pdf"
    assert slip.content.startswith(b"%PDF")
    again = await act(desk, visit, "slip", paper="a4")
    assert (await desk.get(again.headers["location"])).content == slip.content
    left = await act(desk, visit, "leave")
    assert await state_of(visit) == "left"
    assert "回执" in (await desk.get(left.headers["location"])).text
    await act(desk, visit, "stub", signed="1")
    assert await state_of(visit) == "closed"


async def test_the_thermal_slip_and_who_has_none(desk, client_as, host):
    visit = await arrive(desk)
    assert (await desk.get(f"/registrations/{visit}/slip/thermal.pdf")).status_code == 404
    printed = await act(desk, visit, "slip", paper="thermal")
    assert printed.headers["location"].endswith("/slip/thermal.pdf")
    assert (await desk.get(printed.headers["location"])).content.startswith(b"%PDF")
    assert (await act(desk, visit, "slip", paper="postcard")).status_code == 404
    auditor = await client_as("auditor")
    assert (await auditor.get(printed.headers["location"])).status_code == 403


@pytest.mark.rule("CORE-2")
@pytest.mark.parametrize("typed", ["小明", "wxm", "wangxiaoming", "1234", "002X", WANG])
async def test_a_returning_visitor_is_found_while_typing_and_the_form_is_filled_in(
    desk, host, typed
):
    visit = await arrive(desk)
    await act(desk, visit, "cancel", reason="走了")
    found = await desk.post("/desk/find", data={"q": typed}, headers={"hx-request": "true"})
    visitor = (await Visitor.objects().first()).id
    assert f"/desk?visitor={visitor}" in found.text
    assert "13800001234" not in found.text
    form = (await desk.get(f"/desk?visitor={visitor}")).text
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    inputs = dict(re.findall(r'value="([^"]*)" id="f-(\w+)"', form))
    assert values["visitor_id"] == str(visitor)
    by_name = {name: value for value, name in inputs.items()}
    assert by_name["name"] == "王小明"
    assert by_name["phone"] == "138****1234"
    assert by_name["document_number"] == "*" * 14 + "002X"
    again = await arrive(
        desk,
        visitor_id=str(visitor),
        phone="138****1234",
        document_number="*" * 14 + "002X",
    )
    rows = await Registration.objects().where(Registration.visitor == visitor)
    assert {row.id for row in rows} == {visit, again}
    assert await Visitor.count() == 1
    stored = await Visitor.objects().first()
    assert stored.version == 1


async def test_who_is_here_already_is_shown_with_the_visit_instead_of_a_new_form(desk, host):
    visit = await arrive(desk)
    found = await desk.post("/desk/find", data={"q": "王小明"}, headers={"hx-request": "true"})
    assert f"/registrations/{visit}" in found.text
    assert "/desk?visitor=" not in found.text
    twice = await desk.post("/desk", data=ARRIVAL)
    assert twice.status_code == 422
    assert "已在登记中" in twice.text


async def test_without_javascript_the_search_answers_with_the_page(desk, host):
    visit = await arrive(desk)
    await act(desk, visit, "cancel", reason="走了")
    page = await desk.post("/desk/find", data={"q": "王小明"})
    assert "<!doctype html>" in page.text
    assert "/desk?visitor=" in page.text


# -- what cannot be taken comes back as it was typed, with the error beside the field

BAD = {
    "no name": ({"name": ""}, "name"),
    "only blanks": ({"name": "   "}, "name"),
    "a name of signs": ({"name": "===="}, "name"),
    "a script": ({"name": "<script>alert(1)</script>"}, "name"),
    "a formula": ({"name": '=HYPERLINK("http://x")'}, "name"),
    "NUL": ({"name": "王\x00小明"}, "name"),
    "a name too long": ({"name": "王" * 51}, "name"),
    "no reason": ({"reason": ""}, "reason"),
    "a reason too long": ({"reason": "因" * 501}, "reason"),
    "NUL in the reason": ({"reason": "a\x00b"}, "reason"),
    "nobody to visit": ({"host": ""}, "host"),
    "a phone of letters": ({"phone": "一三八"}, "phone"),
    "a phone too short": ({"phone": "12"}, "phone"),
    "no kind of document": ({"document_kind": ""}, "document_kind"),
    "an unknown kind": ({"document_kind": "library_card"}, "document_kind"),
    "a kind without number": ({"document_number": ""}, "document_number"),
    "a wrong check digit": ({"document_number": WRONG_DIGIT}, "document_number"),
    "too few digits": ({"document_number": "11010519491231"}, "document_number"),
    "a month 13": ({"document_number": "110105194913310024"}, "document_number"),
    "a purpose nobody offers": ({"purpose": "core.bribe"}, "purpose"),
    "no people": ({"head_count": "0"}, "head_count"),
    "too many people": ({"head_count": "501"}, "head_count"),
    "half a person": ({"head_count": "1.5"}, "head_count"),
    "no time of day": ({"leave_at": "25:00"}, "leave_at"),
    "a plate of signs": ({"plate": "@@@"}, "plate"),
    "a companion without a name": ({"companions": "13800001111"}, "companions"),
}


async def test_a_rejected_form_comes_back_as_it_was_typed(desk, host):
    for case, (changes, field) in BAD.items():
        answer = await desk.post("/desk", data={**ARRIVAL, **changes})
        assert answer.status_code == 422, case
        assert await Registration.count() == 0, case
        assert await Visitor.count() == 0, case
        assert f'id="f-{field}-error"' in answer.text, case
        beside = re.search(rf'id="f-{field}"[^>]*>', answer.text)[0]
        assert 'aria-invalid="true"' in beside, case
        assert f"f-{field}-error" in beside, case
        kept = {**ARRIVAL, **changes}
        for name in ("name", "reason", "phone", "host"):
            if name != field:
                assert f'value="{kept[name]}"' in answer.text, (case, name)
        assert "<script>alert" not in answer.text, case


async def test_hostile_texts_that_may_stand_in_a_book_are_shown_as_text(desk, host):
    visit = await arrive(
        desk,
        reason="<img src=x onerror=alert(1)> \"' {{7*7}}",
        organisation="=cmd|' /C calc'!A0",
        remark="甲\u202e乙\n第二行",
        document_kind="passport",
        document_number="E12345678",
    )
    page = (await desk.get(f"/registrations/{visit}")).text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "{{7*7}}" in page
    assert "\u202e" not in page
    row = await Registration.objects().first()
    assert row.remark == "甲乙\n第二行"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"phone": "１３８ ００００ １２３４"}, "138****1234"),
        ({"phone": "＋８６（138）0000－1234"}, "138****1234"),
        ({"phone": "０７５５—２６００１２３４"}, "0755-****1234"),
        ({"document_number": "１１０１０５１９４９１２３１００２ｘ"}, "*" * 14 + "002X"),
        ({"document_number": "110105 19491231 002x"}, "*" * 14 + "002X"),
        ({"name": "王 小　明"}, "王小明"),
        ({"plate": "粤Ｂ·12345"}, "粤B12345"),
        ({"head_count": "３"}, "×3"),
    ],
)
async def test_what_a_chinese_keyboard_gives_is_understood(desk, host, typed, stored):
    visit = await arrive(desk, **typed)
    assert stored in (await desk.get(f"/registrations/{visit}")).text


@pytest.mark.rule("CORE-3")
async def test_a_wrong_check_digit_is_kept_only_after_checking_by_eye_and_is_marked(desk, host):
    typed = {**ARRIVAL, "document_number": WRONG_DIGIT}
    answer = await desk.post("/desk", data=typed)
    assert answer.status_code == 422
    assert 'name="document_by_eye"' in answer.text
    visit = await arrive(desk, document_number=WRONG_DIGIT, document_by_eye="1")
    visitor = await Visitor.objects().first()
    assert visitor.document_by_eye
    assert "人工核验" in (await desk.get(f"/registrations/{visit}")).text
    assert 'name="document_by_eye"' not in (await desk.get("/desk")).text


async def test_by_eye_says_nothing_about_a_sound_number(desk, host):
    await arrive(desk, document_by_eye="1")
    assert not (await Visitor.objects().first()).document_by_eye


@pytest.mark.rule("CORE-2")
async def test_a_known_document_under_another_name_is_asked_about_in_the_form(desk, host):
    visit = await arrive(desk)
    await act(desk, visit, "cancel", reason="走了")
    answer = await desk.post("/desk", data={**ARRIVAL, "name": "王晓明"})
    assert answer.status_code == 422
    assert 'name="same_person"' in answer.text
    assert "王小明" in answer.text
    await arrive(desk, name="王晓明", same_person="1")
    assert (await Visitor.objects().first()).name == "王晓明"


async def test_companions_stand_one_on_a_line(desk, host):
    await arrive(desk, companions="李雷 13900002345\n韩梅梅\n\nJohn Smith，+44 20 7946 0000")
    assert await Companion.count() == 3
    assert (await Registration.objects().first()).head_count == 4


async def test_another_purpose_draws_the_form_anew_and_keeps_what_was_typed(desk, host):
    answer = await desk.post("/desk/form", data={**ARRIVAL, "purpose": "core.delivery"})
    assert answer.status_code == 200
    assert 'value="王小明"' in answer.text
    assert re.search(r'<option value="core.delivery" selected>', answer.text)
    assert await Registration.count() == 0
    arrived = await desk.post(
        "/desk",
        data={
            "name": "快递员",
            "document_kind": "none",
            "purpose": "core.delivery",
            "host": "张明",
        },
    )
    assert arrived.status_code == 303


async def test_none_shown_is_an_answer_and_the_visit_waits_for_a_decision(desk, client_as, host):
    visit = await arrive(desk, document_kind="none", document_number="")
    await act(desk, visit, "consent", by="张明", means="phone", given="yes")
    await act(desk, visit, "admit")
    assert await state_of(visit) == "held"
    assert (await act(desk, visit, "release", reason="认识")).status_code == 403
    chief = await client_as("duty_officer", name="孙队")
    empty = await act(chief, visit, "release", reason="")
    assert empty.status_code == 422
    assert 'id="why-release-error"' in empty.text
    await act(chief, visit, "release", reason="校长熟人")
    await act(desk, visit, "admit")
    assert await state_of(visit) == "inside"
    page = (await desk.get(f"/registrations/{visit}")).text
    assert "校长熟人" in page
    assert "孙队" in page


@pytest.mark.rule("CORE-8")
async def test_a_correction_shows_before_and_after(desk, host):
    visit = await arrive(desk)
    form = await desk.get(f"/registrations/{visit}/correct")
    assert "谈合同" in form.text
    data = {
        "version": "1",
        "document_kind": "resident_id",
        "document_number": "*" * 14 + "002X",
        "host": "张明",
        "host_id": str(host),
        "reason": "送材料",
        "head_count": "2",
    }
    bad = await act(desk, visit, "correct", **{**data, "head_count": "many"})
    assert bad.status_code == 422
    assert "送材料" in bad.text
    assert (await act(desk, visit, "correct", **data)).status_code == 303
    page = (await desk.get(f"/registrations/{visit}")).text
    assert "<del>谈合同</del>" in page
    stale = await act(desk, visit, "correct", **data)
    assert "别人" in (await desk.get(stale.headers["location"])).text


async def test_a_document_found_later_is_entered_by_correction(desk, host):
    visit = await arrive(desk, document_kind="none", document_number="")
    data = {
        "version": "1",
        "document_kind": "driving_licence",
        "document_number": LI,
        "host": "张明",
        "reason": "谈合同",
        "head_count": "1",
    }
    assert (await act(desk, visit, "correct", **data)).status_code == 303
    row = await Registration.objects().first()
    assert row.document_shown
    assert "***0014" in (await desk.get(f"/registrations/{visit}")).text


async def test_consent_without_a_name_comes_back_beside_its_field(desk, host):
    visit = await arrive(desk)
    answer = await act(desk, visit, "consent", by="", means="phone", given="yes")
    assert answer.status_code == 422
    assert 'id="f-by-error"' in answer.text


async def test_hosts_are_offered_by_name_pinyin_and_office(desk, host):
    for text in ("张", "zm", "zhang", "教务", "明"):
        answer = await desk.get("/desk/hosts", params={"host": text})
        assert str(host) in answer.text, text
    assert str(host) not in (await desk.get("/desk/hosts", params={"host": "lisi"})).text


async def test_the_gate_chosen_once_is_kept(desk, site):
    from core.sites import services as sites

    north = await sites.add_gate(
        site.id, code="north", name="北门", zone=1, actor=SYSTEM, at=clock.now()
    )
    await desk.post("/desk/place", data={"site": str(site.id), "gate": str(north)})
    visit = await arrive(desk)
    row = await Registration.objects().get(Registration.id == visit)
    assert row.gate == north


@pytest.mark.rule("CORE-14")
async def test_a_visit_at_another_site_is_as_if_it_were_not_there(desk, client_as, host):
    from core.sites import services as sites

    visit = await arrive(desk)
    other = await sites.add_site(
        code="east", name="东校区", audience=1, actor=SYSTEM, at=clock.now()
    )
    elsewhere = await client_as("desk", site_id=other)
    for path in (f"/registrations/{visit}", f"/registrations/{visit}/correct"):
        assert (await elsewhere.get(path)).status_code == 404
    for name in ("admit", "leave", "ask", "cancel", "release", "slip"):
        answer = await act(elsewhere, visit, name, reason="x")
        assert answer.status_code == 404, name
    assert str(visit) not in (await elsewhere.get("/registrations")).text
    assert await state_of(visit) == "waiting"
