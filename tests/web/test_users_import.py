"""Accounts from a file: all of it or nothing, each bad row named."""

import re

import pytest

from core.accounts.queries import account_by_login, accounts
from tests.app import PASSWORD, csrf_of, new_client
from web.metrics import UNFORESEEN

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


async def test_a_first_sign_in_leads_over_an_own_password_to_the_first_page_and_is_no_fault(
    client, app
):
    made = await upload(client, "周敏,zhou.min,门卫,,")
    first = re.search(r"<code>([a-z2-9-]{19})</code>", made.text)[1]
    before = UNFORESEEN._value.get()
    async with new_client(app) as newcomer:
        assert (await newcomer.sign_in("zhou.min", first)).status_code == 303
        assert (await newcomer.get("/")).headers["location"] == "/account/password"
        refused = await newcomer.get("/api/v1/registrations")
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
        page = await newcomer.get("/account/password")
        newcomer.headers["x-csrftoken"] = csrf_of(page.text)
        form = {"old": first, "new": PASSWORD, "again": PASSWORD}
        answer = await newcomer.post("/account/password", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert UNFORESEEN._value.get() == before
