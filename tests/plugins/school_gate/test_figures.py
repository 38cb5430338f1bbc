"""Figures are counted from the stored scans: per hour, per five minutes, by reason; late arrivals."""

import csv
import io

import pytest

from plugins.school_gate.queries import figures
from plugins.school_gate.queries.figures import period
from tests.plugins.school_gate.conftest import ZONE, at

pytestmark = pytest.mark.anyio


@pytest.fixture
async def day(school, on_the_clock):
    """A morning: two come in time, one late; one is sent back at eleven, two go at noon."""
    on_the_clock("2026-11-23 06:00")
    tokens = {name: await school.token(name) for name in ("李雷", "韩梅梅", "欧阳䶮")}
    for place, (moment, name, way) in enumerate(
        (
            ("07:02", "李雷", "in"),
            ("07:04", "韩梅梅", "in"),
            ("08:45", "欧阳䶮", "in"),
            ("11:00", "李雷", "out"),
            ("11:55", "李雷", "out"),
            ("12:05", "欧阳䶮", "out"),
            ("14:00", "李雷", "in"),
        )
    ):
        on_the_clock(f"2026-11-23 {moment}")
        device = await school.device(f"第{place}台")
        await device.scan(tokens[name], way)
    return school


@pytest.mark.rule("SCH-22")
async def test_entries_exits_refusals_and_late_arrivals_of_a_day(day, client_as, on_the_clock):
    on_the_clock("2026-11-23 15:00")
    officer = await client_as("duty_officer")
    answer = await officer.get("/school-gate/figures", params={"format": "csv"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = {(figure, item): count for figure, item, count in rows[1:]}
    assert found["进校人次", "07:00"] == "2"
    assert found["离校人次", "11:00"] == "1"
    assert found["离校人次", "12:00"] == "1"
    assert found["每五分钟进校人次", "07:00"] == "2"
    assert found["拒绝次数", ""] == "1"
    assert int(found["待处置次数", ""]) == 1
    page = await officer.get("/school-gate/figures")
    assert page.status_code == 200
    assert "SCH-4" in page.text
    assert "<svg" in page.text
    rows_page = await officer.get(
        "/school-gate/figures/rows", params={"what": "refused", "code": "school_time"}
    )
    assert "李雷" in rows_page.text


@pytest.mark.rule("SCH-22")
async def test_whoever_was_let_in_after_the_hour_is_late(school, on_the_clock, client_as):
    from plugins.school_gate.tables import GateOpening

    tokens = {name: await school.token(name) for name in ("李雷", "韩梅梅", "欧阳䶮")}
    await GateOpening(gate=school.gate.id, kind="special", opened_at=at("2026-11-23 08:30")).save()
    for moment, name, way in (
        ("08:20", "李雷", "in"),
        ("08:40", "韩梅梅", "in"),
        ("09:30", "欧阳䶮", "in"),
    ):
        on_the_clock(f"2026-11-23 {moment}")
        device = await school.device(moment)
        assert (await device.scan(tokens[name], way))["verdict"] == "allow", name
    on_the_clock("2026-11-23 20:00")
    office = await client_as("grade_office")
    page = await office.get("/school-gate/figures")
    late = page.text.partition('id="late"')[2]
    assert "韩梅梅" in late
    assert "欧阳䶮" in late
    assert "李雷" not in late
    sunday = await office.get("/school-gate/figures", params={"day": "2026-11-22"})
    assert "韩梅梅" not in sunday.text
    week = await office.get("/school-gate/figures", params={"period": "week"})
    assert "韩梅梅" in week.text
    month = await office.get(
        "/school-gate/figures", params={"period": "month", "day": "2026-11-01"}
    )
    assert "韩梅梅" in month.text


async def test_a_scan_that_was_taken_back_counts_nowhere(school, on_the_clock, client_as):
    device = await school.device()
    verdict = await device.scan(await school.token("李雷"), "in")
    answer = await device.client.post(
        "/gate/api/undo",
        json={"event": verdict["event"], "seq": 2, "reason": "扫错"},
        headers=device.headers,
    )
    assert answer.status_code == 200, answer.text
    found = await figures.figures(
        school.site.id, period("day", at("2026-11-23 07:00").date(), ZONE), await rules()
    )
    assert (found.entries, found.exits, len(found.late)) == (0, 0, 0)


async def rules():
    from core import clock
    from plugins.school_gate.queries import timetable

    return (await timetable.in_force(clock.now())).values


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("day", "2026-11-25", "2026-11-25"),
        ("week", "2026-11-23", "2026-11-29"),
        ("month", "2026-11-01", "2026-11-30"),
        ("nonsense", "2026-11-25", "2026-11-25"),
    ],
)
def test_periods(kind, first, last):
    found = period(kind, at("2026-11-25 12:00").date(), ZONE)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    start, end = found.bounds
    assert (end - start) == len(found.days) * 86_400_000


async def test_who_may_not_see_figures_is_kept_out(school, client_as):
    guard = await client_as("gatekeeper")
    assert (await guard.get("/school-gate/figures")).status_code == 403


@pytest.mark.parametrize(
    "query", ["day=nonsense", "day=9999-99-99", "gate=x", "site=x", "period=%27", "page=-1"]
)
async def test_nonsense_in_the_address_is_no_error(school, client, query):
    assert (await client.get(f"/school-gate/figures?{query}")).status_code == 200
    assert (await client.get(f"/school-gate/pupils?{query}")).status_code == 200
