"""Leave slips through the pages: asked, the parent spoken to, issued, stamped, refused, void (SCH-5)."""

import io
import re

import pypdf
import pytest

from core import db
from plugins.school_gate.leave.tables import LeaveSlip
from tests.plugins.school_gate.conftest import told
from tests.plugins.school_gate.leave_scene import SIGNED, as_host, subjects


@pytest.mark.rule("SCH-5")
async def test_without_contact_with_the_parent_the_slip_is_not_issued(leave):
    answer = await leave.ask(contact_means="", contact_with="")
    assert answer.status_code == 422
    assert "请先联系家长并登记" in answer.text
    assert "发烧就医" in answer.text, "what was typed comes back"
    assert not await LeaveSlip.exists()

    kept = await leave.issued(contact_means="", contact_with="", do="keep")
    assert kept.issued_at is None
    page = await leave.teacher.get(f"/school-gate/leave/{kept.id}")
    assert "请先联系家长并登记" in page.text
    refused = await leave.teacher.post(f"/school-gate/leave/{kept.id}/issue", follow_redirects=True)
    assert "请先联系家长并登记" in refused.text
    assert (await leave.row(kept.id)).issued_at is None

    half = await leave.teacher.post(
        f"/school-gate/leave/{kept.id}/contact",
        data={"contacted_at": "2026-11-23T09:55", "contact_means": "phone", "contact_with": ""},
    )
    assert half.status_code == 422
    await leave.teacher.post(
        f"/school-gate/leave/{kept.id}/contact",
        data={"contacted_at": "2026-11-23T09:55", "contact_means": "phone", "contact_with": "李强"},
    )
    await leave.teacher.post(f"/school-gate/leave/{kept.id}/issue")
    row = await leave.row(kept.id)
    assert (row.contact_with, row.number) == ("李强", "2026-000001")


@pytest.mark.rule("SCH-5", "SCH-4")
async def test_the_slip_lets_out_only_once_the_grade_office_stamped_it(leave, school):
    token = await school.token("李雷")
    slip = await leave.issued()
    device = await school.device()
    assert told(await device.scan(token, "out")) == ("deny", "slip_not_ready", "SCH-5")

    due = await leave.office.get("/")
    assert "李雷" in due.text
    assert "父亲李强" in due.text
    assert "七年级1班" in await subjects(leave.office)
    await leave.office.post(f"/school-gate/leave/{slip.id}/stamp", data={"next": "/"})
    assert "李雷" not in (await leave.office.get("/")).text
    verdict = await device.scan(token, "out")
    assert verdict["verdict"] == "allow"
    assert "请核实接走学生的家长" in str(verdict)


@pytest.mark.rule("SCH-5")
async def test_paper_signatures_do_with_the_number_of_the_paper(leave):
    slip = await leave.stamped()
    form = await leave.collected(
        slip, pupil_signature="", collector_signature="", paper_number="2026-000001"
    )
    assert (
        await leave.guard.post(f"/school-gate/leave/{slip.id}/release", data=form)
    ).status_code == 303
    assert (await leave.row(slip.id)).paper_number == "2026-000001"


@pytest.mark.rule("SCH-5")
async def test_the_grade_office_refuses_with_a_reason_and_the_teacher_sees_it(leave, school):
    token = await school.token("李雷")
    slip = await leave.issued()
    path = f"/school-gate/leave/{slip.id}/refuse"
    assert (await leave.office.post(path, data={"reason": " "})).status_code == 422
    await leave.office.post(path, data={"reason": "今天月考"})
    assert "今天月考" in (await leave.teacher.get(f"/school-gate/leave/{slip.id}")).text
    device = await school.device()
    assert told(await device.scan(token, "out")) == ("deny", "slip_refused", "SCH-5")
    await leave.office.post(f"/school-gate/leave/{slip.id}/stamp")
    assert (await leave.row(slip.id)).stamped_at is None


@pytest.mark.rule("SCH-5")
async def test_a_void_slip_lets_nobody_out_and_a_used_one_is_not_voided(leave, school):
    token = await school.token("李雷")
    slip = await leave.stamped()
    path = f"/school-gate/leave/{slip.id}/void"
    assert (await leave.teacher.post(path, data={"reason": ""})).status_code == 422
    assert (await leave.guard.post(path, data={"reason": "x"})).status_code == 403
    await leave.teacher.post(path, data={"reason": "家长改主意"})
    device = await school.device()
    assert told(await device.scan(token, "out"))[:2] == ("deny", "school_time")
    other = await leave.stamped()
    await leave.guard.post(
        f"/school-gate/leave/{other.id}/release", data=await leave.collected(other)
    )
    answer = await leave.teacher.post(
        f"/school-gate/leave/{other.id}/void", data={"reason": "x"}, follow_redirects=True
    )
    assert "不能再作废" in answer.text
    assert (await leave.row(other.id)).voided_at is None


@pytest.mark.rule("SCH-5")
async def test_a_teacher_writes_slips_for_the_own_class_only(leave, school, client_as):
    assert (await leave.ask("欧阳䶮")).status_code == 422
    assert not await LeaveSlip.exists()
    slip = await leave.issued()
    other = await as_host(await client_as("class_teacher"), "仇和")
    assert (await other.get(f"/school-gate/leave/{slip.id}")).status_code == 404
    for act in ("contact", "issue", "void", "back"):
        data = {"reason": "x", "note": "x", "contacted_at": "2026-11-23T09:55",
                "contact_means": "phone", "contact_with": "x"}  # fmt: skip
        answer = await other.post(f"/school-gate/leave/{slip.id}/{act}", data=data)
        assert answer.status_code == 404, act
    assert "没有班级" in (await other.get("/school-gate/leave/new")).text
    assert "李雷" not in (await other.get("/school-gate/leave")).text
    assert (await leave.guard.post("/school-gate/leave", data={"kind": "leave"})).status_code == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at": "2026-11-23T09:00"}, "ends_at"),
        ({"starts_at": "2026-11-22T10:00", "ends_at": "2026-11-22T12:00"}, "ends_at"),
        ({"ends_at": "2026-11-25T12:00"}, "ends_at"),
        ({"starts_at": "2026-12-30T10:00", "ends_at": "2026-12-30T11:00"}, "starts_at"),
        ({"starts_at": "昨天"}, "starts_at"),
        ({"starts_at": "9999-99-99T99:99"}, "starts_at"),
        ({"expected_back_at": "2026-11-23T09:00"}, "expected_back_at"),
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 201}, "reason"),
        ({"pupil": "00000000-0000-0000-0000-000000000000"}, "pupil"),
        ({"contacted_at": "2026-11-23T23:00"}, "contacted_at"),
        ({"contact_means": "link"}, "contact_means"),
    ],
)
async def test_what_cannot_be_is_refused_beside_its_field(leave, changed, field):
    answer = await leave.ask(**changed)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert not await LeaveSlip.exists()


async def test_hostile_text_stands_as_text(leave):
    slip = await leave.issued(reason="<script>alert(1)</script>", contact_with="'; DROP TABLE x")
    for client in (leave.teacher, leave.office, leave.guard):
        page = await client.get(f"/school-gate/leave/{slip.id}")
        assert "<script>alert(1)" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
    assert (await leave.row(slip.id)).contact_with == "'; DROP TABLE x"
    assert (await leave.teacher.get("/school-gate/leave/new?kind=nonsense")).status_code == 404


async def test_every_act_is_in_the_log_and_no_signature_is(leave):
    slip = await leave.stamped()
    await leave.guard.post(
        f"/school-gate/leave/{slip.id}/release", data=await leave.collected(slip)
    )
    rows = await db.fetch(
        "SELECT act, after FROM log_entry WHERE record_id = {} ORDER BY id", str(slip.id)
    )
    acts = [row["act"].removeprefix("school_gate.leave_") for row in rows]
    assert acts == ["ask", "contact", "issue", "stamp", "release"]
    assert not any(SIGNED in row["after"] for row in rows)


@pytest.mark.rule("SCH-5")
async def test_a_parent_confirms_by_link_without_an_account_and_that_is_the_contact(
    leave, client_as, on_the_clock
):
    slip = await leave.issued(contact_means="", contact_with="", do="keep")
    adult, strange = await leave.adult(), await leave.adult("韩梅梅")
    path = f"/school-gate/leave/{slip.id}"
    assert (await leave.teacher.post(f"{path}/link", data={})).status_code == 303
    foreign = await leave.teacher.post(f"{path}/link", data={"guardian": str(strange["id"])})
    assert foreign.status_code == 404
    page = await leave.teacher.post(f"{path}/link", data={"guardian": str(adult["id"])})
    address = re.search(r"https://laifang.test(/school-gate/l/[\w-]+)", page.text)[1]
    parent = await client_as()
    shown = await parent.read_token(address)
    assert "李雷 的请假" in shown.text
    assert "知道并同意" in shown.text
    for hidden in ("2026001", "1380", "韩梅梅", "王珺的"):
        assert hidden not in shown.text
    answer = await parent.post(address, follow_redirects=True)
    assert "您已同意" in answer.text
    row = await leave.row(slip.id)
    assert (row.contact_means, row.contact_with) == ("link", "李强")
    assert "家长已同意请假" in await subjects(leave.teacher)
    await parent.post(address)
    assert (await leave.row(slip.id)).contacted_at == row.contacted_at
    await leave.teacher.post(f"{path}/issue")
    assert (await leave.row(slip.id)).issued_at
    assert "待年级组盖章" in (await parent.get(address)).text
    await leave.teacher.post(f"{path}/void", data={"reason": "不去了"})
    assert (await parent.get(address)).status_code == 404
    assert (await parent.post(address)).status_code == 404


async def test_a_parents_link_ends_a_day_after_the_slip(leave, client_as, on_the_clock):
    slip = await leave.issued()
    adult = await leave.adult()
    page = await leave.teacher.post(
        f"/school-gate/leave/{slip.id}/link", data={"guardian": str(adult["id"])}
    )
    address = re.search(r"https://laifang.test(/school-gate/l/[\w-]+)", page.text)[1]
    parent = await client_as()
    assert (await parent.get(address)).status_code == 200
    on_the_clock("2026-11-24 12:01")
    gone = await parent.get(address)
    assert gone.status_code == 404
    assert "链接无效或已失效" in gone.text


@pytest.mark.rule("SCH-5")
@pytest.mark.parametrize("paper", ["a4", "thermal"])
async def test_the_slip_prints_in_two_parts_with_its_number_and_lines_for_both_signatures(
    leave, paper
):
    slip = await leave.issued()
    path = f"/school-gate/leave/{slip.id}/paper"
    early = await leave.teacher.post(path, data={"paper": paper}, follow_redirects=True)
    assert "开具并盖章后才能打印" in early.text
    await leave.office.post(f"/school-gate/leave/{slip.id}/stamp")
    first = await leave.teacher.post(path, data={"paper": paper})
    assert first.headers["content-type"] == "application/pdf"
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first.content)).pages
    ).replace(" ", "")
    assert text.count("2026-000001") >= 2
    for words in ("李雷", "发烧就医", "父亲李强", "学生签名", "接走人签名", "交门卫", "存根"):
        assert words in text, words
    again = await leave.guard.post(path, data={"paper": paper})
    assert again.content == first.content
    assert (await leave.teacher.post(path, data={"paper": "x"})).status_code == 404


async def test_one_time_has_one_slip(leave):
    await leave.issued()
    again = await leave.ask(reason="又一张", starts_at="2026-11-23T11:00")
    assert again.status_code == 422
    assert "2026-000001" in again.text
    assert await LeaveSlip.count() == 1
    later = await leave.ask(starts_at="2026-11-23T14:00", ends_at="2026-11-23T15:00")
    assert later.status_code == 303


async def test_a_grade_office_of_other_grades_neither_sees_nor_stamps(leave, client_as):
    other = await as_host(await client_as("grade_office"), "仇和")
    slip = await leave.issued()
    await db.execute(
        "UPDATE school_gate_grade SET office = (SELECT id FROM host WHERE name = {})", "王珺"
    )
    assert "李雷" not in (await other.get("/")).text
    assert (await other.get(f"/school-gate/leave/{slip.id}")).status_code == 404
    assert (await other.post(f"/school-gate/leave/{slip.id}/stamp")).status_code == 404
    own = await as_host(await client_as("grade_office"), "王珺")
    await own.post(f"/school-gate/leave/{slip.id}/stamp")
    assert (await leave.row(slip.id)).stamped_at
