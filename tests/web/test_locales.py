"""The reader's language and display: chosen, remembered, else the browser's, else Chinese."""

import re

import pytest

from core.accounts.tables import User
from tests.app import new_client
from web.locales import negotiate
from web.translations import catalog, parts

# A Simplified word, and what a table of computing words makes of it in Traditional.
AMISS = {
    "对象": "物件",
    "审核": "稽核",
    "窗口登记": "視窗登記",
    "签": "籤批",
    "签字": "籤字",
    "信访程序": "信訪程式",
    "代码": "程式碼",
    "注销": "登出",
}
SIGN_IN = {"zh_Hans": "登录", "zh_Hant": "登入", "en": "Sign in"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh_Hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("zh-MO", "zh_Hant"),
        ("zh-Hant-HK", "zh_Hant"),
        ("zh-Hans-HK", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh-SG,en", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("en-US,en;q=0.9", "en"),
        ("fr;q=0.9,zh-SG;q=0.8", "zh_Hans"),
        ("fr,en;q=0.5,zh-TW;q=0.7", "zh_Hant"),
        ("en;q=0,zh-TW", "zh_Hant"),
        ("de", "zh_Hans"),
        (";;q=,,=;q=x,*", "zh_Hans"),
        ("en;q=wrong,zh-TW;q=0.1", "zh_Hant"),
    ],
)
def test_the_browser_s_languages_lead_to_one_that_is_shipped(header, expected):
    assert negotiate(header, "zh_Hans") == expected


@pytest.mark.parametrize(
    ("header", "locale"), [("zh-TW", "zh_Hant"), ("en", "en"), ("de", "zh_Hans")]
)
async def test_a_stranger_reads_the_form_in_the_browser_s_language(app, client_as, header, locale):
    await client_as("gatekeeper")
    async with new_client(app, headers={"accept-language": header}) as stranger:
        page = await stranger.get("/sign-in")
    assert re.search(rf"<button[^>]*>\s*{SIGN_IN[locale]}\s*</button>", page.text)
    assert f'lang="{locale.replace("_", "-")}"' in page.text


def test_no_traditional_text_speaks_of_offices_in_the_words_of_computing():
    for part in parts():
        simplified = catalog(part, "zh_Hans")
        for entry in catalog(part, "zh_Hant"):
            known = simplified.get(entry.id) if entry.id else None
            for word, wrong in AMISS.items():
                if known is not None and word in str(known.string):
                    assert wrong not in str(entry.string), (part.name, entry.id)
            assert not re.search("(?<![標抽書封便])籤|[“”]", str(entry.string)), entry.id


async def test_a_chosen_language_stays_and_goes_with_the_account(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    answer = await gatekeeper.post("/language/en", data={"next": "/account"})
    assert answer.headers["location"] == "/account"
    assert 'lang="en"' in (await gatekeeper.get("/")).text
    [row] = await User.select(User.locale).where(User.id == gatekeeper.user_id)
    assert row["locale"] == "en"
    async with new_client(app, headers={"accept-language": "zh-TW"}) as phone:
        await phone.sign_in(gatekeeper.login)
        assert 'lang="en"' in (await phone.get("/")).text


async def test_a_stranger_s_choice_is_kept_in_a_cookie(client_as):
    await client_as("gatekeeper")
    stranger = await client_as()
    await stranger.read_token()
    await stranger.post("/language/zh_Hant", data={"next": "/sign-in"})
    assert 'lang="zh-Hant"' in (await stranger.get("/sign-in")).text


@pytest.mark.parametrize("path", ["/language/xx", "/language/../../x", "/theme/pink"])
async def test_what_is_not_shipped_is_not_found(client, path):
    assert (await client.post(path, data={})).status_code == 404


@pytest.mark.parametrize("hostile", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_choosing_a_language_never_leads_to_another_site(client, hostile):
    answer = await client.post("/language/en", data={"next": hostile})
    assert answer.headers["location"] == "/"


async def test_light_and_dark_are_kept(client):
    await client.post("/theme/dark", data={"next": "/"})
    assert 'data-bs-theme="dark"' in (await client.get("/")).text


async def test_an_error_page_speaks_the_reader_s_language(client_as, app):
    await client_as("gatekeeper")
    async with new_client(app, headers={"accept-language": "en"}) as stranger:
        page = await stranger.get("/nowhere")
    assert page.status_code == 404
    assert "Nothing to see here" in page.text


async def test_a_locked_out_reader_is_told_in_their_language(client_as, app):
    gatekeeper = await client_as("gatekeeper")
    await gatekeeper.post("/language/zh_Hant", data={})
    page = await gatekeeper.get("/users")
    assert page.status_code == 403
    assert 'lang="zh-Hant"' in page.text
