"""The board: who waits too long, who is held, who stays too long; the roll call beside it."""

from datetime import timedelta

import pytest

from core import clock
from core.permissions import SYSTEM
from core.registrations.rulebook import RULEBOOK
from core.rulebooks import queries as rulebooks
from core.rulebooks import services as rulebook_services
from tests.web.visits import act, arrive


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()
    yield
    rulebooks.forget()


def level_of(page, visit):
    """Return the class that marks a visit's row."""
    row = page.partition(f'id="visit-{visit}"')[0].rpartition("<li ")[2]
    return "red" if "level-red" in row else "amber" if "level-amber" in row else ""


@pytest.mark.rule("CORE-18")
async def test_who_waits_is_marked_amber_then_red_by_the_times_of_the_rulebook(
    desk, host, stopped_clock
):
    visit = await arrive(desk)
    levels = {}
    for minutes in (5, 10, 20):
        stopped_clock.advance(timedelta(minutes=minutes - max(levels, default=0)))
        page = (await desk.get("/board")).text
        levels[minutes] = level_of(page, visit)
    assert levels == {5: "", 10: "amber", 20: "red"}
    assert "等候超过 20 分钟" in page
    await rulebook_services.adopt(
        RULEBOOK,
        {"waiting_amber_minutes": 30, "waiting_red_minutes": 60},
        effective_from=clock.now(),
        note="",
        actor=SYSTEM,
        at=clock.now(),
    )
    rulebooks.forget()
    assert level_of((await desk.get("/board/parts")).text, visit) == ""


@pytest.mark.rule("CORE-6")
async def test_who_stays_too_long_is_flagged_on_board_desk_and_roll_call(desk, host, stopped_clock):
    visit = await arrive(desk)
    await act(desk, visit, "consent", by="张明", means="phone", given="yes")
    await act(desk, visit, "admit")
    assert "超时" not in (await desk.get(f"/registrations/{visit}")).text
    stopped_clock.advance(timedelta(minutes=121))
    assert level_of((await desk.get("/board")).text, visit) == "red"
    assert level_of((await desk.get("/desk")).text, visit) == "red"
    roll = await desk.get("/roll-call", follow_redirects=True)
    assert "王小明" in roll.text
    assert "13800001234" not in roll.text
    assert "138****" not in roll.text


async def test_an_auditor_sees_the_board_and_can_press_nothing(desk, client_as, host):
    visit = await arrive(desk)
    auditor = await client_as("auditor")
    page = (await auditor.get("/board")).text
    assert "王小明" in page
    assert f"/registrations/{visit}/admit" not in page
    assert (await act(auditor, visit, "admit")).status_code == 403
    seen = (await auditor.get(f"/registrations/{visit}")).text
    assert 'method="post" action="/registrations' not in seen
