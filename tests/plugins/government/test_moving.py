"""What older versions stored in clear, sealed by a migration."""

import pytest

from core import db
from core.approvals import remarks
from tests.plugins.government.chain import handled_by, sign

pytestmark = pytest.mark.anyio


async def test_what_signers_said_in_clear_is_sealed_with_the_vote(city):
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
        await remarks.seal_what_is_clear()
    [row] = await db.fetch("SELECT opinion FROM approval_seat WHERE request = {}", found.approval)
    assert "canary" not in row["opinion"]
    [vote] = (await remarks.votes([found.approval]))[found.approval]
    assert (vote.opinion, vote.name) == ("canary-in-clear", "局长老钱")
