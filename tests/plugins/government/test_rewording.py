"""What the signers sent back is worded anew by its writer; who signs compares both wordings."""

import asyncio
from uuid import UUID

import pytest

from core import clock, db
from core.approvals.tables import ApprovalRequest
from core.permissions import SYSTEM
from plugins.government.matters import services as matters
from plugins.government.signing import wordings
from tests.plugins.government.chain import handled_by, sign

pytestmark = pytest.mark.anyio


async def request_of(kind):
    """The request of a kind that was made last."""
    return (
        await ApprovalRequest.objects()
        .where(ApprovalRequest.kind == kind)
        .order_by(ApprovalRequest.created_at, ascending=False)
        .first()
    )


@pytest.mark.rule("GOV-36", "CORE-9")
async def test_a_reply_that_was_sent_back_is_worded_anew_and_compared_by_the_signer(city):
    chain = await handled_by(city)
    head = await city.client("petition_head", name="主任老李")
    await chain.clerk.post(f"{chain.path}/reply", data={"text": "正在调查。"})
    request = await request_of("government.reply")
    form = await head.get(f"/government/signing/{request.id}")
    assert 'value="send_back"' in form.text
    await sign(head, request.id, "send_back", "请写明答复时间")

    page = await chain.clerk.get(chain.path)
    again = f"/government/signing/{request.id}/again"
    assert again in page.text, "the item leads its writer there"
    mine = await chain.clerk.get(f"/approvals/{request.id}")
    assert f'href="/government/signing/{request.id}"' in mine.text
    assert again in (await chain.clerk.get(f"/government/signing/{request.id}")).text
    form = await chain.clerk.get(again)
    assert "请写明答复时间" in form.text
    assert "正在调查。" in form.text
    empty = await chain.clerk.post(again, data={"text": " "})
    assert empty.status_code == 422
    assert (await request_of("government.reply")).state == "sent_back"
    done = await chain.clerk.post(again, data={"text": "正在调查，十二月中旬答复。"})
    assert done.status_code == 303
    request = await request_of("government.reply")
    assert (request.state, request.round) == ("open", 2)

    page = await head.get(f"/government/signing/{request.id}")
    assert "正在调查，十二月中旬答复。" in page.text
    assert "修改前的内容（第1轮）" in page.text
    assert "正在调查。" in page.text
    rows = await db.fetch("SELECT texts_cipher FROM government_wording")
    assert "正在调查" not in rows[0]["texts_cipher"], "kept encrypted"
    assert "修改前的内容（第1轮）" in (await chain.clerk.get(chain.path)).text
    late = await chain.clerk.post(again, data={"text": "x"})
    assert late.status_code == 303, "nothing is left to be put right"
    await sign(head, request.id)
    reply = (await db.fetch("SELECT state FROM government_reply"))[0]
    assert reply["state"] == "signed"


@pytest.mark.rule("CORE-9")
async def test_a_colleague_words_it_anew_but_nobody_who_signs_it(city):
    chain = await handled_by(city)
    head = await city.client("petition_head", name="主任老李")
    await chain.clerk.post(f"{chain.path}/reply", data={"text": "正在调查。"})
    request = await request_of("government.reply")
    await sign(head, request.id, "send_back", "请写明答复时间")
    again = f"/government/signing/{request.id}/again"
    own = await head.post(again, data={"text": "由我来写。"})
    assert own.status_code == 422
    assert "由我来写。" in own.text
    assert await wordings.of_request(request.id) == [], "nothing is kept of what was refused"
    for stranger in (chain.unit_clerk, await city.client("petition_unit", unit="housing")):
        assert (await stranger.get(again)).status_code == 404
        assert (await stranger.post(again, data={"text": "x"})).status_code == 404
    other = await city.client("petition_clerk", name="接待员小李")
    assert (await other.post(again, data={"text": "十二月答复。"})).status_code == 303
    [kept] = await wordings.of_request(request.id)
    assert (kept.round, kept.by) == (1, "接待员小李")


@pytest.mark.rule("GOV-31")
async def test_more_time_that_was_sent_back_is_asked_for_in_other_words_and_days(city):
    chain = await handled_by(city)
    path = f"{chain.path}/extension"
    form = {"reason": "complex", "days": "30", "note": "需走访"}
    await chain.unit_clerk.post(path, data=form)
    request = await request_of("core.deadline_extension")
    await sign(chain.unit_head, request.id, "send_back", "二十天足够")
    again = f"/government/signing/{request.id}/again"
    assert again in (await chain.unit_clerk.get(chain.path)).text
    shown = await chain.unit_clerk.get(again)
    assert "二十天足够" in shown.text
    assert "需走访" in shown.text
    for changed in ({"days": "31"}, {"days": "两天"}, {"reason": ""}):
        wrong = await chain.unit_clerk.post(again, data={**form, **changed})
        assert wrong.status_code == 422, changed
        assert "需走访" in wrong.text
    done = await chain.unit_clerk.post(again, data={**form, "days": "20", "note": "走访三户"})
    assert done.status_code == 303
    page = await chain.unit_head.get(f"/government/signing/{request.id}")
    assert "走访三户" in page.text
    assert "需走访" in page.text, "the earlier wording, to compare"
    await sign(chain.unit_head, request.id)
    assert (await chain.clock("handle")).due.isoformat() == "2027-02-11"
    found = (await db.fetch("SELECT state, days FROM government_extension"))[0]
    assert (found["state"], found["days"]) == ("granted", 20)


@pytest.mark.rule("GOV-32")
async def test_the_signer_of_an_opinion_sees_what_it_said_before(city):
    chain = await handled_by(city)
    await chain.unit_clerk.post(f"{chain.path}/opinion", data=chain.opinion())
    found = await chain.last()
    await sign(chain.unit_head, found.approval, "send_back", "依据不足")
    await chain.unit_clerk.post(f"/government/opinions/{found.id}/take-back")
    await chain.unit_clerk.post(
        f"{chain.path}/opinion", data=chain.opinion(basis="《劳动合同法》第七条")
    )
    page = await chain.unit_head.get(f"/government/signing/{found.approval}")
    assert "《劳动合同法》第七条" in page.text
    assert "《保障农民工工资支付条例》第三条" in page.text


@pytest.mark.rule("CORE-21")
async def test_earlier_wordings_go_with_the_item(city):
    from core import clock
    from core.permissions import SYSTEM
    from plugins.government.archive import forgetting

    chain = await handled_by(city)
    head = await city.client("petition_head", name="主任老李")
    await chain.clerk.post(f"{chain.path}/reply", data={"text": "正在调查。"})
    request = await request_of("government.reply")
    await sign(head, request.id, "send_back", "请写明答复时间")
    await chain.clerk.post(f"/government/signing/{request.id}/again", data={"text": "改过。"})
    await forgetting.item(chain.matter.id, actor=SYSTEM, at=clock.now())
    assert [row["texts_cipher"] for row in await db.fetch("SELECT * FROM government_wording")] == [
        ""
    ]
    assert [one.lines for one in await wordings.of_request(request.id)] == [()]


LOCK = "SELECT id FROM approval_request WHERE id = {} FOR UPDATE"


async def reworded_meanwhile(city, *locks):
    """Reword a reply that was sent back while another act takes these locks in turn.

    Returns the answer, and how to do it once more.
    """
    if db.is_sqlite():
        pytest.skip("SQLite has one writer at a time")
    chain = await handled_by(city)
    head = await city.client("petition_head", name="主任老李")
    await chain.clerk.post(f"{chain.path}/reply", data={"text": "正在调查。"})
    request = await request_of("government.reply")
    await sign(head, request.id, "send_back", "请写明答复时间")
    again, begun = f"/government/signing/{request.id}/again", asyncio.Event()

    async def reword():
        await begun.wait()
        return await chain.clerk.post(again, data={"text": "十二月中旬答复。"})

    async def take(what):
        if what == "item":
            await matters.take(UUID(request.record), SYSTEM, clock.now())
        else:
            await db.fetch(LOCK, request.id)

    waiting = asyncio.create_task(asyncio.wait_for(reword(), 20))
    async with db.writing():
        await take(locks[0])
        begun.set()
        await asyncio.sleep(0.5)
        await take(locks[1])
    return await waiting, reword


@pytest.mark.rule("CORE-9")
async def test_wording_anew_takes_item_and_request_in_the_order_in_which_closing_does(city):
    answer, _ = await reworded_meanwhile(city, "item", "request")
    assert answer.status_code == 303
    assert (await request_of("government.reply")).round == 2


async def test_who_stood_in_anothers_way_is_told_that_nothing_was_saved_and_repeats_it(city):
    answer, repeat = await reworded_meanwhile(city, "request", "item")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert "没有保存，请再试一次" in answer.text
    request = await request_of("government.reply")
    assert (request.state, request.round) == ("sent_back", 1)
    assert await wordings.of_request(request.id) == []
    assert (await repeat()).status_code == 303
    assert (await request_of("government.reply")).round == 2
