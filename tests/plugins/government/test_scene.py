"""The city of these tests, and that an item in it is seen only by those concerned."""

import pytest

pytestmark = pytest.mark.anyio


async def test_the_office_sees_an_item_its_unit_does_once_concerned_another_unit_never(city):
    clerk = await city.client("petition_clerk")
    own = await city.client("petition_unit", unit="county1_office")
    other = await city.client("petition_unit", unit="labour")
    row = await city.matter()
    address = f"/government/matters/{row.id}"
    assert "拖欠工资" in (await clerk.get(address)).text
    assert (await own.get(address)).status_code == 404
    concerned = await city.matter(held_by="county1_office")
    address = f"/government/matters/{concerned.id}"
    assert "拖欠工资" in (await own.get(address)).text
    assert (await other.get(address)).status_code == 404
    assert len(await city.code(row.id)) == 10
