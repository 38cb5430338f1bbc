"""Leaders' reception: the rota of Mondays, delegation, booking, who is added; special situations."""

import re
from datetime import date

import pytest

from core import db
from core.deadlines import holidays
from plugins.government.reception import incident_kinds, policies
from plugins.government.reception.facts import DIRECTOR, LEADER

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
async def test_a_section_head_is_told_to_be_there_and_a_cancelled_day_takes_no_bookings(city):
    head, _ = await rota(city)
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
