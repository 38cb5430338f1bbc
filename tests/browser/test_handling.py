"""An item assigned, signed on a phone, worked on by its unit and checked, with a real browser."""

import os
from pathlib import Path

import pytest

from core import clock, db
from core.accounts.queries import account_by_login
from core.permissions import SYSTEM
from core.privacy import keys
from core.privacy.crypto import Keyring
from core.sites.tables import Site
from plugins.government.matters import services as matters
from plugins.government.matters.facts import NewMatter
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.units import services as units
from tests.browser.looking import faults, watch

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PICTURES = os.environ.get("LAIFANG_PICTURES", "")


def look(page, name):
    """Keep a picture where the environment names a folder."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.fixture
def office(start_server, sqlite_url, tmp_path):
    """A server where a group of 23 waits for what becomes of its item."""

    async def before():
        keys.hold(Keyring.load_or_create(tmp_path / "server-0" / "keys" / "keyring.json"))
        site = await Site.objects().first()
        now = clock.now()
        made = {}
        for kind, code, name in (
            ("office", "C01", "临川市人民来访接待室"),
            ("county", "X01", "东河县人民政府"),
            ("department", "D01", "市人力资源和社会保障局"),
        ):
            made[code] = await units.add(
                site_id=site.id, kind=kind, code=code, name=name, actor=SYSTEM, at=now
            )
        clerk = await account_by_login("petition_unit")
        await units.name_member(made["D01"], clerk.id, head=False, actor=SYSTEM, at=now)
        person = await people.enter(
            Person(name="周建国", phone="13907940001"), actor=SYSTEM, at=now
        )
        async with db.writing():
            await matters.register(
                NewMatter(
                    site_id=site.id, channel="visit", purpose="request", heads=23,
                    title="城东安置房二期拖欠工资", petitioner_id=person,
                    demand="要求支付拖欠的工资十四万六千元",
                    facts="2026年3月至9月在工地做工，工程已完工，工资至今未付。",
                ),
                actor=SYSTEM, at=now,
            )  # fmt: skip

    return start_server(sqlite_url, before=before)


def fill_result(page):
    """Fill in the result form."""
    page.fill("[name=course]", "约见信访人代表，调取考勤表，约谈劳务公司和总包单位。")
    page.fill("[name=result]", "总包单位已垫付工资十四万六千元，当日发放到位。")
    page.fill("[name=basis]", "《保障农民工工资支付条例》第三十条")
    page.fill("[name=measures]", "纳入重点监测，年底前复查一次。")
    page.select_option("[name=taken]", "satisfied")
    page.fill("[name=words]", "工资已拿到，同意。")


@pytest.mark.rule("GOV-22", "GOV-23", "GOV-24", "GOV-30")
def test_an_item_is_assigned_signed_on_a_phone_worked_on_and_checked(office, new_page):
    clerk = new_page(**DESKTOP)
    complaints = watch(clerk)
    office.sign_in(clerk, "petition_clerk", "/government/matters")
    clerk.click("table a >> nth=0")
    item = clerk.url
    look(clerk, "item-new-1280")
    clerk.click("#next a:text-is('交办')")
    clerk.select_option("[name=unit]", label="市人力资源和社会保障局（市直部门）")
    clerk.select_option("[name=ground]", "should_be_solved")
    clerk.fill("[name=reason]", "属劳动保障监察职权")
    assert clerk.input_value("[name=requirement]") == "要求支付拖欠的工资十四万六千元"
    assert faults(clerk) == []
    look(clerk, "assign-1280")
    clerk.click("main button[type=submit]")
    clerk.wait_for_selector("#next >> text=签批后发")

    phone = new_page(**PHONE)
    complaints += watch(phone)
    office.sign_in(phone, "petition_deputy", "/government/signing")
    assert faults(phone) == []
    look(phone, "signing-390")
    phone.click("text=查看并签批")
    phone.wait_for_selector("button[value=approve]")
    phone.fill("[name=opinion]", "同意，请限期办结。")
    assert faults(phone) == []
    look(phone, "sign-390")
    assert phone.locator("button[value=approve]").bounding_box()["height"] >= 44
    phone.click("button[value=approve]")
    phone.wait_for_selector("text=没有等您签字的事项")

    unit = new_page(**DESKTOP)
    complaints += watch(unit)
    office.sign_in(unit, "petition_unit", "/government/unit")
    assert faults(unit) == []
    look(unit, "unit-1280")
    unit.click("table a >> nth=0")
    unit.click("#next a:text-is('签收')")
    unit.fill("[name=plan]", "三日内约见信访人，五日内核清数额。")
    unit.click("main button[type=submit]")
    unit.wait_for_selector("#next a:text-is('反馈办理结果')")
    look(unit, "unit-item-1280")
    unit.set_viewport_size(PHONE["viewport"])
    assert faults(unit) == []
    look(unit, "unit-item-390")
    unit.set_viewport_size(DESKTOP["viewport"])
    unit.click("#next a:text-is('反馈办理结果')")
    fill_result(unit)
    unit.click("main button[type=submit]")
    unit.wait_for_selector("text=办理结果已提交接待室")

    clerk.goto(f"{item}/check")
    for name in ("matches", "facts", "law", "measures"):
        clerk.check(f"[name=point_{name}][value=yes]")
    clerk.check("[name=point_formalities][value=no]")
    clerk.fill("[name=findings]", "缺责任单位盖章和领导签名。")
    assert faults(clerk) == []
    look(clerk, "check-1280")
    clerk.click("main button[type=submit]")
    clerk.wait_for_selector("#f-new_day-error")
    clerk.fill("[name=new_day]", "2030-01-15")
    clerk.click("main button[type=submit]")
    clerk.wait_for_selector("text=退回重办")
    assert faults(clerk) == []
    look(clerk, "item-1280")
    clerk.set_viewport_size(PHONE["viewport"])
    assert faults(clerk) == []
    look(clerk, "item-390")
    for path, name in (
        ("/government/duty", "duty"),
        ("/government/weekly", "weekly"),
        (f"{item.removeprefix(office.url)}/joint", "joint"),
        (f"{item.removeprefix(office.url)}/coordination", "coordination"),
    ):
        for size, options in (("1280", DESKTOP), ("390", PHONE)):
            clerk.set_viewport_size(options["viewport"])
            clerk.goto(f"{office.url}{path}")
            assert faults(clerk) == [], f"{path} at {size}"
            look(clerk, f"{name}-{size}")
    assert [one for one in complaints if "422" not in one] == [], "a form sent back answers 422"
