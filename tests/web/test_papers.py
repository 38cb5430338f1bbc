"""Templates of papers in the browser: preview while typing, adopting, versions, going back."""

import pytest

from core.documents import templates
from core.documents.own_kinds import KINDS, RECEIPT

ADDRESS = f"/papers/{RECEIPT}"


@pytest.fixture
def database(sqlite_database):
    """One engine is enough: the pages ask the services, which are tried on both."""
    return sqlite_database


def form(source, **given):
    return {"source": source, "prefix": "", "note": "加上本局名称", "based_on": "0"} | given


@pytest.mark.rule("CORE-12")
async def test_an_administrator_changes_a_template_and_takes_it_back(client):
    assert ADDRESS in (await client.get("/papers")).text
    page = await client.get(ADDRESS)
    assert "data:image/png;base64," in page.text
    changed = templates.shipped(KINDS[0]).source.replace("备注", "备考")
    preview = await client.post(f"{ADDRESS}/preview", data=form(changed))
    assert preview.text.count("<img") == 1
    assert "<html" not in preview.text
    assert (await client.post(f"{ADDRESS}/adopt", data=form(changed))).status_code == 303
    page = await client.get(ADDRESS)
    assert "备考" in page.text
    assert "加上本局名称" in page.text
    back = await client.post(f"{ADDRESS}/go-back", data={"number": "0", "based_on": "1"})
    assert back.status_code == 303
    assert "备考" not in (await client.get(ADDRESS)).text
    assert "备考" in (await client.get(f"{ADDRESS}?version=1")).text


@pytest.mark.rule("CORE-12")
async def test_a_hostile_template_is_refused_with_a_sentence_and_nothing_is_adopted(client):
    source = '#import "house.typ": *\n#read("/etc/passwd")'
    preview = await client.post(f"{ADDRESS}/preview", data=form(source))
    assert "root:" not in preview.text
    assert "模板" in preview.text
    answer = await client.post(f"{ADDRESS}/adopt", data=form(source))
    assert answer.status_code == 422
    assert "/etc/passwd" in answer.text  # what was typed is still there
    assert (await templates.in_force(KINDS[0])).is_shipped


async def test_without_javascript_the_preview_is_the_whole_page(client):
    page = await client.post(f"{ADDRESS}/preview", data=form("甲", whole="1"))
    assert "<html" in page.text
    assert "data:image/png" in page.text


async def test_a_note_is_asked_for_and_a_late_change_refused(client):
    assert (await client.post(f"{ADDRESS}/adopt", data=form("甲", note=""))).status_code == 422
    assert (await client.post(f"{ADDRESS}/adopt", data={})).status_code == 422
    await client.post(f"{ADDRESS}/adopt", data=form("甲"))
    late = await client.post(f"{ADDRESS}/adopt", data=form("乙"))
    assert late.status_code == 422
    assert "乙" in late.text


async def test_only_administrators_reach_templates(client_as):
    desk = await client_as("desk")
    assert (await desk.get("/papers")).status_code == 403
    assert (await desk.post(f"{ADDRESS}/preview", data=form("甲"))).status_code == 403


async def test_an_unknown_kind_is_not_there(client):
    assert (await client.get("/papers/core.nothing")).status_code == 404


@pytest.mark.rule("CORE-12")
async def test_numbers_begun_on_paper_go_on_from_the_page(client):
    kind = "government.acceptance"
    page = await client.get(f"/papers/{kind}")
    assert f'action="/papers/{kind}/go-on-after"' in page.text
    for wrong in ("", "-3", "viele", "123456"):
        answer = await client.post(f"/papers/{kind}/go-on-after", data={"last": wrong})
        assert answer.status_code == 303
        page = await client.get(f"/papers/{kind}")
        assert "99999" in page.text
    await client.post(f"/papers/{kind}/go-on-after", data={"last": "345"})
    page = await client.get(f"/papers/{kind}")
    assert "346号" in page.text
    assert "345" in (await client.get("/papers")).text
    answer = await client.post(f"{ADDRESS}/go-on-after", data={"last": "3"})
    assert answer.status_code == 404  # a paper without a number
