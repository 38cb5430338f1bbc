import asyncio
import hashlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core import db
from core.attachments import services as attachments
from core.documents import services
from core.documents.numbering import next_number, number_label
from core.documents.tables import IssuedDocument
from core.errors import NotFoundError, WrongStateError
from core.log.tables import LogEntry
from core.permissions import Actor
from core.privacy import keys

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
GUARD = Actor(kind="user", id=uuid4(), name="李卫国")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    keys.open(tmp_path / "keyring.json")


async def paper(document):
    return f"%PDF-1.7 {document.kind} {number_label(document.year, document.number)}".encode()


def issue(make=paper, **changes):
    about = {
        "kind": "slip",
        "year": 2026,
        "title": "来访登记单",
        "record_kind": "registration",
        "record_id": uuid4(),
        "actor": GUARD,
        "at": AT,
        **changes,
    }
    return services.issue(about.pop("kind"), make, **about)


def reserve(**changes):
    return services.reserve(
        "slip",
        **{
            "year": 2026,
            "title": "来访登记单",
            "record_kind": "registration",
            "record_id": uuid4(),
            "actor": GUARD,
            "at": AT,
            **changes,
        },
    )


async def numbers(kind="slip", year=2026):
    rows = await IssuedDocument.select(IssuedDocument.number).where(
        IssuedDocument.kind == kind, IssuedDocument.year == year
    )
    return sorted(row["number"] for row in rows)


async def acts():
    return [row["act"] for row in await LogEntry.select(LogEntry.act).order_by(LogEntry.id)]


async def test_fifty_issues_at_once_give_fifty_numbers_without_gap_or_double(database):
    issued = await asyncio.gather(*(issue() for _ in range(50)))
    assert sorted(document.number for document, _ in issued) == list(range(1, 51))
    assert await numbers() == list(range(1, 51))
    for document, pdf in issued:
        assert number_label(2026, document.number).encode() in pdf
        assert (await services.reprint(document.id))[1] == pdf


async def test_acts_that_fail_among_fifty_leave_no_gap(database):
    async def act(n):
        async with db.writing():
            await reserve()
            if n % 3 == 0:
                raise RuntimeError("the act failed after its number was taken")

    done = await asyncio.gather(*(act(n) for n in range(50)), return_exceptions=True)
    failed = [outcome for outcome in done if outcome is not None]
    assert len(failed) == 17
    assert all(isinstance(outcome, RuntimeError) for outcome in failed)
    assert await numbers() == list(range(1, 34))


async def test_each_kind_and_year_counts_for_itself(database):
    for kind, year in (("slip", 2026), ("slip", 2026), ("leave", 2026), ("slip", 2027)):
        await issue(kind=kind, year=year)
    assert await numbers("slip", 2026) == [1, 2]
    assert await numbers("leave", 2026) == [1]
    assert await numbers("slip", 2027) == [1]


async def test_number_outside_a_transaction_is_refused(database):
    with pytest.raises(RuntimeError):
        await next_number("slip", 2026)


async def test_same_number_twice_is_refused_by_the_database(database):
    document, _ = await issue()
    double = IssuedDocument(
        kind="slip",
        year=2026,
        number=document.number,
        record_kind="registration",
        record=uuid4(),
        issued_at=AT,
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        await IssuedDocument.insert(double)
    assert await numbers() == [1]


async def test_reprint_is_the_first_print_byte_for_byte(database):
    document, first = await issue()
    again, second = await services.reprint(document.id)
    assert second == first
    assert again.sha256 == hashlib.sha256(first).hexdigest()
    assert await acts() == ["document.number", "document.issue"]


async def test_first_paper_made_stays_when_two_print_at_once(database):
    async with db.writing():
        document = await reserve()
    prints = await asyncio.gather(
        *(
            services.complete(document.id, f"%PDF-1.7 {n}".encode(), actor=GUARD, at=AT)
            for n in range(8)
        )
    )
    papers = {pdf for _, pdf in prints}
    assert len(papers) == 1
    assert papers == {(await services.reprint(document.id))[1]}
    assert len(list(attachments.store().iterate())) == 1
    assert (await acts()).count("document.issue") == 1


async def test_paper_never_made_is_told_apart_and_can_be_made_later(database):
    async with db.writing():
        document = await reserve()
    with pytest.raises(services.UnfinishedPaperError):
        await services.reprint(document.id)
    await services.complete(document.id, b"%PDF-1.7 late", actor=GUARD, at=AT)
    assert (await services.reprint(document.id))[1] == b"%PDF-1.7 late"


async def test_paper_that_fails_voids_its_number_and_the_next_goes_on(database):
    async def fail(document):
        raise OSError("the printer's folder is full")

    with pytest.raises(OSError, match="full"):
        await issue(fail)
    document, _ = await issue()
    assert document.number == 2
    spoiled = await IssuedDocument.objects().get(IssuedDocument.number == 1)
    assert spoiled.voided_at == AT
    assert spoiled.void_reason
    with pytest.raises(WrongStateError):
        await services.reprint(spoiled.id)


async def test_voided_paper_keeps_its_number_and_its_print(database):
    document, pdf = await issue()
    await services.void(document.id, "填写有误", actor=GUARD, at=AT)
    voided, kept = await services.reprint(document.id)
    assert (voided.voided_at, voided.void_reason, kept) == (AT, "填写有误", pdf)
    with pytest.raises(WrongStateError):
        await services.void(document.id, "again", actor=GUARD, at=AT)
    assert (await issue())[0].number == 2
    assert (await acts()).count("document.void") == 1


@pytest.mark.parametrize("reason", ["", "  "])
async def test_voiding_needs_a_reason(database, reason):
    document, _ = await issue()
    with pytest.raises(WrongStateError):
        await services.void(document.id, reason, actor=GUARD, at=AT)


async def test_unknown_paper_is_not_found(database):
    with pytest.raises(NotFoundError):
        await services.reprint(uuid4())
    with pytest.raises(NotFoundError):
        await services.void(uuid4(), "reason", actor=GUARD, at=AT)


async def test_erased_papers_are_gone_but_their_numbers_stay(database):
    record_id = uuid4()
    document, _ = await issue(record_id=record_id)
    other, other_pdf = await issue()
    assert await services.erase_papers("registration", record_id, actor=GUARD, at=AT) == 1
    await attachments.settled()
    assert list(attachments.store().iterate()) == [other.sha256]
    with pytest.raises(WrongStateError):
        await services.reprint(document.id)
    assert (await services.reprint(other.id))[1] == other_pdf
    assert await numbers() == [1, 2]


async def test_sweep_keeps_issued_papers(database):
    document, pdf = await issue()
    assert await attachments.sweep() == 0
    assert (await services.reprint(document.id))[1] == pdf
