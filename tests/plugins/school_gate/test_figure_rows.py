"""Each figure of the gate leads to as many rows as it says, and the figures add up (SCH-22)."""

import io
import re
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from core import clock
from core.decisions import Allow, Deny, Hold
from core.demo.facts import DemoGate
from core.demo.history import PastScan, write_scans
from core.i18n import N_
from core.permissions import Actor
from plugins.school_gate.facts import SchoolRules
from plugins.school_gate.queries import figure_rows, figures
from plugins.school_gate.queries.figure_rows import Behind
from tests.plugins.school_gate.conftest import ZONE
from tests.plugins.school_gate.test_visits import PARENT, arrive

pytestmark = pytest.mark.anyio

RULES = SchoolRules()
FIRST = date(2026, 11, 16)
DECISIONS = (
    Allow(),
    Allow(),
    Allow(),
    Deny("school_time", N_("School is not over."), "SCH-4"),
    Deny("badge_not_valid", N_("Not valid."), "SCH-3"),
    Deny("token_signature", N_("No badge of this school."), "SCH-3"),
    Hold("passback", N_("Again."), "SCH-19"),
)


async def some_scans(school, seed, number=160):
    """Scans of two weeks at any hour, of badges and of nothing known."""
    dice = Random(seed)
    passes = {}
    for name in ("李雷", "韩梅梅", "欧阳䶮"):
        await school.token(name)
        pupil = await school.pupil(name)
        held = await figures.db.fetch("SELECT id FROM pass WHERE holder = {}", pupil.id)
        passes[name] = (held[0]["id"], pupil.pass_kind)
    gate = DemoGate(id=school.gate.id, name="南门", device_id=uuid4())
    other = DemoGate(id=uuid4(), name="北门", device_id=uuid4())
    scans = []
    for _ in range(number):
        moment = datetime.combine(FIRST, time(), ZONE) + timedelta(
            days=dice.randrange(14), seconds=dice.choice((dice.randrange(86_400), 27_000))
        )
        pass_id, kind = dice.choice([*passes.values(), (None, "")])
        decision = dice.choice(DECISIONS if pass_id else DECISIONS[5:6])
        scans.append(
            PastScan(
                at=clock.to_ms(moment),
                gate=dice.choice((gate, gate, other)),
                direction=dice.randrange(2),
                decision=decision,
                pass_id=pass_id,
                kind=kind,
            )
        )
    guard = Actor(kind="user", id=uuid4(), name="老周")
    await write_scans(scans, site_id=school.site.id, guards=[guard], zone=ZONE)


async def rows_match(school, found, wanted, gate_id):
    """Compare each figure of a period with the number of rows behind it."""

    async def count(what, **narrowed):
        behind = Behind(what=what, **narrowed)
        rows, total = await figure_rows.rows(school.site.id, wanted, behind, RULES, gate_id=gate_id)
        assert len(rows) == min(total, figure_rows.MOST)
        return total

    assert await count("entries") == found.entries
    assert await count("exits") == found.exits
    assert await count("refused") == found.refused
    assert await count("held") == found.held
    assert await count("badges") == found.badge_failures
    assert await count("late") == len(found.late)
    assert await count("no_badge") == found.without_badge
    for reason in found.reasons:
        what = "refused" if reason.verdict == 2 else "held"
        assert await count(what, code=reason.code) == reason.count
    for hour, came, went in found.hours:
        assert await count("entries", hour=int(hour)) == came
        assert await count("exits", hour=int(hour)) == went
    for slot, came, _ in found.peak:
        assert await count("entries", slot=time.fromisoformat(slot)) == came
    for day, came, _ in found.days:
        assert await count("entries", day=day) == came


@pytest.mark.rule("SCH-22")
@pytest.mark.parametrize("seed", [1, 2])
async def test_every_figure_has_as_many_rows_as_it_says_and_they_add_up(school, seed):
    await some_scans(school, seed)
    days = [figures.period("day", FIRST + timedelta(days=n), ZONE) for n in range(7)]
    week = figures.period("week", FIRST, ZONE)
    for gate_id in (None, school.gate.id):
        single = [
            await figures.figures(school.site.id, one, RULES, gate_id=gate_id) for one in days
        ]
        whole = await figures.figures(school.site.id, week, RULES, gate_id=gate_id)
        assert whole.entries + whole.exits > 10
        for name in ("entries", "exits", "refused", "held", "badge_failures"):
            assert sum(getattr(one, name) for one in single) == getattr(whole, name), name
        assert sum(len(one.late) for one in single) == len(whole.late)
        assert sum(came for _, came, _ in whole.hours) == whole.entries
        assert sum(went for _, _, went in whole.hours) == whole.exits
        assert sum(came for _, came, _ in whole.days) == whole.entries
        if gate_id is None:
            await rows_match(school, whole, week, gate_id)
        else:
            await rows_match(school, single[2], days[2], gate_id)


@pytest.mark.rule("SCH-22")
async def test_the_office_follows_a_figure_to_its_rows_and_takes_them_along(
    school, client_as, on_the_clock
):
    on_the_clock("2026-11-23 07:02")
    device = await school.device()
    await device.scan(await school.token("李雷"), "in")
    on_the_clock("2026-11-23 10:00")
    guard = await client_as("gatekeeper", name="老周")
    await arrive(guard, PARENT | {"purpose": "school_gate.trader"})
    office = await client_as("duty_officer")
    page = await office.get("/school-gate/figures")
    tiles = re.findall(
        r'href="(/school-gate/figures/rows[^"]+)">.*?figure-value">(\d+)<', page.text, re.DOTALL
    )
    assert len(tiles) == 9
    for href, said in tiles:
        rows = await office.get(href.replace("&amp;", "&"))
        assert rows.status_code == 200
        assert re.search(rf"<h1>[^<]+{said}</h1>", rows.text), href
    slots = re.findall(r'href="([^"]+slot=07%3A00)"', page.text)
    assert "李雷" in (await office.get(slots[0].replace("&amp;", "&"))).text
    refused = next(href for href, _ in tiles if "what=visits" in href).replace("&amp;", "&")
    assert "李强" in (await office.get(refused)).text
    discipline = await client_as("discipline_office")
    answer = await discipline.get(refused)
    assert "李强" not in answer.text  # visits are for those who may see registrations
    assert answer.status_code == 200

    book = await office.get("/school-gate/figures", params={"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    lines = sheet.to_python()
    assert ["进校人次", "", 1.0] in lines
    csv_rows = await office.get("/school-gate/figures/rows?what=entries&format=csv")
    assert "李雷" in csv_rows.content.decode("utf-8-sig")
    assert (await office.get("/school-gate/figures/rows?what=entries&format=xlsx")).content[
        :2
    ] == b"PK"


@pytest.mark.parametrize(
    "query", ["what=x", "what=entries&hour=99", "what=entries&slot=x", "what=late&on=x", "code=%27"]
)
async def test_nonsense_in_the_address_of_rows_is_no_error(school, client, query):
    assert (await client.get(f"/school-gate/figures/rows?{query}")).status_code == 200
