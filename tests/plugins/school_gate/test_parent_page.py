"""A parent's own page behind a link: slips, invitations and visits that wait; nothing of others."""

import re
from datetime import timedelta

import pytest

from core import clock
from plugins.school_gate.tables import Guardian, Pupil
from tests.plugins.school_gate.leave_scene import as_host
from tests.plugins.school_gate.test_visits import PARENT, arrive

pytestmark = pytest.mark.anyio


async def own_link(leave, pupil="李雷"):
    """Make the first parent's own link as the class teacher; return its path."""
    adult = await leave.adult(pupil)
    page = await leave.teacher.post(f"/school-gate/guardians/{adult['id']}/link")
    assert page.status_code == 200, page.text
    return re.search(r"https://laifang.test(/school-gate/p/[\w-]+)", page.text)[1]


async def slip_link(leave, slip, adult_id):
    page = await leave.teacher.post(
        f"/school-gate/leave/{slip.id}/link", data={"guardian": str(adult_id)}
    )
    return re.search(r"https://laifang.test(/school-gate/l/[\w-]+)", page.text)[1]


@pytest.mark.rule("SCH-5")
async def test_a_parent_agrees_on_their_own_page_and_the_teacher_can_issue(leave, client_as):
    path = await own_link(leave)
    phone = await client_as()
    page = await phone.get(path)
    assert "暂无待办事项" in page.text

    slip = await leave.issued(do="keep", contact_means="", contact_with="")
    page = await phone.read_token(path)
    assert "发烧就医" in page.text
    assert "知道并同意" in page.text
    done = await phone.post(path, data={"slip": str(slip.id)}, follow_redirects=True)
    assert "班主任" in done.text
    row = await leave.row(slip.id)
    assert row.contact_means == "link"
    assert row.contact_guardian == (await leave.adult())["id"]
    assert f'action="/school-gate/leave/{slip.id}/issue"' in (await leave.teacher.get("/")).text

    again = await phone.post(path, data={"slip": str(slip.id)}, follow_redirects=True)
    assert "已经不需要您的答复" in again.text


async def test_the_page_shows_both_children_of_one_parent_and_no_other_family(leave, client_as):
    [first] = await Guardian.objects().where(Guardian.id == (await leave.adult())["id"])
    other = await leave.school.pupil("韩梅梅")
    theirs = await leave.adult("韩梅梅")
    path = await own_link(leave)
    slip = await leave.issued("韩梅梅", do="keep", reason="看牙")
    phone = await client_as()
    assert "看牙" not in (await phone.get(path)).text
    await phone.read_token(path)
    refused = await phone.post(path, data={"slip": str(slip.id)})
    assert refused.status_code == 404

    await Guardian.update(
        {Guardian.name: first.name, Guardian.phone_index: first.phone_index}
    ).where(Guardian.id == theirs["id"])
    page = await phone.get(path)
    assert "看牙" in page.text
    assert other.name in page.text


async def test_what_was_sent_to_the_other_parent_is_not_shown(leave, client_as):
    pupil = await leave.school.pupil("李雷")
    second = Guardian(pupil=pupil.id, name="赵敏", relation="mother", position=9)
    await second.save()
    path = await own_link(leave)
    slip = await leave.issued(do="keep", contact_means="", contact_with="", reason="家事")
    phone = await client_as()
    assert "家事" in (await phone.get(path)).text
    link = await slip_link(leave, slip, second.id)
    assert "家事" not in (await phone.get(path)).text
    assert "家事" in (await phone.get(link)).text


@pytest.mark.rule("SCH-5")
async def test_below_a_slip_stands_what_else_waits(leave, client_as):
    adult = await leave.adult()
    first = await leave.issued(do="keep", contact_means="", contact_with="")
    second = await leave.issued(
        do="keep", reason="参加比赛", starts_at="2026-11-24T08:00", ends_at="2026-11-24T10:00"
    )
    link = await slip_link(leave, first, adult["id"])
    phone = await client_as()
    page = await phone.read_token(link)
    assert page.text.index("发烧就医") < page.text.index("其他待办") < page.text.index("参加比赛")
    await phone.post(link, data={"slip": str(second.id)})
    assert (await leave.row(second.id)).contact_means == "phone", "that one was spoken of already"
    await phone.post(link)
    assert (await leave.row(first.id)).contact_means == "link"


async def test_only_the_class_teacher_or_who_keeps_the_roster_makes_parents_links(leave, client_as):
    adult = await leave.adult()
    path = f"/school-gate/guardians/{adult['id']}/link"
    assert (await leave.guard.post(path)).status_code == 403
    other = await as_host(await client_as("class_teacher"), "仇和")
    assert (await other.post(path)).status_code == 404
    assert (await (await client_as("administrator")).post(path)).status_code == 200


async def test_a_new_link_ends_the_old_one_and_it_ends_with_the_pupil(
    leave, client_as, on_the_clock
):
    old = await own_link(leave)
    new = await own_link(leave)
    phone = await client_as()
    assert (await phone.get(old)).status_code == 404
    assert (await phone.get(new)).status_code == 200
    await Pupil.update({Pupil.active: False}).where(Pupil.name == "李雷")
    assert (await phone.get(new)).status_code == 404
    await Pupil.update({Pupil.active: True}).where(Pupil.name == "李雷")
    clock.CLOCK.travel(clock.now() + timedelta(days=31), running=False)
    assert (await phone.get(new)).status_code == 404


async def test_a_parent_sees_how_their_own_visit_stands(leave, client_as, site):
    path = await own_link(leave)
    await arrive(leave.guard, PARENT)
    phone = await client_as()
    page = await phone.get(path)
    assert "您的来访" in page.text
    assert "语文组 王珺" in page.text
    assert "来接" not in page.text, "why somebody comes is between them and the desk"
