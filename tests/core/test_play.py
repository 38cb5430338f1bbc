"""Days played through in a copy: what becomes due when, and nothing real is touched."""

import asyncio
import os
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core import clock, db, hookimpl
from core import settings as core_settings
from core.appointments import services as appointments
from core.appointments.policies import Window
from core.attachments.store import DiskStore
from core.attachments.tables import Attachment
from core.backup.services import tables
from core.play import Play, aside
from core.plugins import Plugins
from core.privacy import keys
from core.registrations import correcting
from core.registrations.rulebook import RULEBOOK as RECEPTION
from core.rulebooks import queries as rulebooks
from core.rulebooks import services as adopting
from core.visitors.tables import Visitor
from tests.core.registrations.reception import ADMIN, a_person, a_place, arrive

pytestmark = pytest.mark.anyio
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=ZONE)


def a_caller():
    """A plugin that would call another system, and works each minute."""
    called, minutes = [], []

    @hookimpl
    async def on_event(event):
        called.append(event.name)

    @hookimpl
    async def on_minute(at):
        minutes.append(at)

    return SimpleNamespace(on_event=on_event, on_minute=on_minute), called, minutes


@pytest.fixture
def chosen(tmp_path, database_url):
    """Settings of an installation with its own folder and keys."""
    data = tmp_path / "data"
    keys.open(data / "keys" / "keyring.json")
    rulebooks.forget()
    return replace(
        core_settings.load(), data_dir=data, database_url=database_url, zone=ZONE, locale="zh_Hans"
    )


async def an_installation(chosen, plugins):
    """Somebody due for erasure in ten days with a photo, an appointment tomorrow, a new rulebook."""
    place = await a_place(plugins, at=NOON)
    came = NOON - timedelta(days=355)
    visit = await arrive(place, a_person(name="旧客"), at=came)
    await correcting.cancel(visit.id, reason="走了", actor=ADMIN, at=came, plugins=plugins)
    sha256 = DiskStore(chosen.attachments_dir).put(b"photo")
    await Attachment.insert(
        Attachment(
            id=uuid4(), sha256=sha256, media_type="image/jpeg", size=5, record_kind="visitor",
            record=visit.visitor_id, created_at=came,
        )
    )  # fmt: skip
    tomorrow = NOON + timedelta(days=1)
    for name, document, agreed in (("约客", "440524188001010014", True), ("待答", "", False)):
        await appointments.propose(
            appointments.Proposal(
                site_id=place.site_id, person=a_person(name, "", document), host_id=place.host_id,
                purpose="core.visit", reason="谈",
                window=Window(starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=1)),
            ),
            actor=ADMIN, at=NOON, plugins=plugins, agreed=agreed,
        )  # fmt: skip
    start = datetime(2026, 11, 28, 0, 30, tzinfo=ZONE)
    await adopting.adopt(
        RECEPTION, {"stay_minutes": 60}, effective_from=start, note="试", actor=ADMIN, at=NOON
    )
    return sha256


async def every_row():
    return {
        table._meta.tablename: sorted(
            map(repr, await db.fetch(f'SELECT * FROM "{table._meta.tablename}"'))
        )
        for table in tables()
    }


@pytest.mark.rule("CORE-27")
async def test_days_are_played_and_tell_what_becomes_due_while_nothing_real_changes(chosen):
    caller, called, minutes = a_caller()
    plugins = Plugins({"caller": caller})
    await db.open(chosen.database_url)
    sha256 = await an_installation(chosen, plugins)
    before = await every_row()
    await db.close()
    environment, began = dict(os.environ), clock.now()
    async with aside(chosen) as folder:
        play = Play(plugins, chosen, folder)
        days = [day async for day in play.days(TODAY, 14)]
        assert not await Visitor.exists().where(Visitor.name == "旧客")
    assert not folder.exists()
    assert dict(os.environ) == environment
    assert began <= clock.now() < began + timedelta(minutes=5), "the clock goes on as before"
    happened = {
        (day.day.isoformat(), one.what, f"{one.at.astimezone(ZONE):%H:%M}")
        for day in days
        for one in day.happenings
    }
    assert ("2026-11-24", "appointment.no_show", "14:00") in happened
    assert ("2026-11-28", "rulebook.in_force", "00:30") in happened
    assert ("2026-12-04", "visitor.erase", "03:00") in happened
    assert not [h for h in happened if h[1] == "visitor.erase" and h[0] != "2026-12-04"]
    assert len(days) == 14
    assert len(minutes) == 14 * 24
    assert not called
    assert sum(day.events for day in days) > 0
    assert sum(day.letters for day in days) > 0
    await db.open(chosen.database_url)
    assert await every_row() == before
    await db.close()
    assert DiskStore(chosen.attachments_dir).get(sha256) == b"photo"


async def test_days_are_played_nowhere_but_in_a_copy(chosen):
    await db.open(chosen.database_url)
    with pytest.raises(RuntimeError, match="copy"):
        Play(Plugins({}), chosen, chosen.data_dir)
    await db.close()


async def test_a_year_is_played_in_seconds_and_quiet_days_say_nothing(chosen):
    await db.open(chosen.database_url)
    await a_place(at=NOON)
    await db.close()
    started = clock.monotonic()
    async with aside(chosen) as folder:
        play = Play(Plugins({}), chosen, folder)
        days = [day async for day in play.days(TODAY, 365, every=timedelta(days=1))]
    assert clock.monotonic() - started < 60
    assert len(days) == 365
    assert days[-1].day == TODAY + timedelta(days=364)


async def test_the_command_plays_while_a_server_holds_the_database(
    sqlite_database, tmp_path, laifang
):
    data = tmp_path / "data"
    keys.open(data / "keys" / "keyring.json")
    rulebooks.forget()
    chosen = replace(core_settings.load(), data_dir=data, database_url=sqlite_database)
    await an_installation(chosen, Plugins({}))
    before = await every_row()

    async def play(*words):
        done = await asyncio.to_thread(
            laifang, "play", *words, data_dir=data, url=sqlite_database,
            LAIFANG_CLOCK="2026-11-23T12:00:00+08:00", LAIFANG_PLUGINS="",
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    code, out, err = await play("--days", "12")
    assert code == 0, err
    assert re.search(r"2026-11-24 Tuesday\n(.*\n)*  14:00  appointment\.no_show", out)
    assert re.search(r"2026-12-04 Friday\n(.*\n)*  03:00  visitor\.erase", out)
    assert "quiet day" in out or out.count("2026-") >= 12
    assert await every_row() == before
    assert (await play("--from", "2026-11-01"))[0] == 2
    assert (await play("--from", "yesterday"))[0] == 2
    assert (await play("--days", "0"))[0] == 2
