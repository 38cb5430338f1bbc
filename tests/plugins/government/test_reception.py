"""Leaders' reception: the rota of Mondays, delegation, booking, who is added; special situations."""

import io
import re
from datetime import date

import pypdf
import pytest

from core import clock, db
from core.deadlines import holidays, pasting
from core.permissions import SYSTEM
from core.visitors import services as visitors
from core.visitors.matching import Person
from plugins.government.reception import following, incident_kinds, keeping, policies, telling
from plugins.government.reception.facts import DIRECTOR, LEADER
from tests.core.documents import papers

pytestmark = pytest.mark.anyio


@pytest.mark.rule("GOV-46")
async def test_every_monday_is_a_reception_day_the_last_weeks_is_the_directors(database):
    _, calendar = await holidays.calendar()
    found = policies.turns(date(2026, 8, 1), 10, calendar.is_working)
    assert [(one.day.isoformat(), one.kind) for one in found] == [
        ("2026-08-03", LEADER),
        ("2026-08-10", LEADER),
        ("2026-08-17", LEADER),
        ("2026-08-24", LEADER),
        ("2026-08-31", DIRECTOR),
        ("2026-09-07", LEADER),
        ("2026-09-14", LEADER),
        ("2026-09-21", LEADER),
        ("2026-09-28", DIRECTOR),
        # The holidays of October last to the 7th: that week's day is the Thursday.
        ("2026-10-08", LEADER),
    ]


async def rota(city):
    """A room with three leaders, one of them director, and its rota."""
    head = await city.client("petition_head", name="主任老李")
    people = {}
    for name, role, post in (
        ("局长老王", "petition_director", "局长"),
        ("副局长老赵", "petition_deputy", "副局长"),
        ("副局长老刘", "petition_deputy", "副局长"),
    ):
        people[name] = await city.client(role, name=name)
        form = {"user": str(people[name].user_id), "post": post}
        if post == "局长":
            form["director"] = "1"
        answer = await head.post("/government/reception/leaders", data=form)
        assert answer.status_code == 303, answer.text
    await head.post("/government/reception/plan")
    return head, people


async def days():
    return await db.fetch(
        "SELECT id, day, kind, leader_name, delegate_name FROM government_reception_day ORDER BY day"
    )


@pytest.mark.rule("GOV-46")
async def test_the_rota_is_planned_in_turn_and_read_by_the_public(city):
    head, _ = await rota(city)
    planned = await days()
    assert [(str(one["day"]), one["leader_name"]) for one in planned[:5]] == [
        ("2026-11-30", "局长老王"),
        ("2026-12-07", "副局长老赵"),
        ("2026-12-14", "副局长老刘"),
        ("2026-12-21", "副局长老赵"),
        ("2026-12-28", "局长老王"),
    ] or [(str(one["day"]), one["leader_name"]) for one in planned[:3]] == [
        ("2026-11-30", "局长老王"),
        ("2026-12-07", "副局长老刘"),
        ("2026-12-14", "副局长老赵"),
    ]
    again = await head.post("/government/reception/plan", follow_redirects=True)
    assert "新增接访日0天" in again.text
    phone = await city.anonymous()
    page = (await phone.get("/government/office")).text
    assert "局长接待日" in page
    assert "副局长老赵" in page
    assert "预约" in page


@pytest.mark.rule("GOV-46")
async def test_the_director_delegates_the_day_and_the_delegate_is_told(city):
    _, people = await rota(city)
    day = (await days())[0]
    director, other = people["局长老王"], people["副局长老赵"]
    path = f"/government/reception/{day['id']}/delegate"
    not_own = await people["副局长老刘"].post(path, data={"user": str(other.user_id)})
    assert not_own.status_code == 404
    assert (await director.post(path, data={"user": str(director.user_id)})).status_code == 422
    await director.post(path, data={"user": str(other.user_id), "post": "副局长"})
    assert (await days())[0]["delegate_name"] == "副局长老赵"
    assert "代局长老王" in (await other.get("/notices")).text
    assert "代局长老王" in (await (await city.anonymous()).get("/government/office")).text
    assert str(day["id"]) in (await other.get("/government/reception?own=yes")).text


@pytest.mark.rule("GOV-46")
async def test_a_place_is_booked_by_phone_once_for_a_day_and_called_off_by_its_link(city):
    await rota(city)
    day = (await days())[1]
    phone = await city.anonymous()
    await phone.read_token(f"/government/book/{day['id']}")
    form = {"name": "周建国", "phone": "13907940001", "heads": "2", "topic": "拖欠工资"}
    many = await phone.post(f"/government/book/{day['id']}", data={**form, "heads": "6"})
    assert many.status_code == 422
    assert "最多五人" in many.text
    answer = await phone.post(f"/government/book/{day['id']}", data=form)
    assert answer.status_code == 303, answer.text
    booking = await phone.get(answer.headers["location"])
    assert "周建国" not in booking.text
    assert "预约序号" in booking.text
    twice = await phone.post(f"/government/book/{day['id']}", data=form)
    assert twice.status_code == 422
    assert "已预约这一天" in twice.text
    second = await phone.post(f"/government/book/{(await days())[2]['id']}", data=form)
    assert second.status_code == 303
    third = await phone.post(f"/government/book/{(await days())[3]['id']}", data=form)
    assert "每月最多预约2次" in third.text
    row = (await db.fetch("SELECT * FROM government_booking"))[0]
    assert "周建国" not in str(dict(row))

    clerk = await city.client("petition_clerk")
    page = await clerk.get(f"/government/reception/{day['id']}")
    assert "周建国" in page.text
    assert "13907940001" in page.text
    await phone.post(f"{answer.headers['location']}/call-off")
    assert "已取消预约" in (await clerk.get(f"/government/reception/{day['id']}")).text
    assert (await phone.post(f"/government/book/{day['id']}", data=form)).status_code == 303


@pytest.mark.rule("GOV-46")
async def test_the_desk_books_for_an_item_and_settles_on_the_day(city):
    head, _ = await rota(city)
    clerk = await city.client("petition_clerk", name="接待员小陈")
    matter = await city.matter()
    day = (await days())[0]
    path = f"/government/reception/{day['id']}"
    form = {"name": "周建国", "phone": "13907940001", "heads": "1", "number": "2026-999999"}
    assert (await clerk.post(f"{path}/book", data=form)).status_code == 422
    await clerk.post(f"{path}/book", data={**form, "number": matter.number})
    assert matter.number in (await clerk.get(path)).text
    await head.post(f"{path}/sections", data={"unit": str(city.units["labour"])})
    unit_head = await city.client("petition_unit_head", unit="labour", head=True, name="局长老钱")
    assert "市人力资源和社会保障局" in (await clerk.get(path)).text
    await head.post(f"{path}/sections", data={"unit": str(city.units["housing"])})
    await head.post(f"{path}/sections", data={"unit": str(city.units["housing"]), "do": "drop"})
    assert "市住房和城乡建设局 ·" not in (await clerk.get(path)).text
    found = (await db.fetch("SELECT id FROM government_booking"))[0]["id"]
    early = await clerk.post(
        f"/government/bookings/{found}/settle", data={"state": "came"}, follow_redirects=True
    )
    assert "接待日还没有到" in early.text
    city.travel("2026-11-30 10:00")
    await clerk.sign_in(clerk.login)
    await clerk.post(f"/government/bookings/{found}/settle", data={"state": "came"})
    assert "已接访" in (await clerk.get(path)).text
    assert (await unit_head.get(path)).status_code in (303, 403, 404)


@pytest.mark.rule("GOV-46")
async def test_whoever_is_booked_gets_a_slip_at_the_desk_on_the_day(city):
    head, _ = await rota(city)
    clerk = await city.client("petition_clerk", name="接待员小陈")
    matter = await city.matter()
    day = (await days())[0]
    path = f"/government/reception/{day['id']}"
    form = {"name": "欧阳䶮", "phone": "13907940001", "heads": "2", "topic": "城东工地欠薪"}
    await clerk.post(f"{path}/book", data={**form, "number": matter.number})
    await head.post(f"{path}/sections", data={"unit": str(city.units["labour"])})
    [row] = await db.fetch("SELECT id FROM government_booking")
    slip = f"/government/bookings/{row['id']}/slip"
    assert slip in (await clerk.get(path)).text
    assert slip not in (await clerk.get("/government/desk")).text, "the day is still to come"
    await city.later("2026-11-30 08:52")
    assert slip in (await clerk.get("/government/desk")).text
    text = papers.text((await clerk.get(slip)).content)
    for says in (
        *("领导接待日预约接访单", "欧阳䶮", "13907940001", "2人", matter.number, "城东工地欠薪"),
        *(
            "局长老王",
            "市人力资源和社会保障局",
            "预约序号：第1号",
            "2026年11月30日8时52分",
            "候访凭条",
        ),
    ):
        assert says in text, says
    other = await city.client("petition_supervisor")
    assert (await other.get(slip)).status_code == 403
    await clerk.post(f"/government/bookings/{row['id']}/settle", data={"state": "called_off"})
    assert (await clerk.get(slip)).status_code == 404


@pytest.mark.rule("GOV-46")
async def test_a_section_head_is_told_to_be_there_and_a_cancelled_day_takes_no_bookings(city):
    head, people = await rota(city)
    unit_head = await city.client("petition_unit_head", unit="labour", head=True, name="局长老钱")
    day = (await days())[1]
    path = f"/government/reception/{day['id']}"
    await head.post(f"{path}/sections", data={"unit": str(city.units["labour"])})
    assert "2026-12-07" in (await unit_head.get("/notices")).text
    assert (await head.post(f"{path}/cancel", data={"note": ""})).status_code == 422
    await head.post(f"{path}/cancel", data={"note": "全市防汛"})
    phone = await city.anonymous()
    await phone.read_token(f"/government/book/{day['id']}")
    form = {"name": "周建国", "phone": "13907940001", "heads": "1", "topic": "工资"}
    answer = await phone.post(f"/government/book/{day['id']}", data=form)
    assert answer.status_code == 422
    assert "该接待日已取消" in answer.text
    assert 'name="phone"' not in answer.text, "there is no form where there is no place"
    page = (await phone.get("/government/office")).text
    assert "全市防汛" in page, "the public reads why"
    assert f"/government/book/{day['id']}" not in page
    assert "全市防汛" in (await unit_head.get("/notices")).text
    receiver = people[day["leader_name"]]
    assert "全市防汛" in (await receiver.get("/notices")).text
    assert (await head.post(f"{path}/reinstate")).status_code == 303
    assert "恢复进行" in (await receiver.get("/notices")).text
    assert (await phone.post(f"/government/book/{day['id']}", data=form)).status_code == 303
    assert (await head.post(f"{path}/reinstate")).status_code == 422, "it takes place already"


@pytest.mark.rule("GOV-46")
async def test_a_booking_needs_a_phone_and_however_it_is_typed_it_is_one_person(city):
    await rota(city)
    first, second, third = (await days())[1:4]
    phone = await city.anonymous()
    await phone.read_token(f"/government/book/{first['id']}")
    form = {"name": "周建国", "phone": "139 0794 0001", "heads": "1", "topic": "工资"}

    async def book(day, **changed):
        return await phone.post(f"/government/book/{day['id']}", data={**form, **changed})

    for wrong in ("没有", "abc", "１２", ""):
        answer = await book(first, phone=wrong)
        assert answer.status_code == 422, wrong
        assert 'id="f-phone-error"' in answer.text
    assert (await book(first, name="12345")).status_code == 422
    assert (await book(first, website="http://x")).status_code == 422
    assert (await book(first)).status_code == 303
    assert "已预约这一天" in (await book(first, phone="+86 139-0794-0001")).text
    assert (await book(second, phone="0086 13907940001")).status_code == 303
    assert "每月最多预约2次" in (await book(third, phone="１３９０７９４０００１")).text
    many = [await book(third, phone=f"1380000{number:04}") for number in range(8)]
    assert many[-1].status_code == 429, "one address does not fill a leader's day"
    assert 'value="13800000007"' in many[-1].text


@pytest.mark.rule("GOV-46")
async def test_whoever_comes_on_the_day_is_entered_at_the_desk_alone(city):
    head, _ = await rota(city)
    clerk = await city.client("petition_clerk", name="接待员小陈")
    day = (await days())[0]
    await city.later("2026-11-30 08:30", clerk, head)
    phone = await city.anonymous()
    await phone.read_token("/government/ask")
    form = {"name": "周建国", "phone": "13907940001", "heads": "1", "topic": "工资"}
    outside = await phone.post(f"/government/book/{day['id']}", data=form)
    assert outside.status_code == 422
    assert "预约截止到前一日" in outside.text
    path = f"/government/reception/{day['id']}"
    assert (await clerk.post(f"{path}/book", data=form)).status_code == 303
    found = (await db.fetch("SELECT id FROM government_booking"))[0]["id"]
    await clerk.post(f"/government/bookings/{found}/settle", data={"state": "came"})
    assert 'href="/government/desk"' in (await clerk.get(path)).text, "on to registering"


@pytest.mark.rule("GOV-46")
async def test_a_day_is_moved_and_everybody_concerned_is_told(city):
    head, people = await rota(city)
    unit_head = await city.client("petition_unit_head", unit="labour", head=True, name="局长老钱")
    day, next_day = (await days())[1:3]
    path = f"/government/reception/{day['id']}"
    await head.post(f"{path}/sections", data={"unit": str(city.units["labour"])})
    phone = await city.anonymous()
    await phone.read_token(f"/government/book/{day['id']}")
    form = {"name": "周建国", "phone": "13907940001", "heads": "1", "topic": "工资"}
    link = (await phone.post(f"/government/book/{day['id']}", data=form)).headers["location"]
    change = {"place": "二楼", "begins": "14:00", "ends": "17:00", "slots": "8"}
    for wrong in ("2026-11-20", str(next_day["day"]), ""):
        answer = await head.post(f"{path}/change", data={**change, "day": wrong})
        assert answer.status_code == 422, wrong
    for name, wrong in (("begins", "25:00"), ("ends", "下午五点多钟结束")):
        garbled = {**change, "day": "2026-12-09", name: wrong}
        assert (await head.post(f"{path}/change", data=garbled)).status_code == 422, wrong
    for wrong in ("\x00", "  ", "长" * 201):
        assert (await head.post(f"{path}/cancel", data={"note": wrong})).status_code == 422
    few = await head.post(f"{path}/change", data={**change, "day": "2026-12-09", "slots": "0"})
    assert few.status_code == 422
    moved = await head.post(f"{path}/change", data={**change, "day": "2026-12-09"})
    assert moved.status_code == 303, moved.text
    for who in (people[day["leader_name"]], unit_head):
        assert "2026-12-09" in (await who.get("/notices")).text
    page = (await phone.get(link)).text
    assert "2026-12-09 星期三 14:00" in page
    await city.later("2026-12-10 09:00", head)
    page = await phone.get(link)
    assert page.status_code == 200, "the link lives as long as the day it is for"
    assert "/call-off" not in page.text
    assert (await phone.post(f"{link}/call-off", follow_redirects=True)).status_code == 200
    state = (await db.fetch("SELECT state FROM government_booking"))[0]["state"]
    assert state == "booked", "a day that is over is not called off"


@pytest.mark.rule("GOV-46")
async def test_who_receives_is_reminded_on_the_working_day_before_once(city):
    _, people = await rota(city)
    director = people["局长老王"]
    await telling.remind(city.travel("2026-11-26 09:00"))
    assert await db.fetch("SELECT 1 FROM notice WHERE key LIKE '%/eve/%'") == []
    for _ in range(2):
        await telling.remind(city.travel("2026-11-27 09:00"))  # the Friday before the Monday
    rows = await db.fetch('SELECT "user" FROM notice WHERE key LIKE {}', "%/eve/%")
    assert [row["user"] for row in rows] == [director.user_id]


@pytest.mark.rule("GOV-46")
async def test_a_delegated_day_is_taken_back_and_only_leaders_can_be_named(city):
    head, people = await rota(city)
    clerk = await city.client("petition_clerk", name="接待员小陈")
    day = (await days())[0]
    path = f"/government/reception/{day['id']}"
    director, other = people["局长老王"], people["副局长老赵"]
    assert "接待员小陈" not in (await head.get(path)).text
    wrong = await director.post(f"{path}/delegate", data={"user": str(clerk.user_id)})
    assert wrong.status_code == 422
    await director.post(f"{path}/delegate", data={"user": str(other.user_id), "post": "副局长"})
    back = await director.post(f"{path}/delegate", data={"user": str(director.user_id)})
    assert back.status_code == 303, back.text
    assert (await days())[0]["delegate_name"] == ""
    assert "不再由您接访" in (await other.get("/notices")).text


@pytest.mark.rule("GOV-46")
async def test_the_rota_of_a_month_is_a_paper_and_past_days_have_a_list_of_their_own(city):
    head, _ = await rota(city)
    made = await head.post("/government/reception/rota", data={"month": "2026-12"})
    assert made.status_code == 303
    paper = await head.get(f"{made.headers['location']}/paper")
    assert paper.headers["content-type"] == "application/pdf"
    text = "".join(pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().split())
    for said in ("2026年12月", "12月28日", "星期一", "局长老王", "副局长老赵"):
        assert said in text, said
    empty = await head.post(
        "/government/reception/rota", data={"month": "2031-02"}, follow_redirects=True
    )
    assert "该月没有安排接访日" in empty.text
    await city.later("2026-12-08 09:00", head)
    past = (await head.get("/government/reception?view=past")).text
    assert "2026-12-07" in past
    assert "2026-12-14" not in past
    assert "2026-12-07" not in (await head.get("/government/reception")).text


@pytest.mark.rule("GOV-46", "CORE-21")
async def test_bookings_are_told_and_erased_with_the_visitor_who_made_them(city):
    await rota(city)
    day = (await days())[1]
    phone = await city.anonymous()
    await phone.read_token(f"/government/book/{day['id']}")
    form = {"name": "周建国", "phone": "13907940001", "heads": "1", "topic": "工资"}
    await phone.post(f"/government/book/{day['id']}", data=form)
    other = (await days())[2]
    await phone.post(f"/government/book/{other['id']}", data={**form, "name": "周小妹"})
    visitor = await visitors.add(
        Person(name="周建国", phone="13907940001"), actor=SYSTEM, at=clock.now()
    )
    found = await keeping.personal_data(visitor)
    assert [one.details[0].value for one in found] == ["2026-12-07"]
    assert "工资" in [detail.value for detail in found[0].details], "all that is stored of them"
    async with db.writing():
        await keeping.erase(visitor)
    rows = await db.fetch("SELECT phone_index FROM government_booking ORDER BY booked_at, position")
    assert sorted(row["phone_index"] is None for row in rows) == [False, True]


@pytest.mark.rule("GOV-47", "CORE-16")
async def test_special_situations_prescribe_their_steps_and_agreement_comes_before_the_call(city):
    clerk = await city.client("petition_clerk", name="接待员小陈")
    page = await clerk.get("/incidents/new")
    for kind in incident_kinds.KINDS:
        assert kind.label.translate("zh_Hans") in page.text
    answer = await clerk.post(
        "/incidents",
        data={
            "site": str(city.site.id),
            "kind": "government.stranded",
            "seen": "三十余人在大厅滞留不走",
        },
    )
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    steps = {row["name"]: row["id"] for row in await db.fetch("SELECT id, name FROM incident_step")}

    async def called(name, who):
        data = {"step": str(steps[name]), "called": who, "called_at": "09:00"}
        return await clerk.post(f"{path}/done", data=data, follow_redirects=True)

    refused = await called("deputy_county", "东河县分管副县长")
    assert "请先完成：室主任同意通知县区分管领导" in refused.text
    await called("room_agrees", "主任老李")
    await called("deputy_county", "东河县分管副县长")
    refused = await called("head_county", "东河县县长")
    assert "请先完成：局领导同意通知县区主要领导" in refused.text
    done = await db.fetch("SELECT name FROM incident_step WHERE done_at IS NOT NULL")
    assert {row["name"] for row in done} == {"room_agrees", "deputy_county"}
    assert re.search("东河县分管副县长", (await clerk.get(path)).text)


@pytest.mark.rule("GOV-46")
async def test_nobody_is_reminded_again_on_the_days_off_before_a_reception(city):
    await rota(city)
    for day in (27, 28, 29):  # Friday, the weekend; the reception is on the Monday
        await telling.remind(city.travel(f"2026-11-{day} 09:00"))
    rows = await db.fetch("SELECT key FROM notice WHERE key LIKE '%/eve/%'")
    assert len(rows) == 1


@pytest.mark.rule("GOV-46", "CORE-10")
async def test_a_reception_day_that_becomes_a_holiday_gives_way_and_everybody_is_told(city):
    city.travel("2026-12-21 09:00")
    await rota(city)
    planned = {str(one["day"]): one["id"] for one in await days()}
    # 8 February 2027 is in the spring festival: the Tuesday stands in, as far as is known.
    assert "2027-02-09" in planned
    exact = "".join(
        f"{day},休,{name}\n"
        for day, name in (
            *((f"2027-02-{n:02}", "春节") for n in range(5, 12)),
            *(("2027-01-01", "元旦"), ("2027-01-04", "元旦")),
        )
    )
    found = pasting.read(exact, source="通知", provisional=False)
    now = city.travel("2026-12-22 09:00")
    await holidays.replace_years(found.days, actor=SYSTEM, at=now)
    for _ in range(2):
        await following.follow(now)
    after = {one["id"]: str(one["day"]) for one in await days()}
    assert after[planned["2027-02-09"]] == "2027-02-12"
    assert after[planned["2027-01-04"]] == "2027-01-05"
    told = await db.fetch("SELECT body FROM notice WHERE body LIKE '%2027-02-12%'")
    assert len(told) == 1
