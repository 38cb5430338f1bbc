"""Supervision with a real browser, on the desk's screen and on the director's phone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock, db
from core.i18n import N_
from core.permissions import SYSTEM
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.sites.tables import Site
from plugins.government import clocks
from plugins.government.matters import services as matters
from plugins.government.matters.facts import NewMatter
from plugins.government.matters.tables import Matter
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.units import services as units
from tests.browser.looking import faults, watch

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PICTURES = os.environ.get("LAIFANG_PICTURES", "")


@pytest.fixture
def office(start_server, sqlite_url, tmp_path):
    """A server where an item of a county is ten days over its time."""

    async def before():
        keys.hold(Keyring.load_or_create(tmp_path / "server-0" / "keys" / "keyring.json"))
        site = await Site.objects().first()
        now = clock.now()
        county = await units.add(
            site_id=site.id, kind="county", code="X01", name="东河县人民政府", actor=SYSTEM, at=now
        )
        person = await people.enter(
            Person(name="周建国", phone="13907940001"), actor=SYSTEM, at=now
        )
        for number in range(3):
            async with db.writing():
                row = await matters.register(
                    NewMatter(
                        site_id=site.id, channel="visit", purpose="request", title="拖欠工资",
                        demand="要求支付拖欠的工资", petitioner_id=person,
                    ),
                    actor=SYSTEM, at=now,
                )  # fmt: skip
                await matters.concern(row.id, county, at=now)
                await Matter.update({Matter.holder: county}).where(Matter.id == row.id)
                await clocks.start(
                    row.id, clocks.HANDLE, number=row.number, site_id=site.id,
                    event=N_("Accepted"), actor=SYSTEM, at=now,
                    day=(now - timedelta(days=70 + number)).date(),
                )  # fmt: skip

    return start_server(sqlite_url, before=before)


def look(page, name):
    """Keep a picture where the environment names a folder."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.rule("GOV-28", "GOV-29")
def test_a_late_item_is_urged_supervised_and_handed_over_from_the_directors_phone(office, new_page):
    head = new_page(**DESKTOP)
    complaints = watch(head)
    office.sign_in(head, "petition_head", "/government/supervising")
    assert faults(head) == []
    look(head, "found-1280")
    head.click("table a:text-is('催办') >> nth=0")
    head.fill("[name=spoke_with]", "刘主任")
    head.fill("[name=text]", "请于三日内报告办理进展。")
    assert faults(head) == []
    look(head, "urge-1280")
    head.click("main button[type=submit]")
    head.wait_for_selector("text=催办已记录")
    look(head, "matter-1280")
    head.click("#supervising >> text=督办承办单位")
    head.select_option("[name=reason]", "not_in_time")
    head.fill("[name=requirement]", "限期十日内办结并书面报告原因。")
    head.click("main button[type=submit]")
    head.wait_for_selector("text=已立项督办")
    page = head.url
    assert faults(head) == []
    look(head, "supervision-1280")
    head.click("#ask_over summary")
    head.fill("#ask_over [name=reason]", "县里两次未答复。")
    head.click("#ask_over button[type=submit]")
    head.wait_for_selector("text=已报局长审批移交")

    phone = new_page(**PHONE)
    complaints += watch(phone)
    office.sign_in(phone, "petition_director", "/approvals")
    assert faults(phone) == []
    look(phone, "approvals-390")
    phone.click("table a >> nth=0")
    phone.wait_for_selector("button[value=approve]")
    assert faults(phone) == []
    look(phone, "approval-390")
    button = phone.locator("button[value=approve]").bounding_box()
    assert button["height"] >= 44
    assert button["y"] + button["height"] <= 844, "to be signed without scrolling"
    phone.click("button[value=approve]")
    phone.wait_for_selector("text=没有等您签字的事项")
    look(phone, "approved-390")

    head.goto(page)
    assert head.locator("text=已移交督查机构").count()
    for path, name in (
        ("/government/supervising", "found"),
        ("/government/supervising/clocks", "clocks"),
        ("/government/supervising/all", "all"),
        ("/government/supervising/recommendations", "recommendations"),
        ("/government/supervising/monthly", "monthly"),
        (page.removeprefix(office.url), "supervision"),
        ("/deadlines", "deadlines"),
        ("/account", "account"),
    ):
        for size, options in (("1280", DESKTOP), ("390", PHONE)):
            head.set_viewport_size(options["viewport"])
            head.goto(f"{office.url}{path}")
            assert faults(head) == [], f"{path} at {size}"
            look(head, f"{name}-{size}")
    assert complaints == []
