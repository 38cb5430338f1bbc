"""Papers of registered kinds: numbered with the act, made from what was committed, kept sealed."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import docx
import pytest

from core import db
from core import settings as core_settings
from core.asking import PluginError
from core.attachments import services as attachments
from core.documents import issuing, queries, register, services, templates
from core.documents.errors import DocumentError
from core.documents.facts import NumberStyle
from core.documents.tables import DocumentTemplate, IssuedDocument
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.log.tables import LogEntry
from core.permissions import Actor
from core.privacy import keys
from tests.core.documents import hall, papers

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLERK = Actor(
    kind="user", id=uuid4(), name="李卫国", permissions=frozenset((hall.SEE, hall.ISSUE, hall.VOID))
)
PLUGINS = hall.plugins()


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LAIFANG_ORGANISATION", "云川市信访局")
    keys.open(tmp_path / "keyring.json")


async def take(kind=hall.NOTICE, data=None, record=None, at=AT):
    async with db.writing():
        return await issuing.take(
            kind,
            {**hall.DATA, **(data or {})},
            record_kind="visitor",
            record_id=record or uuid4(),
            actor=CLERK,
            at=at,
        )


async def opened(document, plugins=PLUGINS):
    return (await issuing.paper(document.id, actor=CLERK, at=AT, plugins=plugins))[1]


def test_two_parts_cannot_register_one_kind():
    from core.plugins import Plugins

    twice = Plugins({"hall": hall.part(), "room": hall.part()})
    with pytest.raises(PluginError, match=r"hall\.notice"):
        twice.register_document_kinds()


@pytest.mark.rule("CORE-12")
async def test_a_paper_bears_the_number_taken_with_its_act(database):
    document = await take()
    text = papers.text(await opened(document))
    assert document.label == "信访告〔2026〕1号"
    assert "信访告〔2026〕1号" in text
    assert "您于2026年11月19日反映的“北苑小区供暖”收悉" in text
    assert "2026年11月21日" in text
    assert (await take()).label == "信访告〔2026〕2号"
    next_year = await take(at=AT.replace(year=2027))
    assert next_year.label == "信访告〔2027〕1号"


async def test_the_year_is_that_of_the_site_not_of_greenwich(database):
    late = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 01:00 on 1 January in Shanghai
    assert (await take(at=late)).label == "信访告〔2027〕1号"


@pytest.mark.rule("CORE-12")
async def test_an_act_that_fails_gives_its_number_back(database):
    async def act_that_fails():
        async with db.writing():
            await issuing.take(
                hall.NOTICE, hall.DATA, record_kind="visitor", record_id=uuid4(), actor=CLERK, at=AT
            )
            raise RuntimeError("after all")

    with pytest.raises(RuntimeError, match="after all"):
        await act_that_fails()
    assert (await take()).label == "信访告〔2026〕1号"


@pytest.mark.rule("CORE-12")
async def test_fifty_issued_at_once_have_no_gap_and_no_duplicate(database):
    made = await asyncio.gather(
        *(
            issuing.issue(
                hall.NOTICE,
                hall.DATA,
                record_kind="visitor",
                record_id=uuid4(),
                actor=CLERK,
                at=AT,
                plugins=PLUGINS,
            )
            for _ in range(50)
        )
    )
    assert sorted(document.number for document, _ in made) == list(range(1, 51))
    for document, pdf in made[:5]:
        assert document.label in papers.text(pdf)


async def test_the_same_paper_is_given_byte_for_byte_ever_after(database):
    document = await take()
    first = await opened(document)
    async with db.writing():
        await DocumentTemplate.insert(
            DocumentTemplate(
                kind=hall.NOTICE.name,
                number=1,
                source="#panic()",
                adopted_by_name="x",
                adopted_at=AT,
            )
        )
    assert await opened(document) == first
    row = await IssuedDocument.objects().get(IssuedDocument.id == document.id)
    assert row.sha256
    assert await LogEntry.count().where(LogEntry.act == "document.issue") == 1


async def test_of_a_sealed_kind_nothing_can_be_read_where_it_is_kept(database):
    document = await take(data={"subject": "CANARY-7351"})
    pdf = await opened(document)
    row = await IssuedDocument.objects().get(IssuedDocument.id == document.id)
    kept = await attachments.read(row.sha256)
    assert pdf.startswith(b"%PDF")
    assert b"%PDF" not in kept
    assert "CANARY" not in row.data + row.title + row.label
    logged = await LogEntry.select(LogEntry.after)
    assert not any("CANARY" in entry["after"] for entry in logged)


async def test_what_is_missing_is_named_and_takes_no_number(database):
    with pytest.raises(InvalidInputError) as error:
        await take(data={"to": " ", "colour": "red", "rights": (("a", "b"),)})
    assert {"to", "colour"} <= set(error.value.problems)
    assert (await take()).number == 1


async def test_a_preview_takes_no_number_and_says_that_it_is_one(database):
    pdf = await issuing.preview(hall.NOTICE, hall.DATA, at=AT)
    text = papers.text(pdf)
    assert "预览" in text
    assert "信访告〔2026〕号" in text
    assert not await IssuedDocument.exists()
    assert "预览" not in papers.text(await opened(await take()))


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '"]; #panic("out") ;["',
        "#{1+1}",
        "*星* _线_ $x$ <标> \\ //注",
        "= 甲",
    ],
)
async def test_text_of_a_record_is_printed_as_it_is_and_runs_nothing(database, text):
    document = await take(kind=hall.PLAIN, data={"subject": text, "rights": (text,)})
    printed = papers.text(await opened(document))
    assert "".join(text.split()) in printed
    assert "root:" not in printed


async def test_papers_nobody_opened_are_made_within_the_minute(database):
    waiting = [await take() for _ in range(3)]
    old = await take(at=AT - timedelta(days=3))
    assert await issuing.make_waiting(PLUGINS, at=AT) == 3
    rows = {row.id: row.sha256 for row in await IssuedDocument.objects()}
    assert all(rows[document.id] for document in waiting)
    assert not rows[old.id]
    assert await issuing.make_waiting(PLUGINS, at=AT) == 0


async def test_papers_that_always_fail_hold_back_no_other(database, monkeypatch):
    monkeypatch.setattr(issuing, "_FAILED", {})
    faulty = [(await take(at=AT - timedelta(hours=1))).id for _ in range(issuing._AT_ONCE)]
    whole = (await IssuedDocument.objects().get(IssuedDocument.id == faulty[0])).data
    await IssuedDocument.update({IssuedDocument.data: "?"}).where(IssuedDocument.id.is_in(faulty))
    behind = await take()
    assert await issuing.make_waiting(PLUGINS, at=AT) == 0
    assert await issuing.make_waiting(PLUGINS, at=AT + timedelta(seconds=30)) == 1
    assert (await IssuedDocument.objects().get(IssuedDocument.id == behind.id)).sha256
    later = await take()
    soon = AT + timedelta(minutes=5)
    assert await issuing.make_waiting(PLUGINS, at=soon) == 1, "new ones come before tried ones"
    assert (await IssuedDocument.objects().get(IssuedDocument.id == later.id)).sha256
    await IssuedDocument.update({IssuedDocument.data: whole}).where(IssuedDocument.id == faulty[0])
    assert await issuing.make_waiting(PLUGINS, at=AT + timedelta(hours=2)) == 1


async def test_a_changed_template_that_fails_gives_way_to_the_shipped_one(database):
    source = '#import "house.typ": *\n#if d.to == "空" { panic("no") }\n#d.to'
    await templates.adopt(
        hall.NOTICE, source, prefix="", note="x", based_on=0, office="局", actor=CLERK, at=AT
    )
    assert "决定予以受理" not in papers.text(await opened(await take()))
    failing = await take(data={"to": "空"})
    assert "决定予以受理" in papers.text(await opened(failing))
    _, made = await issuing.copy(failing.id, actor=CLERK, at=AT, plugins=PLUGINS)
    lines = [one.text for one in docx.Document(io.BytesIO(made)).paragraphs]
    assert any("决定予以受理" in line for line in lines)


async def test_a_preview_shows_the_number_in_the_form_its_kind_has(database):
    pattern = "{prefix}{year}年第{number}期"
    bulletin = replace(hall.NOTICE, number=NumberStyle(prefix="信访简报", pattern=pattern))
    printed = papers.text(await issuing.preview(bulletin, hall.DATA, at=AT))
    assert "信访简报2026年第" in printed
    assert "〔2026〕" not in printed


@pytest.mark.rule("CORE-12")
async def test_a_year_begun_on_paper_goes_on_after_its_last_number_and_none_is_missing(database):
    name = hall.NOTICE.name
    with pytest.raises(InvalidInputError):
        await register.go_on_after(name, 2026, -1, actor=CLERK, at=AT)
    await register.go_on_after(name, 2026, 345, actor=CLERK, at=AT)
    await register.go_on_after(name, 2026, 346, actor=CLERK, at=AT)  # mistyped first
    document = await take()
    assert document.label == "信访告〔2026〕347号"
    with pytest.raises(WrongStateError):
        await register.go_on_after(name, 2026, 500, actor=CLERK, at=AT)
    await services.void((await take()).id, "写错", actor=CLERK, at=AT)
    numbers = (await register.of_year([name], 2026))[name]
    assert (numbers.first, numbers.last, numbers.issued, numbers.voided) == (347, 348, 2, 1)
    assert numbers.missing == 0
    await take()
    await IssuedDocument.delete().where(IssuedDocument.number == 348)  # as no act ever does
    assert (await register.of_year([name], 2026))[name].missing == 1


async def test_the_number_of_a_paper_that_cannot_be_made_is_voided(database, monkeypatch):
    broken = replace(hall.NOTICE, template="broken.typ")
    from core.documents import drawing

    monkeypatch.setattr(drawing, "_source", lambda *_: '#panic("broken")')
    with pytest.raises(DocumentError):
        await issuing.issue(
            broken,
            hall.DATA,
            record_kind="visitor",
            record_id=uuid4(),
            actor=CLERK,
            at=AT,
            plugins=hall.plugins(broken),
        )
    (row,) = await IssuedDocument.objects()
    assert row.voided_at is not None


@pytest.mark.rule("CORE-12")
async def test_the_editable_copy_says_what_the_paper_says(database):
    document = await take(data={"rights": "一、可以查询。\n二、可以评价。"})
    _, made = await issuing.copy(document.id, actor=CLERK, at=AT, plugins=PLUGINS)
    written = docx.Document(io.BytesIO(made))
    lines = [paragraph.text for paragraph in written.paragraphs]
    assert lines[:4] == ["云川市信访局", "受理告知书", "信访告〔2026〕1号", "欧阳喆䶮："]
    assert "您于2026年11月19日反映的“北苑小区供暖”收悉，决定予以受理。" in lines
    assert "二、可以评价。" in lines
    assert "附件：1. 查询码告知单" in lines
    assert round(written.sections[0].top_margin.mm) == 37
    assert await LogEntry.exists().where(LogEntry.act == "document.copy")


async def test_erasing_leaves_the_number_and_nothing_of_the_person(database):
    record = uuid4()
    document = await take(record=record)
    await opened(document)
    await take(record=record)  # never made
    assert await services.erase_papers("visitor", record, actor=CLERK, at=AT) == 2
    await attachments.settled()
    for row in await IssuedDocument.objects():
        assert (row.data, row.sha256) == ("", "")
        assert row.label.startswith("信访告")


@pytest.mark.rule("CORE-14")
async def test_what_the_record_hides_its_papers_hide(database):
    hidden = uuid4()

    async def may_see(actor, record_kind, record_id):
        return record_id != hidden

    known = hall.plugins(replace(hall.NOTICE, may_see=may_see))
    shown, secret = await take(), await take(record=hidden)
    assert (await queries.document(shown.id, actor=CLERK, plugins=known)).label == shown.label
    for who in (CLERK, Actor(kind="user", id=uuid4())):
        with pytest.raises(NotFoundError):
            await queries.document(secret.id, actor=who, plugins=known)
    assert (
        await queries.of_record(
            "visitor", hidden, actor=CLERK, kinds=known.register_document_kinds()
        )
        == []
    )
    stranger = Actor(kind="user", id=uuid4())
    with pytest.raises(NotFoundError):
        await queries.document(shown.id, actor=stranger, plugins=known)


def test_settings_name_the_organisation():
    assert core_settings.load().organisation_name == "云川市信访局"
