"""Whoever may decide hears of a held visit, once, at their own site (CORE-15)."""

import pytest

from core import clock
from core.notices.outbox import Outbox
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.registrations.services import Arrival, register
from core.visitors import watch
from core.visitors.matching import Person
from tests.app import an_account
from tests.core.registrations.reception import CHIEF

pytestmark = pytest.mark.anyio


async def test_on_event_tells_those_who_may_decide_that_a_visit_is_held(app, plugins, site):
    officer, _ = await an_account(plugins, "duty_officer", site_id=site.id)
    desk, _ = await an_account(plugins, "desk")
    await an_account(plugins, "gatekeeper")
    await an_account(plugins, "administrator")
    await watch.add(
        Person(name="单雄信"),
        action="barred",
        reason="打架",
        until=None,
        actor=CHIEF,
        at=clock.now(),
    )
    arrival = Arrival(
        site_id=site.id, person=Person(name="单雄信"), purpose="core.visit", reason="找人",
        document_shown=True,
    )  # fmt: skip
    visit = await register(arrival, actor=SYSTEM, at=clock.now(), plugins=plugins)
    assert visit.state == "held"
    assert not await Notice.exists()
    outbox = Outbox(plugins, {}, base_url="", locale="zh_Hans")
    while await outbox.work_once():
        pass
    told = await Notice.objects()
    assert {notice.user for notice in told} == {officer, desk}
    assert {notice.url for notice in told} == {f"/registrations/{visit.id}"}
