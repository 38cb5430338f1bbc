"""Papers that wait for their delivery receipt: who sees which, until one is noted."""

import pytest

from core import clock, db
from core.permissions import SYSTEM
from plugins.government.matters.tables import Barred
from plugins.government.papers import services as papers
from tests.plugins.government.chain import handled_by

pytestmark = pytest.mark.anyio
PAGE = "/government/papers/owed"


async def notice(row, name="transfer_notice", actor=SYSTEM, **given):
    """Issue a notice to the petitioner of an item."""
    given = {"unit": "东河县人民政府"} if name == "transfer_notice" else given
    async with db.writing():
        return await papers.take(name, row.id, given, actor=actor, at=clock.now())


@pytest.mark.rule("GOV-12", "GOV-20")
async def test_a_paper_waits_on_the_list_until_its_receipt_is_noted(city):
    row = await city.matter()
    clerk = await city.client("petition_clerk", name="接待员小陈")
    paper = await notice(row, actor=await city.actor(clerk))
    letter = await notice(row, "transfer_county", unit="东河县人民政府")
    await city.later("2026-12-02 09:00", clerk)
    page = (await clerk.get(PAGE)).text
    for says in (
        paper.label,
        row.number,
        "周建国",
        "接待员小陈",
        "9 天",
        f"/documents/{paper.id}#",
    ):
        assert says in page, says
    assert letter.label not in page, "letters between offices need no receipt"
    assert PAGE in (await clerk.get("/")).text, "the first page tells of it"
    assert PAGE in (await clerk.get("/government/desk")).text
    blank = await clerk.get(f"/documents/{paper.id}/receipt")
    assert blank.headers["content-type"] == "application/pdf"
    form = {"method": "direct", "at": "2026-12-01T10:00", "receiver": "周建国", "relation": "本人"}
    noted = await clerk.post(f"/documents/{paper.id}/deliver", data=form)
    assert noted.status_code == 303, noted.text
    assert paper.label not in (await clerk.get(PAGE)).text
    delivery = (await db.fetch("SELECT id FROM document_delivery"))[0]["id"]
    wrong = f"/documents/{paper.id}/deliveries/{delivery}/void"
    await clerk.post(wrong, data={"reason": "记错了文书"})
    assert paper.label in (await clerk.get(PAGE)).text, "a note that is void proves nothing"
    await (await city.client("petition_head")).post(
        f"/documents/{paper.id}/void", data={"reason": "重复出具"}
    )
    assert paper.label not in (await clerk.get(PAGE)).text


@pytest.mark.rule("GOV-32")
async def test_a_unit_sees_its_own_opinions_and_is_led_to_where_their_delivery_counts(city):
    chain = await handled_by(city)
    found = await chain.issue()
    notice_of_room = await notice(chain.matter)
    page = (await chain.unit_clerk.get(PAGE)).text
    assert found.label in page
    assert f"/government/opinions/by-paper/{found.document}" in page
    assert notice_of_room.label not in page
    assert PAGE in (await chain.unit_clerk.get("/")).text
    assert found.label in (await chain.clerk.get(PAGE)).text, "the room sees what units owe"
    other = await city.client("petition_unit", unit="county2")
    assert found.label not in (await other.get(PAGE)).text
    await chain.deliver()
    assert found.label not in (await chain.unit_clerk.get(PAGE)).text


@pytest.mark.rule("GOV-50")
async def test_papers_of_hidden_items_owe_nothing_that_one_could_count(city):
    row = await city.matter()
    paper = await notice(row)
    clerk = await city.client("petition_clerk")
    assert paper.label in (await clerk.get(PAGE)).text
    await Barred.insert(Barred(matter=row.id, user=clerk.user_id, why="accused", since=clock.now()))
    page = (await clerk.get(PAGE)).text
    assert paper.label not in page
    assert row.number not in page
    assert (await (await city.client("administrator")).get(PAGE)).status_code == 403


async def test_the_list_is_narrowed_by_kind_and_by_who_has_it(city):
    row = await city.matter()
    clerk = await city.client("petition_clerk")
    mine = await notice(row, actor=await city.actor(clerk))
    other = await notice(row, "acceptance")
    page = (await clerk.get(f"{PAGE}?who=me")).text
    assert mine.label in page
    assert other.label not in page
    page = (await clerk.get(f"{PAGE}?kind=government.acceptance")).text
    assert other.label in page
    assert mine.label not in page
    assert (await clerk.get(f"{PAGE}?kind=nonsense&page=99")).status_code == 200
    await db.execute("UPDATE issued_document SET year = 2023 WHERE id = {}", mine.id)
    assert mine.label in (await clerk.get(PAGE)).text, "however old it is"
