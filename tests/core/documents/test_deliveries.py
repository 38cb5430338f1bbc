"""Delivery of papers: noted as it happened, printed as 送达回证, kept encrypted."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core import db
from core.documents import deliveries, issuing, queries, services
from core.documents.facts import Delivery
from core.documents.tables import DocumentDelivery
from core.errors import InvalidInputError, WrongStateError
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
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LAIFANG_DATA", str(tmp_path / "data"))
    keys.open(tmp_path / "keyring.json")


@pytest.fixture
async def document(database):
    async with db.writing():
        return await issuing.take(
            hall.NOTICE, hall.DATA, record_kind="visitor", record_id=uuid4(), actor=CLERK, at=AT
        )


def in_person(**changes):
    given = {"method": "direct", "at": AT + HOUR, "receiver": "欧阳喆䶮", "relation": "本人"}
    return Delivery(**(given | changes))


def note(document, delivery=None):
    return deliveries.note(document.id, delivery or in_person(), actor=CLERK, at=AT + 2 * HOUR)


async def printed(document):
    return papers.text(await deliveries.receipt_pdf(document.id, at=AT, plugins=PLUGINS))


async def test_the_receipt_is_printed_blank_first_and_filled_in_once_noted(document):
    blank = await printed(document)
    assert "送达回证" in blank
    assert "信访告〔2026〕1号" in blank
    assert "□直接送达" in blank
    assert "李卫国" not in blank
    signature = "M10 10" + "".join(f"L{n * 10} {n * 5}" for n in range(2, 20))
    await note(document, in_person(signature=signature, place="接待大厅"))
    filled = await printed(document)
    assert "接待大厅" in filled
    assert "□直接送达" not in filled
    assert "2026年11月21日18时30分" in filled
    assert "李卫国" in filled
    assert await deliveries.delivered_at(document.id) == AT + HOUR


async def test_lists_say_what_still_lacks_a_receipt(document):
    (line,) = await queries.of_record("visitor", document.record, actor=CLERK, kinds=[hall.NOTICE])
    assert line.wants_receipt
    await note(document)
    (line,) = await queries.of_record("visitor", document.record, actor=CLERK, kinds=[hall.NOTICE])
    assert not line.wants_receipt
    assert line.delivery.delivery.receiver == "欧阳喆䶮"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"receiver": ""}, "receiver"),
        ({"method": "substitute", "relation": ""}, "relation"),
        ({"method": "left"}, "witness"),
        ({"refused": True, "witness": "王珺"}, "reason"),
        ({"refused": True, "reason": "不签"}, "witness"),
        ({"method": "registered"}, "tracking"),
        ({"method": "electronic"}, "tracking"),
        ({"at": AT - HOUR}, "at"),
        ({"at": AT + 9 * HOUR}, "at"),
        ({"signature": "<script>"}, "signature"),
        ({"method": "pigeon"}, "method"),
    ],
)
async def test_what_a_receipt_needs_is_asked_for(document, changes, problem):
    with pytest.raises(InvalidInputError) as error:
        await note(document, in_person(**changes))
    assert problem in error.value.problems
    assert await deliveries.of_document(document.id) == []


async def test_who_refuses_is_noted_with_the_witness(document):
    refused = in_person(refused=True, receiver="", reason="对结论不满", witness="社区 王珺")
    await note(document, refused)
    text = await printed(document)
    assert "对结论不满" in text
    assert "社区王珺" in text


async def test_a_wrong_note_is_voided_and_noted_anew(document):
    wrong = await note(document)
    await deliveries.void(wrong.id, "写错日期", actor=CLERK, at=AT + 2 * HOUR)
    assert await deliveries.delivered_at(document.id) is None
    await note(document)
    noted = await deliveries.of_document(document.id)
    assert sorted(one.voided for one in noted) == [False, True]
    with pytest.raises(WrongStateError):
        await deliveries.void(wrong.id, "再次", actor=CLERK, at=AT + 2 * HOUR)


async def test_a_void_paper_is_not_delivered(document):
    await services.void(document.id, "错", actor=CLERK, at=AT)
    with pytest.raises(WrongStateError):
        await note(document)


async def test_who_received_it_is_encrypted_and_goes_with_the_person(document):
    await note(document)
    (row,) = await DocumentDelivery.objects()
    assert "欧阳" not in row.person
    logged = await LogEntry.select(LogEntry.after)
    assert not any("欧阳" in entry["after"] for entry in logged)
    await services.erase_papers("visitor", document.record, actor=CLERK, at=AT)
    (noted,) = await deliveries.of_document(document.id)
    assert noted.delivery.receiver == ""
