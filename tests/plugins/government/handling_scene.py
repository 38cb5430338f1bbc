"""An item on its way through a unit: transferred, acknowledged, returned."""

import pytest


@pytest.fixture
async def clerk(city):
    """Somebody at the reception desk."""
    return await city.client("petition_clerk", name="接待员小陈")


@pytest.fixture
async def unit_clerk(city):
    """Somebody of the first county."""
    return await city.client("petition_unit", unit="county1", name="东河经办老吴")


def transfer_form(city, unit="county1", **changed):
    """What is typed for a transfer."""
    return {
        "unit": str(city.units[unit]),
        "reason": "事发地在该县，属其职权范围",
        "due_on": "2026-12-23",
        "answer": "",
        "spoke_with": "",
        **changed,
    }


async def transferred(city, clerk, unit="county1", **changed):
    """An item that was transferred to a unit; returns its row."""
    row = await city.matter(place_id=None)
    answer = await clerk.post(
        f"/government/matters/{row.id}/transfer", data=transfer_form(city, unit, **changed)
    )
    assert answer.status_code == 303, answer.text
    return await city.row(row.id)


async def acknowledged(city, clerk, unit_clerk):
    """An item that the first county acknowledged."""
    row = await transferred(city, clerk)
    answer = await unit_clerk.post(
        f"/government/matters/{row.id}/acknowledge",
        data={"person": str(unit_clerk.user_id), "plan": "约见当事人，调取考勤"},
    )
    assert answer.status_code == 303, answer.text
    return await city.row(row.id)


RESULT = {
    "course": "走访工地，核对工资表",
    "result": "用人单位已补发工资三万元",
    "basis": "保障农民工工资支付条例",
    "measures": "年底前再查一次",
    "taken": "satisfied",
    "words": "同意",
    "petitioner_signed": "1",
    "sealed": "1",
    "signed_by": "刘县长",
}


POINTS = {f"point_{name}": "yes" for name in ("matches", "facts", "law", "measures", "formalities")}


async def returned(city, clerk, unit_clerk):
    """An item whose result was returned."""
    row = await acknowledged(city, clerk, unit_clerk)
    answer = await unit_clerk.post(f"/government/matters/{row.id}/result", data=RESULT)
    assert answer.status_code == 303, answer.text
    return await city.row(row.id)
