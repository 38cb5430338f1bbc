"""What the first version kept in the plugin, found in the core's rooms after the migration."""

import json
from uuid import uuid4

import pytest

from core import clock, db
from core.approvals import remarks
from core.documents import deliveries
from plugins.government import sealing
from plugins.government.opinions import moving, queries
from plugins.government.signing import queries as signing
from tests.plugins.government.chain import handled_by, sign

pytestmark = pytest.mark.anyio


async def upgrade():
    """Do what the migrations do with the rows of a database that is upgraded."""
    await remarks.seal_what_is_clear()
    await moving.move_deliveries()
    await moving.move_remarks()


async def as_it_was(chain, *, on_paper):
    """Put an opinion's delivery where the first version kept it; returns the opinion's id."""
    found = await chain.last()
    await db.execute("DELETE FROM document_delivery WHERE document = {}", found.document)
    packed = {"receiver": "周建国", "witness": "", "tracking": "XA123", "signature": ""}
    cipher = sealing.seal(json.dumps(packed), "government_opinion", "delivery_cipher", found.id)
    await db.execute(
        "UPDATE government_opinion SET delivered_on = {}, delivery_method = 'registered',"
        " delivery_cipher = {}, delivered_by_name = '经办人老孙', document = {} WHERE id = {}",
        clock.now().date(),
        cipher,
        None if on_paper else found.document,
        found.id,
    )
    return found.id


@pytest.mark.parametrize("on_paper", [False, True])
@pytest.mark.rule("GOV-32")
async def test_a_delivery_of_the_first_version_is_found_with_its_paper(city, on_paper):
    chain = await handled_by(city)
    await chain.issue()
    await chain.deliver()
    before = (await chain.clock("review_window")).due
    opinion_id = await as_it_was(chain, on_paper=on_paper)
    async with db.writing():
        await upgrade()
    found = await queries.opinion(opinion_id)
    assert found.delivered.on == clock.now().date()
    assert found.delivered.delivery.receiver == "周建国"
    assert found.delivered.delivery.tracking == "XA123"
    assert found.came_on_paper is on_paper
    [noted] = await deliveries.of_document(found.document)
    assert noted.noted_by == "经办人老孙"
    assert (await chain.clock("review_window")).due == before
    page = await chain.clerk.get(f"/documents/{found.document}")
    assert page.status_code == 200
    assert "XA123" in page.text
    async with db.writing():
        await upgrade()
    assert len(await deliveries.of_document(found.document)) == 1, "moved once"
    assert (await chain.clerk.get(chain.path)).status_code == 200


async def test_what_signers_said_in_clear_or_beside_their_vote_is_sealed_with_the_vote(city):
    chain = await handled_by(city)
    await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    found = await chain.last()
    await sign(chain.unit_head, found.approval, opinion="同意")
    await db.execute(
        "UPDATE approval_seat SET opinion = {} WHERE request = {}",
        "canary-in-clear",
        found.approval,
    )
    async with db.writing():
        await upgrade()
    [row] = await db.fetch("SELECT opinion FROM approval_seat WHERE request = {}", found.approval)
    assert "canary" not in row["opinion"]
    [vote] = (await remarks.votes([found.approval]))[found.approval]
    assert (vote.opinion, vote.name) == ("canary-in-clear", "局长老钱")


async def test_a_signers_opinion_of_the_first_version_is_read_with_the_item(city):
    clerk = await city.client("petition_clerk", name="接待员小陈")
    deputy = await city.client("petition_deputy", name="副局长高明")
    row = await city.matter(source="city")
    form = {
        "unit": str(city.units["labour"]),
        "reason": "属地",
        "due_on": "2026-12-23",
    }
    await clerk.post(f"/government/matters/{row.id}/transfer", data=form)
    [asked] = await db.fetch("SELECT id, approval FROM government_signing")
    await sign(deputy, asked["approval"])
    [seat] = await db.fetch("SELECT * FROM approval_seat WHERE request = {}", asked["approval"])
    said = uuid4()
    await db.execute(
        'INSERT INTO government_signer_opinion (id, signing, "user", user_name, choice,'
        " text_cipher, said_at) VALUES ({}, {}, {}, '副局长高明', 'approve', {}, {})",
        said,
        asked["id"],
        deputy.user_id,
        sealing.seal("请抓紧", "government_signer_opinion", "text_cipher", said),
        seat["voted_at"],
    )
    async with db.writing():
        await upgrade()
    assert await db.fetch("SELECT text_cipher FROM government_signer_opinion") == [
        {"text_cipher": ""}
    ]
    [one] = (await signing.rounds(row.id))[0].opinions
    assert (one.name, one.text) == ("副局长高明", "请抓紧")
