"""A day at the school in browsers, 06:20 to 21:00, with and without the network in the morning.

Eight people at their own pages and a parent by link; at the end every number must fit the others.
"""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from core import clock, db
from core.log.verify import verify
from tests.browser.broken_line import Line
from tests.browser.looking import faults
from tests.day.acts import PHONE, Day, GatePhone, send, sign
from tests.day.here import ServerHere
from tests.day.school_day import BOARDERS, DAY_PUPILS, open_school

pytestmark = pytest.mark.browser
EARLY, LATER, LAST = DAY_PUPILS[:2], DAY_PUPILS[2:5], DAY_PUPILS[6:7]


@pytest.fixture
def here(sqlite_url, tmp_path, monkeypatch):
    """A school whose clock is this test's: the Sunday before, 18:20."""
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    clock.CLOCK.travel(datetime.fromisoformat("2026-11-22T18:20:00+08:00"))
    server = ServerHere(sqlite_url, tmp_path / "data")
    server.start()
    server.school = server.do(open_school(server.plugins))
    yield server
    server.stop()
    clock.CLOCK.reset()


class Network(Line):
    """The line between the gate's phone and the server; while it is gone nothing gets through."""

    is_gone = False

    def _relay(self, near):
        if self.is_gone:
            near.close()
            return
        super()._relay(near)

    def cut(self):
        """Take it away: what is connected ends, nothing new connects."""
        self.is_gone = self.lose_answers = True

    def mend(self):
        """Bring it back."""
        self.is_gone = self.lose_answers = False


@pytest.mark.rule(
    "SCH-1", "SCH-2", "SCH-3", "SCH-4", "SCH-5", "SCH-6", "SCH-7", "SCH-8", "SCH-10", "SCH-12",
    "SCH-20", "SCH-22", "CORE-17",
)  # fmt: skip
@pytest.mark.parametrize("network", ["there", "gone"])
def test_a_day_at_the_school(here, new_page, network):
    day = Day(here, new_page)
    line = Network(here.port)
    gate = GatePhone(day, new_page(**PHONE), line.url)
    the_evening_before(day, gate)
    early_morning(day, gate)
    if network == "gone":
        gate.ready()
        day.at("07:10")
        line.cut()
        gate.offline()
        gate.passes(*LATER)  # 07:20, judged and kept by the phone itself
        line.mend()
        day.at("08:05")
        gate.delivered()
    else:
        day.at("07:20")
        gate.passes(*LATER)
    morning(day, gate)
    visit = a_parent_comes(day)
    a_pupil_falls_ill(day, gate)
    noon(day, gate)
    afternoon(day, visit)
    evening(day, gate)
    parents_meeting(day)
    nine_in_the_evening(day, here)
    line.close()


def shift(day, who, button):
    send(day.as_(who, f"/shifts/{day.school.gate.id}"), button)


def opened(day, who, **kind):
    send(day.as_(who, f"/school-gate/gates/{day.school.gate.id}"), "登记现在开门", **kind)


def closed(day, who):
    send(day.as_(who, f"/school-gate/gates/{day.school.gate.id}"), "登记现在关门")


def the_evening_before(day, gate):
    """The class teacher applies for a parents' meeting; both offices approve; boarders come back."""
    gate.enrol(day.school.code, "evening")
    page = day.as_("class_teacher", "/school-gate/events/new")
    tomorrow = "2026-11-23"
    send(
        page, "保存并核对名单", title="家长会", place="教学楼 302", starts_at=f"{tomorrow}T19:00",
        ends_at=f"{tomorrow}T20:30", admits_from=f"{tomorrow}T18:40",
    )  # fmt: skip
    expect(page.locator("#counts")).to_contain_text("12")  # each family's parent, from the roster
    send(page, "提交审批")
    day.event = page.url.removeprefix(day.here.url)
    for office in ("grade_office", "security_office"):
        page = day.as_(office, "/approvals")
        page.get_by_role("link", name="家长会").first.click()
        if office == "security_office":
            day.picture("event", page)
        send(page, "同意")
    day.at("18:40")
    shift(day, "evening", "上岗")
    opened(day, "evening", kind="special")
    gate.passes(*BOARDERS)
    closed(day, "evening")


def early_morning(day, gate):
    """06:20: the shift is handed over and signed by both; 06:30: the gate is opened."""
    day.at("06:20", days=1)
    shift(day, "evening", "签字交班")
    shift(day, "gatekeeper", "签字接班")
    gate.hand_on("gatekeeper")
    day.at("06:30")
    opened(day, "gatekeeper")
    gate.passes(*EARLY)
    day.picture("gate", gate.page)


def morning(day, gate):
    """A pupil without badge is refused and written down; one comes when the gate is closed."""
    day.at("08:10")
    page = day.as_("gatekeeper", "/school-gate/no-badge?q=冯雪")
    page.locator("#found summary").first.click()
    send(page, "未带胸卡", serious="1")
    gate.passes(*LAST)
    day.at("08:30")
    closed(day, "gatekeeper")
    day.at("08:45")
    gate.release("卫青", "公交车晚点，已电话告知班主任")
    page = day.as_("discipline_office", "/school-gate/offences")
    expect(page.locator("main")).to_contain_text("冯雪")


def a_parent_comes(day):
    """With a reason, a document and the teacher's consent by phone; returns the visit's page."""
    day.at("09:00")
    page = day.as_("gatekeeper", "/desk")
    with page.expect_response("**/desk/form"):
        page.select_option("#f-purpose", "school_gate.parent")
    page.locator("[name=school_gate_relation]").wait_for(state="attached")
    send(
        page, "登记", name="李强", phone="13800138001", document_kind="resident_id",
        document_number="11010519491231002X", host="王珺", reason="孩子近期学习情况",
    )  # fmt: skip
    send(page, "放行，不打单")
    expect(page.locator("#flashes")).to_contain_text("王珺")  # not before the teacher was asked
    send(page, "被访人同意", by="王珺", means="phone")
    send(page, "放行，打印 A4 单")
    day.picture("visit", page)
    expect(page.locator(".state-badge").first).to_have_text("在内")
    return page.url.removeprefix(day.here.url)


def a_pupil_falls_ill(day, gate):
    """The parent is spoken to, the slip issued and stamped; at the gate the parent collects; both sign."""
    day.at("10:00")
    page = day.as_("class_teacher", "/school-gate/leave/new?kind=leave")
    pupil = page.locator("#f-pupil option", has_text="李雷").get_attribute("value")
    day.picture("leave-new", page)
    send(
        page, "开具", pupil=pupil, reason="发烧就医", contact_means="phone",
        contact_with="父亲李强",
    )  # fmt: skip
    page = day.as_("grade_office", "/")
    day.picture("leave-stamp", page)
    send(page, "盖章")
    day.at("10:20")
    gate.passes("李雷")
    page = day.as_("gatekeeper", "/school-gate/leave/gate")
    assert faults(page) == []
    page.get_by_role("link", name="签").first.click()
    page.get_by_label("李家长").check()
    page.select_option("#f-document", "resident_id")
    sign(page, "pupil_signature", "collector_signature")
    day.picture("leave-collect", page)
    send(page, "登记放行")
    gate.passes("陈静", kind="deny")  # school is not over


def noon(day, gate):
    """The guard opens for dismissal until the pupils have left; boarders stay; at two they are back."""
    day.at("11:52")
    opened(day, "gatekeeper", kind="dismissal")
    gate.passes("陈静", "周正", "吴悦")
    gate.passes("韩梅梅", kind="deny")
    closed(day, "gatekeeper")
    day.at("14:00")
    gate.passes("陈静", "周正", "吴悦")


def afternoon(day, visit):
    """The parent leaves and the stub comes back; a coat is left for a pupil; a boarder may go out."""
    day.at("15:00")
    page = day.as_("gatekeeper", visit)
    page.check("input[name=signed]")
    send(page, "来访人离开")
    day.at("16:00")
    page = day.as_("gatekeeper", "/school-gate/deposits/new?q=蒋欣")
    page.locator("#found a", has_text="蒋欣").first.click()
    send(page, "收存", kind="clothes", what="冬季校服", giver_name="蒋家长")
    day.deposit = page.url.removeprefix(day.here.url)
    day.at("17:00")
    page = day.as_("class_teacher", "/school-gate/leave/new?kind=boarder")
    pupil = page.locator("#f-pupil option", has_text="沈星").get_attribute("value")
    today = day.here.at("00:00").date()
    send(
        page, "开具", pupil=pupil, reason="配眼镜", starts_at=f"{today}T18:20",
        ends_at=f"{today}T19:00", expected_back_at=f"{today}T20:00",
    )  # fmt: skip


def evening(day, gate):
    """The evening's guard takes over; dismissal; the coat is collected and signed for."""
    day.at("18:00")
    page = day.as_("gatekeeper", f"/shifts/{day.school.gate.id}")
    expect(page.locator("main")).to_contain_text("冬季校服")  # what is open goes along
    day.picture("shift", page)
    shift(day, "gatekeeper", "签字交班")
    shift(day, "evening", "签字接班")
    gate.hand_on("evening")
    day.at("18:22")
    opened(day, "evening", kind="dismissal")
    gate.passes("陈静", "周正", "吴悦", "郑昊", "褚亮", "卫青", "沈星")
    page = day.as_("evening", day.deposit)
    sign(page, "signature")
    send(page, "已在屏幕签名")


def parents_meeting(day):
    """Parents on the list come in by a tick; who is not back in time is told, and comes."""
    day.at("18:45")
    page = day.as_("evening", f"{day.event}/gate")
    send(page, "进校 李家长")
    expect(page.locator("#counts")).to_contain_text("1")
    day.at("18:50")
    closed(day, "evening")
    day.at("20:10")
    page = day.as_("duty_officer", "/school-gate/boarders")
    expect(page.locator("#missing")).to_contain_text("沈星")
    day.picture("boarders", page)
    page = day.as_("class_teacher", "/")
    expect(page.locator("#missing")).to_contain_text("沈星")
    day.picture("due-teacher", page)
    day.picture("due-security", day.as_("security_office", "/"))


def nine_in_the_evening(day, here):
    """Every number fits: figures, scans, presence, boarders, roll call, log."""
    day.at("20:25")
    gate_page = day.gate
    gate_page.passes("沈星")
    day.at("21:00")
    expect(day.as_("duty_officer", "/school-gate/boarders").locator("#missing")).to_have_count(0)
    page = day.as_("duty_officer", "/school-gate/figures")
    day.picture("figures", page)
    shown = {
        tile.locator(".figure-label").inner_text(): int(tile.locator(".figure-value").inner_text())
        for tile in page.locator(".figure-tile").all()
    }
    came = len(EARLY) + len(LATER) + len(LAST) + 1 + 3 + 1  # late, after noon, the boarder
    went = 1 + 3 + 7
    told = {name: shown[name] for name in ("进校人次", "离校人次", "拒绝次数", "待处置次数")}
    assert told == {"进校人次": came, "离校人次": went, "拒绝次数": 2, "待处置次数": 1}
    assert shown["未带胸卡人次"] == shown["迟到"] == 1
    assert shown["未收回的来访单"] == 0

    async def stored():
        midnight = clock.to_ms(here.at("00:00"))
        scans = await db.fetch(
            "SELECT direction, count(*) AS number FROM scan_event WHERE verdict = 0"
            " AND code <> 'undo' AND at >= {} GROUP BY direction",
            midnight,
        )
        inside = await db.fetch("SELECT count(*) AS number FROM pass WHERE inside")
        gaps = await db.fetch("SELECT max(seq) - count(*) AS number FROM scan_event")
        open_ = await db.fetch(
            "SELECT count(*) AS number FROM scan_conflict WHERE closed_at IS NULL"
        )
        intact = (await verify(here.settings.checkpoints_path)).intact
        return (
            {row["direction"]: row["number"] for row in scans},
            *(rows[0]["number"] for rows in (inside, gaps, open_)),
            intact,
        )

    ways, inside, gaps, conflicts, intact = here.do(stored())
    assert ways == {0: came, 1: went}
    assert inside == len(BOARDERS) + came - went == len(BOARDERS)
    assert gaps == conflicts == 0
    assert intact
    roll = day.as_("duty_officer", "/roll-call").inner_text("main")
    for name in BOARDERS:
        assert name in roll
    for name in DAY_PUPILS:
        assert name not in roll.split("\n")
    assert "李家长" in roll, "ticked on the list of the parents' meeting"
