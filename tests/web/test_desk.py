"""The desk as a clerk meets it: forms in, pages out, nothing typed lost."""

import re

import pytest

from core.registrations.tables import Registration
from core.visitors.tables import Visitor

ARRIVAL = {
    "name": "王小明",
    "phone": "13800001234",
    "document_kind": "resident_id",
    "document_number": "11010519491231002X",
    "purpose": "core.visit",
    "host": "张明",
    "reason": "谈合同",
}


@pytest.fixture
async def desk(client_as):
    """A gatekeeper at the desk."""
    return await client_as("gatekeeper", name="老周")


async def test_an_arrival_is_registered_and_its_page_says_what_to_do_next(desk):
    page = await desk.get("/desk")
    assert page.status_code == 200
    assert "南门" in page.text
    answer = await desk.post("/desk", data=ARRIVAL)
    assert answer.status_code == 303, answer.text
    row = await Registration.objects().first()
    assert answer.headers["location"] == f"/registrations/{row.id}"
    visit = await desk.get(answer.headers["location"])
    assert visit.status_code == 200
    for text in ("王小明", row.number, "张明", "谈合同", "138****1234"):
        assert text in visit.text
    assert "13800001234" not in visit.text
    assert "11010519491231002X" not in visit.text
    assert (await Visitor.count()) == 1
    assert re.search(rf'action="/registrations/{row.id}/admit"', visit.text)
