"""The photo of an adult who may collect a pupil: kept, compared at the gate, erased (SCH-5)."""

import re

import pytest

from core import clock, db
from core.attachments import services as attachments
from core.attachments.tables import Attachment
from core.permissions import SYSTEM
from core.privacy.facts import Erasing
from core.visitors import services as visitors
from core.visitors.matching import Person
from plugins.school_gate import plugin
from plugins.school_gate.queries import visits
from plugins.school_gate.services import keeping
from tests.browser.gate_scene import portrait
from tests.plugins.school_gate.leave_scene import as_host

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def bytes_are_gone(leave):
    """What was erased leaves the store before the database is closed."""
    yield
    await attachments.settled()


async def with_photo(leave, client=None, picture=None):
    """Upload a photo of the first adult of 李雷; return the adult and the answer."""
    adult = await leave.adult()
    answer = await (client or leave.teacher).post(
        f"/school-gate/guardians/{adult['id']}/photo",
        files={f"photo-{adult['id']}": ("a.png", picture or portrait(), "image/png")},
    )
    return adult, answer


async def stored(adult):
    [row] = await db.fetch("SELECT photo FROM school_gate_guardian WHERE id = {}", adult["id"])
    return row["photo"]


@pytest.mark.rule("SCH-5")
async def test_the_guard_sees_the_photo_of_who_may_collect(leave):
    slip = await leave.stamped()
    page = (await leave.guard.get(f"/school-gate/leave/{slip.id}/release")).text
    assert "没有照片，请核对证件" in page
    adult, answer = await with_photo(leave)
    assert answer.status_code == 303, answer.text
    page = (await leave.guard.get(f"/school-gate/leave/{slip.id}/release")).text
    shown = re.search(r'class="collector-photo" src="([^"]+)" alt="[^"]*李强', page)[1]
    picture = await leave.guard.get(shown)
    assert picture.status_code == 200
    assert picture.content[:2] == b"\xff\xd8", "painted anew as JPEG"
    assert "请对照照片" in page
    done = await leave.guard.post(
        f"/school-gate/leave/{slip.id}/release", data=await leave.collected(slip)
    )
    assert done.status_code == 303
    assert (await leave.row(slip.id)).collected_by == adult["id"]


async def test_a_new_photo_erases_the_old_one_and_it_can_be_taken_away(leave):
    adult, _ = await with_photo(leave)
    first = await stored(adult)
    await with_photo(leave, picture=portrait((120, 90, 70)))
    second = await stored(adult)
    assert second != first
    old = await Attachment.objects().get(Attachment.id == first)
    assert old.erased_at is not None
    await leave.teacher.post(f"/school-gate/guardians/{adult['id']}/photo/remove")
    assert await stored(adult) is None
    assert (await Attachment.objects().get(Attachment.id == second)).erased_at is not None


async def test_what_is_no_picture_comes_back_with_what_to_do(leave):
    adult, answer = await with_photo(leave, picture=b"%PDF-1.7 no picture")
    assert answer.status_code == 422
    assert "PDF" in answer.text
    assert await stored(adult) is None
    empty = await leave.teacher.post(
        f"/school-gate/guardians/{adult['id']}/photo", files={"photo": ("", b"", "image/png")}
    )
    assert empty.status_code == 422


async def test_guards_and_other_teachers_keep_no_photos(leave, client_as):
    adult, refused = await with_photo(leave, leave.guard)
    assert refused.status_code == 403
    other = await as_host(await client_as("class_teacher"), "仇和")
    _, hidden = await with_photo(leave, other)
    assert hidden.status_code == 404
    gone = await other.post(f"/school-gate/guardians/{adult['id']}/photo/remove")
    assert gone.status_code == 404
    assert await stored(adult) is None


async def test_the_photo_is_told_of_and_erased_with_the_adult_and_with_the_pupil(leave, client_as):
    adult, _ = await with_photo(leave)
    visitor = await a_visitor_for(adult)
    told = [str(one.label) for one in await visits.of_visitor(visitor)]
    assert "Photo for collecting" in told
    photo = await stored(adult)
    async with db.writing():
        await plugin.do_erase(visitor)
    assert await stored(adult) is None
    assert (await Attachment.objects().get(Attachment.id == photo)).erased_at is not None

    await with_photo(leave)
    photo = await stored(adult)
    pupil = await leave.school.pupil("李雷")
    async with db.writing():
        await keeping.erase_pupils(
            [str(pupil.id)], Erasing(actor=SYSTEM, at=clock.now(), visitor=plugin.do_erase)
        )
    assert (await Attachment.objects().get(Attachment.id == photo)).erased_at is not None


async def a_visitor_for(adult):
    """Let an adult be known as a visitor; returns the visitor's id."""
    visitor = await visitors.add(Person(name=adult["name"]), actor=SYSTEM, at=clock.now())
    await db.execute(
        "UPDATE school_gate_guardian SET visitor = {} WHERE id = {}", visitor, adult["id"]
    )
    return visitor
