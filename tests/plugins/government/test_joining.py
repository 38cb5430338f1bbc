"""Two records of one petitioner joined by hand: everything follows, nothing leaks, it can be undone."""

import asyncio
import re
from dataclasses import replace
from uuid import UUID

import pytest

from core import clock, db
from core.permissions import SYSTEM
from plugins.government.archive import forgetting
from plugins.government.asking import checking
from plugins.government.joining import services as joining
from plugins.government.joining.tables import Joining
from plugins.government.matters import services as matters
from plugins.government.matters.tables import Contact
from plugins.government.people import services as people
from plugins.government.people.tables import Petitioner
from plugins.government.screening import services as screening
from plugins.government.screening.facts import Decided
from plugins.government.screening.tables import Told
from plugins.government.secrecy import guarding
from plugins.government.secrecy import services as secrecy
from tests.plugins.government.scene import an_id

pytestmark = pytest.mark.anyio
PAGE = "/government/petitioners"
REASON = "两次来访出示同一张身份证"


async def twins(desk, **second):
    """The same person entered twice: with a document, and without one and a misspelt street."""
    number = an_id()
    first, contact = await desk.receive(document_number=number)
    city = desk.city
    other = await city.petitioner(
        **{
            "document": "",
            "document_kind": "",
            "address": "解放路21号",
            "email": "zhou@example.org",
        }
        | second
    )
    return first, contact, other


async def join(desk, kept, joined, **more):
    return await desk.clerk.post(
        f"{PAGE}/join",
        data={"one": kept, "other": joined, "keep": kept, "reason": REASON, **more},
    )


@pytest.mark.rule("CORE-2", "GOV-3")
async def test_records_with_the_same_name_and_phone_are_pointed_out_and_joined(desk):
    row, contact, other = await twins(desk)
    later = await desk.city.matter(petitioner_id=other, title="道路损坏")
    listed = (await desk.clerk.get(PAGE)).text
    pair = re.search(r"join\?one=([0-9a-f-]{36})&amp;other=([0-9a-f-]{36})", listed)
    assert {UUID(pair[1]), UUID(pair[2])} == {row.petitioner, other}
    preview = (await desk.clerk.get(f"{PAGE}/join?one={row.petitioner}&other={other}")).text
    assert row.number in preview
    assert later.number in preview
    answer = await join(desk, row.petitioner, other)
    assert answer.headers["location"] == f"{PAGE}/{row.petitioner}"
    page = (await desk.clerk.get(answer.headers["location"])).text
    assert row.number in page
    assert later.number in page
    assert REASON in page
    person = await people.petitioner(row.petitioner)
    assert person.email == "zhou@example.org", "what it lacked it takes over"
    assert person.address != "解放路21号", "what it had it keeps"
    old = await desk.clerk.get(f"{PAGE}/{other}")
    assert (old.status_code, old.headers["location"]) == (303, f"{PAGE}/{row.petitioner}")
    form = (await desk.clerk.get(f"/government/desk?petitioner={other}")).text
    assert 'value="周建国"' in form, "the desk's old link leads to the record that stayed"
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    again, _ = await desk.receive(
        petitioner=str(other), document_kind="", document_number="", title="又一件事"
    )
    assert again.petitioner == row.petitioner


@pytest.mark.rule("CORE-7", "CORE-2")
async def test_joining_is_told_on_each_item_and_in_the_log_without_a_word_of_anybody(desk):
    row, _, other = await twins(desk)
    later = await desk.city.matter(petitioner_id=other, title="道路损坏")
    await join(desk, row.petitioner, other)
    assert "信访人的两条记录已合并" in await desk.page(later)
    acts = await db.fetch(
        "SELECT record_kind, record_id, after FROM log_entry WHERE act = 'government.petitioner_join'"
    )
    assert {one["record_id"] for one in acts} == {str(row.petitioner), str(other), str(later.id)}
    assert REASON not in str(acts)
    assert "周建国" not in str(acts)
    stored = await db.fetch("SELECT * FROM government_joining")
    assert REASON not in str(stored)


@pytest.mark.rule("CORE-2")
async def test_a_reason_is_needed_and_what_was_typed_stays(desk):
    row, _, other = await twins(desk)
    answer = await join(desk, row.petitioner, other, reason=" ")
    assert answer.status_code == 422
    assert 'id="f-reason-error"' in answer.text
    assert (await Petitioner.objects().get(Petitioner.id == other)).merged_into is None
    assert (await join(desk, row.petitioner, row.petitioner)).status_code in (303, 422)


@pytest.mark.rule("GOV-3", "GOV-40")
async def test_what_was_a_first_time_under_either_record_is_counted_as_repeated_if_the_clerk_says(
    desk,
):
    row, _, other = await twins(desk)
    desk.city.travel("2026-11-24 09:00")
    await desk.city.later("2026-11-24 09:00", desk.clerk)
    same = await desk.city.matter(petitioner_id=other, title="拖欠工资")
    preview = (await desk.clerk.get(f"{PAGE}/join?one={row.petitioner}&other={other}")).text
    assert f"repeat:{same.id}" in preview
    assert f"repeat:{row.id}" not in preview
    await join(desk, row.petitioner, other, **{f"repeat:{same.id}": "yes"})
    stored = await desk.city.row(same.id)
    assert (stored.frequency, stored.same_as) == ("repeat", row.id)
    made = await Joining.objects().first()
    parted = await desk.clerk.post(f"{PAGE}/joinings/{made.id}", data={"reason": "同名不同人"})
    assert parted.headers["location"] == f"{PAGE}/{other}"
    stored = await desk.city.row(same.id)
    assert (stored.frequency, stored.same_as, stored.petitioner) == ("first", None, other)


@pytest.mark.rule("GOV-12")
async def test_whoever_had_a_written_notice_under_one_record_gets_no_second_one_under_the_other(
    desk,
):
    refused, _ = await desk.receive(decision="refuse", ground="refuse_4")
    other = await desk.city.petitioner(document="", document_kind="")
    again = await desk.city.matter(petitioner_id=other, same_as=refused.id)
    await join(desk, refused.petitioner, other)
    actor = await desk.city.actor(desk.clerk)
    async with db.writing():
        manner = await screening.decide(
            again.id,
            Decided(
                act="refuse", ground="refuse_4", body="", text="", receipt="signed", simple=False
            ),
            actor=actor,
            at=clock.now(),
            plugins=desk.city.plugins,
        )
    assert manner == "oral"
    assert {one.petitioner for one in await Told.objects()} == {refused.petitioner}


@pytest.mark.rule("GOV-36")
async def test_the_query_code_works_with_the_document_of_either_record(desk):
    first, second = an_id(), an_id("19850607")
    row, _ = await desk.receive(document_number=first)
    other = await desk.city.petitioner(document=second)
    later = await desk.city.matter(petitioner_id=other)
    await join(desk, row.petitioner, other)
    code = await desk.city.code(later.id)
    assert await checking.found(code, first[-4:]) == later.id
    assert await checking.found(code, second[-4:]) == later.id
    assert await checking.found(code, "0000") is None


@pytest.mark.rule("CORE-2")
async def test_parting_gives_back_what_moved_and_leaves_what_came_since(desk):
    row, first, other = await twins(desk)
    later = await desk.city.matter(petitioner_id=other, title="道路损坏")
    await join(desk, row.petitioner, other)
    await desk.clerk.post(f"/government/contacts/{first.id}/leave")
    since, contact = await desk.receive(
        petitioner=str(row.petitioner), document_kind="", document_number="", title="新的事情"
    )
    made = await Joining.objects().first()
    page = (await desk.clerk.get(f"{PAGE}/joinings/{made.id}")).text
    assert later.number in page
    assert since.number in page
    answer = await desk.clerk.post(f"{PAGE}/joinings/{made.id}", data={"reason": "同名不同人"})
    assert answer.status_code == 303
    assert (await desk.city.row(later.id)).petitioner == other
    assert (await desk.city.row(since.id)).petitioner == row.petitioner
    assert (await Contact.objects().get(Contact.id == contact.id)).petitioner == row.petitioner
    assert (await people.petitioner(row.petitioner)).email == ""
    assert (await desk.clerk.get(f"{PAGE}/{other}")).status_code == 200
    again = await desk.clerk.post(f"{PAGE}/joinings/{made.id}", data={"reason": "再来一次"})
    assert again.status_code == 303
    assert (await desk.city.row(later.id)).petitioner == other


@pytest.mark.rule("CORE-2")
async def test_who_is_in_one_party_under_both_records_keeps_the_weightier_place(desk):
    row, _, other = await twins(desk)
    await matters.add_person(row.id, other, "companion")
    await join(desk, other, row.petitioner)
    party = await db.fetch("SELECT petitioner, role FROM government_matter_person")
    assert [(one["petitioner"], one["role"]) for one in party] == [(other, "petitioner")]
    made = await Joining.objects().first()
    await desk.clerk.post(f"{PAGE}/joinings/{made.id}", data={"reason": "同名不同人"})
    party = await db.fetch("SELECT petitioner, role FROM government_matter_person")
    assert {(one["petitioner"], one["role"]) for one in party} == {
        (other, "companion"),
        (row.petitioner, "petitioner"),
    }


@pytest.mark.rule("GOV-49", "GOV-50", "CORE-14")
async def test_a_confidential_item_moves_with_the_rest_and_stays_hidden(desk):
    row, _, other = await twins(desk)
    open_one = await desk.city.matter(petitioner_id=other, title="道路损坏")
    hidden = await desk.city.matter(petitioner_id=other, title="举报某局", purpose="accusation")
    preview = (await desk.clerk.get(f"{PAGE}/join?one={row.petitioner}&other={other}")).text
    assert open_one.number in preview
    assert hidden.number not in preview
    answer = await join(desk, row.petitioner, other)
    assert hidden.number not in (await desk.clerk.get(answer.headers["location"])).text
    assert (await desk.city.row(hidden.id)).petitioner == row.petitioner, "it is not lost"
    head = await desk.city.client("petition_head")
    assert hidden.number in (await head.get(answer.headers["location"])).text


@pytest.mark.rule("GOV-50", "CORE-14")
async def test_a_record_of_confidential_items_alone_does_not_exist_for_whom_they_are_hidden(desk):
    row, _, other = await twins(desk, phone="13907940001")
    await desk.city.matter(petitioner_id=other, title="举报某局", purpose="accusation")
    assert str(other) not in (await desk.clerk.get(PAGE)).text
    made_up = "11111111-2222-4333-8444-555555555555"
    for address in (f"{PAGE}/{{}}", f"{PAGE}/join?one={row.petitioner}&other={{}}"):
        gone = await desk.clerk.get(address.format(other))
        assert gone.status_code == 404
        assert (await desk.clerk.get(address.format(made_up))).status_code == 404
    assert (await join(desk, row.petitioner, other)).status_code == 404
    head = await desk.city.client("petition_head")
    data = {"one": row.petitioner, "other": other, "keep": other, "reason": REASON}
    wrong_way = await head.post(f"{PAGE}/join", data=data)
    assert wrong_way.status_code == 422, "the open record stays, not the confidential one"
    data["keep"] = row.petitioner
    assert (await head.post(f"{PAGE}/join", data=data)).status_code == 303
    person = await people.petitioner(row.petitioner)
    assert person.email == "", "what was told in confidence is told to nobody else by it"
    page = (await desk.clerk.get(f"{PAGE}/{row.petitioner}")).text
    assert "另一条记录" not in page, "that there was another record is not told either"
    assert (await desk.clerk.get(f"{PAGE}/{other}")).status_code == 404
    actor = await desk.city.actor(desk.clerk)
    gone = await guarding.hidden("government_petitioner", [str(other)], actor, clock.now())
    assert gone == {str(other)}
    told = await db.fetch(
        "SELECT record_id FROM log_entry WHERE act = 'government.petitioner_join'"
        " AND record_kind = 'government_petitioner'"
    )
    assert [one["record_id"] for one in told] == [str(other)]


@pytest.mark.rule("GOV-49")
async def test_whoever_steps_back_from_what_moved_learns_nothing_of_the_joining(desk):
    row, _, other = await twins(desk)
    later = await desk.city.matter(petitioner_id=other, title="道路损坏")
    await join(desk, row.petitioner, other)
    made = await Joining.objects().first()
    await secrecy.step_back(
        later.id,
        reason="信访人是亲属",
        actor=await desk.city.actor(desk.other),
        at=clock.now(),
        plugins=desk.city.plugins,
    )
    page = (await desk.other.get(f"{PAGE}/{row.petitioner}")).text
    assert row.number in page
    assert later.number not in page
    assert "另一条记录" not in page
    assert (await desk.other.get(f"{PAGE}/joinings/{made.id}")).status_code == 404


@pytest.mark.rule("CORE-21")
async def test_what_was_joined_is_forgotten_with_the_person(desk):
    row, _, other = await twins(desk)
    await join(desk, row.petitioner, other)
    await forgetting.person(row.petitioner, actor=SYSTEM, at=clock.now())
    made = await Joining.objects().first()
    assert (made.reason_cipher, made.moved_cipher) == ("", "")
    left = await db.fetch("SELECT id FROM government_petitioner WHERE name_cipher <> ''")
    assert left == []


async def test_a_chain_of_joinings_is_parted_from_its_end(desk):
    row, _, other = await twins(desk)
    third = await desk.city.petitioner(name="周建国", document="", document_kind="")
    item = await desk.city.matter(petitioner_id=third, title="道路损坏")
    await join(desk, other, third)
    first = await Joining.objects().first()
    await join(desk, row.petitioner, other)
    assert await people.current(third) == row.petitioner
    stuck = await desk.clerk.post(f"{PAGE}/joinings/{first.id}", data={"reason": "同名不同人"})
    assert stuck.status_code in (303, 404)
    assert (await desk.city.row(item.id)).petitioner == row.petitioner
    last = await Joining.objects().get(Joining.kept == row.petitioner)
    await desk.clerk.post(f"{PAGE}/joinings/{last.id}", data={"reason": "同名不同人"})
    assert await people.current(third) == other
    assert (await desk.city.row(item.id)).petitioner == other


async def test_two_records_are_found_by_the_numbers_of_their_items(desk):
    row, _ = await desk.receive()
    other = await desk.city.matter(person={"name": "周建囯", "phone": ""})
    answer = await desk.clerk.get(f"{PAGE}?first={row.number}&other={other.number}")
    assert f"other={other.petitioner}" in answer.headers["location"]
    wrong = await desk.clerk.get(f"{PAGE}?first={row.number}&other=2026-999999")
    assert wrong.status_code == 422
    assert 'id="f-other-error"' in wrong.text
    unit = await desk.city.client("petition_unit", unit="county1")
    assert (await unit.get(PAGE)).status_code == 403


async def while_joining(desk, kept, joined, act):
    """Join two records while another act waits for them; return what that one gives."""
    if db.is_sqlite():
        pytest.skip("SQLite has one writer at a time")
    actor = await desk.city.actor(desk.clerk)
    begun = asyncio.Event()

    async def other():
        await begun.wait()
        return await act()

    waiting = asyncio.create_task(asyncio.wait_for(other(), 20))
    async with db.writing():
        await joining.join(kept, joined, reason=REASON, actor=actor, at=clock.now())
        begun.set()
        await asyncio.sleep(0.5)
    return await waiting


@pytest.mark.rule("CORE-2", "GOV-3")
async def test_who_is_received_while_their_records_are_joined_comes_under_the_one_that_stays(desk):
    row, contact, other = await twins(desk, phone="13907940055")
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")

    async def receive():
        return await desk.receive(
            petitioner=str(other),
            phone="13907940055",
            document_kind="",
            document_number="",
            title="道路损坏",
        )

    again, coming = await while_joining(desk, row.petitioner, other, receive)
    assert (again.petitioner, coming.petitioner) == (row.petitioner, row.petitioner)


@pytest.mark.rule("CORE-2")
async def test_a_correction_while_records_are_joined_does_not_part_them(desk):
    row, _, other = await twins(desk)
    person = replace(await people.petitioner(other), occupation="工人")

    async def correct():
        await people.correct(other, person, actor=SYSTEM, at=clock.now())

    await while_joining(desk, row.petitioner, other, correct)
    assert (await Petitioner.objects().get(Petitioner.id == other)).merged_into == row.petitioner


async def test_the_page_of_twins_asks_no_more_for_many_than_for_few(desk, asked):
    async def statements():
        asked.clear()
        answer = await desk.clerk.get(PAGE)
        return len(asked), answer.text.count("/join?one=")

    async def again():
        await desk.city.matter(person={"document": "", "document_kind": ""})

    await twins(desk)
    await again()
    await statements()  # what is kept in memory from the first time on is asked once
    few, pairs = await statements()
    assert pairs == 3
    for _ in range(4):
        await again()
    assert await statements() == (few, 21)
