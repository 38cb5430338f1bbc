"""One person comes for several domains; each sees its own part, and a look over the wall is logged."""

import pytest

from core.log.tables import LogEntry
from core.registrations.tables import Registration
from core.visitors.tables import Visitor

pytestmark = pytest.mark.anyio

PERSON = {
    "name": "李强",
    "phone": "13800138001",
    "document_kind": "resident_id",
    "document_number": "11010519491231002X",
    "host": "王珺",
}
PARENT = PERSON | {"purpose": "school_gate.visitor", "reason": "谈孩子的处分"}
GUEST = PERSON | {"purpose": "core.visit", "reason": "洽谈采购"}


@pytest.fixture
async def visitor(client_as):
    """Somebody who came to the school about a child, and to the office about a purchase."""
    guard = await client_as("gatekeeper")
    for form in (PARENT, GUEST):
        answer = await guard.post("/desk", data=form)
        assert answer.status_code == 303, answer.text
        await Registration.update({Registration.state: "closed"}).where(
            Registration.id == answer.headers["location"].rsplit("/", 1)[1]
        )
    people = await Visitor.objects()
    assert len(people) == 1
    return f"/visitors/{people[0].id}"


@pytest.mark.rule("CORE-26")
async def test_each_domain_sees_its_own_part_of_a_person(visitor, client_as):
    school, office = await client_as("gatekeeper"), await client_as("desk")
    page = (await school.get(visitor)).text
    assert "谈孩子的处分" in page
    assert "洽谈采购" in page  # the house's own visits are everybody's
    page = (await office.get(visitor)).text
    assert "洽谈采购" in page
    assert "谈孩子的处分" not in page
    assert "校门管理 1" in page.partition("其他业务的来访")[2][:120]
    form = (await office.get(f"/desk?visitor={visitor.rsplit('/', 1)[1]}")).text
    assert "谈孩子的处分" not in form


@pytest.mark.rule("CORE-26")
async def test_a_look_over_the_wall_needs_a_purpose_and_is_logged(visitor, client_as):
    office = await client_as("desk", name="前台小孙")
    refused = await office.post(f"{visitor}/beyond", data={"purpose": " "})
    assert refused.status_code == 422
    assert "谈孩子的处分" not in refused.text
    assert not await LogEntry.exists().where(LogEntry.act == "visitor.cross_look")
    seen = await office.post(f"{visitor}/beyond", data={"purpose": "同一人投诉，核对来访时间"})
    assert seen.status_code == 200
    assert seen.headers["cache-control"] == "no-store"
    assert "谈孩子的处分" in seen.text
    logged = await LogEntry.objects().where(LogEntry.act == "visitor.cross_look").first()
    assert logged.actor_name == "前台小孙"
    assert "同一人投诉" in logged.after
    assert "school_gate" in logged.after
    assert "谈孩子的处分" not in (await office.get(visitor)).text
    auditor = await client_as("auditor")
    assert "前台小孙" in (await auditor.get("/log?act=visitor.cross_look")).text


@pytest.mark.rule("CORE-26", "CORE-14")
async def test_whoever_may_not_see_visits_looks_over_no_wall(visitor, client_as):
    host = await client_as("host")
    answer = await host.post(f"{visitor}/beyond", data={"purpose": "好奇"})
    assert answer.status_code in (403, 404)
