"""Pages that a link opens: the host's answer, the slip, the proposal; through HTTP, on both engines."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.accounts.tables import RateLimit
from core.appointments.tables import Appointment
from core.hosts import services as hosts
from core.hosts.services import HostEntry
from core.links import services as links
from core.links.tables import Link
from core.notices import recipients
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.registrations import consent, holding, phone_slip
from core.registrations.services import Arrival, admit, register
from core.registrations.tables import Registration
from core.rulebooks import queries as rulebooks
from core.visitors.matching import Person
from core.visitors.tables import Visitor
from tests.app import an_account, csrf_of

PHONE = "13800001234"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} =1+1"


@pytest.fixture(autouse=True)
async def _an_account(app, plugins):
    """Somebody has an account, or every address leads to the first start."""
    rulebooks.forget()
    await an_account(plugins, "auditor")


@pytest.fixture
async def host(site):
    """A host with an address."""
    entry = HostEntry(
        name="张明", department="教务处", room="302", email="zhang@school.test", phone="01088889999"
    )
    return await hosts.add(entry, actor=SYSTEM, at=clock.now())


@pytest.fixture
async def visit(site, host, plugins, app):
    """Somebody who waits for the host."""
    arrival = Arrival(
        site_id=site.id, person=Person(name="王小明", phone=PHONE, organisation="明远公司"),
        purpose="core.visit", reason="谈合同", host_id=host, document_shown=True,
    )  # fmt: skip
    done = await register(arrival, actor=SYSTEM, at=clock.now(), plugins=plugins)
    return done.id


@pytest.fixture
async def asked(visit, plugins):
    """The path of the link that the host got."""
    path, _ = await consent.ask(visit, actor=SYSTEM, at=clock.now(), plugins=plugins)
    return path


@pytest.fixture
async def visitor(client_as):
    """A browser of somebody without an account."""
    return await client_as()


async def fill(client, path, **data):
    """Open a page and send its form, as a browser without JavaScript does."""
    page = await client.get(path)
    return await client.post(
        re.sub(r"\?.*", "", path), data={"_csrf_token": csrf_of(page.text), **data}
    )


def said(page):
    """Return a page's text without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


# -- the host's answer


@pytest.mark.rule("CORE-5")
async def test_a_host_reads_who_waits_and_answers_with_a_note(visitor, asked, visit):
    page = await visitor.get(asked)
    assert page.status_code == 200
    text = said(page)
    for word in ("王小明", "明远公司", "谈合同", "张明"):
        assert word in text
    assert PHONE not in page.text
    assert "138****1234" not in page.text
    answer = await fill(visitor, asked, given="yes", note="请到302室", seen="asked")
    assert (answer.status_code, answer.headers["location"]) == (303, asked)
    row = await Registration.objects().get(Registration.id == visit)
    assert (row.consent, row.consent_means, row.consent_by) == ("given", "link", "张明")
    again = await visitor.get(asked)
    assert "您同意接待" in said(again)
    assert "sheet-state tone-good" in again.text


@pytest.mark.rule("CORE-5")
async def test_an_answer_given_by_phone_meanwhile_is_shown_and_not_overwritten(
    visitor, asked, visit, plugins
):
    await consent.note(
        visit, given=False, by="张明", means="phone", actor=SYSTEM, at=clock.now(), plugins=plugins
    )
    await fill(visitor, asked, given="yes", seen="asked")
    assert (await Registration.objects().first()).consent == "refused"
    page = await visitor.get(asked)
    assert "sheet-state tone-bad" in page.text
    await fill(visitor, asked, given="yes", seen="refused")
    assert (await Registration.objects().first()).consent == "given"


async def test_the_same_answer_sent_twice_is_one_answer(visitor, asked):
    page = await visitor.get(asked)
    data = {"_csrf_token": csrf_of(page.text), "given": "yes", "seen": "asked"}
    first, second = [await visitor.post(asked, data=data) for _ in range(2)]
    assert first.status_code == second.status_code == 303
    assert (await Registration.objects().first()).consent == "given"


async def test_an_answer_that_is_neither_yes_nor_no_comes_back(visitor, asked):
    answer = await fill(visitor, asked, given="maybe", note="稍等")
    assert answer.status_code == 422
    assert "稍等" in answer.text
    answer = await fill(visitor, asked, given="yes", note="很" * 500)
    assert answer.status_code == 422
    assert (await Registration.objects().first()).consent == "asked"


async def test_nobody_answers_for_a_visitor_who_was_let_in_or_sent_away(
    visitor, asked, visit, plugins
):
    page = await visitor.get(asked)
    await holding.refuse(visit, reason="没有预约", actor=SYSTEM, at=clock.now(), plugins=plugins)
    data = {"_csrf_token": csrf_of(page.text), "given": "yes", "seen": "asked"}
    answer = await visitor.post(asked, data=data)
    assert answer.status_code == 303
    page = await visitor.get(asked)
    assert '<form method="post" action="/c/' not in page.text
    assert (await Registration.objects().first()).consent == "asked"


async def test_an_answer_needs_a_page_of_ours(visitor, asked):
    for data in ({"given": "yes"}, {"given": "yes", "_csrf_token": "x" * 40}):
        assert (await visitor.post(asked, data=data)).status_code == 403
    foreign = {"origin": "https://evil.example"}
    page = await visitor.get(asked)
    data = {"given": "yes", "_csrf_token": csrf_of(page.text)}
    assert (await visitor.post(asked, data=data, headers=foreign)).status_code == 403
    assert (await Registration.objects().first()).consent == "asked"


# -- links that open nothing


def dead_links(good):
    return [
        "x" * 32, "x", "%00", "%F0%9F%90%8D", "..%2F..%2Fetc%2Fpasswd", "王" * 300, "a" * 4000,
        good[:-1], good + "x", good.swapcase(), "%3Cscript%3E", "' OR 1=1 --", "%C0%80",
    ]  # fmt: skip


async def test_forged_links_get_one_plain_sentence_whatever_they_pretend(client_as, asked, visit):
    good = asked.removeprefix("/c/")
    sentences = set()
    for kind in ("c", "s", "f", "a"):
        visitor = await client_as()
        for wrong in [*dead_links(good), *([] if kind == "c" else [good])]:
            page = await visitor.get(f"/{kind}/{wrong}")
            # Bytes that are no text are no address; every other forgery looks like what is gone.
            no_text = wrong == "%00"
            assert page.status_code == (400 if no_text else 404), (kind, wrong)
            if "%2F" not in wrong and not no_text:  # another address altogether
                sentences.add(re.search(r'gone-sentence">([^<]+)<', page.text)[1])
            assert "王小明" not in page.text
    assert len(sentences) == 1


async def test_expired_and_revoked_links_say_the_same_as_forged_ones(
    visitor, asked, visit, plugins, stopped_clock
):
    stopped_clock.advance(timedelta(hours=3))
    late = await visitor.get(asked)
    forged = await visitor.get("/c/" + "x" * 32)
    assert late.status_code == forged.status_code == 404

    def body(page):
        return re.sub(
            r"<code>.*?</code>|csrf[^>]+>|value=\"[^\"]*\"|x-csrftoken[^}]+", "", page.text
        )

    assert body(late) == body(forged)
    await links.revoke(visit, "consent", at=clock.now())
    assert (await visitor.get(asked)).status_code == 404


async def test_whoever_tries_many_links_must_wait_and_others_need_not(client_as, asked):
    guesser, honest = await client_as(), await client_as()
    answers = [(await guesser.get(f"/c/{n:032d}")).status_code for n in range(22)]
    assert answers[:20] == [404] * 20
    assert answers[20:] == [429, 429]
    assert "retry-after" in (await guesser.get("/s/nothing")).headers
    assert (await guesser.get(asked)).status_code == 429
    assert (await honest.get(asked)).status_code == 200


async def test_opening_a_good_link_writes_nothing(visitor, asked):
    before = await RateLimit.select()
    for _ in range(5):
        assert (await visitor.get(asked)).status_code == 200
    assert await RateLimit.select() == before


async def test_forms_sent_without_end_are_stopped(visitor, asked):
    page = await visitor.get(asked)
    data = {"_csrf_token": csrf_of(page.text), "given": "maybe"}
    answers = [(await visitor.post(asked, data=data)).status_code for _ in range(32)]
    assert answers.count(422) == 30
    assert answers[-1] == 429


async def test_no_address_of_a_link_is_kept_by_others(visitor, asked):
    page = await visitor.get(asked)
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


# -- the slip


@pytest.mark.rule("CORE-12")
async def test_the_slip_shows_the_visit_as_the_visitor_knows_it(visitor, visit, plugins):
    secret = await phone_slip.share(visit, actor=SYSTEM, at=clock.now())
    row = await Registration.objects().get(Registration.id == visit)
    page = await visitor.get(f"/s/{secret}")
    assert page.status_code == 200
    for word in (row.number, "王小明", "张明", "302", "教务处", "主校区"):
        assert word in said(page)
    assert page.text.count("<svg xmlns") == 1, "the pass as QR code"
    for hidden in (PHONE, "138****1234", "01088889999", "zhang@school.test"):
        assert hidden not in page.text
    await consent.note(
        visit, given=True, by="张明", means="phone", actor=SYSTEM, at=clock.now(), plugins=plugins
    )
    await admit(visit, actor=SYSTEM, at=clock.now(), plugins=plugins)
    fragment = await visitor.get(f"/s/{secret}", headers={"hx-request": "true"})
    assert "<html" not in fragment.text
    assert f"/f/{secret}" in fragment.text


async def test_the_slip_tells_no_reason_of_a_hold(visitor, visit, plugins):
    from core.visitors import watch

    secret = await phone_slip.share(visit, actor=SYSTEM, at=clock.now())
    await watch.add(
        Person(name="王小明", phone=PHONE), action="barred", reason="曾在校闹事", until=None,
        actor=await _chief(), at=clock.now(),
    )  # fmt: skip
    from core.registrations import correcting

    await correcting.judge_again(visit, actor=SYSTEM, at=clock.now(), plugins=plugins)
    assert (await Registration.objects().first()).state == "held"
    page = await visitor.get(f"/s/{secret}")
    assert page.status_code == 200
    assert "闹事" not in page.text
    assert "<svg xmlns" not in page.text, "a held visitor has no pass"


async def _chief():
    from tests.core.registrations.reception import CHIEF

    return CHIEF


# -- a proposal


def a_proposal(**given):
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    plain = {
        "site": "main", "name": "王小明", "phone": "１３８-0000-1234", "host": "张明", "day": tomorrow,
        "begins": "14：00", "ends": "15:00", "reason": "谈合同", "head_count": "2", "agree": "1",
        "website": "", "purpose": "core.visit",
    }  # fmt: skip
    return plain | given


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


async def test_the_secret_of_a_link_is_in_no_table(visitor, asked, visit, site, host):
    secret = await phone_slip.share(visit, actor=SYSTEM, at=clock.now())
    answer = await fill(visitor, "/v", **a_proposal())
    mine = answer.headers["location"].removeprefix("/a/").partition("?")[0]
    from core.log.tables import LogEntry

    stored = str(await Link.select()) + str(await Notice.select()) + str(await LogEntry.select())
    for one in (asked.removeprefix("/c/"), secret, mine):
        assert len(one) == 32
        assert one not in stored
