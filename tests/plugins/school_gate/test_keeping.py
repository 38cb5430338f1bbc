"""What the school kept long enough is let go; what is still needed stays (CORE-21)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.permissions import SYSTEM
from core.privacy import retention
from core.visitors.tables import Visitor
from plugins.school_gate.events.tables import ClassEvent, EventGuest
from plugins.school_gate.leave.tables import LeaveSlip
from plugins.school_gate.services import offences, pupils, rosters
from plugins.school_gate.tables import Guardian, Offence, RosterImport
from tests.plugins.school_gate.rosters import a_csv

pytestmark = pytest.mark.anyio


@pytest.fixture
async def past(school):
    """A school with an offence, a pupil who left, and a file that waits."""
    gone = await school.pupil("欧阳䶮")
    here = await school.pupil("李雷")
    for pupil in (gone, here):
        await offences.record_no_badge(
            pupil.id, gate_id=school.gate.id, actor=SYSTEM, at=clock.now()
        )
    await pupils.set_active(gone.id, False, actor=SYSTEM, at=clock.now())
    await rosters.read("pupils", school.site.id, "x.csv", a_csv(), actor=SYSTEM, at=clock.now())
    return school


async def test_nothing_is_let_go_before_its_time(past, plugins):
    await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=20))
    assert await Offence.count() == 2
    assert await Guardian.count() == 3
    assert (await past.pupil("欧阳䶮")).number == "2026003"
    waiting = RosterImport.state == "preview"
    assert (await RosterImport.objects().where(waiting).first()).rows_cipher


async def test_after_a_month_the_rows_of_files_go(past, plugins):
    await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=31))
    assert not await RosterImport.exists().where(RosterImport.rows_cipher.is_not_null())
    assert not await RosterImport.exists().where(RosterImport.state == "preview")
    assert await Offence.count() == 2


async def test_after_a_year_offences_go_and_pupils_who_left_are_nameless(past, plugins):
    gone = await past.pupil("欧阳䶮")
    await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=367))
    assert not await Offence.exists()
    row = (await db.fetch("SELECT * FROM school_gate_pupil WHERE id = {}", gone.id))[0]
    assert (row["name"], row["tokens"], row["sex"]) == ("", "", "")
    assert row["number"].startswith("erased-")
    assert {one.name for one in await Guardian.objects()} == {"李强", "韩冬"}
    assert (await past.pupil("李雷")).number == "2026001"
    again = await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=368))
    assert sum(done.erased for done in again if done.rule.kind.startswith("school_gate")) == 0


@pytest.fixture
async def kept(past):
    """A leave slip that was used and signed, and an event with its list, both of that Monday."""
    now = clock.now()
    pupil = await past.pupil("李雷")
    adult = await Guardian.objects().where(Guardian.pupil == pupil.id).first()
    slip = LeaveSlip(
        id=uuid4(), number="2026-000001", pupil=pupil.id, reason="看牙", starts_at=now,
        ends_at=now + timedelta(hours=1), asked_at=now, issued_at=now, stamped_at=now,
        contacted_at=now, contact_means="phone", contact_with="李强", contact_guardian=adult.id,
        collected_by=adult.id, collector_name="李强", released_at=now, used_at=now,
        collector_document="resident_id", pupil_signature="sealed", collector_signature="sealed",
    )  # fmt: skip
    await LeaveSlip.insert(slip)
    event = ClassEvent(
        id=uuid4(), school_class=pupil.class_id, title="家长会", admits_from=now, starts_at=now,
        ends_at=now + timedelta(hours=2), state="approved", created_at=now,
    )  # fmt: skip
    await ClassEvent.insert(event)
    await EventGuest.insert(
        EventGuest(event=event.id, pupil=pupil.id, guardian=adult.id, name="李强", came_at=now)
    )
    return past, adult


async def test_after_a_year_slips_and_lists_name_nobody_and_their_figures_stay(kept, plugins):
    await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=360))
    assert (await LeaveSlip.objects().first()).collector_name == "李强"
    await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=368))
    slip, guest = await LeaveSlip.objects().first(), await EventGuest.objects().first()
    assert (slip.reason, slip.contact_with, slip.collector_name) == ("", "", "")
    assert (slip.pupil_signature, slip.collector_signature) == (None, None)
    assert slip.used_at
    assert (guest.name, guest.guardian) == ("", None)
    assert guest.came_at
    again = await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=369))
    assert sum(done.erased for done in again if done.rule.kind.startswith("school_gate")) == 0


async def test_a_parent_is_told_what_slips_and_lists_say_of_them_and_is_erased_from_both(
    kept, plugins
):
    _, adult = kept
    visitor = Visitor(id=uuid4(), name="李强", created_at=clock.now())
    await Visitor.insert(visitor)
    await Guardian.update({Guardian.visitor: visitor.id}).where(Guardian.id == adult.id)
    parts, failed = await plugins.collect_personal_data(visitor.id)
    assert not failed
    said = [f"{line.label} {line.value}" for part in parts for line in part.details]
    assert any("2026-000001" in line for line in said)
    assert any("家长会" in line for line in said)
    async with db.writing():
        await plugins.do_erase(visitor.id)
    slip, guest = await LeaveSlip.objects().first(), await EventGuest.objects().first()
    assert (slip.collector_name, slip.contact_with, slip.reason) == ("", "", "看牙")
    assert guest.name == ""


async def test_a_pupil_who_left_is_blanked_with_slips_and_lists(kept, plugins):
    school, _ = kept
    pupil = await school.pupil("李雷")
    await pupils.set_active(pupil.id, False, actor=SYSTEM, at=clock.now())
    await retention.run(plugins=plugins, actor=SYSTEM, at=clock.now() + timedelta(days=367))
    assert (await LeaveSlip.objects().first()).reason == ""
    assert not await Guardian.exists().where(Guardian.name == "李强")
