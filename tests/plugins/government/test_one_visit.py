"""Several matters brought in one visit: an item each, the people counted once, nothing typed twice."""

import re
from dataclasses import replace

import pytest

from core import clock, db
from core.reports.facts import MONTH, Asked, period
from core.settings import load as settings
from plugins.government.figures import counting, facts
from plugins.government.matters.tables import Contact, Matter
from tests.plugins.government.desk_scene import said

pytestmark = pytest.mark.anyio


async def further(desk, contact, **changed):
    """Receive another matter of the same visit; the form as the desk fills it in, and what is typed."""
    form = {
        "petitioner": str(contact.petitioner), "beside": str(contact.id), "same": "",
        "title": "道路损坏", "subject": "", "demand": "要求修复村道", "facts": "",
        "document_kind": "", "document_number": "", "phone": "",
    }  # fmt: skip
    answer = await desk.post(**form | changed)
    assert answer.status_code == 303, said(answer.text)
    key = answer.headers["location"].rpartition("=")[2]
    made = await Contact.objects().get(Contact.id == key)
    return await Matter.objects().get(Matter.id == made.matter), made


async def counted(city, actor=None):
    """The figures of November as the office counts them, or as one of it sees them."""
    sight = counting.OFFICIAL if actor is None else await counting.sight_of(actor)
    asked = Asked(
        period=period(MONTH, clock.now().date(), settings().zone),
        sites=frozenset({city.site.id}),
        by=(),
    )
    (cell,) = await counting.cells(asked, sight)
    for balance in facts.BALANCES:
        assert not sum(cell.sums.get(name, 0) * n for name, n in balance.terms.items()), balance
    return cell.sums


@pytest.mark.rule("GOV-1", "GOV-40")
async def test_two_matters_of_one_visit_are_two_items_one_batch_and_the_people_once(desk):
    first, contact = await desk.receive(heads="3")
    form = (await desk.clerk.get(f"/government/desk?beside={contact.id}")).text
    assert 'value="周建国"' in form, "the person is not typed again"
    assert 'name="heads" maxlength="5" value="3"' in form or 'value="3"' in form
    assert f'<option value="{desk.other.user_id}" selected' in form, "nor who receives"
    assert first.number in form
    second, also = await further(desk, contact, heads="3")
    assert second.id != first.id
    assert second.petitioner == first.petitioner
    assert second.frequency == "first"
    assert len(await db.fetch("SELECT id FROM registration")) == 1
    sums = await counted(desk.city)
    expected = {"times": 2, "items": 2, "batches": 1, "persons": 3, "visit_few": 1, "by_visit": 2}
    assert {name: sums.get(name, 0) for name in expected} == expected
    day = (await desk.clerk.get("/government/day")).text
    assert first.number in day
    assert second.number in day
    receipt = (await desk.clerk.get(f"/government/contacts/{also.id}/receipt")).text
    assert await desk.city.code(first.id) in receipt, "one receipt names both"
    await desk.clerk.post(f"/government/contacts/{also.id}/leave")
    assert {one.state for one in await Contact.objects()} == {"ended"}
    assert (await desk.registration(contact))["state"] == "closed"


@pytest.mark.rule("GOV-1")
async def test_a_third_matter_hangs_on_the_same_visit_and_none_once_the_visitor_has_left(desk):
    _, contact = await desk.receive()
    _, second = await further(desk, contact)
    await further(desk, second, title="低保申请")
    assert [one.leads for one in await Contact.objects().order_by(Contact.number)] == [
        True,
        False,
        False,
    ]
    await desk.clerk.post(f"/government/contacts/{contact.id}/leave")
    late = await desk.post(
        petitioner=str(contact.petitioner), beside=str(contact.id), same="", title="又一件",
        document_kind="", document_number="", phone="",
    )  # fmt: skip
    assert late.status_code == 422
    assert "已离开" in late.text
    assert "又一件" in late.text, "what was typed stays"
    assert await Matter.count() == 3


@pytest.mark.rule("GOV-1")
async def test_who_is_received_already_is_offered_a_further_matter_with_all_that_was_typed(desk):
    first, contact = await desk.receive()
    again = await desk.post(
        petitioner=str(contact.petitioner), document_kind="", document_number="", title="低保申请"
    )
    assert again.status_code == 422
    assert f'name="beside" value="{contact.id}"' in again.text
    assert "低保申请" in again.text
    second, also = await further(desk, contact, title="低保申请")
    assert (second.title_cipher != first.title_cipher, also.leads) == (True, False)


@pytest.mark.rule("GOV-50", "GOV-40")
async def test_an_accusation_brought_beside_another_matter_shows_in_no_figure_of_whom_it_is_hidden(
    desk,
):
    accused, contact = await desk.receive(purpose="accusation", title="举报某局")
    open_one, _ = await further(desk, contact)
    assert accused.secret
    other = replace(await desk.city.actor(desk.other))
    sums = await counted(desk.city, other)
    assert (sums["times"], sums["batches"], sums["persons"]) == (1, 1, 1)
    assert sums.get(facts.FURTHER, 0) == 0
    page = (await desk.other.get("/government/day")).text
    assert open_one.number in page
    assert accused.number not in page
    assert "同一次来访" not in page
    assert (await counted(desk.city))["batches"] == 1
    assert (await desk.other.get(f"/government/desk?beside={contact.id}")).status_code == 404


async def test_a_clock_on_its_items_own_page_does_not_repeat_the_items_number(desk):
    row, _ = await desk.receive(decision="later", suggestion="accept")
    page = await desk.page(row)
    clocks = page[page.index('id="clocks"') : page.index('id="clocks"') + 1500]
    assert "告知信访人或者转送" in clocks or "告知" in clocks
    assert f"({row.number})" not in clocks
    assert f"（{row.number}）" not in clocks


@pytest.mark.rule("GOV-14", "GOV-40", "CORE-8")
async def test_a_party_put_right_on_its_item_is_put_right_in_the_figures(desk):
    row, contact = await desk.receive(heads="3")
    _, also = await further(desk, contact, heads="3")
    page = (await desk.clerk.get(f"/government/matters/{row.id}/correct")).text
    form = {
        **desk.form(heads="23", frequency="repeat"),
        "document_kind": "",
        "document_number": "",
        "version": re.search(r'name="version" value="(\d+)"', page)[1],
    }
    answer = await desk.clerk.post(f"/government/matters/{row.id}/correct", data=form)
    assert answer.status_code == 303, said(answer.text)
    sums = await counted(desk.city)
    expected = {
        "batches": 1,
        "persons": 23,
        "group_batches": 1,
        "group_persons": 23,
        "visit_few": 0,
    }
    assert {name: sums.get(name, 0) for name in expected} == expected
    assert (sums["first"], sums["repeat"]) == (1, 1), "the other matter was a first one"
    now = await Contact.objects().get(Contact.id == also.id)
    assert (now.heads, now.size) == (23, "group")
    [logged] = await db.fetch(
        "SELECT before, after FROM log_entry WHERE act = 'government.contact_correct'"
        " AND record_id = {}",
        str(contact.id),
    )
    assert '"heads": 3' in logged["before"].replace(":3", ": 3")


@pytest.mark.rule("GOV-50")
async def test_a_matter_that_is_found_to_accuse_leads_no_visit_any_more(desk):
    row, contact = await desk.receive(heads="3")
    _, also = await further(desk, contact, heads="3")
    await desk.clerk.post(
        f"/government/matters/{row.id}/accused",
        data={"accused_name": "", "accused_unit": str(desk.city.units["housing"])},
    )
    assert (await desk.city.row(row.id)).secret
    leads = {one.id: one.leads for one in await Contact.objects()}
    assert leads == {contact.id: False, also.id: True}
    other = await desk.city.actor(desk.other)
    seen = await counted(desk.city, other)
    assert (seen["times"], seen["batches"], seen["persons"]) == (1, 1, 3)
