"""Whom an item accuses never finds it, who steps back loses it at once, a look needs two persons."""

import pytest

from core import clock, db
from core.approvals import queries as approvals
from core.approvals import services as requests
from core.approvals.facts import NewRequest, StepPlan
from core.errors import NotFoundError, RefusedError, WrongStateError
from core.holding import queries as held
from core.holding import services as holding
from core.holding.facts import Holder as Body
from core.i18n import Message
from core.notices import queries as notices
from core.notices.services import IN_APP, notify
from core.permissions import SYSTEM
from plugins.government.facts import MATTER
from plugins.government.matters import access
from plugins.government.rights import CLERK, DEPUTY, HEAD, UNIT_CLERK, UNIT_HEAD
from plugins.government.secrecy import services
from tests.plugins.government.scene import page_of


async def sign(city, row, *users, kind="government.test"):
    """Ask some users for their signature on an item; returns the request."""
    new = NewRequest(
        kind=kind,
        record_kind=MATTER,
        record=str(row.id),
        title=Message("签批"),
        steps=(StepPlan(label=Message("x"), users=tuple(users)),),
        confidential=True,
        site_id=row.site,
    )
    async with db.writing():
        return await requests.open_request(new, actor=SYSTEM, at=clock.now(), plugins=city.plugins)


# -- recusal


@pytest.mark.rule("GOV-49")
async def test_a_clerk_who_declares_an_interest_loses_the_item_at_once_and_the_head_is_told(city):
    clerk = await city.client(CLERK, name="李梅")
    head = await city.client(HEAD, name="王主任")
    row = await city.matter(purpose="request")
    assert "拖欠工资" in (await clerk.get(page_of(row))).text
    rejected = await clerk.post(f"{page_of(row)}/step-back", data={"interest": " "})
    assert rejected.status_code == 422
    assert 'id="f-interest-error"' in rejected.text
    answer = await clerk.post(f"{page_of(row)}/step-back", data={"interest": "当事人是我的表兄"})
    assert answer.headers["location"] == "/government/matters"
    assert (await clerk.get(page_of(row))).status_code == 404
    assert (await clerk.get(f"{page_of(row)}/still")).status_code == 404
    assert row.number not in (await clerk.get(f"/government/matters?text={row.number}")).text.split(
        "<main", 1
    )[1].replace(f'value="{row.number}"', "")
    assert "李梅" in (await head.get(page_of(row))).text
    assert "当事人是我的表兄" in (await head.get(page_of(row))).text
    assert row.number in (await head.get("/notices")).text


@pytest.mark.rule("GOV-49")
async def test_the_head_names_somebody_and_lifts_it_with_a_reason(city):
    clerk, head = await city.client(CLERK, name="李梅"), await city.client(HEAD)
    row = await city.matter()
    assert (
        await clerk.post(
            f"{page_of(row)}/recusals",
            data={"recused": str(head.user_id), "recused_why": "x"},
        )
    ).status_code == 403
    form = {"recused": str(clerk.user_id), "recused_why": "与被反映人同住"}
    assert (await head.post(f"{page_of(row)}/recusals", data=form)).status_code == 303
    assert (await clerk.get(page_of(row))).status_code == 404
    [line] = await db.fetch("SELECT id FROM government_recusal")
    lifting = f"{page_of(row)}/recusals/{line['id']}/lift"
    assert (await head.post(lifting, data={"reason": ""})).status_code == 422
    assert (await head.post(lifting, data={"reason": "核实后不实"})).status_code == 303
    assert (await clerk.get(page_of(row))).status_code == 200


@pytest.mark.rule("GOV-49")
async def test_who_steps_back_leaves_the_seat_of_a_request_and_the_charge_of_the_item(city):
    one, two = await city.client(DEPUTY, name="甲"), await city.client(DEPUTY, name="乙")
    row = await city.matter()
    request = await sign(city, row, one.user_id, two.user_id)
    if await held.current(MATTER, row.id) is None:
        body = Body("government_unit", str(city.units["office"]), "接待室")
        await holding.hold(MATTER, row.id, body, actor=SYSTEM, at=clock.now())
    await holding.put_in_charge(
        MATTER, row.id, person=one.user_id, name="甲", actor=SYSTEM, at=clock.now()
    )
    actor = await city.actor(one)
    assert [line.id for line in await approvals.waiting_for(actor, at=clock.now())] == [request]
    await one.post(f"{page_of(row)}/step-back", data={"interest": "亲属"})
    assert await approvals.waiting_for(actor, at=clock.now()) == []
    assert (await one.get(f"/approvals/{request}")).status_code == 404
    with pytest.raises(NotFoundError):
        await requests.vote(request, "approve", actor=actor, at=clock.now(), plugins=city.plugins)
    assert (await held.current(MATTER, row.id)).person is None
    other = await city.actor(two)
    assert len(await approvals.waiting_for(other, at=clock.now())) == 1
    dropped = await db.fetch(
        "SELECT holder FROM approval_seat WHERE request = {} AND dropped_at IS NOT NULL", request
    )
    assert [found["holder"] for found in dropped] == [one.user_id]


# -- accused


@pytest.mark.rule("GOV-50")
async def test_a_unit_accused_later_loses_the_item_at_once_with_all_bodies_below_it(city):
    head = await city.client(HEAD)
    people = [
        await city.client(UNIT_CLERK, unit="county1", name="县办"),
        await city.client(UNIT_HEAD, unit="county1_office", head=True, name="县信访局长"),
    ]
    other = await city.client(UNIT_CLERK, unit="labour", name="人社")
    row = await city.matter(
        purpose="accusation", held_by="county1_office", concerns=("county1", "labour")
    )
    for client in (*people, other):
        assert (await client.get(page_of(row))).status_code == 200
    form = {"accused_unit": str(city.units["county1"])}
    assert (await head.post(f"{page_of(row)}/accused", data=form)).status_code == 303
    for client in people:
        answer = await client.get(page_of(row))
        assert answer.status_code == 404
    assert (await other.get(page_of(row))).status_code == 200
    assert (await city.row(row.id)).holder == city.units["office"]


@pytest.mark.rule("GOV-50")
async def test_an_item_is_taken_from_the_unit_for_which_somebody_accused_later_works(city):
    head = await city.client(HEAD)
    boss = await city.client(UNIT_HEAD, unit="housing", head=True, name="被控局长")
    colleague = await city.client(UNIT_CLERK, unit="housing", name="住建老郑")
    other = await city.client(UNIT_CLERK, unit="labour", name="人社")
    row = await city.matter(purpose="accusation", held_by="housing", concerns=("labour",))
    assert (await colleague.get(page_of(row))).status_code == 200
    form = {"accused_name": "被控局长", "accused_user": str(boss.user_id)}
    assert (await head.post(f"{page_of(row)}/accused", data=form)).status_code == 303
    assert (await city.row(row.id)).holder == city.units["office"]
    for client in (boss, colleague):
        assert (await client.get(page_of(row))).status_code == 404
    assert (await other.get(page_of(row))).status_code == 200


@pytest.mark.rule("GOV-50")
async def test_an_item_is_never_handed_to_whom_it_accuses_nor_below_it(city):
    person = await city.client(UNIT_HEAD, unit="housing", head=True, name="局长")
    row = await city.matter(purpose="accusation")
    for given in ({"unit_id": city.units["county1"]}, {"name": "局长", "user_id": person.user_id}):
        await services.accuse(row.id, actor=SYSTEM, at=clock.now(), plugins=city.plugins, **given)
    for key in ("county1", "county1_office", "housing"):
        with pytest.raises(RefusedError) as refused:
            await services.refuse_accused(row.id, city.units[key])
        assert refused.value.decision.rule == "GOV-50"
    for key in ("city", "county2", "labour", "province"):
        await services.refuse_accused(row.id, city.units[key])


@pytest.mark.rule("GOV-50")
async def test_who_is_accused_signs_nothing_for_the_item_not_even_as_a_substitute(city):
    from core.approvals import substitutes

    boss = await city.client(DEPUTY, name="副局长")
    accused = await city.client(HEAD, name="被控人")
    row = await city.matter(purpose="accusation")
    await services.accuse(
        row.id,
        name="被控人",
        user_id=accused.user_id,
        actor=SYSTEM,
        at=clock.now(),
        plugins=city.plugins,
    )
    request = await sign(city, row, boss.user_id, accused.user_id)
    day = clock.now().date()
    await substitutes.appoint(
        boss.user_id,
        accused.user_id,
        first_day=day,
        last_day=day,
        actor=SYSTEM,
        at=clock.now(),
    )
    actor = await city.actor(accused)
    assert await approvals.waiting_for(actor, at=clock.now()) == []
    assert (await accused.get(f"/approvals/{request}")).status_code == 404
    assert len(await approvals.waiting_for(await city.actor(boss), at=clock.now())) == 1


@pytest.mark.rule("GOV-50")
async def test_naming_whom_it_accuses_makes_an_item_confidential_and_taking_it_back_lets_them_in(
    city,
):
    clerk, head = await city.client(CLERK), await city.client(HEAD)
    unit = await city.client(UNIT_CLERK, unit="labour")
    row = await city.matter(purpose="request", concerns=("labour",))
    nothing = await clerk.post(f"{page_of(row)}/accused", data={})
    assert nothing.status_code == 422
    form = {"accused_name": "张科长", "accused_unit": str(city.units["labour"])}
    assert (await clerk.post(f"{page_of(row)}/accused", data=form)).status_code == 303
    assert (await city.row(row.id)).secret
    assert "张科长" in (await clerk.get(page_of(row))).text  # who named them goes on seeing it
    assert (await unit.get(page_of(row))).status_code == 404
    [line] = await db.fetch("SELECT id FROM government_accused")
    back = f"{page_of(row)}/accused/{line['id']}/withdraw"
    assert (await head.post(back, data={"reason": "姓名有误"})).status_code == 303
    assert (await unit.get(page_of(row))).status_code == 200


@pytest.mark.rule("GOV-50")
@pytest.mark.rule("CORE-14")
async def test_what_is_hidden_answers_like_what_never_was(city, monkeypatch):
    unit = await city.client(UNIT_HEAD, unit="county1", head=True)
    row = await city.matter(purpose="accusation", concerns=("county1",))
    await services.accuse(
        row.id,
        unit_id=city.units["county1"],
        actor=SYSTEM,
        at=clock.now(),
        plugins=city.plugins,
    )
    nothing = "/government/matters/00000000-0000-4000-8000-000000000000"
    counted = []
    fetch = db.fetch

    async def counting(sql, *args):
        counted[-1] += 1
        return await fetch(sql, *args)

    monkeypatch.setattr(db, "fetch", counting)
    answers = []
    for address in (page_of(row), nothing):
        counted.append(0)
        answers.append(await unit.get(address))
    hidden, missing = answers
    assert hidden.status_code == missing.status_code == 404
    assert without_reference(hidden.text) == without_reference(missing.text)
    assert hidden.headers.keys() == missing.headers.keys()
    assert counted[0] == counted[1]


def without_reference(text):
    import re

    return re.sub(
        r"(nonce|csrf-token|_csrf_token|reference)[^>]*", "", re.sub(r"[0-9a-f-]{16,}", "", text)
    )


@pytest.mark.rule("GOV-50")
async def test_what_somebody_was_told_before_is_gone_from_their_notices_and_from_the_log(city):
    officer = await city.client(CLERK, "auditor", name="李梅")
    row = await city.matter()
    async with db.writing():
        await notify(
            key="told",
            channel=IN_APP,
            subject=Message("事项 " + row.number),
            body=Message("x"),
            at=clock.now(),
            user=officer.user_id,
            url=page_of(row),
        )
    assert row.number in (await officer.get("/notices")).text
    assert row.number in (await officer.get("/log?act=government.register")).text
    assert await notices.unread(officer.user_id) == 1
    await officer.post(f"{page_of(row)}/step-back", data={"interest": "亲属"})
    assert row.number not in (await officer.get("/notices")).text
    assert row.number not in (await officer.get("/log?act=government.register")).text
    assert await notices.unread(officer.user_id) == 0
    async with db.writing():
        again = await notify(
            key="told again",
            channel=IN_APP,
            subject=Message(row.number),
            body=Message("x"),
            at=clock.now(),
            user=officer.user_id,
            url=page_of(row),
        )
    assert not again


async def test_stepping_back_twice_is_refused_and_changes_nothing(city):
    clerk, head = await city.client(CLERK), await city.client(HEAD)
    row = await city.matter()
    actor = await city.actor(head)
    given = {"reason": "x", "actor": actor, "at": clock.now(), "plugins": city.plugins}
    await services.name(row.id, clerk.user_id, **given)
    with pytest.raises(WrongStateError):
        await services.name(row.id, clerk.user_id, **given)
    assert len(await db.fetch("SELECT id FROM government_barred")) == 1
    assert not await access.visible(row.id, await city.actor(clerk), clock.now())
