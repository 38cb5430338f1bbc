"""The public form on which a visitor proposes a visit; through HTTP, on both engines."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.appointments.tables import Appointment
from core.notices import recipients
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.visitors.tables import Visitor
from tests.app import csrf_of
from tests.web.public.conftest import HOSTILE, PHONE, a_proposal, fill, said


@pytest.mark.rule("CORE-4")
async def test_a_visitor_proposes_follows_moves_and_calls_off(visitor, site, host):
    page = await visitor.get("/v")
    assert page.status_code == 200
    assert "张明" not in page.text, "the directory is not shown to the public"
    answer = await fill(visitor, "/v", **a_proposal())
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    assert path.startswith("/a/")
    made = await Appointment.objects().first()
    assert (made.state, made.host, made.head_count, made.proposed_by) == (
        "proposed", host, 2, "visitor",
    )  # fmt: skip
    page = await visitor.get(path)
    assert "王小明" in page.text
    for hidden in (PHONE, "302", "教务处"):
        assert hidden not in page.text
    link = path.partition("?")[0]
    later = (clock.now() + timedelta(days=2)).date().isoformat()
    page = await visitor.get(link)
    moved = await visitor.post(
        f"{link}/move",
        data={"_csrf_token": csrf_of(page.text), "version": "1", "day": later, "begins": "9:30"},
    )
    assert moved.status_code == 303
    stale = await visitor.post(
        f"{link}/cancel", data={"_csrf_token": csrf_of(page.text), "version": "1"}
    )
    assert stale.status_code == 303
    assert (await Appointment.objects().first()).state == "proposed"
    await visitor.post(f"{link}/cancel", data={"_csrf_token": csrf_of(page.text), "version": "2"})
    assert (await Appointment.objects().first()).state == "cancelled"
    assert "取消" in said(await visitor.get(link))


@pytest.mark.rule("CORE-4")
async def test_the_host_confirms_from_the_letter_and_the_visitor_sees_code_and_room(
    visitor, client_as, site, host
):
    answer = await fill(visitor, "/v", **a_proposal())
    link = answer.headers["location"].partition("?")[0]
    letter = await Notice.objects().where(Notice.channel == "email").first()
    _, path = recipients.opened(letter)
    stranger = await client_as()
    page = await stranger.get(path)
    assert "王小明" in page.text
    assert PHONE not in page.text
    await fill(stranger, path, given="yes", note="请走南门", version="1")
    page = await visitor.get(link)
    assert re.search(r"A-[0-9A-Z]{6}", page.text)
    assert "请走南门" in page.text
    assert "302" in page.text
    calendar = await visitor.get(f"{link}/visit.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VEVENT\r\n" in calendar.text
    assert all(len(line.encode()) <= 75 for line in calendar.text.split("\r\n"))
    again = await fill(stranger, path, given="no", version="1")
    assert again.status_code == 303
    assert (await Appointment.objects().first()).state == "confirmed"


WRONG = [
    ({"name": ""}, "name"),
    ({"name": "王" * 60}, "name"),
    ({"name": HOSTILE}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"phone": ""}, "phone"),
    ({"phone": "12"}, "phone"),
    ({"host": ""}, "host"),
    ({"day": "昨天"}, "day"),
    ({"day": "2020-01-01"}, "day"),
    ({"day": "2999-01-01"}, "day"),
    ({"day": "不是日期"}, "day"),
    ({"begins": "25:00"}, "begins"),
    ({"begins": ""}, "begins"),
    ({"ends": "13:00"}, "ends"),
    ({"reason": ""}, "reason"),
    ({"reason": "很" * 600}, "reason"),
    ({"head_count": "0"}, "head_count"),
    ({"head_count": "很多"}, "head_count"),
    ({"agree": ""}, "agree"),
    ({"website": "https://spam.example"}, "website"),
]


@pytest.mark.parametrize(
    ("given", "field"), WRONG, ids=[f"{f}-{n}" for n, (_, f) in enumerate(WRONG)]
)
async def test_a_proposal_that_cannot_be_taken_comes_back_as_typed_with_the_error_beside(
    visitor, site, given, field
):
    answer = await fill(visitor, "/v", **a_proposal(**given))
    assert answer.status_code == 422
    assert f'id="f-{field}"' in answer.text
    if field not in ("agree", "website"):
        assert f'id="f-{field}-error"' in answer.text
    assert "<script>alert" not in answer.text
    if field != "reason":
        assert "谈合同" in answer.text, "what was typed is still there"
    assert not await Appointment.count()
    assert not await Visitor.count()


async def test_hostile_values_are_kept_as_text_and_never_run(visitor, client_as, site):
    given = {"reason": HOSTILE, "host": HOSTILE, "organisation": HOSTILE}
    answer = await fill(visitor, "/v", **a_proposal(**given))
    assert answer.status_code == 303
    made = await Appointment.objects().first()
    assert made.reason == HOSTILE
    clerk = await client_as("desk")
    pages = [
        await visitor.get(answer.headers["location"]),
        await clerk.get(f"/appointments/{made.id}"),
        await clerk.get("/appointments?view=proposed"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "&lt;script&gt;alert(1)" in page.text
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "49" not in re.findall(r"\{\{.*?\}\}", page.text)


async def test_direction_marks_do_not_turn_the_page_around(visitor, site):
    answer = await fill(visitor, "/v", **a_proposal(reason="取货\u202e文件", name="王\u200b小明"))
    assert answer.status_code == 303
    assert (await Appointment.objects().first()).reason == "取货文件"
    assert (await Visitor.objects().first()).name == "王小明"


async def test_chinese_dates_and_times_are_understood(visitor, site):
    answer = await fill(visitor, "/v", **a_proposal(day="后天", begins="９：３０", ends=""))
    assert answer.status_code == 303
    made = await Appointment.objects().first()
    assert made.ends_at - made.starts_at == timedelta(hours=2)


async def test_a_closed_public_form_says_whom_to_call(visitor, site):
    from core.appointments.rulebook import RULEBOOK
    from core.rulebooks.services import adopt

    at = clock.now()
    await adopt(RULEBOOK, {"public_form": False}, effective_from=at, note="", actor=SYSTEM, at=at)
    page = await visitor.get("/v")
    assert page.status_code == 200
    assert '<form method="post" action="/v"' not in page.text
    answer = await visitor.post("/v", data={**a_proposal(), "_csrf_token": csrf_of(page.text)})
    assert answer.status_code == 404
    assert not await Appointment.count()


async def test_with_several_sites_the_visitor_chooses_first(visitor, site):
    from uuid import uuid4

    from core.sites.tables import Site

    await Site.insert(Site(id=uuid4(), code="east", name="东校区"))
    page = await visitor.get("/v")
    assert "/v?site=east" in page.text
    assert "f-name" not in page.text
    page = await visitor.get("/v?site=east")
    assert "东校区" in page.text
    assert "f-name" in page.text
    assert "f-name" not in (await visitor.get("/v?site=nowhere")).text
    answer = await fill(visitor, "/v?site=east", **a_proposal(site="east"))
    assert answer.status_code == 303
    answer = await visitor.get(answer.headers["location"])
    assert "东校区" in answer.text


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Announce a visit"), ("zh-TW", "預約"), ("zh-CN", "预约")]
)
async def test_visitors_read_their_own_language(client_as, site, language, word):
    visitor = await client_as()
    page = await visitor.get("/v", headers={"accept-language": language})
    assert word in said(page)
