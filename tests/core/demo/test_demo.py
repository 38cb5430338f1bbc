"""`laifang demo`: an empty installation becomes a school with a past, once, in a few seconds."""

import os
import re
import subprocess
import sys

import pytest

from core import clock, db
from core.accounts.tables import User
from core.demo import services
from core.demo.services import NotEmptyError
from core.gate.facts import PassEvent
from core.gate.fold import fold
from core.log.tables import LogEntry
from core.sites.tables import Site
from plugins.school_gate.services import due
from tests.app import an_account, new_client
from tests.servers import ROOT

pytestmark = pytest.mark.anyio


@pytest.fixture
def wednesday():
    """A Wednesday at ten, in the middle of term."""
    from datetime import datetime

    clock.CLOCK.travel(datetime.fromisoformat("2026-11-25T10:00:00+08:00"))
    yield clock.now()
    clock.CLOCK.reset()


async def test_a_school_with_its_past_weeks_is_made_and_hangs_together(
    wednesday, app, settings, plugins
):
    made = await services.fill(
        plugins, settings, at=wednesday, password="jiaowu-shifan-2026", weeks=1
    )
    counts = {}
    for table in ("school_gate_pupil", "school_gate_class", "scan_event", "registration", "pass"):
        counts[table] = (await db.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"]
    assert counts["school_gate_pupil"] == 484
    assert counts["school_gate_class"] == 12
    assert counts["scan_event"] > 3000
    assert counts["registration"] > 15
    assert counts["pass"] >= 528
    invited = await db.fetch("SELECT count(*) AS n FROM pass WHERE kind = 'school_gate.event'")
    assert invited[0]["n"] > 30
    slips = await db.fetch("SELECT kind, count(*) AS n FROM school_gate_leave GROUP BY kind")
    assert {row["kind"] for row in slips} == {"leave", "boarder", "entry"}
    await due.do_what_is_due(clock.now())
    late = await db.fetch(
        "SELECT count(*) AS n FROM school_gate_leave WHERE returned_at > expected_back_at"
    )
    assert late[0]["n"]
    codes = {row["code"] for row in await db.fetch("SELECT DISTINCT code FROM scan_event")}
    assert {"", "school_time", "boarder_without_slip", "passback"} <= codes
    await _presence_is_the_fold_of_the_events()
    counted = await db.fetch("SELECT CAST(sum(total) AS bigint) AS n FROM scan_counter")
    assert counted[0]["n"] == counts["scan_event"]
    assert await LogEntry.count().where(LogEntry.act.like("scan.%")) == counts["scan_event"]

    kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM scan_conflict")]
    assert kinds == ["double_entry"]  # of the morning when one gate was cut off
    aside = await db.fetch("SELECT code FROM scan_quarantine")
    assert [row["code"] for row in aside] == ["device_revoked"]
    assert (await db.fetch("SELECT count(*) AS n FROM scan_event WHERE mode = 1"))[0]["n"] > 20

    assert {one.login for one in made.sign_ins} == set(plugins.register_roles())
    for one in made.sign_ins:
        client = new_client(app)
        answer = await client.sign_in(one.login, "jiaowu-shifan-2026")
        assert answer.status_code == 303, one.login
        assert (await client.get("/")).status_code == 200
        assert bool(one.pin) == ("core:gate:scan" in one.role.permissions)
    client = new_client(app)
    answer = await client.post("/gate/api/enrol", json={"code": made.enrolments[0][1]})
    assert answer.status_code == 200
    await client.aclose()


async def _presence_is_the_fold_of_the_events():
    passes = await db.fetch("SELECT id, inside, entries, last_event FROM pass ORDER BY id")
    for row in passes:
        events = [
            PassEvent(**event)
            for event in await db.fetch(
                "SELECT id, device, seq, at, direction, verdict, code, corrects FROM scan_event"
                " WHERE pass_id = {}",
                row["id"],
            )
        ]
        presence, conflicts = fold(row["id"], events)
        told = await db.fetch("SELECT key FROM scan_conflict WHERE pass_id = {}", row["id"])
        assert {one.key for one in conflicts} == {one["key"] for one in told}
        assert (presence.inside, presence.entries, presence.last_event) == (
            bool(row["inside"]),
            row["entries"],
            row["last_event"],
        )


async def test_it_is_never_mixed_into_data_that_is_there(app, settings, plugins, site):
    with pytest.raises(NotEmptyError):
        await services.fill(plugins, settings, at=clock.now())
    assert await Site.count() == 1
    assert not await User.exists()
    await an_account(plugins, "administrator")
    assert not await services.is_empty()


async def test_a_plugin_that_fails_leaves_nothing_half_made(app, settings, plugins, monkeypatch):
    async def broken(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr(plugins, "do_demo", broken)
    with pytest.raises(RuntimeError):
        await services.fill(plugins, settings, at=clock.now())
    assert not await Site.exists()
    assert not await LogEntry.exists()


def run(*words, data, **environment):
    return subprocess.run(
        [sys.executable, "-m", "web.cli", *words],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("LAIFANG_")},
            "LAIFANG_DATA": str(data),
            "LAIFANG_PASSWORD_MEMORY_KIB": "8",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_prints_one_sign_in_for_each_role_and_refuses_a_second_time(tmp_path):
    assert run("migrate", data=tmp_path).returncode == 0
    first = run("demo", data=tmp_path, LAIFANG_DEMO_PASSWORD="jiaowu-shifan-2026")
    assert first.returncode == 0, first.stderr
    assert "jiaowu-shifan-2026" in first.stdout
    for role in ("administrator", "gatekeeper", "discipline_office", "class_teacher"):
        assert re.search(rf"^  {role}\s", first.stdout, re.MULTILINE), role
    assert len(re.findall(r"PIN \d{4}", first.stdout)) >= 3
    assert len(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", first.stdout)) == 2
    again = run("demo", data=tmp_path)
    assert again.returncode == 1
    quiet = run("demo", "--if-empty", data=tmp_path)
    assert (quiet.returncode, quiet.stdout) == (0, "")
