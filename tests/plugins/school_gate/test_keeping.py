"""What the school kept long enough is let go; what is still needed stays (CORE-21)."""

from datetime import timedelta

import pytest

from core import clock, db
from core.permissions import SYSTEM
from core.privacy import retention
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
