"""Things left for pupils at the lodge, through the pages of guard and class teacher (SCH-10)."""

import io
import re
from datetime import timedelta

import pypdf
import pytest

from core import clock, db
from core.hosts.tables import Host
from core.log.tables import LogEntry
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.privacy import services as privacy
from core.privacy.facts import Erasing
from core.visitors.tables import Visitor
from plugins.school_gate.deposit_tables import Deposit
from plugins.school_gate.services import deposits, lodge_keeping
from tests.web.scenes import link_account

pytestmark = pytest.mark.anyio

WRITTEN = "M10 10L20 15L30 40L44 60M100 20L120 80L140 20L160 90"
COAT = {
    "kind": "clothes",
    "what": "蓝色羽绒服",
    "pieces": "2",
    "shelf": "A-3",
    "giver_name": "李强",
    "giver_relation": "father",
    "giver_phone": "138 0013 8001",
}


@pytest.fixture
async def teacher(school, client_as):
    """The class teacher of 七年级1班."""
    client = await client_as("class_teacher", name="王珺")
    host = await Host.objects().where(Host.name == "王珺").first()
    await link_account(client.user_id, host.id)
    return client


async def left(guard, school, name="李雷", **given):
    """Something is left for a pupil; returns its page's address."""
    form = {**COAT, "pupil": str((await school.pupil(name)).id), "gate": str(school.gate.id)}
    answer = await guard.post("/school-gate/deposits", data={**form, **given})
    problems = re.findall(r'class="field-error".*?<span>(.*?)</span>', answer.text)
    assert answer.status_code == 303, problems or answer.text
    return answer.headers["location"]


async def only():
    return await Deposit.objects().first()


@pytest.mark.rule("SCH-10")
async def test_a_coat_is_left_told_of_collected_and_signed_for(
    guard, teacher, school, on_the_clock
):
    on_the_clock("2026-11-23 09:10")
    found = await guard.get("/school-gate/deposits/new", params={"q": "lilei"})
    link = re.search(r'href="(/school-gate/deposits/new\?pupil=[^"]+)"', found.text)[1]
    form = await guard.get(link.replace("&amp;", "&"))
    assert "七年级1班" in form.text
    assert "李强" in form.text
    here = await left(guard, school)
    page = await guard.get(here)
    for text in ("李雷", "七年级1班", "蓝色羽绒服 × 2", "A-3", "138****8001", "老周", "2026-00001"):
        assert text in page.text
    assert "13800138001" not in page.text

    assert "李雷" in (await teacher.get("/notices")).text
    mine = await teacher.get("/school-gate/my-deposits")
    assert "蓝色羽绒服" in mine.text
    assert "11:50-13:50" in mine.text
    deposit = await only()
    told = await teacher.post(
        f"/school-gate/deposits/{deposit.id}/told",
        data={"means": "teacher"},
        follow_redirects=True,
    )
    assert told.status_code == 200
    assert "王珺" in (await guard.get(here)).text

    on_the_clock("2026-11-23 12:05")
    answer = await guard.post(f"{here}/collect", data={"signature": WRITTEN})
    assert answer.status_code == 303
    page = await guard.get(here)
    assert WRITTEN in page.text
    assert "已领取" in page.text
    kept = await only()
    assert (kept.state, kept.signing, kept.ended_by_name) == ("collected", "screen", "老周")
    assert WRITTEN not in kept.signature_cipher
    assert "蓝色羽绒服" not in (await guard.get("/school-gate/deposits")).text
    assert "蓝色羽绒服" in (await guard.get("/school-gate/deposits?state=collected")).text


@pytest.mark.rule("SCH-10")
async def test_outside_the_set_times_it_is_handed_out_only_with_a_reason(
    guard, school, on_the_clock
):
    on_the_clock("2026-11-23 09:10")
    here = await left(guard, school)
    refused = await guard.post(f"{here}/collect", data={"signing": "paper"})
    assert refused.status_code == 422
    assert "11:50-13:50" in refused.text
    assert "SCH-10" in refused.text
    assert (await only()).state == "kept"
    logged = await LogEntry.objects().where(LogEntry.act == "school_gate.deposit_refuse").first()
    assert '"code": "not_now"' in logged.after
    given = await guard.post(
        f"{here}/collect", data={"signing": "paper", "reason": "班主任来电，身上衣服湿了"}
    )
    assert given.status_code == 303
    assert "身上衣服湿了" in (await guard.get(here)).text


@pytest.mark.rule("SCH-10")
async def test_nothing_is_handed_out_without_a_signature(guard, school, on_the_clock):
    on_the_clock("2026-11-23 12:10")
    here = await left(guard, school)
    for form in ({}, {"signature": ""}, {"signing": "guard"}, {"signature": "M1 1L2 2"}):
        assert (await guard.post(f"{here}/collect", data=form)).status_code == 422
    assert (await only()).state == "kept"


@pytest.mark.rule("SCH-10")
async def test_what_nobody_collects_is_listed_with_its_age_and_put_away_with_a_reason(
    guard, teacher, school, on_the_clock
):
    on_the_clock("2026-11-23 09:10")
    here = await left(guard, school)
    on_the_clock("2026-11-25 09:10")
    await guard.sign_in(guard.login)
    assert "蓝色羽绒服" not in (await guard.get("/school-gate/deposits?state=overdue")).text
    on_the_clock("2026-11-26 10:00")
    await guard.sign_in(guard.login)
    page = await guard.get("/school-gate/deposits?state=overdue")
    assert "蓝色羽绒服" in page.text
    assert "3 天" in page.text
    home = (await guard.get("/")).text.partition("无人领取")[2]
    assert "1</span>" in home[:120]
    assert "蓝色羽绒服" in home
    assert await deposits.remind(clock.now()) == 1
    assert await deposits.remind(clock.now()) == 0
    notices = await Notice.objects().where(Notice.user == teacher.user_id)
    assert len(notices) == 2
    bad = await guard.post(f"{here}/put-away", data={"state": "returned", "reason": ""})
    assert bad.status_code == 422
    await guard.post(f"{here}/put-away", data={"state": "returned", "reason": "家长来取回"})
    assert ((await only()).state, (await only()).end_reason) == ("returned", "家长来取回")
    late = await guard.post(
        f"{here}/collect", data={"signing": "paper", "reason": "再领"}, follow_redirects=True
    )
    assert "已不在门卫室" in late.text
    assert (await only()).state == "returned"


@pytest.mark.rule("SCH-10", "SCH-11")
async def test_a_meal_is_handed_over_at_any_time_and_overdue_the_same_day(
    guard, school, on_the_clock
):
    on_the_clock("2026-11-23 11:20")
    here = await left(guard, school, kind="meal", what="饭盒", pieces="1")
    on_the_clock("2026-11-23 14:30")
    assert "饭盒" in (await guard.get("/school-gate/deposits?state=overdue")).text
    assert (await guard.post(f"{here}/collect", data={"signing": "guard"})).status_code == 303
    assert (await only()).signing == "guard"


@pytest.mark.rule("SCH-10")
async def test_medicine_and_dangerous_things_are_not_taken_in(guard, school):
    form = {**COAT, "pupil": str((await school.pupil("李雷")).id), "what": "感冒药两盒"}
    answer = await guard.post("/school-gate/deposits", data=form)
    assert answer.status_code == 422
    assert "SCH-10" in answer.text
    assert "感冒药两盒" in answer.text
    assert not await Deposit.exists()


@pytest.mark.rule("SCH-10", "CORE-12")
async def test_the_slip_is_printed_on_both_papers_with_one_number_and_the_same_again(guard, school):
    here = await left(guard, school)
    for paper, parts in (("a4", 1), ("thermal", 1)):
        first = await guard.post(f"{here}/slip.pdf", data={"paper": paper})
        assert first.headers["content-type"] == "application/pdf"
        pages = pypdf.PdfReader(io.BytesIO(first.content)).pages
        assert len(pages) == parts
        text = "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", "")
        assert text.count("2026-00001") >= 3  # both parts, and across the cut
        for said in ("李雷", "蓝色羽绒服", "A-3", "138****8001", "11:50-13:50"):
            assert said in text
        again = await guard.post(f"{here}/slip.pdf", data={"paper": paper})
        assert again.content == first.content
    width = float(pages[0].mediabox.width)
    assert round(width / 72 * 25.4) == 80
    assert (await guard.post(f"{here}/slip.pdf", data={"paper": "a0"})).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "gold"}, "kind"),
        ({"what": ""}, "what"),
        ({"pieces": "0"}, "pieces"),
        ({"pieces": "x"}, "pieces"),
        ({"giver_phone": "12"}, "giver_phone"),
        ({"giver_name": "\x00"}, "giver_name"),
        ({"gate": "00000000-0000-4000-8000-000000000000"}, None),
        ({"pupil": "00000000-0000-4000-8000-000000000000"}, None),
        ({"pupil": "x"}, None),
    ],
)
async def test_what_cannot_be_taken_in_comes_back_as_typed(guard, school, changed, field):
    form = {**COAT, "pupil": str((await school.pupil("李雷")).id), **changed}
    answer = await guard.post("/school-gate/deposits", data=form)
    assert answer.status_code in (404, 422)
    if field:
        assert f'id="f-{field}-error"' in answer.text
        assert COAT["shelf"] in answer.text
    assert not await Deposit.exists()


@pytest.mark.rule("CORE-14")
async def test_a_teacher_sees_only_what_is_for_the_own_class(guard, teacher, school, client_as):
    here = await left(guard, school, name="欧阳䶮", what="字典", giver_name="欧阳海")
    assert "字典" not in (await teacher.get("/school-gate/my-deposits")).text
    deposit = await only()
    told = f"/school-gate/deposits/{deposit.id}/told"
    assert (await teacher.post(told, data={"means": "teacher"})).status_code == 404
    assert (await teacher.get(here)).status_code == 403
    host = await client_as("host")
    assert (await host.get("/school-gate/deposits")).status_code == 403


@pytest.mark.rule("CORE-17", "SCH-2")
async def test_what_is_kept_is_on_the_record_of_the_handover(guard, school, client_as):
    await left(guard, school)
    post_ = f"/shifts/{school.gate.id}"
    await guard.post(f"{post_}/take", data={"remarks": ""})
    page = await guard.get(post_)
    assert "蓝色羽绒服" in page.text
    assert "李**" in page.text
    assert "李雷" not in page.text


@pytest.mark.rule("CORE-21")
async def test_the_giver_is_told_what_is_kept_and_forgotten_in_time(
    guard, school, plugins, on_the_clock
):
    on_the_clock("2026-11-23 12:00")
    here = await left(guard, school)
    await guard.post(f"{here}/collect", data={"signature": WRITTEN})
    await guard.post(
        "/desk",
        data={
            "name": "李强",
            "phone": "13800138001",
            "document_kind": "none",
            "purpose": "school_gate.parent",
            "host": "王珺",
            "reason": "谈话",
            "school_gate_pupil": "李雷",
        },
    )
    visitor = await Visitor.objects().first()
    groups, failed = await plugins.collect_personal_data(visitor.id)
    assert not failed
    assert "蓝色羽绒服 · 李强 · 13800138001" in " ".join(d.value for g in groups for d in g.details)

    at = clock.now() + timedelta(days=190)
    due = await lodge_keeping.deposits_due(at - timedelta(days=183), 10, 0)
    assert [one.title for one in due] == ["2026-00001"]
    erasing = Erasing(actor=SYSTEM, at=at, visitor=None)
    async with db.writing():
        await lodge_keeping.erase_deposits([one.record for one in due], erasing)
    assert not await lodge_keeping.deposits_due(at, 10, 0)
    row = await only()
    assert (row.giver_name, row.giver_phone_cipher, row.signature_cipher) == ("", None, None)
    assert (row.what, row.state) == ("蓝色羽绒服", "collected")


async def test_an_erased_visitor_is_no_giver_any_more(guard, school, plugins):
    await left(guard, school)
    await guard.post(
        "/desk",
        data={
            "name": "李强",
            "phone": "13800138001",
            "document_kind": "none",
            "purpose": "school_gate.trader",
            "reason": "送货",
        },
    )
    visitor = await Visitor.objects().first()
    await privacy.erase_visitor(
        visitor.id,
        reason="本人要求",
        on_request=True,
        actor=SYSTEM,
        at=clock.now(),
        plugins=plugins,
    )
    row = await only()
    assert (row.giver_name, row.giver_phone_index, row.guardian) == ("", None, None)
