"""Ways round the guard: what a gap, a count, a refusal, a form or a former post would still tell."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from core import clock, db
from core.approvals import queries as approvals
from core.approvals import substitutes
from core.permissions import SYSTEM
from core.privacy import keys
from plugins.government import numbers, sealing
from plugins.government.intake import today
from plugins.government.people import searching
from plugins.government.piccolo_app import APP_CONFIG
from plugins.government.rights import CLERK, DEPUTY, DIRECTOR, HEAD, UNIT_CLERK, UNIT_HEAD
from plugins.government.secrecy import belonging, glass, services
from plugins.government.units import services as units
from tests.plugins.government.scene import page_of
from tests.plugins.government.test_reception import days, rota
from tests.plugins.government.test_secrecy import sign
from tests.web.access_matrix import rules_of

pytestmark = pytest.mark.anyio
GLASS = "/government/secrecy/glass"
WISH = re.compile(r'class="badge[^>]*>(?:<svg.*?</svg>)?([^<]+)<', re.S)


async def looking(city, **changed):
    """A confidential item, and a clerk who was let in to look at it."""
    clerk, head = await city.client(CLERK, name="李梅"), await city.client(HEAD, name="王主任")
    row = await city.matter(purpose="accusation", **changed)
    await clerk.post(GLASS, data={"number": row.number, "reason": "来访人在窗口"})
    [wish] = await db.fetch("SELECT id FROM government_glass")
    await head.post(f"{GLASS}/{wish['id']}", data={"do": "let_in"})
    return row, clerk


async def stored_of_items():
    """All that is stored of items, by table, as it is."""
    return {
        table._meta.tablename: await db.fetch(f"SELECT * FROM {table._meta.tablename}")
        for table in APP_CONFIG.table_classes
        if belonging.is_known(table._meta.tablename)
    }


# -- the glass


@pytest.mark.rule("GOV-50")
async def test_who_looks_through_the_glass_changes_nothing_by_any_act(city, app):
    row, clerk = await looking(city, concerns=("labour",))
    page = await clerk.get(page_of(row))
    assert page.status_code == 200
    assert "拖欠工资" in page.text
    assert "本事项只能查看" in page.text
    assert not re.findall(rf'action="{page_of(row)}[^"]*"', page.text)
    before = await stored_of_items()
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    given = {
        "unit": str(city.units["labour"]), "reason": "x", "due_on": day, "requirement": "x",
        "ground": "leaders", "text": "x", "suggestion": "accept", "decision": "accept",
        "act": "accept", "why": "x", "note": "x", "accused_name": "某人", "interest": "x",
        "grade": "2", "heads": "3", "means": "phone", "spoke_with": "x", "answer_by": day,
        "target": "office", "score": "satisfied", "do": "keep", "title": "x", "claims": "x",
        "facts": "x", "basis": "x", "outcome": "support", "asked_on": day, "reasons": "x",
        "in_writing": "1", "leader": "x", "given_on": clock.now().date().isoformat(),
    }  # fmt: skip
    tried = 0
    for rule in rules_of(app).values():
        if rule.method != "POST" or not rule.path.startswith("/government/matters/{matter_id"):
            continue
        path = rule.path.replace("{matter_id:uuid}", str(row.id))
        path = re.sub(r"\{name:str\}", "acceptance", path)
        path = re.sub(r"\{\w+:uuid\}", str(row.id), path)
        answer = await clerk.post(path, data=given)
        assert answer.status_code in (303, 400, 403, 404, 409, 422), (path, answer.status_code)
        tried += answer.status_code != 403
    files = {"file": ("x.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
    await clerk.post(f"{page_of(row)}/files", data={"file_kind": "evidence"}, files=files)
    assert tried > 25
    assert await stored_of_items() == before


@pytest.mark.rule("GOV-50")
async def test_a_refused_wish_an_unknown_number_and_an_item_against_oneself_look_alike(city):
    asker = await city.client(CLERK, "auditor", name="李梅")
    head = await city.client(HEAD, name="王主任")
    secret = await city.matter(purpose="accusation")
    against = await city.matter(purpose="accusation")
    await services.accuse(
        against.id, name="李梅", user_id=asker.user_id, actor=SYSTEM, at=clock.now(),
        plugins=city.plugins,
    )  # fmt: skip
    wanted = (secret.number, against.number, "2026-888888")
    for number in wanted:
        await asker.post(GLASS, data={"number": number, "reason": "核对"})
    [wish] = await db.fetch("SELECT id FROM government_glass WHERE matter IS NOT NULL")
    await glass.minute(clock.now())
    assert "李梅" in (await head.get("/notices")).text
    assert (await head.post(f"{GLASS}/{wish['id']}", data={"do": "refuse"})).status_code == 303
    assert await told_of(asker, wanted) == ["等待第二人批准"] * 3
    for number in wanted:
        log = (await asker.get("/log?act=government.glass_ask")).text
        assert number not in log
    assert "government.glass_ask</code>" not in (await asker.get("/log")).text
    clock.CLOCK.advance(timedelta(hours=24, minutes=5))
    await asker.sign_in(asker.login)
    await glass.minute(clock.now())
    assert len(set(await told_of(asker, wanted))) == 1
    notices = await db.fetch(
        'SELECT body FROM notice WHERE "user" = {} AND url = {}', asker.user_id, GLASS
    )
    assert len(notices) == 3
    assert len({one["body"] for one in notices}) == 1


async def told_of(client, numbers_):
    """How the wishes for these numbers stand on the page of who asked."""
    page = (await client.get(GLASS)).text
    rows = {n: re.search(rf">{n}<.*?</tr>", page, re.S)[0] for n in numbers_}
    return [re.findall(r">\s*([^<>\s][^<>]*)<", rows[number])[2] for number in numbers_]


@pytest.mark.rule("GOV-50")
async def test_a_wish_is_written_down_with_the_same_statements_whatever_the_number(city, asked):
    clerk = await city.client(CLERK, name="李梅")
    row = await city.matter(purpose="accusation")
    said = []
    for number in (row.number, "2026-777777"):
        asked.clear()
        await glass.ask(number, reason="x", actor=await city.actor(clerk), at=clock.now())
        said.append(asked.plain())
    assert said[0] == said[1]


# -- gaps and counts


@pytest.mark.rule("GOV-50")
async def test_numbers_leave_gaps_so_that_none_betrays_a_hidden_item(city, monkeypatch):
    monkeypatch.setattr(numbers, "ONE_IN", 3)
    taken = []
    for _ in range(60):
        async with db.writing():
            taken.append(await numbers.next_number("government.matter", 2026, at=clock.now()))
    steps = {after - before for before, after in pairwise(taken)}
    assert 1 in steps
    assert len(steps) > 1
    assert taken == sorted(set(taken))


@pytest.mark.rule("GOV-50")
async def test_each_clerk_is_told_of_so_many_items_as_they_may_see(city):
    clerk, head = await city.client(CLERK, name="李梅"), await city.client(HEAD, name="王主任")
    await city.matter()
    await city.matter(purpose="accusation")
    await today.minute(city.travel("2026-11-23 17:30"))
    told = await db.fetch(
        "SELECT \"user\", subject FROM notice WHERE key LIKE 'government.lacking%'"
    )
    by_user = {row["user"]: row["subject"] for row in told}
    assert '"count":1' in by_user[clerk.user_id]
    assert '"count":2' in by_user[head.user_id]


@pytest.mark.rule("GOV-46", "GOV-50")
async def test_a_booking_about_a_hidden_item_is_not_in_the_days_list(city):
    head, people = await rota(city)
    day = (await days())[1]["id"]
    row = await city.matter(purpose="accusation")
    form = {
        "name": "周建国", "phone": "13907940009", "topic": "举报", "heads": "1",
        "number": row.number,
    }  # fmt: skip
    answer = await head.post(f"/government/reception/{day}/book", data=form)
    assert answer.status_code == 303, answer.text[-1500:]
    [booking] = await db.fetch("SELECT id, matter FROM government_booking")
    assert booking["matter"] == row.id
    leader, clerk = people["副局长老赵"], await city.client(CLERK, name="李梅")
    for client in (leader, clerk):
        page = (await client.get(f"/government/reception/{day}")).text
        assert "13907940009" not in page
        assert "举报" not in page
    assert "举报" in (await head.get(f"/government/reception/{day}")).text
    settled = await clerk.post(
        f"/government/bookings/{booking['id']}/settle", data={"state": "called_off"}
    )
    assert settled.status_code == 404


# -- people


@pytest.mark.rule("GOV-50")
async def test_entering_somebody_again_brings_up_nothing_of_a_hidden_item(desk):
    city = desk.city
    hidden = await city.matter(
        purpose="accusation",
        person={
            "name": "吴秀兰",
            "phone": "13907940077",
            "address": "秘密地址",
            "employer": "秘密单位",
        },
    )
    row, _ = await desk.receive(
        name="吴秀兰", phone="13907940077", document_kind="", document_number="", address=""
    )
    page = await desk.page(row)
    assert "秘密" not in page
    assert row.petitioner != hidden.petitioner
    desk_page = (await desk.clerk.get("/government/desk")).text
    assert str(hidden.petitioner) not in desk_page


@pytest.mark.rule("GOV-50")
async def test_who_worked_for_the_accused_unit_stays_kept_out_at_their_next_post(city):
    moved = await city.client(UNIT_CLERK, unit="county1", name="县办科员")
    late = await city.client(UNIT_CLERK, unit="labour", name="人社科员")
    row = await city.matter(purpose="accusation", concerns=("labour",))
    await services.accuse(
        row.id, unit_id=city.units["county1"], actor=SYSTEM, at=clock.now(), plugins=city.plugins
    )
    clock.CLOCK.advance(timedelta(hours=1))
    given = {"actor": SYSTEM, "at": clock.now()}
    await units.withdraw_member(city.units["county1"], moved.user_id, **given)
    await units.name_member(city.units["labour"], moved.user_id, head=False, **given)
    assert (await late.get(page_of(row))).status_code == 200
    assert (await moved.get(page_of(row))).status_code == 404


# -- signing


@pytest.mark.rule("GOV-50", "CORE-9")
async def test_nobody_signs_instead_of_somebody_who_is_accused(city):
    accused = await city.client(HEAD, name="被控人")
    friend = await city.client(UNIT_HEAD, unit="labour", head=True, name="代签人")
    row = await city.matter(purpose="accusation")
    request = await sign(city, row, accused.user_id)
    day = clock.now().date()
    await substitutes.appoint(
        accused.user_id, friend.user_id, first_day=day, last_day=day, actor=SYSTEM, at=clock.now()
    )
    actor = await city.actor(friend)
    assert len(await approvals.waiting_for(actor, at=clock.now())) == 1
    await services.accuse(
        row.id, name="被控人", user_id=accused.user_id, actor=SYSTEM, at=clock.now(),
        plugins=city.plugins,
    )  # fmt: skip
    # Nobody else can sign: the seat stays, and yet nobody sits in it.
    assert await approvals.waiting_for(actor, at=clock.now()) == []
    assert (await friend.get(f"/approvals/{request}")).status_code == 404
    answer = await friend.post(f"/approvals/{request}/vote", data={"choice": "approve"})
    assert answer.status_code == 404


@pytest.mark.rule("GOV-50")
async def test_what_a_signer_says_lies_encrypted_under_the_keys_of_the_part(city):
    boss = await city.client(DEPUTY, name="副局长")
    row = await city.matter(purpose="accusation")
    request = await sign(city, row, boss.user_id, (await city.client(DIRECTOR)).user_id)
    data = {"choice": "approve", "opinion": "查清张某受贿"}
    assert (await boss.post(f"/approvals/{request}/vote", data=data)).status_code == 303
    [seat] = await db.fetch("SELECT opinion FROM approval_seat WHERE choice <> ''")
    assert seat["opinion"]
    assert "张某" not in seat["opinion"]
    shown = await approvals.shown(request, actor=SYSTEM, at=clock.now())
    assert "查清张某受贿" in {one.opinion for step in shown.steps for one in step.seats}


# -- the administrator, the keys


@pytest.mark.rule("GOV-50", "CORE-14")
async def test_an_administrator_lets_neither_themselves_nor_anybody_in_unseen(city):
    keeper = await city.client("administrator", name="管理员")
    head = await city.client(HEAD, name="王主任")
    row = await city.matter(purpose="accusation")
    for role in (DIRECTOR, HEAD, CLERK):
        await keeper.post(f"/users/{keeper.user_id}/roles", data={"role": role, "site": ""})
    held = await db.fetch('SELECT role FROM account_role WHERE "user" = {}', keeper.user_id)
    assert [one["role"] for one in held] == ["administrator"]
    assert (await keeper.get(page_of(row))).status_code in (403, 404)
    other = await city.client("host", name="新人")
    given = await keeper.post(f"/users/{other.user_id}/roles", data={"role": DIRECTOR, "site": ""})
    assert given.status_code == 303
    told = (await head.get("/notices")).text
    assert "新人" in told
    assert "管理员" in told
    await keeper.post(f"/users/{other.user_id}/reset-password")
    assert "设置了新密码" in (await head.get("/notices")).text


@pytest.mark.rule("GOV-50")
async def test_a_changed_key_opens_what_was_sealed_before_and_finds_who_was_indexed(city):
    row = await city.matter(person={"name": "吴秀兰"})
    before = keys.keyring()
    try:
        keys.hold(before.rotated())
        assert sealing.unseal(row.title_cipher, "government_matter", "title_cipher", row.id)
        fresh = sealing.seal("x", "government_matter", "title_cipher", row.id)
        assert fresh.startswith("e1.2.")
        condition, marks = searching.found_by("吴秀兰", "p.id")
        found = await db.fetch(
            f"SELECT p.id FROM government_petitioner p WHERE {condition}", *marks
        )
        assert [one["id"] for one in found] == [row.petitioner]
    finally:
        keys.hold(before)
