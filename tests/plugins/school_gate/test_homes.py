"""First pages by role: what is due from each now, the first act on it, nothing else."""

import re

import pytest

from core import db
from tests.plugins.school_gate.leave_scene import as_host

pytestmark = pytest.mark.anyio


def sections(page):
    """The sections of a first page: the things named in each, by its heading."""
    found = {}
    for part in page.text.split('<section class="card home-section')[1:]:
        part = part.partition("</section>")[0]
        title = re.search(r'-title">(.+?) <span', part)[1]
        found[title] = re.findall(r'home-name"><a href="[^"]*">([^<]+)', part)
    return found


@pytest.mark.rule("SCH-5")
async def test_a_teacher_finds_what_to_issue_and_issues_it_from_the_first_page(leave):
    kept = await leave.issued(do="keep")
    page = await leave.teacher.get("/")
    assert sections(page) == {"待开具的假条": ["李雷"]}
    assert "有 1 件事等您办理" in page.text
    assert f'action="/school-gate/leave/{kept.id}/issue"' in page.text

    done = await leave.teacher.post(f"/school-gate/leave/{kept.id}/issue", data={"next": "/"})
    assert done.headers["location"] == "/"
    page = await leave.teacher.get("/")
    assert sections(page) == {"进行中的假条": ["李雷"]}
    assert "没有等您办理的事" in page.text, "what runs is not due from the teacher"


async def test_a_slip_whose_parent_was_not_spoken_to_cannot_be_issued_in_one_click(leave):
    kept = await leave.issued(contact_means="", contact_with="", do="keep")
    page = await leave.teacher.get("/")
    assert "尚未联系家长" in page.text
    assert f'action="/school-gate/leave/{kept.id}/issue"' not in page.text
    assert f'href="/school-gate/leave/{kept.id}"' in page.text


@pytest.mark.rule("SCH-5")
async def test_a_grade_office_stamps_on_its_first_page_and_comes_back_there(leave):
    slip = await leave.issued()
    page = await leave.office.get("/")
    assert sections(page)["待盖章的假条"] == ["李雷"]
    assert "父亲李强" in page.text
    done = await leave.office.post(f"/school-gate/leave/{slip.id}/stamp", data={"next": "/"})
    assert done.headers["location"] == "/"
    assert sections(await leave.office.get("/")) == {}


async def test_an_act_leads_back_to_this_site_only(leave):
    slip = await leave.issued()
    done = await leave.office.post(
        f"/school-gate/leave/{slip.id}/stamp", data={"next": "https://elsewhere.test/"}
    )
    assert done.headers["location"] == f"/school-gate/leave/{slip.id}"


@pytest.mark.rule("SCH-1", "SCH-5")
async def test_a_guard_sees_how_the_gates_stand_and_who_may_be_let_go(leave):
    slip = await leave.stamped()
    page = await leave.guard.get("/")
    shown = sections(page)
    assert shown["现在可以放行的学生"] == ["李雷"]
    assert shown["校门状态"] == ["南门"]
    assert f'href="/school-gate/leave/{slip.id}/release"' in page.text
    assert 'href="/gate"' in page.text


@pytest.mark.rule("SCH-3")
async def test_the_discipline_office_speaks_with_a_reported_pupil_and_the_matter_is_done(
    leave, client_as
):
    pupil = await leave.school.pupil("李雷")
    await leave.guard.post(
        "/school-gate/no-badge",
        data={"pupil": str(pupil.id), "gate": str(leave.school.gate.id), "serious": "yes"},
    )
    office = await client_as("discipline_office")
    page = await office.get("/")
    assert sections(page) == {"待谈话的学生": ["李雷"]}
    assert "情节严重" in page.text

    spoken = f"/school-gate/pupils/{pupil.id}/spoken"
    empty = await office.post(spoken, data={"note": " "}, follow_redirects=True)
    assert "请写明谈话结果" in empty.text
    assert sections(await office.get("/")) == {"待谈话的学生": ["李雷"]}
    assert (await leave.guard.post(spoken, data={"note": "x"})).status_code == 403

    await office.post(spoken, data={"note": "已通知家长，写了保证书"})
    assert sections(await office.get("/")) == {}
    assert "写了保证书" in (await office.get(f"/school-gate/pupils/{pupil.id}")).text
    again = await office.post(spoken, data={"note": "再谈"}, follow_redirects=True)
    assert "没有待谈话" in again.text
    [row] = await db.fetch("SELECT count(*) AS n FROM log_entry WHERE act LIKE '%offences_spoken'")
    assert row["n"] == 1


@pytest.mark.rule("SCH-16", "SCH-18")
async def test_the_security_office_finds_incidents_and_stays_on_its_first_page(
    leave, client_as, site
):
    office = await client_as("security_office")
    assert sections(await office.get("/")) == {}
    await leave.guard.post(
        "/incidents",
        data={"site": str(site.id), "kind": "core.disorder", "seen": "有人在门口吵闹"},
    )
    page = await office.get("/")
    assert list(sections(page)) == ["处理中的事件"]
    assert "吵闹" not in page.text, "what was seen stands on the incident's own page"


async def test_somebody_with_several_roles_changes_between_their_first_pages(
    leave, plugins, client_as
):
    both = await as_host(await client_as("class_teacher", "grade_office"), "王珺")
    page = await both.get("/")
    assert "<h1>班主任</h1>" in page.text
    assert 'href="/?role=grade_office"' in page.text
    assert "<h1>年级组</h1>" in (await both.get("/?role=grade_office")).text
    assert "<h1>今日</h1>" in (await both.get("/?role=all")).text
    foreign = await both.get("/?role=security_office")
    assert "<h1>班主任</h1>" in foreign.text, "a role that is not theirs changes nothing"
    assert "home-switch" not in (await leave.teacher.get("/")).text, "one role needs no switch"


async def test_what_other_parts_have_due_stands_below_once(leave, client_as):
    teacher = await as_host(await client_as("class_teacher", "host", "discipline_office"), "王珺")
    await leave.issued(do="keep")
    page = await teacher.get("/?role=class_teacher")
    assert page.text.count("待开具的假条") == 1
    assert "其他待办" not in page.text
    other = await teacher.get("/?role=discipline_office")
    assert "待开具的假条" not in other.text
    assert re.search(r'班主任 <span class="home-count">1</span>', other.text)
    officer = await client_as("duty_officer")
    below = (await officer.get("/")).text.partition("其他待办")[2]
    assert "没有有效胸卡的学生" in below, "a card that no section tells of"


async def test_who_has_no_such_role_keeps_the_cards(client):
    page = await client.get("/")
    assert "<h1>今日</h1>" in page.text
    assert "home-switch" not in page.text
