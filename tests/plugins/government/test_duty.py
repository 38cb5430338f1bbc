"""The duty board: the most urgent first, what goes on now, who may read the signs (GOV-44, 47, 53)."""

import pytest

pytestmark = pytest.mark.anyio


async def graded(city, client, grade, **changed):
    """An item with a grade; returns its row."""
    row = await city.matter(title=f"事项{grade}")
    form = {"grade": str(grade), "heads": "1", "reason": "据来访人所述", **changed}
    answer = await client.post(f"/government/matters/{row.id}/grade", data=form)
    assert answer.status_code == 303, answer.text
    return row


@pytest.mark.rule("GOV-53", "GOV-47", "GOV-46")
async def test_the_board_shows_the_most_urgent_first_and_what_goes_on_now(city):
    head = await city.client("petition_head", name="主任老李")
    leader = await city.client("petition_leader", name="市领导")
    major = await graded(city, head, 3, announced="1", matters_on="2026-11-25")
    watched = await graded(city, head, 1)
    urgent = await graded(city, head, 2)
    page = (await head.get("/government/duty")).text
    order = sorted((page.index(one.number), one.number) for one in (major, watched, urgent))
    assert [number for _, number in order] == [major.number, urgent.number, watched.number]
    assert "有行动预告" in page
    assert "2026-11-25" in page
    seen = (await leader.get("/government/duty")).text
    assert major.number in seen
    assert "有行动预告" not in seen, "signs are read by those who act on them"

    await head.post(
        "/incidents",
        data={"site": str(city.site.id), "kind": "government.disorder", "seen": "堵住大门"},
    )
    page = (await head.get("/government/duty")).text
    assert "正在处置" in page
    assert "处置步骤已完成0/4" in page
    assert "正在处置" not in (await leader.get("/government/duty")).text
