"""Appointments on the pages of staff and hosts, through HTTP, on both engines."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.appointments import codes
from core.appointments.tables import Appointment
from core.registrations.tables import Registration
from core.rulebooks import queries as rulebooks
from core.sites.tables import Gate, Site
from core.visitors.matching import Person
from core.visitors.tables import Visitor
from tests.web.scenes import a_host, a_visit, an_appointment, link_account, today_at


@pytest.fixture(autouse=True)
def _fresh():
    rulebooks.forget()


def a_form(**given):
    """Return what the desk types for an appointment tomorrow."""
    plain = {
        "name": "李雷", "phone": "13900001111", "host": "张明", "purpose": "core.visit",
        "day": today_at(0, days=1).date().isoformat(), "begins": "14:00", "ends": "15:00",
        "reason": "面谈", "organisation": "明远公司", "head_count": "2",
    }  # fmt: skip
    return plain | given


async def the_only():
    [one] = await Appointment.objects()
    return one


@pytest.mark.rule("CORE-4")
async def test_the_desk_makes_confirms_moves_and_receives_without_retyping(
    client_as, site, plugins
):
    host = await a_host()
    desk = await client_as("gatekeeper")
    answer = await desk.post("/appointments", data=a_form())
    assert answer.status_code == 303, answer.text
    made = await the_only()
    path = f"/appointments/{made.id}"
    assert answer.headers["location"] == path
    assert (made.state, made.host, made.head_count) == ("proposed", host, 2)
    page = await desk.get(path)
    for word in ("李雷", "张明", "教务处", codes.code_of(made.id)):
        assert word in page.text
    assert "13900001111" not in page.text
    assert (
        await desk.post(f"{path}/confirm", data={"version": "1", "note": "请带身份证"})
    ).status_code == 303
    assert (await the_only()).state == "confirmed"
    moved = {"version": "2", "day": today_at(0).date().isoformat(), "begins": "23:00",
             "ends": "23:50", "agreed": "1"}  # fmt: skip
    assert (await desk.post(f"{path}/move", data=moved)).status_code == 303
    assert (await the_only()).state == "confirmed"
    arrival = {
        "version": "3", "document_kind": "resident_id", "document_number": "11010519491231002x",
        "head_count": "3",
    }  # fmt: skip
    answer = await desk.post(f"{path}/arrive", data=arrival)
    assert answer.status_code == 303, answer.text
    visit = await Registration.objects().first()
    assert answer.headers["location"] == f"/registrations/{visit.id}"
    assert (visit.reason, visit.host, visit.head_count, visit.consent, visit.document_shown) == (
        "面谈", host, 3, "given", True,
    )  # fmt: skip
    gate = await Gate.objects().first()
    assert visit.gate == gate.id
    assert await Visitor.count() == 1
    page = await desk.get(path)
    assert f"/registrations/{visit.id}" in page.text


async def test_an_arrival_form_that_is_wrong_comes_back_and_nobody_is_registered(
    client_as, site, plugins
):
    made = await an_appointment(site, plugins)
    desk = await client_as("gatekeeper")
    wrong = {"version": "1", "document_kind": "resident_id", "document_number": "110105194912310021",
             "head_count": "0"}  # fmt: skip
    answer = await desk.post(f"/appointments/{made}/arrive", data=wrong)
    assert answer.status_code == 422
    assert 'id="f-document_number-error"' in answer.text
    assert 'id="f-head_count-error"' in answer.text
    assert "110105194912310021" in answer.text
    assert not await Registration.count()
    by_eye = {**wrong, "head_count": "1", "document_by_eye": "1"}
    assert (await desk.post(f"/appointments/{made}/arrive", data=by_eye)).status_code == 303
    assert (await Visitor.objects().first()).document_by_eye


async def test_a_known_document_stands_masked_in_the_arrival_form_and_is_kept(
    client_as, site, plugins
):
    person = Person(
        name="王小明", phone="13800001234", document_kind="resident_id",
        document_number="11010519491231002X",
    )  # fmt: skip
    made = await an_appointment(site, plugins, person=person)
    desk = await client_as("gatekeeper")
    page = await desk.get(f"/appointments/{made}")
    assert "11010519491231002X" not in page.text
    masked = re.search(r'name="document_number"[^>]*|value="([^"]*\*+[^"]*)"', page.text)
    shown = re.search(r'value="([^"]*\*+[^"]*)"', page.text)[1]
    assert masked
    before = await Visitor.objects().first()
    answer = await desk.post(
        f"/appointments/{made}/arrive",
        data={"version": "1", "document_kind": "resident_id", "document_number": shown},
    )
    assert answer.status_code == 303, answer.text
    after = await Visitor.objects().first()
    assert after.document_index == before.document_index
    assert (await Registration.objects().first()).document_shown


@pytest.mark.rule("CORE-4")
async def test_a_clash_is_shown_first_and_made_all_the_same_when_wanted(client_as, site, plugins):
    host = await a_host()
    starts = today_at(14, days=1)
    await an_appointment(site, plugins, host, starts=starts)
    desk = await client_as("gatekeeper")
    answer = await desk.post("/appointments", data=a_form())
    assert answer.status_code == 422
    assert "王小明" in answer.text
    assert 'name="anyway"' in answer.text
    assert await Appointment.count() == 1
    answer = await desk.post("/appointments", data=a_form(anyway="1"))
    assert answer.status_code == 303
    day = starts.date().isoformat()
    page = await desk.get(f"/appointments?day={day}")
    assert page.text.count("时间冲突") == 2


async def test_the_day_the_week_and_what_waits_for_an_answer(client_as, site, plugins):
    host = await a_host()
    morning, evening = today_at(0, 5), today_at(23, 0)
    await an_appointment(site, plugins, host, starts=evening, hours=0.5)
    await an_appointment(
        site, plugins, None, host_text="后勤处", starts=today_at(9, days=1), agreed=False,
        person=Person(name="韩梅", phone="13900002222"),
    )  # fmt: skip
    desk = await client_as("gatekeeper")
    today = await desk.get("/appointments")
    assert "王小明" in today.text
    assert "韩梅" not in today.text
    tomorrow = today_at(0, days=1).date().isoformat()
    assert "韩梅" in (await desk.get(f"/appointments?day={tomorrow}")).text
    waiting = await desk.get("/appointments?view=proposed")
    assert "韩梅" in waiting.text
    assert "王小明" not in waiting.text
    week = await desk.get(f"/appointments?view=week&day={morning.date().isoformat()}")
    assert week.text.count('class="week-day') == 7
    assert "王小明" in week.text
    assert "韩梅" in (await desk.get("/appointments?view=proposed&q=韩")).text
    assert "韩梅" not in (await desk.get("/appointments?view=proposed&q=欧阳")).text
    one = await Appointment.objects().first()
    found = await desk.get(f"/appointments?q={codes.code_of(one.id).lower()}")
    assert (found.status_code, found.headers["location"]) == (303, f"/appointments/{one.id}")
    for awkward in ("day=2026-99-99", "day=x", "view=nonsense", "status=nonsense", "q=%00",
                    "q=" + "王" * 500, "day=9999-12-31", "day=0001-01-01&view=week"):  # fmt: skip
        answer = await desk.get(f"/appointments?{awkward}")
        assert answer.status_code == (400 if "%00" in awkward else 200), awkward


@pytest.mark.rule("CORE-14")
async def test_a_host_sees_answers_and_invites_only_for_themselves(client_as, site, plugins):
    mine, other = await a_host(), await a_host("李芳")
    host = await client_as("host")
    await link_account(host.user_id, mine)
    asked = await an_appointment(site, plugins, mine, agreed=False)
    not_mine = await an_appointment(
        site, plugins, other, agreed=False, person=Person(name="韩梅", phone="13900002222")
    )
    page = await host.get("/my-visitors")
    assert "王小明" in page.text
    assert "韩梅" not in page.text
    assert (await host.get(f"/appointments/{not_mine}")).status_code == 404
    for act in ("confirm", "refuse", "cancel", "no-show", "move", "share"):
        answer = await host.post(
            f"/appointments/{not_mine}/{act}",
            data={"version": "1", "day": "明天", "begins": "9:00"},
        )
        assert answer.status_code == 404, act
    assert (await host.get("/appointments")).status_code == 403
    assert (await host.post(f"/appointments/{asked}/arrive", data={})).status_code == 403
    assert (await host.get(f"/appointments/{asked}")).status_code == 200
    assert (
        await host.post(f"/appointments/{asked}/confirm", data={"version": "1"})
    ).status_code == 303
    form = a_form(name="周涛", phone="13900003333", host="李芳", host_id=str(other))
    answer = await host.post("/appointments", data=form)
    assert answer.status_code == 303, answer.text
    invited = await Appointment.objects().order_by(Appointment.created_at, ascending=False).first()
    assert (invited.host, invited.state, invited.proposed_by) == (mine, "confirmed", "host")


@pytest.mark.rule("CORE-5", "CORE-18")
async def test_a_host_with_an_account_answers_who_waits_for_them(client_as, site, plugins):
    mine = await a_host()
    host, stranger = await client_as("host"), await client_as("host")
    await link_account(host.user_id, mine)
    await link_account(stranger.user_id, await a_host("李芳"))
    visit = await a_visit(site, plugins, mine)
    assert "王小明" in (await host.get("/my-visitors")).text
    assert "王小明" not in (await stranger.get("/my-visitors")).text
    home = await host.get("/")
    assert "/my-visitors" in home.text
    yes = {"given": "yes", "seen": "none", "note": "请到302"}
    assert (await stranger.post(f"/my-visitors/{visit}/answer", data=yes)).status_code == 404
    assert (await host.post(f"/my-visitors/{visit}/answer", data={"given": "?"})).status_code == 422
    assert (await host.post(f"/my-visitors/{visit}/answer", data=yes)).status_code == 303
    row = await Registration.objects().first()
    assert (row.consent, row.consent_by) == ("given", "张明")
    assert (await host.post(f"/my-visitors/{visit}/answer", data=yes)).status_code == 303
    assert (await Registration.objects().first()).consent == "given"


async def test_a_host_account_without_a_host_is_told_what_to_do(client_as, site):
    host = await client_as("host")
    page = await host.get("/my-visitors")
    assert page.status_code == 200
    assert "对应的被访人" in page.text
    assert (await host.get("/appointments/new")).status_code == 404


@pytest.mark.rule("CORE-14")
async def test_staff_of_one_site_reach_no_appointment_of_another(client_as, site, plugins):
    east = Site(id=uuid4(), code="east", name="东校区")
    await Site.insert(east)
    made = await an_appointment(site, plugins)
    stranger = await client_as("gatekeeper", site_id=east.id)
    assert (await stranger.get(f"/appointments/{made}")).status_code == 404
    code = codes.code_of(made)
    assert (await stranger.get(f"/appointments?q={code}")).status_code == 200
    for act in ("confirm", "refuse", "cancel", "no-show", "move", "arrive", "share"):
        answer = await stranger.post(
            f"/appointments/{made}/{act}",
            data={"version": "1", "day": "明天", "begins": "9:00", "document_kind": "none"},
        )
        assert answer.status_code == 404, act
    assert (await the_only()).state == "confirmed"


async def test_a_link_for_the_visitor_is_shown_once_and_opens_the_appointment(
    client_as, site, plugins
):
    made = await an_appointment(site, plugins)
    desk, visitor = await client_as("gatekeeper"), await client_as()
    page = await desk.post(f"/appointments/{made}/share")
    assert page.status_code == 200
    link = re.search(r'value="https://laifang\.test(/a/[\w-]+)"', page.text)[1]
    assert page.text.count("<svg xmlns") == 1
    assert "/a/" not in (await desk.get(f"/appointments/{made}")).text
    assert codes.code_of(made) in (await visitor.get(link)).text


async def test_stale_and_impossible_acts_say_so_and_change_nothing(client_as, site, plugins):
    made = await an_appointment(site, plugins)
    desk = await client_as("gatekeeper")
    stale = await desk.post(f"/appointments/{made}/cancel", data={"version": "7"})
    assert stale.status_code == 409
    early = await desk.post(f"/appointments/{made}/no-show", data={"version": "1"})
    assert early.status_code == 409
    twice = await desk.post(f"/appointments/{made}/confirm", data={"version": "1"})
    assert twice.status_code == 409
    assert (await the_only()).state == "confirmed"
    for version in ("9" * 5000, "²", "-1", "x"):
        answer = await desk.post(f"/appointments/{made}/cancel", data={"version": version})
        assert answer.status_code in (303, 409)


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


WRONG = (
    ({"name": ""}, "name"),
    ({"name": HOSTILE}, "name"),
    ({"phone": "abc"}, "phone"),
    ({"day": ""}, "day"),
    ({"day": "昨天"}, "day"),
    ({"begins": "24:61"}, "begins"),
    ({"ends": "13:00"}, "ends"),
    ({"purpose": "nobody.knows"}, "purpose"),
    ({"head_count": "501"}, "head_count"),
    ({"reason": "x" * 501}, "reason"),
    ({"host": "a\x00b"}, "host"),
)


async def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(client_as, site):
    desk = await client_as("gatekeeper")
    for given, field in WRONG:
        answer = await desk.post("/appointments", data=a_form(**given))
        assert answer.status_code == 422, given
        assert f'id="f-{field}-error"' in answer.text, given
        assert "<script>alert" not in answer.text, given
        assert "明远公司" in answer.text, given
        assert not await Appointment.count(), given
        assert not await Visitor.count(), given


async def test_times_are_those_of_the_site(client_as, site, plugins):
    desk = await client_as("gatekeeper")
    await desk.post("/appointments", data=a_form())
    made = await the_only()
    assert made.starts_at == today_at(14, days=1)
    assert made.ends_at - made.starts_at == timedelta(hours=1)
    assert made.created_at <= clock.now()
