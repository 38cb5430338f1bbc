"""A link to a record is shown only to whom its page opens."""

from uuid import uuid4

import pytest

from core import clock, db
from core.log.services import record
from core.permissions import SYSTEM, Actor

pytestmark = pytest.mark.anyio


async def test_the_log_links_a_record_only_for_whom_its_page_opens(client_as):
    visitor = uuid4()
    async with db.writing():
        await record(SYSTEM, "visitor.enter", "visitor", visitor, at=clock.now())
    link = f'href="/visitors/{visitor}"'
    auditor, duty = await client_as("auditor"), await client_as("duty_officer", "auditor")
    assert (await auditor.get(f"/visitors/{visitor}")).status_code == 403
    page = (await auditor.get("/log")).text
    assert str(visitor)[:8] in page
    assert link not in page
    assert link in (await duty.get("/log")).text


async def test_pages_are_told_apart_by_the_shape_of_their_address(app, plugins, client_as):
    doors = app.template_engine.engine.doors
    actor = Actor(kind="user", permissions=plugins.register_roles()["auditor"].permissions)
    auditor = await client_as("auditor")
    shut = 0
    for address in ("/log", "/log?kind=visitor", "/devices", "/desk", f"/passes/{uuid4()}", "/"):
        answer = await auditor.get(address)
        assert doors.open_to(actor, address) == (answer.status_code != 403), address
        shut += answer.status_code == 403
    assert 0 < shut < 6
    assert doors.open_to(actor, "https://example.org/")
