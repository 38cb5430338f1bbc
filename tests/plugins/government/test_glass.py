"""A look at a confidential item: a second person lets in, once that is sealed, for an hour."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, db
from core.errors import WrongStateError
from core.log.verify import verify
from plugins.government.rights import CLERK, HEAD
from plugins.government.secrecy import glass
from tests.plugins.government.scene import page_of
from tests.postgres import in_flight


@pytest.mark.rule("GOV-50")
async def test_a_look_at_a_confidential_item_needs_two_persons_and_lasts_an_hour(city):
    clerk, head = await city.client(CLERK, name="李梅"), await city.client(HEAD, name="王主任")
    row = await city.matter(purpose="accusation")
    assert (await clerk.get(page_of(row))).status_code == 404
    for number in (row.number, "2026-999999"):
        form = {"number": number, "reason": "来访人在窗口等候"}
        assert (await clerk.post("/government/secrecy/glass", data=form)).status_code == 303
    shown = (await head.get("/government/secrecy/glass")).text
    assert row.number in shown
    assert "2026-999999" not in shown
    [wish] = await db.fetch("SELECT id FROM government_glass WHERE matter IS NOT NULL")
    deciding = f"/government/secrecy/glass/{wish['id']}"
    assert (await clerk.post(deciding, data={"do": "let_in"})).status_code == 403
    assert (await head.post(deciding, data={"do": "let_in"})).status_code == 303
    assert (await clerk.get(page_of(row))).status_code == 200
    below = "id <= {}" if db.is_sqlite() else "xid < {}::text::xid8"
    horizon = (await db.fetch("SELECT max(horizon) AS horizon FROM log_seal"))[0]["horizon"]
    sealed = await db.fetch(
        f"SELECT id FROM log_entry WHERE act = 'government.glass_grant' AND {below}",
        horizon if db.is_sqlite() else str(horizon),
    )
    assert len(sealed) == 1
    assert (await verify()).intact
    assert "李梅" in (await head.get(page_of(row))).text
    clock.CLOCK.travel(clock.now() + timedelta(minutes=61), running=False)
    assert (await clerk.get(page_of(row))).status_code == 404


@pytest.mark.rule("GOV-50")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_nobody_is_let_in_before_the_log_that_says_so_is_sealed(city, database_url):
    clerk, head = await city.client(CLERK), await city.client(HEAD)
    row = await city.matter(purpose="accusation")
    wish = {"number": row.number, "reason": "来访人在窗口等候"}
    await clerk.post("/government/secrecy/glass", data=wish)
    [asked] = await db.fetch("SELECT * FROM government_glass")
    decider = await city.actor(head)
    async with in_flight(database_url):
        with pytest.raises(WrongStateError, match="sealed"):
            await glass.grant(asked["id"], actor=decider, at=clock.now(), within=0.1)
    assert await db.fetch("SELECT * FROM government_glass") == [asked]
    assert (await clerk.get(page_of(row))).status_code == 404
    assert "可以查看" not in (await clerk.get("/notices")).text
    async with in_flight(database_url) as other:
        deciding = f"/government/secrecy/glass/{asked['id']}"
        answer = asyncio.create_task(head.post(deciding, data={"do": "let_in"}))
        await asyncio.sleep(0.3)
        assert (await clerk.get(page_of(row))).status_code == 404
        await other.execute("COMMIT")
        assert (await answer).status_code == 303
    assert (await clerk.get(page_of(row))).status_code == 200


@pytest.mark.rule("GOV-50")
async def test_nobody_lets_themselves_in_and_a_barred_one_is_never_let_in(city):
    one, two = await city.client(HEAD, name="甲"), await city.client(HEAD, name="乙")
    row = await city.matter(purpose="accusation")
    ask = {"number": row.number, "reason": "核对"}
    await one.post("/government/secrecy/glass", data=ask)
    [wish] = await db.fetch("SELECT id FROM government_glass")
    await one.post(f"/government/secrecy/glass/{wish['id']}", data={"do": "let_in"})
    assert (await db.fetch("SELECT state FROM government_glass"))[0]["state"] == "asked"
    await one.post(f"{page_of(row)}/step-back", data={"interest": "亲属"})
    await two.post(f"/government/secrecy/glass/{wish['id']}", data={"do": "let_in"})
    assert (await db.fetch("SELECT state FROM government_glass"))[0]["state"] == "asked"
    # Asked again, it is stored like the wish for an item that does not exist.
    await one.post("/government/secrecy/glass", data=ask)
    wishes = await db.fetch("SELECT matter FROM government_glass ORDER BY asked_at, matter IS NULL")
    assert [found["matter"] for found in wishes] == [row.id, None]
    assert (await one.get(page_of(row))).status_code == 404
