"""Signing from the page, as a signer with a phone meets it."""

from datetime import date, timedelta

import pytest

from core import clock
from core.accounts.tables import User
from core.approvals import services
from core.approvals.facts import ALL, ANY, NewRequest, StepPlan
from core.approvals.tables import ApprovalRequest
from core.i18n import N_, Message
from core.permissions import Actor

TITLE = "三年级参观申请"


@pytest.fixture
def ask(plugins):
    async def asked(by, *signers, rule=ANY, page=""):
        step = StepPlan(
            label=N_("Signature"), rule=rule, users=tuple(one.user_id for one in signers)
        )
        request = NewRequest(
            kind="x.visit",
            record_kind="x",
            record="1",
            title=Message(TITLE),
            detail=Message("共 40 人\n<b>下午</b>"),
            steps=(step,),
            page=page,
        )
        actor = Actor(kind="user", id=by.user_id, name=by.login)
        return await services.open_request(request, actor=actor, at=clock.now(), plugins=plugins)

    return asked


async def state_of(request_id):
    return (await ApprovalRequest.objects().get(ApprovalRequest.id == request_id)).state


@pytest.mark.rule("CORE-9")
async def test_a_signer_finds_what_waits_signs_it_and_it_is_gone(client_as, ask):
    teacher, chief = await client_as("host"), await client_as("duty_officer")
    request_id = await ask(teacher, chief)
    assert "/approvals" in (await chief.get("/")).text
    assert TITLE in (await chief.get("/approvals")).text
    page = await chief.get(f"/approvals/{request_id}")
    assert 'value="approve"' in page.text
    assert "<b>下午</b>" not in page.text
    answer = await chief.post(f"/approvals/{request_id}/vote", data={"choice": "approve"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/approvals")
    assert await state_of(request_id) == "approved"
    assert TITLE not in (await chief.get("/approvals")).text
    assert TITLE in (await teacher.get("/approvals")).text


@pytest.mark.rule("CORE-9")
async def test_who_rejects_or_sends_back_says_why(client_as, ask):
    teacher, chief = await client_as("host"), await client_as("duty_officer")
    request_id = await ask(teacher, chief)
    vote = f"/approvals/{request_id}/vote"
    for choice in ("reject", "send_back"):
        page = await chief.post(vote, data={"choice": choice, "opinion": " "})
        assert page.status_code == 422
        assert 'id="f-opinion-error"' in page.text
    assert (await chief.post(vote, data={"choice": "maybe"})).status_code == 422
    await chief.post(vote, data={"choice": "send_back", "opinion": "缺名单"})
    page = await teacher.get(f"/approvals/{request_id}")
    assert "缺名单" in page.text
    assert (await chief.post(f"/approvals/{request_id}/resubmit")).status_code == 404
    await teacher.post(f"/approvals/{request_id}/resubmit")
    assert await state_of(request_id) == "open"
    await teacher.post(f"/approvals/{request_id}/withdraw")
    assert await state_of(request_id) == "withdrawn"


@pytest.mark.rule("CORE-9", "CORE-14")
async def test_nobody_signs_their_own_and_others_do_not_know_of_it(client_as, ask):
    teacher, chief = await client_as("host"), await client_as("duty_officer")
    stranger = await client_as("gatekeeper")
    request_id = await ask(teacher, chief)
    own = await teacher.get(f"/approvals/{request_id}")
    assert 'value="approve"' not in own.text
    await teacher.post(f"/approvals/{request_id}/vote", data={"choice": "approve"})
    assert await state_of(request_id) == "open"
    assert (await stranger.get(f"/approvals/{request_id}")).status_code == 404
    vote = await stranger.post(f"/approvals/{request_id}/vote", data={"choice": "approve"})
    assert vote.status_code == 404
    assert (await stranger.post(f"/approvals/{request_id}/reseat")).status_code in (403, 404)


@pytest.mark.rule("CORE-9")
async def test_a_substitute_is_named_signs_for_one_of_two_and_is_ended(client_as, ask):
    teacher, a, b = [await client_as(r) for r in ("host", "duty_officer", "desk")]
    stand_in = await client_as("auditor")
    today = date.fromisoformat(clock.now().date().isoformat())
    days = {"first_day": str(today - timedelta(days=1)), "last_day": str(today + timedelta(days=2))}
    for one in (a, b):
        form = {"login": stand_in.login, **days}
        assert (await one.post("/approvals/substitutes", data=form)).status_code == 303
    for wrong in ({"login": "nobody"}, {"login": a.login}, {"last_day": "2020-01-01"}):
        form = {"login": stand_in.login, **days} | wrong
        assert (await a.post("/approvals/substitutes", data=form)).status_code == 422
    request_id = await ask(teacher, a, b, rule=ALL)
    vote = f"/approvals/{request_id}/vote"
    page = await stand_in.post(vote, data={"choice": "approve"})
    assert page.status_code == 422
    form = {"choice": "approve", "instead_of": str(a.user_id)}
    assert (await stand_in.post(vote, data=form)).status_code == 303
    form["instead_of"] = str(b.user_id)
    await stand_in.post(vote, data=form)
    assert await state_of(request_id) == "open"
    page = await b.get("/approvals")
    end = page.text.partition("/approvals/substitutes/")[2].partition('"')[0]
    assert (await b.post(f"/approvals/substitutes/{end}")).status_code == 303
    await b.post(vote, data={"choice": "approve"})
    assert await state_of(request_id) == "approved"


async def test_an_old_page_signs_nothing(client_as, ask):
    teacher, a, b = [await client_as(r) for r in ("host", "duty_officer", "desk")]
    request_id = await ask(teacher, a, b, rule=ALL)
    await a.post(f"/approvals/{request_id}/vote", data={"choice": "approve", "version": "1"})
    await b.post(f"/approvals/{request_id}/vote", data={"choice": "approve", "version": "1"})
    assert await state_of(request_id) == "open"


@pytest.mark.rule("CORE-9")
async def test_an_administrator_names_a_substitute_for_who_is_away_and_ends_it(client, client_as):
    away, stand_in = await client_as("host", name="周海燕"), await client_as("desk", name="孙立")
    today = clock.now().date()
    form = {
        "principal": "周海燕",
        "login": stand_in.login,
        "first_day": str(today - timedelta(days=1)),
        "last_day": str(today + timedelta(days=2)),
    }
    for wrong, field in (
        ({"principal": "没有这个人"}, "principal"),
        ({"login": away.login}, "login"),
        ({"first_day": "昨天"}, "first_day"),
        ({"last_day": "2020-01-01"}, "last_day"),
    ):
        page = await client.post("/approvals/substitutes/others", data=form | wrong)
        assert page.status_code == 422
        assert f'id="f-{field}-error"' in page.text
    answer = await client.post("/approvals/substitutes/others", data=form)
    assert answer.headers["location"] == "/approvals/substitutes/all"
    page = await client.get("/approvals/substitutes/all")
    assert "周海燕" in page.text
    assert "周海燕" in (await stand_in.get("/approvals")).text
    end = page.text.partition('action="/approvals/substitutes/')[2].partition('"')[0]
    answer = await client.post(f"/approvals/substitutes/{end}")
    assert answer.headers["location"] == "/approvals/substitutes/all"
    assert "周海燕" not in (await stand_in.get("/approvals")).text
    assert (await away.get("/approvals/substitutes/all")).status_code in (403, 404)


@pytest.mark.rule("CORE-9")
async def test_an_administrator_sees_what_is_stuck_on_the_first_page_and_in_the_list(
    client, client_as, ask
):
    teacher, chief = await client_as("host"), await client_as("duty_officer")
    request_id = await ask(teacher, chief)
    page = await client.get("/approvals/all")
    assert TITLE in page.text
    assert "/approvals/all" not in (await client.get("/")).text
    await User.update({User.active: False}).where(User.id == chief.user_id)
    assert "/approvals/all" in (await client.get("/")).text
    assert f"/approvals/{request_id}" in (await client.get("/approvals/all")).text
    assert (await teacher.get("/approvals/all")).status_code in (403, 404)


async def test_what_its_owner_shows_on_a_page_of_its_own_is_signed_there(client_as, ask):
    teacher, chief, other = [
        await client_as(role) for role in ("host", "duty_officer", "duty_officer")
    ]
    request_id = await ask(teacher, chief, page="/x/{request}/sign")
    led = await chief.get(f"/approvals/{request_id}")
    assert (led.status_code, led.headers["location"]) == (303, f"/x/{request_id}/sign")
    today = clock.now().date()
    await chief.post(
        "/approvals/substitutes",
        data={"login": other.login, "first_day": f"{today}", "last_day": f"{today}"},
    )
    led = await other.get(f"/approvals/{request_id}")
    assert (led.status_code, led.headers["location"]) == (303, f"/x/{request_id}/sign")
    posted = await other.post(f"/approvals/{request_id}/vote", data={"choice": "approve"})
    assert (posted.status_code, posted.headers["location"]) == (303, f"/x/{request_id}/sign")
    row = await ApprovalRequest.objects().get(ApprovalRequest.id == request_id)
    assert row.state == "open", "nobody signs unread"
    shown = await teacher.get(f"/approvals/{request_id}")
    assert shown.status_code == 200, "who asked sees how it stands"
