"""Pages that a link opens: the host's answer, the slip; through HTTP, on both engines."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.accounts.tables import RateLimit
from core.links import services as links
from core.links.tables import Link
from core.notices.tables import Notice
from core.permissions import SYSTEM
from core.registrations import consent, holding, phone_slip
from core.registrations.services import admit
from core.registrations.tables import Registration
from core.visitors.matching import Person
from tests.app import csrf_of
from tests.web.public.conftest import PHONE, a_proposal, fill, said

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


async def test_the_secret_of_a_link_is_in_no_table(visitor, asked, visit, site, host):
    secret = await phone_slip.share(visit, actor=SYSTEM, at=clock.now())
    answer = await fill(visitor, "/v", **a_proposal())
    mine = answer.headers["location"].removeprefix("/a/").partition("?")[0]
    from core.log.tables import LogEntry

    stored = str(await Link.select()) + str(await Notice.select()) + str(await LogEntry.select())
    for one in (asked.removeprefix("/c/"), secret, mine):
        assert len(one) == 32
        assert one not in stored
