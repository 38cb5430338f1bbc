"""Items get their file, files are handed over, destroyed by two persons; visitors are erased."""

import re
from uuid import UUID

import pytest

from core import clock, db
from core.documents import issuing
from core.documents.tables import IssuedDocument
from core.errors import WrongStateError
from core.permissions import SYSTEM
from core.privacy import services as privacy
from core.visitors.tables import Visitor
from plugins.government import sealing
from plugins.government.archive import forgetting, policies
from plugins.government.archive.facts import Content
from plugins.government.matters import services as matters
from plugins.government.papers import services as papers
from tests.plugins.government.handling_scene import transferred

pytestmark = pytest.mark.anyio
TICKS = {f"check-{name}": "yes" for name in ("complete", "ordered", "signed", "copies")}
SECRET = "拖欠工资"


async def at_its_end(city, act="answer", **changed):
    """Register an item and bring it to its end; returns the row."""
    row = await city.matter(**changed)
    async with db.writing():
        taken = await matters.take(row.id, SYSTEM, clock.now())
        await matters.move(taken, act, actor=SYSTEM, at=clock.now())
    return await city.row(row.id)


async def filed(city, client, row, **form):
    """Put an item into its file through the page; returns the stored file."""
    page = f"/government/matters/{row.id}/file"
    shown = await client.get(page)
    assert shown.status_code == 200, shown.text
    kind = re.search(r'<option value="(\w+)" selected', shown.text)[1]
    answer = await client.post(page, data={"kind": kind, **TICKS, **form})
    assert answer.status_code == 303, answer.text
    found = await db.fetch("SELECT * FROM government_case_file WHERE matter = {}", row.id)
    return found[0]


def test_a_contents_list_counts_on_where_the_paper_before_it_ends():
    lines = [Content(number="", who="", title=str(n), day="20261123") for n in range(3)]
    assert [one.page for one in policies.paged(lines, [2, 5])] == [1, 3, 8]


@pytest.mark.rule("GOV-48")
async def test_an_item_is_filed_when_nothing_is_missing_and_its_contents_list_is_printed(city):
    archivist = await city.client("petition_archivist")
    row = await at_its_end(city)
    page = f"/government/matters/{row.id}/file"
    assert row.number in (await archivist.get("/government/archive")).text
    missing = await archivist.post(page, data={"kind": "ordinary", "check-complete": "yes"})
    assert missing.status_code == 422
    assert "签名、印章齐全" in missing.text
    assert (await city.row(row.id)).stage == "answered"
    file = await filed(city, archivist, row)
    assert (file["number"], file["kind"]) == ("2026-普-0001", "ordinary")
    assert (file["keep_years"], str(file["keep_until"])) == (10, "2036-12-31")
    after = await city.row(row.id)
    assert (after.stage, after.archived_at is not None) == ("archived", True)
    shown = await archivist.get(page)
    assert "2026-普-0001" in shown.text
    assert f"/documents/{file['document']}" in shown.text
    assert (await archivist.get(f"/documents/{file['document']}")).status_code == 200
    assert row.number not in (await archivist.get("/government/archive")).text


@pytest.mark.rule("GOV-48")
async def test_drafted_papers_make_a_dedicated_file_and_the_other_kind_needs_a_reason(city):
    head = await city.client("petition_head")
    row = await city.matter()
    async with db.writing():
        await papers.take("registration_form", row.id, actor=SYSTEM, at=clock.now())
        await papers.take("archive_contents", row.id, {"volume": "1"}, actor=SYSTEM, at=clock.now())
        taken = await matters.take(row.id, SYSTEM, clock.now())
        await matters.move(taken, "answer", actor=SYSTEM, at=clock.now())
    page = f"/government/matters/{row.id}/file"
    assert '<option value="ordinary" selected' in (await head.get(page)).text
    await db.execute(
        "UPDATE issued_document SET kind = 'government.acceptance' WHERE kind ="
        " 'government.registration_form'"
    )
    assert '<option value="dedicated" selected' in (await head.get(page)).text
    refused = await head.post(page, data={"kind": "ordinary", **TICKS})
    assert refused.status_code == 422
    assert "请说明为何改用另一种案卷" in refused.text
    file = await filed(city, head, row, **{"pages-0": "4", "for_ever": "yes"})
    assert (file["kind"], file["number"], file["keep_until"]) == ("dedicated", "2026-专-0001", None)
    assert file["pages"] >= 4


@pytest.mark.rule("GOV-48")
async def test_files_are_handed_over_with_a_list_of_who_when_and_how_many(city):
    archivist, clerk = await city.client("petition_archivist"), await city.client("petition_clerk")
    files = [await filed(city, archivist, await at_its_end(city)) for _ in range(2)]
    ticks = {f"file-{one['id']}": "yes" for one in files}
    refused = await archivist.post("/government/archive/hand-overs", data=ticks)
    assert refused.status_code == 422
    assert "请填写档案部门接收人" in refused.text
    assert (await clerk.post("/government/archive/hand-overs", data=ticks)).status_code == 403
    done = await archivist.post(
        "/government/archive/hand-overs", data={**ticks, "taken_by": "吴敏"}
    )
    shown = await archivist.get(done.headers["location"])
    assert all(one["number"] in shown.text for one in files)
    assert "吴敏" in shown.text
    rows = await db.fetch("SELECT state FROM government_case_file")
    assert {one["state"] for one in rows} == {"kept"}
    again = await archivist.post(
        "/government/archive/hand-overs", data={**ticks, "taken_by": "吴敏"}
    )
    assert again.status_code == 303
    assert len(await db.fetch("SELECT id FROM government_hand_over")) == 1


@pytest.mark.rule("GOV-48", "GOV-50")
async def test_a_secret_items_file_and_its_lists_do_not_exist_for_who_may_not_see_it(city):
    head, archivist = await city.client("petition_head"), await city.client("petition_archivist")
    row = await at_its_end(city, secret=True)
    assert (await archivist.get(f"/government/matters/{row.id}/file")).status_code == 404
    assert row.number not in (await archivist.get("/government/archive")).text
    file = await filed(city, head, row)
    assert file["number"] not in (await archivist.get("/government/archive?list=filed")).text
    ticks = {f"file-{file['id']}": "yes", "taken_by": "吴敏"}
    await archivist.post("/government/archive/hand-overs", data=ticks)
    assert await db.fetch("SELECT id FROM government_hand_over") == []
    done = await head.post("/government/archive/hand-overs", data=ticks)
    assert (await head.get(done.headers["location"])).status_code == 200
    assert (await archivist.get(done.headers["location"])).status_code == 404
    paper = await archivist.get(f"/documents/{file['document']}")
    assert paper.status_code == 404


async def a_letter(city, desk_client, day):
    """Enter a letter after a visit and put it aside; returns its contact."""
    petitioner = await city.petitioner(name="孙立群", phone="13907940077")
    at = city.travel(day)
    contact, letter = UUID(int=7), UUID(int=8)
    await db.execute(
        "INSERT INTO government_contact (id, number, site, petitioner, channel, day, received_at,"
        " summary_cipher) VALUES ({}, {}, {}, {}, 'after_visit', {}, {}, {})",
        contact,
        "2026-000901",
        city.site.id,
        petitioner,
        at.date(),
        at,
        sealing.seal("来信全文", "government_contact", "summary_cipher", contact),
    )
    await db.execute(
        "INSERT INTO government_after_visit_letter (id, contact, threat) VALUES ({}, {}, {})",
        letter,
        contact,
        False,
    )
    answer = await desk_client.post(
        f"/government/after-visit/{contact}",
        data={"disposition": "idle", "why_idle": "repeated"},
    )
    assert answer.status_code == 303, answer.text
    return contact, petitioner


@pytest.mark.rule("GOV-35", "GOV-48")
async def test_two_persons_destroy_what_is_due_and_no_text_of_it_is_left(city):
    roles = ("petition_head", "petition_clerk")
    head, second = await city.client(*roles), await city.client("petition_archivist")
    city.travel("2014-03-03 09:00")
    row, held = await at_its_end(city), await at_its_end(city)
    await city.later("2014-03-04 09:00", head, second)
    files = [await filed(city, head, one) for one in (row, held)]
    contact, petitioner = await a_letter(city, head, "2014-03-04 10:00")
    await city.later("2026-11-23 09:00", head, second)
    form = {"act": "hold", "why": "court"}
    assert (await head.post(f"/government/matters/{held.id}/file", data=form)).status_code == 303
    due = await head.get("/government/archive/destruction")
    assert files[0]["number"] in due.text
    assert "2026-000901" in due.text
    assert files[1]["number"] not in due.text
    assert (await head.post("/government/archive/destruction", data={})).status_code == 422
    made = await head.post("/government/archive/destruction", data={"method": "碎纸"})
    page = made.headers["location"]
    await head.post(f"{page}/confirm")
    assert (await city.row(row.id)).stage == "archived"
    assert "须由造册人以外的另一人确认" in (await head.get(page)).text
    done = await second.post(f"{page}/confirm", follow_redirects=True)
    assert "清单所列材料已销毁" in done.text
    after = await city.row(row.id)
    assert (after.stage, after.title_cipher, after.query_index) == ("destroyed", "", None)
    assert after.purpose == "request"
    people = await db.fetch(
        "SELECT name_cipher FROM government_petitioner WHERE id IN ({}, {})",
        row.petitioner,
        petitioner,
    )
    assert [one["name_cipher"] for one in people] == ["", ""]
    letter = await db.fetch(
        "SELECT c.summary_cipher, l.destroyed_at FROM government_contact c"
        " JOIN government_after_visit_letter l ON l.contact = c.id WHERE c.id = {}",
        contact,
    )
    assert letter[0]["summary_cipher"] == ""
    assert letter[0]["destroyed_at"] is not None
    steps = await db.fetch("SELECT body_cipher FROM government_step WHERE matter = {}", row.id)
    assert {one["body_cipher"] for one in steps} == {""}
    shown = await head.get(f"/government/matters/{row.id}")
    assert shown.status_code == 200
    assert SECRET not in shown.text
    assert "已按2026年度销毁清单销毁" in shown.text
    paper = await db.fetch("SELECT document FROM government_destruction")
    assert (await second.get(f"/documents/{paper[0]['document']}")).status_code == 200
    assert (await city.row(held.id)).stage == "archived"


@pytest.mark.rule("GOV-25", "GOV-48")
async def test_a_weekly_list_keeps_the_lines_of_items_that_are_kept(city):
    clerk = await city.client("petition_clerk")
    gone, kept = [await transferred(city, clerk) for _ in range(2)]
    form = {"unit": str(city.units["county1"]), "report_on": "2026-12-23"}
    assert (await clerk.post("/government/weekly", data=form)).status_code == 303
    [paper] = await IssuedDocument.objects().where(IssuedDocument.kind == "government.weekly_batch")
    assert (await clerk.get(f"/documents/{paper.id}/paper")).status_code == 200
    before = {line[0]: line for line in issuing.data_of(paper)["rows"]}
    await forgetting.item(gone.id, actor=SYSTEM, at=clock.now())
    await paper.refresh()
    after = {line[0]: line for line in issuing.data_of(paper)["rows"]}
    assert after[kept.number] == before[kept.number]
    assert after[gone.number][1] == ""
    assert SECRET not in after[gone.number]
    assert (paper.sha256, paper.voided_at) == ("", None), "it is made anew without the line"
    await forgetting.item(kept.id, actor=SYSTEM, at=clock.now())
    await paper.refresh()
    assert paper.data == ""


@pytest.mark.rule("GOV-48")
async def test_a_legal_hold_placed_meanwhile_stops_the_whole_list(city):
    head, second = await city.client("petition_head"), await city.client("petition_director")
    city.travel("2014-03-03 09:00")
    row = await at_its_end(city)
    await city.later("2014-03-04 09:00", head)
    await filed(city, head, row)
    await city.later("2026-11-23 09:00", head, second)
    made = await head.post("/government/archive/destruction", data={"method": "碎纸"})
    page = made.headers["location"]
    await head.post(f"/government/matters/{row.id}/file", data={"act": "hold", "why": "archives"})
    stopped = await second.post(f"{page}/confirm", follow_redirects=True)
    assert "已被依法留存" in stopped.text
    assert (await city.row(row.id)).stage == "archived"
    refused = await second.post(f"{page}/refuse", follow_redirects=True)
    assert "未同意销毁" in refused.text
    await head.post(f"/government/matters/{row.id}/file", data={"act": "lift"})
    again = await head.post("/government/archive/destruction", data={"method": "碎纸"})
    assert again.headers["location"] != page


@pytest.mark.rule("CORE-21")
async def test_a_visitors_erasure_blanks_the_petitioner_but_not_while_an_item_is_open(city):
    visitor = await an_enrolled_visitor()
    row = await city.matter(person={"visitor_id": visitor})
    erasing = {"reason": "本人要求", "plugins": city.plugins, "actor": SYSTEM, "at": clock.now()}
    with pytest.raises(WrongStateError):
        await privacy.erase_visitor(visitor, **erasing)
    stored, failed = await city.plugins.collect_personal_data(visitor)
    assert not failed
    assert (str(row.id), "government_matter") in {(one.record, one.kind) for one in stored}
    async with db.writing():
        taken = await matters.take(row.id, SYSTEM, clock.now())
        await matters.move(taken, "answer", actor=SYSTEM, at=clock.now())
    await privacy.erase_visitor(visitor, **erasing)
    person = await db.fetch(
        "SELECT name_cipher, visitor FROM government_petitioner WHERE id = {}", row.petitioner
    )
    assert (person[0]["name_cipher"], person[0]["visitor"]) == ("", None)
    assert (await city.row(row.id)).stage == "answered"


async def an_enrolled_visitor():
    """A visitor of the core with a name only; returns the id."""
    visitor = Visitor(name="周建国", created_at=clock.now(), updated_at=clock.now())
    await visitor.save()
    return visitor.id


@pytest.mark.rule("GOV-48")
async def test_a_file_is_found_by_its_number_its_items_or_a_name_wherever_it_lies(city):
    archivist = await city.client("petition_archivist")
    head = await city.client("petition_head")
    first, second = await at_its_end(city), await at_its_end(city, person={"name": "李雷"})
    file = await filed(city, head, first)
    for text in (file["number"], first.number, "周建国"):
        page = (await archivist.get("/government/archive", params={"text": text})).text
        assert file["number"] in page, text
        assert second.number not in page, text
    waiting = (await archivist.get("/government/archive", params={"text": "李雷"})).text
    assert second.number in waiting
    assert file["number"] not in waiting
    secret = await at_its_end(city, purpose="accusation")
    await filed(city, head, secret)
    none = (await archivist.get("/government/archive", params={"text": secret.number})).text
    assert secret.number not in none[none.index("<main") :].replace(f'value="{secret.number}"', "")
