"""The scan pipeline on both engines: what is stored, what is answered, what never opens."""

import pytest

from tests.core.gate.scene import IN, OUT, a_scene, events, log_rows

pytestmark = pytest.mark.anyio


async def test_a_good_pass_goes_in_and_out_and_both_are_stored(database):
    async with a_scene() as scene:
        badge = await scene.badge()
        first = await scene.scan(badge.token, IN)
        second = await scene.scan(badge.token, OUT)
    assert (first.verdict, first.inside, first.holder.name) == ("allow", True, "Li")
    assert (second.verdict, second.inside) == ("allow", False)
    stored = await events()
    assert [(e["direction"], e["verdict"], e["pass_id"]) for e in stored] == [
        (0, 0, badge.pass_id),
        (1, 0, badge.pass_id),
    ]
    assert first.event_id == stored[0]["id"]
    assert len(await log_rows("scan.allow")) == 2
