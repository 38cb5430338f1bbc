"""Accounts from a file: all of it or nothing, each bad row named."""

import re

import pytest

from core.accounts.queries import account_by_login, accounts
from tests.app import new_client

HEADINGS = "姓名,登录名,角色,适用地点,电子邮箱"


async def upload(client, *rows, headings=HEADINGS):
    text = "\n".join((headings, *rows))
    return await client.post(
        "/users/import", files={"file": ("users.csv", text.encode(), "text/csv")}
    )


async def test_a_file_of_accounts_is_made_and_each_signs_in_with_the_password_shown(
    client, app, site
):
    template = (await client.get("/users/import/template.csv")).content.decode("utf-8-sig")
    assert template.strip() == HEADINGS
    made = await upload(
        client,
        f"周敏,Zhou.Min,门卫,{site.name},zhou@school.test",
        "吴江,wu.jiang,门卫、登记台,,",
        "郑云,zheng.yun,,,",
    )
    assert made.status_code == 200
    assert "已开设 3 个账号" in made.text
    [grant] = (await account_by_login("zhou.min")).roles
    assert (grant.role, grant.site_id) == ("gatekeeper", site.id)
    both = (await account_by_login("wu.jiang")).roles
    assert {(one.role, one.site_id) for one in both} == {("gatekeeper", None), ("desk", None)}
    shown = dict(re.findall(r"<code>([\w.]+)</code>.*?<code>([a-z2-9-]{19})</code>", made.text))
    for login in ("zhou.min", "wu.jiang", "zheng.yun"):
        async with new_client(app) as newcomer:
            assert (await newcomer.sign_in(login, shown[login])).status_code == 303
            assert (await newcomer.get("/")).headers["location"] == "/account/password"


async def test_with_one_bad_row_nothing_is_made_and_each_bad_row_is_named(client):
    before = len(await accounts())
    answer = await upload(
        client,
        "周敏,zhou.min,门卫,,",
        "吴江,zhou.min,门卫,,",
        ",a b,国王,月球,",
    )
    assert answer.status_code == 422
    assert "2 行不能录入" in answer.text
    said = re.sub(r"<[^>]+>", " ", answer.text)
    for problem in ("此登录名已存在", "没有名为“国王”的角色", "没有名为“月球”的院区"):
        assert problem in said
    assert len(await accounts()) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "请选择文件"),
        ("姓名,电话\n周敏,1".encode(), "未找到模板的表头行"),
        (HEADINGS.encode(), "表头下面没有数据行"),
        (b"\xd0\xcf\x11\xe0old", "旧版或加密的 Excel"),
    ],
)
async def test_a_file_that_is_no_table_of_accounts_is_refused_with_what_to_do(
    client, content, said
):
    answer = await client.post("/users/import", files={"file": ("users.csv", content, "text/csv")})
    assert answer.status_code == 422
    assert said in answer.text


async def test_only_who_manages_accounts_everywhere_imports_them(client_as, site):
    guard = await client_as("gatekeeper")
    assert (await guard.get("/users/import")).status_code == 403
    local = await client_as("administrator", site_id=site.id)
    assert (await local.get("/users/import")).status_code == 404
    assert (await upload(local, "周敏,zhou.min,门卫,,")).status_code == 404
