# ruff: noqa: F811 - arguments are fixtures
"""`laifang demo`: an empty installation becomes a school with a past, once, in a few seconds."""

import pytest

from core import clock, db
from core.gate.facts import PassEvent
from core.gate.fold import fold
from core.log.tables import LogEntry
from plugins.school_gate.services import due
from tests.app import new_client
from tests.demonstration import PASSWORD, database_url, demonstration, made, wednesday  # noqa: F401

pytestmark = pytest.mark.anyio


async def test_a_school_with_its_past_weeks_is_made_and_hangs_together(made, app, plugins):
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

    people = {one.login for one in made.sign_ins}
    assert people | {one.login for one in made.programs} == set(plugins.register_roles())
    assert [one.login for one in made.programs] == ["petition_portal"]
    for program in made.programs:
        client = new_client(app)
        client.headers["authorization"] = f"Bearer {program.token}"
        rooms = await client.get("/api/v1/petitions/rooms")
        assert (rooms.status_code, len(rooms.json())) == (200, 1)
        assert (await client.sign_in(program.login, PASSWORD)).status_code != 303
        await client.aclose()
    for one in made.sign_ins:
        client = new_client(app)
        answer = await client.sign_in(one.login, PASSWORD)
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
