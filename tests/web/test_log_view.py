"""The log on its page: narrowed, paged by number, sealed, masked, and under the reader's rights."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.log import seal
from core.log.services import record
from core.log.tables import LogEntry
from core.permissions import SYSTEM, Actor
from core.registrations import consent
from core.rulebooks import queries as rulebooks
from core.sites.tables import Site
from core.visitors.matching import Person
from tests.web.scenes import CLERK, a_visit, an_appointment, today_at


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()


async def note(act, number=1, *, actor=SYSTEM, at=None, **given):
    """Write so many entries of an act."""
    async with db.writing():
        for n in range(number):
            await record(actor, act, "thing", f"{act}-{n}", at=at or clock.now(), **given)


def entries_in(page):
    """Return the numbers of the entries that a page shows."""
    return [int(n) for n in re.findall(r"№(\d+)", page.text)]


@pytest.mark.rule("CORE-7")
async def test_a_visit_is_read_from_its_log_with_before_and_after_in_words(client, site, plugins):
    visit = await a_visit(site, plugins)
    await consent.note(
        visit, given=True, by="张明", means="phone", actor=CLERK, at=clock.now(), plugins=plugins
    )
    page = await client.get(f"/log?kind=registration&record={visit}")
    assert len(entries_in(page)) == 2
    assert f'href="/registrations/{visit}"' in page.text
    assert "登记员" in page.text
    assert re.search(r"被访人意见</span>|被访人意见：", page.text)
    assert re.search(r"<del>none</del> → <ins>given</ins>", page.text)
    assert "13800001234" not in page.text


async def test_the_log_is_narrowed_by_act_person_kind_record_and_day(client, site, plugins):
    guard = Actor(kind="user", id=uuid4(), name="门卫老周")
    await note("alpha.one", 2, actor=guard)
    await note("alpha.two", 1)
    await note("beta.one", 1, at=today_at(12, days=-3))
    for query, number in (
        ("act=alpha.one", 2),
        ("act=alpha.", 3),
        ("act=alpha", 0),
        ("who=门卫老周", 2),
        ("who=老周", 0),
        ("kind=thing", 4),
        ("record=alpha.one-1", 1),
        ("kind=thing&record=beta.one-0", 1),
        (f"act=beta.&day={today_at(0, days=-3).date()}", 1),
        (f"act=beta.&day={today_at(0).date()}", 0),
        (f"act=beta.&day={today_at(0, days=-5).date()}&until={today_at(0).date()}", 1),
        ("act=%27%20OR%201=1", 0),
        ("who=%25", 0),
    ):
        assert len(entries_in(await client.get(f"/log?{query}"))) == number, query
    by_account = await client.get(f"/log?act=alpha.&who={client.login}")
    assert entries_in(by_account) == []
    for awkward in ("day=9999-12-31", "day=x", "before=x", "before=-1", f"before={2**70}", "before=²",
                    "before=0", "record=" + "x" * 500, "act=" + "王" * 900):  # fmt: skip
        assert (await client.get(f"/log?{awkward}")).status_code == 200, awkward


async def test_an_account_is_found_by_part_of_its_name(client, client_as, site):
    await client_as("desk", name="王秀英")
    page = await client.get("/log?who=秀英")
    assert entries_in(page)
    assert "account.sign_in" in page.text or "session" in page.text


async def test_pages_go_on_by_number_and_miss_nothing_while_entries_are_added(client):
    await note("gamma.one", 120)
    seen = []
    address = "/log?act=gamma.one"
    while address:
        page = await client.get(address)
        seen += entries_in(page)
        await note("gamma.one", 3)
        onward = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = onward[1].replace("&amp;", "&") if onward else None
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


@pytest.mark.rule("CORE-7")
async def test_the_page_says_what_is_sealed_and_what_is_not_as_it_was_written(client):
    await note("delta.one", 2)
    page = await client.get("/log?act=delta.")
    assert page.text.partition("entry-list")[2].count("待封存</span>") == 2
    assert await seal.seal_all(within=60)
    page = await client.get("/log?act=delta.")
    assert "待封存</span>" not in page.text.partition("entry-list")[2]
    assert "已封存至第" in page.text
    [first, _] = await LogEntry.objects().where(LogEntry.act == "delta.one").order_by(LogEntry.id)
    await LogEntry.update({LogEntry.actor_name: "别人"}).where(LogEntry.id == first.id)
    page = await client.get("/log?act=delta.")
    assert page.text.count("内容与写入时不符") == 1


@pytest.mark.rule("CORE-3", "CORE-7")
async def test_numbers_that_slipped_into_a_text_are_masked_all_the_same(client):
    await note(
        "epsilon.one", after={
            "remark": "来电13800001234，证件11010519491231002X", "list": ["13800001234"],
            "deep": {"x": "13800001234"}, "number": "20261123-0042", "html": "<script>x</script>",
        },
    )  # fmt: skip
    page = await client.get("/log?act=epsilon.one")
    for secret in ("13800001234", "11010519491231002X"):
        assert secret not in page.text
    assert "1234" in page.text
    assert "20261123-0042" in page.text
    assert "<script>x" not in page.text


async def test_an_entry_that_is_no_json_does_not_break_the_page(client):
    await note("zeta.one")
    await LogEntry.update({LogEntry.after: "not json 13800001234"}).where(
        LogEntry.act == "zeta.one"
    )
    page = await client.get("/log?act=zeta.one")
    assert page.status_code == 200
    assert "13800001234" not in page.text


@pytest.mark.rule("CORE-14")
async def test_who_reads_the_log_of_one_site_sees_only_what_happened_there(
    client_as, site, plugins
):
    east = Site(id=uuid4(), code="east", name="东校区")
    await Site.insert(east)
    here = await a_visit(site, plugins)
    there = await a_visit(east, plugins, person=Person(name="韩梅", phone="13900002222"))
    made = await an_appointment(east, plugins, person=Person(name="李雷", phone="13900001111"))
    await note("eta.one")
    officer = await client_as("duty_officer", site_id=east.id)
    page = await officer.get("/log")
    assert str(there) in page.text
    assert str(made) in page.text
    assert str(here) not in page.text
    assert "eta.one" not in re.sub(r"<option.*?</option>", "", page.text)
    assert entries_in(await officer.get(f"/log?kind=registration&record={here}")) == []
    desk = await client_as("desk")
    assert (await desk.get("/log")).status_code == 403
    everywhere = await client_as("duty_officer")
    assert str(here) in (await everywhere.get("/log")).text


async def test_an_entry_of_today_is_shown_at_the_sites_time(client):
    at = today_at(0, 30)
    await note("theta.one", at=at)
    page = await client.get(f"/log?act=theta.one&day={at.date()}")
    assert entries_in(page)
    assert f"{at:%Y-%m-%d} 00:30" in page.text
    yesterday = (at - timedelta(days=1)).date()
    assert not entries_in(await client.get(f"/log?act=theta.one&day={yesterday}"))
