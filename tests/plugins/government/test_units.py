"""Units as whoever keeps the house enters, changes and imports them."""

import re

import pytest

from core.accounts.queries import account_by_login
from core.log.tables import LogEntry
from plugins.government.units import queries
from tests.app import an_account

pytestmark = pytest.mark.anyio
HEADINGS = "单位名称,单位类别,代码,上一级机关,电话,地址,经办人（登录名）,负责人（登录名）"


def form(**changed):
    return {"name": "东河县人民政府", "kind": "county", "active": "1", **changed}


async def test_a_unit_is_renamed_and_gets_a_phone_and_the_log_keeps_what_was(city):
    keeper = await city.client("administrator")
    page = f"/government/units/{city.units['county1']}"
    sent = form(name="东河区人民政府", phone="0579-8800001", parent=str(city.units["city"]))
    assert (await keeper.post(page, data=sent)).status_code == 303
    unit = await queries.unit(city.units["county1"])
    assert (unit.name, unit.phone) == ("东河区人民政府", "0579-8800001")
    assert queries.contact(unit) == "东河区人民政府　0579-8800001"
    [entry] = await LogEntry.objects().where(LogEntry.act == "government.unit_change")
    assert "东河县人民政府" in entry.before


async def test_a_body_never_stands_below_itself(city):
    keeper = await city.client("administrator")
    answer = await keeper.post(
        f"/government/units/{city.units['city']}",
        data=form(name="临川市人民政府", kind="city", parent=str(city.units["county1_office"])),
    )
    assert answer.status_code == 422
    assert "不能是本单位或其下级" in answer.text
    assert (await queries.unit(city.units["city"])).parent_id == city.units["province"]


async def test_who_answers_for_open_items_is_not_switched_off_nor_turned_into_another_kind(city):
    await city.matter(held_by="labour")
    keeper = await city.client("administrator")
    page = f"/government/units/{city.units['labour']}"
    sent = {"name": "市人力资源和社会保障局", "kind": "county"}
    answer = await keeper.post(page, data=sent)
    assert answer.status_code == 422
    assert "仍有未办结事项" in answer.text
    assert "单位类别不能更改" in answer.text
    free = f"/government/units/{city.units['housing']}"
    sent = {"name": "市住房和城乡建设局", "kind": "department"}
    assert (await keeper.post(free, data=sent)).status_code == 303
    assert city.units["housing"] not in [one.id for one in await queries.units()]
    assert "已停用" in (await keeper.get("/government/units")).text


async def test_units_come_from_a_file_with_their_staff_whatever_the_order_of_rows(city):
    keeper = await city.client("administrator")
    for login in ("ren.yi", "ren.er"):
        await an_account(city.plugins, "petition_unit", login=login)
    text = "\n".join(
        (
            HEADINGS,
            "南溪县信访局,县（区）信访局,X03-1,南溪县人民政府,,,ren.yi,ren.er",
            "南溪县人民政府,县(区),X03,C00,0579-8800003,南溪路1号,,",
        )
    )
    sent = {"file": ("units.csv", text.encode(), "text/csv")}
    answer = await keeper.post(
        "/government/units/import", data={"site": str(city.site.id)}, files=sent
    )
    assert answer.status_code == 303
    units = {one.code: one for one in await queries.units()}
    assert units["X03-1"].parent_id == units["X03"].id
    assert units["X03"].parent_id == city.units["city"]
    staff = await queries.staff(units["X03-1"].id)
    assert {(one[0], one[2]) for one in staff} == {
        ((await account_by_login("ren.yi")).id, False),
        ((await account_by_login("ren.er")).id, True),
    }
    again = await keeper.post(
        "/government/units/import", data={"site": str(city.site.id)}, files=sent
    )
    assert again.status_code == 422
    assert "2 行不能录入" in again.text


async def test_bad_rows_of_units_are_named_and_nothing_is_entered(city):
    keeper = await city.client("administrator")
    before = len(await queries.units())
    text = "\n".join(
        (
            HEADINGS,
            "甲县人民政府,县（区）,J01,乙县人民政府,,,,",
            "乙县人民政府,县（区）,J02,甲县人民政府,,,,",
            "丙局,王国,J02,无此单位,,,nobody.here,",
            "丁局,市直部门,J04,,,,,",
        )
    )
    answer = await keeper.post(
        "/government/units/import",
        data={"site": str(city.site.id)},
        files={"file": ("units.csv", text.encode(), "text/csv")},
    )
    assert answer.status_code == 422
    said = re.sub(r"<[^>]+>", " ", answer.text)
    assert "3 行不能录入" in said
    for problem in (
        "上一级机关不能是本单位或其下级",
        "没有名为“无此单位”的单位",
        "nobody.here",
        "该代码已有单位使用",
    ):
        assert problem in said
    assert len(await queries.units()) == before


async def test_staff_without_a_role_of_a_unit_is_pointed_out(city):
    keeper = await city.client("administrator")
    clerk = await city.client(unit="county1", name="陈晓")
    page = (await keeper.get(f"/government/units/{city.units['county1']}")).text
    assert "尚无承办单位角色" in page
    assert f'href="/users/{clerk.user_id}"' in page


async def test_the_first_page_leads_from_units_to_a_clerk_and_to_staff(city):
    keeper = await city.client("administrator")
    page = (await keeper.get("/")).text
    assert "开设接待员账号" in page
    assert "为承办单位指定人员" in page
    await city.client("petition_clerk")
    await city.client("petition_head")
    await city.client("petition_unit", unit="county1")
    page = (await keeper.get("/")).text
    assert "开设接待员账号" not in page
    assert "为承办单位指定人员" not in page
